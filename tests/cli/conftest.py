# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""The command line in process: standard output, standard error and exit code of one invocation."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from nitrox.cli import run

if TYPE_CHECKING:
    from nitrox.simulator.testing import Simulator

Invoke = Callable[..., "Result"]


@dataclass(frozen=True)
class Result:
    """Of one command line."""

    code: int
    out: str
    err: str


@pytest.fixture
def nitrox(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Invoke:
    """``nitrox("plan", "-", stdin="…")``."""

    def invoke(*arguments: str, stdin: str = "") -> Result:
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(stdin.encode()), encoding="utf-8"))
        code = run(arguments)
        out, err = capsys.readouterr()
        return Result(code, out, err)

    return invoke


@pytest.fixture
def appliance(simulator: Simulator, monkeypatch: pytest.MonkeyPatch) -> Simulator:
    """The simulator, named by the environment."""
    monkeypatch.setenv("NETSCALER_URL", simulator.url)
    monkeypatch.setenv("NETSCALER_USERNAME", "nsroot")
    monkeypatch.setenv("NETSCALER_PASSWORD", "nsroot")
    return simulator
