# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""The stubs are fresh, and they catch what they are for."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from pulumi_netscaler.stubs import FOLDER, stubs

USE = """
import pulumi
import pulumi_netscaler as netscaler
from pulumi_netscaler import lb

web = netscaler.Lbvserver("web", servicetype="HTTP", port=80, opts=pulumi.ResourceOptions(protect=True))
row = lb.LbvserverServicegroupBinding("row", name=web.name, servicegroupname="web")
port: pulumi.Output[int] = netscaler.Lbvserver.get("other", "other").port
found: pulumi.Output[dict[str, object]] = netscaler.get_lbvserver("web")
generic = netscaler.NitroResource("any", kind="lbvserver", attributes={"servicetype": "HTTP"}).servicetype
"""
MISTAKES = """
netscaler.Lbvserver("a", servicetpe="HTTP")
netscaler.Lbvserver("b", port="x")
netscaler.Lbvserver("c", lbmethod="ROUNDROBBIN")
web.lbmetod
"""


def test_they_are_what_the_catalogue_says() -> None:
    known = stubs()
    assert [name for name, text in known.items() if (FOLDER / name).read_text(encoding="utf-8") != text] == []
    assert {path.name for path in FOLDER.glob("*.pyi")} == known.keys()


def test_every_package_has_its_module() -> None:
    modules = {path.stem for path in FOLDER.glob("*.py")} - {"__init__", "naming", "options", "provider", "stubs"}
    assert modules == {Path(name).stem for name in stubs()} - {"__init__"}


def test_a_type_checker_finds_mistakes_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "use.py").write_text(USE + MISTAKES, encoding="utf-8")
    command = [sys.executable, "-m", "mypy", "--strict", "--config-file=", "--cache-dir", str(tmp_path / "cache"), "use.py"]
    known = {**os.environ, "MYPYPATH": str(FOLDER.parent)}
    out = subprocess.run(command, cwd=tmp_path, env=known, capture_output=True, text=True, check=False).stdout
    errors = [line for line in out.splitlines() if ": error: " in line]
    assert [int(line.split(":")[1]) for line in errors] == [12, 13, 14, 15]
    assert 'did you mean "servicetype"?' in out
    assert 'maybe "lbmethod"?' in out
