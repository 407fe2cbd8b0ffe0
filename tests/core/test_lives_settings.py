# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""What is always there: changed, as wanted, and back to its defaults when it is to be absent. Switches: on and off."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.kind import Kind

from . import lives
from .converging import opened
from .living import Life, attributes_of, settle

if TYPE_CHECKING:
    from tests.conftest import Simulator

ALWAYS = [kind for kind in lives.plain() if "delete" not in kind.operations and not kind.switches]
SWITCHES = [kind for kind in lives.plain() if kind.switches]


@pytest.mark.parametrize("kind", ALWAYS, ids=lambda kind: kind.name)
def test_settings_are_changed_and_taken_back(simulator: Simulator, kind: Kind) -> None:
    with opened(simulator) as session:
        life = Life(session, kind)
        change = lives.changed(kind)
        if change:
            assert attributes_of(life.step(change).changes) == set(change)
        taken_back = {name for name in change if "unset" in kind.attributes[name].on and name not in life.values}
        plan = life.step(change, present=False)
        assert attributes_of(plan.changes) >= taken_back
        assert not any(step.verb in ("delete", "create") for step in plan.changes)


@pytest.mark.parametrize("kind", SWITCHES, ids=lambda kind: kind.name)
def test_every_switch_is_turned_on_and_off_by_itself(simulator: Simulator, kind: Kind) -> None:
    name = str(kind.switches)
    words = kind.attributes[name].values
    with opened(simulator) as session:
        settle(session, {kind.name: {name: list(words)}}, present=False)
        for word in words:
            [on] = settle(session, {kind.name: {name: [word.lower()]}}).changes
            assert (on.verb, on.write) == ("enable", {name: [word]})
            [off] = settle(session, {kind.name: {name: [word]}}, present=False).changes
            assert (off.verb, off.write) == ("disable", {name: [word]})
