# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Reads that are remembered for one operation of the engine: the first few objects of a kind by name, then all of them at once.

It answers what `observe` asks a session. What was read stays as it was read; who writes must not ask here for the same
object again (`appliance.Appliance.reader`).
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Collection, Iterable

from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.errors import Rejected
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.kind import Kind, Values
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.observation import Absent, Observation, Present, Row, Unknown
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.session import FEW, Session

AGE = 30.0  # seconds; a long operation looks again, since others work on the appliance, too


class Seen(Session):
    """Remembers the reads of ``session``. Safe for several threads; failures are not remembered."""

    def __init__(self, session: Session, clock: Callable[[], float] = time.monotonic) -> None:
        self._session, self._now = session, clock
        self._lock = threading.Lock()
        self._kinds: dict[str, _Kind] = {}

    def read(self, kind: Kind, key: Values) -> Observation:
        """See `Session.read`."""
        memory = self._of(kind)
        with memory.lock:
            identity = kind.identity(key)
            known = memory.named.get(identity)
            if known is not None:
                return known
            if memory.all is None and (len(memory.named) < FEW or kind.by_name or "get_all" not in kind.operations):
                found = self._session.read(kind, key)
                if not isinstance(found, Unknown):
                    memory.named[identity] = found
                return found
            row = self._index(kind, memory).get(identity)
        return Absent() if row is None else Present(row)

    def read_all(
        self,
        kind: Kind,
        *,
        args: Values | None = None,
        filter: Values | None = None,  # noqa: A002  # NITRO's own word
        attrs: Iterable[str] = (),
    ) -> list[Row]:
        """See `Session.read_all`."""
        if args or filter or attrs:
            return self._session.read_all(kind, args=args, filter=filter, attrs=attrs)
        memory = self._of(kind)
        with memory.lock:
            self._index(kind, memory)
            return list(memory.all or ())

    def read_bindings(self, kind: Kind, parents: Collection[str] | None) -> dict[str, list[Row]]:
        """See `Session.read_bindings`."""
        if kind.url_key is None or parents is None:
            return {"": self.read_all(kind)} if kind.url_key is None else self._session.read_bindings(kind, parents)
        memory = self._of(kind)
        with memory.lock:
            wanted = [parent for parent in parents if parent not in memory.rows]
            if wanted and memory.bulk and len(memory.rows) + len(wanted) > FEW and "get_all" in kind.operations:
                self._read_every(kind, memory)
            if memory.every is not None:
                memory.rows.update({parent: memory.every.get(parent, []) for parent in wanted})
            elif wanted:
                memory.rows.update(self._session.read_bindings(kind, wanted))
            return {parent: memory.rows[parent] for parent in parents}

    def _read_every(self, kind: Kind, memory: _Kind) -> None:
        try:
            memory.every = memory.every if memory.every is not None else self._session.read_bindings(kind, None)
        except Rejected as error:
            if error.__class__ is not Rejected:
                raise
            memory.bulk = False  # older than 11.1: it has no bulk reads

    def _index(self, kind: Kind, memory: _Kind) -> dict[tuple[str, ...], Row]:
        if memory.all is None:
            memory.all = self._session.read_all(kind)
            memory.index = {identity: row for row in memory.all for identity in kind.identities(row)}
        return memory.index

    def _of(self, kind: Kind) -> _Kind:
        with self._lock:
            known = self._kinds.get(kind.name)
            if known is None or self._now() - known.since > AGE:
                known = self._kinds[kind.name] = _Kind(self._now())
            return known


class _Kind:
    """What was read of one kind: objects by identity, or all of them; rows by parent, or of all parents."""

    def __init__(self, since: float) -> None:
        self.since = since
        self.lock = threading.Lock()
        self.named: dict[tuple[str, ...], Observation] = {}
        self.all: list[Row] | None = None
        self.index: dict[tuple[str, ...], Row] = {}
        self.rows: dict[str, list[Row]] = {}
        self.every: dict[str, list[Row]] | None = None
        self.bulk = True
