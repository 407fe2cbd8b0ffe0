# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""A live appliance as a document: what somebody configured, with its bindings, such that a plan of it is empty.

What the appliance has by itself, what it learned, and values that are defaults are left out (`FACTS` says what counts as
such). Secrets cannot be read; where one is set or needed, `Export.secrets` names it.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from . import catalogue
from .change import kept
from .desired import Desired, Problem, Rows
from .document import Document
from .errors import InvalidDocument, NitroError, Rejected
from .kind import Kind, Values
from .observation import Row
from .observe import own_names
from .session import Session

FACTS = Path(__file__).with_suffix(".json")


class Secret(NamedTuple):
    """An attribute that the object needs or has, and that nobody can read."""

    kind: str
    name: str
    attribute: str


@dataclass(frozen=True)
class Export:
    """``document`` plans to nothing. ``factory``: kind → how many objects of the appliance's own were left out.
    ``unreadable``: kind → why it could not be read (only where everything was asked for)."""

    document: Document
    secrets: tuple[Secret, ...] = ()
    factory: Mapping[str, int] = field(default_factory=dict)
    unreadable: Mapping[str, str] = field(default_factory=dict)


def export(session: Session, kinds: Collection[str] | None = None, *, bindings: bool = True, factory: bool = False) -> Export:
    """Read ``kinds``, or everything that can be configured; with ``factory`` also what the appliance has by itself.

    One GET for each kind, and one for each kind of binding that their objects may have. Raises `InvalidDocument` for kinds
    that cannot be exported, and the error of a read where the kind was asked for.
    """
    reading = _Reading(session, tolerant=kinds is None, factory=factory)
    chosen = list(_everything()) if kinds is None else _chosen(kinds)
    rows = {kind: found for kind in chosen if (found := reading.objects(kind))}
    sets = reading.sets(rows) if bindings else {}
    global_rows = {kind.name: several for kind in chosen if kind.is_global and (several := reading.global_rows(kind))}
    objects = [one for kind, several in rows.items() for one in _wanted(kind, several, sets)]
    if kinds is None:
        objects = _without_automatic_servers(objects)
    return Export(
        Document(tuple(objects), global_rows),
        tuple(secret for kind, several in rows.items() for row in several for secret in _secrets(kind, row)),
        reading.left_out,
        reading.unreadable,
    )


def declared(kind: Kind, row: Values) -> dict[str, Any]:
    """What a document says to get an object or a binding row as read: keys, and what is no default, coerced. No secrets."""
    if kind.switches:
        return _switched_on(kind, row)
    found: dict[str, Any] = {}
    for operation in ("add", "update", "link"):
        found = {**kept(kind, row, operation), **found}
    for name in list(found):
        attribute = kind.attributes[name]
        second = attribute.get_as if attribute.get_as != name else None
        if attribute.legacy or attribute.of_binding or (kind.state and name == "state") or _is_default(kind, name, found[name]):
            del found[name]
        elif second and second in found and second not in kind.keys:
            del found[second]
    _one_each(kind, row, found)
    _owners_of_units(kind, row, found)
    if kind.state and kind.enabled(row) is False and "state" in kind.attributes:
        found["state"] = "DISABLED"
    keys = [key for key in kind.keys if key in found]
    rest = sorted(found.keys() - set(keys), key=lambda name: (not kind.attributes[name].common, name))
    return {name: kind.attributes[name].coerce(found[name]) for name in (*keys, *rest)}


def _switched_on(kind: Kind, row: Values) -> dict[str, Any]:
    """The features or modes that are on, unless these are just the ones that a new appliance has on."""
    name = str(kind.switches)
    words = list(row.get(name) or ())
    return {name: words} if set(words) - set(_facts()["defaults"].get(kind.name, {}).get(name, ())) else {}


def _one_each(kind: Kind, row: Values, found: dict[str, Any]) -> None:
    """Of names that exclude each other one: an object with a name of its own wins over its address."""
    for group in kind.one_of:
        said = {name: row.get(kind.attributes[name].read_name, row.get(name)) for name in group}
        given = {name: str(value) for name, value in said.items() if value not in (None, "")}
        named = next((name for name in given if kind.attributes[name].ref), None)
        first = next((name for name in group if name in given), None)
        keep = named if named and len(set(given.values())) > 1 else first
        for name in group:
            found.pop(name, None)
        if keep:
            found[keep] = said[keep]


def _owners_of_units(kind: Kind, row: Values, found: dict[str, Any]) -> None:
    """A unit says nothing without its number, also where that is the default."""
    for attribute in kind:
        if attribute.unit in found and attribute.name not in found and row.get(attribute.name) is not None:
            found[attribute.name] = row[attribute.name]


class _Reading:
    """The reads of one export, and what they left out."""

    def __init__(self, session: Session, *, tolerant: bool, factory: bool) -> None:
        self._session, self._tolerant, self._factory = session, tolerant, factory
        self.unreadable: dict[str, str] = {}
        self.left_out: dict[str, int] = {}

    def objects(self, kind: Kind) -> list[Row]:
        """The rows of a kind that somebody configured."""
        if kind.is_binding:
            return []
        rows = [row for row in self._all(kind) if not _matches(row, _facts()["learned"].get(kind.name, {}))]
        own = rows if self._factory else [row for row in rows if not _is_factory(kind, row)]
        if len(own) < len(rows):
            self.left_out[kind.name] = len(rows) - len(own)
        return own

    def sets(self, rows: Mapping[Kind, list[Row]]) -> dict[Kind, dict[str, Rows]]:
        """Binding kind → parent's name → its rows."""
        found: dict[Kind, dict[str, Rows]] = {}
        for parent, several in rows.items():
            names = [str(row.get(str(parent.main_key))) for row in several]
            for kind in _binding_kinds(parent):
                try:
                    read = self._session.read_bindings(kind, names if "get" in kind.operations else None)
                except Rejected as error:
                    self._note(kind, error)
                    continue
                found[kind] = {name: _rows(kind, of) for name, of in read.items() if name in names}
        return found

    def global_rows(self, kind: Kind) -> Rows:
        """The complete set of a global binding, unless all of it is the appliance's own."""
        rows = [row for row in self._all(kind) if self._factory or not _is_factory(kind, row)]
        point = next((name for name in kind.keys if name != kind.bind_key and name in kind.get_args), None)
        for value in kind.attributes[point].values if point else ():
            more = self._all(kind, {str(point): value})
            rows += [row for row in more if not any(kind.identity(row) == kind.identity(one) for one in rows)]
        return _rows(kind, rows) if any(not _is_factory(kind, row) for row in rows) else ()

    def _all(self, kind: Kind, args: Values | None = None) -> list[Row]:
        try:
            return self._session.read_all(kind, args=args)
        except Rejected as error:
            if args is None:
                self._note(kind, error)
            return []

    def _note(self, kind: Kind, error: NitroError) -> None:
        if not self._tolerant:
            raise error
        self.unreadable[kind.name] = str(error).splitlines()[0]


def _wanted(kind: Kind, rows: list[Row], sets: Mapping[Kind, Mapping[str, Rows]]) -> Iterator[Desired]:
    """The objects of a kind, but for those that are there by themselves and say nothing."""
    for row in rows:
        if kind.secrets & set(kind.keys):
            continue  # its name is a secret, which nobody can read
        values = declared(kind, row)
        name = str(row.get(str(kind.main_key)))
        bound = {one.name: sets[one][name] for one in _binding_kinds(kind) if sets.get(one, {}).get(name)}
        by_itself = "add" not in kind.operations
        if bound or not by_itself or set(values) - set(kind.keys):
            yield Desired(kind, values, bound, path=f"{kind.name}.{name}")


def _without_automatic_servers(objects: list[Desired]) -> list[Desired]:
    """Without the servers that the appliance makes for an address when something uses it."""
    used = {str(row.get("ip")) for one in objects for rows in one.bindings.values() for row in rows}
    used |= {str(one.values.get("ip")) for one in objects}

    def automatic(one: Desired) -> bool:
        address = one.values.get("ipaddress")
        return one.kind.name == "server" and one.values == {"name": address, "ipaddress": address} and address in used

    return [one for one in objects if not automatic(one)]


def _rows(kind: Kind, rows: Collection[Row]) -> Rows:
    wanted = (row for row in own_names(kind, tuple(rows)) if str(row.get(kind.bind_key or "")) not in kind.automatic)
    return tuple(declared(kind, row) for row in wanted)


def _secrets(kind: Kind, row: Row) -> Iterator[Secret]:
    for attribute in kind:
        hidden = (
            attribute.writable and not attribute.legacy and (attribute.write_only or attribute.secret) and not attribute.shown
        )
        if hidden and (row.get(attribute.read_name) or "add" in attribute.required):
            name = "" if kind.main_key in kind.secrets else str(row.get(str(kind.main_key), ""))
            yield Secret(kind.name, name, attribute.name)


@cache
def _facts() -> Mapping[str, Any]:
    """What ``export.json`` says. A module that was shipped to another host has no such file: there `declared` also names
    values that are undocumented defaults, which plan to nothing just as well."""
    try:
        found: dict[str, Any] = json.loads(FACTS.read_text(encoding="utf-8"))
    except OSError:
        return {"defaults": {}}
    return found


def _is_default(kind: Kind, name: str, value: Any) -> bool:
    """The value is shown although nobody gave it, and the catalogue knows no default."""
    if name in kind.keys:
        return value in (0, "0") and name == "td"
    return str(value) in _facts()["defaults"].get(kind.name, {}).get(name, ())


def _is_factory(kind: Kind, row: Row) -> bool:
    facts = _facts()
    if row.get("builtin") or row.get("isdefault") is True:
        return True
    name = str(row.get(str(kind.main_key if not kind.is_binding else kind.bind_key)))
    return name in facts["factory"].get(kind.name, ()) or _matches(row, facts["factory_values"].get(kind.name, {}))


def _matches(row: Row, rule: Mapping[str, Collection[str]]) -> bool:
    """One of the attributes has one of the values."""
    return any(str(shown).lower() in [v.lower() for v in values] for name, values in rule.items() for shown in _listed(row, name))


def _listed(row: Row, name: str) -> list[Any]:
    value = row.get(name)
    return list(value) if isinstance(value, list) else [value]


def _everything() -> Iterator[Kind]:
    for kind in catalogue.kinds():
        if not _refusal(kind) and (not kind.is_binding or kind.is_global):
            yield kind


def _chosen(names: Collection[str]) -> list[Kind]:
    found = [catalogue.kind(name) for name in dict.fromkeys(names)]
    problems = [Problem(kind.name, text) for kind in found if (text := _refusal(kind))]
    problems += [
        Problem(kind.name, f"comes with its parent: export {kind.parent}")
        for kind in found
        if kind.is_binding and not kind.is_global and not _refusal(kind)
    ]
    if problems:
        raise InvalidDocument(problems)
    return found


def _refusal(kind: Kind) -> str:
    """Why a kind cannot be exported; "" if it can."""
    if not kind.manageable:
        return "cannot be configured"
    if "get_all" not in kind.operations:
        return "the appliance has no way to list it"
    return str(_facts()["not_configuration"].get(kind.name, ""))


def _binding_kinds(parent: Kind) -> list[Kind]:
    known = (catalogue.kind(name) for name in parent.bindings)
    return [kind for kind in known if kind.manageable and kind.readable and not kind.is_global]
