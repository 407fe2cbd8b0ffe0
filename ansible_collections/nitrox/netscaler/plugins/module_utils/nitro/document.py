# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""A desired-state document: parsed, validated offline and completely, with its references. Pure.

Top level: ``frontends`` (the short form, see `frontends`) or object kinds. Objects by name or as a list of mappings with
their keys; singletons directly; bindings nested by the short name of what is bound, each list being the complete set;
rows of ``…global_…_binding`` kinds as a list on the top level.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from . import catalogue
from .desired import MASK, Desired, Problem, Rows, mask
from .errors import InvalidDocument
from .kind import Kind, Values
from .merging import merged
from .references import External, Graph, Reference
from .shapes import Reading
from .value import called

__all__ = ["MASK", "Desired", "Document", "External", "Problem", "Reference", "mask", "parse", "to_data"]


@dataclass(frozen=True)
class Document:
    """Everything that is wanted.

    ``globals``: kind of a global binding → its complete set of rows. With ``present`` False the objects are to be gone
    (``globals`` is empty then: their rows are single objects).
    """

    objects: tuple[Desired, ...] = ()
    globals: Mapping[str, Rows] = field(default_factory=dict)
    present: bool = True

    def __len__(self) -> int:
        return len(self.objects)

    def __iter__(self) -> Iterator[Desired]:
        return iter(self.objects)

    @cached_property
    def by_key(self) -> Mapping[tuple[str, tuple[str, ...]], Desired]:
        """(kind name, key) → object."""
        return {(wanted.kind.name, wanted.key): wanted for wanted in self.objects}

    @cached_property
    def kinds(self) -> Mapping[str, tuple[Desired, ...]]:
        """Kind name → its objects, in the order of the document."""
        found: dict[str, list[Desired]] = {}
        for wanted in self.objects:
            found.setdefault(wanted.kind.name, []).append(wanted)
        return {name: tuple(objects) for name, objects in found.items()}

    def binding_sets(self) -> Iterator[tuple[Kind, Desired | None, Rows]]:
        """(binding kind, parent or None for a global one, complete set of rows) for each managed set."""
        for wanted in self.objects:
            for name, rows in wanted.bindings.items():
                yield catalogue.kind(name), wanted, rows
        for name, rows in self.globals.items():
            yield catalogue.kind(name), None, rows

    @cached_property
    def _graph(self) -> Graph:
        return Graph(self.objects)

    def references(self, wanted: Desired) -> tuple[Reference, ...]:
        """(kind name, key) of the other objects of this document that ``wanted`` names: in attributes, in its binding
        rows, as its parent. They are created before it and deleted after it. Free of cycles."""
        return self._graph.references(wanted)

    def layers(self) -> tuple[tuple[Desired, ...], ...]:
        """The objects bottom-up: each layer names only objects of the layers before it."""
        return self._graph.layers()

    def external(self) -> tuple[External, ...]:
        """What binding rows name and this document does not declare, each once: it has to exist on the appliance."""
        return self._graph.external(self.binding_sets())


def parse(data: Any, *, present: bool = True) -> Document:
    """The document in ``data`` (what YAML or JSON gave). ``present`` False: everything in it is to be gone.

    Raises `InvalidDocument` with every problem at once.
    """
    if not isinstance(data, Mapping):
        raise InvalidDocument([Problem("", f"a mapping of object kinds is wanted, not {_top(data)}")])
    if not data:
        raise InvalidDocument([Problem("", "empty document")])
    reading = Reading(present=present)
    for name, given in data.items():
        if name != "frontends":
            reading.kind(name, given)
    readings = [reading]
    if "frontends" in data:
        from .frontends import expand  # here, because most runs have none and its import takes a third of the core's

        expansion = expand(data["frontends"])
        short = Reading(present=present, origins=expansion.origins)
        short.problems.extend(expansion.problems)
        for name, given in expansion.kinds.items():
            if present or not catalogue.kind(name).switches:  # whatever else is on the appliance needs its features, too
                short.kind(name, given)
        readings.append(short)
    return _document(readings, present)


def _document(readings: list[Reading], present: bool) -> Document:
    problems = [problem for reading in readings for problem in reading.problems]
    objects = merged([reading.objects for reading in readings], problems)
    document = Document(objects, {name: rows for reading in readings for name, rows in reading.globals.items()}, present)
    if not problems:
        problems.extend(Graph(objects).cycles())
    if not problems and not objects and not document.globals:
        problems.append(Problem("", "empty document"))
    if problems:
        raise InvalidDocument(dict.fromkeys(problems))
    return document


def to_data(document: Document, *, masked: bool = False) -> dict[str, Any]:
    """The document as plain data that `parse` reads back to an equal one; with ``masked`` secrets are asterisks."""
    data: dict[str, Any] = {}
    for name, objects in document.kinds.items():
        kind = objects[0].kind
        written = [_object_data(wanted, masked) for wanted in objects]
        key = kind.main_key
        labels = [str(wanted.values.get(key or "", "")) for wanted in objects]
        if not kind.keys:
            data[name] = written[0]
        elif key and not kind.is_binding and "" not in labels and len(set(labels)) == len(labels):
            plain = [{word: value for word, value in item.items() if word != key} for item in written]
            data[name] = dict(zip(labels, plain, strict=True))
        else:
            data[name] = written
    for name, rows in document.globals.items():
        data[name] = [_row_data(catalogue.kind(name), row, masked) for row in rows]
    return data


def _object_data(wanted: Desired, masked: bool) -> dict[str, Any]:
    data = dict(mask(wanted.kind, wanted.values) if masked else wanted.values)
    if wanted.rename_from:
        data["rename_from"] = wanted.rename_from
    if wanted.bindings:
        kinds = {name: catalogue.kind(name) for name in wanted.bindings}
        data["bindings"] = {
            kind.binds or name: [_row_data(kind, row, masked) for row in wanted.bindings[name]] for name, kind in kinds.items()
        }
    return data


def _row_data(kind: Kind, row: Values, masked: bool) -> Any:
    shown = mask(kind, row) if masked else row
    plain = {name: value for name, value in shown.items() if name != kind.url_key}
    return plain[kind.bind_key] if kind.bind_key and set(plain) == {kind.bind_key} else plain


def _top(data: Any) -> str:
    return "null" if data is None else called(data)
