# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Machines are replaced a batch at a time: in what order, what a failure leaves, what a rerun does."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.nitrox.netscaler.plugins.module_utils.cloudstack import options
from ansible_collections.nitrox.netscaler.plugins.module_utils.cloudstack.converge import Report
from ansible_collections.nitrox.netscaler.plugins.module_utils.cloudstack.errors import Incomplete, Invalid
from nitrox.cloudstack.testing import Simulator

from .cluster import build, client, description, mine

WEB = [f"shop-web-{number}" for number in range(1, 6)]


def larger(replace: list[str], **more: Any) -> dict[str, Any]:
    """All five machines of web are to be larger."""
    wanted = description(5, replace=replace, **more)
    wanted["groups"][1]["offering"] = "Medium Instance"
    return wanted


def ids(cloud: Simulator) -> dict[str, str]:
    """The machines with their ids."""
    return {row["name"]: row["id"] for row in mine(cloud, "virtualmachine")}


def away(cloud: Simulator, since: int, known: dict[str, str]) -> list[int]:
    """How many machines were away after each call that took one or made one, from the simulator's log. The duds do not count."""
    names, gone, numbers = {machine: name for name, machine in known.items()}, set(), []
    for entry in cloud.control("GET", f"log?after={since}"):
        if entry["command"] == "destroyVirtualMachine":
            gone.add(names.get(entry["parameters"]["id"], "another"))
        elif entry["command"] == "deployVirtualMachine":
            gone.discard(entry["parameters"]["name"])
        else:
            continue
        numbers.append(len(gone))
    return numbers


def logged(cloud: Simulator) -> int:
    """The number of the last request."""
    return int(cloud.log()[-1]["number"])


def roll(cloud: Simulator, wanted: dict[str, Any], batch: int, most: int = 20) -> list[Report]:
    """Runs until none is left, as the role does it."""
    reports = [build(cloud, wanted, batch=batch)]
    while reports[-1].left and len(reports) < most:
        reports.append(build(cloud, wanted, batch=batch))
    assert not reports[-1].left
    return reports


@pytest.mark.parametrize(("batch", "turns"), [(1, [1] * 5), (2, [2, 2, 1]), (3, [3, 2]), (5, [5]), (9, [5])])
def test_so_many_at_a_time(cloud: Simulator, batch: int, turns: list[int]) -> None:
    build(cloud, description(5))
    before, since = ids(cloud), logged(cloud)
    reports = roll(cloud, larger(WEB), batch)
    assert [len(report.leaving) for report in reports] == turns
    assert [name for report in reports for name in report.leaving] == WEB
    assert all(report.returned == report.leaving for report in reports)
    assert [report.left for report in reports] == [WEB[sum(turns[: turn + 1]) :] for turn in range(len(turns))]
    assert max(away(cloud, since, before)) == min(batch, 5)
    assert (cloud.count("destroyVirtualMachine"), cloud.count("deployVirtualMachine")) == (5, 6 + 5)
    assert [ids(cloud)[name] == before[name] for name in ("shop-lb-1", *WEB)] == [True] + [False] * 5
    writes = cloud.writes()
    again = build(cloud, larger(WEB), batch=batch)
    assert (again.steps, again.left, again.returned, cloud.writes()) == ([], [], [], writes)


def test_the_next_batch_begins_when_the_last_is_whole(cloud: Simulator) -> None:
    build(cloud, description(5))
    before, since = ids(cloud), logged(cloud)
    roll(cloud, larger(WEB), 2)
    assert away(cloud, since, before) == [1, 2, 1, 0, 1, 2, 1, 0, 1, 0]


def test_machines_that_wait_for_their_turn_are_no_reason_to_refuse_and_others_are(cloud: Simulator) -> None:
    build(cloud, description(5))
    before = cloud.writes()
    with pytest.raises(Invalid, match=r"machine shop-web-4: [^;]*; machine shop-web-5: ") as caught:
        build(cloud, larger(WEB[:3]), batch=1)
    assert (len(caught.value.problems), cloud.writes()) == (2, before)
    assert build(cloud, larger(WEB), batch=1).left == WEB[1:]


def test_check_mode_tells_what_all_batches_do(cloud: Simulator) -> None:
    build(cloud, description(5))
    before = cloud.writes()
    predicted = build(cloud, larger(WEB), batch=2, predict=True)
    assert (predicted.leaving, predicted.left, predicted.returned, cloud.writes()) == (WEB[:2], [], [], before)
    assert {machine["name"] for machine in predicted.machines} == {"shop-lb-1", *WEB}
    done = [step for report in roll(cloud, larger(WEB), 2) for step in report.steps]
    told = {(step.verb, step.about) for step in predicted.steps}
    assert told == {(step.verb, step.about) for step in done if step.verb != "tag"}


def test_machines_that_are_away_already_count_and_are_first(cloud: Simulator) -> None:
    build(cloud, description(5))
    before = ids(cloud)
    api = client(cloud)
    api.write("stopVirtualMachine", id=before["shop-web-4"])
    api.write("destroyVirtualMachine", id=before["shop-lb-1"], expunge=True)
    api.close()
    reports = roll(cloud, larger(WEB), 2)
    assert [report.leaving for report in reports] == [["shop-web-4"], ["shop-web-1", "shop-web-2"], ["shop-web-3", "shop-web-5"]]
    assert reports[0].returned == ["shop-lb-1", "shop-web-4"]
    assert build(cloud, larger([])).steps == []


def test_a_batch_waits_as_long_as_too_many_are_away(cloud: Simulator) -> None:
    build(cloud, description(3))
    reports = roll(cloud, larger(WEB), 1)
    assert (reports[0].leaving, reports[0].returned, reports[0].left) == ([], ["shop-web-4", "shop-web-5"], WEB[:3])
    assert [report.leaving for report in reports[1:]] == [[name] for name in WEB[:3]]


@pytest.mark.parametrize("command", ["destroyVirtualMachine", "deployVirtualMachine", "createTags", "createPortForwardingRule"])
@pytest.mark.parametrize("shape", ["object", "text", "none"])
def test_a_failure_leaves_the_others_and_a_rerun_goes_on(cloud: Simulator, command: str, shape: str) -> None:
    build(cloud, description(5))
    before, since = ids(cloud), logged(cloud)
    assert build(cloud, larger(WEB), batch=2).left == WEB[2:]
    cloud.faults({"fault": "job_fails", "command": command, "message": "the agent is away", "shape": shape})
    with pytest.raises(Incomplete, match=r"no reason given" if shape == "none" else "the agent is away"):
        build(cloud, larger(WEB), batch=2)
    assert ids(cloud)["shop-web-5"] == before["shop-web-5"]
    roll(cloud, larger(WEB), 2)
    assert max(away(cloud, since, before)) == 2
    assert not set(before.values()) & {ids(cloud)[name] for name in WEB}
    assert build(cloud, larger([])).steps == []


@pytest.mark.parametrize("command", ["destroyVirtualMachine", "deployVirtualMachine", "createTags", "createPortForwardingRule"])
@pytest.mark.parametrize("fault", ["drop_after", "drop_before", "html"])
def test_answers_lost_in_the_middle(cloud: Simulator, command: str, fault: str) -> None:
    build(cloud, description(5))
    before, since = ids(cloud), logged(cloud)
    cloud.faults({"fault": fault, "command": command, "skip": 1, "times": 2})
    reports = roll(cloud, larger(WEB), 2)
    assert [report.returned for report in reports] == [WEB[:2], WEB[2:4], WEB[4:]]
    assert (
        sorted(step.name for report in reports for step in report.steps if (step.verb, step.kind) == ("create", "machine")) == WEB
    )
    assert max(away(cloud, since, before)) == 2
    assert sorted(ids(cloud)) == ["shop-lb-1", *WEB]
    assert build(cloud, larger([])).steps == []


def test_machines_that_leave_for_good_need_no_turn(cloud: Simulator) -> None:
    build(cloud, description(5))
    wanted = description(2, replace=WEB[:2])
    wanted["groups"][1]["offering"] = "Medium Instance"
    reports = roll(cloud, wanted, 1)
    assert [report.leaving for report in reports] == [["shop-web-1", *WEB[2:]], ["shop-web-2"]]


def test_a_machine_that_would_keep_its_name_is_not_taken(cloud: Simulator) -> None:
    build(cloud, description(5))
    before = cloud.writes()
    with pytest.raises(Invalid, match="machine shop-web-1: with expunge: false it would keep its name"):
        build(cloud, larger(WEB, expunge=False))
    assert cloud.writes() == before


@pytest.mark.parametrize("batch", [0, -1])
def test_no_batch_of_nothing(cloud: Simulator, batch: int) -> None:
    given = {"cluster": description(), "state": "present", "batch": batch, "api_url": cloud.endpoint, "retry_for": 1}
    result = options.execute({**given, "validate_certs": True, "api_timeout": 5}, check=False, progress=print)
    assert (result["failure"], result["problems"]) == ("invalid", [f"batch is {batch}, and at least 1 is needed"])
    assert cloud.log() == []
