# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Features and modes: sets of switches of which only those that a document names are touched (PROTOCOL 12). Pure."""

from __future__ import annotations

from typing import Any

from .change import Change
from .desired import Desired
from .kind import Values
from .order import FEATURES, OFF
from .value import listed


def switch_changes(wanted: Desired, observed: Values | None) -> list[tuple[int, Change]]:
    """Enable those that are off; with ``present`` False disable those that are on."""
    name = str(wanted.kind.switches)
    attribute = wanted.kind.attributes[name]
    on = {str(attribute.coerce([word])[0]).lower() for word in _known(wanted, (observed or {}).get(name) or ())}
    asked = [word for word in wanted.values.get(name) or () if (word.lower() in on) != wanted.present]
    if not asked:
        return []
    verb, stage = ("enable", FEATURES) if wanted.present else ("disable", OFF)
    states = ("disabled", "enabled") if wanted.present else ("enabled", "disabled")
    before, after = ({name: dict.fromkeys(asked, state)} for state in states)
    why = f"{', '.join(asked)} {'is' if len(asked) == 1 else 'are'} {states[0]}"
    return [(stage, Change(verb, wanted.kind.name, (), "", {name: asked}, before, after, why))]


def _known(wanted: Desired, words: Any) -> list[str]:
    """Those of the appliance's words that the catalogue knows too; a newer release has more of them."""
    spelled = wanted.kind.attributes[str(wanted.kind.switches)].spelled
    return [str(word) for word in listed(words) if str(word).lower() in spelled]
