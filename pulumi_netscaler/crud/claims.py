# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Which resource of the program an object belongs to, so that a deletion never takes a live object from another resource.

The engine creates first and deletes last. Where a resource got another logical name, its new self takes over the object and its
old self is deleted after that: the object has to stay. All checks and diffs of one operation come to one process, without any
network: a check says who wants an object, a diff says who had it.
"""

from __future__ import annotations

import threading

Identity = tuple[str, tuple[str, ...]]  # kind, key


class Claims:
    """Of one appliance in one operation. Safe for several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._wanted: dict[Identity, str] = {}
        self._had: dict[Identity, str] = {}
        self._taken: set[Identity] = set()

    def want(self, identity: Identity, name: str) -> str:
        """The resource called ``name`` is to have this object. Returns the name of another one that wants it too, or ""."""
        with self._lock:
            other = self._wanted.setdefault(identity, name)
            return "" if other == name else other

    def had(self, identity: Identity, name: str) -> None:
        """The resource now called ``name`` has this object in its state."""
        with self._lock:
            self._had[identity] = name

    def take(self, identity: Identity) -> None:
        """The resource that wants this object has it now."""
        with self._lock:
            self._taken.add(identity)

    def other(self, identity: Identity, name: str) -> str:
        """Which resource other than the one called ``name`` wants this object; "" where none does."""
        with self._lock:
            claimant = self._wanted.get(identity, name)
            return "" if claimant == name else claimant

    def taken_from(self, identity: Identity) -> str:
        """Who has taken over, or will keep, an object that is to be deleted; "" where it may go.

        What was created or taken over in this very operation stays. Before that a resource may delete its own object (to
        create it again), and one that moves on may do so before the next one comes.
        """
        with self._lock:
            claimant = self._wanted.get(identity, "")
            return claimant if identity in self._taken or identity not in self._had else ""
