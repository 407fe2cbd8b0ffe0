# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""``nitrox export``: a document that plans to nothing, notes about what is not in it, and no secret anywhere."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from .conftest import Invoke

if TYPE_CHECKING:
    from nitrox.simulator.testing import Simulator

SHOP = """
lbvserver: {web: {servicetype: HTTP, ipv46: 203.0.113.10, port: 80, bindings: {servicegroup: [web]}}}
servicegroup: {web: {servicetype: HTTP, bindings: {servicegroupmember: [{ip: 198.51.100.11, port: 80}], lbmonitor: [http]}}}
systemuser: {bob: {password: Planted-1, timeout: 600}}
"""


def test_what_was_applied_is_exported_and_planned_to_nothing(appliance: Simulator, nitrox: Invoke) -> None:
    assert nitrox("apply", "-", stdin=SHOP).code == 0
    exported = nitrox("export")
    assert exported.code == 0
    assert "  web:\n" in exported.out
    plan = nitrox("plan", "--exit-code", "-", stdin=exported.out)
    assert "Nothing to do" in plan.out
    assert plan.code == 0


def test_a_comment_stands_where_a_secret_belongs(appliance: Simulator, nitrox: Invoke) -> None:
    nitrox("apply", "-", stdin=SHOP)
    exported = nitrox("export", "systemuser")
    assert "  bob:\n    timeout: 600\n    # password: cannot be read; give it here\n" in exported.out
    assert "secret: systemuser password cannot be read (1 object): give it yourself." in exported.err
    assert "Planted" not in exported.out + exported.err


def test_notes_count_what_is_left_out(appliance: Simulator, nitrox: Invoke) -> None:
    exported = nitrox("export", "lbmonitor", "lbvserver")
    assert exported.out == "{}\n"
    assert "0 objects of 0 kinds." in exported.err
    assert "left out: 19 objects that the appliance has by itself" in exported.err
    assert "http-ecv:" in nitrox("export", "lbmonitor", "--builtin").out


def test_only_reads(appliance: Simulator, nitrox: Invoke) -> None:
    nitrox("export", "lbvserver")
    sent = {entry["method"] for entry in appliance.log() if "login" not in entry["path"] and "logout" not in entry["path"]}
    assert sent == {"GET"}


def test_to_a_file(appliance: Simulator, nitrox: Invoke, tmp_path: Path) -> None:
    nitrox("apply", "-", stdin=SHOP)
    assert nitrox("export", "servicegroup", "-o", str(tmp_path / "shop.yml")).out == ""
    assert "Nothing to do" in nitrox("plan", str(tmp_path / "shop.yml")).out


def test_one_line_for_what_cannot_be(appliance: Simulator, nitrox: Invoke) -> None:
    unknown = nitrox("export", "lbvservr")
    assert unknown.code == 1
    assert "lbvserver" in unknown.err
    assert "Traceback" not in unknown.err
    nowhere = nitrox("export", "lbvserver", "-o", "/nonexistent/shop.yml")
    assert nowhere.code == 1
    assert "/nonexistent/shop.yml: No such file or directory" in nowhere.err
    assert nitrox("export", "-o", "a.yml", "--pulumi", "b").code == 1


def test_a_pulumi_project_has_a_program_a_manifest_and_an_import_file(
    appliance: Simulator, nitrox: Invoke, tmp_path: Path
) -> None:
    pytest.importorskip("pulumi", reason="the extra pulumi is not installed")
    nitrox("apply", "-", stdin=SHOP)
    folder = tmp_path / "shop"
    exported = nitrox("export", "--pulumi", str(folder))
    assert exported.code == 0, exported.err
    program = (folder / "__main__.py").read_text(encoding="utf-8")
    assert 'lbvserver_web = lb.Lbvserver("web", clttimeout=180, ipv46="203.0.113.10", port=80, servicetype="HTTP")' in program
    assert 'lb.LbvserverServicegroupBinding("web-web", name=lbvserver_web.name, ' in program
    assert "servicegroupname=servicegroup_web.servicegroupname)" in program
    assert "    # password=…  cannot be read; give it here\n" in program
    assert (folder / "Pulumi.yaml").read_text(encoding="utf-8").startswith("name: shop\nruntime: python\n")
    entries = json.loads((folder / "import.json").read_text(encoding="utf-8"))["resources"]
    web = next(one for one in entries if one["type"] == "pulumi-python:dynamic/netscaler/lb:Lbvserver")
    assert (web["id"], web["inputs"]["port"], "__provider" in web["outputs"]) == ("web", 80, True)
    assert "Planted" not in program + json.dumps(entries)
    again = nitrox("export", "--pulumi", str(folder))
    assert again.code == 1
    assert "is there already, nothing is overwritten" in again.err
