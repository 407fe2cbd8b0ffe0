# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Sessions of the management plane: log in, idle expiry, kill, limits (PROTOCOL 2)."""

from __future__ import annotations

import itertools
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import unquote

from .refusal import Refusal

IDLE = 1800.0  # seconds without restrictedtimeout (PROTOCOL 2.3 [D])
LIMIT = 40  # systemparameter.maxclient on current builds (PROTOCOL 2.5 [D])


@dataclass
class Session:
    """A logged-in user."""

    token: str
    sid: int
    username: str
    timeout: float
    opened: float
    used: float
    partition: str = "default"
    client: str = ""
    challenge: str = ""  # the response that completes the login


class Sessions:
    """All sessions of an appliance. Expired ones are remembered so that 444 and 1027 differ (PROTOCOL 2.4)."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._open: dict[str, Session] = {}
        self._ended: set[str] = set()
        self._numbers = itertools.count(1)
        self.limit = LIMIT

    def __iter__(self) -> Iterator[Session]:
        return iter(list(self._open.values()))

    def open(self, username: str, timeout: float | None, client: str = "") -> Session:
        """Start a session. Refused with 445 when all slots are taken."""
        self._expire()
        if len(self._open) >= self.limit:
            raise Refusal(445)
        now = self._clock()
        token = "##" + secrets.token_hex(48).upper()
        session = Session(token, next(self._numbers), username, timeout or IDLE, now, now, client=client)
        self._open[token] = session
        return session

    def find(self, token: str) -> Session:
        """The session of a token, raw or percent-encoded once (PROTOCOL 2.2). Refused with 444 or 1027."""
        token = unquote(token)
        self._expire()
        session = self._open.get(token)
        if session is None:
            raise Refusal(444 if token in self._ended else 1027)
        session.used = self._clock()
        return session

    def close(self, session: Session, *, remember: bool = True) -> None:
        """Log out, or kill."""
        self._open.pop(session.token, None)
        if remember:
            self._ended.add(session.token)

    def expire_all(self) -> None:
        """Every session ends as if it had been idle for too long."""
        for session in self:
            self.close(session)

    def _expire(self) -> None:
        now = self._clock()
        for session in self:
            if now - session.used > session.timeout:
                self.close(session)
