# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Every kind of object lives a whole life: created, as wanted, changed, as wanted, deleted, gone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.kind import Kind

from . import lives
from .converging import opened, steps
from .living import Life

if TYPE_CHECKING:
    from tests.conftest import Simulator


@pytest.mark.parametrize("kind", list(lives.kinds()), ids=lambda kind: kind.name)
def test_a_whole_life(simulator: Simulator, kind: Kind) -> None:
    with opened(simulator) as session:
        life = Life(session, kind)
        assert any(made.startswith(f"create {kind.name}") for made in steps(life.created))
        change = lives.changed(kind)
        if change:
            assert life.step(change)
        gone = life.step(present=False)
        assert any(taken.startswith(f"delete {kind.name}") for taken in steps(gone))


def test_most_kinds_that_can_be_updated_are_changed_in_their_lives() -> None:
    updatable = [kind for kind in lives.plain() if "update" in kind.operations]
    unchanged = {kind.name for kind in updatable if not lives.changed(kind)}
    assert len(updatable) > 340
    assert len(unchanged) < 20, sorted(unchanged)
