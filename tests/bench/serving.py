# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""How fast the simulator answers, beside a bare aiohttp server that sends as many bytes."""

from __future__ import annotations

import http.client
import json
import time
from collections.abc import Iterator

from .load import BARE, requests_per_second, server, simulator
from .table import Figure


def _call(host: str, port: int, method: str, path: str, body: object = None, token: str = "") -> tuple[bytes, float]:
    connection = http.client.HTTPConnection(host, port)
    headers = {"Content-Type": "application/json", "Cookie": f"NITRO_AUTH_TOKEN={token}"}
    data = None if body is None else json.dumps(body)
    started = time.perf_counter()
    connection.request(method, f"/nitro/v1/config/{path}", data, headers)
    answer = connection.getresponse()
    content = answer.read()
    assert answer.status in (200, 201), content[:300]
    connection.close()
    return content, time.perf_counter() - started


def figures() -> Iterator[Figure]:
    """Single GETs a second, a 1,000-item array body, a collection of 2,000."""
    with server(*simulator()) as (host, port):
        login = {"login": {"username": "nsroot", "password": "nsroot"}}
        token = json.loads(_call(host, port, "POST", "login", login)[0])["sessionid"]
        _call(host, port, "POST", "lbvserver", {"lbvserver": {"name": "web", "servicetype": "HTTP"}}, token)
        size = len(_call(host, port, "GET", "lbvserver/web", token=token)[0])
        line = f"GET /nitro/v1/config/lbvserver/web HTTP/1.1\r\nHost: {host}\r\nCookie: NITRO_AUTH_TOKEN={token}\r\n\r\n".encode()
        requests_per_second(host, port, line, 400)
        rate = requests_per_second(host, port, line)
        with server("-c", BARE, str(size)) as bare:
            requests_per_second(*bare, line, 400)
            yield Figure(
                "simulator: single GETs of an lbvserver",
                rate,
                "/s",
                1500,
                at_least=True,
                baseline=("bare aiohttp", requests_per_second(*bare, line)),
            )
        rows = [{"name": f"v{n}", "servicetype": "HTTP"} for n in range(1000)]
        one_by_one = sum(
            _call(host, port, "POST", "lbvserver", {"lbvserver": {**row, "name": "s" + row["name"]}}, token)[1] for row in rows
        )
        _answer, seconds = _call(host, port, "POST", "lbvserver", {"lbvserver": rows}, token)
        yield Figure("simulator: array body of 1,000 lbvservers", seconds, "s", 0.5, baseline=("one by one", one_by_one))
        content, seconds = _call(host, port, "GET", "lbvserver", token=token)
        yield Figure(f"simulator: GET of 2,001 lbvservers ({len(content) / 1e6:.1f} MB)", seconds, "s")
