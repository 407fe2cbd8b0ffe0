# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Nothing that somebody is connected to is removed before its connections are closed, or their time is over."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.converge import converge
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.document import parse

from .converging import apps, done, members, opened, run, steps

if TYPE_CHECKING:
    from tests.conftest import Simulator

MEMBER = "servicegroup_servicegroupmember_binding"


def connections(simulator: Simulator) -> dict[str, int]:
    """Of all members: open, finished, dropped."""
    found = simulator.control("GET", "connections")
    return {word: sum(row[word] for row in found["members"]) for word in ("open", "finished", "dropped")}


def opened_through(simulator: Simulator, vserver: str, count: int, seconds: float | None = None) -> None:
    simulator.control("POST", "connections", {"vserver": vserver, "count": count, "seconds": seconds})


def moved() -> dict[str, Any]:
    """All members of the group replaced by others."""
    data = apps(1)
    data["servicegroup"]["app0"]["bindings"]["servicegroupmember"] = [{"ip": f"10.9.9.{n}", "port": 8080} for n in range(1, 4)]
    return data


def test_without_a_drain_connections_are_dropped(simulator: Simulator) -> None:
    """What the others measure themselves against."""
    done(simulator, apps(1))
    opened_through(simulator, "app0", 10)
    done(simulator, moved())
    assert connections(simulator) == {"open": 0, "finished": 0, "dropped": 10}


def test_with_a_drain_they_finish(simulator: Simulator) -> None:
    done(simulator, apps(1))
    opened_through(simulator, "app0", 10, 0.3)
    verbs = [step.split()[0] for step in done(simulator, moved(), drain=30)]
    assert verbs == ["bind"] * 3 + ["drain"] * 5 + ["unbind"] * 5
    assert connections(simulator) == {"open": 0, "finished": 10, "dropped": 0}
    assert members(simulator, "app0") == {(f"10.9.9.{n}", 8080) for n in range(1, 4)}


def test_a_drain_ends_with_its_delay_and_says_what_was_left(simulator: Simulator) -> None:
    done(simulator, apps(1))
    opened_through(simulator, "app0", 10)
    told: list[str] = []
    with opened(simulator) as session:
        session._sleep = lambda _: None
        _, outcome = converge(session, parse(moved()), drain=1, progress=lambda *step: told.append(step[2]))
    assert outcome is not None and outcome.ok
    assert any(text.startswith("draining 5, 10 connections open") for text in told)
    assert connections(simulator) == {"open": 0, "finished": 0, "dropped": 10}


def test_all_drains_run_at_the_same_time_with_one_request_a_kind(simulator: Simulator) -> None:
    done(simulator, apps(3))
    data = apps(3)
    for group in data["servicegroup"].values():
        group["bindings"]["servicegroupmember"] = []
    before = simulator.count("POST", "servicegroup")
    done(simulator, data, drain=5)
    assert simulator.count("POST", "servicegroup") - before == 1


def test_what_is_disabled_already_does_not_drain(simulator: Simulator) -> None:
    data = apps(1)
    data["servicegroup"]["app0"]["bindings"]["servicegroupmember"] = [{"ip": "10.0.0.1", "port": 8080, "state": "DISABLED"}]
    done(simulator, data)
    data["servicegroup"]["app0"]["bindings"]["servicegroupmember"] = []
    plan, _ = run(simulator, data, drain=30)
    assert steps(plan) == [f"unbind {MEMBER} app0 10.0.0.1 8080"]


def test_a_group_and_a_service_that_go_away_drain_before_they_are_unbound(simulator: Simulator) -> None:
    data = apps(1)
    data["server"] = {"one": {"ipaddress": "10.8.8.8"}}
    data["service"] = {"svc": {"servername": "one", "servicetype": "HTTP", "port": 80}}
    data["lbvserver"]["app0"]["bindings"]["service"] = ["svc"]
    done(simulator, data, owner="shop")
    opened_through(simulator, "app0", 12, 0.3)
    less = {"lbvserver": {"app0": {"servicetype": "HTTP", "bindings": {"service": [], "servicegroup": []}}}}
    found = [step.rsplit(" ", 1)[0] for step in done(simulator, less, owner="shop", prune=True, drain=30)]
    assert found[:2] == ["drain service", "drain servicegroup"]
    assert connections(simulator) == {"open": 0, "finished": 12, "dropped": 0}


@pytest.mark.parametrize("fault", ["drop_after", "drop_before"])
def test_a_lost_answer_to_a_drain_is_read_back(simulator: Simulator, fault: str) -> None:
    done(simulator, apps(1))
    opened_through(simulator, "app0", 10, 0.3)
    simulator.faults({"fault": fault, "method": "POST", "kind": "servicegroup", "action": "disable"})
    done(simulator, moved(), drain=30)
    assert connections(simulator) == {"open": 0, "finished": 10, "dropped": 0}


def test_a_drain_that_is_undone_serves_again(simulator: Simulator) -> None:
    done(simulator, apps(1))
    before = members(simulator, "app0")
    simulator.faults({"fault": "reject", "method": "DELETE", "kind": MEMBER, "skip": 2, "errorcode": 315, "times": 1})
    _, outcome = run(simulator, moved(), drain=5, on_error="undo")
    assert not outcome.ok
    assert all(item.ok for item in outcome.undone)
    assert members(simulator, "app0") == before
    assert done(simulator, apps(1)) == []
    opened_through(simulator, "app0", 5)
    assert connections(simulator)["open"] == 5
