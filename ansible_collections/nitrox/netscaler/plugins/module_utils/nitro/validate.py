# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Offline validation of one object or binding row: names, values, keys. Collects problems, raises nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from .desired import Problem, shown
from .kind import Attribute, Kind, Values
from .value import called, nearest

Where = Callable[..., str]  # where("lbmethod") → "lbvserver.web.lbmethod"
STATES = ("ENABLED", "DISABLED")
WRITES = frozenset({"add", "update", "change", "link"})
# PROTOCOL 17: entity names (1075), and the stricter names of what expressions call (3856).
NAMES = {
    "entity": (
        re.compile(r"[A-Za-z0-9_][A-Za-z0-9_#. :@=-]*"),
        "letters, digits and _ # . space : @ = - are allowed, a letter, digit or _ first",
    ),
    "identifier": (re.compile(r"[A-Za-z_][A-Za-z0-9_]*"), "letters, digits and _ are allowed, a letter or _ first"),
}


class Reader:
    """Reads objects of one kind. Made once a kind and parse, so that what is derived from the kind is derived once."""

    def __init__(self, kind: Kind) -> None:
        self.kind = kind
        self._accepted: dict[str, Attribute] = {}
        self._refused: set[str] = set()
        self._needed = tuple(self._needs())
        self._twins = tuple((a.name, a.get_as) for a in kind if a.get_as and a.get_as in kind.attributes and not a.readonly)

    def read(self, given: Mapping[Any, Any], where: Where, problems: list[Problem]) -> dict[str, Any]:
        """The coerced values of ``given``; what is wrong goes to ``problems``."""
        values: dict[str, Any] = {}
        self._refused = set()
        for word, value in given.items():
            attribute = self._attribute(word, where, problems)
            if attribute is None:
                continue
            if attribute.name in values:
                problems.append(Problem(where(str(word)), f"given twice, as {attribute.name} as well"))
            elif value is None:
                self._unset(attribute, where, values, problems)
            else:
                self._set(attribute, value, where, values, problems)
        return values

    def check_keys(self, values: Values, where: Where, problems: list[Problem]) -> None:
        """Is everything there that identifies the object just read, and only one of what excludes each other?

        What was given and refused is not reported as missing on top.
        """
        kind = self.kind
        for group in kind.one_of:
            both = [name for name in group if values.get(name) is not None]
            if len(both) > 1:
                problems.append(Problem(where(), f"{' and '.join(both)} exclude each other: give one"))
            elif not both and not self._refused.intersection(group) and (kind.is_binding or kind.main_key in group):
                problems.append(Problem(where(), f"{' or '.join(group)} is missing"))
        for name, twin in self._twins:
            if None not in (values.get(name), values.get(twin)) and not kind.attributes[name].same(values[name], values[twin]):
                problems.append(
                    Problem(where(twin), f"another word for {name}, which says {values[name]!r}", shown(values[twin]))
                )
        for name in self._needed:
            if values.get(name) is None and name not in self._refused:
                problems.append(Problem(where(), f"{name} is missing"))

    def _needs(self) -> list[str]:
        """Keys without which nothing is identified; for a row also what a bind demands (a row is always complete)."""
        kind = self.kind
        grouped = {name for group in kind.one_of for name in group}
        main = kind.bind_key if kind.is_binding else kind.main_key
        required = [a.name for a in kind if "add" in a.required and (kind.is_binding or a.name in kind.keys)]
        names = ([main] if main else []) + [name for name in required if name != main]
        return [name for name in names if name not in grouped]

    def _attribute(self, word: Any, where: Where, problems: list[Problem]) -> Attribute | None:
        found = self._accepted.get(word) if isinstance(word, str) else None
        if found is not None:
            return found
        if not isinstance(word, str):
            problems.append(Problem(where(str(word)), f"the name of an attribute is wanted, not {called(word)}"))
            return None
        attribute = self.kind.attribute(word)
        refusal = self._refusal(word, attribute)
        if refusal or attribute is None:  # a missing one is always refused
            problems.append(Problem(where(word), refusal))
            return None
        self._accepted[word] = attribute
        return attribute

    def _refusal(self, word: str, attribute: Attribute | None) -> str:
        kind = self.kind
        if attribute is None:
            close = nearest(word, [a.name for a in kind if _accepts(kind, a)])
            return f"no such attribute of {kind.name}" + (f" (did you mean {close}?)" if close else "")
        if attribute.of_binding:
            return f"belongs to the bindings ({attribute.of_binding}), not to {kind.name} itself"
        if _accepts(kind, attribute):
            return ""
        if attribute.readonly or not attribute.on:
            return "read-only, it cannot be set"
        if attribute.name == "newname":
            return "to rename an object, write its new name and rename_from: <its old name>"
        return f"belongs to the operation {', '.join(sorted(attribute.on))}, it is not part of the desired state"

    def _unset(self, attribute: Attribute, where: Where, values: dict[str, Any], problems: list[Problem]) -> None:
        kind = self.kind
        if attribute.name in kind.keys:
            self._refused.add(attribute.name)
            problems.append(Problem(where(attribute.name), "null, but it identifies the object"))
        elif kind.is_binding:
            return  # a row is written as a whole: null says "not given"
        elif "unset" not in attribute.on:
            problems.append(Problem(where(attribute.name), "null means unset, and NITRO cannot unset this attribute"))
        else:
            values[attribute.name] = None

    def _set(self, attribute: Attribute, value: Any, where: Where, values: dict[str, Any], problems: list[Problem]) -> None:
        try:
            values[attribute.name] = self._checked(attribute, value)
        except ValueError as error:
            self._refused.add(attribute.name)
            problems.append(Problem(where(attribute.name), str(error), None if attribute.secret else shown(value)))

    def _checked(self, attribute: Attribute, value: Any) -> Any:
        known = attribute.coerce(value)
        if self.kind.state and attribute.name == "state" and known not in STATES:
            raise ValueError("not an allowed value: allowed are ENABLED, DISABLED")
        if attribute.named and isinstance(known, str) and not NAMES[attribute.named][0].fullmatch(known):
            raise ValueError(f"not a legal name: {NAMES[attribute.named][1]}")
        return known


def _accepts(kind: Kind, attribute: Attribute) -> bool:
    """May a document give this attribute?"""
    if attribute.name in kind.keys and not kind.singleton:
        return True
    if attribute.name == kind.switches or (kind.state and attribute.name == "state"):
        return True
    return not attribute.readonly and bool(attribute.on & WRITES)


def unmanageable(kind: Kind) -> str:
    """Why ``kind`` cannot be brought into a desired state, in words for people; "" if it can."""
    if kind.unmanaged:
        lost = "" if kind.readable else "cannot be read back, so it "
        return f"{lost}cannot be kept in a desired state: {kind.unmanaged}"
    if kind.aggregate_of:
        return f"an overview of all bindings of {kind.aggregate_of}: use the single bindings"
    if kind.view:
        return f"a reverse view, read-only: bind it on the side of {kind.binds}" if kind.binds else "read-only"
    if not kind.manageable:
        verbs = ", ".join(sorted(kind.operations)) or "none"
        return f"cannot be brought into a desired state (its operations: {verbs})"
    return "" if kind.readable else "cannot be read back, so it cannot be kept in a desired state"
