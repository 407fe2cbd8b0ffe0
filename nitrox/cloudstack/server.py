# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""``nitrox simulate cloudstack``: a cloud that listens, until told to stop."""

from __future__ import annotations

import asyncio
import json
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

from aiohttp import web

from . import behaviour
from .cloud import Cloud
from .http import Front
from .machines import Machines, Memory

_MAX_HEADER = 65536  # Jetty's limit for a request line with its headers is smaller; user data beyond it goes by POST
_MAX_BODY = 64 * 1024 * 1024
_GRACE = 0.2  # seconds for requests that are being answered when it stops


def _request(message: Any, payload: Any, protocol: Any, writer: Any, task: Any) -> web.BaseRequest:
    loop = asyncio.get_running_loop()
    return web.BaseRequest(message, payload, protocol, writer, task, loop, client_max_size=_MAX_BODY)


class Listener:
    """One cloud on one port. ``port`` 0 takes a free one; ``trusted`` asks for no key and no signature."""

    def __init__(self, cloud: Cloud, *, host: str, port: int, trusted: bool = False, tls: bool = False) -> None:
        self.cloud, self.host, self.port, self.tls = cloud, host, port, tls
        self._front = Front(cloud, trusted=trusted)
        self._handler: web.Server | None = None
        self._servers: list[asyncio.Server] = []

    @property
    def url(self) -> str:
        """Where it listens, without a path."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{'https' if self.tls else 'http'}://{host}:{self.port}"

    async def open(self) -> None:
        """Start to listen. Raises OSError when the port is taken."""
        behaviour.load()
        context = None
        if self.tls:
            from nitrox.simulator.certificate import self_signed

            context = self_signed(self.host)
        self._handler = web.Server(
            self._front, request_factory=_request, max_field_size=_MAX_HEADER, max_line_size=_MAX_HEADER, access_log=None
        )
        loop = asyncio.get_running_loop()
        self._servers = [await loop.create_server(self._handler, self.host, self.port, ssl=context, backlog=1024)]
        self.port = self._servers[0].sockets[0].getsockname()[1]
        if space := self.cloud.machines.controller:
            from nitrox.nodes import ground

            inner = ground.listening(space, self.host, self.port)
            self._servers.append(await loop.create_server(self._handler, sock=inner, ssl=context, backlog=1024))

    async def close(self) -> None:
        """Stop to listen and cut the connections."""
        for server in self._servers:
            server.close()
        if self._handler is not None:
            await self._handler.shutdown(_GRACE)


async def listen(cloud: Cloud, *, host: str, port: int, tls: bool = False, integration: int | None = None) -> list[Listener]:
    """Open the API and, with ``integration``, a second port that trusts everybody."""
    listeners = [Listener(cloud, host=host, port=port, tls=tls)]
    if integration is not None:
        listeners.append(Listener(cloud, host=host, port=integration, trusted=True))
    for number, listener in enumerate(listeners):
        try:
            await listener.open()
        except OSError:
            for opened in listeners[:number]:
                await opened.close()
            raise
    cloud.url = listeners[0].url
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
    job_seconds: float = 0.0,
    integration_port: int | None = None,
    machines: str = "memory",
    announce: Callable[[str], None] = _say,
) -> None:
    """Run until SIGTERM or SIGINT. ``state`` is a JSON file (kind → rows); ``latency`` is milliseconds.

    ``announce`` is called with the URL (and that of the integration port, if there is one); the API is at ``/client/api``
    there. ``machines`` is the back end: ``memory``, or ``nspawn`` which boots them: then it also answers at the same address
    in the namespace from which they are reached, and a second line is announced that tells how to get there.

    Raises OSError when a port is taken, ValueError when the state is no JSON or no state, and RuntimeError where nothing can
    be booted.
    """
    loaded = json.loads(state.read_text(encoding="utf-8")) if state else None
    back_end = _back_end(machines)
    try:
        cloud = Cloud(state=loaded, machines=back_end, options={"job_seconds": job_seconds})
        cloud.latency = latency / 1000
        asyncio.run(_serve(cloud, host, port, tls, integration_port, announce))
    finally:
        back_end.close()


def _back_end(name: str) -> Machines:
    if name == "memory":
        return Memory()
    from nitrox.nodes.image import unavailable

    from .nspawn import Nspawn

    if reason := unavailable():
        raise RuntimeError(reason)
    return Nspawn()


async def _serve(cloud: Cloud, host: str, port: int, tls: bool, integration: int | None, announce: Callable[[str], None]) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    listeners = await listen(cloud, host=host, port=port, tls=tls, integration=integration)
    announce(" ".join(listener.url for listener in listeners))
    if space := cloud.machines.controller:
        announce(f"from the machines' side: nsenter --net=/run/netns/{space} COMMAND")
    await stop.wait()
    for listener in listeners:
        await listener.close()
