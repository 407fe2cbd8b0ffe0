# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""What these tests share: one cloud, reset before each."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from nitrox.cloudstack.testing import Simulator, running

from .desk import Desk


@pytest.fixture(scope="module", name="running_cloud")
def _running_cloud() -> Iterator[Simulator]:
    with running() as simulator:
        yield simulator


@pytest.fixture(name="cloud")
def _cloud(running_cloud: Simulator) -> Simulator:
    running_cloud.reset()
    return running_cloud


@pytest.fixture(name="desk")
def _desk(cloud: Simulator, tmp_path: Path) -> Desk:
    return Desk(cloud, tmp_path)
