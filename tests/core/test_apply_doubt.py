# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Answers that are lost: read back, then decide; at most one repetition; the next run converges."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from .converging import apps, done, names, rows, run

if TYPE_CHECKING:
    from tests.conftest import Simulator

GROUP = {"servicegroup": {"web": {"servicetype": "HTTP"}}}
BOUND = {"servicegroup": {"web": {"servicetype": "HTTP", "bindings": {"servicegroupmember": [{"ip": "10.0.0.1", "port": 80}]}}}}
MEMBER = "servicegroup_servicegroupmember_binding"
CASES: list[Any] = [
    pytest.param({}, GROUP, "POST", "servicegroup", id="create"),
    pytest.param(GROUP, {"servicegroup": {"web": {"comment": "x"}}}, "PUT", "servicegroup", id="update"),
    pytest.param(
        {"servicegroup": {"web": {"servicetype": "HTTP", "comment": "x"}}},
        {"servicegroup": {"web": {"comment": None}}},
        "POST",
        "servicegroup",
        id="unset",
    ),
    pytest.param(GROUP, {"servicegroup": {"web": {"state": "DISABLED"}}}, "POST", "servicegroup", id="disable"),
    pytest.param(GROUP, {"servicegroup": {"new": {"rename_from": "web"}}}, "POST", "servicegroup", id="rename"),
    pytest.param(GROUP, BOUND, "PUT", MEMBER, id="bind"),
    pytest.param(BOUND, {"servicegroup": {"web": {"bindings": {"servicegroupmember": []}}}}, "DELETE", MEMBER, id="unbind"),
    pytest.param({}, {"nsfeature": {"feature": ["REWRITE"]}}, "POST", "nsfeature", id="feature"),
]


@pytest.mark.parametrize("fault", ["drop_after", "drop_before", "garble"])
@pytest.mark.parametrize(("before", "wanted", "method", "kind"), CASES)
def test_a_lost_answer_is_settled(
    simulator: Simulator, before: dict[str, Any], wanted: dict[str, Any], method: str, kind: str, fault: str
) -> None:
    if before:
        done(simulator, before)
    sent = simulator.count(method, kind)
    simulator.faults({"fault": fault, "method": method, "kind": kind})
    _, outcome = run(simulator, wanted)
    assert outcome.ok, outcome.summary()
    (item,) = outcome.items
    was_done = fault != "drop_before"
    assert item.status == ("resolved" if was_done else "done")
    assert simulator.count(method, kind) - sent <= (1 if was_done else 2)  # a connection cut before is not always counted
    assert done(simulator, wanted) == []


@pytest.mark.parametrize("fault", ["drop_after", "drop_before", "garble"])
def test_a_lost_answer_to_a_delete_is_settled(simulator: Simulator, fault: str) -> None:
    done(simulator, GROUP)
    simulator.faults({"fault": fault, "method": "DELETE", "kind": "servicegroup"})
    _, outcome = run(simulator, GROUP, present=False)
    assert outcome.ok, outcome.summary()
    assert names(simulator, "servicegroup") == set()


def test_a_lost_answer_to_a_batch_makes_nothing_twice(simulator: Simulator) -> None:
    simulator.faults({"fault": "drop_after", "method": "PUT", "kind": MEMBER})
    _, outcome = run(simulator, apps(20))
    assert outcome.ok, outcome.summary()
    assert len(rows(simulator, MEMBER)) == 100
    assert simulator.count("PUT", MEMBER) == 1
    assert done(simulator, apps(20)) == []


def test_an_answer_that_is_lost_twice_is_not_asked_for_a_third_time(simulator: Simulator) -> None:
    simulator.faults({"fault": "drop_before", "method": "POST", "kind": "servicegroup", "times": 0})
    _, outcome = run(simulator, GROUP)
    (item,) = outcome.items
    assert item.status == "not_tried"
    assert "lost both times, and it was not done" in item.message
    assert not outcome.ok
    simulator.clear_faults()
    assert done(simulator, GROUP) == ["create servicegroup web"]


def test_what_cannot_be_read_back_is_unknown(simulator: Simulator) -> None:
    simulator.faults(
        {"fault": "drop_after", "method": "POST", "kind": "servicegroup"},
        {"fault": "reject", "method": "GET", "kind": "servicegroup", "skip": 2, "times": 0, "errorcode": 2138},
    )
    _, outcome = run(simulator, GROUP)
    (item,) = outcome.items
    assert item.status == "unknown"
    assert "reading back failed" in item.message
    assert outcome.changed


def test_a_box_that_is_not_ready_stops_everything(simulator: Simulator) -> None:
    simulator.faults({"fault": "unavailable", "method": "POST", "kind": "servicegroup", "times": 50})
    _, outcome = run(simulator, BOUND, on_error="continue")
    assert [item.status for item in outcome.items] == ["refused", "not_tried"]
    assert outcome.error is not None
    assert outcome.failure() is outcome.error


def test_a_lost_answer_to_save_is_saved_once_more(simulator: Simulator) -> None:
    simulator.faults({"fault": "drop_after", "method": "POST", "kind": "nsconfig"})
    _, outcome = run(simulator, GROUP, save=True)
    assert outcome.saved


def test_a_save_that_fails_is_told(simulator: Simulator) -> None:
    simulator.faults({"fault": "reject", "method": "POST", "kind": "nsconfig", "errorcode": 2138, "times": 0})
    _, outcome = run(simulator, GROUP, save=True)
    assert not outcome.ok
    assert "2138" in outcome.save_error
    assert "not saved" in outcome.summary()


def test_an_expired_session_is_opened_again_once(simulator: Simulator) -> None:
    simulator.faults({"fault": "expire", "method": "POST", "kind": "servicegroup"})
    assert done(simulator, GROUP) == ["create servicegroup web"]
    assert simulator.counters()["logins"] == 2
