# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""One object said twice: by frontends and kinds it may be, with equal values; by kinds alone it is a mistake."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from . import catalogue
from .desired import Desired, Problem, Rows

Identity = tuple[str, tuple[str, ...]]


def merged(sources: Sequence[Sequence[Desired]], problems: list[Problem]) -> tuple[Desired, ...]:
    """The objects of all sources, those of one identity made one. What contradicts goes to ``problems``.

    Within the first source (the kinds themselves) an identity may occur once.
    """
    found: dict[Identity, Desired] = {}
    for number, objects in enumerate(sources):
        seen: dict[Identity, str] = {}
        for wanted in objects:
            identity = (wanted.kind.name, wanted.key)
            known = found.get(identity)
            if number == 0 and identity in seen:
                problems.append(Problem(wanted.path, f"the same object as {seen[identity]}"))
            elif known is None:
                found[identity] = wanted
            else:
                found[identity] = _merge(known, wanted, problems)
            seen.setdefault(identity, wanted.path)
    return tuple(found.values())


def _merge(first: Desired, second: Desired, problems: list[Problem]) -> Desired:
    kind = first.kind
    values = dict(first.values)
    for name, value in second.values.items():
        if name == kind.switches and name in values:
            values[name] = list(dict.fromkeys([*values[name], *value]))
        elif name in values and not _equal(kind.attributes[name].same(value, values[name]), value, values[name]):
            problems.append(_contradiction(second, name, first, first.values[name], kind.attributes[name].secret))
        else:
            values[name] = value
    bindings: dict[str, Rows] = dict(first.bindings)
    for name, rows in second.bindings.items():
        if name in bindings and not _same_rows(name, bindings[name], rows):
            problems.append(Problem(f"{second.path}.bindings", f"another complete set of {name} than at {first.path}"))
        bindings[name] = rows
    return Desired(kind, values, bindings, first.present, first.rename_from or second.rename_from, first.path)


def _equal(same: bool, left: Any, right: Any) -> bool:
    return same and (left is None) == (right is None)


def _contradiction(second: Desired, name: str, first: Desired, value: Any, secret: bool) -> Problem:
    shown = "" if secret else f" ({value!r})"
    return Problem(f"{second.path}.{name}", f"another value than at {first.path}{shown}", None if secret else second.values[name])


def _same_rows(name: str, left: Rows, right: Rows) -> bool:
    kind = catalogue.kind(name)
    return {kind.identity(row): row for row in left} == {kind.identity(row): row for row in right}
