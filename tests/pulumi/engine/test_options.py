# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Resource options do what users of Pulumi expect of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from .appliance import Writes, names, rows
from .programs import vserver

if TYPE_CHECKING:
    from nitrox.simulator.testing import Simulator

    from .stack import Stack

NewStack = Callable[..., "Stack"]


def nothing() -> None:
    """A program without resources."""


@pytest.mark.e2e
def test_what_is_protected_stays(simulator: Simulator, new_stack: NewStack) -> None:
    stack = new_stack(vserver(opts={"protect": True}))
    assert stack.up().ok
    ran = stack.destroy()
    assert not ran.ok
    assert "protect" in ran.text
    assert names(simulator) == ["web"]


@pytest.mark.e2e
def test_ignored_changes_are_ignored(simulator: Simulator, new_stack: NewStack) -> None:
    stack = new_stack(vserver(timeout=5, comment="one"))
    assert stack.up().ok
    stack.program, writes = vserver(timeout=9, comment="two", opts={"ignore_changes": ["timeout"]}), Writes(simulator)
    ran = stack.up()
    assert ran.ok, ran.text
    assert writes() == ["PUT lbvserver"]
    row = rows(simulator, "lbvserver")[0]
    assert (row["timeout"], row["comment"]) == (5, "two")


@pytest.mark.e2e
def test_what_is_retained_leaves_the_stack_and_stays_on_the_appliance(simulator: Simulator, new_stack: NewStack) -> None:
    stack = new_stack(vserver(opts={"retain_on_delete": True}))
    assert stack.up().ok
    stack.program, writes = nothing, Writes(simulator)
    assert stack.up().ok
    assert stack.resources() == []
    assert writes() == []
    assert names(simulator) == ["web"]


@pytest.mark.e2e
def test_replace_on_changes_replaces_what_could_be_updated(simulator: Simulator, new_stack: NewStack) -> None:
    stack = new_stack(vserver(comment="one"))
    assert stack.up().ok
    opts = {"replace_on_changes": ["comment"], "delete_before_replace": True}
    stack.program, writes = vserver(comment="two", opts=opts), Writes(simulator)
    ran = stack.up()
    assert ran.ok, ran.text
    assert writes() == ["DELETE lbvserver", "POST lbvserver"]
    assert rows(simulator, "lbvserver")[0]["comment"] == "two"


@pytest.mark.e2e
def test_replacement_by_an_option_alone_never_ends_without_the_object(simulator: Simulator, new_stack: NewStack) -> None:
    stack = new_stack(vserver(comment="one"))
    assert stack.up().ok
    stack.program = vserver(comment="two", opts={"replace_on_changes": ["comment"]})
    ran = stack.up()
    assert names(simulator) == ["web"], ran.text
    assert rows(simulator, "lbvserver")[0]["comment"] == ("two" if ran.ok else "one")


@pytest.mark.e2e
def test_dependents_are_deleted_before_what_they_depend_on(simulator: Simulator, new_stack: NewStack) -> None:
    def program() -> None:
        import pulumi

        from pulumi_netscaler import lb

        first = lb.Lbvserver("first", servicetype="HTTP", ipv46="203.0.113.1", port=80)
        options = pulumi.ResourceOptions(depends_on=[first])
        lb.Lbvserver("second", servicetype="HTTP", ipv46="203.0.113.2", port=80, opts=options)

    stack = new_stack(program)
    assert stack.up().ok
    made = [row["name"] for row in rows(simulator, "lbvserver")]
    assert made == ["first", "second"]
    assert stack.destroy().ok
    gone = [entry["path"].rsplit("/", 1)[1] for entry in simulator.log() if entry["method"] == "DELETE"]
    assert [name.partition("?")[0] for name in gone if name.startswith(("first", "second"))] == ["second", "first"]
