# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Who owns what: a register on the appliance itself, which survives the loss of the controller and is part of its HA sync.

A string map ``nitrox_owner_<owner>`` has a row for each object: the key is "<kind> <key> …" with each part
percent-encoded, the value a short JSON text with a salted hash of each secret that was written. An object is registered
before it is created and struck off after it is deleted, so that a crash in between leaves a stale entry, never an orphan.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote, unquote

from . import catalogue
from .change import Change, Named, called
from .desired import Desired, Problem
from .document import Document
from .errors import InvalidDocument, UnknownKind
from .kind import Attribute
from .observation import Absent, Unknown
from .plan import Plan
from .session import Session

PREFIX = "nitrox_owner_"
MAP, ROW = "policystringmap", "policystringmap_pattern_binding"
ROUNDS = 20_000  # of the hash: about 10 ms, so that a short password is not guessed from a register that others may read
Identity = tuple[str, tuple[str, ...]]


@dataclass(frozen=True)
class Register:
    """As read: is the map there, what is ours (identity → value of the row), and whose the rest is."""

    owner: str
    exists: bool
    ours: Mapping[Identity, str]
    others: Mapping[Identity, str]

    def secret_changed(self, wanted: Desired, name: str, value: Any) -> bool | None:
        """Is ``value`` another one than was written last? True as well where it was never written by this owner."""
        entry = _parsed(self.ours.get((wanted.kind.name, wanted.key), ""))
        known = entry.get("secrets", {}).get(name)
        from hmac import compare_digest  # loaded only here, as in `_digest`

        return known is None or not compare_digest(known, _digest(entry["salt"], value))


def read(session: Session, owner: str) -> Register:
    """One request, and one more while the register is empty. Raises where it could not be read."""
    kind = catalogue.kind(MAP)
    name = map_name(owner)
    rows = session.read_bindings(catalogue.kind(ROW), None)
    found = {row_name: of for row_name, of in rows.items() if row_name.startswith(PREFIX)}
    ours = {_identity(row["key"]): str(row.get("value", "")) for row in found.pop(name, [])}
    others = {_identity(row["key"]): whose[len(PREFIX) :] for whose, of in found.items() for row in of}
    if ours:
        return Register(owner, True, ours, others)
    seen = session.read(kind, {"name": name})
    if isinstance(seen, Unknown):
        raise seen.error
    return Register(owner, not isinstance(seen, Absent), ours, others)


def map_name(owner: str) -> str:
    """The string map of an owner. Raises `InvalidDocument` for a name that NITRO would refuse."""
    if not owner or not owner.isascii() or not owner.replace("_", "a").isalnum():
        raise InvalidDocument([Problem("owner", "letters, digits and _ are allowed", owner)])
    return PREFIX + owner


def with_pruned(document: Document, register: Register, *, prune: bool) -> Document:
    """``document``, and with ``prune`` the deletion of what is registered and no longer declared.

    Raises `InvalidDocument` where the document declares what another owner has.
    """
    problems = [
        Problem(wanted.path, f"belongs to owner {register.others[wanted.kind.name, wanted.key]}, not to {register.owner}")
        for wanted in document.objects
        if (wanted.kind.name, wanted.key) in register.others
    ]
    if problems:
        raise InvalidDocument(problems)
    if not prune or not document.present:
        return document
    gone = [_doomed(name, key) for name, key in register.ours if (name, key) not in document.by_key]
    return replace(document, objects=(*document.objects, *(one for one in gone if one is not None)))


def registered(plan: Plan, document: Document, register: Register) -> Plan:
    """``plan`` with the steps that keep the register: new entries first, then secrets and deletions, last."""
    first: list[Change] = []
    last: list[Change] = []
    for wanted in document.objects:
        identity = (wanted.kind.name, wanted.key)
        if not _ownable(wanted):
            continue
        if not wanted.present:
            last += [_strike(register, identity, wanted)] if identity in register.ours else []
            continue
        if identity not in register.ours:
            first.append(_entry(register, wanted, _text({})))
        fresh = _fresh_secrets(wanted, plan, register)
        if fresh:
            last.append(replace(_entry(register, wanted, fresh), needs=frozenset({_named(wanted)})))
    head = [_map(register), *first] if first and not register.exists else first
    shift = 2 if head else 0
    body = [replace(change, layer=change.layer + shift) for change in plan.changes]
    end = max((change.layer for change in body), default=shift) + 1
    placed = [replace(change, layer=0 if change.kind == MAP else 1) for change in head]
    placed += body + [replace(change, layer=end) for change in sorted(last, key=lambda change: change.verb)]
    return replace(plan, changes=tuple(placed))


def _fresh_secrets(wanted: Desired, plan: Plan, register: Register) -> str:
    """The new value of an entry when this plan writes secrets of the object, else ""."""
    hidden = {a.name: wanted.values[a.name] for a in wanted.kind if _hidden(a) and wanted.values.get(a.name) is not None}
    written = {name for change in plan.changes if _is_of(change, wanted) for name in change.write}
    if not hidden.keys() & written:
        return ""
    entry = _parsed(register.ours.get((wanted.kind.name, wanted.key), ""))
    fresh = {name: _digest(entry["salt"], value) for name, value in hidden.items()}
    return _text({"salt": entry["salt"], "secrets": fresh})


def _is_of(change: Change, wanted: Desired) -> bool:
    return change.kind == wanted.kind.name and change.key == wanted.key


def _ownable(wanted: Desired) -> bool:
    kind = wanted.kind
    return bool(kind.keys) and "delete" in kind.operations and not kind.is_binding and not kind.implicit


def _hidden(attribute: Attribute) -> bool:
    return attribute.write_only or (attribute.secret and not attribute.shown)


def _doomed(name: str, key: Sequence[str]) -> Desired | None:
    """The deletion of a registered object; None where this release does not know its kind."""
    try:
        kind = catalogue.kind(name)
    except UnknownKind:
        return None
    values = {word: part for word, part in zip(kind.keys, key, strict=False) if part}
    return Desired(kind, values, present=False, path=f"{name}.{' '.join(key)}".rstrip())


def _entry(register: Register, wanted: Desired, value: str) -> Change:
    key = _row_key((wanted.kind.name, wanted.key))
    name = map_name(register.owner)
    write = {"name": name, "key": key, "value": value}
    old = register.ours.get((wanted.kind.name, wanted.key))
    before = {"value": old} if old else {}
    return Change("bind", ROW, (name, key), f"{name} {key}", write, before, write, f"owned by {register.owner}", quiet=True)


def _strike(register: Register, identity: Identity, wanted: Desired) -> Change:
    key = _row_key(identity)
    name = map_name(register.owner)
    write = {"name": name, "key": key}
    before = {**write, "value": register.ours[identity]}
    needs = frozenset({("delete", " ".join((wanted.kind.name, wanted.name)))})
    return Change("unbind", ROW, (name, key), f"{name} {key}", write, before, {}, "is gone", quiet=True, needs=needs)


def _map(register: Register) -> Change:
    name = map_name(register.owner)
    write = {"name": name, "comment": "which objects nitrox owns; do not edit"}
    return Change("create", MAP, (name,), name, write, {}, write, "does not exist", quiet=True)


def _named(wanted: Desired) -> Named:
    return (wanted.kind.name, called(wanted.values, wanted.kind))


def _row_key(identity: Identity) -> str:
    return " ".join(quote(part, safe="") or "-" for part in (identity[0], *identity[1]))


def _identity(text: str) -> Identity:
    name, *parts = ["" if part == "-" else unquote(part) for part in text.split(" ")]
    return name, tuple(parts)


def _parsed(text: str) -> dict[str, Any]:
    """The value of an entry, with a salt; a damaged one counts as a new one."""
    try:
        found = json.loads(text)
    except ValueError:
        found = None
    entry = found if isinstance(found, dict) else {}
    return {"secrets": entry.get("secrets", {}), "salt": str(entry.get("salt") or os.urandom(8).hex())}


def _text(entry: Mapping[str, Any]) -> str:
    return json.dumps({"v": 1, **entry}, separators=(",", ":"))


def _digest(salt: str, value: Any) -> str:
    from hashlib import pbkdf2_hmac  # its OpenSSL takes as long to load as half of the core

    found = pbkdf2_hmac("sha256", str(value).encode(), salt.encode(), ROUNDS)
    return found.hex()[:32]
