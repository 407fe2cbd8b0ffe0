# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""What identifies an object: its key values as text, in one spelling. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .kind import Attribute


def one_each(identity: tuple[str, ...], group: tuple[int, ...]) -> list[tuple[str, ...]]:
    """``identity`` with one of the group's places filled, for each that is."""
    filled = [place for place in group if identity[place]]
    if len(filled) < 2:
        return [identity]
    if len(filled) == 2:
        (one, other), left, right = filled, list(identity), list(identity)
        left[other] = right[one] = ""
        return [tuple(left), tuple(right)]
    return [tuple(["" if p in filled and p != kept else text for p, text in enumerate(identity)]) for kept in filled]


def part(attribute: Attribute, value: Any) -> str:
    """``value`` of a key attribute as text; "" where it is not given or is the default."""
    if value is None or value is False or value == "":
        return ""
    if value.__class__ is int and attribute.type == "integer":
        return "" if value == attribute.default else str(value)
    try:
        known = attribute.coerce(value)
    except ValueError:
        return str(value)
    if known == attribute.default or known is False:
        return ""
    return known.rstrip("/") or known if attribute.folder else str(known)
