# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Fixtures of the tests with the real engine; they are skipped, with the reason, where there is no Pulumi CLI."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from . import cli

if TYPE_CHECKING:
    from nitrox.simulator.testing import Simulator

    from .engine.stack import Program, Stack


@pytest.fixture(scope="session")
def pulumi_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The CLI is first on the path, its home is the test session's."""
    if why := cli.missing():
        pytest.skip(why)
    pytest.importorskip("pulumi", reason="the extra pulumi is not installed")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", f"{cli.folder()}{os.pathsep}{os.environ['PATH']}")
        patch.setenv("PULUMI_SKIP_UPDATE_CHECK", "true")
        yield tmp_path_factory.mktemp("pulumi-home")


@pytest.fixture
def target(simulator: Simulator) -> dict[str, str]:
    """The simulator, as environment variables."""
    return {"NETSCALER_URL": simulator.url, "NETSCALER_USERNAME": "nsroot", "NETSCALER_PASSWORD": "nsroot"}


@pytest.fixture
def new_stack(pulumi_home: Path, tmp_path: Path, target: dict[str, str]) -> Callable[..., Stack]:
    """``new_stack(program)``: a stack whose default target is the simulator."""
    from .engine.stack import Stack

    def make(program: Program, **options: Any) -> Stack:
        return Stack(tmp_path, program, home=pulumi_home, **{**target, **options})

    return make
