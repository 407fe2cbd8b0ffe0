# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The playbooks of `playbooks/frontends`, as they stand in the tree."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from .conftest import TOP, Played, ansible_playbook

if TYPE_CHECKING:
    from nitrox.simulator.testing import Simulator

Run = Callable[..., Played]


@pytest.fixture
def run(tmp_path: Path, simulator: Simulator) -> Run:
    """Run one of the playbooks, copied away so that the certificates it makes do not stay."""
    folder = tmp_path / "frontends"
    shutil.copytree(TOP / "playbooks/frontends", folder, ignore=shutil.ignore_patterns(".certificates"))

    def play(name: str, *options: str, url: str = simulator.url) -> Played:
        return ansible_playbook(tmp_path, folder / name, "-i", str(folder / "inventory.yml"), *options, NETSCALER_URL=url)

    return play


def test_from_nothing_to_a_working_frontend_and_back(run: Run, simulator: Simulator) -> None:
    planned = run("plan.yml")
    assert planned.code == 0, planned.output
    assert simulator.count("POST", "csvserver") == 0

    first = run("site.yml")
    assert first.code == 0, first.output
    assert first.last["changed"]
    assert first.last["saved"]
    state = simulator.state()
    assert {row["servicetype"] for row in state["csvserver"]} == {"SSL", "HTTP"}
    assert [row["persistencetype"] for row in state["lbvserver"] if row["name"] == "shop-web"] == ["COOKIEINSERT"]

    again = run("site.yml")
    assert again.changed == [False, False]
    assert [one["path"] for one in again.last["requests"] if one["method"] != "GET"] == ["/nitro/v1/config/login"]

    drift = run("drift.yml")
    assert drift.code == 0, drift.output
    assert "~ update lbvserver shop-web: lbmethod: TOKEN → LEASTCONNECTION" in drift.output

    gone = run("teardown.yml")
    assert gone.code == 0, gone.output
    named = [str(value) for rows in simulator.state().values() for row in rows for value in row.values()]
    assert not [name for name in named if name.startswith("shop")]


def test_a_box_that_is_not_there_is_a_clear_failure(run: Run) -> None:
    played = run("site.yml", "-e", '{"netscaler_retries": 0}', url="http://127.0.0.1:1")
    assert played.code != 0
    assert played.last["failure_class"] == "A"
    assert not played.last["changed"]
    assert "cannot reach http://127.0.0.1:1" in played.last["msg"]


def test_no_private_key_is_in_the_most_talkative_output(run: Run) -> None:
    played = run("site.yml", "-vvv", "--diff")
    assert played.code == 0, played.output
    assert "PRIVATE KEY" not in played.output + repr(played.results)
