# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Who names whom in a document: the order of creation, cycles, and what has to exist outside of it. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from posixpath import join, normpath
from typing import Any

from . import catalogue
from .desired import Desired, Problem, Rows
from .kind import Attribute, Kind, Values
from .value import listed

_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
Reference = tuple[str, tuple[str, ...]]  # kind name, key


@dataclass(frozen=True)
class External:
    """``name`` of one of ``kinds``, named at ``path`` and not declared in the document."""

    kinds: tuple[str, ...]
    name: str
    path: str


class Graph:
    """The references among ``objects``, computed once."""

    def __init__(self, objects: Sequence[Desired]) -> None:
        self.objects = objects
        self._named: dict[tuple[str, str], list[int]] = {}
        for number, wanted in enumerate(objects):
            self._named.setdefault((wanted.kind.name, _main_name(wanted)), []).append(number)
        self._mentionable: dict[str, list[int]] = {}
        for number, wanted in enumerate(objects):
            main = wanted.kind.main_key
            if main and wanted.kind.attributes[main].named == "identifier":
                self._mentionable.setdefault(_main_name(wanted), []).append(number)
        self._naming: dict[str, tuple[Attribute, ...]] = {}
        self._kinds = {wanted.kind.name for wanted in objects}
        firm = ((number, wanted, self._references_of(wanted.kind)) for number, wanted in enumerate(objects))
        self._firm = [self._targets(number, wanted.kind, wanted.values, naming) for number, wanted, naming in firm]
        self._edges, self._layers = self._order()
        self._numbers = {id(wanted): number for number, wanted in enumerate(objects)}

    def references(self, wanted: Desired) -> tuple[Reference, ...]:
        """See `Document.references`."""
        targets = (self.objects[number] for number in self._edges[self._numbers[id(wanted)]])
        return tuple((target.kind.name, target.key) for target in targets)

    def layers(self) -> tuple[tuple[Desired, ...], ...]:
        """See `Document.layers`."""
        return tuple(tuple(self.objects[number] for number in layer) for layer in self._layers)

    def cycles(self) -> list[Problem]:
        """Objects that need each other to exist first, one problem a circle."""
        left = _layered(self._firm)[1]
        problems = []
        while left:
            circle = self._circle(min(left), left)
            names = [f"{self.objects[n].kind.name} {self.objects[n].name}" for n in (*circle, circle[0])]
            problems.append(Problem(self.objects[circle[0]].path, f"refers to itself: {' → '.join(names)}"))
            left -= set(circle) | self._leading_to(set(circle), left)
        return problems

    def external(self, sets: Iterable[tuple[Kind, Desired | None, Rows]]) -> tuple[External, ...]:
        """See `Document.external`."""
        found: dict[tuple[tuple[str, ...], str], External] = {}
        for kind, parent, rows in sets:
            naming = [a for a in self._references_of(kind) if a.name in kind.keys and a.name != kind.url_key]
            for row in rows if naming else ():
                for attribute in naming:
                    value = row.get(attribute.name)
                    if value is None or any((name, str(value)) in self._named for name in attribute.ref):
                        continue
                    path = f"{parent.path}.bindings.{kind.binds}" if parent else kind.name
                    found.setdefault((attribute.ref, str(value)), External(attribute.ref, str(value), path))
        return tuple(found.values())

    def _references_of(self, kind: Kind) -> tuple[Attribute, ...]:
        if kind.name not in self._naming:
            self._naming[kind.name] = tuple(a for a in kind if a.ref and not a.readonly)
        return self._naming[kind.name]

    def _within(self, kind: Kind) -> tuple[Attribute, ...]:
        """The attributes of a binding row that may name another object of these than its parent: most rows have none."""
        return tuple(a for a in self._references_of(kind) if a.name != kind.url_key and self._kinds.intersection(a.ref))

    def _targets(self, number: int, kind: Kind, values: Values, naming: Sequence[Attribute]) -> set[int]:
        """Numbers of the objects that these values name, without the object itself unless it names itself on purpose."""
        found: set[int] = set()
        for attribute in naming:
            value = values.get(attribute.name)
            if value is None:
                continue
            for one in listed(value):
                for name in attribute.ref:
                    hits = self._named.get((name, _target_name(attribute, one)), ())
                    found.update(hit for hit in hits if hit != number or attribute.name not in kind.keys)
        return found

    def _loose(self, number: int) -> set[int]:
        """What the binding rows of an object name; a bind comes after all creates, so these may be given up."""
        wanted = self.objects[number]
        found = self._mentioned(wanted.values) if self._mentionable else set()
        for name, rows in wanted.bindings.items():
            kind = catalogue.kind(name)
            naming = self._within(kind)
            for row in rows if naming else ():
                found |= self._targets(number, kind, row, naming)
        found.discard(number)
        return found

    def _mentioned(self, values: Values) -> set[int]:
        """What expressions among the values mention: pattern sets, string maps, callouts, named expressions."""
        texts = [value for value in values.values() if isinstance(value, str)]
        words = {word for text in texts for word in _WORD.findall(text)}
        return {number for word in words & self._mentionable.keys() for number in self._mentionable[word]}

    def _order(self) -> tuple[list[set[int]], list[list[int]]]:
        """Edges and layers; edges by bindings are left out where they would close a circle."""
        everything = [firm | self._loose(number) for number, firm in enumerate(self._firm)]
        layers, left = _layered(everything)
        if not left:
            return everything, layers
        edges = [self._firm[n] - {n} if n in left else edge for n, edge in enumerate(everything)]
        layers, left = _layered(edges)
        if left:  # a real circle: `cycles` reports it
            layers.append(sorted(left))
        return edges, layers

    def _circle(self, start: int, left: set[int]) -> list[int]:
        path = [start]
        while True:
            step = min(self._firm[path[-1]] & left)
            if step in path:
                return path[path.index(step) :]
            path.append(step)

    def _leading_to(self, circle: set[int], among: set[int]) -> set[int]:
        """Those that are stuck only because they name the circle."""
        found: set[int] = set()
        grown = True
        while grown:
            more = {n for n in among - found - circle if self._firm[n] & among <= circle | found}
            found |= more
            grown = bool(more)
        return found


def _layered(edges: Sequence[set[int]]) -> tuple[list[list[int]], set[int]]:
    """(layers, the rest that is in or above a circle)."""
    waiting = {number: len(targets) for number, targets in enumerate(edges)}
    named_by: dict[int, list[int]] = {}
    for number, targets in enumerate(edges):
        for target in targets:
            named_by.setdefault(target, []).append(number)
    layers: list[list[int]] = []
    ready = [number for number, count in waiting.items() if not count]
    while ready:
        layers.append(ready)
        ready = sorted(_released(ready, named_by, waiting))
    done = {number for layer in layers for number in layer}
    return layers, set(range(len(edges))) - done


def _released(ready: list[int], named_by: Mapping[int, list[int]], waiting: dict[int, int]) -> Iterator[int]:
    for number in ready:
        for above in named_by.get(number, ()):
            waiting[above] -= 1
            if not waiting[above]:
                yield above


def _main_name(wanted: Desired) -> str:
    """What others call it: its main key; for files the whole path."""
    kind = wanted.kind
    folder = next((a.name for a in kind if a.folder), None)
    name = str(wanted.values.get(kind.main_key or "", ""))
    return normpath(join(str(wanted.values.get(folder) or ""), name)) if folder else name


def _target_name(attribute: Attribute, value: Any) -> str:
    return normpath(join(attribute.base, str(value))) if attribute.base else str(value)
