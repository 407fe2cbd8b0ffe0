# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Values on the wire: what a request may carry, and how a GET types it (PROTOCOL 7.1, 8.3, 21.2)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro import catalogue
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.kind import Attribute, Kind

from .refusal import Refusal
from .table import Row

_SETTING = frozenset({"add", "update", "change", "link", "import", "create"})
_NUMBER = {"integer": int, "number": float}


def convert(attribute: Attribute, value: Any) -> Any:
    """A request's value as it is stored. Raises `Refusal` with the parser's codes (PROTOCOL Appendix A)."""
    if attribute.type == "array":
        return [_scalar(attribute, attribute.items, item) for item in (value if isinstance(value, list) else [value])]
    if isinstance(value, list) and attribute.type in ("string", "integer", "boolean"):
        raise Refusal(1234)
    return _scalar(attribute, attribute.type, value)


def _scalar(attribute: Attribute, type_: str, value: Any) -> Any:
    if type_ in _NUMBER:
        return _numeric(attribute, type_, value)
    if type_ == "boolean":
        return _boolean(attribute, value)
    if type_ != "string":
        return value
    if isinstance(value, (dict, list)):
        raise Refusal(1234)
    text = ("true" if value else "false") if isinstance(value, bool) else str(value)
    return _enumerated(attribute, text) if attribute.values else _bounded(attribute, text)


def _enumerated(attribute: Attribute, text: str) -> str:
    for value in (*attribute.values, *attribute.values_older):
        if value.lower() == text.lower():
            return value
    raise Refusal(1097, attribute.name, text)


def _bounded(attribute: Attribute, text: str) -> str:
    if attribute.max_length is not None and len(text) > attribute.max_length:
        raise Refusal(1106, attribute.max_length)
    if attribute.min_length is not None and len(text) < attribute.min_length:
        raise Refusal(1107, attribute.min_length)
    return text


def _numeric(attribute: Attribute, type_: str, value: Any) -> int | float:
    if value == "*" and attribute.name.endswith("port"):
        return 65535
    if isinstance(value, (bool, dict, list)):
        raise Refusal(1234)
    try:
        number = float(value) if type_ == "number" else int(float(value)) if "." in str(value) else int(value)
    except ValueError:
        raise Refusal(1097, attribute.name, value) from None
    if number == attribute.default or (attribute.name.endswith("port") and number in (0, 65535)):
        return number
    if attribute.max is not None and number > attribute.max:
        raise Refusal(1108, attribute.name, f"{attribute.max:g}" if isinstance(attribute.max, float) else attribute.max)
    if attribute.min is not None and number < attribute.min:
        raise Refusal(1109, attribute.name, f"{attribute.min:g}" if isinstance(attribute.min, float) else attribute.min)
    return number


def _boolean(attribute: Attribute, value: Any) -> bool:
    text = str(value).lower()
    if text not in ("true", "false", "yes", "no"):
        raise Refusal(1097, attribute.name, value)
    return text in ("true", "yes")


def shown(attribute: Attribute, value: Any) -> Any:
    """A stored value as a GET types it."""
    if attribute.type == "array":
        listed = value if isinstance(value, list) else [value]
        return [str(item) if attribute.items == "integer" else item for item in listed]
    if attribute.type in _NUMBER and not isinstance(value, (dict, list)):
        return _shown_number(attribute, value)
    return value


def _shown_number(attribute: Attribute, value: Any) -> Any:
    number = float(value)
    number = int(number) if number.is_integer() else number
    return number if attribute.wire == "number" else str(number)


@cache
def template(kind_name: str) -> Mapping[str, Any]:
    """What a GET shows of every object of a kind: the defaults that the appliance materialises (PROTOCOL 8.3 [L])."""
    kind = catalogue.kind(kind_name)
    found: Row = {}
    for attribute in kind:
        if not _readable(kind, attribute) or attribute.hidden_default:
            continue
        if attribute.default is not None:
            found[attribute.read_name] = shown(attribute, attribute.default)
        elif kind.is_binding and attribute.type == "boolean" and "add" in attribute.on:
            found[attribute.read_name] = False  # boolean attributes of rows are always there (PROTOCOL 21.2 [L])
    return found | _materialised().get(kind_name, {})


@cache
def _materialised() -> Mapping[str, Row]:
    """Kind → what the appliance shows of a new object although the catalogue knows no default for it (``shown*.json``)."""
    found: dict[str, Row] = {}
    for path in sorted((Path(__file__).parent / "behaviour").glob("shown*.json")):
        for names, values in json.loads(path.read_text(encoding="utf-8")).items():
            for name in names.split():
                found.setdefault(name, {}).update(values)
    return found


@cache
def _names(kind_name: str) -> Mapping[str, tuple[str, Attribute]]:
    """Stored name → (name in a GET, attribute), for what a GET shows."""
    kind = catalogue.kind(kind_name)
    return {attribute.name: (attribute.read_name, attribute) for attribute in kind if _readable(kind, attribute)}


def _readable(kind: Kind, attribute: Attribute) -> bool:
    if (attribute.secret and not attribute.shown) or (attribute.write_only and attribute.name not in kind.keys):
        return False
    return attribute.readonly or attribute.name in kind.keys or kind.view or bool(attribute.on & _SETTING) or not attribute.on


def show(kind: Kind, row: Mapping[str, Any]) -> Row:
    """A stored row as a GET shows it, before the behaviours add to it."""
    names = _names(kind.name)
    out: Row = {key: None for key in kind.keys if key in names and row.get(key) is not None}
    out.update(template(kind.name))
    for name, value in row.items():
        entry = names.get(name)
        if entry is not None and value is not None:
            out[entry[0]] = shown(entry[1], value)
        elif entry is None and name not in kind.attributes and not name.startswith("_"):
            out[name] = value
    return out
