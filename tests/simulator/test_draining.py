# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Members that leave: whose connections may finish, until when, and what becomes of the rest."""

from __future__ import annotations

import pytest

from nitrox.simulator.testing import Simulator

from .live import BOUND, LEAVING, MEMBER, ONE, TWO, advance, connect, disable, furnish, hand_over, report, states, tallies
from .nitro import Nitro


@pytest.fixture
def web(nitro: Nitro) -> Nitro:
    """A virtual server with a group of two members."""
    furnish(nitro)
    return nitro


def test_a_complete_set_drops_those_of_whom_it_lacks(nitro: Nitro, box: Simulator) -> None:
    nitro.add("lbvserver", name="v", servicetype="HTTP")
    nitro.add("servicegroup", servicegroupname="g", servicetype="HTTP", autoscale="API")
    hand_over(nitro, 10, 11)
    nitro.bind(BOUND, name="v", servicegroupname="g")
    connect(box, 4)
    hand_over(nitro, 11, 12)
    assert tallies(box) == {ONE: (0, 0, 2), TWO: (2, 0, 0)}


def test_a_complete_set_with_grace_lets_them_finish(nitro: Nitro, box: Simulator) -> None:
    nitro.add("lbvserver", name="v", servicetype="HTTP")
    grace = {"autodisablegraceful": "YES", "autodisabledelay": 60}
    nitro.add("servicegroup", servicegroupname="g", servicetype="HTTP", autoscale="API", **grace)
    hand_over(nitro, 10, 11)
    nitro.bind(BOUND, name="v", servicegroupname="g")
    connect(box, 4, seconds=20)
    hand_over(nitro, 11)
    assert states(nitro) == ["GOING OUT OF SERVICE", "UP"]
    advance(box, 21)
    assert states(nitro) == ["UP"]
    assert tallies(box) == {ONE: (0, 2, 0), TWO: (0, 2, 0)}


def test_a_graceful_disable_lets_them_finish_and_takes_no_new_ones(web: Nitro, box: Simulator) -> None:
    connect(box, 4, seconds=20)
    disable(web, "servicegroup", **LEAVING, delay=60, graceful="YES")
    assert states(web) == ["GOING OUT OF SERVICE", "UP"]
    connect(box, 2)
    assert tallies(box) == {ONE: (2, 0, 0), TWO: (4, 0, 0)}
    advance(box, 21)
    assert states(web) == ["OUT OF SERVICE", "UP"]
    assert tallies(box)[ONE] == (0, 2, 0)


def test_a_graceful_disable_without_a_delay_waits_for_the_last_one(web: Nitro, box: Simulator) -> None:
    connect(box, 4)
    disable(web, "servicegroup", **LEAVING, graceful="YES")
    advance(box, 100_000)
    box.control("DELETE", "connections?count=1")
    fresh = Nitro(box.url)
    assert states(fresh) == ["GOING OUT OF SERVICE", "UP"]
    assert fresh.delete(f"{MEMBER}/g?args=ip:192.0.2.10,port:80").errorcode == 1443
    box.control("DELETE", "connections?count=1")
    assert states(fresh) == ["OUT OF SERVICE", "UP"]
    assert fresh.delete(f"{MEMBER}/g?args=ip:192.0.2.10,port:80").status == 200
    assert report(box)["dropped"] == 0


def test_those_that_outlive_the_delay_are_dropped_by_the_request_that_set_it(web: Nitro, box: Simulator) -> None:
    connect(box, 2, seconds=20)
    connect(box, 2)
    disable(web, "servicegroup", **LEAVING, delay=60, graceful="YES")
    advance(box, 61)
    assert tallies(box)[ONE] == (0, 1, 1)
    drop = report(box)["drops"][0]
    assert (drop["why"], drop["request"]) == ("the delay is over", "POST servicegroup?action=disable")


def test_a_delay_without_grace_is_waited_for(web: Nitro, box: Simulator) -> None:
    connect(box, 2, seconds=20)
    disable(web, "servicegroup", **LEAVING, delay=60)
    advance(box, 21)
    assert states(web) == ["GOING OUT OF SERVICE", "UP"]
    assert report(box)["dropped"] == 0


def test_who_is_enabled_again_in_time_keeps_its_connections(web: Nitro, box: Simulator) -> None:
    connect(box, 2)
    disable(web, "servicegroup", **LEAVING, delay=60, graceful="YES")
    assert web.post("servicegroup?action=enable", {"servicegroup": LEAVING}).status == 200
    advance(box, 61)
    assert (states(web), report(box)["open"]) == (["UP", "UP"], 2)
