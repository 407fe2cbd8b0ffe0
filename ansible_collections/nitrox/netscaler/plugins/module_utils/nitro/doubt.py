# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Read back, then decide: was a step done whose answer was lost, or that met what it wanted to make (PROTOCOL 7.8)?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from . import catalogue
from .change import Change
from .errors import NitroError
from .kind import Kind, Values
from .observation import Present, Row, Unknown
from .observe import own_names, read_objects, read_rows
from .rows import compare
from .session import Session
from .value import hidden

TAKES = ("delete", "replace")


def settle(session: Session, changes: Sequence[Change]) -> list[bool | NitroError]:
    """For each step: is the appliance as it wanted? Else the error for which that cannot be told. One read for a kind."""
    verdicts: list[bool | NitroError] = [False] * len(changes)
    groups: dict[str, list[int]] = {}
    for number, change in enumerate(changes):
        groups.setdefault(change.kind, []).append(number)
    for name, numbers in groups.items():
        kind = catalogue.kind(name)
        judge = _rows if kind.is_binding else _objects
        try:
            found = judge(session, kind, [changes[number] for number in numbers])
        except NitroError as error:
            found = [error] * len(numbers)
        for number, verdict in zip(numbers, found, strict=True):
            verdicts[number] = verdict
    return verdicts


def _objects(session: Session, kind: Kind, changes: Sequence[Change]) -> list[bool | NitroError]:
    wanted = {kind.identity(_key_values(kind, change)): _key_values(kind, change) for change in changes}
    seen = read_objects(session, kind, wanted)
    verdicts: list[bool | NitroError] = []
    for change in changes:
        found = seen[kind.identity(_key_values(kind, change))]
        if isinstance(found, Unknown):
            verdicts.append(found.error)
        else:
            verdicts.append(_done(kind, change, found.values if isinstance(found, Present) else None))
    return verdicts


def _key_values(kind: Kind, change: Change) -> dict[str, Any]:
    """Under which key to look: a renamed object under its new one."""
    values = {**change.before, **change.after, **change.write}
    keys = {key: values[key] for key in kind.keys if values.get(key) is not None}
    if change.verb == "rename":
        keys[str(kind.main_key)] = change.write["newname"]
    for key, part in zip(kind.keys, change.key, strict=False):
        if part:
            keys.setdefault(key, part)
    return keys


def _done(kind: Kind, change: Change, found: Values | None) -> bool:
    if found is None or change.verb in TAKES:
        return found is None and change.verb in TAKES
    if change.verb in ("create", "update"):
        return _as_written(kind, change, found)
    if change.verb == "unset":
        return all(kind.same(name, {name: None}, found) for name in change.after)
    if change.verb in ("enable", "disable", "drain"):
        return _switched(kind, change, found)
    if change.verb in ("link", "unlink"):
        return all((found.get(name) or None) == value for name, value in change.after.items())
    return change.verb == "rename"  # new contents under the same file names look the same: "change" does no harm twice


def _as_written(kind: Kind, change: Change, found: Values) -> bool:
    """Every attribute that was written and can be read has its value. What cannot be read may be written again."""
    for name in change.write:
        if name in kind.keys or name == "state":
            continue
        attribute = kind.attributes[name]
        if hidden(attribute):
            if change.verb != "create":
                return False
        elif not kind.same(name, change.write, found) and (attribute.read_name in found or "update" in attribute.on):
            return False
    return True


def _switched(kind: Kind, change: Change, found: Values) -> bool:
    if kind.switches:
        on = {str(word).lower() for word in found.get(kind.switches) or ()}
        return all((word.lower() in on) == (change.verb == "enable") for word in change.write[kind.switches])
    return kind.enabled(found) is (change.verb == "enable")


def _rows(session: Session, kind: Kind, changes: Sequence[Change]) -> list[bool | NitroError]:
    parents = {_parent(kind, change): None for change in changes}
    rows = read_rows(session, kind, tuple(parents), [change.write for change in changes])
    by_parent = {name: own_names(kind, rows.get(name, ())) for name in parents}
    return [_row_done(kind, change, by_parent[_parent(kind, change)]) for change in changes]


def _row_done(kind: Kind, change: Change, rows: Sequence[Row]) -> bool:
    if change.verb == "unbind":
        return not _matches(kind, change.write, rows)
    if change.verb in ("bind", "rebind"):
        return _matches(kind, change.write, rows, exactly=True)
    if change.verb == "update":  # through the parent: the row's own attributes decide
        return _matches(kind, {**_named(kind, change), **change.after}, rows, exactly=True)
    return _matches(kind, {**_named(kind, change), "state": change.after["state"]}, rows, exactly=True)


def _matches(kind: Kind, wanted: Values, rows: Sequence[Row], *, exactly: bool = False) -> bool:
    known = {name: value for name, value in wanted.items() if name in kind.attributes and not kind.attributes[name].readonly}
    found = compare(kind, [known], rows)
    return bool(found.kept) or (bool(found.differing) and not exactly)


def _named(kind: Kind, change: Change) -> dict[str, Any]:
    return {key: change.write[key] for key in kind.keys if change.write.get(key) is not None}


def _parent(kind: Kind, change: Change) -> str:
    return str(change.write.get(kind.url_key or "", ""))
