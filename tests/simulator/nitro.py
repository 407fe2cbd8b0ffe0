# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""A bare NITRO caller for tests of the simulator: it shares no code with the project's client."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

import requests

CONFIG = "/nitro/v1/config/"


class Reply(NamedTuple):
    """What came back; ``body`` is {} where the answer is empty."""

    status: int
    reason: str
    body: dict[str, Any]
    headers: Any
    text: str

    @property
    def errorcode(self) -> int:
        return int(self.body.get("errorcode", 0))

    @property
    def message(self) -> str:
        return str(self.body.get("message", ""))


class Nitro:
    """Sends requests exactly as written: paths are not tidied."""

    def __init__(self, url: str, *, login: bool = True) -> None:
        self.url, self.token = url, ""
        if login:
            self.token = self.post("login", {"login": {"username": "nsroot", "password": "nsroot"}}, auth=False).body["sessionid"]

    def send(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        auth: bool = True,
        headers: dict[str, str] | None = None,
        raw: str | None = None,
    ) -> Reply:
        sent = {"Content-Type": "application/json", **(headers or {})}
        if auth:
            sent["Cookie"] = f"NITRO_AUTH_TOKEN={self.token}"
        data = raw if raw is not None else None if body is None else json.dumps(body)
        request = requests.Request(method, "http://unused", data=data, headers=sent).prepare()
        request.url = self.url + (path if path.startswith("/") else CONFIG + path)
        with requests.Session() as session:
            session.trust_env = False
            answer = session.send(request, timeout=20, verify=False)
        is_json = "json" in answer.headers.get("Content-Type", "") and answer.text
        return Reply(answer.status_code, answer.reason, answer.json() if is_json else {}, answer.raw.headers, answer.text)

    def get(self, path: str, **options: Any) -> Reply:
        return self.send("GET", path, **options)

    def post(self, path: str, body: Any = None, **options: Any) -> Reply:
        return self.send("POST", path, body, **options)

    def put(self, path: str, body: Any = None, **options: Any) -> Reply:
        return self.send("PUT", path, body, **options)

    def delete(self, path: str, **options: Any) -> Reply:
        return self.send("DELETE", path, **options)

    def add(self, kind: str, **values: Any) -> Reply:
        """POST one object; must succeed."""
        answer = self.post(kind, {kind: values})
        assert answer.status in (200, 201), f"{kind} {values}: {answer.status} {answer.text}"
        return answer

    def bind(self, kind: str, **values: Any) -> Reply:
        """PUT one binding; must succeed."""
        answer = self.put(kind, {kind: values})
        assert answer.status in (200, 201), f"{kind} {values}: {answer.status} {answer.text}"
        return answer

    def rows(self, path: str) -> list[dict[str, Any]]:
        """GET, must succeed; the rows of the first key that is no part of the envelope."""
        answer = self.get(path)
        assert answer.status == 200, f"GET {path}: {answer.status} {answer.text}"
        found = [value for key, value in answer.body.items() if key not in ("errorcode", "message", "severity")]
        return list(found[0]) if found and isinstance(found[0], list) else found
