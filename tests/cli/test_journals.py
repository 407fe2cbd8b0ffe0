# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""``nitrox history``, ``rollback`` and ``redeploy`` as a person uses them; an apply that is killed for real."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.core.converging import apps, names

if TYPE_CHECKING:
    from nitrox.simulator.testing import Simulator

    from .conftest import Invoke

ONE = json.dumps({"lbvserver": {"web": {"servicetype": "HTTP", "comment": "one"}}})
TWO = json.dumps({"lbvserver": {"web": {"servicetype": "HTTP", "comment": "two"}, "more": {"servicetype": "HTTP"}}})


@pytest.fixture(autouse=True)
def _state(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))


def comment(simulator: Simulator) -> str:
    return next(str(row["comment"]) for row in simulator.state()["lbvserver"] if row["name"] == "web")


def test_history_lists_applies_the_newest_first(nitrox: Invoke, appliance: Simulator) -> None:
    assert "No applies are known" in nitrox("history", "--owner", "shop").out
    nitrox("apply", "--owner", "shop", "-", stdin=ONE)
    nitrox("apply", "--owner", "shop", "-", stdin=TWO)
    found = nitrox("history", "--owner", "shop").out.splitlines()
    assert [line.split()[0] for line in found] == ["#", "1", "2"]
    assert "2 lbvserver" in found[1]
    assert "1 lbvserver" in found[2]
    assert json.loads(nitrox("history", "--owner", "shop", "2").out) == json.loads(ONE)
    assert appliance.state()["lbvserver"]


def test_rollback_takes_back_the_latest(nitrox: Invoke, appliance: Simulator) -> None:
    nitrox("apply", "--owner", "shop", "-", stdin=ONE)
    nitrox("apply", "--owner", "shop", "-", stdin=TWO)
    planned = nitrox("rollback", "--owner", "shop", "--check")
    assert planned.code == 0
    assert "update lbvserver web: taken back" in planned.out
    assert comment(appliance) == "two"
    assert nitrox("rollback", "--owner", "shop", "--save").code == 0
    assert comment(appliance) == "one"
    assert names(appliance, "lbvserver") == {"web"}
    assert appliance.counters()["saves"] == 1


def test_redeploy_brings_an_earlier_apply_back(nitrox: Invoke, appliance: Simulator) -> None:
    nitrox("apply", "--owner", "shop", "-", stdin=ONE)
    nitrox("apply", "--owner", "shop", "-", stdin=TWO)
    assert nitrox("redeploy", "--owner", "shop", "--prune", "2").code == 0
    assert comment(appliance) == "one"
    assert names(appliance, "lbvserver") == {"web"}


def test_a_number_that_is_not_there_and_a_file_that_is_no_journal_are_refused(
    nitrox: Invoke, appliance: Simulator, tmp_path: Path
) -> None:
    missing = nitrox("rollback", "7")
    assert (missing.code, appliance.counters()["requests_total"]) == (1, 0)
    assert "there is no journal 7" in missing.err
    (tmp_path / "x.jsonl").write_text("hello\n")
    wrong = nitrox("redeploy", str(tmp_path / "x.jsonl"))
    assert wrong.code == 1
    assert "line 1 is damaged; nothing was sent" in wrong.err


def test_a_drain_is_an_option(nitrox: Invoke, appliance: Simulator) -> None:
    data = apps(1)
    nitrox("apply", "-", stdin=json.dumps(data))
    data["servicegroup"]["app0"]["bindings"]["servicegroupmember"] = []
    assert (
        "drain servicegroup_servicegroupmember_binding app0 10.0.0.1 8080"
        in nitrox("apply", "--drain", "2", "-", stdin=json.dumps(data)).out
    )
    assert appliance.counters()["requests_total"]


def test_an_apply_that_is_killed_is_finished_by_rollback(nitrox: Invoke, appliance: Simulator, tmp_path: Path) -> None:
    """SIGKILL in the middle, a real process; the lease it leaves expires, here it is waited for."""
    before = appliance.state()
    document = tmp_path / "apps.json"
    document.write_text(json.dumps(apps(40)))
    appliance.faults({"fault": "delay", "method": "POST", "kind": "lbvserver", "seconds": 30})
    process = subprocess.Popen([sys.executable, "-m", "nitrox.cli", "apply", str(document)], env=dict(os.environ))
    while not appliance.count("POST", "lbvserver"):
        time.sleep(0.05)
    process.send_signal(signal.SIGKILL)
    process.wait()
    appliance.clear_faults()
    assert appliance.state() != before
    assert "cut off" in nitrox("history").out
    result = nitrox("rollback")
    assert result.code == 0, result.err
    assert names(appliance, "servicegroup") == set()
