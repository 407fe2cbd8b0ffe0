# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Documents from files: whatever is wrong is said in one line with its place, and nothing is sent."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from .conftest import Invoke

if TYPE_CHECKING:
    from nitrox.simulator.testing import Simulator

WEB = "lbvserver: {web: {servicetype: HTTP, ipv46: 203.0.113.10, port: 80}}\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("", "standard input: empty document", id="an empty document"),
        pytest.param("{}", "empty document", id="an empty mapping"),
        pytest.param("[web]", "a mapping of kinds to objects is wanted", id="a list"),
        pytest.param("lbvserver: {web: [", "standard input: line 2, column 1: ", id="broken YAML"),
        pytest.param('{"lbvserver": {"web": {}, "web": {}}}', "'web' is there twice", id="two objects with one name"),
        pytest.param("lbvservr: {web: {}}", "lbvservr: no such object kind (did you mean lbvserver", id="an unknown kind"),
        pytest.param("lbvserver: {web: {state: on}}", "lbvserver.web.state", id="a YAML boolean where text is meant"),
        pytest.param("lbvserver: {web: {lbmethod: LEASTCONECTION}}", "did you mean LEASTCONNECTION?", id="an unknown value"),
        pytest.param("lbvserver: {web: {port: eighty}}", "lbvserver.web.port", id="a word for a number"),
    ],
)
def test_a_bad_document_is_refused_before_anything_is_sent(appliance: Simulator, nitrox: Invoke, text: str, said: str) -> None:
    result = nitrox("apply", "-", stdin=text)
    assert said in result.err
    assert result.code == 1
    assert appliance.counters()["requests_total"] == 0


def test_all_problems_come_at_once(appliance: Simulator, nitrox: Invoke) -> None:
    result = nitrox("plan", "-", stdin="lbvserver: {web: {lbmethod: X, port: Y}, api: {nosuch: 1}}")
    assert "3 problems, nothing was sent" in result.err
    assert appliance.counters()["requests_total"] == 0


def test_a_file_that_is_not_there_is_named(nitrox: Invoke, tmp_path: Path) -> None:
    result = nitrox("plan", str(tmp_path / "none.yml"))
    assert result.err == f"Error: {tmp_path}/none.yml: No such file or directory\n"
    assert result.code == 1


def test_several_files_are_one_document(appliance: Simulator, nitrox: Invoke, tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_text(WEB)
    (tmp_path / "b.json").write_text('{"lbvserver": {"api": {"servicetype": "HTTP", "ipv46": "203.0.113.11", "port": 80}}}')
    result = nitrox("apply", str(tmp_path / "a.yml"), str(tmp_path / "b.json"))
    assert "2 done" in result.out
    assert {row["name"] for row in appliance.state()["lbvserver"]} == {"web", "api"}


def test_an_object_in_two_files_is_refused(nitrox: Invoke, tmp_path: Path) -> None:
    for name in ("a.yml", "b.yml"):
        (tmp_path / name).write_text(WEB)
    result = nitrox("plan", str(tmp_path / "a.yml"), str(tmp_path / "b.yml"))
    assert "b.yml: lbvserver.web is in another file, too" in result.err
    assert result.code == 1


def test_what_looks_like_a_date_stays_text(appliance: Simulator, nitrox: Invoke) -> None:
    nitrox("apply", "-", stdin="lbvserver: {web: {servicetype: HTTP, comment: 2026-01-02}}")
    assert appliance.state()["lbvserver"][0]["comment"] == "2026-01-02"
