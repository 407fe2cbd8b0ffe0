# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""The story from an empty cloud to a balanced swarm and back, as `make demo-cluster` tells it; it fails where a step does."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from nitrox.nodes.ground import PLACE
from nitrox.nodes.image import unavailable

TOP = Path(__file__).parents[2]


@pytest.mark.e2e
@pytest.mark.timeout(1200)
def test_an_empty_cloud_becomes_a_balanced_swarm_and_goes_again() -> None:
    if reason := unavailable():
        pytest.skip(reason)
    before = set(PLACE.iterdir()) if PLACE.is_dir() else set()
    command = [sys.executable, str(TOP / "playbooks/demo_cluster/run")]
    done = subprocess.run(command, cwd=TOP, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "objects left in the cloud: {}" in done.stdout
    assert set(PLACE.iterdir()) <= before
