# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""The dynamic provider's real server, with the simulator behind it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import pytest

pytest.importorskip("pulumi", reason="the extra pulumi is not installed")

from .server import Server, serving

if TYPE_CHECKING:
    from nitrox.simulator.testing import Simulator

NOWHERE = {"netscaler:url": "http://127.0.0.1:9", "netscaler:username": "nsroot", "netscaler:password": "nsroot"}


@pytest.fixture(scope="module")
def offline() -> Iterator[Server]:
    """One whose appliance cannot be reached: checks and diffs must not notice."""
    with serving({**NOWHERE, "netscaler:retry_budget": "0"}) as server:
        yield server


@pytest.fixture
def start(simulator: Simulator) -> Iterator[Callable[..., Server]]:
    """Start a provider process for the simulator: one operation of the engine. ``start(adopt="true")`` adds configuration."""
    with ExitStack() as stack:

        def started(environment: dict[str, str] | None = None, **config: Any) -> Server:
            whole = {**NOWHERE, "netscaler:url": simulator.url, **{f"netscaler:{name}": value for name, value in config.items()}}
            return stack.enter_context(serving(whole, **(environment or {})))

        yield started


@pytest.fixture
def server(start: Callable[..., Server]) -> Server:
    """One provider process for the simulator."""
    return start()
