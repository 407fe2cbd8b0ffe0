# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""What an expansion collects, and typed access to what people wrote, with the path of every mistake."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..desired import Problem
from ..value import as_boolean, called, nearest, number_of

LONGEST_NAME = 127
ENTITY = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_#. :@=-]*")  # PROTOCOL 17
Origins = dict[tuple[str, ...], str]


@dataclass
class Expansion:
    """Ordinary kinds (kind → name → attributes), where each object or attribute comes from, and what is wrong.

    ``origins``: (kind, name) or (kind, name, word, …) → path in the user's document.
    """

    kinds: dict[str, dict[str, dict[str, Any]]] = field(default_factory=dict)
    origins: Origins = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def put(self, kind: str, name: str, values: Mapping[str, Any], path: str, words: Mapping[str, str] | None = None) -> None:
        """Add an object; attributes that are None are not given. ``words``: attribute → the path of the user's word for it.

        The same object twice is fine where it is equal (two frontends with one authority's certificate).
        """
        given = {word: value for word, value in values.items() if value is not None}
        known = self.kinds.setdefault(kind, {}).setdefault(name, given)
        if known != given:
            self.problem(path, f"makes {kind} {name}, as {self.origins[(kind, name)]} does, but not the same")
            return
        self.origins.setdefault((kind, name), path)
        for word, origin in (words or {}).items():
            self.origins.setdefault((kind, name, *word.split(".")), origin)

    def feature(self, *names: str) -> None:
        """These features of the appliance are needed."""
        features = self.kinds.setdefault("nsfeature", {}).setdefault("feature", [])  # type: ignore[arg-type]  # a singleton
        features.extend(name for name in names if name not in features)  # type: ignore[attr-defined]  # a singleton

    def problem(self, path: str, message: str, value: Any = None) -> None:
        """Note a mistake of the user."""
        self.problems.append(Problem(path, message, value if isinstance(value, (str, int, float)) else None))


class Fields:
    """A mapping that people wrote, at ``path``. Unknown words are noted at once, with the nearest known one."""

    def __init__(self, given: Mapping[Any, Any], path: str, out: Expansion, known: Sequence[str]) -> None:
        self.given, self.path, self.out = given, path, out
        for word in given:
            if word not in known:
                near = nearest(str(word), known)
                hint = f"did you mean {near}?" if near else f"known are {', '.join(known)}"
                out.problem(self.at(str(word)), f"unknown word ({hint})")

    def at(self, word: str) -> str:
        """The path of a word."""
        return f"{self.path}.{word}"

    def has(self, word: str) -> bool:
        """The word is there and not null."""
        return self.given.get(word) is not None

    def get(self, word: str, default: Any = None) -> Any:
        """The value as it stands."""
        value = self.given.get(word)
        return default if value is None else value

    def text(self, word: str, default: str | None = None) -> str | None:
        """Text; a number is taken as text."""
        value = self.given.get(word)
        if value is None:
            return default
        if isinstance(value, bool) or not isinstance(value, (str, int, float)):
            self.out.problem(self.at(word), f"text is wanted, not {called(value)}", value)
            return default
        return str(value)

    def needed(self, word: str) -> str | None:
        """Text that has to be there."""
        value = self.text(word)
        if not value and not self.has(word):
            self.out.problem(self.path, f"{word} is missing")
        return value

    def integer(self, word: str, low: int, high: int, default: int | None = None) -> int | None:
        """A whole number in a range."""
        value = self.given.get(word)
        number = None if value is None else self.number(value, self.at(word), low, high)
        return default if number is None else number

    def number(self, value: Any, path: str, low: int, high: int) -> int | None:
        """``value`` as a whole number in a range, or None and a problem at ``path``."""
        number = None if isinstance(value, bool) else number_of(value)
        if number is None or number != int(number) or not low <= number <= high:
            self.out.problem(path, f"a whole number from {low} to {high} is wanted", value)
            return None
        return int(number)

    def flag(self, word: str, *, default: bool = False) -> bool:
        """True or false."""
        value = self.given.get(word)
        if value is None:
            return default
        found = as_boolean(value)
        if found is None:
            self.out.problem(self.at(word), "true or false is wanted", value)
        return bool(found)

    def mapping(self, word: str) -> Mapping[Any, Any]:
        """A mapping, empty if it is not there."""
        value = self.given.get(word)
        if value is None:
            return {}
        if not isinstance(value, Mapping):
            self.out.problem(self.at(word), f"a mapping is wanted, not {called(value)}", value)
            return {}
        return value

    def listing(self, word: str) -> list[tuple[str, Any]]:
        """(path, item) of a list; one thing is a list of one."""
        value = self.given.get(word)
        if value is None:
            return []
        if isinstance(value, (list, tuple)):
            return [(f"{self.at(word)}[{number}]", item) for number, item in enumerate(value)]
        return [(self.at(word), value)]


def entity(*parts: str) -> str:
    """A name made of parts, in the length that NITRO takes; what is cut off is replaced by a hash of the whole."""
    return _cut("-".join(part for part in parts if part), "-")


def identifier(*parts: str) -> str:
    """The same for policies and actions, whose names are stricter (PROTOCOL 17, error 3856)."""
    name = re.sub(r"[^A-Za-z0-9]+", "_", "_".join(part for part in parts if part)).rstrip("_")
    return _cut(name if name[:1].isalpha() or name.startswith("_") else f"_{name}", "_")


def fingerprint(*texts: str) -> str:
    """Eight hexadecimal digits that change with the texts."""
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()[:8]


def literal(text: str) -> str:
    """``text`` as a string literal of the appliance's expression language."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\r", "\\r").replace("\n", "\\n")
    return f'"{escaped}"'


def _cut(name: str, joint: str) -> str:
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 9]}{joint}{fingerprint(name)}"
