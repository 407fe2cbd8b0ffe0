# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Every kind of object lives a whole life: created, as wanted, changed, as wanted, deleted, gone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.converge import converge
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.document import parse
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.kind import Kind
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.session import Session

from . import lives
from .converging import done, opened, steps

if TYPE_CHECKING:
    from tests.conftest import Simulator


def step(session: Session, kind: Kind, values: dict[str, Any], *, present: bool = True) -> list[str]:
    """Do it, and look again: there must be nothing left to do. Returns the steps."""
    document = parse(lives.document(kind, values), present=present)
    plan, outcome = converge(session, document)
    assert outcome is not None
    assert outcome.ok, outcome.summary()
    again, _ = converge(session, document, check=True)
    assert not again, again.explain()
    return steps(plan)


@pytest.mark.parametrize("kind", list(lives.kinds()), ids=lambda kind: kind.name)
def test_a_whole_life(simulator: Simulator, kind: Kind) -> None:
    values, change = lives.minimal(kind), lives.changed(kind)
    if lives.before(kind):
        done(simulator, lives.before(kind))
    with opened(simulator) as session:
        assert any(made.startswith(f"create {kind.name}") for made in step(session, kind, values))
        if change:
            assert step(session, kind, {**values, **change})
        gone = step(session, kind, values, present=False)
        assert any(taken.startswith(f"delete {kind.name}") for taken in gone)


def test_most_kinds_that_can_be_updated_are_changed_in_their_lives() -> None:
    updatable = [kind for kind in lives.kinds() if "update" in kind.operations]
    unchanged = {kind.name for kind in updatable if not lives.changed(kind)}
    assert len(updatable) > 240
    assert len(unchanged) < 20, sorted(unchanged)
