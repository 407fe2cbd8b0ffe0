# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Every fault of the menu does what it says, as often as it says, and nothing else."""

from __future__ import annotations

from typing import Any

import pytest
import requests

from nitrox.cloudstack.faults import KINDS
from nitrox.cloudstack.testing import Simulator

from .api import Api, Refused

GROUP = {"name": "apart", "type": "host anti-affinity"}


def names(api: Api) -> list[str]:
    """The affinity groups there are."""
    return [group["name"] for group in api.list("listAffinityGroups")]


@pytest.mark.parametrize(("fault", "made"), [("drop_before", []), ("drop_after", ["apart"])])
def test_a_cut_connection_before_or_after_the_deed(api: Api, fault: str, made: list[str]) -> None:
    api.cloud.faults({"fault": fault, "command": "createAffinityGroup"})
    with pytest.raises(requests.ConnectionError):
        api.call("createAffinityGroup", **GROUP)
    assert names(api) == made
    assert api.cloud.control("GET", "faults") == {"planned": [], "injected": {fault: 1}}


@pytest.mark.parametrize(
    ("fault", "status", "type_"),
    [
        pytest.param({"fault": "html"}, 502, "text/html", id="a page of a proxy"),
        pytest.param({"fault": "html", "status": 429}, 429, "text/html", id="another status"),
        pytest.param({"fault": "bodyless"}, 503, "text/html", id="no body"),
        pytest.param({"fault": "xml"}, 200, "text/xml", id="xml"),
        pytest.param({"fault": "reject", "errorcode": 530}, 530, "application/json", id="an error of the api"),
        pytest.param({"fault": "expired"}, 401, "application/json", id="expired"),
        pytest.param({"fault": "revoked"}, 401, "application/json", id="revoked"),
        pytest.param({"fault": "no_address"}, 533, "application/json", id="no address"),
        pytest.param({"fault": "name_taken"}, 431, "application/json", id="name taken"),
        pytest.param({"fault": "limit"}, 535, "application/json", id="limit"),
    ],
)
def test_answers_that_are_not_what_was_asked_for(api: Api, fault: dict[str, Any], status: int, type_: str) -> None:
    api.cloud.faults(fault)
    answer = api.send("listZones")
    assert (answer.status_code, answer.headers["Content-Type"].split(";")[0]) == (status, type_)
    assert (fault["fault"] == "bodyless") == (answer.content == b"")
    assert api.send("listZones").json()["listzonesresponse"]["count"] == 2


def test_a_garbled_answer_is_no_json(api: Api) -> None:
    api.cloud.faults({"fault": "garble", "command": "createAffinityGroup"})
    with pytest.raises(requests.exceptions.JSONDecodeError):
        api.send("createAffinityGroup", **GROUP).json()
    assert names(api) == ["apart"]


def test_unavailable_for_a_while(api: Api) -> None:
    api.cloud.faults({"fault": "unavailable", "seconds": 60})
    assert [api.send("listZones").status_code for _call in range(2)] == [503, 503]
    api.cloud.control("POST", "clock", {"advance": 61})
    assert api.send("listZones").status_code == 200


def test_done_twice(api: Api) -> None:
    offering = api.list("listNetworkOfferings", guestiptype="Isolated")[0]["id"]
    api.cloud.faults({"fault": "duplicate", "command": "createNetwork"})
    api.call("createNetwork", name="front", zoneid=api.zone(), networkofferingid=offering)
    assert [network["name"] for network in api.list("listNetworks", zoneid=api.zone())] == ["front", "front"]


@pytest.mark.parametrize(
    ("shape", "type_", "result"),
    [
        ("object", "object", {"errorcode": 533, "errortext": "no room"}),
        ("text", "text", "no room"),
        ("none", None, None),
    ],
)
def test_a_job_fails_in_three_shapes(api: Api, shape: str, type_: str | None, result: Any) -> None:
    fault = {"fault": "job_fails", "command": "createAffinityGroup", "errorcode": 533, "message": "no room", "shape": shape}
    api.cloud.faults(fault)
    job = api.job("createAffinityGroup", **GROUP)
    assert (job["jobstatus"], job["jobresultcode"], job.get("jobresulttype"), job.get("jobresult")) == (2, 533, type_, result)
    assert names(api) == []


@pytest.mark.parametrize(("fault", "code"), [("capacity", 533), ("machine_error", 530)])
def test_a_failed_deployment_leaves_a_machine_in_error(api: Api, fault: str, code: int) -> None:
    api.cloud.faults({"fault": fault, "skip": 1, "command": "deployVirtualMachine"})
    codes = [api.job("deployVirtualMachine", **api.machine_parameters(name=name))["jobresultcode"] for name in ("a", "b", "c")]
    assert codes == [0, code, 0]
    assert {one["name"]: one["state"] for one in api.list("listVirtualMachines")} == {
        "a": "Running",
        "b": "Error",
        "c": "Running",
    }


def test_a_job_that_pends_for_some_polls_and_one_that_always_does(api: Api) -> None:
    api.cloud.faults({"fault": "job_pending", "polls": 2}, {"fault": "job_pending", "skip": 1})
    first = api.call("createAffinityGroup", **GROUP)["jobid"]
    assert [api.poll(first)["jobstatus"] for _poll in range(3)] == [0, 0, 1]
    second = api.call("createAffinityGroup", name="near", type="host affinity")["jobid"]
    polls = [api.poll(second) for _poll in range(5)]
    assert {poll["jobstatus"] for poll in polls} == {0}
    assert not any("jobresult" in poll for poll in polls)
    assert names(api) == ["apart", "near"]


def test_a_job_that_hangs_and_one_that_is_lost(api: Api) -> None:
    machine = api.machine()
    api.cloud.faults({"fault": "job_hangs", "command": "stopVirtualMachine"}, {"fault": "job_lost", "command": "create*"})
    stop = api.call("stopVirtualMachine", id=machine["id"])["jobid"]
    lost = api.call("createAffinityGroup", **GROUP)["jobid"]
    assert api.poll(stop)["jobstatus"] == 0
    assert api.one("listVirtualMachines", id=machine["id"])["state"] == "Running"
    with pytest.raises(Refused) as refused:
        api.poll(lost)
    assert (refused.value.code, names(api)) == (431, ["apart"])


def test_a_count_that_is_too_high(api: Api) -> None:
    api.cloud.faults({"fault": "count_high", "command": "list*", "more": 3})
    found = api.call("listZones")
    assert (found["count"], len(found["zone"])) == (5, 2)


def test_a_stale_list_is_that_of_some_seconds_ago(api: Api) -> None:
    api.do("createAffinityGroup", name="old", type="host affinity")
    api.cloud.control("POST", "clock", {"advance": 60})
    api.do("createAffinityGroup", name="new", type="host affinity")
    api.do("deleteAffinityGroup", name="old")
    api.cloud.faults({"fault": "stale", "seconds": 30, "times": 1})
    assert (names(api), names(api)) == (["old"], ["new"])


def test_faults_of_jobs_and_lists_wait_for_jobs_and_lists(api: Api) -> None:
    api.cloud.faults({"fault": "job_fails"}, {"fault": "stale"})
    api.call("getUser", userapikey=api.key)
    assert len(api.cloud.control("GET", "faults")["planned"]) == 2


@pytest.mark.parametrize(
    ("fault", "says"),
    [
        ({"fault": "earthquake"}, "must be one of"),
        ({"fault": "reject"}, "needs errorcode"),
        ({"fault": "delay", "seconds": -1}, "from 0"),
        ({"fault": "drop_after", "times": "once"}, "whole number"),
        ({"fault": "job_fails", "shape": "round"}, "object, text, none"),
        ({"fault": "drop_after", "kind": "x"}, "no such parameter"),
    ],
)
def test_what_is_no_fault_is_refused(cloud: Simulator, fault: dict[str, Any], says: str) -> None:
    answer = requests.post(f"{cloud.url}/_simulator/faults", json=fault, timeout=10)
    assert (answer.status_code, says in answer.json()["error"]) == (400, True)


def test_a_delay_is_told_from_an_answer_in_time(api: Api) -> None:
    api.cloud.faults({"fault": "delay", "seconds": 5})
    with pytest.raises(requests.Timeout):
        api.http.get(f"{api.cloud.open_endpoint}?command=listZones", timeout=0.2)


def test_the_menu_is_told(cloud: Simulator) -> None:
    assert cloud.control("GET", "status")["faults"] == KINDS
