# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Where objects live: one table a kind, rows in creation order (PROTOCOL 19 #11 [I])."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro import catalogue
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.kind import Attribute, Kind
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.value import canonical_text

Row = dict[str, Any]
Key = tuple[str, ...]


def fold(attribute: Attribute | None, value: Any) -> str:
    """One part of a key. Names of objects collide in any case (PROTOCOL 17 [I]); other text is exact."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = canonical_text(str(value))
    if attribute is not None and attribute.name == "filelocation":
        return text.rstrip("/") or "/"  # with or without: one place (PROTOCOL 20 #17)
    if attribute is not None and attribute.type == "string" and not attribute.values and attribute.name in _EXACT:
        return text
    return text.lower()


_EXACT = {"String", "value", "key", "pattern", "url", "urlname", "filename", "filelocation"}


class Index:
    """Rows by the value of one attribute."""

    def __init__(self, attribute: str) -> None:
        self._attribute = attribute
        self._rows: dict[str, dict[Key, Row]] = {}
        self._filed: dict[Key, str] = {}

    def put(self, key: Key, row: Row) -> None:
        """File the row, and take it from where it was."""
        value = fold(None, row.get(self._attribute))
        if self._filed.get(key, value) != value:
            self.remove(key)
        self._filed[key] = value
        self._rows.setdefault(value, {})[key] = row

    def remove(self, key: Key) -> None:
        """Forget the row."""
        value = self._filed.pop(key, None)
        if value is not None:
            self._rows[value].pop(key, None)

    def rows(self, value: Any) -> list[Row]:
        """The rows filed under a value."""
        return list(self._rows.get(fold(None, value), {}).values())


class Table:
    """The rows of one kind. A row holds only what was set; defaults are added when it is shown."""

    def __init__(self, kind: Kind) -> None:
        self.kind = kind
        self._rows: dict[Key, Row] = {}
        self._of_parent: dict[str, dict[Key, Row]] = {}
        self._indexes: dict[str, Index] = {}
        self._parent_key = kind.url_key if kind.parent else None
        defaults = {name: kind.attributes[name].default for name in kind.keys if name in kind.attributes}
        self._parts = [(name, kind.attributes.get(name), defaults.get(name)) for name in kind.keys]

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[Row]:
        return iter(self._rows.values())

    def key(self, values: Mapping[str, Any]) -> Key:
        """The key of a row with these values; what is not given stands for its default."""
        return tuple(fold(attribute, values.get(name, default)) for name, attribute, default in self._parts)

    def get(self, values: Mapping[str, Any]) -> Row | None:
        """The row with the same key."""
        return self._rows.get(self.key(values))

    def put(self, row: Row) -> Row:
        """Add the row, or replace the one with its key."""
        key = self.key(row)
        self._rows[key] = row
        if self._parent_key:
            self._of_parent.setdefault(fold(None, row.get(self._parent_key)), {})[key] = row
        for index in self._indexes.values():
            index.put(key, row)
        return row

    def remove(self, row: Row) -> None:
        """Take the row out; it must be there."""
        key = self.key(row)
        del self._rows[key]
        if self._parent_key:
            self._of_parent[fold(None, row.get(self._parent_key))].pop(key, None)
        for index in self._indexes.values():
            index.remove(key)

    def changed(self, row: Row) -> None:
        """A stored row was changed in place, not in its key: bring the indexes up to date."""
        if self._indexes:
            key = self.key(row)
            for index in self._indexes.values():
                index.put(key, row)

    def by(self, attribute: str, value: Any) -> list[Row]:
        """The rows in which that attribute means this value, without a look at the others."""
        index = self._indexes.get(attribute)
        if index is None:
            index = self._indexes[attribute] = Index(attribute)
            for key, row in self._rows.items():
                index.put(key, row)
        return index.rows(value)

    def of_parent(self, name: Any) -> list[Row]:
        """The rows of a binding table that belong to this parent."""
        return list(self._of_parent.get(fold(None, name), {}).values())

    def named(self, name: Any) -> list[Row]:
        """The rows whose URL key has this value (several where the key is composite)."""
        if self._parent_key:
            return self.of_parent(name)
        url_key = self.kind.url_key or (self.kind.keys[0] if self.kind.keys else None)
        if url_key is None:
            return []
        attribute = self.kind.attributes.get(url_key)
        wanted = fold(attribute, name)
        if len(self.kind.keys) == 1:
            row = self._rows.get((wanted,))
            return [row] if row is not None else []
        names = next((group for group in self.kind.one_of if url_key in group), (url_key,))
        return [row for row in self._rows.values() if any(fold(attribute, row.get(name)) == wanted for name in names)]

    def select(self, matches: Callable[[Row], bool]) -> list[Row]:
        """All rows for which ``matches`` says yes."""
        return [row for row in self._rows.values() if matches(row)]


class Store:
    """All tables of one admin partition."""

    def __init__(self) -> None:
        self._tables: dict[str, Table] = {}

    def table(self, kind: str) -> Table:
        """The table of a kind, empty at first."""
        found = self._tables.get(kind)
        if found is None:
            found = self._tables[kind] = Table(catalogue.kind(kind))
        return found

    def replace(self, kind: str, rows: Iterable[Row]) -> None:
        """Let a table have exactly these rows."""
        table = self._tables[kind] = Table(catalogue.kind(kind))
        for row in rows:
            table.put(row)

    def find(self, kind: str, name: Any) -> Row | None:
        """The first row of that kind with that name."""
        rows = self.table(kind).named(name)
        return rows[0] if rows else None

    def dump(self) -> dict[str, list[Row]]:
        """Plain data: kind → rows."""
        return {name: [dict(row) for row in table] for name, table in sorted(self._tables.items()) if len(table)}

    def load(self, data: Mapping[str, Iterable[Mapping[str, Any]]]) -> None:
        """Replace everything by plain data from `dump`. Raises `UnknownKind`."""
        tables = {name: Table(catalogue.kind(name)) for name in data}
        for name, rows in data.items():
            for row in rows:
                tables[name].put(dict(row))
        self._tables = tables
