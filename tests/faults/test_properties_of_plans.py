# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Properties of whole plans, by number: no needless write (P10), isolation (P26), make before break (P27), the contract
(P32), any order (P34)."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro import catalogue
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.converge import converge
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.document import parse
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.errors import NitroError
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.outcome import Outcome
from tests.core.converging import apps, done, members, names, opened, rows, run

from .test_properties import mark, since

if TYPE_CHECKING:
    from tests.conftest import Simulator

MEMBER = "servicegroup_servicegroupmember_binding"


def test_p10_a_thousand_looks_at_what_is_as_wanted_write_nothing(simulator: Simulator) -> None:
    """Numbers as text, other cases, other spellings of an address, defaults: all the same."""
    done(simulator, {"lbvserver": {"v": {"servicetype": "HTTP", "ipv46": "2001:db8::a", "port": 80, "lbmethod": "ROUNDROBIN"}}})
    spellings = itertools.product(
        (80, "80", 80.0), ("http", "HTTP"), ("2001:DB8:0:0::A", "2001:db8::a"), ("roundrobin",), (None, 180)
    )
    variants = [
        {"servicetype": word, "ipv46": address, "port": port, "lbmethod": method, **({"clttimeout": time} if time else {})}
        for port, word, address, method, time in spellings
    ]
    at = simulator.counters()["requests_total"]
    with opened(simulator) as session:
        for number in range(1000):
            plan, _ = converge(session, parse({"lbvserver": {"v": variants[number % len(variants)]}}))
            assert not plan, plan.explain()
    assert simulator.counters()["requests_total"] - at == 1000 + 2  # one read each, login and logout


def test_p26_one_bad_app_does_not_stop_the_other_ninety_nine(simulator: Simulator) -> None:
    data = apps(100)
    for number in range(2):
        simulator.faults(
            {"fault": "fail_item", "method": "POST", "kind": "lbvserver", "item": 41 * (1 - number), "errorcode": 1097}
        )
        _, outcome = run(simulator, data, on_error="continue")
        assert [(item.change.name, item.errorcode) for item in outcome.items if item.status == "refused"] == [("app41", 1097)]
        assert {item.change.name.split()[0] for item in outcome.items if item.status == "not_tried"} <= {"app41"}
        assert names(simulator, "lbvserver") == set(data["lbvserver"]) - {"app41"}


def pool_sizes(simulator: Simulator, data: dict[str, Any], **options: Any) -> list[int]:
    """How many members serve after each write."""
    sizes: list[int] = []
    with opened(simulator) as session:
        original = session.send

        def send(request: Any) -> Any:
            answer = original(request)
            if not request.safe:
                serving = [row for row in rows(simulator, MEMBER) if row.get("state") != "DISABLED"]
                sizes.append(len(serving))
            return answer

        session.send = send  # type: ignore[method-assign]
        _, outcome = converge(session, parse(data), **options)
    assert isinstance(outcome, Outcome) and outcome.ok
    return sizes


@pytest.mark.parametrize(("old", "new"), [(5, 5), (5, 2), (2, 5), (1, 1)])
@pytest.mark.parametrize("drain", [None, 1])
def test_p27_members_are_made_before_they_are_broken(simulator: Simulator, old: int, new: int, drain: int | None) -> None:
    def group(count: int, net: int) -> dict[str, Any]:
        made = [{"ip": f"10.{net}.0.{n}", "port": 80} for n in range(1, count + 1)]
        return {"servicegroup": {"g": {"servicetype": "HTTP", "bindings": {"servicegroupmember": made}}}}

    done(simulator, group(old, 1))
    sizes = pool_sizes(simulator, group(new, 2), drain=drain)
    assert min(sizes) >= min(old, new)
    assert members(simulator, "g") == {(f"10.2.0.{n}", 80) for n in range(1, new + 1)}


def test_p27_the_delay_of_a_drain_is_honoured_before_the_unbind(simulator: Simulator) -> None:
    done(simulator, apps(1))
    simulator.connect("app0", 5, seconds=0.2)
    less = apps(1)
    less["servicegroup"]["app0"]["bindings"]["servicegroupmember"] = []
    at = mark(simulator)
    done(simulator, less, drain=20)
    log = [f"{one['method']} {one['kind']}{one['action'] and ' ' + one['action']}" for one in since(simulator, at)]
    assert log.index("POST servicegroup disable") < log.index(f"DELETE {MEMBER}")
    assert simulator.connections()["dropped"] == 0


@pytest.mark.parametrize("wrong", ["unknown", "readonly", "enum", "range", "type"])
def test_p32_the_contract_is_checked_before_the_wire_for_every_kind(wrong: str) -> None:
    checked = 0
    for kind in catalogue.kinds():
        if not kind.manageable or not kind.readable or kind.is_binding or kind.switches:
            continue
        for name, value in _wrong(kind, wrong):
            data = {kind.name: [{**dict.fromkeys(kind.keys, "x"), name: value}] if kind.keys else {name: value}}
            with pytest.raises(NitroError) as told:
                parse(data)
            assert name in str(told.value), (kind.name, name, str(told.value))
            checked += 1
    assert checked > (400 if wrong in ("unknown", "type") else 300), checked


def _wrong(kind: Any, wrong: str) -> list[tuple[str, Any]]:
    """Some attributes of the kind with a value that is wrong in that way."""
    if wrong == "unknown":
        return [("nosuchattribute", 1)]
    own = [a for a in kind if a.writable and a.name not in kind.keys]
    if wrong == "readonly":
        return [(a.name, "x") for a in kind if a.readonly and not a.on and not a.alt][:1]
    if wrong == "enum":
        return [(a.name, "NO_SUCH_WORD") for a in own if a.values and a.type == "string"][:3]
    if wrong == "range":
        return [(a.name, a.max + 7) for a in own if a.type == "integer" and a.max is not None][:3]
    return [(a.name, {"a": 1}) for a in own if a.type in ("string", "integer")][:1]


def test_p34_any_order_of_declaration_converges(simulator: Simulator) -> None:
    @settings(max_examples=25, deadline=None, derandomize=True, database=None)
    @given(order=st.permutations(range(6)), inner=st.permutations(range(3)))
    def check(order: list[int], inner: list[int]) -> None:
        simulator.reset()
        parts = list(_chain().items())
        assert done(simulator, {name: _shuffled(objects, inner) for name, objects in (parts[n] for n in order)})
        assert done(simulator, _chain()) == []

    check()


def _shuffled(objects: dict[str, Any], inner: list[int]) -> dict[str, Any]:
    names_ = list(objects)
    return {name: objects[name] for _place, name in sorted(zip(itertools.cycle(inner), names_, strict=False))}


def _chain() -> dict[str, Any]:
    """Six kinds, each of which names others."""
    return {
        "csvserver": {"cs": {"servicetype": "HTTP", "ipv46": "203.0.113.1", "port": 80, "bindings": {"cspolicy": [_bound()]}}},
        "cspolicy": {"p": {"rule": "true", "action": "a"}},
        "csaction": {"a": {"targetlbvserver": "v0"}},
        "lbvserver": {f"v{n}": {"servicetype": "HTTP", "bindings": {"servicegroup": [f"g{n}"]}} for n in range(3)},
        "servicegroup": {f"g{n}": {"servicetype": "HTTP", "bindings": {"lbmonitor": [f"m{n}"]}} for n in range(3)},
        "lbmonitor": {f"m{n}": {"type": "HTTP"} for n in range(3)},
    }


def _bound() -> dict[str, Any]:
    return {"policyname": "p", "priority": 10}


def test_p34_a_dependency_that_appears_late_needs_no_script(simulator: Simulator) -> None:
    """What is refused because something is missing is done by the next run of the same document, once that is there."""
    data = _chain()
    groups = data.pop("servicegroup")
    with opened(simulator) as session, pytest.raises(NitroError, match="there is no servicegroup of that name"):
        converge(session, parse(data))
    done(simulator, {"servicegroup": groups, "lbmonitor": data["lbmonitor"]})
    done(simulator, data)
    assert done(simulator, _chain()) == []
