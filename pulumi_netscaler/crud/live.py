# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""What a read says, in the words of a resource: the managed attributes as they are now, spelled as they were where that means
the same."""

from __future__ import annotations

from typing import Any

from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.desired import Desired
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.document import Document
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.kind import Attribute, Kind, Values
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.observation import Absent
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.observe import observe
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.rows import compare
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.session import Session
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.value import hidden, listed


def row(reader: Session, wanted: Desired) -> Values | None:
    """The object or binding row as read, None where it is not there. Raises where that could not be told."""
    kind = wanted.kind
    observed = observe(reader, Document((wanted,), present=False))
    if not kind.is_binding:
        if (kind.name, wanted.key) not in observed.objects:  # it has nothing but its name, so nothing was read
            found = reader.read(kind, wanted.values)
            return None if isinstance(found, Absent) else getattr(found, "values", {})
        return observed.values(kind, wanted.key)
    rows = observed.rows.get((kind.name, str(wanted.values.get(kind.url_key or "", ""))), ())
    found_rows = compare(kind, [{key: wanted.values[key] for key in kind.keys if key in wanted.values}], rows)
    matched = [*(old for unused, old in found_rows.kept), *(old for unused, old, names in found_rows.differing)]
    return matched[0] if matched else None


def managed(kind: Kind, old: Values, found: Values) -> dict[str, Any]:
    """``old`` with what is otherwise now; what is not there any more is left out."""
    now = {name: _now(kind, name, old, found) for name in old}
    return {name: value for name, value in now.items() if value is not None}


def everything(kind: Kind, found: Values) -> dict[str, Any]:
    """All attributes that a read shows and that are no secrets, by their names in requests."""
    shown: dict[str, Any] = {}
    for attribute in kind:
        value = found.get(attribute.read_name, found.get(attribute.name))
        if value is not None and not attribute.secret:
            shown[attribute.name] = _coerced(attribute, value)
    state = kind.enabled(found)
    return shown if state is None else {**shown, "state": "ENABLED" if state else "DISABLED"}


def _now(kind: Kind, name: str, old: Values, found: Values) -> Any:
    attribute = kind.attributes.get(name)
    if attribute is None or name in kind.keys or hidden(attribute):
        return old[name]
    if kind.state and name == "state":
        enabled = kind.enabled(found)
        return old[name] if enabled is None else "ENABLED" if enabled else "DISABLED"
    if name == kind.switches:
        on = {str(word).lower() for word in found.get(name) or ()}
        return [word for word in listed(old[name]) if str(word).lower() in on]
    shown = attribute.read_name in found or attribute.name in found
    if not shown and not attribute.on & {"update", "link"}:
        return old[name]  # it is never shown, so nobody can tell
    if kind.same(name, old, found):
        return old[name]
    value = found.get(attribute.read_name, found.get(attribute.name, attribute.default))
    return None if value is None else _coerced(attribute, value)


def _coerced(attribute: Attribute, value: Any) -> Any:
    try:
        return attribute.coerce(value)
    except ValueError:  # appliances answer what they like
        return value
