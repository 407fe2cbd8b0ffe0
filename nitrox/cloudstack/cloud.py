# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""The state of one cloud, and what everything in it shares: clock, options, jobs, events, counters, faults, the machines."""

from __future__ import annotations

import copy
import heapq
import time
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from . import boot
from .catalogue import kinds
from .events import Events
from .faults import Faults
from .jobs import Jobs
from .machines import Machines, Memory
from .store import Store

LOG_LENGTH = 10_000
OPTIONS: dict[str, float] = {
    "job_seconds": 0.0,  # each stretch of a job
    "template_seconds": 0.0,  # until a registered template is ready
    "page_size": 500,  # default.page.size
    "expunge_seconds": 86400.0,  # until a destroyed machine goes by itself
    "throttle": 0,  # calls a second and account, 0: no limit
}


class Clock:
    """Seconds since the epoch, plus what a test adds."""

    def __init__(self) -> None:
        self.ahead = 0.0

    def __call__(self) -> float:
        return time.time() + self.ahead


@dataclass
class Counters:
    """What was asked of the cloud. ``requests`` counts ``METHOD command``."""

    requests_total: int = 0
    connections: int = 0
    bytes_in: int = 0
    bytes_out: int = 0
    errors: int = 0
    jobs: int = 0
    jobs_failed: int = 0
    requests: Counter[str] = field(default_factory=Counter)

    def report(self) -> dict[str, Any]:
        """Plain data; ``requests`` maps method → command → number."""
        plain = {name: getattr(self, name) for name in self.__dataclass_fields__}
        nested: dict[str, dict[str, int]] = {}
        for named, number in sorted(self.requests.items()):
            method, _, command = named.partition(" ")
            nested.setdefault(method, {})[command] = number
        return plain | {"requests": nested}


class Cloud:
    """One cloud. ``state`` is what it starts with: kind → rows (`Store.dump`), on top of what every cloud has; ``options``
    are those of `OPTIONS` that differ."""

    def __init__(
        self, *, state: dict[str, Any] | None = None, machines: Machines | None = None, options: dict[str, float] | None = None
    ) -> None:
        self.initial = copy.deepcopy(state)
        self.machines: Machines = machines or Memory()
        self.clock = Clock()
        self.latency = 0.0
        self.url = ""
        self.defaults = OPTIONS | (options or {})
        self.reset()

    def reset(self) -> None:
        """Back to the start: nothing counted, no faults, the loaded state, the options of the start."""
        self.options = dict(self.defaults)
        self.counters = Counters()
        self.log: deque[dict[str, Any]] = deque(maxlen=LOG_LENGTH)
        self.logged = 0
        self.faults = Faults()
        self.clock.ahead = 0.0
        self.down_until = 0.0
        self.machines.reset()
        self.load(self.initial or {})

    def load(self, data: dict[str, Any]) -> None:
        """Replace all objects: what every cloud has at boot, where ``data`` does not name the kind, and ``data``.

        Raises `ValueError` for what is no state.
        """
        unknown = set(data) - set(kinds())
        if unknown:
            raise ValueError(f"no such kind: {', '.join(sorted(unknown))}")
        store = Store(self.clock)
        store.load({kind: rows for kind, rows in boot.rows(self.now_text()).items() if kind not in data})
        store.load(copy.deepcopy(data))
        self.store = store
        self.throttled: Counter[tuple[str, int]] = Counter()
        self.sessions: dict[str, str] = {}
        self.events = Events(self)
        self.jobs = Jobs(self)
        self._timers: list[tuple[float, int, Callable[[], object]]] = []

    def later(self, seconds: float, action: Callable[[], object]) -> None:
        """Do something when the clock has gone on by so much, and somebody looks."""
        heapq.heappush(self._timers, (self.clock() + seconds, self.store.next_number(), action))

    def settle(self) -> None:
        """Bring everything as far as it has come by now. Call it before looking."""
        self.jobs.settle()
        while self._timers and self._timers[0][0] <= self.clock():
            heapq.heappop(self._timers)[2]()

    def dump(self) -> dict[str, Any]:
        """All objects as plain data."""
        return copy.deepcopy(self.store.dump())

    def now(self) -> datetime:
        """The time, in UTC."""
        return datetime.fromtimestamp(self.clock(), UTC)

    def now_text(self, ahead: float = 0) -> str:
        """The time as CloudStack writes it."""
        return (self.now() + timedelta(seconds=ahead)).strftime("%Y-%m-%dT%H:%M:%S+0000")

    @staticmethod
    def instance_type(kind: str) -> str:
        """How jobs and events call a kind."""
        return kinds()[kind].event or kind

    def setting(self, name: str) -> str:
        """The value of a global setting, as listConfigurations shows it."""
        row = self.store.first("configuration", name=name)
        return str(row["value"]) if row is not None and row.get("value") is not None else ""

    def record(self, entry: dict[str, Any]) -> None:
        """Add to the request log that the control endpoint shows; entries are numbered."""
        self.logged += 1
        self.log.append({"number": self.logged, "time": round(self.clock(), 3), **entry})
