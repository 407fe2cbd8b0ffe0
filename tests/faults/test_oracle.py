# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""The oracle itself: each sort of violation, planted, is found. An oracle that cannot object proves nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.errors import Unreachable
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.outcome import DONE, NOT_TRIED, Item

from .menu import Fault, Schedule
from .oracle import judge, judge_healed
from .world import Attempt, World

if TYPE_CHECKING:
    from tests.conftest import Simulator

QUIET = Fault("F7", 0)


def world(simulator: Simulator, **how: Any) -> World:
    return World(simulator, Schedule((QUIET,), **how))


def test_a_run_without_faults_has_no_violations(simulator: Simulator) -> None:
    found = world(simulator)
    attempt = found.attempt()
    assert judge(found, attempt) + judge_healed(found) == []


def told(attempt: Attempt, **lie: Any) -> Attempt:
    """The last step of the outcome told otherwise."""
    assert attempt.outcome is not None
    *rest, last = attempt.outcome.items
    attempt.outcome = replace(attempt.outcome, items=(*rest, Item(last.change, **lie)))
    return attempt


def test_done_that_is_not_done_is_a_lie(simulator: Simulator) -> None:
    found = world(simulator, owner=None)
    simulator.faults({"fault": "reject", "method": "PUT", "errorcode": 1097, "times": 0})
    attempt = found.attempt()
    assert judge(found, attempt) == []
    assert any("reported as done" in problem for problem in judge(found, told(attempt, status=DONE)))


def test_not_tried_that_was_done_is_a_lie(simulator: Simulator) -> None:
    found = world(simulator, owner=None)
    attempt = found.attempt()
    assert any("reported as not tried" in problem for problem in judge(found, told(attempt, status=NOT_TRIED)))


def test_a_write_after_an_unknown_read_is_found(simulator: Simulator) -> None:
    found = world(simulator, owner=None)
    attempt = found.attempt()
    attempt.plan, attempt.outcome, attempt.error = None, None, Unreachable("could not be read")
    assert any("after writing" in problem for problem in judge(found, attempt))


def test_a_third_time_is_found(simulator: Simulator) -> None:
    found = world(simulator, owner=None)
    attempt = found.attempt()
    attempt.log *= 3
    assert any("was done 3 times" in problem for problem in judge(found, attempt))


def test_half_an_undo_is_found(simulator: Simulator) -> None:
    found = world(simulator, owner=None, on_error="undo")
    simulator.faults({"fault": "reject", "method": "PUT", "errorcode": 1097, "times": 0})
    attempt = found.attempt()
    assert attempt.outcome is not None and attempt.outcome.undone
    assert judge(found, attempt) == []
    simulator.control("POST", "mutate", {"kind": "lbvserver", "key": {"name": "app0"}, "set": {"comment": "left over"}})
    assert any("undone, but lbvserver is" in problem for problem in judge(found, attempt))


@pytest.mark.parametrize("change", [{"set": {"comment": "ours now"}}, {"remove": True}])
def test_a_foreign_object_that_was_touched_is_found(simulator: Simulator, change: dict[str, Any]) -> None:
    found = world(simulator)
    simulator.control("POST", "mutate", {"kind": "lbvserver", "key": {"name": "theirs"}, **change})
    assert judge_healed(found) == ["foreign objects were changed"]


def test_a_run_that_does_not_settle_is_found(simulator: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    found = world(simulator)
    healed = found.healed

    def undone() -> Attempt:
        simulator.control("POST", "mutate", {"kind": "lbvserver", "key": {"name": "app0"}, "set": {"comment": "again"}})
        return healed()

    monkeypatch.setattr(found, "healed", undone)
    assert any("still finds something to do" in problem for problem in judge_healed(found))
