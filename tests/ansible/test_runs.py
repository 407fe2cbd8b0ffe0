# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Real runs of ansible-playbook against the simulator, as a user makes them."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from .conftest import Played

if TYPE_CHECKING:
    from tests.conftest import Simulator

WEB = {"name": "web", "servicetype": "HTTP", "ipv46": "203.0.113.10", "port": 80}


class Runner:
    """Runs tasks in a play against the simulator; keeps what came of the last run."""

    def __init__(self, play: Callable[..., Played]) -> None:
        self._play = play
        self.output = ""
        self.results: list[dict[str, Any]] = []

    def __call__(self, *tasks: dict[str, Any], arguments: tuple[str, ...] = (), **variables: str) -> int:
        bastion = {"ansible_connection": "local", "ansible_python_interpreter": sys.executable}
        named = [{"name": f"Task {number}", **task} for number, task in enumerate(tasks)]
        done = self._play(named, *arguments, hosts={"bastion": bastion}, **variables)
        self.output, self.results = done.output, done.results
        return done.code


@pytest.fixture(name="run")
def _run(play: Callable[..., Played]) -> Runner:
    return Runner(play)


def module(name: str, options: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {f"nitrox.netscaler.{name}": options, **more}


def test_check_mode_predicts_what_a_run_does(run: Runner) -> None:
    steps: list[dict[str, Any]] = [
        WEB,
        WEB,
        {"name": "web", "lbmethod": "ROUNDROBIN"},
        {"name": "web", "state": "disabled"},
        {"name": "web", "state": "disabled"},
        {"name": "web", "attributes": {"lbmethod": None}},
        {"name": "web", "state": "absent"},
        {"name": "web", "state": "absent"},
    ]
    tasks = [module("lbvserver", step, check_mode=check) for step in steps for check in (True, False)]
    assert run(*tasks) == 0, run.output
    changed = [bool(result["changed"]) for result in run.results]
    assert changed[::2] == changed[1::2]
    assert changed[1::2] == [True, False, True, True, False, True, True, False]


def test_one_login_serves_a_play_and_an_idempotent_item_is_one_request(run: Runner, simulator: Simulator) -> None:
    assert run(module("lbvserver", WEB)) == 0, run.output
    simulator.reset()
    assert run(module("lbvserver", WEB), module("lbvserver", WEB, loop=list(range(10)))) == 0, run.output
    counters = simulator.counters()
    assert counters["logins"] == 1
    assert counters["requests"]["GET"]["lbvserver"] <= 2 + 10
    assert [len(result["requests"]) for result in run.results[1:] if "requests" in result] == [1] * 10


def test_a_box_that_cannot_be_reached_is_a_failure_never_absent(run: Runner) -> None:
    task = module("lbvserver", {"name": "web", "state": "absent", "retries": 0})
    assert run(task, netscaler_url="http://127.0.0.1:1") != 0
    result = run.results[0]
    assert (result["changed"], result["failure_class"]) == (False, "A")
    assert "cannot reach http://127.0.0.1:1" in result["msg"]


def test_a_wrong_password_says_so(run: Runner) -> None:
    assert run(module("lbvserver", WEB), netscaler_password="wrong-word") != 0
    assert run.results[0]["errorcode"] == 354
    assert "Invalid username or password" in run.results[0]["msg"]
    assert "wrong-word" not in run.output


def test_all_problems_are_told_before_anything_is_sent(run: Runner, simulator: Simulator) -> None:
    document = {"lbvserver": {"web": {"lbmethod": "LEASTCONECTION", "nosuch": 1}, "b": {"state": True}}}
    assert run(module("config", {"document": document})) != 0
    problems = " ".join(run.results[0]["problems"])
    assert all(
        part in problems for part in ("lbvserver.web.lbmethod", "LEASTCONNECTION", "lbvserver.web.nosuch", "lbvserver.b.state")
    )
    assert simulator.counters()["requests_total"] == 0


def test_a_whole_document_twice_with_an_owner_and_prune(run: Runner, simulator: Simulator) -> None:
    group = {"servicetype": "HTTP", "bindings": {"servicegroupmember": [{"ip": "198.51.100.11", "port": 8080}]}}
    whole = {
        "servicegroup": {"web": group, "old": group},
        "lbvserver": {"web": {"servicetype": "HTTP", "bindings": {"servicegroup": ["web"]}}},
    }
    less = {**whole, "servicegroup": {"web": group}}
    options = {"owner": "shop", "prune": True, "save": True}
    tasks = [module("config", {"document": document, **options}) for document in (whole, whole, less, less)]
    assert run(module("servicegroup", {"servicegroupname": "foreign", "servicetype": "HTTP"}), *tasks) == 0, run.output
    assert [result["changed"] for result in run.results] == [True, True, False, True, False]
    assert [row["servicegroupname"] for row in simulator.state()["servicegroup"]] == ["foreign", "web"]
    assert simulator.counters()["saves"] == 2


def test_secrets_are_nowhere_in_the_most_talkative_output(run: Runner) -> None:
    secret = "planted-word-7481"
    task = module("resource", {"kind": "systemuser", "name": "ops", "attributes": {"password": secret}})
    assert run(task, arguments=("-vvv",)) == 0, run.output
    assert secret not in json.dumps(run.results)
    assert "sessionid" not in json.dumps(run.results[0]["requests"][1:])


def test_a_diff_reads_like_the_configuration(run: Runner) -> None:
    assert run(module("lbvserver", WEB), module("lbvserver", {"name": "web", "lbmethod": "ROUNDROBIN"}, diff=True)) == 0, (
        run.output
    )
    difference = run.results[1]["diff"]
    assert "lbmethod: LEASTCONNECTION" in difference["before"]
    assert "lbmethod: ROUNDROBIN" in difference["after"]


def test_a_delegated_task_is_shipped_to_a_host_without_the_collection(run: Runner, simulator: Simulator) -> None:
    tasks = [module("lbvserver", WEB, delegate_to="bastion") for _time in range(2)]
    assert run(*tasks) == 0, run.output
    assert [result["changed"] for result in run.results] == [True, False]
    assert [row["name"] for row in simulator.state()["lbvserver"]] == ["web"]


def test_reading_changes_nothing(run: Runner, simulator: Simulator) -> None:
    assert run(module("lbvserver", WEB), module("config_info", {"kinds": ["lbvserver"], "query": "lbvserver[].name"})) == 0, (
        run.output
    )
    assert run.results[1]["changed"] is False
    assert run.results[1]["result"] == ["web"]
    assert simulator.count("POST", "lbvserver") == 1
