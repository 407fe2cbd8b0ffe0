# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Every binding kind: bound, as wanted, changed, changed by somebody else, unbound. A declared set is complete, others are left
alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro import catalogue
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.kind import Kind
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.session import Session

from . import lives, lives_rows
from .converging import opened, steps
from .living import settle
from .test_lives_changes import LONG

if TYPE_CHECKING:
    from tests.conftest import Simulator

KINDS = list(lives_rows.kinds())
COMPLETE = [kind for kind in KINDS if lives_rows.another(kind, lives_rows.rows(kind)) is not None]


def bound(session: Session, kind: Kind) -> dict[str, Any]:
    """Make both ends and bind them; the row as the document has it."""
    for data in lives_rows.scenery(kind):
        settle(session, data)
    row = lives_rows.rows(kind)
    plan = settle(session, lives_rows.document(kind, [row]))
    assert any(step.startswith(f"bind {kind.name}") for step in steps(plan))
    return row


def seen(session: Session, kind: Kind) -> list[dict[str, Any]]:
    """All rows of the set."""
    if kind.is_global:
        return session.read_all(kind)
    parent = catalogue.kind(str(kind.parent))
    name = str(lives.minimal(parent)[str(parent.main_key)])
    return session.read_bindings(kind, [name])[name]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_a_row_is_bound_changed_and_unbound(simulator: Simulator, kind: Kind) -> None:
    with opened(simulator) as session:
        row = bound(session, kind)
        change = lives_rows.changeable(kind, row, seen(session, kind)[0])
        for part in [{name: value} for name, value in change.items()] if LONG else [change] if change else []:
            plan = settle(session, lives_rows.document(kind, [{**row, **part}]))
            changed = [step for step in plan.changes if step.kind == kind.name]
            assert {name for step in changed for name in step.after if step.before.get(name) != step.after[name]} >= set(part)
        plan = settle(session, lives_rows.document(kind, []))
        assert all(step.startswith(f"unbind {kind.name}") for step in steps(plan))
        assert steps(plan)
        assert all(left[str(kind.bind_key)] in kind.automatic for left in seen(session, kind))


@pytest.mark.parametrize("kind", COMPLETE, ids=lambda kind: kind.name)
def test_a_set_is_complete_where_it_is_declared(simulator: Simulator, kind: Kind) -> None:
    with opened(simulator) as session:
        row = bound(session, kind)
        before = len(seen(session, kind))
        with opened(simulator) as somebody:
            settle(somebody, lives_rows.document(kind, [row, {**row, **(lives_rows.another(kind, row) or {})}]))
        assert len(seen(session, kind)) == before + 1
        if not kind.is_global:
            parent = lives_rows.document(kind, [])[str(kind.parent)][0]
            parent.pop("bindings")
            assert not steps(settle(session, {str(kind.parent): [parent]}))
            assert len(seen(session, kind)) == before + 1
        plan = settle(session, lives_rows.document(kind, [row]))
        assert [step.partition(" ")[0] for step in steps(plan)] == ["unbind"]
        assert len(seen(session, kind)) == before
