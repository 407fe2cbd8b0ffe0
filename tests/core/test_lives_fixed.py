# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""What cannot be changed in place is refused by name, or the object is created again; what has another name is renamed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.errors import InvalidDocument
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.kind import Attribute, Kind

from . import lives
from .converging import opened, steps
from .lives_values import others
from .living import Life, attributes_of, settle

if TYPE_CHECKING:
    from tests.conftest import Simulator

FIXED = [(kind, attribute) for kind in lives.kinds() for attribute in lives.fixed(kind) if len(lives.two(kind, attribute)) == 2]
RENAMED = [kind for kind in lives.plain() if "rename" in kind.operations]


@pytest.mark.parametrize(("kind", "attribute"), FIXED, ids=[f"{kind.name}.{attribute.name}" for kind, attribute in FIXED])
def test_what_cannot_be_changed_is_refused_or_made_again(simulator: Simulator, kind: Kind, attribute: Attribute) -> None:
    first, second = lives.two(kind, attribute)
    with opened(simulator) as session:
        life = Life(session, kind, **{attribute.name: first})
        change = {attribute.name: second}
        if not kind.replaceable:
            with pytest.raises(InvalidDocument) as refused:
                life.look(change)
            assert [problem.path.rpartition(".")[2] for problem in refused.value.problems] == [attribute.name]
        plan = life.step(change, immutable="recreate")
        assert [step.partition(" ")[0] for step in steps(plan)][:2] == ["replace", "create"]
        assert attribute.name in attributes_of(plan.changes)


@pytest.mark.parametrize("kind", RENAMED, ids=lambda kind: kind.name)
def test_a_renamed_object_stays_itself(simulator: Simulator, kind: Kind) -> None:
    with opened(simulator) as session:
        life = Life(session, kind)
        main = str(kind.main_key)
        old = life.values[main]
        new = next(others(kind.attributes[main], old))
        plan = settle(session, lives.document(kind, {**life.values, main: new, "rename_from": old}))
        assert steps(plan) == [f"rename {kind.name} {new}"]
        life.values[main] = new
        assert not life.look()
        assert life.observed()[main] == new
