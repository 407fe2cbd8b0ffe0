# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""The one file that touches the network: it sends a request and brings the answer, and knows whether anything was sent.

What broke before the first byte of a request was written (name resolution, refusal, TLS, a connect timeout) is `Unreachable`.
What broke later is `OutcomeUnknown`. Nothing is repeated here, no redirect is followed and no environment is read.
"""

from __future__ import annotations

import json
import re
import threading
import time
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from .errors import OutcomeUnknown, Unreachable
from .wire import Request

if TYPE_CHECKING:
    import requests

IDLE = 3.0  # seconds; web servers close idle connections after five or more, and a write must not meet that moment
_progress = threading.local()


@dataclass(frozen=True)
class Answer:
    """What came back. ``headers`` can be asked in any case."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


class _Watched:
    """Mixed into a connection class: notes when the first byte of a request is about to be written.

    Errors of the HTTP libraries do not tell a failed handshake from an answer that did not come; this does.
    """

    def connect(self) -> None:
        self._connecting = True  # a CONNECT to a proxy is not the request
        try:
            super().connect()  # type: ignore[misc]  # of the connection class that this is mixed into
        finally:
            self._connecting = False

    def send(self, data: Any) -> None:
        if getattr(self, "sock", None) is None:
            self.connect()
        if not self._connecting:
            _progress.sent = True
        super().send(data)  # type: ignore[misc]  # of the connection class that this is mixed into


class Transport:
    """Sends over kept-alive connections, one for each thread.

    ``verify`` is True, False or the path of a CA file or folder. ``timeout`` is for the silence while reading, and at most
    ten seconds of it for connecting. ``proxies`` maps URL schemes to proxies, ``no_proxy`` to exceptions.
    """

    def __init__(
        self,
        *,
        verify: bool | str = True,
        timeout: float = 30.0,
        proxies: Mapping[str, str] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._verify, self._timeout = verify, (min(timeout, 10.0), timeout)
        self._proxies, self._clock = dict(proxies or {}), clock
        self._mine = threading.local()
        self._lock = threading.Lock()
        self._all: list[requests.Session] = []

    def send(self, request: Request, *, base_url: str, headers: Mapping[str, str]) -> Answer:
        """Send and wait. Raises `Unreachable` or `OutcomeUnknown`; every answer that came whole is returned."""
        import requests

        http = self._http()
        _progress.sent = False
        try:
            prepared = _prepared(request, base_url, headers)
            response = http.send(
                prepared,
                verify=self._verify,
                timeout=self._timeout,
                proxies=self._proxies_for(prepared.url or base_url),
                allow_redirects=False,
            )
            answer = _whole(response)
        except (requests.RequestException, OSError) as error:
            http.close()
            raise _failure(request, base_url, error) from error
        self._mine.used = self._clock()
        return answer

    def close(self) -> None:
        """Close every connection."""
        with self._lock:
            for http in self._all:
                http.close()

    def _http(self) -> requests.Session:
        http: requests.Session | None = getattr(self._mine, "http", None)
        if http is None:
            http = self._mine.http = _opened()
            with self._lock:
                self._all.append(http)
            if self._verify is False:
                warnings.filterwarnings("ignore", message="Unverified HTTPS request")  # it was asked for
        elif self._clock() - self._mine.used > IDLE:
            http.close()  # the pools stay usable and connect anew
        self._mine.used = self._clock()
        return http

    def _proxies_for(self, url: str) -> dict[str, str]:
        from requests.utils import should_bypass_proxies

        if not self._proxies or should_bypass_proxies(url, no_proxy=self._proxies.get("no_proxy", "")):
            return {}
        return {scheme: proxy for scheme, proxy in self._proxies.items() if scheme != "no_proxy"}


def _opened() -> requests.Session:
    import requests
    from requests.adapters import HTTPAdapter

    class Adapter(HTTPAdapter):
        """Pools whose connections are watched; direct ones and those through a proxy."""

        def init_poolmanager(self, *args: Any, **options: Any) -> None:
            super().init_poolmanager(*args, **options)
            _watch(self.poolmanager)

        def proxy_manager_for(self, *args: Any, **options: Any) -> Any:
            manager = super().proxy_manager_for(*args, **options)
            _watch(manager)
            return manager

    http = requests.Session()
    http.trust_env = False
    for scheme in ("http://", "https://"):
        http.mount(scheme, Adapter(pool_connections=4, pool_maxsize=1, max_retries=0))
    return http


def _watch(manager: Any) -> None:
    watched = {}
    for scheme, pool in manager.pool_classes_by_scheme.items():
        if issubclass(pool.ConnectionCls, _Watched):
            return
        connection = type(pool.ConnectionCls.__name__, (_Watched, pool.ConnectionCls), {"_connecting": False})
        watched[scheme] = type(pool.__name__, (pool,), {"ConnectionCls": connection})
    manager.pool_classes_by_scheme = watched


def _prepared(request: Request, base_url: str, headers: Mapping[str, str]) -> requests.PreparedRequest:
    import requests

    sent = {"Accept": "application/json", "Accept-Encoding": "gzip, deflate", "User-Agent": "nitrox", **headers}
    body = None
    if request.body is not None:
        body = json.dumps(request.body, separators=(",", ":")).encode()
        sent["Content-Type"] = "application/json"
    return requests.Request(request.method, base_url + request.path, data=body, headers={**sent, **request.headers}).prepare()


def _whole(response: requests.Response) -> Answer:
    """The answer, if all of it came. Libraries take headers that break off for all headers, older ones also half a body for
    a whole one; and an empty answer is what a successful write gets."""
    import requests

    body = response.content
    announced = response.headers.get("Content-Length", "")
    if announced.isdigit() and response.raw.tell() < int(announced):
        raise requests.ConnectionError(f"the answer was cut off after {response.raw.tell()} of {announced} bytes")
    ends = announced or response.headers.get("Transfer-Encoding") or response.status_code in (204, 304)
    if not body and not ends:
        raise requests.ConnectionError("the answer was cut off in its headers")
    return Answer(response.status_code, response.headers, body)


def _failure(request: Request, base_url: str, error: Exception) -> Unreachable | OutcomeUnknown:
    reason = _reason(error)
    if not _progress.sent:
        return Unreachable(f"{request.subject}: cannot reach {base_url}, nothing was sent: {reason}")
    return OutcomeUnknown(f"{request.subject}: sent to {base_url}, but no whole answer came: {reason}")


def _reason(error: BaseException) -> str:
    """The innermost cause, in its own words: libraries wrap it in up to four others."""
    seen = error
    while True:
        inner = getattr(seen, "reason", None) or next((a for a in seen.args[::-1] if isinstance(a, BaseException)), None)
        if not isinstance(inner, BaseException) or inner is seen:
            break
        seen = inner
    words = re.sub(r"^(?:\w+\([^)]*\)|<[^>]*>): ", "", str(seen))
    return words or type(seen).__name__
