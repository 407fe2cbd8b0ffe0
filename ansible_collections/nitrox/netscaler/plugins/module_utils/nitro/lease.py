# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""One writer at a time for each owner, told by the appliance itself.

An empty string map ``nitrox_lease_<owner>`` is the lease: of two that create it one is told that it exists already. Its
comment says who holds it and until when. A holder that died is waited for until then; one that works renews it.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from typing import Any

from . import catalogue, wire
from .errors import AlreadyExists, Contended, NitroError, NotFound, OutcomeUnknown
from .observation import Present, Unknown
from .register import MAP
from .session import Session

PREFIX = "nitrox_lease_"
TERM = 120.0  # seconds for which a lease is given
SETTLES = 2.0  # seconds after the removal of an expired lease
PAUSE = 0.5
ATTEMPTS = 120  # a minute or more: longer than most applies


class Lease:
    """The right to change what ``owner`` has. A context manager; `renew` is called while the work goes on.

    Entering raises `Contended` when somebody else held it for too long, and the error of the appliance where it said no.
    ``now`` is the time of day in seconds, the same on all controllers within a few seconds.
    """

    def __init__(
        self,
        session: Session,
        owner: str,
        *,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._session, self._name, self._owner, self._now = session, PREFIX + owner, owner, now
        self._token = os.urandom(4).hex()
        self._until = 0.0

    def __enter__(self) -> Lease:
        holder = comment = ""
        for _attempt in range(ATTEMPTS):
            if not comment and self._made():
                return self
            comment = self._comment()
            if comment.startswith(self._token):
                return self
            holder, until = _read(comment)
            if comment and until < self._now():
                self._delete()
                comment = ""
                self._session.pause(SETTLES)  # whoever saw the old lease, too, has removed it by then, and no new one
            else:
                self._session.pause(PAUSE)
        raise Contended(f"owner {self._owner}: {holder} is changing its objects at the moment, nothing was done; try again later")

    def __exit__(self, *unused: object) -> None:
        try:
            if self._comment().startswith(self._token):  # after a restart somebody else may have it
                self._delete()
        except NitroError:
            return  # it ends by itself

    def renew(self) -> None:
        """Hold it for another term, when half of this one is over. What goes wrong here shows in the next write, too."""
        if self._until - self._now() > TERM / 2:
            return
        try:
            self._session.send(wire.update(catalogue.kind(MAP), self._row()))
        except NitroError:
            return

    def _made(self) -> bool:
        """False where somebody has it, or that is not known."""
        try:
            self._session.send(wire.add(catalogue.kind(MAP), self._row()))
        except (AlreadyExists, OutcomeUnknown):
            return False
        return True

    def _comment(self) -> str:
        seen = self._session.read(catalogue.kind(MAP), {"name": self._name})
        if isinstance(seen, Unknown):
            raise seen.error
        return str(seen.values.get("comment") or "?") if isinstance(seen, Present) else ""

    def _delete(self) -> None:
        try:
            self._session.send(wire.delete(catalogue.kind(MAP), {"name": self._name}))
        except (NotFound, OutcomeUnknown):
            return

    def _row(self) -> dict[str, Any]:
        self._until = self._now() + TERM
        from socket import gethostname  # takes as long to load as a third of the core

        who = f"{gethostname()} process {os.getpid()}"
        return {"name": self._name, "comment": f"{self._token} until {self._until:.0f} {who}"}


def _read(comment: str) -> tuple[str, float]:
    """Who holds it, and until when. What is no lease has expired."""
    _token, _space, rest = comment.partition(" until ")
    until, _space, holder = rest.partition(" ")
    return holder or comment, float(until) if until.isdigit() else 0.0
