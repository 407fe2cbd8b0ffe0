# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Legal values of any attribute, made up from the catalogue: some in a fixed order, and drawn ones."""

from __future__ import annotations

import string
from collections.abc import Iterator
from typing import Any

from hypothesis import strategies as st

from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.kind import Attribute

ADDRESS = ("ip", "ipaddress", "ipv46", "network", "gateway", "nameserver", "siteipaddress", "serverip", "address")
NUMBERS = ("integer", "number")
WIDEST = 60_000  # of a number without limits; some of them are ports
WORDS = st.text(string.ascii_lowercase + string.digits, min_size=1, max_size=12)


def value(attribute: Attribute) -> Any:
    """Some legal value."""
    return next(iter(candidates(attribute)))


def candidates(attribute: Attribute) -> Iterator[Any]:
    """A few legal values, as the appliance would show them."""
    if attribute.type == "array":
        for item in _items(attribute, attribute.items):
            yield [item]
    else:
        yield from _items(attribute, attribute.type)


def others(attribute: Attribute, *than: Any) -> Iterator[Any]:
    """Legal values that mean something else than all of these, and than nothing."""
    for candidate in candidates(attribute):
        if not any(attribute.same(candidate, known) for known in (None, *than)):
            yield candidate


def drawn(attribute: Attribute) -> st.SearchStrategy[Any]:
    """Any legal value, as the appliance would show it."""
    if attribute.type == "array":
        return st.lists(_drawn(attribute, attribute.items), min_size=1, max_size=3, unique_by=repr)
    return _drawn(attribute, attribute.type)


def _drawn(attribute: Attribute, type_: str) -> st.SearchStrategy[Any]:
    if attribute.values or type_ == "boolean" or attribute.ref or _shaped(attribute):
        return st.sampled_from(list(_items(attribute, type_)))
    if type_ in NUMBERS:
        low, high = _limits(attribute)
        return st.integers(low, high)
    if type_ != "string":
        return st.sampled_from(list(_items(attribute, type_)))
    low, high = attribute.min_length or 1, min(attribute.max_length or 31, 31)
    return WORDS.map(lambda word: ("w" + word)[:high].ljust(low, "x"))


def _limits(attribute: Attribute) -> tuple[int, int]:
    low = int(attribute.min if attribute.min is not None else 1)
    return low, int(attribute.max) if attribute.max is not None else max(low, WIDEST)


def _items(attribute: Attribute, type_: str) -> Iterator[Any]:
    if attribute.values:
        yield from attribute.values
    elif type_ in NUMBERS:
        low, high = _limits(attribute)
        yield from dict.fromkeys(number for number in (low + 1, low + 2, low, high) if number <= high)
    elif type_ == "boolean":
        yield from (True, False)
    elif type_ == "object":
        yield {name: _field(shape) for name, shape in attribute.fields.items()}
    else:
        yield from _texts(attribute)


def _field(shape: str) -> Any:
    return {"integer": 1, "number": 1, "boolean": True, "array": ["a"], "object": {}}.get(shape, "a")


def _shaped(attribute: Attribute) -> bool:
    name = attribute.name.lower()
    return name in ADDRESS or any(word in name for word in ("ipaddress", "netmask"))


def _texts(attribute: Attribute) -> Iterator[str]:
    name = attribute.name.lower()
    if "netmask" in name:
        yield from ("255.255.255.0", "255.255.0.0", "255.255.255.128")
    elif _shaped(attribute):
        yield from ("198.51.100.7", "198.51.100.8", "198.51.100.9")
    else:
        for word in ("sample_", "other_", "third_"):
            yield (word + attribute.name)[: attribute.max_length or 31].ljust(attribute.min_length or 1, "x")
