# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Offline checks of what a program gives, with values that are not known before something else exists. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pulumi.dynamic import CheckFailure
from pulumi.output import Unknown

from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.desired import Desired, Problem
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.kind import Kind
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.validate import Reader, Where

STANDS_FOR = "not known yet"


@dataclass
class Checked:
    """Of one object or row: coerced values, values that are not known yet, and what is wrong."""

    values: dict[str, Any] = field(default_factory=dict)
    unknown: dict[str, Any] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    @property
    def whole(self) -> dict[str, Any]:
        """All values, as they go back to the engine."""
        return {**self.values, **self.unknown}


def is_unknown(value: Any) -> bool:
    """Is something in it not known yet?"""
    if isinstance(value, Mapping):
        return any(map(is_unknown, value.values()))
    if isinstance(value, (list, tuple)):
        return any(map(is_unknown, value))
    return isinstance(value, Unknown)


def plain(properties: Mapping[str, Any]) -> dict[str, Any]:
    """Without what only we and the engine keep there, and without nulls: for Pulumi a null is not given."""
    return {name: value for name, value in properties.items() if not name.startswith("__") and value is not None}


def check_object(kind: Kind, given: Mapping[str, Any], where: Where) -> Checked:
    """Check the attributes of an object or of a row. A missing key is a problem unless it is just not known yet."""
    found = Checked(unknown={name: value for name, value in given.items() if is_unknown(value)})
    for name in found.unknown:
        refused: list[Problem] = []
        Reader(kind).read({name: None}, where, refused)
        found.problems += [problem for problem in refused if not problem.message.startswith("null")]
    known = {name: value for name, value in given.items() if name not in found.unknown and value is not None}
    reader = Reader(kind)
    found.values = reader.read(known, where, found.problems)
    reader.check_keys({**found.values, **dict.fromkeys(found.unknown, STANDS_FOR)}, where, found.problems)
    return found


def check_new(kind: Kind, checked: Checked, where: Where) -> list[Problem]:
    """What is missing to create it."""
    values = {**checked.values, **dict.fromkeys(checked.unknown, STANDS_FOR)}
    if checked.problems or "add" not in kind.operations:
        return []
    missing = Desired(kind, values).missing_for_add()
    return [Problem(where(name) if name in kind.attributes else where(), f"{name} is needed to create it") for name in missing]


def check_rows(kind: Kind, rows: Any, parent: str | None, where: str) -> tuple[list[Any], list[Problem]]:
    """Check a complete set of rows, written as mappings or by the name of what is bound alone."""
    if not isinstance(rows, (list, tuple)):
        return [], [Problem(where, "a list with the complete set is wanted ([] empties it)")]
    found: list[Any] = []
    problems: list[Problem] = []
    seen: dict[tuple[str, ...], int] = {}
    for number, row in enumerate(rows):
        path = f"{where}[{number}]"
        checked = _row(kind, row, parent, path)
        problems += checked.problems
        found.append({name: value for name, value in checked.whole.items() if name != kind.url_key})
        if not checked.unknown and not checked.problems:
            first = seen.setdefault(kind.identity(checked.values), number)
            problems += [Problem(path, f"the same as [{first}]")] if first != number else []
    return found, problems


def failures(problems: Iterable[Problem]) -> list[CheckFailure]:
    """As Pulumi reports them: the property, then what is wrong with it."""
    return [CheckFailure(problem.path, str(problem).removeprefix(f"{problem.path}: ")) for problem in problems]


def path(*words: str) -> str:
    """The property of an object's own attribute."""
    return ".".join(words)


def _row(kind: Kind, row: Any, parent: str | None, path: str) -> Checked:
    if isinstance(row, Unknown):
        return Checked(unknown={kind.bind_key or "": row})
    if isinstance(row, (str, int, float)) and not isinstance(row, bool) and kind.bind_key:
        row = {kind.bind_key: row}
    if not isinstance(row, Mapping):
        return Checked(problems=[Problem(path, "a mapping of attributes is wanted")])
    above = {kind.url_key: STANDS_FOR if parent is None else parent} if kind.url_key else {}
    return check_object(kind, {**above, **row}, lambda *words: ".".join((path, *words)))
