# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""The API of one cloud over HTTP: reads requests, strikes with faults, counts, logs, answers."""

from __future__ import annotations

import asyncio
import re
import time
import weakref
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import web

from . import envelope
from .call import Hits
from .cloud import Cloud
from .control import control
from .engine import Answer, Request, execute

API = "/client/api"
KEYS = "/admin.json"  # where the container of Apache's own simulator tells the root admin's keys
_COMPRESS_FROM = 8192  # bytes
_NOT_IN_HEADERS = re.compile("[^ -~]+")
_SECRETS = {
    "password",
    "signature",
    "secretkey",
    "usersecretkey",
    "sessionkey",
    "userdata",
    "privatekey",
    "certificate",
    "presharedkey",
    "ipsecpsk",
}


class Front:
    """Answers every request of one cloud. ``trusted`` asks nobody who they are, as the integration port does."""

    def __init__(self, cloud: Cloud, *, trusted: bool = False) -> None:
        self.cloud, self.trusted = cloud, trusted
        self._seen: weakref.WeakSet[Any] = weakref.WeakSet()

    async def __call__(self, request: web.BaseRequest) -> web.StreamResponse:
        """One request in, one response out; a cut connection where a fault says so."""
        if request.path == KEYS:
            return self._keys()
        if not _is_api(request):
            return await control(self.cloud, request)
        body = await request.read() if request.method == "POST" else b""
        self._count(request, len(body))
        if self.cloud.latency:
            await asyncio.sleep(self.cloud.latency)
        started = time.perf_counter()
        asked = self._read(request, body)
        name = asked.command.name if asked.command is not None else asked.name
        self.cloud.counters.requests[f"{request.method} {name}"] += 1
        is_async = asked.command is not None and asked.command.is_async
        hits = self.cloud.faults.strike(request.method, name, is_async=is_async)
        entry: dict[str, Any] = {"method": request.method, "command": name, "parameters": masked(asked.pairs)}
        if hits:
            entry["faults"] = sorted(hit["named"] for hit in hits.values())
        response = await self._strike(request, asked, hits, entry)
        entry["ms"] = round((time.perf_counter() - started) * 1000, 2)
        self.cloud.record(entry)
        return response

    def _keys(self) -> web.StreamResponse:
        admin = next(iter(self.cloud.store.rows("user")), None)
        if admin is None:
            return web.json_response({"error": "there are no users"}, status=404)
        return web.json_response({name: admin[name] for name in ("id", "account", "username", "apikey", "secretkey")})

    def _read(self, request: web.BaseRequest, body: bytes) -> Request:
        pairs = parse_qsl(request.rel_url.raw_query_string, keep_blank_values=True)
        if body:
            pairs += parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True)
        return Request(pairs, self.trusted, request.method, dict(request.cookies) if "Cookie" in request.headers else {})

    def _count(self, request: web.BaseRequest, size: int) -> None:
        counters = self.cloud.counters
        counters.requests_total += 1
        counters.bytes_in += size + sum(len(name) + len(value) + 4 for name, value in request.raw_headers)
        if request.transport is not None and request.transport not in self._seen:
            self._seen.add(request.transport)
            counters.connections += 1

    async def _strike(self, request: web.BaseRequest, asked: Request, hits: Hits, entry: dict[str, Any]) -> web.StreamResponse:
        if "drop_before" in hits:
            return self._cut(request, entry)
        if seconds := hits.get("unavailable", {}).get("seconds"):
            self.cloud.down_until = self.cloud.clock() + float(seconds)
        if seconds := hits.get("delay", {}).get("seconds"):
            await asyncio.sleep(float(seconds))
        if self.cloud.clock() < self.cloud.down_until:
            return self._page(503, entry)
        if "html" in hits or "bodyless" in hits:
            return (
                self._page(int((hits.get("html") or {"status": 502}).get("status", 502)), entry)
                if "html" in hits
                else (self._plain(int(hits["bodyless"].get("status", 503)), b"", entry))
            )
        if "duplicate" in hits:
            execute(self.cloud, asked, hits)
        answer = execute(self.cloud, asked, hits)
        if "drop_after" in hits:
            entry["errorcode"] = answer.refusal.code if answer.refusal else 0
            return self._cut(request, entry)
        return self._respond(request, answer, hits, entry)

    def _respond(self, request: web.BaseRequest, answer: Answer, hits: Hits, entry: dict[str, Any]) -> web.StreamResponse:
        as_json = answer.as_json and "xml" not in hits
        body = envelope.encode(answer.envelope, answer.members, as_json=as_json)
        if "garble" in hits:
            body = body[: len(body) // 2]
        entry |= {"status": answer.status, "account": answer.caller}
        if answer.refusal is not None:
            self.cloud.counters.errors += 1
            entry |= {"errorcode": answer.refusal.code, "errortext": answer.refusal.text}
        if "jobid" in answer.members and answer.status == 200:
            entry["jobid"] = answer.members["jobid"]
        headers = {"Content-Type": envelope.JSON if as_json else envelope.XML}
        if answer.refusal is not None:  # some clients read only this
            headers["X-Description"] = _NOT_IN_HEADERS.sub("?", answer.refusal.text)[:1000]
        response = web.Response(status=answer.status, body=body, headers=headers)
        for name, value in answer.cookies.items():
            response.set_cookie(name, value, path="/client", httponly=name == "JSESSIONID")
        if len(body) >= _COMPRESS_FROM and "gzip" in request.headers.get("Accept-Encoding", ""):
            response.enable_compression()
        self.cloud.counters.bytes_out += len(body)
        return response

    def _page(self, status: int, entry: dict[str, Any]) -> web.StreamResponse:
        return self._plain(
            status, f"<html><head><title>{status}</title></head><body><h1>{status}</h1></body></html>".encode(), entry
        )

    def _plain(self, status: int, body: bytes, entry: dict[str, Any]) -> web.StreamResponse:
        entry["status"] = status
        self.cloud.counters.bytes_out += len(body)
        return web.Response(status=status, body=body, headers={"Content-Type": "text/html; charset=utf-8"})

    @staticmethod
    def _cut(request: web.BaseRequest, entry: dict[str, Any]) -> web.StreamResponse:
        entry["status"] = 0
        if request.transport is not None:
            request.transport.abort()
        return web.Response(status=500)


def _is_api(request: web.BaseRequest) -> bool:
    """Also at the root, for clients that were given the URL without the path."""
    path = request.path.rstrip("/")
    return path == API or (path == "" and (request.method == "POST" or "command" in request.query))


def masked(pairs: list[tuple[str, str]]) -> dict[str, str]:
    """Parameters for the log: without secrets, the key only to be told apart."""
    shown = {}
    for name, value in pairs:
        if name.lower() in _SECRETS or name.lower().endswith("password"):
            value = "********"
        elif name.lower() == "apikey":
            value = f"{value[:4]}…"
        shown[name] = value if len(value) <= 2000 else f"{value[:2000]}…"
    return {name: value for name, value in shown.items() if name.lower() not in {"command", "response"}}
