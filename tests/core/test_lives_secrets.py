# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""What no GET shows: without an owner nobody can tell, and a plan says so; an owner remembers what it wrote."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.kind import Kind

from . import lives
from .converging import opened
from .living import Life, attributes_of, settle

if TYPE_CHECKING:
    from tests.conftest import Simulator

KINDS = [kind for kind in lives.plain() if any(lives.hidden(kind))]


def values(kind: Kind, number: int) -> dict[str, Any]:
    """The first or second value of everything that is hidden."""
    found = {attribute.name: lives.two(kind, attribute)[number:] for attribute in lives.hidden(kind)}
    return {name: given[0] for name, given in found.items() if given}


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_without_an_owner_a_plan_says_what_it_did_not_compare(simulator: Simulator, kind: Kind) -> None:
    with opened(simulator) as session:
        life = Life(session, kind)
        for number in (0, 1):
            plan = life.look(values(kind, number))
            assert not plan
            assert all(any(f": {name} cannot be read back" in note for note in plan.notes) for name in values(kind, number))


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_an_owner_sees_what_it_did_not_write(simulator: Simulator, kind: Kind) -> None:
    first, second = values(kind, 0), values(kind, 1)
    with opened(simulator) as session:
        if lives.before(kind):
            settle(session, lives.before(kind))
        born = {**lives.minimal(kind), **first}
        settle(session, lives.document(kind, born), owner="shop", adopt=True)
        plan = settle(session, lives.document(kind, {**born, **second}), owner="shop")
        changes = tuple(change for change in plan.changes if change.kind == kind.name)
        assert attributes_of(changes) == set(second)
        assert not any(str(value) in line for line in plan.explain() for name, value in second.items() if name in kind.secrets)
