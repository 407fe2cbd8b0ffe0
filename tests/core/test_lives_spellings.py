# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""The same value in any spelling plans nothing, for every attribute of every plain kind."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.kind import Attribute, Kind

from . import lives
from .converging import planned
from .lives_values import NUMBERS, drawn
from .test_lives_changes import bounded

SHORT, FULL = "2001:db8::a", "2001:0DB8:0:0:0:0:0:A"
KINDS = [kind for kind in lives.plain() if any(lives.changeable(kind))]


def spellings(attribute: Attribute) -> st.SearchStrategy[tuple[Any, Any]]:
    """(as the appliance shows it, as a document says it)"""
    if attribute.type == "string" and "ipaddress" in attribute.name:
        return st.sampled_from([(SHORT, FULL), (FULL, SHORT)])
    return drawn(attribute).flatmap(lambda value: st.tuples(st.just(value), st.sampled_from(_respelled(attribute, value))))


def _respelled(attribute: Attribute, value: Any) -> list[Any]:
    if attribute.type == "array":
        again = [_respelled_one(attribute, attribute.items, item)[-1] for item in value]
        return [again, *([] if attribute.ordered else [again[::-1]]), *(again if len(again) == 1 else [])]
    return _respelled_one(attribute, attribute.type, value)


def _respelled_one(attribute: Attribute, type_: str, value: Any) -> list[Any]:
    if attribute.values:
        return [value, value.lower(), value.upper(), value.title()]
    if type_ == "boolean":
        return [value, "yes" if value else "no", str(value), str(value).lower()]
    return [value, float(value), str(value), f"{value}.0"] if type_ in NUMBERS else [value]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_a_spelling_is_no_change(kind: Kind) -> None:
    values = lives.minimal(kind)
    attributes = [a for a in (*lives.changeable(kind), *lives.fixed(kind)) if a.name not in values]

    @bounded
    @given(st.fixed_dictionaries({attribute.name: spellings(attribute) for attribute in attributes}))
    def compare(drawn_: dict[str, tuple[Any, Any]]) -> None:
        there = {kind.attributes[name].read_name: shown for name, (shown, said) in drawn_.items()}
        wanted = {name: said for name, (shown, said) in drawn_.items()}
        plan = planned(lives.document(kind, {**values, **wanted}), {kind.name: [{**values, **there}]})
        assert not plan, plan.explain()

    compare()


@pytest.mark.parametrize(("seconds", "shown", "unit"), [(60, "1", "MIN"), (5, "5000", "MSEC"), (120, 2, "min")])
def test_a_unit_is_no_change(seconds: int, shown: Any, unit: str) -> None:
    monitor = {"monitorname": "probe", "type": "HTTP"}
    wanted = {**monitor, "interval": seconds, "units3": "SEC"}
    there = {**monitor, "interval": shown, "units3": unit}
    assert not planned({"lbmonitor": [wanted]}, {"lbmonitor": [there]})
    assert planned({"lbmonitor": [{**wanted, "interval": seconds + 1}]}, {"lbmonitor": [there]})
