# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""A cluster's life: made, left alone, grown, shrunk, changed, mended, removed; and what that costs in calls."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.nitrox.netscaler.plugins.module_utils.cloudstack.errors import Incomplete, Invalid
from nitrox.cloudstack.testing import Simulator

from .cluster import build, client, description, in_vpc, mine, objects, polls, reads


@pytest.mark.parametrize("wanted", [description(), in_vpc()], ids=["isolated network", "VPC"])
def test_a_life(cloud: Simulator, wanted: dict[str, Any]) -> None:
    predicted = build(cloud, wanted, predict=True)
    assert cloud.writes() == {}
    made = build(cloud, wanted)
    forecast = {(step.verb, step.about) for step in predicted.steps}
    assert forecast <= {(step.verb, step.about) for step in made.steps}
    assert {machine["state"] for machine in made.machines} == {"Running"}
    cloud.control("POST", "reset")
    build(cloud, wanted)
    before = cloud.writes()
    assert build(cloud, wanted).steps == []
    assert cloud.writes() == before
    build(cloud, wanted, present=False)
    assert objects(cloud) == {}
    assert cloud.state("tag") == []
    assert {row["name"] for row in cloud.state("networkacllist")} == {"default_allow", "default_deny"}
    writes = cloud.writes()
    assert build(cloud, wanted, present=False).steps == []
    assert cloud.writes() == writes


def test_ten_machines_cost_no_more_calls_than_objects_and_lists(cloud: Simulator) -> None:
    report = build(cloud, description(9))
    assert len(report.machines) == 10
    made = sum(objects(cloud).values()) - 1  # the source NAT address comes by itself
    tags, static_nat = 2 + 2, 1  # one call for the machines of each group, one for each address
    assert sum(cloud.writes().values()) == made + tags + static_nat
    assert sum(report.calls.values()) == sum(cloud.writes().values()) + reads(report.calls) + polls(report.calls)
    assert polls(report.calls) <= 2
    assert reads(report.calls) <= 20
    again = build(cloud, description(9))
    assert sum(again.calls.values()) == reads(again.calls) == 12


def test_calls_grow_linearly(cloud: Simulator) -> None:
    numbers = {}
    for count in (50, 100, 200):
        cloud.reset()
        report = build(cloud, description(count - 1))
        assert len(report.machines) == count
        numbers[count] = sum(report.calls.values())
    assert numbers[200] - numbers[100] == 2 * (numbers[100] - numbers[50]) == 200  # a machine and its forward
    assert sum(build(cloud, description(199)).calls.values()) == 12


def test_what_there_is_more_than_a_page_of_is_seen(cloud: Simulator) -> None:
    build(cloud, description(30))
    cloud.control("POST", "options", {"page_size": 20})
    assert build(cloud, description(30)).steps == []
    assert build(cloud, description(30), present=False).steps
    assert objects(cloud) == {}


@pytest.mark.parametrize("wanted", [description(2), in_vpc(2)], ids=["isolated network", "VPC"])
def test_lists_that_lag_behind_make_nothing_double(cloud: Simulator, wanted: dict[str, Any]) -> None:
    expected = build(cloud, wanted).steps
    cloud.reset()
    cloud.control("POST", "clock", {"advance": 60})
    cloud.faults({"fault": "stale", "seconds": 20, "command": "list*", "times": 0})
    assert len(build(cloud, wanted).steps) == len(expected)
    cloud.clear_faults()
    assert build(cloud, wanted).steps == []


@pytest.mark.parametrize("state", ["Stopped", "Error", "Destroyed"])
def test_a_machine_that_does_not_run_is_mended(cloud: Simulator, state: str) -> None:
    build(cloud)
    cloud.control("POST", "mutate", {"kind": "virtualmachine", "name": "shop-web-1", "set": {"state": state}})
    verbs = {step.verb for step in build(cloud).steps if step.kind == "machine"}
    assert verbs == ({"start"} if state == "Stopped" else {"remove", "create", "tag"})
    assert {row["state"] for row in mine(cloud, "virtualmachine")} == {"Running"}


def test_scale_in_takes_the_ways_to_a_machine_before_the_machine(cloud: Simulator) -> None:
    build(cloud, description(3))
    assert build(cloud, description(1), predict=True).leaving == ["shop-web-2", "shop-web-3"]
    steps = [(step.verb, step.kind) for step in build(cloud, description(1)).steps]
    assert steps == [("remove", "forward")] * 2 + [("remove", "machine")] * 2
    assert sorted(row["name"] for row in mine(cloud, "virtualmachine")) == ["shop-lb-1", "shop-web-1"]


def test_a_changed_machine_is_only_replaced_where_that_is_allowed(cloud: Simulator) -> None:
    build(cloud)
    wanted = description()
    wanted["groups"][0]["offering"] = "Medium Instance"
    wanted["replace"] = ["shop-lb-1"]
    report = build(cloud, wanted)
    assert report.leaving == ["shop-lb-1"]
    assert build(cloud, wanted).steps == []
    names = {row["name"]: row for row in mine(cloud, "virtualmachine")}
    assert len(names) == 4


def enlarged(replace: list[str]) -> dict[str, Any]:
    """All machines of web are to be larger."""
    wanted = description(replace=replace)
    wanted["groups"][1]["offering"] = "Medium Instance"
    return wanted


def test_machines_are_replaced_together(cloud: Simulator) -> None:
    build(cloud)
    web = ["shop-web-1", "shop-web-2", "shop-web-3"]
    kept = next(row["id"] for row in mine(cloud, "virtualmachine") if row["name"] == "shop-lb-1")
    before = cloud.writes()
    with pytest.raises(Invalid, match=r"machine shop-web-2: .*; machine shop-web-3: "):
        build(cloud, enlarged(web[:1]))
    assert cloud.writes() == before
    report = build(cloud, enlarged([*web, "shop-lb-1"]))
    assert report.leaving == web
    found = [(step.verb, step.name) for step in report.steps if step.kind == "machine" and step.verb != "tag"]
    assert found == [(verb, name) for verb in ("remove", "create") for name in web]
    assert kept in {row["id"] for row in mine(cloud, "virtualmachine")}
    assert build(cloud, enlarged([])).steps == []


def test_no_machine_comes_before_all_that_are_replaced_have_gone(cloud: Simulator) -> None:
    build(cloud)
    web = ["shop-web-1", "shop-web-2", "shop-web-3"]
    cloud.faults({"fault": "job_fails", "command": "destroyVirtualMachine", "message": "the agent is away"})
    with pytest.raises(Incomplete, match=r"machine shop-web-1: .*the agent is away"):
        build(cloud, enlarged(web))
    assert sorted(row["name"] for row in mine(cloud, "virtualmachine")) == ["shop-lb-1", "shop-web-1"]
    build(cloud, enlarged(web[:1]))
    assert {row["name"] for row in mine(cloud, "virtualmachine")} == {"shop-lb-1", *web}


def test_other_machines_of_the_network_are_left_alone(cloud: Simulator) -> None:
    build(cloud)
    api = client(cloud)
    (network,) = mine(cloud, "network")
    machine = mine(cloud, "virtualmachine")[0]
    api.write(
        "deployVirtualMachine", name="guest", zoneid=machine["zoneid"], templateid=machine["templateid"],
        serviceofferingid=machine["serviceofferingid"], networkids=network["id"],
    )  # fmt: skip
    api.close()
    assert build(cloud).foreign == ["guest"]
    assert len(mine(cloud, "virtualmachine")) == 5
