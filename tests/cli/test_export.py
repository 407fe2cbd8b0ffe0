# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""``nitrox export``: a document that plans to nothing, notes about what is not in it, and no secret anywhere."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

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
