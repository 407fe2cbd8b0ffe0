# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""What it costs to load the core and the catalogue, each in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator

from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro import catalogue

from .table import Figure

CORE = "ansible_collections.nitrox.netscaler.plugins.module_utils.nitro"
_TIMED = "import time\ns = time.perf_counter()\n{}\nprint((time.perf_counter() - s) * 1000)"
RUNS = 7


def _milliseconds(statement: str, before: str = "") -> float:
    code = f"{before}\n{_TIMED.format(statement)}"
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "PYTHONPYCACHEPREFIX": folder, "PYTHONDONTWRITEBYTECODE": ""}  # compiled once, as anywhere
        command = [sys.executable, "-c", code]
        _compiling, *found = (
            float(subprocess.run(command, capture_output=True, text=True, check=True, env=environment).stdout)
            for _run in range(1 + RUNS)
        )
    return min(found)


def figures() -> Iterator[Figure]:
    """Import of the core, and the slowest package of the catalogue."""
    modules = ", ".join(f"{CORE}.{name}" for name in ("session", "document", "plan", "apply", "converge"))
    yield Figure(
        "core: import",
        _milliseconds(f"import {modules}"),
        "ms",
        60,
        baseline=("import requests", _milliseconds("import requests")),
    )
    packages = sorted(set(catalogue.index().values()))
    load = "catalogue._package.__wrapped__({!r}) and None"
    before = f"from {CORE} import catalogue"
    slowest = max(packages, key=lambda name: (catalogue.FOLDER / f"{name}.json").stat().st_size)
    yield Figure(
        f"catalogue: load of its largest package, {slowest}",
        _milliseconds(load.format(slowest), before),
        "ms",
        5,
        baseline=("all packages", _milliseconds("list(catalogue.kinds())", before)),
    )
