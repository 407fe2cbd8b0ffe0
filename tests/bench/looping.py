# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""One idempotent loop item in a real ansible-playbook run, beside ``ansible.builtin.debug`` in the same loop."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from .load import server, simulator
from .table import Figure

ITEMS = 100
RUNS = 3
ROOT = Path(__file__).resolve().parents[2]


def _play(task: dict[str, Any], items: int) -> str:
    return json.dumps(
        [{"hosts": "localhost", "gather_facts": False, "tasks": [{"name": "Loop", "loop": list(range(items)), **task}]}]
    )


def _seconds(task: dict[str, Any], environment: dict[str, str], items: int) -> float:
    with tempfile.TemporaryDirectory() as folder:
        playbook = Path(folder) / "play.yml"
        playbook.write_text(_play(task, items))
        command = [str(Path(sys.executable).with_name("ansible-playbook")), "-i", "localhost,", "-c", "local", str(playbook)]
        started = time.perf_counter()
        subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True)
        return time.perf_counter() - started


def _per_item(task: dict[str, Any], environment: dict[str, str]) -> float:
    """Milliseconds an item: the slope between a short and a long loop, so that start-up does not count. The best of several
    runs of each: what else the machine does only ever adds."""
    short, long = (min(_seconds(task, environment, items) for _run in range(RUNS)) for items in (1, ITEMS + 1))
    return (long - short) / ITEMS * 1000


def figures() -> Iterator[Figure]:
    """Milliseconds and requests for an item that changes nothing."""
    with server(*simulator()) as (host, port):
        url = f"http://{host}:{port}"
        own = {"NETSCALER_URL": url, "NETSCALER_USERNAME": "nsroot", "NETSCALER_PASSWORD": "nsroot"}
        environment = {**os.environ, **own, "ANSIBLE_CONFIG": str(ROOT / "ansible.cfg")}
        task = {"nitrox.netscaler.lbvserver": {"name": "web", "servicetype": "HTTP"}}
        _seconds(task, environment, 1)
        debug = _per_item({"ansible.builtin.debug": {"msg": "x"}}, environment)
        urllib.request.urlopen(urllib.request.Request(f"{url}/_simulator/reset", method="POST")).close()
        _seconds(task, environment, 1)
        item = _per_item(task, environment)
        counters = json.load(urllib.request.urlopen(f"{url}/_simulator/counters"))
        yield Figure("ansible: one idempotent loop item", item, "ms", 2 * debug, baseline=("ansible.builtin.debug", debug))
        runs, items = 1 + 2 * RUNS, 1 + RUNS * (ITEMS + 2)
        extra = counters["requests_total"] - runs * 2  # login and logout of each run, and the one creation
        yield Figure("ansible: requests an idempotent loop item", extra / items, "requests", 1.1)
