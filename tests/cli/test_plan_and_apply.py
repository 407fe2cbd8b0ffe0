# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""``plan`` and ``apply``: what they say, what they do, and the exit code of each class of failure."""

from __future__ import annotations

import json
import socket
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from nitrox.cli.progress import progress

from .conftest import Invoke

if TYPE_CHECKING:
    from nitrox.simulator.testing import Simulator

WEB = "lbvserver: {web: {servicetype: HTTP, ipv46: 203.0.113.10, port: 80}}"
TWO = "lbvserver: {web: {servicetype: HTTP}}\nservicegroup: {web: {servicetype: HTTP}}"


def test_a_plan_names_the_changes_and_writes_nothing(appliance: Simulator, nitrox: Invoke) -> None:
    result = nitrox("plan", "-", stdin=WEB)
    assert "create lbvserver web" in result.out
    assert "1 change, 1 write request." in result.out
    assert result.code == 0
    assert "lbvserver" not in {kind for kind, rows in appliance.state().items() if rows}


def test_exit_code_2_says_that_there_are_changes(appliance: Simulator, nitrox: Invoke) -> None:
    assert nitrox("plan", "--exit-code", "-", stdin=WEB).code == 2
    assert nitrox("apply", "--check", "--exit-code", "-", stdin=WEB).code == 2
    assert nitrox("apply", "-", stdin=WEB).code == 0
    assert nitrox("plan", "--exit-code", "-", stdin=WEB).code == 0


def test_applied_twice_the_second_run_has_nothing_to_do(appliance: Simulator, nitrox: Invoke) -> None:
    assert "1 done" in nitrox("apply", "-", stdin=WEB).out
    assert "Nothing to do" in nitrox("apply", "-", stdin=WEB).out
    assert appliance.count("POST", "lbvserver") == 1


def test_the_configuration_is_saved_when_something_changed_and_it_is_wanted(appliance: Simulator, nitrox: Invoke) -> None:
    assert "saved" in nitrox("apply", "--save", "-", stdin=WEB).out
    assert "saved" not in nitrox("apply", "--save", "-", stdin=WEB).out
    assert appliance.counters()["saves"] == 1


def test_absent_removes_the_objects(appliance: Simulator, nitrox: Invoke) -> None:
    nitrox("apply", "-", stdin=WEB)
    assert "delete lbvserver web" in nitrox("apply", "--absent", "-", stdin=WEB).out
    assert not appliance.state().get("lbvserver")


def test_absent_frontends_leave_the_features_on_that_others_need(appliance: Simulator, nitrox: Invoke) -> None:
    shop = "frontends: {shop: {address: 203.0.113.10, backends: {web: ['198.51.100.11:80']}}}"
    nitrox("apply", "-", stdin=shop)
    result = nitrox("apply", "--absent", "-", stdin=shop)
    assert "delete lbvserver shop" in result.out
    assert "nsfeature" not in result.out
    assert nitrox("plan", "-", "--exit-code", stdin="nsfeature: {feature: [LB]}").code == 0


def test_an_owner_prunes_what_is_no_longer_named(appliance: Simulator, nitrox: Invoke) -> None:
    nitrox("apply", "--owner", "shop", "-", stdin=TWO)
    result = nitrox("apply", "--owner", "shop", "--prune", "-", stdin="lbvserver: {web: {servicetype: HTTP}}")
    assert "delete servicegroup web" in result.out
    assert not appliance.state().get("servicegroup")


def test_pruning_without_an_owner_is_refused(appliance: Simulator, nitrox: Invoke) -> None:
    result = nitrox("apply", "--prune", "-", stdin=WEB)
    assert "needs an owner" in result.err
    assert result.code == 1


def test_json_is_one_text_with_plan_and_outcome(appliance: Simulator, nitrox: Invoke) -> None:
    planned = json.loads(nitrox("plan", "--json", "-", stdin=WEB).out)
    done = json.loads(nitrox("apply", "--json", "-", stdin=WEB).out)
    assert [(change["verb"], change["kind"], change["name"]) for change in planned["changes"]] == [("create", "lbvserver", "web")]
    assert done["plan"] == planned
    assert [item["status"] for item in done["outcome"]["items"]] == ["done"]


def test_secrets_are_never_shown(appliance: Simulator, nitrox: Invoke) -> None:
    user = "systemuser: {ops: {password: hunter2hunter2}}"
    shown = [nitrox(*words, "-", stdin=user) for words in (["plan"], ["plan", "--json"], ["apply", "--json"])]
    assert all("ops" in result.out and "hunter2" not in result.out + result.err for result in shown)


def test_class_a_an_unreachable_appliance_is_a_clear_failure(
    nitrox: Invoke, appliance: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    monkeypatch.setenv("NETSCALER_URL", f"http://127.0.0.1:{port}")
    result = nitrox("apply", "--retries", "0", "-", stdin=WEB)
    assert result.err.startswith("nitrox: class A: ")
    assert f"cannot reach http://127.0.0.1:{port}" in result.err
    assert (result.code, result.out, result.err.count("\n")) == (3, "", 1)


def test_class_b_a_wrong_password_is_refused_once(nitrox: Invoke, appliance: Simulator, tmp_path: Path) -> None:
    (tmp_path / "password").write_text("wrong\n")
    result = nitrox("plan", "--password-file", str(tmp_path / "password"), "-", stdin=WEB)
    assert "class B: login nsroot: NITRO error 354" in result.err
    assert result.code == 4
    assert appliance.counters()["requests_total"] == 1


def test_class_b_a_refused_change_tells_the_errorcode(nitrox: Invoke, appliance: Simulator) -> None:
    appliance.faults({"fault": "reject", "method": "POST", "kind": "lbvserver", "errorcode": 1090, "message": "No."})
    result = nitrox("apply", "-", stdin=WEB)
    assert "1090" in result.err
    assert result.code == 4


def test_class_c_names_what_was_done_and_what_was_not(nitrox: Invoke, appliance: Simulator) -> None:
    appliance.faults({"fault": "reject", "method": "POST", "kind": "servicegroup", "errorcode": 1090, "message": "No."})
    result = nitrox("apply", "--on-error", "continue", "-", stdin=TWO)
    assert "done: create lbvserver web" in result.out
    assert "refused: create servicegroup web" in result.out
    assert "class C: 1 done, 1 refused" in result.err
    assert result.code == 5


def test_class_d_an_outcome_that_nobody_knows_has_its_own_code(nitrox: Invoke, appliance: Simulator) -> None:
    lost = {"fault": "drop_after", "method": "POST", "kind": "lbvserver"}
    appliance.faults(lost, {"fault": "drop_before", "method": "GET", "kind": "lbvserver", "skip": 2, "times": 0})
    result = nitrox("apply", "--retries", "0", "-", stdin=WEB)
    assert "unknown: create lbvserver web" in result.out
    assert "class D" in result.err
    assert result.code == 6


def test_a_lost_answer_is_resolved_by_reading_back(nitrox: Invoke, appliance: Simulator) -> None:
    appliance.faults({"fault": "drop_after", "method": "POST", "kind": "lbvserver"})
    result = nitrox("apply", "-", stdin=WEB)
    assert "1 resolved" in result.out
    assert result.code == 0
    assert appliance.count("POST", "lbvserver") == 1


def test_everything_that_is_missing_of_the_target_is_said_at_once(nitrox: Invoke) -> None:
    result = nitrox("plan", "-", stdin=WEB)
    assert all(f"{name} is missing" in result.err for name in ("url", "username", "password"))
    assert result.code == 1


def test_there_is_no_colour_in_a_pipe(appliance: Simulator, nitrox: Invoke) -> None:
    assert "\x1b[" not in nitrox("apply", "-", stdin=WEB).out


def test_long_work_shows_lines_where_there_is_no_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    now = [0.0]
    with progress(quiet=False, clock=lambda: now[0]) as tick:
        assert tick is not None
        for step in range(60):
            now[0] += 1
            tick(step, 60, "create lbvserver")
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 12
    assert lines[0] == "nitrox: 4 of 60 steps done: create lbvserver"


def test_quiet_work_shows_nothing() -> None:
    with progress(quiet=True) as tick:
        assert tick is None
