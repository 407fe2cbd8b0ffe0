# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""The properties that a provisioning tool owes its users, by number: each under the fault that others break under.

P11 (Ansible run twice, check mode that predicts) is in ``tests/ansible/test_p11.py``; P12 is in ``test_fleet.py``.
"""

from __future__ import annotations

import hashlib
import itertools
from typing import TYPE_CHECKING, Any

import pytest

from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro import catalogue
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.converge import converge
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.document import parse, to_data
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.errors import NitroError, PartlyDone
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.register import identity, row_key
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.retry import FIRST, LONGEST, Backoff
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.session import Session, Target
from tests.core.converging import apps, done, names, opened, rows, run

if TYPE_CHECKING:
    from tests.conftest import Simulator

MEMBER = "servicegroup_servicegroupmember_binding"
LB = {"lbvserver": {"web": {"servicetype": "HTTP", "ipv46": "203.0.113.10", "port": 80}}}
WHOLE = apps(2) | {"lbmonitor": {"ok": {"type": "HTTP"}}, "server": {"s": {"ipaddress": "192.0.2.1"}}}
CREATES = ("lbvserver", "servicegroup", "lbmonitor", "server", MEMBER, "lbvserver_servicegroup_binding")


def since(simulator: Simulator, mark: int) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = simulator.control("GET", f"log?after={mark}")
    return found


def writes(simulator: Simulator, mark: int = 0) -> list[str]:
    log = since(simulator, mark)
    return [f"{one['method']} {one['kind']}" for one in log if one["method"] != "GET" and one["kind"] not in ("login", "logout")]


def mark(simulator: Simulator) -> int:
    log = simulator.log()
    return int(log[-1]["number"]) if log else 0


@pytest.mark.parametrize("kind", CREATES)
def test_p01_a_lost_acknowledgement_does_not_allocate_twice(simulator: Simulator, kind: str) -> None:
    method = "PUT" if kind.endswith("_binding") else "POST"
    simulator.faults({"fault": "drop_after", "method": method, "kind": kind})
    _, outcome = run(simulator, WHOLE)
    assert outcome.ok
    assert {item.status for item in outcome.items if item.change.kind == kind} == {"resolved"}
    keys = [catalogue.kind(kind).identity(row) for row in rows(simulator, kind)]
    assert len(keys) == len(set(keys))
    assert done(simulator, WHOLE) == []


def test_p02_a_command_that_is_done_twice_has_the_same_result(simulator: Simulator) -> None:
    def shape() -> dict[str, list[str]]:
        state = simulator.state()
        return {kind: sorted(str(catalogue.kind(kind).identity(row)) for row in state.get(kind, ())) for kind in CREATES}

    done(simulator, WHOLE)
    once = shape()
    simulator.reset()
    simulator.faults({"fault": "duplicate", "times": 0})
    done(simulator, WHOLE)
    assert shape() == once
    simulator.clear_faults()
    for _again in range(2):
        at = mark(simulator)
        assert done(simulator, WHOLE) == []
        assert writes(simulator, at) == []


@pytest.mark.parametrize("code", [0, 257, 258, 273, 293, 366, 444, 1028, 1067, 1097, 2138, 3445])
def test_p03_refusals_are_told_from_everything_else(simulator: Simulator, code: int) -> None:
    """Class B for every code; codes that mean "not now" are waited for. Where the session is refused (444) for good, the run
    starts anew a few times, and says at last that nothing was done: class A."""
    fault = {"fault": "html"} if code == 0 else {"fault": "reject", "errorcode": code}
    simulator.faults({**fault, "method": "POST", "kind": "lbvserver", "times": 0})
    _, outcome = run(simulator, LB)
    error = outcome.failure()
    assert error is not None
    assert error.failure_class == {444: "A"}.get(code, "B")
    assert names(simulator, "lbvserver") == set()
    assert {item.status for item in outcome.items} <= {"refused", "not_tried"}


def test_p03_unreachable_is_class_a(simulator: Simulator) -> None:
    with opened(simulator, url="http://127.0.0.1:9", retries=1) as session, pytest.raises(NitroError) as told:
        converge(session, parse(LB))
    assert told.value.failure_class == "A"


def test_p03_half_a_batch_is_class_c(simulator: Simulator) -> None:
    simulator.faults({"fault": "fail_item", "method": "POST", "kind": "lbvserver", "item": 1, "errorcode": 1097})
    _, outcome = run(simulator, apps(3))
    error = outcome.failure()
    assert isinstance(error, PartlyDone) and error.failure_class == "C"


def test_p03_what_cannot_be_told_is_class_d(simulator: Simulator) -> None:
    simulator.faults(
        {"fault": "drop_after", "method": "POST", "kind": "lbvserver"},
        {"fault": "drop_before", "method": "GET", "kind": "lbvserver", "skip": 2, "times": 0},
    )
    _, outcome = run(simulator, LB)
    assert [item.status for item in outcome.items] == ["unknown"]
    assert outcome.error is not None and outcome.error.failure_class == "D"


@pytest.mark.parametrize("fault", ["html", "garble", "drop_before", {"fault": "reject", "errorcode": 446}])
def test_p03_an_unknown_read_is_neither_absent_nor_followed_by_a_write(simulator: Simulator, fault: Any) -> None:
    done(simulator, LB)
    planned = fault if isinstance(fault, dict) else {"fault": fault}
    simulator.faults({**planned, "method": "GET", "kind": "lbvserver", "times": 0})
    at = mark(simulator)
    with opened(simulator, retries=1) as session, pytest.raises(NitroError):
        converge(session, parse({"lbvserver": {"web": {"servicetype": "HTTP", "comment": "x"}}}))
    assert writes(simulator, at) == []


@pytest.mark.parametrize(("fault", "more"), [("drop_after", 0), ("drop_before", 1)])
def test_p04_after_a_timeout_it_reads_before_it_writes(simulator: Simulator, fault: str, more: int) -> None:
    simulator.faults({"fault": fault, "method": "POST", "kind": "lbvserver"})
    done(simulator, LB)
    log = [f"{one['method']} {one['kind']}" for one in simulator.log() if one["kind"] == "lbvserver"]
    lost = log.index("POST lbvserver")
    assert log[lost + 1] == "GET lbvserver"
    assert log[lost + 1 :].count("POST lbvserver") == more


@pytest.mark.parametrize("k", range(6))
def test_p05_a_failure_midway_leaves_only_the_rest_to_do(simulator: Simulator, k: int) -> None:
    data = {"lbvserver": {f"v{n}": {"servicetype": "HTTP"} for n in range(6)}}
    simulator.faults({"fault": "fail_item", "method": "POST", "kind": "lbvserver", "item": k, "errorcode": 1097})
    _, outcome = run(simulator, data)
    left = [item.change.name for item in outcome.items if not item.ok]
    assert set(left) == set(data["lbvserver"]) - names(simulator, "lbvserver")
    assert f"v{k}" in left
    assert done(simulator, data) == [f"create lbvserver {name}" for name in left]


class Clock:
    """Time that passes only when somebody waits."""

    def __init__(self) -> None:
        self.now, self.waits = 0.0, list[float]()

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.now += seconds


def patient(simulator: Simulator, clock: Clock, **options: Any) -> Session:
    target = Target.from_options({"url": simulator.url, "username": "nsroot", "password": "nsroot", **options}, {})
    return Session(target, clock=clock, sleep=clock.sleep, random=lambda: 1.0)


def test_p06_invalid_is_never_tried_again(simulator: Simulator) -> None:
    simulator.faults({"fault": "reject", "errorcode": 1097, "method": "POST", "kind": "lbvserver", "times": 0})
    clock = Clock()
    with patient(simulator, clock) as session:
        converge(session, parse(LB))
    assert simulator.count("POST", "lbvserver") == 1
    assert clock.waits == []


def test_p06_not_ready_is_waited_for_with_growing_pauses_within_a_budget(simulator: Simulator) -> None:
    simulator.faults({"fault": "unavailable", "method": "POST", "kind": "lbvserver", "times": 0})
    clock = Clock()
    with patient(simulator, clock, retries=1000, retry_budget=600) as session:
        converge(session, parse(LB))
    assert clock.waits[:6] == [FIRST * 2**n if FIRST * 2**n < LONGEST else LONGEST for n in range(6)]
    assert max(clock.waits) == LONGEST
    assert 600 - LONGEST <= clock.now <= 600
    assert simulator.count("POST", "lbvserver") <= 80


def test_p06_pauses_have_jitter() -> None:
    clock = Clock()
    dice = itertools.cycle([0.1, 0.9, 0.5])
    backoff = Backoff(retries=6, budget=100, clock=clock, sleep=clock.sleep, random=lambda: next(dice))
    while backoff.pause():
        pass
    assert clock.waits == pytest.approx([0.05, 0.9, 1.0, 0.4, 7.2, 4.0])


def test_p06_an_expired_session_is_renewed_exactly_once(simulator: Simulator) -> None:
    simulator.faults({"fault": "expire", "after": 3})
    with opened(simulator) as session:
        converge(session, parse(WHOLE))
        assert session.logins == 2
    simulator.faults({"fault": "reject", "kind": "lbvserver", "errorcode": 444, "status": 401, "times": 0})
    with opened(simulator) as session, pytest.raises(NitroError):
        converge(session, parse(LB))
    assert session.logins == 2


def test_p07_register_names_are_injective_and_reversible() -> None:
    corpus = [(kind, (f"{a}{b}",)) for kind in ("lbvserver", "lbvserver web") for a in range(250) for b in _awkward(200)]
    assert len(corpus) == 100_000
    spelled = {row_key(one) for one in corpus}
    assert len(spelled) == len(set(corpus))
    assert all(identity(row_key(one)) == one for one in corpus)


def _awkward(count: int) -> list[str]:
    letters = "/ %-_:.@=#é'\"\n"
    return [letters[n % len(letters)] + hashlib.sha256(str(n).encode()).hexdigest()[: n % 40] + f"{n}" for n in range(count)]


def test_p07_names_are_a_function_of_the_document_alone() -> None:
    """From an empty machine, and in any order, the same objects come out; each at most as long as NITRO takes."""
    backends = {"web": {"members": ["198.51.100.1:80"]}}
    frontends = {f"{'x' * 90}{n}": {"address": f"203.0.113.{n + 1}", "backends": backends} for n in range(40)}
    first = to_data(parse({"frontends": frontends}))
    again = to_data(parse({"frontends": dict(reversed(frontends.items()))}))
    assert {kind: set(objects) for kind, objects in first.items() if isinstance(objects, dict)} == {
        kind: set(objects) for kind, objects in again.items() if isinstance(objects, dict)
    }
    every = [name for kind in ("lbvserver", "servicegroup") for name in first[kind]]
    assert len(set(first["lbvserver"])) == 40
    assert max(map(len, every)) <= 127


@pytest.mark.parametrize("fault", ["reboot", "empty"])
@pytest.mark.parametrize("at", range(0, 12, 2))
def test_p08_a_box_that_restarts_or_is_replaced_gets_everything_again(simulator: Simulator, fault: str, at: int) -> None:
    """Without a human step: the run in which it happens goes on with a new plan."""
    simulator.control("POST", "options", {"boot_seconds": 0})
    simulator.faults({"fault": fault, "after": at})
    with opened(simulator) as session:
        _, outcome = converge(session, parse(WHOLE), owner="shop")
    assert outcome is not None and outcome.ok, outcome and outcome.summary()
    assert done(simulator, WHOLE, owner="shop", prune=True) == []


DRIFT: dict[str, dict[str, Any]] = {
    "member deleted": {"kind": MEMBER, "key": {"servicegroupname": "app0", "ip": "10.0.0.1", "port": 8080}, "remove": True},
    "member added": {"kind": MEMBER, "add": {"servicegroupname": "app0", "ip": "10.0.0.1", "servername": "10.0.0.1", "port": 9}},
    "member disabled": {
        "kind": MEMBER,
        "key": {"servicegroupname": "app0", "ip": "10.0.0.1", "port": 8080},
        "set": {"state": "DISABLED"},
    },
    "weight": {"kind": MEMBER, "key": {"servicegroupname": "app0", "ip": "10.0.0.1", "port": 8080}, "set": {"weight": 77}},
    "vserver deleted": {"kind": "lbvserver", "key": {"name": "app0"}, "remove": True},
    "method": {"kind": "lbvserver", "key": {"name": "app0"}, "set": {"lbmethod": "ROUNDROBIN"}},
    "binding deleted": {
        "kind": "lbvserver_servicegroup_binding",
        "key": {"name": "app0", "servicegroupname": "app0"},
        "remove": True,
    },
}


def declared() -> dict[str, Any]:
    data = apps(1)
    data["lbvserver"]["app0"]["lbmethod"] = "LEASTCONNECTION"
    for member in data["servicegroup"]["app0"]["bindings"]["servicegroupmember"]:
        member.update(weight=10, state="ENABLED")
    return data


@pytest.mark.parametrize("drift", DRIFT)
def test_p09_drift_is_detected_and_repaired_and_nothing_else_is_touched(simulator: Simulator, drift: str) -> None:
    foreign = {"lbvserver": {"theirs": {"servicetype": "HTTP", "comment": "x"}}}
    done(simulator, foreign)
    done(simulator, declared(), owner="shop")
    theirs = [row for row in rows(simulator, "lbvserver") if row["name"] == "theirs"]
    simulator.control("POST", "mutate", {"kind": "lbvserver", "key": {"name": "app0"}, "set": {"comment": "not ours to set"}})
    simulator.control("POST", "mutate", DRIFT[drift])
    steps = done(simulator, declared(), owner="shop", prune=True)
    assert steps
    assert done(simulator, declared(), owner="shop", prune=True) == []
    assert [row for row in rows(simulator, "lbvserver") if row["name"] == "theirs"] == theirs
    if drift != "vserver deleted":
        assert next(row for row in rows(simulator, "lbvserver") if row["name"] == "app0")["comment"] == "not ours to set"
