# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Saved exactly enough: once, last, only when something changed, also when a later step failed; and partitions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from .converging import apps, done, run

if TYPE_CHECKING:
    from tests.conftest import Simulator

LB = {"lbvserver": {"web": {"servicetype": "HTTP"}}}
SAVE = {"fault": "reject", "kind": "nsconfig", "action": "save"}


def saves(simulator: Simulator) -> list[int]:
    """The places of saves among the writes, counted from the end."""
    log = [one for one in simulator.log() if one["method"] != "GET" and one["kind"] not in ("login", "logout")]
    return [number - len(log) for number, one in enumerate(log) if one["action"] == "save"]


@pytest.mark.parametrize("owner", [None, "shop"])
def test_once_and_last(simulator: Simulator, owner: str | None) -> None:
    _, outcome = run(simulator, apps(3), save=True, owner=owner)
    assert outcome.saved
    assert saves(simulator) == [-1]


def test_never_when_nothing_changed(simulator: Simulator) -> None:
    done(simulator, LB)
    _, outcome = run(simulator, LB, save=True)
    assert not outcome.saved
    assert saves(simulator) == []


@pytest.mark.parametrize("on_error", ["stop", "continue"])
def test_also_when_a_later_step_failed(simulator: Simulator, on_error: str) -> None:
    simulator.faults({"fault": "reject", "method": "PUT", "kind": "lbvserver_servicegroup_binding", "errorcode": 1097})
    _, outcome = run(simulator, apps(1), save=True, on_error=on_error)
    assert not outcome.ok
    assert outcome.saved
    assert saves(simulator) == [-1]


def test_not_when_everything_was_taken_back(simulator: Simulator) -> None:
    simulator.faults({"fault": "reject", "method": "PUT", "kind": "lbvserver_servicegroup_binding", "errorcode": 1097})
    _, outcome = run(simulator, apps(1), save=True, on_error="undo")
    assert not outcome.changed
    assert saves(simulator) == []


def test_a_save_in_progress_is_waited_for(simulator: Simulator) -> None:
    simulator.faults({**SAVE, "errorcode": 293, "times": 3})
    _, outcome = run(simulator, LB, save=True)
    assert outcome.saved
    assert saves(simulator) == [-4, -3, -2, -1]


@pytest.mark.parametrize("fault", ["drop_after", "drop_before"])
def test_a_lost_answer_is_asked_for_again_once(simulator: Simulator, fault: str) -> None:
    simulator.faults({"fault": fault, "kind": "nsconfig", "action": "save"})
    _, outcome = run(simulator, LB, save=True)
    assert outcome.saved
    assert len(saves(simulator)) == 2


def test_a_save_that_is_refused_is_told_and_nothing_else_is_lost(simulator: Simulator) -> None:
    simulator.faults({**SAVE, "errorcode": 1097, "times": 0})
    _, outcome = run(simulator, LB, save=True)
    assert not outcome.ok
    assert "not saved: " in outcome.summary()
    assert "1097" in outcome.save_error
    assert all(item.ok for item in outcome.items)


def in_partition(simulator: Simulator, name: str, data: dict[str, Any], **options: Any) -> list[str]:
    from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.converge import converge
    from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.document import parse

    from .converging import opened, steps

    with opened(simulator, partition=name) as session:
        plan, outcome = converge(session, parse(data), **options)
    assert outcome is not None and outcome.ok, outcome and outcome.summary()
    return steps(plan)


def test_partitions_are_worlds_of_their_own(simulator: Simulator) -> None:
    """The same names, owners and registers in two partitions and outside know nothing of each other; pruning stays inside."""
    done(simulator, {"nspartition": {"red": {}, "blue": {}}})
    for name in ("red", "blue"):
        assert in_partition(simulator, name, apps(1), owner="shop")
        assert in_partition(simulator, name, apps(1), owner="shop") == []
    done(simulator, apps(1), owner="shop")
    assert in_partition(simulator, "red", {"nsmode": {"mode": ["FR"]}}, owner="shop", prune=True)
    assert in_partition(simulator, "blue", apps(1), owner="shop") == []
    assert done(simulator, apps(1), owner="shop") == []
    assert in_partition(simulator, "red", apps(1), owner="shop", save=True)
