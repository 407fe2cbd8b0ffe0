# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Doing a plan: batches, per-item answers, order, saving, stopping, going on and taking back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.apply import apply
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.document import parse
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.errors import PartlyDone, Rejected
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.observe import observe
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.plan import make_plan

from .converging import apps, done, members, names, opened, rows, run, steps

if TYPE_CHECKING:
    from tests.conftest import Simulator

WRITES = ("POST", "PUT", "DELETE")


def group(*ips: str, **values: Any) -> dict[str, Any]:
    listed = [{"ip": ip, "port": 80} for ip in ips]
    return {"servicegroup": {"web": {"servicetype": "HTTP", **values, "bindings": {"servicegroupmember": listed}}}}


def test_a_plan_says_how_many_writes_it_takes(simulator: Simulator) -> None:
    with opened(simulator) as session:
        document = parse(apps(4))
        plan = make_plan(document, observe(session, document))
        before = sum(session.counts[method] for method in WRITES)
        outcome = apply(session, plan)
        assert sum(session.counts[method] for method in WRITES) - before == plan.requests == 4
    assert outcome.ok
    assert outcome.summary() == "32 done"


def test_a_batch_is_cut_at_its_size(simulator: Simulator) -> None:
    with opened(simulator) as session:
        document = parse({"server": {f"s{n}": {"ipaddress": f"10.0.0.{n}"} for n in range(1, 8)}})
        outcome = apply(session, make_plan(document, observe(session, document)), batch=3)
    assert outcome.ok
    assert simulator.count("POST", "server") == 3


def test_nothing_to_do_sends_and_saves_nothing(simulator: Simulator) -> None:
    done(simulator, group("10.0.0.1"))
    simulator_before = simulator.counters()
    plan, outcome = run(simulator, group("10.0.0.1"), save=True)
    assert (steps(plan), outcome.changed, outcome.saved) == ([], False, False)
    assert simulator.counters()["saves"] == simulator_before["saves"] == 0


def test_saving_is_once_and_last(simulator: Simulator) -> None:
    _, outcome = run(simulator, group("10.0.0.1"), save=True)
    assert outcome.saved
    writes = [entry["path"] for entry in simulator.log() if entry["method"] in WRITES and "log" not in entry["path"]]
    assert [path.startswith("/nitro/v1/config/nsconfig?action=save") for path in writes].count(True) == 1
    assert writes[-1].startswith("/nitro/v1/config/nsconfig?action=save")


def test_members_are_bound_before_others_are_unbound(simulator: Simulator) -> None:
    done(simulator, group("10.0.0.1"))
    assert [step.split()[0] for step in done(simulator, group("10.0.0.2"))] == ["bind", "unbind"]
    assert members(simulator, "web") == {("10.0.0.2", 80)}


def test_a_refused_bind_keeps_the_old_member(simulator: Simulator) -> None:
    done(simulator, group("10.0.0.1"))
    fault = {"fault": "reject", "method": "PUT", "kind": "servicegroup_servicegroupmember_binding", "errorcode": 1074}
    simulator.faults(fault)
    _, outcome = run(simulator, group("10.0.0.2"), on_error="continue")
    assert [(item.change.verb, item.status, item.errorcode) for item in outcome.items] == [
        ("bind", "refused", 1074),
        ("unbind", "not_tried", 0),
    ]
    assert "could not be bound" in outcome.items[1].message
    assert members(simulator, "web") == {("10.0.0.1", 80)}


@pytest.mark.parametrize("item", [0, 2, 4])
def test_a_failure_at_item_k_leaves_the_others_done(simulator: Simulator, item: int) -> None:
    simulator.faults({"fault": "fail_item", "method": "POST", "kind": "server", "item": item, "errorcode": 1110})
    data = {"server": {f"s{n}": {"ipaddress": f"10.0.0.{n + 1}"} for n in range(5)}}
    _, outcome = run(simulator, data)
    assert [one.status for one in outcome.items] == ["refused" if n == item else "done" for n in range(5)]
    assert outcome.items[item].errorcode == 1110
    assert isinstance(outcome.failure(), PartlyDone)
    assert done(simulator, data) == [f"create server s{item}"]


def two_layers() -> dict[str, Any]:
    """The first of two groups will be refused; a server depends on it, another one does not."""
    return {
        "servicegroup": {"a": {"servicetype": "HTTP"}, "b": {"servicetype": "HTTP"}},
        "lbvserver": {n: {"servicetype": "HTTP", "bindings": {"servicegroup": [n]}} for n in "ab"},
    }


def test_stop_tries_no_later_layer(simulator: Simulator) -> None:
    simulator.faults({"fault": "fail_item", "method": "POST", "kind": "servicegroup", "item": 0, "errorcode": 1074})
    _, outcome = run(simulator, two_layers(), save=True)
    assert [item.status for item in outcome.items] == ["refused", "done", *["not_tried"] * 4]
    assert outcome.items[-1].message == "an earlier step failed"
    assert outcome.saved  # something changed
    assert names(simulator, "lbvserver") == set()


def test_continue_goes_on_with_what_does_not_depend_on_it(simulator: Simulator) -> None:
    simulator.faults({"fault": "fail_item", "method": "POST", "kind": "servicegroup", "item": 0, "errorcode": 1074})
    _, outcome = run(simulator, two_layers(), on_error="continue")
    told = {f"{item.change.verb} {item.change.subject}": (item.status, item.message) for item in outcome.items}
    assert told["bind lbvserver_servicegroup_binding b b"][0] == "done"
    assert told["bind lbvserver_servicegroup_binding a a"] == ("not_tried", "it depends on servicegroup a, which failed")
    assert outcome.error is not None
    assert "1074" in str(outcome.error)


def test_undo_takes_everything_back(simulator: Simulator) -> None:
    before = {**group("10.0.0.1", comment="old"), "lbvserver": {"web": {"servicetype": "HTTP", "timeout": 5}}}
    done(simulator, before)
    simulator.faults({"fault": "reject", "method": "PUT", "kind": "lbvserver_servicegroup_binding", "errorcode": 1304})
    data = group("10.0.0.1", "10.0.0.2", comment="new")
    data["lbvserver"] = {
        "web": {"servicetype": "HTTP", "timeout": None, "lbmethod": "ROUNDROBIN", "bindings": {"servicegroup": ["web"]}},
        "more": {"servicetype": "HTTP"},
    }
    _, outcome = run(simulator, data, on_error="undo")
    assert [item.errorcode for item in outcome.failed] == [1304]
    assert all(item.ok for item in outcome.undone)
    assert not outcome.changed
    assert done(simulator, before) == []
    assert names(simulator, "lbvserver") == {"web"}


def test_undo_tells_what_it_cannot_take_back(simulator: Simulator) -> None:
    done(simulator, {"systemuser": {"joe": {"password": "First1"}}})
    simulator.faults({"fault": "reject", "method": "POST", "kind": "server", "errorcode": 1110})
    with opened(simulator) as session:
        gone = parse({"systemuser": {"joe": {}}}, present=False)
        plan = make_plan(gone, observe(session, gone))
        failing = parse({"server": {"s": {"ipaddress": "10.0.0.1"}}})
        both = make_plan(failing, observe(session, failing))
        steps_of_both = [*plan.changes, *(change.__class__(**{**change.__dict__, "layer": 9}) for change in both.changes)]
        outcome = apply(session, plan.__class__(tuple(steps_of_both)), on_error="undo")
    assert [(item.status, item.message) for item in outcome.undone] == [
        ("not_tried", "password cannot be read, so it cannot be created again")
    ]
    assert outcome.changed


def test_what_exists_already_and_is_equal_is_resolved(simulator: Simulator) -> None:
    """Somebody else creates the same between our look and our write."""
    data = {"server": {"s": {"ipaddress": "10.0.0.1"}}}
    with opened(simulator) as session:
        document = parse(data)
        plan = make_plan(document, observe(session, document))
        done(simulator, data)
        outcome = apply(session, plan)
    assert [item.status for item in outcome.items] == ["resolved"]


def test_what_exists_already_and_differs_is_refused(simulator: Simulator) -> None:
    with opened(simulator) as session:
        document = parse({"server": {"s": {"ipaddress": "10.0.0.1"}}})
        plan = make_plan(document, observe(session, document))
        done(simulator, {"server": {"s": {"ipaddress": "10.0.0.2"}}})
        outcome = apply(session, plan)
    assert [(item.status, item.errorcode) for item in outcome.items] == [("refused", 273)]
    assert isinstance(outcome.failure(), Rejected)


def test_what_is_gone_already_is_resolved(simulator: Simulator) -> None:
    data = {"server": {"s": {"ipaddress": "10.0.0.1"}}}
    done(simulator, data)
    with opened(simulator) as session:
        document = parse(data, present=False)
        plan = make_plan(document, observe(session, document))
        done(simulator, data, present=False)
        outcome = apply(session, plan)
    assert [item.status for item in outcome.items] == ["resolved"]
    assert outcome.ok


def test_progress_is_told(simulator: Simulator) -> None:
    told: list[tuple[int, int, str]] = []
    done(simulator, group("10.0.0.1", "10.0.0.2"), progress=lambda *step: told.append(step))
    assert told == [(1, 3, "create servicegroup web"), (3, 3, "bind servicegroup_servicegroupmember_binding")]


def test_secrets_are_nowhere_in_an_outcome(simulator: Simulator) -> None:
    plan, outcome = run(simulator, {"systemuser": {"joe": {"password": "Secret-1"}}})
    assert outcome.ok
    assert "Secret-1" not in f"{plan}{outcome}{plan.explain()}{plan.diff()}{outcome.summary()}"
    assert rows(simulator, "systemuser")


def test_an_unknown_way_to_handle_errors_is_refused(simulator: Simulator) -> None:
    with pytest.raises(ValueError, match="stop, continue, undo"):
        run(simulator, group(), on_error="ignore")
