# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""What happens when it does not go well: refused half-way, killed, answers lost; and how it goes on."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from .appliance import Writes, names
from .programs import shop, vserver, vservers

if TYPE_CHECKING:
    from nitrox.simulator.testing import Simulator

    from .stack import Stack

NewStack = Callable[..., "Stack"]
MANY = """
from pulumi_netscaler import lb

for number in range({count}):
    lb.Lbvserver(f"v{{number}}", servicetype="HTTP", ipv46=f"10.0.0.{{number + 1}}", port=80)
"""


@pytest.mark.e2e
def test_refused_half_way_what_was_done_is_recorded_and_up_goes_on(simulator: Simulator, new_stack: NewStack) -> None:
    simulator.faults({"fault": "reject", "kind": "lbvserver_servicegroup_binding", "errorcode": 1067, "times": 1})
    stack = new_stack(shop())
    refused = stack.up()
    assert not refused.ok
    assert "1067" in refused.text
    assert "shop-binding" in refused.text
    assert len(stack.resources()) == 3
    writes = Writes(simulator)
    ran = stack.up()
    assert ran.ok, ran.text
    assert ran.changes == [("create", "shop-binding")]
    assert len(writes()) == 1
    assert stack.up().counts == {"same": 4}


@pytest.mark.e2e
def test_one_of_a_batch_is_refused_the_others_are_recorded(simulator: Simulator, new_stack: NewStack) -> None:
    simulator.faults({"fault": "reject", "method": "POST", "kind": "lbvserver", "errorcode": 1067, "skip": 2, "times": 1})
    stack = new_stack(vservers(6))
    ran = stack.up(continue_on_error=True, parallel=1)
    assert not ran.ok
    assert len(stack.resources()) == len(names(simulator)) == 5
    assert stack.up().ok
    assert len(stack.resources()) == len(names(simulator)) == 6


def test_a_lost_answer_makes_no_duplicate_and_no_failure(simulator: Simulator, new_stack: NewStack) -> None:
    simulator.faults({"fault": "drop_after", "method": "POST", "kind": "lbvserver", "times": 1})
    stack, writes = new_stack(vserver()), Writes(simulator)
    ran = stack.up()
    assert ran.ok, ran.text
    assert writes() == ["POST lbvserver"]
    assert stack.up().counts == {"same": 1}


@pytest.mark.e2e
def test_a_lost_answer_of_a_delete_is_read_back(simulator: Simulator, new_stack: NewStack) -> None:
    stack = new_stack(vserver())
    assert stack.up().ok
    simulator.faults({"fault": "drop_after", "method": "DELETE", "kind": "lbvserver", "times": 1})
    ran = stack.destroy()
    assert ran.ok, ran.text
    assert names(simulator) == []
    assert stack.resources() == []


@pytest.mark.e2e
def test_killed_during_up_it_goes_on_where_it_was(
    simulator: Simulator, pulumi_home: Path, tmp_path: Path, target: dict[str, str]
) -> None:
    from .project import Project

    project = Project(tmp_path, MANY.format(count=12), home=pulumi_home, **target)
    simulator.control("POST", "options", {"latency": 0.2})
    project.killed("up", when=lambda: simulator.count("POST", "lbvserver") >= 3)
    simulator.control("POST", "options", {"latency": 0})
    there = len(names(simulator))
    assert 0 < there < 12
    project.pulumi("cancel", "--yes", "--stack", "test")
    project.run("up")
    assert len(names(simulator)) == 12
    assert "13 unchanged" in project.run("up"), "the stack and the twelve"
    project.run("destroy")
    assert names(simulator) == []


@pytest.mark.e2e
def test_killed_during_destroy_it_goes_on_where_it_was(
    simulator: Simulator, pulumi_home: Path, tmp_path: Path, target: dict[str, str]
) -> None:
    from .project import Project

    project = Project(tmp_path, MANY.format(count=12), home=pulumi_home, **target)
    project.run("up")
    simulator.control("POST", "options", {"latency": 0.2})
    project.killed("destroy", when=lambda: simulator.count("DELETE", "lbvserver") >= 3)
    simulator.control("POST", "options", {"latency": 0})
    project.pulumi("cancel", "--yes", "--stack", "test")
    project.run("destroy")
    assert names(simulator) == []
