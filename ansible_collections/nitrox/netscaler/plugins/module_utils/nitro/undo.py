# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Take back what was done: the inverse of each step, or the reason why there is none. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from . import catalogue
from .change import Change
from .kind import Kind, Values
from .outcome import NOT_TRIED, Item

WHY = "taken back"
OPPOSITE = {"enable": "disable", "disable": "enable", "drain": "enable"}


def inverses(done: Sequence[Change]) -> tuple[list[Change], list[Item]]:
    """(the steps back in reverse order, what cannot be taken back with its reason)."""
    steps: list[Change] = []
    impossible: list[Item] = []
    for change in reversed(done):
        found = inverse(change)
        if isinstance(found, str):
            impossible.append(Item(change, NOT_TRIED, 0, found))
        else:  # first what comes again, then what is bound to it
            late = change.verb in ("delete", "replace")
            layers = [-2 * change.layer + (late and step.verb == "bind") for step in found]
            steps += [replace(step, layer=n, why=WHY, needs=frozenset()) for step, n in zip(found, layers, strict=True)]
    return sorted(steps, key=lambda step: step.layer), impossible


def inverse(change: Change) -> list[Change] | str:
    """The steps that undo one, or why that cannot be."""
    kind = catalogue.kind(change.kind)
    if change.verb in OPPOSITE:
        write = {name: value for name, value in change.write.items() if name not in ("graceful", "delay")}
        return [_turned(change, OPPOSITE[change.verb], write)]
    if change.verb == "create":
        keys = {name: change.write[name] for name in (*kind.keys, *kind.delete_args) if name in change.write}
        return [_turned(change, "delete", keys)]
    if change.verb in ("delete", "replace"):
        return _created_again(kind, change)
    if change.verb == "rename":
        main = str(kind.main_key)
        return [_turned(change, "rename", {main: change.write["newname"], "newname": change.write[main]})]
    if kind.is_binding:
        return _row(kind, change)
    return _attributes(kind, change)


def _created_again(kind: Kind, change: Change) -> list[Change] | str:
    missing = [a.name for a in kind if "add" in a.required and change.before.get(a.name) in (None, "")]
    if missing:
        return f"{', '.join(missing)} cannot be read, so it cannot be created again"
    rows = [(catalogue.kind(name), row) for name, several in change.rows.items() for row in several]
    return [_turned(change, "create", change.before), *(_bound_again(binding, row) for binding, row in rows)]


def _bound_again(kind: Kind, row: Values) -> Change:
    key = kind.identity(row)
    return Change("bind", kind.name, key, " ".join(part for part in key if part), row, {}, row)


def _row(kind: Kind, change: Change) -> list[Change] | str:
    if change.verb == "unbind":
        return [_turned(change, "bind", change.before)]
    if change.verb == "rebind":
        return [_turned(change, "rebind", change.before)]
    if change.verb == "bind":
        if change.before:  # it had replaced a row
            old = {name: value for name, value in {**change.write, **change.before}.items() if value is not None}
            return [_turned(change, "bind", old)]
        return [_turned(change, "unbind", change.write)]
    return _written_back(change, {name: _or_default(kind, name, change.before.get(name)) for name in change.after})


def _attributes(kind: Kind, change: Change) -> list[Change] | str:
    keys = {name: value for name, value in change.write.items() if name in kind.keys}
    if change.verb == "link":
        return [_turned(change, "unlink", keys)]
    if change.verb == "unlink":
        return [_turned(change, "link", {**keys, **change.before})]
    old = {name: value for name, value in change.before.items() if value is not None}
    if any(kind.attributes[name].secret for name in change.after if name in kind.attributes):
        return "the old secret is not known"
    if change.verb == "change":
        return [_turned(change, "change", {**change.write, **old})] if old else "the old contents are not known"
    steps = []
    if old:
        steps.append(_turned(change, "update", {**keys, **old}))
    blank = [name for name in change.after if change.before.get(name) is None and "unset" in kind.attributes[name].on]
    if blank:
        steps.append(_turned(change, "unset", {**keys, **dict.fromkeys(blank, True)}))
    return steps


def _written_back(change: Change, old: Values) -> list[Change] | str:
    if any(value is None for value in old.values()):
        return "the old value is not known"
    return [_turned(change, change.verb, {**change.write, **old})]


def _or_default(kind: Kind, name: str, value: object) -> object:
    return kind.attributes[name].default if value is None else value


def _turned(change: Change, verb: str, write: Values) -> Change:
    return replace(change, verb=verb, write=write, before=change.after, after=change.before)
