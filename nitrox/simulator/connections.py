# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Client connections that a test opens through virtual servers: which are open, which finished, which were dropped by what.

This is only the ledger; who gets a connection and what cuts it is in `traffic`. Connections that were opened together through
the same path are one `Batch`, so that the cost is by path and not by connection. Times are the appliance's clock.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

MEMBER, SERVICE = "servicegroup", "service"
Key = tuple[str, ...]


def endpoint(row: Mapping[str, Any]) -> Key:
    """What identifies a group's member, or a service, given its stored row."""
    if "servicegroupname" in row:
        return MEMBER, str(row["servicegroupname"]), *(str(row.get(part, "")) for part in ("servername", "ip", "port"))
    return SERVICE, str(row.get("name"))


def label(parts: Key) -> str:
    """A member as statistics name it, ``group?server?port`` (PROTOCOL 20 #20 [C:2]); a service by its name."""
    return f"{parts[1]}?{parts[2] or parts[3]}?{parts[4] or 0}" if parts[0] == MEMBER else parts[1]


@dataclass(eq=False)
class Batch:
    """``count`` open connections. ``front`` is the virtual server that the clients know; ``path`` are those that must stay
    in service, the last of them has the endpoint bound. ``leaving`` is the request that lets the endpoint go."""

    partition: str
    front: Key
    path: tuple[Key, ...]
    endpoint: Key
    count: int
    until: float | None = None
    leaving: dict[str, Any] = field(default_factory=dict)

    def lives(self, now: float) -> bool:
        """Have its clients not finished yet?"""
        return self.until is None or self.until > now


@dataclass
class Tally:
    """What became of the connections of one virtual server to one endpoint."""

    open: int = 0
    finished: int = 0
    dropped: int = 0


class Connections:
    """The ledger of one appliance."""

    def __init__(self) -> None:
        self._batches: dict[Batch, None] = {}
        self._filed: dict[Key, dict[Batch, None]] = {}
        self.tallies: dict[tuple[str, Key, Key], Tally] = {}
        self.drops: list[dict[str, Any]] = []
        self.refused = 0
        self.due = math.inf  # nothing ends by itself before
        self.used = False  # was ever a connection opened? Until then traffic is imagined (see `statistics`)

    def __len__(self) -> int:
        return len(self._batches)

    def __iter__(self) -> Iterator[Batch]:
        return iter(list(self._batches))

    def open(self, batch: Batch) -> None:
        """Add connections."""
        self.used = True
        self.due = min(self.due, math.inf if batch.until is None else batch.until)
        self._batches[batch] = None
        for key in _keys(batch):
            self._filed.setdefault(key, {})[batch] = None
        self._tally(batch).open += batch.count

    def finish(self, batch: Batch, count: int | None = None) -> int:
        """The clients of a batch, or so many of them, are done. Returns how many."""
        return self._take(batch, count, "finished")

    def drop(self, batch: Batch, *, why: str, request: Mapping[str, Any], at: float) -> None:
        """All of a batch were cut."""
        count = self._take(batch, None, "dropped")
        shown = {"vserver": batch.front[1], "member": label(batch.endpoint), "count": count, "why": why, "time": round(at, 3)}
        self.drops.append({"partition": batch.partition, **shown, **request})

    def take_over(self, other: Connections, batch: Batch) -> None:
        """A batch of the other node of a pair goes on here."""
        other._tally(batch).open -= batch.count
        other._forget(batch)
        self.open(batch)

    def _take(self, batch: Batch, count: int | None, what: str) -> int:
        taken = batch.count if count is None else min(count, batch.count)
        tally = self._tally(batch)
        tally.open -= taken
        setattr(tally, what, getattr(tally, what) + taken)
        batch.count -= taken
        if not batch.count:
            self._forget(batch)
        return taken

    def _forget(self, batch: Batch) -> None:
        del self._batches[batch]
        for key in _keys(batch):
            self._filed[key].pop(batch, None)

    def _tally(self, batch: Batch) -> Tally:
        return self.tallies.setdefault((batch.partition, batch.front, batch.endpoint), Tally())

    def at(self, partition: str, parts: Key, now: float) -> int:
        """How many are open to an endpoint, or through an object named by kind and name."""
        return sum(one.count for one in self._filed.get(_folded((partition, *parts)), ()) if one.lives(now))

    def renamed(self, partition: str, kind: str, old: str, new: str) -> None:
        """Connections follow an object to its new name."""

        def follow(parts: Key) -> Key:
            place = 2 if kind == "server" and parts[0] == MEMBER else 1 if parts[0] == kind else 0
            return (*parts[:place], new, *parts[place + 1 :]) if place and parts[place].lower() == old.lower() else parts

        for batch in self._batches:
            if batch.partition == partition:
                batch.front, batch.endpoint = follow(batch.front), follow(batch.endpoint)
                batch.path = tuple(follow(one) for one in batch.path)
        self._filed.clear()
        for batch in self._batches:
            for key in _keys(batch):
                self._filed.setdefault(key, {})[batch] = None
        self.tallies = {
            (where, follow(front), follow(end)) if where == partition else (where, front, end): tally
            for (where, front, end), tally in self.tallies.items()
        }


def _keys(batch: Batch) -> set[Key]:
    """Where a batch is filed: under its endpoint, and under each object that it goes through."""
    objects = (part[:2] for part in (batch.front, batch.endpoint, *batch.path))
    return {_folded((batch.partition, *parts)) for parts in (batch.endpoint, *objects)}


def _folded(parts: Key) -> Key:
    return tuple(part.lower() for part in parts)
