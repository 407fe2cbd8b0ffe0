# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Fixtures for all tests: a simulated NetScaler in a background thread, reset before each test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from nitrox.simulator.testing import Simulator

OPTIONS = (
    "URL",
    "URLS",
    "NSIP",
    "USERNAME",
    "LOGIN",
    "PASSWORD",
    "TOKEN",
    "PARTITION",
    "CA_PATH",
    "VALIDATE_CERTS",
    "TIMEOUT",
    "RETRIES",
)


@pytest.fixture(scope="session")
def start_simulator() -> Iterator[Callable[..., Simulator]]:
    """Start further simulators: ``start_simulator(tls=True, ha=True, …)``; they stop with the test session."""
    pytest.importorskip("aiohttp", reason="the simulator's extra is not installed")
    from nitrox.simulator.testing import running

    with ExitStack() as stack:

        def start(**options: Any) -> Simulator:
            return stack.enter_context(running(**options))

        yield start


@pytest.fixture(scope="session")
def simulator_of_the_session(start_simulator: Callable[..., Simulator]) -> Simulator:
    """The one that `simulator` resets; not for tests."""
    return start_simulator()


@pytest.fixture
def simulator(simulator_of_the_session: Simulator) -> Simulator:
    """A simulated NetScaler in factory state: ``.url .host .port``, user nsroot, password nsroot, and its control endpoint:
    ``.counters() .count(method, kind) .log() .faults({…}) .clear_faults() .state() .control(method, what, body) .reset()``."""
    simulator_of_the_session.control("POST", "options", {"latency": 0, "save_seconds": 0, "boot_seconds": 0, "done_body": False})
    simulator_of_the_session.reset()
    return simulator_of_the_session


@pytest.fixture(autouse=True)
def no_target_of_the_users(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test may reach the appliance that the developer's environment names."""
    for name in OPTIONS:
        monkeypatch.delenv(f"NETSCALER_{name}", raising=False)
        monkeypatch.delenv(f"NS_{name}", raising=False)
