# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""One client: reads are repeated and paged, writes are sent once and say honestly what is known of them."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import Any

from .errors import AnswerLost, Busy, CloudError, Refused, Unreachable
from .signature import encoded, signed, spelt

try:
    import requests
except ImportError:  # the front reports it, in its user's words
    requests = None  # type: ignore[assignment]

PAGE = 500
VALID = timedelta(minutes=10)
BUSY = {429, 503}
DENIED = 401


@dataclass(frozen=True)
class Account:
    """Where the API is and who asks. Without a key nothing is signed, as the integration port wants it."""

    url: str
    key: str | None = field(default=None, repr=False)
    secret: str | None = field(default=None, repr=False)
    verify: bool | str = True
    timeout: float = 60.0


class Client:
    """Calls of one account. ``counts`` has how often each command was sent. Wants only ``clock`` and ``sleep`` to wait, and tells
    ``progress`` why it does."""

    def __init__(
        self,
        account: Account,
        *,
        patience: float = 120.0,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        progress: Callable[[str], object] = str,
    ) -> None:
        self.account, self.patience, self.clock, self.sleep = account, patience, clock, sleep
        self.progress = progress
        self.counts: Counter[str] = Counter()
        self.page_size = PAGE
        self._http = requests.Session()
        self._http.trust_env = False

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def read(self, command: str, **parameters: Any) -> dict[str, Any]:
        """The answer to a call that changes nothing, repeated for ``patience`` seconds. Raises `Unreachable`, `Refused`."""
        until, pause = self.clock() + self.patience, 1.0
        while True:
            try:
                return self._send(command, parameters)
            except (AnswerLost, Busy, Unreachable) as error:
                if self.clock() + pause > until:
                    raise Unreachable(f"{command}: {self.account.url} gives no usable answer: {error}") from error
                self.progress(f"{command}: {error}; it is asked again in {pause:.0f} seconds")
            self.sleep(pause)
            pause = min(pause * 2, 15.0)

    def list(self, command: str, item: str, **parameters: Any) -> list[dict[str, Any]]:
        """All rows of a list, page by page, each once. Ends with the first page that has nothing new, whatever the count says."""
        rows: dict[str, dict[str, Any]] = {}
        page = 1
        while True:
            answer = self._page(command, page, parameters)
            found = answer.get(item) or []
            fresh = {_identity(row): row for row in found if _identity(row) not in rows}
            rows.update(fresh)
            if not fresh or len(rows) >= int(answer.get("count", 0)):
                return list(rows.values())
            page += 1

    def _page(self, command: str, page: int, parameters: dict[str, Any]) -> dict[str, Any]:
        """One page. A cloud whose pages are smaller than ours refuses the size with 431: ask for smaller ones."""
        while True:
            try:
                return self.read(command, page=page, pagesize=self.page_size, **parameters)
            except Refused as error:
                if error.code != 431 or "page" not in error.text.lower() or self.page_size <= 20:
                    raise
                self.page_size = max(20, self.page_size // 5)

    def write(self, command: str, **parameters: Any) -> dict[str, Any]:
        """Send a call that changes something, once. Raises `Refused`, `Busy`, `Unreachable` (not sent) and `AnswerLost`."""
        return self._send(command, parameters)

    def _send(self, command: str, parameters: dict[str, Any]) -> dict[str, Any]:
        self.counts[command] += 1
        try:
            answer = self._http.post(
                self.account.url,
                data=self._body(command, parameters),
                headers={"Content-Type": "application/x-www-form-urlencoded"},
                timeout=(min(10.0, self.account.timeout), self.account.timeout),
                verify=self.account.verify,
                allow_redirects=False,
            )
        except requests.exceptions.SSLError as error:
            raise CloudError(f"{self.account.url}: the certificate is not accepted: {error}") from None
        except (requests.exceptions.ConnectTimeout, requests.exceptions.MissingSchema, requests.exceptions.InvalidURL) as error:
            raise Unreachable(f"no connection ({type(error).__name__})") from None
        except requests.exceptions.RequestException as error:
            refused = "NewConnectionError" in str(error)
            raise (Unreachable if refused else AnswerLost)(f"the connection failed ({type(error).__name__})") from None
        return _members(command, answer)

    def _body(self, command: str, parameters: dict[str, Any]) -> str:
        fields = {"command": command, "response": "json", **spelt(parameters)}
        if self.account.key is None or self.account.secret is None:
            return encoded(fields)
        expires = (datetime.now(timezone.utc) + VALID).strftime("%Y-%m-%dT%H:%M:%S+0000")
        return signed({**fields, "apiKey": self.account.key, "signatureVersion": "3", "expires": expires}, self.account.secret)


def _identity(row: dict[str, Any]) -> str:
    return str(row.get("id") or row.get("name"))


def _members(command: str, answer: Any) -> dict[str, Any]:
    """The members of an answer; whatever is no answer of CloudStack's is a lost one, as nobody knows what was done."""
    try:
        (members,) = answer.json().values()
        members = dict(members)
    except (ValueError, TypeError, AttributeError):
        if answer.status_code in BUSY:
            raise Busy(f"HTTP {answer.status_code}") from None
        raise AnswerLost(f"HTTP {answer.status_code} without an answer of CloudStack's") from None
    if "errorcode" not in members and answer.status_code < 400:
        return members
    code, text = int(members.get("errorcode", answer.status_code)), str(members.get("errortext", "no reason given"))
    if code in BUSY:
        raise Busy(f"HTTP {code}: {text}")
    raise Refused(command, code, text)
