# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Read what is there of everything that a document mentions, with as few requests as possible.

Of each kind up to `FEW` objects are read by name, more with one GET of all of them; bindings as `sets` says, and only of
parents that exist. What a bind would name and nobody declares is looked for as well, so that a binding to nothing is known before
anything is written.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from . import catalogue
from .desired import Desired
from .document import Document, External
from .errors import NitroError, Rejected
from .kind import Kind, Values
from .observation import Absent, Observation, Present, Row, Unknown
from .session import FEW, Session
from .sets import read_sets

Identity = tuple[str, tuple[str, ...]]  # kind name, key
Rows = Sequence[Row]
Listed = dict[Kind, list[Row]]  # kinds that were read whole


@dataclass(frozen=True)
class Observed:
    """What was read.

    ``objects``: (kind name, key) → present, absent or unknown. ``rows``: (binding kind, parent's name, "" for global ones) →
    all rows of that parent. ``missing``: what binding rows name and does not exist.
    """

    objects: Mapping[Identity, Observation] = field(default_factory=dict)
    rows: Mapping[tuple[str, str], Rows] = field(default_factory=dict)
    missing: tuple[External, ...] = ()

    def values(self, kind: Kind, key: tuple[str, ...]) -> Row | None:
        """The object as read, None where it is not there. Raises the error of the read where that could not be told."""
        found = self.objects.get((kind.name, key), Absent())
        if isinstance(found, Unknown):
            raise found.error
        return found.values if isinstance(found, Present) else None


def observe(session: Session, document: Document) -> Observed:
    """Read all that `plan.make_plan` needs for ``document``. Raises where a whole kind could not be read."""
    wanted: dict[Kind, dict[tuple[str, ...], Values]] = {}
    for item in document.objects:
        if item.kind.is_binding or (item.kind.implicit and set(item.values) <= set(item.kind.keys)):
            continue
        keys = wanted.setdefault(item.kind, {})
        keys[item.key] = item.values
        if item.old_key:
            keys[item.old_key] = {**item.values, str(item.kind.main_key): item.rename_from}
    objects: dict[Identity, Observation] = {}
    listed: Listed = {}
    for kind, keys in wanted.items():
        objects.update({(kind.name, key): found for key, found in read_objects(session, kind, keys, listed).items()})
    rows = _read_sets(session, document, Observed(objects))
    return Observed(objects, rows, _missing(session, document, rows, listed) if document.present else ())


def read_objects(
    session: Session, kind: Kind, wanted: Mapping[tuple[str, ...], Values], listed: Listed | None = None
) -> dict[tuple[str, ...], Observation]:
    """The objects of one kind: by name when few (or when only that tells all), else from one GET of the whole kind, which is
    then noted in ``listed``."""
    by_name = "get" in kind.operations or not kind.keys
    if kind.by_name or "get_all" not in kind.operations or (by_name and len(wanted) <= FEW):
        return {key: session.read(kind, values) for key, values in wanted.items()}
    found: dict[tuple[str, ...], Observation] = dict.fromkeys(wanted, Absent())
    rows = session.read_all(kind)
    if listed is not None:
        listed[kind] = rows
    for row in rows:
        for key in kind.identities(row):
            if key in found:
                found[key] = Present(row)
    return found


def read_rows(session: Session, kind: Kind, parents: Collection[str], rows: Iterable[Values]) -> dict[str, list[Row]]:
    """All rows of one binding kind for these parents ("" stands for the appliance). ``rows`` are those that are wanted: they
    tell the bind points of a global set."""
    if not kind.is_global:
        return session.read_bindings(kind, parents)
    return {"": _global_rows(session, kind, rows)}


def _global_rows(session: Session, kind: Kind, wanted: Iterable[Values]) -> list[Row]:
    """A global set, whose GET shows one bind point at a time unless the appliance is generous (PROTOCOL 6.4)."""
    point = next((name for name in kind.keys if name != kind.bind_key and name in kind.get_args), None)
    values = kind.attributes[point].values if point else ()
    try:
        found = session.read_all(kind)
    except Rejected:
        if not point or not values:
            raise
        return [row for value in values for row in session.read_all(kind, args={point: value})]
    shown = {str(row.get(point or "", "")).upper() for row in found}
    asked = dict.fromkeys(str(row[point]) for row in wanted if point and row.get(point)) if values else {}
    for value in (value for value in asked if value.upper() not in shown):
        found += [row for row in session.read_all(kind, args={str(point): value}) if row not in found]
    return found


def _read_sets(session: Session, document: Document, known: Observed) -> dict[tuple[str, str], Rows]:
    """The rows of every managed set whose parent exists."""
    parents: dict[Kind, dict[str, None]] = {}
    wanted: dict[Kind, list[Values]] = {}
    for kind, parent, rows in document.binding_sets():
        name = "" if parent is None else _name_now(known, parent)
        if name is not None and (parent is None or parent.present):
            parents.setdefault(kind, {})[name] = None
            wanted.setdefault(kind, []).extend(rows)
    for item in document.objects:
        if item.kind.is_binding:
            name = str(item.values.get(item.kind.url_key or "", ""))
            parents.setdefault(item.kind, {})[name] = None
            wanted.setdefault(item.kind, []).append(item.values)
    read = dict(read_sets(session, {kind: tuple(of) for kind, of in parents.items() if not kind.is_global}))
    read.update({kind: read_rows(session, kind, tuple(of), wanted[kind]) for kind, of in parents.items() if kind.is_global})
    return {(kind.name, name): own_names(kind, rows.get(name, ())) for kind, rows in read.items() for name in rows}


def own_names(kind: Kind, rows: Rows) -> Rows:
    """Keys under the names that a bind uses, where a GET spells them otherwise."""
    renamed = {key: kind.attributes[key].get_as for key in kind.keys if kind.attributes[key].get_as}
    if not renamed:
        return rows
    return [{**row, **{key: row[shown] for key, shown in renamed.items() if shown in row}} for row in rows]


def _name_now(known: Observed, parent: Desired) -> str | None:
    """The name under which a parent's bindings are found now; None where it does not exist yet."""
    main = str(parent.kind.main_key)
    name = str(parent.values.get(main, ""))
    if parent.kind.implicit or known.values(parent.kind, parent.key) is not None:
        return name
    if parent.old_key and known.values(parent.kind, parent.old_key) is not None:
        return parent.rename_from
    return None


def _missing(session: Session, document: Document, rows: Mapping[tuple[str, str], Rows], listed: Listed) -> tuple[External, ...]:
    """Which of the undeclared objects that new rows name do not exist."""
    fresh = _names_in_new_rows(document, rows)
    asked = [one for one in document.external() if (one.kinds, one.name) in fresh]
    groups: dict[tuple[str, ...], list[External]] = {}
    for one in asked:
        groups.setdefault(one.kinds, []).append(one)
    return tuple(one for kinds, ones in groups.items() for one in _absent(session, kinds, ones, listed))


def _names_in_new_rows(document: Document, rows: Mapping[tuple[str, str], Rows]) -> set[tuple[tuple[str, ...], str]]:
    fresh: set[tuple[tuple[str, ...], str]] = set()
    for kind, parent, wanted in document.binding_sets():
        name = "" if parent is None else str(parent.rename_from or parent.values.get(str(parent.kind.main_key), ""))
        observed = rows.get((kind.name, name), ())
        naming = [kind.attributes[key] for key in kind.keys if key != kind.url_key and kind.attributes[key].ref]
        there = {str(row.get(a.read_name, row.get(a.name, ""))) for row in observed for a in naming}
        for attribute in naming:
            values = {str(row[attribute.name]) for row in wanted if row.get(attribute.name) is not None}
            fresh |= {(attribute.ref, value) for value in values - there}
    return fresh


def _absent(session: Session, kinds: tuple[str, ...], ones: list[External], listed: Listed) -> list[External]:
    """Those of ``ones`` that are of none of ``kinds``; none where one of the kinds cannot be read."""
    left = list(ones)
    for name in kinds:
        kind = catalogue.kind(name)
        if not {"add", "get_all"} <= kind.operations or kind.main_key is None:
            return []
        try:
            there = _existing(session, kind, {one.name for one in left}, listed)
        except Rejected:
            return []
        left = [one for one in left if one.name not in there]
        if not left:
            break
    return left


def _existing(session: Session, kind: Kind, wanted: set[str], listed: Listed) -> set[str]:
    main = str(kind.main_key)
    if kind in listed or len(wanted) > FEW or "get" not in kind.operations:
        rows = listed[kind] if kind in listed else session.read_all(kind)
        return {str(row.get(main, "")) for row in rows}
    found = {name: session.read(kind, {main: name}) for name in sorted(wanted)}
    errors: list[NitroError] = [seen.error for seen in found.values() if isinstance(seen, Unknown)]
    if errors:
        raise errors[0]
    return {name for name, seen in found.items() if isinstance(seen, Present)}
