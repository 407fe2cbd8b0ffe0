# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""From the shapes that people write to objects: by name or as a list, singletons, nested bindings. See `document.parse`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from . import catalogue
from .desired import Desired, Problem, Rows
from .errors import UnknownKind
from .kind import Kind, Values
from .validate import Reader, Where
from .value import called, nearest

Paths = Callable[[str, str], str]  # (kind, name) → where the user wrote it; "" means "as it stands"
RESERVED = ("bindings", "rename_from")


class Reading:
    """One pass over a document; ``problems`` and ``objects`` fill up."""

    def __init__(self, *, present: bool, origins: Mapping[tuple[str, str], str] | None = None) -> None:
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
        if kind.is_binding and kind.parent not in catalogue.index():
            self._global_rows(kind, given)
        elif not kind.keys:
            self._singleton(kind, given)
        else:
            for path, label, values in self._entries(kind, given):
                self._object(kind, values, path, label)

    def _kind(self, name: Any) -> Kind | None:
        if not isinstance(name, str):
            self.problems.append(Problem(str(name), f"the name of an object kind is wanted, not {called(name)}"))
            return None
        try:
            kind = catalogue.kind(name)
        except UnknownKind as error:
            near = f" (did you mean {' or '.join(error.nearest)}?)" if error.nearest else ""
            self.problems.append(Problem(name, f"no such object kind{near}"))
            return None
        refusal = unmanageable(kind)
        if refusal:
            self.problems.append(Problem(name, refusal))
            return None
        return kind

    def _entries(self, kind: Kind, given: Any) -> Iterator[tuple[str, str | None, Mapping[Any, Any]]]:
        """(path, the name it is filed under or None for a list, attributes) of each object."""
        if isinstance(given, Mapping):
            for label, values in given.items():
                path = f"{kind.name}.{label}"
                if isinstance(label, bool) or not isinstance(label, (str, int, float)):
                    self.problems.append(Problem(path, f"a name is wanted, not {called(label)} (put it in quotes)"))
                elif values is None or isinstance(values, Mapping):
                    yield path, str(label), values or {}
                else:
                    self.problems.append(Problem(path, f"a mapping of attributes is wanted, not {called(values)}", _plain(values)))
        elif isinstance(given, (list, tuple)):
            for number, values in enumerate(given):
                path = f"{kind.name}[{number}]"
                if isinstance(values, Mapping):
                    yield path, None, values
                elif isinstance(values, str):
                    yield path, values, {}
                else:
                    self.problems.append(Problem(path, f"a mapping of attributes is wanted, not {called(values)}", _plain(values)))
        else:
            self.problems.append(Problem(kind.name, f"objects by name or a list is wanted, not {called(given)}", _plain(given)))

    def _singleton(self, kind: Kind, given: Any) -> None:
        if isinstance(given, Mapping):
            self._object(kind, given, kind.name, None)
        elif given is not None:
            self.problems.append(Problem(kind.name, f"a mapping of attributes is wanted, not {called(given)}", _plain(given)))

    def _object(self, kind: Kind, given: Mapping[Any, Any], path: str, label: str | None) -> None:
        where = self._where(kind, path, label)
        reader = self._reader(kind)
        plain = {word: value for word, value in given.items() if word not in RESERVED or word in kind.attributes}
        plain = self._with_label(kind, plain, label, where)
        values = reader.read(plain, where, self.problems)
        reader.check_keys(values, where, self.problems)
        bindings = self._bindings(kind, values, given.get("bindings"), where) if "bindings" in given else {}
        rename_from = self._rename_from(kind, given, where)
        self.objects.append(Desired(kind, values, bindings, self.present, rename_from, where()))

    def _with_label(self, kind: Kind, given: dict[Any, Any], label: str | None, where: Where) -> dict[Any, Any]:
        """The name that an object is filed under is its key, unless it gives an alternative key (``ntpserver``)."""
        key = kind.url_key or kind.keys[0] if kind.keys else None
        if label is None or key is None or any(key in group and set(group) & set(given) for group in kind.one_of):
            return given
        stated = given.get(key)
        if stated is not None and str(stated) != label:
            self.problems.append(Problem(where(key), f"it is filed under the name {label!r}", stated))
        return {key: label, **{word: value for word, value in given.items() if word != key}}

    def _rename_from(self, kind: Kind, given: Mapping[Any, Any], where: Where) -> str | None:
        old = given.get("rename_from")
        if old is None or "rename_from" in kind.attributes:
            return None
        if "rename" not in kind.operations:
            self.problems.append(Problem(where("rename_from"), f"NITRO cannot rename {kind.name}"))
        elif not isinstance(old, str) or not old:
            self.problems.append(Problem(where("rename_from"), "the old name is wanted", _plain(old)))
        else:
            return old
        return None

    def _bindings(self, kind: Kind, values: Values, given: Any, where: Where) -> dict[str, Rows]:
        if given is None:
            return {}
        if not isinstance(given, Mapping):
            self.problems.append(Problem(where("bindings"), f"a mapping is wanted, not {called(given)}", _plain(given)))
            return {}
        found: dict[str, Rows] = {}
        for word, rows in given.items():
            binding = self._binding_kind(kind, str(word), where)
            if binding is None:
                continue
            path = where("bindings", str(word))
            parent = {binding.url_key: values.get(kind.url_key or "")} if binding.url_key else {}
            found[binding.name] = self._rows(binding, rows, path, parent)
        return found

    def _binding_kind(self, kind: Kind, word: str, where: Where) -> Kind | None:
        names = self._short(kind)
        name = names.get(word) or (word if word in kind.bindings else None)
        if name is None:
            possible = [short for short, full in names.items() if not unmanageable(catalogue.kind(full))]
            near = nearest(word, possible)
            hint = f" (did you mean {near}?)" if near else (f": there are {', '.join(sorted(possible))}" if possible else "")
            self.problems.append(Problem(where("bindings", word), f"{kind.name} has no such binding{hint}"))
            return None
        refusal = unmanageable(catalogue.kind(name))
        if refusal:
            self.problems.append(Problem(where("bindings", word), refusal))
            return None
        return catalogue.kind(name)

    def _short(self, kind: Kind) -> dict[str, str]:
        """Short names of the bindings of ``kind``; one that can be written wins over a view of the same name."""
        if kind.name not in self._short_names:
            known = sorted((catalogue.kind(name) for name in kind.bindings), key=lambda binding: not binding.view, reverse=False)
            self._short_names[kind.name] = {binding.binds or binding.name: binding.name for binding in reversed(known)}
        return self._short_names[kind.name]

    def _global_rows(self, kind: Kind, given: Any) -> None:
        rows = self._rows(kind, given, kind.name, {})
        if self.present:
            self.globals[kind.name] = rows
        else:
            for number, row in enumerate(rows):
                self.objects.append(Desired(kind, row, present=False, path=f"{kind.name}[{number}]"))

    def _rows(self, kind: Kind, given: Any, path: str, parent: Mapping[str, Any]) -> Rows:
        if not isinstance(given, (list, tuple)):
            message = f"a list with the complete set is wanted ([] empties it), not {called(given)}"
            self.problems.append(Problem(path, message, _plain(given)))
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
            self.problems.append(Problem(path, f"a mapping of attributes is wanted, not {called(given)}", _plain(given)))
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

    def _reader(self, kind: Kind) -> Reader:
        if kind.name not in self._readers:
            self._readers[kind.name] = Reader(kind)
        return self._readers[kind.name]

    def _where(self, kind: Kind, path: str, label: str | None) -> Where:
        origin = self._origins.get((kind.name, label)) if label is not None else None
        base = origin or path

        def where(*words: str) -> str:
            return ".".join((base, *words))

        return where


def unmanageable(kind: Kind) -> str:
    """Why ``kind`` cannot be brought into a desired state; "" if it can."""
    if kind.aggregate_of:
        return f"an overview of all bindings of {kind.aggregate_of}: use the single bindings"
    if kind.view:
        return f"a reverse view, read-only: bind it from the other side ({kind.binds})" if kind.binds else "read-only"
    if not kind.manageable:
        verbs = ", ".join(sorted(kind.operations)) or "none"
        return f"cannot be brought into a desired state (its operations: {verbs})"
    if not kind.readable:
        return "cannot be read back, so it cannot be kept in a desired state"
    return ""


def _plain(value: Any) -> Any:
    """A value worth showing in a problem: not a container."""
    return None if isinstance(value, (dict, list, tuple)) else value
