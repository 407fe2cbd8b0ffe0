# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""A cloud inside a test process: ``with running() as cloud: …``."""

from __future__ import annotations

import asyncio
import json
import threading
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from .cloud import Cloud
from .http import API
from .machines import Machines
from .server import Listener, listen


class Simulator:
    """One cloud in a thread. ``endpoint`` is the API, ``open_endpoint`` the one that wants no signature, ``key`` and ``secret``
    are the root admin's."""

    def __init__(self, cloud: Cloud, listeners: list[Listener]) -> None:
        self.cloud, self.listeners = cloud, listeners
        self.url = listeners[0].url
        self.endpoint, self.open_endpoint = (listener.url + API for listener in listeners)
        self.host, self.port = listeners[0].host, listeners[0].port

    @property
    def key(self) -> str:
        """The root admin's API key."""
        return self.credentials()[0]

    @property
    def secret(self) -> str:
        """The root admin's secret key."""
        return self.credentials()[1]

    def credentials(self, username: str = "admin") -> tuple[str, str]:
        """API key and secret key of a user."""
        user = self.cloud.store.first("user", username=username)
        if user is None:
            raise LookupError(f"no such user: {username}")
        return str(user["apikey"]), str(user["secretkey"])

    def control(self, method: str, what: str, body: Any = None) -> Any:
        """Call the control endpoint; returns the parsed JSON."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.url}/_simulator/{what}", data=data, method=method)
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)

    def reset(self) -> None:
        """The state of the start, nothing counted, no faults."""
        self.control("POST", "reset")

    def counters(self) -> dict[str, Any]:
        """See the control endpoint."""
        return dict(self.control("GET", "counters"))

    def count(self, command: str) -> int:
        """How often that command was called, by any method."""
        return sum(commands.get(command, 0) for commands in self.counters()["requests"].values())

    def writes(self) -> dict[str, int]:
        """The commands that change something, and how often they were called."""
        found: dict[str, int] = {}
        for commands in self.counters()["requests"].values():
            for command, number in commands.items():
                if not command.startswith(("list", "get", "query")):
                    found[command] = found.get(command, 0) + number
        return found

    def log(self) -> list[dict[str, Any]]:
        """The requests so far, oldest first."""
        return list(self.control("GET", "log"))

    def faults(self, *faults: Mapping[str, Any]) -> None:
        """Plan faults."""
        self.control("POST", "faults", list(faults))

    def clear_faults(self) -> None:
        """Forget planned faults."""
        self.control("DELETE", "faults")

    def state(self, kind: str) -> list[dict[str, Any]]:
        """All objects of a kind."""
        return list(self.control("GET", f"state?kind={kind}"))


@contextmanager
def running(
    *, state: dict[str, Any] | None = None, machines: Machines | None = None, host: str = "127.0.0.1"
) -> Iterator[Simulator]:
    """Run a cloud on free ports in a thread; it stops at the end of the block."""
    loop = asyncio.new_event_loop()
    cloud = Cloud(state=state, machines=machines)
    listeners = loop.run_until_complete(listen(cloud, host=host, port=0, integration=0))
    thread = threading.Thread(target=loop.run_forever, name="cloud", daemon=True)
    thread.start()
    try:
        yield Simulator(cloud, listeners)
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
