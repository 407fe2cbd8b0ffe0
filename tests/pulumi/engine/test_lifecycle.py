# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""The life of a stack: preview, up, again, change, drift, refresh, destroy."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from tests.core.converging import done

from .appliance import Writes, exactly, names, rows
from .programs import shop, vserver

if TYPE_CHECKING:
    from nitrox.simulator.testing import Simulator

    from .stack import Stack

NewStack = Callable[..., "Stack"]
FOREIGN: dict[str, Any] = {
    "lbvserver": {
        "theirs": {"servicetype": "HTTP", "ipv46": "203.0.113.99", "port": 80, "bindings": {"servicegroup": ["theirs"]}}
    },
    "servicegroup": {
        "theirs": {"servicetype": "HTTP", "bindings": {"servicegroupmember": [{"ip": "198.51.100.99", "port": 80}]}}
    },
}


def test_a_preview_names_what_would_come_and_writes_nothing(simulator: Simulator, new_stack: NewStack) -> None:
    stack, writes = new_stack(shop()), Writes(simulator)
    ran = stack.preview()
    assert ran.ok, ran.text
    assert ran.counts == {"create": 4}
    assert writes() == []


def test_from_nothing_to_everything_and_back(simulator: Simulator, new_stack: NewStack) -> None:
    done(simulator, FOREIGN)
    foreign = [exactly(simulator, kind, "theirs") for kind in ("lbvserver", "servicegroup", "lbvserver_servicegroup_binding")]
    stack = new_stack(shop())
    first = stack.up()
    assert first.ok, first.text
    assert first.counts == {"create": 4}
    assert names(simulator) == ["shop", "theirs"]
    assert len(rows(simulator, "servicegroup_servicegroupmember_binding")) == 3

    writes = Writes(simulator)
    again = stack.up()
    assert again.ok, again.text
    assert again.counts == {"same": 4}
    assert writes() == []

    gone = stack.destroy()
    assert gone.ok, gone.text
    assert gone.counts == {"delete": 4}
    assert names(simulator) == ["theirs"]
    assert foreign == [
        exactly(simulator, kind, "theirs") for kind in ("lbvserver", "servicegroup", "lbvserver_servicegroup_binding")
    ]


@pytest.mark.e2e
def test_a_change_writes_what_changed_and_nothing_else(simulator: Simulator, new_stack: NewStack) -> None:
    stack = new_stack(vserver(timeout=5, comment="one"))
    assert stack.up().ok
    stack.program, writes = vserver(timeout=7, comment="one"), Writes(simulator)
    preview = stack.preview()
    assert preview.changes == [("update", "web")]
    assert "timeout" in preview.text
    assert writes() == []
    ran = stack.up()
    assert ran.ok, ran.text
    assert writes() == ["PUT lbvserver"]
    [body] = [entry["body"] for entry in simulator.log() if entry["method"] == "PUT"]
    assert body == {"lbvserver": {"name": "web", "timeout": 7}}


@pytest.mark.e2e
def test_an_input_that_goes_away_is_unset(simulator: Simulator, new_stack: NewStack) -> None:
    stack = new_stack(vserver(timeout=5, comment="one"))
    assert stack.up().ok
    stack.program, writes = vserver(timeout=5), Writes(simulator)
    ran = stack.up()
    assert ran.changes == [("update", "web")], ran.text
    assert writes() == ["POST lbvserver unset"]
    assert not rows(simulator, "lbvserver")[0].get("comment")
    assert stack.up().counts == {"same": 1}


@pytest.mark.e2e
def test_drift_is_found_by_a_refresh_and_mended_by_up(simulator: Simulator, new_stack: NewStack) -> None:
    stack = new_stack(vserver(timeout=5))
    assert stack.up().ok
    simulator.control("POST", "mutate", {"kind": "lbvserver", "key": {"name": "web"}, "set": {"timeout": 9}})
    found = stack.refresh()
    assert found.ok, found.text
    assert stack.resource("web")["outputs"]["timeout"] == 9
    ran = stack.up()
    assert ran.changes == [("update", "web")], ran.text
    assert rows(simulator, "lbvserver")[0]["timeout"] == 5
    assert stack.up().counts == {"same": 1}


@pytest.mark.e2e
def test_attributes_that_nobody_declared_are_no_drift(simulator: Simulator, new_stack: NewStack) -> None:
    stack = new_stack(vserver())
    assert stack.up().ok
    simulator.control("POST", "mutate", {"kind": "lbvserver", "key": {"name": "web"}, "set": {"comment": "of an operator"}})
    assert stack.refresh().ok
    assert stack.up().counts == {"same": 1}
    assert rows(simulator, "lbvserver")[0]["comment"] == "of an operator"


@pytest.mark.e2e
def test_what_somebody_deleted_is_found_by_a_refresh_and_comes_back(simulator: Simulator, new_stack: NewStack) -> None:
    stack = new_stack(vserver())
    assert stack.up().ok
    simulator.control("POST", "mutate", {"kind": "lbvserver", "key": {"name": "web"}, "remove": True})
    assert stack.refresh().ok
    assert stack.resources() == []
    assert stack.up().changes == [("create", "web")]
    assert names(simulator) == ["web"]


@pytest.mark.e2e
def test_destroying_what_is_gone_already_succeeds(simulator: Simulator, new_stack: NewStack) -> None:
    stack = new_stack(shop())
    assert stack.up().ok
    simulator.control("POST", "mutate", {"kind": "lbvserver", "key": {"name": "shop"}, "remove": True})
    ran = stack.destroy()
    assert ran.ok, ran.text
    assert names(simulator) == []


@pytest.mark.e2e
def test_other_spellings_of_the_same_are_no_difference(simulator: Simulator, new_stack: NewStack) -> None:
    stack = new_stack(vserver(lbmethod="LEASTCONNECTION", timeout=5, netprofile=None))
    assert stack.up().ok
    stack.program, writes = vserver(lbmethod="leastconnection", timeout=5.0, servicetype="http", port="80"), Writes(simulator)
    assert stack.up().counts == {"same": 1}
    assert writes() == []


@pytest.mark.e2e
def test_a_targeted_update_touches_nothing_else(simulator: Simulator, new_stack: NewStack) -> None:
    def both(timeout: int) -> Callable[[], None]:
        first, second = vserver("one", timeout=timeout), vserver("two", timeout=timeout, ipv46="203.0.113.11")

        def program() -> None:
            first()
            second()

        return program

    stack = new_stack(both(5))
    assert stack.up().ok
    stack.program, writes = both(7), Writes(simulator)
    urn = stack.resource("one")["urn"]
    ran = stack.up(target=[urn])
    assert ran.ok, ran.text
    assert writes() == ["PUT lbvserver"]
    assert {row["name"]: row["timeout"] for row in rows(simulator, "lbvserver")} == {"one": 7, "two": 5}
