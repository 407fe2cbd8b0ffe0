# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""``nitrox simulate``: appliances listening on ports of one process, until told to stop."""

from __future__ import annotations

import asyncio
import json
import signal
import ssl
from collections.abc import Callable
from pathlib import Path
from typing import Any

from aiohttp import web

from .appliance import Appliance
from .behaviour import load
from .certificate import self_signed
from .http import Front

_MAX_HEADER = 65536
_MAX_BODY = 64 * 1024 * 1024  # files of 2 MB, large arrays, whole states
_GRACE = 0.2  # seconds for requests that are being answered when it stops


def _request(message: Any, payload: Any, protocol: Any, writer: Any, task: Any) -> web.BaseRequest:
    loop = asyncio.get_running_loop()
    return web.BaseRequest(message, payload, protocol, writer, task, loop, client_max_size=_MAX_BODY)


class Listener:
    """One appliance on one port. ``port`` 0 takes a free one."""

    def __init__(self, appliance: Appliance, fleet: dict[str, Appliance], *, host: str, port: int, tls: bool) -> None:
        self.appliance, self.host, self.port = appliance, host, port
        self.context = self_signed(host) if tls else None
        appliance.fleet = fleet
        self._front = Front(appliance)
        self._handler: web.Server | None = None
        self._server: asyncio.Server | None = None
        self._pausing: set[asyncio.Task[None]] = set()
        appliance.on_restart = self._refuse_for_a_while

    @property
    def url(self) -> str:
        """Where it listens."""
        scheme = "https" if self.context else "http"
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{scheme}://{host}:{self.port}"

    async def open(self) -> None:
        """Start to listen. Raises OSError when the port is taken."""
        self._handler = web.Server(
            self._front, request_factory=_request, max_field_size=_MAX_HEADER, max_line_size=_MAX_HEADER, access_log=None
        )
        loop = asyncio.get_running_loop()
        context: ssl.SSLContext | None = self.context
        self._server = await loop.create_server(self._handler, self.host, self.port, ssl=context, backlog=1024)
        self.port = self._server.sockets[0].getsockname()[1]
        self.appliance.url = self.url

    async def close(self) -> None:
        """Stop to listen, for good, and cut the connections."""
        for task in self._pausing:
            task.cancel()
        await asyncio.gather(*self._pausing, return_exceptions=True)
        await self._hang_up()

    async def _hang_up(self) -> None:
        server, handler, self._server, self._handler = self._server, self._handler, None, None
        if server is not None:
            server.close()
        if handler is not None:
            await handler.shutdown(_GRACE)

    def _refuse_for_a_while(self, seconds: float) -> None:
        task = asyncio.get_running_loop().create_task(self._pause(seconds))
        self._pausing.add(task)
        task.add_done_callback(self._pausing.discard)

    async def _pause(self, seconds: float) -> None:
        await self._hang_up()
        await asyncio.sleep(seconds)
        await self.open()


def appliances(*, state: dict[str, Any] | None = None, ha: bool = False, latency: float = 0.0, count: int = 1) -> list[Appliance]:
    """A pair, or ``count`` appliances of their own. ``latency`` is seconds."""
    number = 2 if ha else count
    found = [Appliance(name=f"ns{n + 1}", nsip=f"192.0.2.{10 + n}", state=state) for n in range(number)]
    if ha:
        found[0].peer, found[1].peer = found[1], found[0]
        found[1].primary = False
    for appliance in found:
        appliance.latency = latency
    return found


async def listen(found: list[Appliance], *, host: str, port: int, tls: bool = False) -> list[Listener]:
    """Open one listener an appliance: the port and those after it (0: free ones)."""
    load()
    fleet = {appliance.name: appliance for appliance in found}
    listeners = []
    for number, appliance in enumerate(found):
        listener = Listener(appliance, fleet, host=host, port=port + number if port else 0, tls=tls)
        await listener.open()
        listeners.append(listener)
    return listeners


def _say(line: str) -> None:
    """Print at once, also into a pipe."""
    print(line, flush=True)  # noqa: T201


def serve(
    *,
    host: str = "127.0.0.1",
    port: int = 0,
    tls: bool = False,
    state: Path | None = None,
    latency: float = 0.0,
    ha: bool = False,
    announce: Callable[[str], None] = _say,
) -> None:
    """Run until SIGTERM or SIGINT. ``state`` is a JSON file (as `Appliance.load` takes); ``latency`` is milliseconds.

    ``announce`` is called once, with the URL (for a pair: both, primary first). Raises OSError when the port is taken and
    ValueError when the state is no JSON.
    """
    loaded = json.loads(state.read_text(encoding="utf-8")) if state else None
    asyncio.run(_serve(appliances(state=loaded, ha=ha, latency=latency / 1000), host, port, tls, announce))


async def _serve(found: list[Appliance], host: str, port: int, tls: bool, announce: Callable[[str], None]) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    listeners = await listen(found, host=host, port=port, tls=tls)
    announce(" ".join(listener.url for listener in listeners))
    await stop.wait()
    for listener in listeners:
        await listener.close()
