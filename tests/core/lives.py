# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Minimal legal objects of any kind, made up from the catalogue: what a create needs, and what can be changed of it.

What the catalogue's types do not tell stands in ``lives.json``, by kind: attributes of the object; ``=`` what has to be there
first; ``~`` a change to it; ``@`` values of attributes; ``!`` attributes that are left out, with the reason.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro import catalogue
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.kind import Attribute, Kind

from .lives_values import others, value

SAMPLES: dict[str, dict[str, Any]] = json.loads(Path(__file__).with_name("lives.json").read_text(encoding="utf-8"))
MARKS = "=~@!"


def kinds() -> Iterator[Kind]:
    """Every kind whose objects come and go."""
    return (kind for kind in plain() if {"add", "delete"} <= kind.operations)


def plain() -> Iterator[Kind]:
    """Every kind but bindings that can be brought into a desired state."""
    for kind in catalogue.kinds():
        if kind.manageable and not kind.unmanaged and not kind.is_binding:
            yield kind


def minimal(kind: Kind) -> dict[str, Any]:
    """What a create needs; of an object that is always there what names it."""
    sample = SAMPLES.get(kind.name, {})
    needed = {a.name for a in kind if "add" in a.required} | {key for key in kind.keys if key == kind.main_key}
    for group in kind.one_of:
        chosen = next((name for name in group if name in sample), group[0])
        needed = (needed - set(group)) | {chosen}
    return {name: value(kind.attributes[name]) for name in sorted(needed)} | {
        name: given for name, given in sample.items() if name not in MARKS
    }


def before(kind: Kind) -> dict[str, Any]:
    """What has to be there first."""
    found: dict[str, Any] = SAMPLES.get(kind.name, {}).get("=", {})
    return found


def left_out(kind: Kind) -> dict[str, str]:
    """Attributes that no life changes → why."""
    found: dict[str, str] = SAMPLES.get(kind.name, {}).get("!", {})
    return found


def document(kind: Kind, values: dict[str, Any]) -> dict[str, Any]:
    """One object as a document has it."""
    return {kind.name: [values] if kind.keys else values}


def changeable(kind: Kind) -> Iterator[Attribute]:
    """Attributes that an update takes and a GET shows."""
    excluded = _excluded(kind)
    for attribute in kind:
        hidden = attribute.write_only or (attribute.secret and not attribute.shown)
        if "update" not in attribute.on or attribute.of_binding or attribute.readonly or hidden:
            continue
        if attribute.name not in kind.keys and attribute.name not in excluded:
            yield attribute


def hidden(kind: Kind) -> Iterator[Attribute]:
    """Attributes that an update takes and no GET shows."""
    excluded = _excluded(kind)
    for attribute in kind:
        if "update" not in attribute.on or attribute.of_binding:
            continue
        if attribute.name not in excluded and (attribute.write_only or (attribute.secret and not attribute.shown)):
            yield attribute


def fixed(kind: Kind) -> Iterator[Attribute]:
    """Attributes that only a create takes and a GET shows."""
    excluded = _excluded(kind)
    for attribute in kind:
        hidden = attribute.write_only or (attribute.secret and not attribute.shown) or attribute.readonly
        if "add" not in attribute.on or attribute.on & {"update", "change", "link"} or hidden or attribute.name in kind.keys:
            continue
        if not attribute.get_as and attribute.name not in excluded:
            yield attribute


def _excluded(kind: Kind) -> set[str]:
    """What is left out, and what excludes something that the minimal object has."""
    given = minimal(kind)
    rivals = {name for group in kind.one_of if set(group) & set(given) for name in group if name not in given}
    twins = {str(kind.attributes[name].get_as) for name in given}
    return rivals | twins | set(left_out(kind)) | ({"state"} if kind.state else set())


def two(kind: Kind, attribute: Attribute, *known: Any) -> list[Any]:
    """Up to two legal values that mean something else than the known ones and than nothing."""
    named = SAMPLES.get(kind.name, {}).get("@", {}).get(attribute.name)
    return list(named) if named else list(others(attribute, *known))[:2]


def changed(kind: Kind) -> dict[str, Any]:
    """One attribute with another value than `minimal` gives it, as the appliance would show it; {} if there is none."""
    sample = SAMPLES.get(kind.name, {})
    if "~" in sample:
        found: dict[str, Any] = sample["~"]
        return found
    given = minimal(kind)
    for attribute in sorted(changeable(kind), key=lambda a: (a.name != "comment", not a.values, a.name)):
        values = two(kind, attribute, given.get(attribute.name))
        if values and attribute.unit is None:
            return {attribute.name: values[-1]}
    return {}
