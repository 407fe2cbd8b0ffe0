# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""The objects of the cloud: rows by kind and id, with indices, and a memory of those that are gone."""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from .catalogue import kinds


class Row(dict[str, Any]):
    """One object. Members whose name begins with ``_`` are the simulator's own and are never shown."""

    __slots__ = ("born", "kind", "number")

    def __init__(self, kind: str, members: dict[str, Any], number: int, born: float) -> None:
        super().__init__(members)
        self.kind, self.number, self.born = kind, number, born

    @property
    def id(self) -> str:
        """Its UUID."""
        return str(self["id"])


class Store:
    """All rows. Change them through `update`, so that the indices stay true."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._rows: dict[str, dict[str, Row]] = {kind: {} for kind in kinds()}
        self._index: dict[tuple[str, str], dict[Any, dict[str, Row]]] = {
            (kind.name, name): {} for kind in kinds().values() for name in kind.index
        }
        self._gone: dict[str, tuple[Row, float]] = {}
        self._numbers = itertools.count(1)

    def add(self, kind: str, **members: Any) -> Row:
        """A new row; it gets an id unless it brings one. ``None`` members are left out."""
        members = {name: value for name, value in members.items() if value is not None}
        members.setdefault("id", str(uuid.uuid4()))
        row = Row(kind, members, next(self._numbers), self._clock())
        self._rows[kind][row.id] = row
        self._enter(row)
        return row

    def update(self, row: Row, **members: Any) -> Row:
        """Change members; ``None`` takes one away."""
        self._leave(row)
        for name, value in members.items():
            if value is None:
                row.pop(name, None)
            else:
                row[name] = value
        self._enter(row)
        return row

    def remove(self, row: Row) -> None:
        """It is gone; its id stays known (`was`)."""
        if self._rows[row.kind].pop(row.id, None) is not None:
            self._leave(row)
            self._gone[row.id] = (row, self._clock())

    def find(self, kind: str, key: Any) -> Row | None:
        """The row with that id."""
        return self._rows[kind].get(key)

    def get(self, kind: str, key: Any) -> Row:
        """The row with that id. Raises `KeyError`."""
        return self._rows[kind][key]

    def was(self, key: str) -> Row | None:
        """The row that had that id and is gone."""
        return self._gone[key][0] if key in self._gone else None

    def buried(self, kind: str, since: float) -> Iterator[Row]:
        """Rows of a kind that went after that time."""
        return (row for row, when in self._gone.values() if row.kind == kind and when > since)

    def rows(self, kind: str) -> Iterable[Row]:
        """All rows of a kind, oldest first."""
        return self._rows[kind].values()

    def where(self, kind: str, **members: Any) -> list[Row]:
        """Rows whose members are exactly these; quick when one of them is indexed."""
        pool: Iterable[Row] = self._rows[kind].values()
        for name, value in members.items():
            if (kind, name) in self._index:
                pool = self._index[kind, name].get(value, {}).values()
                break
        return [row for row in pool if all(row.get(name) == value for name, value in members.items())]

    def first(self, kind: str, **members: Any) -> Row | None:
        """The first such row."""
        return next(iter(self.where(kind, **members)), None)

    def count(self, kind: str) -> int:
        """How many there are."""
        return len(self._rows[kind])

    def next_number(self) -> int:
        """A number that nothing else has."""
        return next(self._numbers)

    def dump(self) -> dict[str, list[dict[str, Any]]]:
        """Plain data: kind → rows."""
        return {kind: [dict(row) for row in rows.values()] for kind, rows in self._rows.items() if rows}

    def load(self, data: dict[str, list[dict[str, Any]]]) -> None:
        """Add what `dump` gave. Raises `ValueError` for a kind that there is not."""
        for kind, rows in data.items():
            if kind not in self._rows:
                raise ValueError(f"no such kind: {kind}")
            if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
                raise ValueError(f"{kind}: a list of mappings is wanted")
            for members in rows:
                self.add(kind, **members)

    def _indices(self, row: Row) -> Iterator[tuple[dict[Any, dict[str, Row]], Any]]:
        for name in kinds()[row.kind].index:
            if row.get(name) is not None:
                yield self._index[row.kind, name], row[name]

    def _enter(self, row: Row) -> None:
        for index, value in self._indices(row):
            index.setdefault(value, {})[row.id] = row

    def _leave(self, row: Row) -> None:
        for index, value in self._indices(row):
            index.get(value, {}).pop(row.id, None)
