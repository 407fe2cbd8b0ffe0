# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""What a read tells: present, absent or unknown; and which rows of an answer are meant. Pure (PROTOCOL 3, 8)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Union

from . import encode
from .answer import Result
from .errors import NitroError, OutcomeUnknown
from .kind import Kind, Values

Row = dict[str, Any]


@dataclass(frozen=True)
class Present:
    """The object is there; ``values`` is what the appliance said."""

    values: Row


@dataclass(frozen=True)
class Absent:
    """The appliance said that the object is not there."""


@dataclass(frozen=True)
class Unknown:
    """It could not be told, and ``error`` says why. Never a reason to write anything."""

    error: NitroError


Observation = Union[Present, Absent, Unknown]


def rows(kind: Kind, result: Result) -> list[Row]:
    """The rows of an answer: a list, one object, or nothing where the appliance said Done and no more.

    Raises `OutcomeUnknown` for anything else, so that an odd answer is not taken for an empty one.
    """
    content: Any = result.payload
    for name in ("routerDynamicRouting", kind.wire_name) if kind.dynamic_routing else (kind.wire_name,):
        content = _child(content, name) if isinstance(content, Mapping) else None
    if content is None and "errorcode" in result.payload:
        return []
    listed = [content] if isinstance(content, Mapping) else content
    if not isinstance(listed, list) or not all(isinstance(row, dict) for row in listed):
        raise OutcomeUnknown(f"{kind.name}: the answer has neither objects nor an errorcode")
    return listed


def matching(kind: Kind, key: Values, found: list[Row], *, named: bool) -> Row | None:
    """The row that ``key`` means. ``named`` says that the appliance was asked for the name, which then fits already."""
    wanted = [name for name in kind.keys if not (named and name == kind.url_key) and key.get(name) not in (None, "")]
    return next((row for row in found if all(_same(kind, name, key, row) for name in wanted)), None)


def parent_of(kind: Kind, row: Row) -> str:
    """The key of the object to which a binding row belongs."""
    attribute = kind.attributes.get(str(kind.url_key))
    value = row.get(attribute.read_name if attribute else "", row.get(str(kind.url_key), ""))
    return encode.text(value)


def _child(content: Mapping[str, Any], name: str) -> Any:
    if name in content:
        return content[name]
    return next((value for key, value in content.items() if key.lower() == name.lower()), None)


def _same(kind: Kind, name: str, key: Values, row: Row) -> bool:
    if name not in kind.attributes:
        return encode.text(key[name]) == encode.text(row.get(name, ""))
    shown = row.get(kind.attributes[name].read_name, row.get(name))
    return (key[name] is False and shown is None) or kind.same(name, key, row)
