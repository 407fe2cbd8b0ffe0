# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Check mode tells what a run does: every step, and no other."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from nitrox.cloudstack.testing import Simulator

from .cluster import build, description, in_vpc, mine

Change = Callable[[dict[str, Any]], object]
CHANGES: dict[str, Change] = {
    "ports of a firewall rule": lambda one: one["addresses"][0]["firewall"][0].update(ports=[81]),
    "destination of the egress": lambda one: one["egress"][0].update(to=["203.0.113.0/24"]),
    "place of a forward": lambda one: one["groups"][1]["forward"][0].update(to_port=2222),
    "port of a forward": lambda one: one["groups"][1]["forward"][0].update(port=2301),
    "fewer machines": lambda one: one["groups"][1].update(count=1),
    "another value of a tag": lambda one: one["groups"][1].update(tags={"role": "api"}),
    "one address less": lambda one: (one["addresses"].pop(), one["groups"][1].pop("forward")),
    "static NAT to another": lambda one: one["addresses"][0].update(static_nat="shop-web-1"),
}


def told(cloud: Simulator, wanted: dict[str, Any], **how: Any) -> set[tuple[str, str]]:
    """The steps of a prediction, which changes nothing and is the same twice."""
    before = cloud.writes()
    steps = [(step.verb, step.about) for step in build(cloud, wanted, predict=True, **how).steps]
    assert cloud.writes() == before
    assert steps == [(step.verb, step.about) for step in build(cloud, wanted, predict=True, **how).steps]
    assert len(steps) == len(set(steps))
    return set(steps)


def done(cloud: Simulator, wanted: dict[str, Any], **how: Any) -> set[tuple[str, str]]:
    """The steps of a run."""
    return {(step.verb, step.about) for step in build(cloud, wanted, **how).steps}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_change_is_told(cloud: Simulator, change: Change) -> None:
    build(cloud)
    wanted = description()
    change(wanted)
    forecast = told(cloud, wanted)
    assert forecast
    assert forecast == done(cloud, wanted)


@pytest.mark.parametrize("wanted", [description(), in_vpc()], ids=["isolated network", "VPC"])
def test_all_that_is_made_and_removed_is_told(cloud: Simulator, wanted: dict[str, Any]) -> None:
    forecast = told(cloud, wanted)
    made = done(cloud, wanted)
    assert forecast <= made
    assert {verb for verb, _about in made - forecast} == {"tag"}  # which go with what is made
    assert told(cloud, wanted) == set()
    forecast = told(cloud, wanted, present=False)
    assert forecast == done(cloud, wanted, present=False)
    assert told(cloud, wanted, present=False) == set()


@pytest.mark.parametrize("state", ["Error", "Destroyed"])
def test_a_machine_that_is_mended_is_told(cloud: Simulator, state: str) -> None:
    build(cloud)
    cloud.control("POST", "mutate", {"kind": "virtualmachine", "name": "shop-web-1", "set": {"state": state}})
    forecast = told(cloud, description())
    assert forecast == {("remove", "machine shop-web-1"), ("create", "machine shop-web-1"), ("create", "forward ssh tcp 2201")}
    assert forecast <= done(cloud, description())
    assert len(mine(cloud, "virtualmachine")) == 4
