# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Names: replaced, renamed on the appliance, renamed in the program, taken over, adopted. A live object is never lost."""

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
WEB: dict[str, Any] = {"lbvserver": {"web": {"servicetype": "HTTP", "ipv46": "203.0.113.10", "port": 80, "timeout": 3}}}


@pytest.mark.e2e
def test_what_cannot_change_in_place_is_deleted_first_and_created_again(simulator: Simulator, new_stack: NewStack) -> None:
    stack = new_stack(vserver())
    assert stack.up().ok
    stack.program, writes = vserver(servicetype="TCP"), Writes(simulator)
    preview = stack.preview()
    assert ("replace", "web") in preview.steps, preview.text
    ran = stack.up()
    assert ran.ok, ran.text
    assert writes() == ["DELETE lbvserver", "POST lbvserver"]
    assert rows(simulator, "lbvserver")[0]["servicetype"] == "TCP"
    assert stack.up().counts == {"same": 1}


@pytest.mark.e2e
def test_a_whole_shop_is_replaced_with_its_bindings(simulator: Simulator, new_stack: NewStack) -> None:
    stack = new_stack(shop())
    assert stack.up().ok
    stack.program = shop(servicetype="TCP")
    ran = stack.up()
    assert ran.ok, ran.text
    assert [row["servicetype"] for kind in ("lbvserver", "servicegroup") for row in rows(simulator, kind)] == ["TCP", "TCP"]
    assert len(rows(simulator, "lbvserver_servicegroup_binding")) == 1
    assert len(rows(simulator, "servicegroup_servicegroupmember_binding")) == 2
    assert stack.up().counts == {"same": 4}


@pytest.mark.e2e
def test_another_name_on_the_appliance_is_a_rename_in_place(simulator: Simulator, new_stack: NewStack) -> None:
    stack = new_stack(vserver(name="old"))
    assert stack.up().ok
    stack.program, writes = vserver(name="new"), Writes(simulator)
    ran = stack.up()
    assert ran.changes == [("update", "web")], ran.text
    assert writes() == ["POST lbvserver rename"]
    assert names(simulator) == ["new"]
    assert stack.up().counts == {"same": 1}
    assert stack.refresh().ok
    assert stack.destroy().ok
    assert names(simulator) == []


@pytest.mark.e2e
def test_another_logical_name_with_an_alias_changes_nothing(simulator: Simulator, new_stack: NewStack) -> None:
    import pulumi

    stack = new_stack(vserver("old", name="web"))
    assert stack.up().ok
    before, writes = exactly(simulator, "lbvserver", "web"), Writes(simulator)
    stack.program = vserver("new", name="web", opts={"aliases": [pulumi.Alias(name="old")]})
    ran = stack.up()
    assert ran.ok, ran.text
    assert writes() == []
    assert exactly(simulator, "lbvserver", "web") == before


@pytest.mark.parametrize("adopt", [False, True])
def test_another_logical_name_without_an_alias_never_deletes_the_live_object(
    simulator: Simulator, new_stack: NewStack, adopt: bool
) -> None:
    """The new resource takes the object, which is just what it would have made, and the deletion of the old one is skipped."""
    stack = new_stack(vserver("old", name="web"))
    assert stack.up().ok
    before = exactly(simulator, "lbvserver", "web")
    stack.program = vserver("new", name="web", adopt=adopt)
    ran = stack.up()
    assert ran.ok, ran.text
    assert "kept, the resource 'new' has it now" in ran.text
    assert exactly(simulator, "lbvserver", "web") == before
    assert [one["urn"].rsplit("::")[-1] for one in stack.resources()] == ["new"]
    assert stack.up().counts == {"same": 1}
    assert names(simulator) == ["web"]


@pytest.mark.e2e
def test_a_name_that_is_given_up_can_be_taken_by_the_next(simulator: Simulator, new_stack: NewStack) -> None:
    def program(one: str, two: str) -> Callable[[], None]:
        def both() -> None:
            import pulumi

            from pulumi_netscaler import lb

            first = lb.Lbvserver("one", name=one, comment="1", servicetype="HTTP")
            after = pulumi.ResourceOptions(depends_on=[first])
            lb.Lbvserver("two", name=two, comment="2", servicetype="HTTP", opts=after)

        return both

    stack = new_stack(program("a", "b"))
    assert stack.up().ok
    stack.program, writes = program("c", "a"), Writes(simulator)
    ran = stack.up()
    assert ran.ok, ran.text
    assert writes() == ["POST lbvserver rename", "POST lbvserver rename"]
    assert {row["name"]: row["comment"] for row in rows(simulator, "lbvserver")} == {"c": "1", "a": "2"}
    assert stack.up().counts == {"same": 2}
    assert stack.destroy().ok
    assert names(simulator) == []


@pytest.mark.e2e
def test_what_is_there_is_refused_unless_adoption_was_asked_for(simulator: Simulator, new_stack: NewStack) -> None:
    done(simulator, WEB)
    before = exactly(simulator, "lbvserver", "web")
    stack = new_stack(vserver(timeout=5))
    refused = stack.up()
    assert not refused.ok
    assert "lbvserver" in refused.text and "web" in refused.text and "adopt" in refused.text
    assert "Traceback" not in refused.text
    assert exactly(simulator, "lbvserver", "web") == before
    stack.program, writes = vserver(timeout=5, adopt=True), Writes(simulator)
    ran = stack.up()
    assert ran.ok, ran.text
    assert writes() == ["PUT lbvserver"]
    assert rows(simulator, "lbvserver")[0]["timeout"] == 5


@pytest.mark.e2e
def test_get_reads_and_never_writes(simulator: Simulator, new_stack: NewStack) -> None:
    done(simulator, WEB)
    seen: list[Any] = []

    def program() -> None:
        from pulumi_netscaler import lb

        found = lb.Lbvserver.get("theirs", "web")
        found.timeout.apply(seen.append)

    stack, writes = new_stack(program), Writes(simulator)
    ran = stack.up()
    assert ran.ok, ran.text
    assert seen[-1] == 3
    assert stack.destroy().ok
    assert writes() == []
    assert names(simulator) == ["web"]
