# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""From the shapes that people write to objects: by name or as a list, singletons, nested bindings. See `document.parse`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from . import catalogue
from .desired import Desired, Problem, Rows, shown
from .errors import UnknownKind
from .kind import Kind, Values
from .validate import Reader, Where, unmanageable
from .value import called, nearest

RESERVED = ("bindings", "rename_from")


class Reading:
    """One pass over a document; ``problems``, ``objects`` and ``globals`` (complete sets of global rows) fill up.

    ``origins``: (kind, name) or (kind, name, word, …) → the path to report instead of the usual one.
    """

    def __init__(self, *, present: bool, origins: Mapping[tuple[str, ...], str] | None = None) -> None:
        self.present = present
        self.problems: list[Problem] = []
        self.objects: list[Desired] = []
        self.globals: dict[str, Rows] = {}
        self._origins = origins or {}
        self._readers: dict[str, Reader] = {}
        self._short_names: dict[str, dict[str, str]] = {}

    def kind(self, name: Any, given: Any) -> None:
        """Read what the document says under the top-level word ``name``."""
        kind = self._kind(name)
        if kind is None:
            return
        if kind.is_global:
            self._global_rows(kind, given)
        elif not kind.keys:
            self._singleton(kind, given)
        else:
            for path, label, values in self._entries(kind, given):
                self._object(kind, values, path, label)

    def _kind(self, name: Any) -> Kind | None:
        try:
            kind = catalogue.kind(str(name))
        except UnknownKind as error:
            near = f" (did you mean {' or '.join(error.nearest)}?)" if error.nearest else ""
            self.problems.append(Problem(str(name), f"no such object kind{near}"))
            return None
        refusal = unmanageable(kind)
        if refusal:
            self.problems.append(Problem(kind.name, refusal))
        return None if refusal else kind

    def _entries(self, kind: Kind, given: Any) -> Iterator[tuple[str, str | None, Mapping[Any, Any]]]:
        """(path, the name it is filed under or None for a list, attributes) of each object."""
        if isinstance(given, Mapping):
            for label, values in given.items():
                path = f"{kind.name}.{label}"
                if isinstance(label, bool) or not isinstance(label, (str, int, float)):
                    self._wanted(path, "a name in quotes", label)
                elif values is None or isinstance(values, Mapping):
                    yield path, str(label), values or {}
                else:
                    self._wanted(path, "a mapping of attributes", values)
        elif isinstance(given, (list, tuple)):
            for number, values in enumerate(given):
                path = f"{kind.name}[{number}]"
                if isinstance(values, (str, Mapping)):
                    yield (path, values, {}) if isinstance(values, str) else (path, None, values)
                else:
                    self._wanted(path, "a mapping of attributes", values)
        else:
            self._wanted(kind.name, "a mapping of objects by name, or a list,", given)

    def _singleton(self, kind: Kind, given: Any) -> None:
        if isinstance(given, Mapping):
            self._object(kind, given, kind.name, None)
        else:
            self._wanted(kind.name, "a mapping of attributes", given)

    def _object(self, kind: Kind, given: Mapping[Any, Any], path: str, label: str | None) -> None:
        where = self._where(kind, path, label)
        reader = self._reader(kind)
        plain = {word: value for word, value in given.items() if word not in RESERVED or word in kind.attributes}
        values = reader.read(self._with_label(kind, plain, label, where), where, self.problems)
        reader.check_keys(values, where, self.problems)
        bindings = self._bindings(kind, values, given["bindings"], where) if "bindings" in given else {}
        rename_from = self._rename_from(kind, given, where)
        self.objects.append(Desired(kind, values, bindings, self.present, rename_from, where()))

    def _with_label(self, kind: Kind, given: dict[Any, Any], label: str | None, where: Where) -> dict[Any, Any]:
        """The name that an object is filed under is its key, unless it gives an alternative key (``ntpserver``)."""
        key = kind.main_key
        if label is None or key is None or any(key in group and set(group) & set(given) for group in kind.one_of):
            return given
        stated = given.get(key)
        if stated is not None and str(stated) != label:
            self.problems.append(Problem(where(key), f"it is filed under the name {label!r}", stated))
        return {**given, key: label}

    def _rename_from(self, kind: Kind, given: Mapping[Any, Any], where: Where) -> str | None:
        old = given.get("rename_from")
        if old is None:
            return None
        if "rename" not in kind.operations:
            self.problems.append(Problem(where("rename_from"), f"NITRO cannot rename {kind.name}"))
        elif not isinstance(old, str) or not old:
            self._wanted(where("rename_from"), "the old name", old)
        else:
            return old
        return None

    def _bindings(self, kind: Kind, values: Values, given: Any, where: Where) -> dict[str, Rows]:
        if not isinstance(given, Mapping):
            self._wanted(where("bindings"), "a mapping of complete sets", given)
            return {}
        found: dict[str, Rows] = {}
        for word, rows in given.items():
            binding = self._binding_kind(kind, str(word), where)
            if binding is None:
                continue
            parent = {binding.url_key: values.get(kind.main_key or "")} if binding.url_key else {}
            path = where("bindings", str(word))
            if binding.name in found:
                self.problems.append(Problem(path, "given twice"))
            found[binding.name] = self._rows(binding, rows, path, parent)
        return found

    def _binding_kind(self, kind: Kind, word: str, where: Where) -> Kind | None:
        names = self._short(kind)
        name = names.get(word) or (word if word in kind.bindings else None)
        if name is None:
            possible = sorted(short for short, full in names.items() if not unmanageable(catalogue.kind(full)))
            near = nearest(word, possible)
            hint = f" (did you mean {near}?)" if near else f": there are {', '.join(possible) or 'none'}"
            self.problems.append(Problem(where("bindings", word), f"{kind.name} has no such binding{hint}"))
            return None
        binding = catalogue.kind(name)
        refusal = unmanageable(binding)
        if refusal:
            self.problems.append(Problem(where("bindings", word), refusal))
        return None if refusal else binding

    def _short(self, kind: Kind) -> dict[str, str]:
        """Short name → binding kind; one that can be written wins over a view of the same name."""
        if kind.name not in self._short_names:
            known = sorted((catalogue.kind(name) for name in kind.bindings), key=lambda binding: not binding.view)
            self._short_names[kind.name] = {binding.binds or binding.name: binding.name for binding in reversed(known)}
        return self._short_names[kind.name]

    def _global_rows(self, kind: Kind, given: Any) -> None:
        rows = self._rows(kind, given, kind.name, {})
        if self.present:
            self.globals[kind.name] = rows
        else:
            absent = (Desired(kind, row, present=False, path=f"{kind.name}[{n}]") for n, row in enumerate(rows))
            self.objects.extend(absent)

    def _rows(self, kind: Kind, given: Any, path: str, parent: Mapping[str, Any]) -> Rows:
        if not isinstance(given, (list, tuple)):
            self._wanted(path, "a list with the complete set ([] empties it)", given)
            return ()
        seen: dict[tuple[str, ...], int] = {}
        rows = []
        for number, item in enumerate(given):
            row = self._row(kind, item, f"{path}[{number}]", parent)
            if row is None:
                continue
            first = seen.setdefault(kind.identity(row), number)
            if first != number:
                self.problems.append(Problem(f"{path}[{number}]", f"the same as [{first}]"))
            rows.append(row)
        return tuple(rows)

    def _row(self, kind: Kind, given: Any, path: str, parent: Mapping[str, Any]) -> Values | None:
        if isinstance(given, (str, int)) and not isinstance(given, bool) and kind.bind_key:
            given = {kind.bind_key: given}
        if not isinstance(given, Mapping):
            self._wanted(path, "a mapping of attributes", given)
            return None
        where = self._where(kind, path, None)
        reader = self._reader(kind)
        before = len(self.problems)
        row = {**parent, **reader.read(given, where, self.problems)}
        for name, value in parent.items():
            if row[name] != value:
                self.problems.append(Problem(where(name), f"belongs to another object, this one is {value!r}", row[name]))
        if len(self.problems) == before:
            reader.check_keys(row, where, self.problems)
        return row if len(self.problems) == before else None

    def _wanted(self, path: str, what: str, given: Any) -> None:
        self.problems.append(Problem(path, f"{what} is wanted, not {called(given)}", shown(given)))

    def _reader(self, kind: Kind) -> Reader:
        if kind.name not in self._readers:
            self._readers[kind.name] = Reader(kind)
        return self._readers[kind.name]

    def _where(self, kind: Kind, path: str, label: str | None) -> Where:
        base = path if label is None else self._origins.get((kind.name, label), path)

        def where(*words: str) -> str:
            origin = self._origins.get((kind.name, label or "", *words)) if words and self._origins else None
            return origin or ".".join((base, *words))

        return where
