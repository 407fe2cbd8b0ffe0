# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""The difference between the binding rows that are wanted and those that are there. Pure.

A row whose attributes differ is changed in place where NITRO can do that (PROTOCOL 7.2), else bound anew. What is missing is
bound before what is too much is unbound, unless a row stands in the way: its priority is taken.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from . import catalogue
from .change import Change, Named, differences, kept, names
from .kind import Kind, Values
from .order import BINDS, FREE, UNBINDS

ROUTES = {"ENABLED": "enable", "DISABLED": "disable"}
Staged = tuple[int, Change]  # stage, change


@dataclass
class Difference:
    """Of one set of rows: what comes, what goes, what stays but changes."""

    missing: list[Values] = field(default_factory=list)
    extra: list[Values] = field(default_factory=list)
    differing: list[tuple[Values, Values, list[str]]] = field(default_factory=list)  # wanted, observed, attributes
    kept: list[tuple[Values, Values]] = field(default_factory=list)  # wanted, observed


def compare(kind: Kind, wanted: Sequence[Values], observed: Sequence[Values]) -> Difference:
    """Match rows by identity: a member by its address or by its server, whichever the document says."""
    found = Difference()
    index: dict[tuple[str, ...], tuple[int, ...]] = {}
    for number, row in enumerate(observed):
        alone = (number,)
        for identity in kind.identities(row):
            index[identity] = index[identity] + alone if identity in index else alone
    claimed = bytearray(len(observed))
    for row in wanted:
        free = [number for number in index.get(kind.identity(row), ()) if not claimed[number]]
        if not free:
            found.missing.append(row)
            continue
        unlike, best = (
            (differing(kind, row, observed[free[0]]), free[0])
            if len(free) == 1
            else min((differing(kind, row, observed[number]), number) for number in free)
        )
        claimed[best] = 1
        if unlike:
            found.differing.append((row, observed[best], unlike))
        else:
            found.kept.append((row, observed[best]))
    found.extra = [row for number, row in enumerate(observed) if not claimed[number] and not _automatic(kind, row)]
    if found.missing and found.extra and len(kind.row_keys) > 1:
        _loosely(kind, found)
    return found


def _loosely(kind: Kind, found: Difference) -> None:
    """Match what is left by the keys that the document gives: a GET also shows keys that the appliance has set by itself (a CA
    certificate's ``ocspcheck``). A flag that is on is never such a key."""
    for row in list(found.missing):
        given = kind.identity(row)
        for old in found.extra:
            pairs = list(zip(kind.keys, given, kind.identity(old), strict=True))
            if all(mine == other or (not mine and old.get(name) is not True) for name, mine, other in pairs):
                found.missing.remove(row)
                found.extra.remove(old)
                unlike = differing(kind, row, old)
                found.differing += [(row, old, unlike)] if unlike else []
                found.kept += [] if unlike else [(row, old)]
                break


def differing(kind: Kind, wanted: Values, observed: Values) -> list[str]:
    """Names of the attributes that differ, but for those that cannot be read."""
    unlike = []
    for name, value in wanted.items():
        if name in kind.keys or value is None:
            continue
        attribute = kind.attributes[name]
        if kind.state and name == "state":
            if kind.enabled(observed) not in (None, value == "ENABLED"):
                unlike.append(name)
        elif not (attribute.secret or attribute.write_only or kind.same(name, wanted, observed)):
            unlike.append(name)
    return unlike


def set_changes(
    kind: Kind, wanted: Sequence[Values], observed: Sequence[Values], *, replaced: frozenset[Named] = frozenset()
) -> list[Staged]:
    """What makes the rows of one parent exactly ``wanted``. ``replaced`` are objects that are deleted and created again:
    rows that name one are unbound before and bound after."""
    found = compare(kind, wanted, observed)
    staged: list[Staged] = []
    for row, old in found.kept if replaced else ():
        if names(kind, row) & replaced:
            staged += [(FREE, _unbind(kind, old, "its object is replaced")), (BINDS, _bind(kind, row, "its object is replaced"))]
    staged += [(BINDS, _bind(kind, row, "not bound")) for row in found.missing]
    for row, old, unlike in found.differing:
        staged += [(BINDS, change) for change in row_changes(kind, row, old, unlike)]
    coming = [change.write for unused, change in staged if change.verb in ("bind", "rebind")]
    taken = {str(row["priority"]) for row in coming if row.get("priority") is not None}
    bound = {str(row.get(kind.bind_key or "")) for row in coming} if "priority" in kind.row_keys else set()
    for row in found.extra:
        in_the_way = str(row.get("priority")) in taken or str(row.get(kind.bind_key or "")) in bound
        staged.append((BINDS if in_the_way else UNBINDS, _unbind(kind, row, "not in the complete set")))
    return staged


def single_changes(kind: Kind, wanted: Values, observed: Sequence[Values], *, present: bool) -> list[Staged]:
    """What brings one row about, or removes it, and leaves all others alone."""
    found = compare(kind, [wanted], observed)
    if not present:
        there = [*(old for wanted, old, unlike in found.differing), *(old for wanted, old in found.kept)]
        return [(UNBINDS, _unbind(kind, old, "is to be gone")) for old in there]
    staged = [(BINDS, _bind(kind, row, "not bound")) for row in found.missing]
    for row, old, unlike in found.differing:
        staged += [(BINDS, change) for change in row_changes(kind, row, old, unlike)]
    return staged


def row_changes(kind: Kind, wanted: Values, observed: Values, unlike: list[str]) -> list[Change]:
    """The changes to a bound row whose attributes ``unlike`` differ."""
    before = {name: observed.get(kind.attributes[name].read_name) for name in unlike}
    after = {name: wanted[name] for name in unlike}
    parent = catalogue.kind(kind.parent or "") if kind.in_place else kind
    plain = [name for name in unlike if not (kind.state and name == "state")]
    row = {name: observed.get(name, wanted.get(name)) for name in (kind.url_key or "", *kind.in_place)}
    named = bool(kind.in_place) and None not in row.values()  # else the update would mean the parent itself
    if named and all(_updatable(parent, kind, name) for name in plain):
        changes = []
        if plain:
            write = {**row, **{name: after[name] for name in plain}}
            sides = ({name: before[name] for name in plain}, {name: after[name] for name in plain})
            changes.append(_change("update", kind, wanted, write, *sides, via=parent.name))
        if len(plain) < len(unlike):
            verb = ROUTES[str(wanted["state"])]
            shown = {"state": "DISABLED" if verb == "enable" else "ENABLED"}
            changes.append(_change(verb, kind, wanted, row, shown, {"state": wanted["state"]}, via=parent.name))
        return changes
    whole = {**kept(kind, observed), **wanted}
    whole = {name: value for name, value in whole.items() if not _contradicts(kind, name, wanted)}
    if kind.upsert:
        return [_change("bind", kind, wanted, whole, before, after)]
    return [_change("rebind", kind, wanted, whole, kept(kind, observed), whole)]


def _updatable(parent: Kind, kind: Kind, name: str) -> bool:
    attribute = parent.attributes.get(name)
    return attribute is not None and "update" in attribute.on and attribute.of_binding in (None, kind.name)


def _contradicts(kind: Kind, name: str, wanted: Values) -> bool:
    """Another alternative of what ``wanted`` already says (a member's server beside its address)."""
    return name not in wanted and any(name in group and set(group) & set(wanted) for group in kind.one_of)


def _automatic(kind: Kind, row: Values) -> bool:
    return bool(kind.automatic) and row.get(kind.bind_key or "") in kind.automatic


def _bind(kind: Kind, row: Values, why: str) -> Change:
    write = {name: value for name, value in row.items() if value is not None}
    return _change("bind", kind, row, write, {}, write, why=why)


def _unbind(kind: Kind, row: Values, why: str) -> Change:
    return _change("unbind", kind, row, dict(row), kept(kind, row), {}, why=why)


def _change(
    verb: str, kind: Kind, row: Values, write: Values, before: Values, after: Values, *, why: str = "", via: str = ""
) -> Change:
    key = kind.identity(row)
    changed = {name: value for name, value in after.items() if before.get(name) != value}
    return Change(
        verb,
        kind.name,
        key,
        " ".join(part for part in key if part),
        write,
        before,
        after,
        why or differences(kind, before, changed),
        via=via,
        needs=names(kind, row),
    )
