# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""One writer at a time for each owner; a target that changes under our hands is planned anew."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import pytest

from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro import catalogue, wire
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.converge import converge
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.document import parse
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.errors import Contended
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.lease import TERM, Lease

from .converging import apps, done, names, opened, rows, run

if TYPE_CHECKING:
    from tests.conftest import Simulator

MAP = "policystringmap"
LB = {"lbvserver": {"web": {"servicetype": "HTTP"}}}


class Day:
    """A time of day that tests set."""

    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


def leases(simulator: Simulator) -> list[str]:
    return [row["comment"] for row in rows(simulator, MAP) if row["name"].startswith("nitrox_lease_")]


def test_a_lease_is_held_and_given_back(simulator: Simulator) -> None:
    with opened(simulator) as session:
        with Lease(session, "shop"):
            assert len(leases(simulator)) == 1
        assert leases(simulator) == []


def test_a_run_that_writes_leaves_no_lease_and_one_that_does_not_takes_none(simulator: Simulator) -> None:
    done(simulator, LB, owner="shop")
    assert leases(simulator) == []
    before = simulator.count("POST", MAP)
    assert done(simulator, LB, owner="shop") == []
    assert simulator.count("POST", MAP) == before


def test_the_second_waits_and_then_says_who_is_at_it(simulator: Simulator) -> None:
    with opened(simulator) as first, opened(simulator) as second, Lease(first, "shop"):
        with pytest.raises(Contended, match=r"owner shop: .* process \d+ is changing its objects .* nothing was done"):
            Lease(second, "shop").__enter__()
        with Lease(second, "blog"):
            assert len(leases(simulator)) == 2


def test_an_expired_lease_is_taken_over(simulator: Simulator) -> None:
    day = Day()
    with opened(simulator) as session:
        Lease(session, "shop", now=day).__enter__()
        day.now += TERM + 1
        with Lease(session, "shop", now=day):
            assert len(leases(simulator)) == 1
    assert leases(simulator) == []


def test_a_holder_who_lost_it_does_not_take_it_from_the_next(simulator: Simulator) -> None:
    day = Day()
    with opened(simulator) as session:
        lost = Lease(session, "shop", now=day)
        lost.__enter__()
        day.now += TERM + 1
        with Lease(session, "shop", now=day):
            lost.__exit__()
            assert len(leases(simulator)) == 1


def test_a_lease_in_use_is_renewed_when_half_of_it_is_over(simulator: Simulator) -> None:
    day = Day()
    with opened(simulator) as session, Lease(session, "shop", now=day) as lease:
        (first,) = leases(simulator)
        lease.renew()
        assert leases(simulator) == [first]
        day.now += TERM * 0.6
        lease.renew()
        assert leases(simulator) != [first]


@pytest.mark.parametrize("fault", ["drop_after", "drop_before", "duplicate"])
def test_a_lost_answer_is_read_back(simulator: Simulator, fault: str) -> None:
    simulator.faults({"fault": fault, "method": "POST", "kind": MAP})
    with opened(simulator) as session, Lease(session, "shop"):
        assert len(leases(simulator)) == 1
    assert leases(simulator) == []


@pytest.mark.parametrize("comment", ["", "nonsense", "1234 until soon somebody"])
def test_what_is_no_lease_is_in_nobodys_way(simulator: Simulator, comment: str) -> None:
    with opened(simulator) as session:
        session.send(wire.add(catalogue.kind(MAP), {"name": "nitrox_lease_shop", "comment": comment or "-"}))
    done(simulator, LB, owner="shop")
    assert leases(simulator) == []


class Meddling:
    """Somebody who changes the appliance when a session has read it so many times."""

    def __init__(self, simulator: Simulator, times: int) -> None:
        self.left, self._simulator, self._count = times, simulator, 0

    def __call__(self, session: Any) -> Any:
        original = session.read

        def read(kind: Any, key: Any) -> Any:
            found = original(kind, key)
            if self.left:
                self.left -= 1
                self._count += 1
                done(self._simulator, {"lbvserver": {"web": {"servicetype": "HTTP", "comment": f"{self._count}"}}})
            return found

        session.read = read
        return session


def test_a_target_that_changed_is_planned_anew(simulator: Simulator) -> None:
    """The first look finds nothing; then somebody creates it; what is applied is not a blind create but an update."""
    wanted = {"lbvserver": {"web": {"servicetype": "HTTP", "comment": "ours"}}}
    with opened(simulator) as session:
        plan, outcome = converge(Meddling(simulator, 1)(session), parse(wanted))
    assert outcome is not None and outcome.ok
    assert [str(change) for change in plan.changes] == ["update lbvserver web: comment: 1 → ours"]


def test_a_target_that_never_stops_changing_is_left_alone(simulator: Simulator) -> None:
    wanted = {"lbvserver": {"web": {"servicetype": "HTTP", "comment": "ours"}}}
    with opened(simulator) as session, pytest.raises(Contended, match="others keep changing"):
        converge(Meddling(simulator, 100)(session), parse(wanted))
    assert rows(simulator, "lbvserver")[0]["comment"] != "ours"


def both(simulator: Simulator, *documents: tuple[Any, str]) -> list[Any]:
    """Apply documents at the same time, each by its owner."""
    found: list[Any] = [None] * len(documents)

    def one(number: int, data: Any, owner: str) -> None:
        with opened_patiently(simulator) as session:
            found[number] = converge(session, parse(data), owner=owner, prune=True)[1]

    threads = [threading.Thread(target=one, args=(n, data, owner)) for n, (data, owner) in enumerate(documents)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def opened_patiently(simulator: Simulator) -> Any:
    import time

    session = opened(simulator)
    session._sleep = lambda seconds: time.sleep(min(seconds, 0.02))
    return session


def test_two_with_one_owner_end_with_one_of_both_documents_and_no_mixture(simulator: Simulator) -> None:
    left, right = apps(12), apps(12)
    for data, word in ((left, "left"), (right, "right")):
        for values in data["lbvserver"].values():
            values["comment"] = word
    outcomes = both(simulator, (left, "shop"), (right, "shop"))
    assert all(outcome.ok for outcome in outcomes)
    assert len({row["comment"] for row in rows(simulator, "lbvserver")}) == 1


def test_two_owners_at_once_lose_nothing(simulator: Simulator) -> None:
    mine = apps(12)
    yours = {"lbvserver": {f"your{n}": {"servicetype": "HTTP"} for n in range(12)}}
    outcomes = both(simulator, (mine, "shop"), (yours, "blog"))
    assert all(outcome.ok for outcome in outcomes)
    assert names(simulator, "lbvserver") == {*mine["lbvserver"], *yours["lbvserver"]}
    for data, owner in ((mine, "shop"), (yours, "blog")):
        plan, _ = run(simulator, data, owner=owner, prune=True)
        assert not plan
