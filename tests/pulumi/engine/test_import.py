# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""What an appliance has comes under Pulumi: exported, imported, and the first preview finds nothing to do."""

from __future__ import annotations

from concurrent import futures
from pathlib import Path
from typing import TYPE_CHECKING, Any

import grpc
import pytest
from pulumi.automation._server import LanguageServer
from pulumi.runtime.proto import language_pb2_grpc

from nitrox.cli import run
from tests.core.converging import done

from .appliance import Writes, content, names
from .project import Project

if TYPE_CHECKING:
    from nitrox.simulator.testing import Simulator

SHOP: dict[str, Any] = {
    "nsfeature": {"feature": ["RESPONDER"]},
    "lbvserver": {
        "web": {"servicetype": "HTTP", "ipv46": "203.0.113.10", "port": 80, "bindings": {"servicegroup": ["web"]}},
        "off": {"servicetype": "HTTP", "ipv46": "203.0.113.11", "port": 80, "state": "DISABLED", "timeout": 7},
    },
    "lbmonitor": {"slow": {"type": "HTTP", "interval": 1, "units3": "MIN"}},
    "server": {"db": {"ipaddress": "198.51.100.40"}},
    "servicegroup": {
        "web": {
            "servicetype": "HTTP",
            "bindings": {
                "servicegroupmember": [{"ip": "198.51.100.12", "port": 80, "weight": 10}, {"servername": "db", "port": 80}],
                "lbmonitor": ["slow", "http"],
            },
        }
    },
    "policypatset": {"paths": {"bindings": {"pattern": [{"String": "/old", "index": 1}]}}},
    "responderaction": {"gone": {"type": "respondwith", "target": '"HTTP/1.1 410 Gone\\r\\n\\r\\n"'}},
    "responderpolicy": {"old": {"rule": 'HTTP.REQ.URL.CONTAINS_ANY("paths")', "action": "gone"}},
    "systemuser": {"bob": {"password": "Planted-1!", "timeout": 600}},
}
# `pulumi import` takes no language server on its command line: a project of the runtime "client" names one.
CLIENT = "name: {name}\nruntime:\n  name: client\n  options:\n    address: 127.0.0.1:{port}\n"


@pytest.fixture
def exported(
    simulator: Simulator, target: dict[str, str], pulumi_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Project:
    """A project that `nitrox export --pulumi` wrote, with an empty stack."""
    done(simulator, SHOP)
    for name, value in target.items():
        monkeypatch.setenv(name, value)
    assert run(["export", "--pulumi", str(tmp_path / "shop")]) == 0
    return Project(tmp_path, "", home=pulumi_home, ours=False, **target)


def imported(project: Project) -> str:
    """``pulumi import``, with the language server that the Python package has."""
    server = grpc.server(futures.ThreadPoolExecutor(4))
    language_pb2_grpc.add_LanguageRuntimeServicer_to_server(LanguageServer(lambda: None), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    manifest = project.folder / "Pulumi.yaml"
    own = manifest.read_text(encoding="utf-8")
    manifest.write_text(CLIENT.format(name="shop", port=port), encoding="utf-8")
    options = (
        "--file",
        "import.json",
        "--stack",
        "test",
        "--yes",
        "--protect=false",
        "--generate-code=false",
        "--color",
        "never",
    )
    try:
        return project.pulumi("import", *options)
    finally:
        manifest.write_text(own, encoding="utf-8")
        server.stop(0)


def test_the_first_preview_after_an_import_is_empty(simulator: Simulator, exported: Project) -> None:
    before, writes = content(simulator), Writes(simulator)
    text = imported(exported)
    assert "imported" in text
    preview = exported.run("preview", "--expect-no-changes")
    assert "unchanged" in preview
    exported.run("up", "--expect-no-changes")
    exported.run("refresh", "--expect-no-changes")
    assert writes() == []
    assert content(simulator) == before


@pytest.mark.e2e
def test_what_was_imported_is_managed_and_can_be_destroyed(simulator: Simulator, exported: Project) -> None:
    imported(exported)
    program = exported.folder / "__main__.py"
    text = program.read_text(encoding="utf-8")
    program.write_text(text.replace("timeout=7", "timeout=8"), encoding="utf-8")
    writes = Writes(simulator)
    exported.run("up")
    assert writes() == ["PUT lbvserver"]
    exported.run("destroy")
    assert names(simulator) == names(simulator, "servicegroup", "servicegroupname") == []


@pytest.mark.e2e
def test_no_secret_is_in_an_exported_project(simulator: Simulator, exported: Project) -> None:
    texts = [path.read_text(encoding="utf-8") for path in exported.folder.rglob("*") if path.is_file()]
    assert texts
    assert "Planted" not in "".join(texts)
