# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Fixtures for all tests: a simulated NetScaler in a background thread, reset before each test."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests


@dataclass(frozen=True)
class Simulator:
    """A running simulator, seen through its control endpoint (docs/simulator.md)."""

    url: str
    username: str = "nsroot"
    password: str = "nsroot"

    @property
    def host(self) -> str:
        return urlsplit(self.url).hostname or ""

    @property
    def port(self) -> int:
        return urlsplit(self.url).port or 0

    def control(self, method: str, path: str, body: Any = None, **query: Any) -> Any:
        """One call of ``/_simulator/…``; the parsed answer."""
        answer = requests.request(method, f"{self.url}/_simulator/{path}", json=body, params=query, verify=False, timeout=30)
        assert answer.ok, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json() if answer.content else None

    def reset(self) -> None:
        """As at the start: factory configuration, nothing counted, no faults."""
        self.control("POST", "reset")

    def counters(self) -> dict[str, Any]:
        found: dict[str, Any] = self.control("GET", "counters")
        return found

    def count(self, method: str, kind: str) -> int:
        """Requests of one method on one kind since the last reset."""
        return int(self.counters()["requests"].get(f"{method} {kind}", 0))

    def log(self) -> Any:
        """Every request since the last reset."""
        return self.control("GET", "log")

    def faults(self, *faults: Mapping[str, Any]) -> None:
        """Plan faults, each a mapping: ``{"fault": "drop_after", "method": "POST", "kind": "lbvserver"}``."""
        self.control("POST", "faults", list(faults))

    def clear_faults(self) -> None:
        self.control("DELETE", "faults")

    def state(self) -> Any:
        """The running configuration as plain data."""
        return self.control("GET", "state")


@pytest.fixture(scope="session")
def start_simulator() -> Iterator[Callable[..., Simulator]]:
    """Start further simulators: ``start_simulator(tls=True, ha=True, …)``; they stop with the test session."""
    pytest.importorskip("aiohttp", reason="the simulator's extra is not installed")
    from nitrox.simulator.testing import running

    with ExitStack() as stack:

        def start(**options: Any) -> Simulator:
            server: AbstractContextManager[Any] = running(**options)
            return Simulator(stack.enter_context(server).url.rstrip("/"))

        yield start


@pytest.fixture(scope="session")
def simulator_of_the_session(start_simulator: Callable[..., Simulator]) -> Simulator:
    """The one that `simulator` resets; not for tests."""
    return start_simulator()


@pytest.fixture
def simulator(simulator_of_the_session: Simulator) -> Simulator:
    """A simulated NetScaler in factory state, user nsroot, password nsroot."""
    simulator_of_the_session.reset()
    return simulator_of_the_session


@pytest.fixture(autouse=True)
def no_target_of_the_users(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test may reach the appliance that the developer's environment names."""
    for name in (
        "URL",
        "NSIP",
        "USERNAME",
        "USER",
        "LOGIN",
        "PASSWORD",
        "PASS",
        "TOKEN",
        "PARTITION",
        "CA_PATH",
        "VALIDATE_CERTS",
    ):
        monkeypatch.delenv(f"NETSCALER_{name}", raising=False)
        monkeypatch.delenv(f"NS_{name}", raising=False)
