# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""A simulator inside a test process: ``with running() as simulator: …``."""

from __future__ import annotations

import asyncio
import json
import threading
import urllib.parse
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from typing import Any

from .server import Listener, appliances, listen


class Simulator:
    """One or several appliances in a thread. ``url`` is the first one's, ``urls`` are all; user and password are nsroot."""

    def __init__(self, listeners: list[Listener]) -> None:
        self.listeners = listeners
        self.urls = [listener.url for listener in listeners]
        self.url = self.urls[0]
        self.host, self.port = listeners[0].host, listeners[0].port
        self.appliance = listeners[0].appliance

    def control(self, method: str, what: str, body: Any = None, *, url: str | None = None) -> Any:
        """Call the control endpoint; returns the parsed JSON."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{url or self.url}/_simulator/{what}", data=data, method=method)
        with urllib.request.urlopen(request, context=_trusting()) as answer:
            return json.load(answer)

    def reset(self) -> None:
        """Factory state, nothing counted, no faults."""
        self.control("POST", "reset")

    def counters(self) -> dict[str, Any]:
        """See the control endpoint."""
        return dict(self.control("GET", "counters"))

    def count(self, method: str, kind: str) -> int:
        """How many requests of that method named that kind."""
        return int(self.counters()["requests"].get(method, {}).get(kind, 0))

    def log(self) -> list[dict[str, Any]]:
        """The requests so far, oldest first."""
        return list(self.control("GET", "log"))

    def faults(self, *faults: Mapping[str, Any]) -> None:
        """Plan faults."""
        self.control("POST", "faults", list(faults))

    def clear_faults(self) -> None:
        """Forget planned faults."""
        self.control("DELETE", "faults")

    def connect(self, vserver: str, count: int = 1, **more: Any) -> int:
        """Open client connections through a virtual server, for so many ``seconds`` or until closed; returns how many were
        taken."""
        return int(self.control("POST", "connections", {"vserver": vserver, "count": count, **more})["opened"])

    def connections(self, vserver: str = "") -> dict[str, Any]:
        """What became of them, of one virtual server or all: ``open``, ``finished``, ``dropped``, ``refused``, ``members``,
        ``drops``."""
        return dict(self.control("GET", f"connections?vserver={urllib.parse.quote(vserver)}"))

    def state(self) -> dict[str, Any]:
        """The running configuration of the default partition: kind → rows."""
        return dict(self.control("GET", "state")["default"])


@cache
def _trusting() -> Any:
    import ssl

    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


@contextmanager
def running(
    *, ha: bool = False, tls: bool = False, count: int = 1, state: dict[str, Any] | None = None, host: str = "127.0.0.1"
) -> Iterator[Simulator]:
    """Run a simulator on free ports in a thread; it stops at the end of the block."""
    loop = asyncio.new_event_loop()
    found = appliances(ha=ha, count=count, state=state)
    listeners = loop.run_until_complete(listen(found, host=host, port=0, tls=tls))
    thread = threading.Thread(target=loop.run_forever, name="simulator", daemon=True)
    thread.start()
    try:
        yield Simulator(listeners)
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(5)
        loop.run_until_complete(_stop(listeners))
        loop.close()


async def _stop(listeners: list[Listener]) -> None:
    """Close everything and wait for what still runs, so that nothing is left pending in the loop."""
    for listener in listeners:
        await listener.close()
    left = asyncio.all_tasks() - {asyncio.current_task()}
    for task in left:
        task.cancel()
    await asyncio.gather(*left, return_exceptions=True)
