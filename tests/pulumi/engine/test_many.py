# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Many resources: no recursion, few requests, a small state."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from .appliance import Writes, names
from .programs import vservers

if TYPE_CHECKING:
    from nitrox.simulator.testing import Simulator

    from .stack import Stack

NewStack = Callable[..., "Stack"]
BYTES = 1200  # of the state that are ours, a resource
OURS = ("inputs", "outputs", "id", "type")


@pytest.mark.e2e
@pytest.mark.parametrize("count", [60, pytest.param(2000, marks=[pytest.mark.e2e, pytest.mark.timeout(1200)])])
def test_many_resources_in_one_program(simulator: Simulator, new_stack: NewStack, count: int) -> None:
    stack, writes = new_stack(vservers(count), PULUMI_SKIP_CHECKPOINTS="true"), Writes(simulator)
    ran = stack.up(parallel=64)
    assert ran.ok, ran.text[-2000:]
    assert ran.counts == {"create": count}
    assert len(names(simulator)) == count
    assert len(writes()) < count, "creates that wait at the same time share a request"
    assert max(len(json.dumps({part: one[part] for part in OURS})) for one in stack.resources()) <= BYTES

    reads = len(simulator.log())
    again = stack.up(parallel=64)
    assert again.counts == {"same": count}
    assert writes() == []
    assert stack.refresh(parallel=64).ok
    listed = [entry for entry in simulator.log()[reads:] if entry["kind"] == "lbvserver"]
    assert len(listed) <= 8, "a refresh reads the collection, not one object after another"
    assert stack.destroy(parallel=64).ok
    assert names(simulator) == []
