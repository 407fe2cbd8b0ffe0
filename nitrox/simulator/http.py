# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""The management interface of one appliance over HTTP: reads requests, strikes with faults, counts, logs, answers."""

from __future__ import annotations

import asyncio
import math
import time
import weakref
from collections.abc import Mapping
from typing import Any

from aiohttp import web

from . import auth, mutation, reply, traffic
from .appliance import Appliance
from .call import Call, read
from .context import Context
from .control import control
from .engine import Answer, execute
from .refusal import FrontEndRefusal, Refusal

_COMPRESS_FROM = 4096  # bytes
_LOOK = 0.02  # seconds between looks whether a client has hung up


class Front:
    """Answers every request of one appliance."""

    def __init__(self, appliance: Appliance) -> None:
        self.appliance = appliance
        self._seen: weakref.WeakSet[Any] = weakref.WeakSet()

    async def __call__(self, request: web.BaseRequest) -> web.StreamResponse:
        """One request in, one response out; a cut connection where a fault says so."""
        target = request.raw_path
        if not target.startswith("/nitro/"):
            return await control(self, request)
        body = await request.read()
        self._count(request, len(body))
        if self.appliance.latency:
            await asyncio.sleep(self.appliance.latency)
        started = time.perf_counter()
        response, entry = await self._serve(request, target, body)
        entry["ms"] = round((time.perf_counter() - started) * 1000, 2)
        self.appliance.record(entry)
        return response

    def _count(self, request: web.BaseRequest, size: int) -> None:
        counters = self.appliance.counters
        counters.requests_total += 1
        counters.bytes_in += size + sum(len(name) + len(value) + 4 for name, value in request.raw_headers)
        if request.transport is not None and request.transport not in self._seen:
            self._seen.add(request.transport)
            counters.connections += 1

    async def _serve(self, request: web.BaseRequest, target: str, body: bytes) -> tuple[web.StreamResponse, dict[str, Any]]:
        entry: dict[str, Any] = {"method": request.method, "path": target}
        try:
            call = read(request.method, target, request.headers, body)
        except FrontEndRefusal as refusal:
            return self._html(refusal.status, entry), entry
        except Refusal as refusal:
            answer = Answer(refusal.status, {}, refusal.code, refusal.message)
            return self._respond(request, None, answer, [], entry), entry
        kind = call.kind_name.lower()
        self.appliance.counters.requests[f"{request.method} {kind or call.group}"] += 1
        entry |= {"kind": kind, "action": call.action, "body": masked(call.body)}
        hits = {hit["fault"]: hit for hit in self.appliance.faults.strike(request.method, kind, call.action)}
        if hits:
            entry["faults"] = sorted(hits)
        return await self._strike(request, call, hits, entry), entry

    async def _strike(
        self, request: web.BaseRequest, call: Call, hits: dict[str, dict[str, Any]], entry: dict[str, Any]
    ) -> web.StreamResponse:
        appliance = self.appliance
        if "refuse" in hits or "drop_before" in hits or appliance.off:
            if hits.get("refuse", {}).get("seconds") and appliance.on_restart:
                appliance.on_restart(float(hits["refuse"]["seconds"]))
            return self._cut(request, entry)
        self._befall(hits, entry)
        if seconds := hits.get("unavailable", {}).get("seconds"):
            appliance.booting_until = appliance.clock() + float(seconds)
        if seconds := hits.get("delay", {}).get("seconds"):
            await asyncio.sleep(float(seconds))
        if "hang_before" in hits:
            return await self._hang(request, hits["hang_before"], entry)
        refused = hits.get("html") or hits.get("unavailable")
        if refused or appliance.clock() < appliance.booting_until:
            return self._html(int((refused or {}).get("status", 503)), entry)
        answer, cookies = self._answer(call, hits)
        if "duplicate" in hits:
            answer, cookies = self._answer(call, {})
        if "hang_after" in hits:
            entry["errorcode"] = answer.code
            return await self._hang(request, hits["hang_after"], entry)
        if "drop_after" in hits or answer.payload.pop("_cut", False):
            entry["errorcode"] = answer.code
            return self._cut(request, entry)
        return self._respond(request, call, answer, cookies, entry, garble="garble" in hits)

    def _befall(self, hits: dict[str, dict[str, Any]], entry: dict[str, Any]) -> None:
        """What happens to the appliance itself before the request."""
        appliance = self.appliance
        for name, strike in (
            ("expire", appliance.sessions.expire_all),
            ("reboot", appliance.reboot),
            ("fail_over", appliance.fail_over),
            ("empty", appliance.empty),
        ):
            if name in hits:
                strike()
        changes = hits.get("drift", {}).get("change", [])
        try:
            for change in changes if isinstance(changes, list) else [changes]:
                mutation.mutate(appliance, change)
        except (ValueError, LookupError, Refusal) as error:
            entry["drift"] = str(error)

    async def _hang(self, request: web.BaseRequest, fault: dict[str, Any], entry: dict[str, Any]) -> web.StreamResponse:
        """No answer, until the client hangs up or the time is over."""
        until = time.monotonic() + float(fault.get("seconds", math.inf))
        while request.transport is not None and not request.transport.is_closing() and time.monotonic() < until:
            await asyncio.sleep(_LOOK)
        return self._cut(request, entry)

    def _answer(self, call: Call, hits: dict[str, dict[str, Any]]) -> tuple[Answer, list[str]]:
        """Authenticate and run; every refusal becomes an answer."""
        traffic.settle(self.appliance)  # what time alone has ended
        try:
            if (reject := hits.get("reject")) and auth.is_login(call):
                raise _rejected(reject)
            if auth.is_login(call):
                return auth.login(self.appliance, call)
            session, once = auth.authenticate(self.appliance, call)
            try:
                own = auth.about_session(self.appliance, session, call)
                if own is not None:
                    return own, []
                if reject:
                    raise _rejected(reject)
                if not self.appliance.primary:
                    self.appliance.replicate()
                failing = hits.get("fail_item")
                items = {int(failing.get("item", 0)): int(failing.get("errorcode", 1043))} if failing else None
                return execute(Context(self.appliance, session, call), items), []
            finally:
                if once:
                    self.appliance.sessions.close(session, remember=False)
        except Refusal as refusal:
            return Answer(refusal.status, refusal.payload, refusal.code, refusal.message), []

    def _respond(
        self,
        request: web.BaseRequest,
        call: Call | None,
        answer: Answer,
        cookies: list[str],
        entry: dict[str, Any],
        *,
        garble: bool = False,
    ) -> web.StreamResponse:
        extra = reply.warn(answer, wanted=call is not None and call.wants_warnings)
        body = reply.body_of(answer, request.method, done_body=bool(self.appliance.options["done_body"]))
        if garble:
            body = (body or b'{ "errorcode": 0, "message": "Done", "severity": "NONE" }')[: max(1, len(body) // 2)]
        response = web.Response(
            status=answer.status,
            reason=reply.REASONS.get(answer.status),
            body=body,
            headers={**reply.HEADERS, **extra, "Content-Type": reply.JSON},
        )
        for cookie in cookies:
            response.headers.add("Set-Cookie", cookie)
        if request.method == "GET":
            response.headers["Vary"] = "Accept-Encoding"
        if answer.code:
            response.force_close()  # error answers close the connection (PROTOCOL 1.1 [L])
        if len(body) >= _COMPRESS_FROM:
            response.enable_compression()
        entry |= {"status": answer.status, "errorcode": answer.code, "message": answer.message}
        self.appliance.counters.bytes_out += len(body)
        return response

    def _html(self, status: int, entry: dict[str, Any]) -> web.StreamResponse:
        entry["status"] = status
        body = reply.html(status)
        self.appliance.counters.bytes_out += len(body)
        response = web.Response(
            status=status, reason=reply.REASONS.get(status), body=body, headers={"Server": "Apache", "Content-Type": reply.HTML}
        )
        response.force_close()
        return response

    @staticmethod
    def _cut(request: web.BaseRequest, entry: dict[str, Any]) -> web.StreamResponse:
        entry["status"] = 0
        if request.transport is not None:
            request.transport.abort()
        return web.Response(status=500)


def _rejected(fault: Mapping[str, Any]) -> Refusal:
    return Refusal(int(fault.get("errorcode", 1043)), message=fault.get("message"), status=fault.get("status"))


_SECRETS = frozenset(
    [
        "response",
        "password",
        "passplain",
        "filecontent",
        "new_password",
        "radkey",
        "secondarypassword",
        "sessionid",
        "key",
        "secret",
    ]
)


def masked(body: Any) -> Any:
    """A request body for the log, without secrets."""
    if isinstance(body, dict):
        return {
            name: "********" if str(name).lower() in _SECRETS and isinstance(value, str) else masked(value)
            for name, value in body.items()
        }
    return [masked(item) for item in body] if isinstance(body, list) else body
