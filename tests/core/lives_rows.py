# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Binding rows of any kind, made up from the catalogue, with the objects on both of their ends.

``lives.json`` has, by binding kind: attributes of the row; ``=`` further objects that have to be there; ``parent`` attributes of
the parent; ``!`` attributes that are left out, with the reason.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro import catalogue
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.kind import Attribute, Kind

from . import lives
from .lives_values import ADDRESS, others, value


def kinds() -> Iterator[Kind]:
    """Every binding kind that can be brought into a desired state."""
    for kind in catalogue.kinds():
        if kind.manageable and not kind.unmanaged and kind.is_binding:
            yield kind


def scenery(kind: Kind) -> list[dict[str, Any]]:
    """Documents, in their order: what has to be there before the parent gets its rows."""
    found = []
    for other in [*_bound_kinds(kind)[:1], *([] if kind.is_global else [catalogue.kind(str(kind.parent))])]:
        found += [lives.before(other)] if lives.before(other) else []
        if "add" in other.operations and other is not _parent(kind):
            found += [lives.document(other, values) for values in (lives.minimal(other), twin(other)) if values]
    extra = lives.SAMPLES.get(kind.name, {}).get("=")
    return [*([extra] if extra else []), *found]


def rows(kind: Kind) -> dict[str, Any]:
    """A row with what a bind demands, without the parent's key."""
    sample = lives.SAMPLES.get(kind.name, {})
    needed = {a.name for a in kind if "add" in a.required} | ({kind.bind_key} if kind.bind_key else set())
    for group in kind.one_of:
        chosen = next((name for name in group if name in sample), group[0])
        needed = (needed - set(group)) | {chosen}
    found = {name: _value(kind, kind.attributes[name]) for name in sorted(needed) if name and name != kind.url_key}
    return found | {name: given for name, given in sample.items() if name not in (*lives.MARKS, "parent", "more")}


def another(kind: Kind, row: dict[str, Any]) -> dict[str, Any] | None:
    """Another row of the set beside ``row``; None where nothing can be made up that names it."""
    given = lives.SAMPLES.get(kind.name, {}).get("more")
    if given:
        return {**row, **given}
    attribute = kind.attributes.get(kind.bind_key or "")
    if attribute is None or attribute.name not in row:
        return None
    bound = _bound_kinds(kind)[:1]
    if bound:
        second = twin(bound[0]) if "add" in bound[0].operations else {}
        found = second.get(bound[0].main_key or "")
    else:
        found = next(others(attribute, row[attribute.name]), None)
    if found is None:
        return None
    return {**row, attribute.name: found} | ({"priority": 77} if row.get("priority") is not None else {})


def twin(kind: Kind) -> dict[str, Any]:
    """Another object of a kind; {} where nothing but its name could be told apart."""
    values = lives.minimal(kind)
    main = kind.main_key
    if not main or any(a.name in ADDRESS for a in kind if a.name in values and a.name != main) or "!twin" in lives.left_out(kind):
        return {}
    found = next(others(kind.attributes[main], values[main]), None)
    return {} if found is None else {**values, main: found}


def changeable(kind: Kind, row: dict[str, Any], shown: Mapping[str, Any]) -> dict[str, Any]:
    """Attributes of a row that a bind takes and a GET shows → a value that is not there now."""
    found = {}
    left_out = lives.left_out(kind)
    rivals = {name for group in kind.one_of if set(group) & set(row) for name in group}
    for attribute in kind:
        hidden = attribute.secret or attribute.write_only or attribute.readonly or attribute.name in rivals
        if hidden or "add" not in attribute.on or attribute.name in (*kind.keys, *left_out):
            continue
        if attribute.ref or (kind.state and attribute.name == "state"):
            continue
        values = lives.two(kind, attribute, row.get(attribute.name), shown.get(attribute.read_name))
        if values:
            found[attribute.name] = values[0]
    return found


def document(kind: Kind, wanted: list[dict[str, Any]]) -> dict[str, Any]:
    """The parent with these rows as its complete set, or a global set."""
    if kind.is_global:
        return {kind.name: wanted}
    parent = catalogue.kind(str(kind.parent))
    values = {**lives.minimal(parent), **lives.SAMPLES.get(kind.name, {}).get("parent", {})}
    return lives.document(parent, {**values, "bindings": {kind.name: wanted}})


def _parent(kind: Kind) -> Kind | None:
    return None if kind.is_global else catalogue.kind(str(kind.parent))


def _bound_kinds(kind: Kind) -> list[Kind]:
    attribute = kind.attributes.get(kind.bind_key or "")
    return [catalogue.kind(name) for name in attribute.ref] if attribute else []


def _value(kind: Kind, attribute: Attribute) -> Any:
    """The name of the bound object, where there is one."""
    bound = _bound_kinds(kind) if attribute.name == kind.bind_key else []
    if bound and bound[0].main_key:
        return lives.minimal(bound[0])[bound[0].main_key]
    return value(attribute)
