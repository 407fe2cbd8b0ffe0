# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Every attribute of every plain kind: changed, changed by somebody else, unset. A plan names exactly what differs, and what was
done is never planned again. ``LIVES=1`` takes each attribute by itself as well."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.kind import Kind

from . import lives
from .converging import opened
from .lives_values import drawn
from .living import Life, attributes_of

if TYPE_CHECKING:
    from tests.conftest import Simulator

LONG = bool(os.environ.get("LIVES"))
KINDS = [kind for kind in lives.plain() if any(lives.changeable(kind))]
bounded = settings(
    max_examples=25 if LONG else 2,
    derandomize=True,
    deadline=None,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def first_and_second(life: Life) -> tuple[dict[str, Any], dict[str, Any]]:
    """Of each attribute a value that is not there now, and one that differs from this."""
    first, second = {}, {}
    now = life.observed()
    for attribute in lives.changeable(life.kind):
        values = lives.two(life.kind, attribute, now.get(attribute.read_name))
        if values:
            first[attribute.name], second[attribute.name] = values[0], (values[1:] or [attribute.default])[0]
    return first, second


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_every_change_is_seen_whoever_made_it(simulator: Simulator, kind: Kind) -> None:
    with opened(simulator) as session:
        life = Life(session, kind)
        first, second = first_and_second(life)
        assert attributes_of(life.step(first).changes) == set(first)
        for name in first:
            life.tampered(simulator, {name: second[name]})
            assert _numbers(kind, attributes_of(life.look(first).changes)) == _numbers(kind, {name}), name
            life.tampered(simulator, {name: first[name]})
        for name in first:
            life.tampered(simulator, {name: second[name]})
        assert attributes_of(life.step(first).changes) == set(first)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_what_is_unset_is_the_default_again(simulator: Simulator, kind: Kind) -> None:
    with opened(simulator) as session:
        life = Life(session, kind)
        first = {name: value for name, value in first_and_second(life)[0].items() if _unsettable(kind, name, life)}
        for names in [[name] for name in first] if LONG else [list(first)]:
            part = {name: first[name] for name in names}
            assert attributes_of(life.step(part).changes) == set(part)
            assert attributes_of(life.step(dict.fromkeys(part)).changes) == set(part)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_any_values_are_written_once(simulator: Simulator, kind: Kind) -> None:
    attributes = {a.name: a for a in lives.changeable(kind) if a.name not in _named(kind)}
    with opened(simulator) as session:
        life = Life(session, kind)

        @bounded
        @given(st.fixed_dictionaries({name: drawn(attribute) for name, attribute in attributes.items()}))
        def change(values: dict[str, Any]) -> None:
            now = life.observed()
            unlike = {name for name in values if not kind.same(name, values, now)}
            assert attributes_of(life.step(values).changes) == unlike

        change()


def _numbers(kind: Kind, names: set[str]) -> set[str]:
    """A unit stands for its number: what changes is both."""
    owners = {a.unit: a.name for a in kind if a.unit}
    return {owners.get(name, name) for name in names}


def _named(kind: Kind) -> set[str]:
    return set(lives.SAMPLES.get(kind.name, {}).get("@", {}))


def _unsettable(kind: Kind, name: str, life: Life) -> bool:
    return "unset" in kind.attributes[name].on and name not in life.values
