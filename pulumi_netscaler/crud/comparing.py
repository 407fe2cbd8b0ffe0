# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""What differs between a resource's last state and what its program says now, offline. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.desired import Desired
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.kind import Attribute, Kind, Values
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.objects import Findings, Sorted
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.rows import differing
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.value import hidden, listed

HiddenChanged = Callable[[str, Any], bool]


@dataclass(frozen=True)
class Difference:
    """``changes``: something has to be done. ``replaces``: what cannot be changed in place. ``delete_first``: the new object
    could not exist beside the old one."""

    changes: bool = False
    replaces: tuple[str, ...] = ()
    delete_first: bool = False


def engine_lists(found: Difference) -> bool | None:
    """The answer to the engine: None where it is to list the changed inputs itself."""
    return None if found.changes and not found.replaces else found.changes


def difference(
    kind: Kind, old: Values, new: Values, unknown: frozenset[str], hidden_changed: HiddenChanged, *, adopted: bool
) -> Difference:
    """From ``old`` (last state) to ``new`` (known values); ``unknown`` are attributes whose new value is not known yet.

    ``adopted``: the object was there before its resource, so what the state does not say may have any value.
    """
    moved = moved_keys(kind, old, new, unknown)
    if moved and not renames(kind, moved):
        return Difference(True, tuple(moved), _stands_in_the_way(kind, old, new))
    if kind.is_binding:
        return Difference(bool(moved) or bool(unknown) or _row_differs(kind, old, new, hidden_changed))
    fixed = _fixed(kind, old, new, hidden_changed, adopted=adopted) + [n for n in unknown if _is_fixed(kind, n)]
    if fixed:
        return Difference(True, tuple(sorted(fixed)), True)
    return Difference(bool(moved) or bool(unknown) or _changes(kind, old, new, hidden_changed))


def moved_keys(kind: Kind, old: Values, new: Values, unknown: frozenset[str] = frozenset()) -> list[str]:
    """Key attributes that mean another object now, or may do so."""
    pairs = zip(kind.keys, kind.identity(old), kind.identity(new), strict=True)
    return [name for name, before, after in pairs if before != after or name in unknown]


def renames(kind: Kind, moved: list[str]) -> bool:
    """Can the object itself get its new key?"""
    return "rename" in kind.operations and moved == [kind.main_key]


def removed(kind: Kind, old: Values, new: Values) -> dict[str, None]:
    """Attributes that are no longer given, and that can be unset."""
    gone = [name for name in old if name not in new and name in kind.attributes and name not in kind.keys]
    return {name: None for name in gone if "unset" in kind.attributes[name].on and not kind.is_binding}


def _fixed(kind: Kind, old: Values, new: Values, hidden_changed: HiddenChanged, *, adopted: bool) -> list[str]:
    """Attributes that differ and that only a new object can have."""
    if kind.switches:
        return []
    both = {name: value for name, value in new.items() if name in old}
    found = list(_sorted(kind, both, old, hidden_changed).immutable)
    for name in new.keys() - old.keys() - set(kind.keys):
        attribute = kind.attributes[name]
        if _is_fixed(kind, name) and not hidden(attribute) and not adopted and not attribute.same(new[name], None):
            found.append(name)
    return found


def _is_fixed(kind: Kind, name: str) -> bool:
    attribute = kind.attributes.get(name)
    if attribute is None or name in kind.keys or name == kind.switches or (kind.state and name == "state"):
        return False
    twin = kind.attributes.get(attribute.get_as or "")
    return not (attribute.on & {"update", "link", "change"} or (twin is not None and "update" in twin.on))


def _changes(kind: Kind, old: Values, new: Values, hidden_changed: HiddenChanged) -> bool:
    if kind.switches:
        before, after = ({str(word).lower() for word in listed(side.get(kind.switches) or [])} for side in (old, new))
        return bool(after - before)
    if any(_is_new(kind, kind.attributes[name], new) for name in new.keys() - old.keys() - set(kind.keys)):
        return True
    if kind.state and "state" in new and new["state"] != old.get("state"):
        return True
    known = {name: value for name, value in new.items() if name in old or hidden(kind.attributes[name])}
    found = _sorted(kind, {**known, **removed(kind, old, new)}, old, hidden_changed)
    return bool(found.update or found.change or found.link or found.unset)


def _is_new(kind: Kind, attribute: Attribute, new: Values) -> bool:
    """Was never managed, so nobody knows its value: not even a default may be taken for granted."""
    return not hidden(attribute) and not (_is_fixed(kind, attribute.name) and attribute.same(new[attribute.name], None))


def _sorted(kind: Kind, values: Values, old: Values, hidden_changed: HiddenChanged) -> Sorted:
    keys = {key: old[key] for key in kind.keys if old.get(key) is not None}
    findings = Findings("recreate", lambda _wanted, name, value: hidden_changed(name, value))
    return Sorted(Desired(kind, {**keys, **values}), old, findings)


def _row_differs(kind: Kind, old: Values, new: Values, hidden_changed: HiddenChanged) -> bool:
    secrets = [a.name for a in kind if hidden(a) and new.get(a.name) is not None]
    rest = new.keys() - old.keys() - set(kind.keys) - set(secrets)
    if kind.state and new.get("state") != old.get("state"):
        return True
    shown = {name: value for name, value in new.items() if name != "state"}
    return bool(rest) or bool(differing(kind, shown, old)) or any(hidden_changed(name, new[name]) for name in secrets)


def _stands_in_the_way(kind: Kind, old: Values, new: Values) -> bool:
    """A new object may want the address of the old one, a new row its priority; any other row is better bound before."""
    if not kind.is_binding:
        return True
    same = [name for name in ("priority", kind.bind_key or "") if old.get(name) is not None and old.get(name) == new.get(name)]
    return bool(same) and old.get(kind.url_key or "") == new.get(kind.url_key or "")
