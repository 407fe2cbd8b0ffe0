# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""A transport that answers from a script, for sessions without a network."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.session import Session
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.target import Target
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.transport import Answer
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.wire import Request

ONE = "https://192.0.2.1"
TWO = "https://192.0.2.2"


def says(
    code: int = 0, message: str = "Done", *, status: int = 200, severity: str = "", headers: Any = None, **rest: Any
) -> Answer:
    """A NITRO answer."""
    envelope = {"errorcode": code, "message": message, "severity": severity or ("ERROR" if code else "NONE"), **rest}
    return Answer(status, headers or {}, json.dumps(envelope).encode())


def shows(key: str, rows: Any) -> Answer:
    """The answer to a read: ``rows`` under the kind's name."""
    return says(**dict[str, Any]({key: rows}))


def primary(*, state: str = "Primary") -> Answer:
    return says(hanode=[{"id": "0", "state": state}])


EXPIRED = says(444, "Session expired or killed. Please login again", status=401)
MISSING = says(258, "No such resource [name, web]", status=404)


class Scripted:
    """Answers by ``"<METHOD> <type>"`` or ``"<METHOD> <host> <type>"``; the last of several answers stays.

    Logins succeed and give tokens ``##1``, ``##2`` … unless the script says otherwise. ``seen`` has
    ``"<METHOD> <path after config>"`` of every request, ``tokens`` the cookie of each.
    """

    def __init__(self, script: Mapping[str, Any] | None = None) -> None:
        self.script = {key: list(value) if isinstance(value, list) else [value] for key, value in (script or {}).items()}
        self.seen: list[str] = []
        self.hosts: list[str] = []
        self.headers: list[Mapping[str, str]] = []
        self.bodies: list[Any] = []
        self.closed = False
        self._given = 0

    @property
    def tokens(self) -> list[str]:
        return [headers.get("Cookie", "").rpartition("=")[2] for headers in self.headers]

    def send(self, request: Request, *, base_url: str, headers: Mapping[str, str]) -> Answer:
        path = request.path.partition("/config/")[2]
        host, word = urlsplit(base_url).hostname, path.split("?")[0].split("/")[0]
        self.seen.append(f"{request.method} {path}")
        self.hosts.append(str(host))
        self.headers.append(headers)
        self.bodies.append(request.body)
        for key in (f"{request.method} {host} {word}", f"{request.method} {word}"):
            if key in self.script:
                left = self.script[key]
                found = left.pop(0) if len(left) > 1 else left[0]
                if isinstance(found, Exception):
                    raise found
                assert isinstance(found, Answer)
                return found
        return self._unscripted(word)

    def close(self) -> None:
        self.closed = True

    def _unscripted(self, word: str) -> Answer:
        if word == "login":
            self._given += 1
            return says(status=201, sessionid=f"##{self._given}")
        return says(status=201)


class Store:
    """A token store in memory."""

    def __init__(self, token: str | None = None) -> None:
        self.token = token

    def get(self) -> str | None:
        return self.token

    def put(self, token: str) -> None:
        self.token = token

    def drop(self) -> None:
        self.token = None


class Clock:
    """Time that passes only in ``sleep``."""

    def __init__(self) -> None:
        self.now = 0.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


def session(
    transport: Scripted, clock: Clock | None = None, *, token_store: Any = None, keep: bool = False, **options: Any
) -> Session:
    """A session over the script; dice always fall on the longest pause."""
    clock = clock or Clock()
    given = {"url": ONE, "username": "nsroot", "password": "s3cret", **options}
    target = Target.from_options(given, {})
    return Session(
        target, transport=transport, clock=clock, sleep=clock.sleep, random=lambda: 1.0, token_store=token_store, keep=keep
    )
