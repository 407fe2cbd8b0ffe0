# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""The collection's integration targets, by ansible-test itself on the simulator: one target a module."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

TOP = Path(__file__).resolve().parents[2]
COLLECTION = TOP / "ansible_collections" / "nitrox" / "netscaler"


@pytest.mark.e2e
def test_every_module_has_a_target_that_passes() -> None:
    targets = {path.name for path in (COLLECTION / "tests" / "integration" / "targets").iterdir()}
    assert targets == {path.stem for path in (COLLECTION / "plugins" / "modules").glob("*.py")}
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    done = subprocess.run([TOP / "tests" / "ansible" / "run-integration"], env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]
    assert set(re.findall(r"Running (\w+) integration test role", done.stdout + done.stderr)) == targets
