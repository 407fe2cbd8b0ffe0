# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""The story from an empty cloud to a balanced swarm and back, as `make demo-cluster` tells it; it fails where a step does."""

from __future__ import annotations

import fcntl
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from nitrox.nodes.ground import PLACE, wait_for
from nitrox.nodes.image import unavailable

TOP = Path(__file__).parents[2]


@pytest.mark.e2e
@pytest.mark.timeout(1200)
def test_an_empty_cloud_becomes_a_balanced_swarm_and_goes_again() -> None:
    if reason := unavailable():
        pytest.skip(reason)
    command = [sys.executable, str(TOP / "playbooks/demo_cluster/run")]
    done = subprocess.run(command, cwd=TOP, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "objects left in the cloud: {}" in done.stdout
    assert wait_for(lambda: not abandoned(), 5), abandoned()


def abandoned() -> list[Path]:
    """Folders of networks that are no running process's; other tests have theirs at the same time."""
    return [folder for folder in PLACE.iterdir() if not held(folder / "lock")]


def held(lock: Path) -> bool:
    with suppress(FileNotFoundError), lock.open() as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False
