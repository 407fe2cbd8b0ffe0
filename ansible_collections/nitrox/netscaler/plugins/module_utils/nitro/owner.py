# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""What ownership means for a document and for its plan.

An object is registered (see `register`) before it is created and struck off after it is deleted, so that a crash in between
leaves a stale entry, never an orphan. What exists and is not registered is somebody else's, unless it is adopted.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from . import catalogue
from .change import Change, Named, called
from .desired import Desired, Problem
from .document import Document
from .errors import InvalidDocument, UnknownKind
from .observation import Present
from .observe import Observed
from .plan import Plan
from .register import MAP, ROW, Identity, Register, digest, identity, map_name, parsed, row_key, text
from .value import hidden


def with_pruned(document: Document, register: Register) -> Document:
    """``document``, and the deletion of what is registered and no longer declared."""
    if not document.present:
        return document
    kept = {mine for one in document.objects for mine in _identities(one)}
    doomed = (_doomed(name, key) for name, key in register.ours if (name, key) not in kept)
    return replace(document, objects=(*document.objects, *(one for one in doomed if one is not None and _ownable(one))))


def respected(document: Document, observed: Observed, register: Register, *, adopt: bool) -> None:
    """Raises `InvalidDocument` with every object that the document would take from somebody.

    That is what another owner has registered, and what exists without being registered. ``adopt`` takes both over.
    """
    if not adopt:
        problems = [Problem(one.path, why) for one in document.objects if (why := _foreign(one, observed, register))]
        if problems:
            raise InvalidDocument(problems)


def _foreign(wanted: Desired, observed: Observed, register: Register) -> str:
    for one in _identities(wanted) if _ownable(wanted) else ():
        if one in register.others:
            return f"belongs to owner {register.others[one]}, not to {register.owner}; adopt takes it over"
        seen = observed.objects.get(one)
        if isinstance(seen, Present) and not any(mine in register.ours for mine in _identities(wanted)):
            return f"exists, and {register.owner} did not make it; adopt takes it over"
    return ""


def _identities(wanted: Desired) -> Iterator[Identity]:
    """The identity of an object, and the one that it had before its renaming."""
    yield wanted.kind.name, wanted.key
    if wanted.old_key:
        yield wanted.kind.name, wanted.old_key


def registered(plan: Plan, document: Document, register: Register) -> Plan:
    """``plan`` with the steps that keep the register: new entries first, then secrets and deletions, last."""
    first: list[Change] = []
    last: list[Change] = []
    for wanted in document.objects:
        if _ownable(wanted) or any(map(hidden, wanted.kind)):
            first += _entries(wanted, register)
            last += _endings(wanted, plan, register)
    entries_come = bool(first) or any(change.verb == "bind" for change in last)
    head = [_map(register), *first] if entries_come and not register.exists else first
    shift = 2 if head else 0
    entries = {_made(change): frozenset({(ROW, change.name)}) for change in first}
    body = [_later(change, shift, entries.get((change.kind, change.key))) for change in plan.changes]
    end = max((change.layer for change in body), default=shift) + 1
    placed = [replace(change, layer=0 if change.kind == MAP else 1) for change in head]
    placed += body + [replace(change, layer=end) for change in sorted(last, key=lambda change: change.verb)]
    return replace(plan, changes=tuple(placed))


def _made(entry: Change) -> Identity:
    return identity(str(entry.write["key"]))


def _later(change: Change, shift: int, entry: frozenset[Named] | None) -> Change:
    """What is not registered must not be created."""
    needs = change.needs | entry if entry and change.verb == "create" else change.needs
    return replace(change, layer=change.layer + shift, needs=needs)


def _entries(wanted: Desired, register: Register) -> Iterator[Change]:
    if _ownable(wanted) and wanted.present and (wanted.kind.name, wanted.key) not in register.ours:
        yield _entry(register, wanted, text({}))


def _endings(wanted: Desired, plan: Plan, register: Register) -> Iterator[Change]:
    for one in _identities(wanted):
        if one in register.ours and (not wanted.present or one[1] != wanted.key):
            yield _strike(register.owner, one, wanted, register.ours[one])
        if one in register.others:
            yield _strike(register.others[one], one, wanted, "")
    fresh = _fresh_secrets(wanted, plan, register) if wanted.present else ""
    if fresh:
        yield replace(_entry(register, wanted, fresh), needs=frozenset({_named(wanted)}))


def _fresh_secrets(wanted: Desired, plan: Plan, register: Register) -> str:
    """The new value of an entry when this plan writes secrets of the object, else ""."""
    secrets = {a.name: wanted.values[a.name] for a in wanted.kind if hidden(a) and wanted.values.get(a.name) is not None}
    written = {name for change in plan.changes if _is_of(change, wanted) for name in change.write} if secrets else set()
    if not secrets.keys() & written:
        return ""
    entry = parsed(register.ours.get((wanted.kind.name, wanted.key), ""))
    fresh = {name: digest(entry["salt"], value) for name, value in secrets.items()}
    return text({"salt": entry["salt"], "secrets": fresh})


def _is_of(change: Change, wanted: Desired) -> bool:
    return change.kind == wanted.kind.name and change.key == wanted.key


def _ownable(wanted: Desired) -> bool:
    """Does it come and go? Of settings, which are always there, the register only has the digests of secrets."""
    kind = wanted.kind
    return bool(kind.keys) and "delete" in kind.operations and not kind.is_binding and not kind.implicit


def _doomed(name: str, key: Sequence[str]) -> Desired | None:
    """The deletion of a registered object; None where this release does not know its kind."""
    try:
        kind = catalogue.kind(name)
    except UnknownKind:
        return None
    values = {word: part for word, part in zip(kind.keys, key, strict=False) if part}
    return Desired(kind, values, present=False, path=f"{name}.{' '.join(key)}".rstrip())


def _entry(register: Register, wanted: Desired, value: str) -> Change:
    key = row_key((wanted.kind.name, wanted.key))
    name = map_name(register.owner)
    write = {"name": name, "key": key, "value": value}
    old = register.ours.get((wanted.kind.name, wanted.key))
    before = {"value": old} if old else {}
    why, needs = f"owned by {register.owner}", frozenset({(MAP, name)})
    return Change("bind", ROW, (name, key), f"{name} {key}", write, before, write, why, quiet=True, needs=needs)


def _strike(owner: str, of: Identity, wanted: Desired, value: str) -> Change:
    """Struck off after the object is gone, has its new name, or has its new owner."""
    key, name = row_key(of), map_name(owner)
    write = {"name": name, "key": key}
    before = {**write, "value": value}
    needs = frozenset({_named(wanted) if wanted.present else ("delete", " ".join((wanted.kind.name, wanted.name)))})
    return Change("unbind", ROW, (name, key), f"{name} {key}", write, before, {}, "is gone", quiet=True, needs=needs)


def _map(register: Register) -> Change:
    name = map_name(register.owner)
    write = {"name": name, "comment": "which objects nitrox owns; do not edit"}
    return Change("create", MAP, (name,), name, write, {}, write, "does not exist", quiet=True)


def _named(wanted: Desired) -> Named:
    return (wanted.kind.name, called(wanted.values, wanted.kind))
