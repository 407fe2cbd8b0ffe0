# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Whole documents: first run and again, beside a client that takes the objects one after another (two requests each)."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import requests

from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.converge import converge
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.document import parse
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.session import Session, Target

from .load import server, simulator
from .table import Figure
from .workload import apps

# apps → (seconds, requests) for the first run and for the run again
LIMITS = {20: ((3, 12), (2, 6)), 1000: ((30, 150), (10, 20))}


def _run(url: str, data: dict[str, Any]) -> tuple[float, int, bool]:
    started = time.perf_counter()
    with Session(Target.from_options({"url": url, "username": "nsroot", "password": "nsroot"}, {})) as session:
        _plan, outcome = converge(session, parse(data))
        seconds = time.perf_counter() - started
        sent = sum(session.counts.values())
    return seconds, sent, bool(outcome and outcome.changed)


def _one_by_one(url: str, data: dict[str, Any]) -> float:
    """Seconds for a GET and a write of every object and binding over one kept-alive connection."""
    started = time.perf_counter()
    http = requests.Session()
    http.trust_env = False
    http.headers.update({"X-NITRO-USER": "nsroot", "X-NITRO-PASS": "nsroot"})
    base = f"{url}/nitro/v1/config/"
    for kind, key in (("servicegroup", "servicegroupname"), ("lbvserver", "name")):
        for name, values in data[kind].items():
            own = {attribute: value for attribute, value in values.items() if attribute != "bindings"}
            http.get(f"{base}{kind}/{name}")
            http.post(base + kind, json={kind: {key: name, **own}}).raise_for_status()
            for short, rows in values["bindings"].items():
                binding = f"{kind}_{short}_binding"
                for row in rows:
                    full = {key: name, **(row if isinstance(row, dict) else {"servicegroupname": row})}
                    http.get(f"{base}{binding}/{name}")
                    http.put(base + binding, json={binding: full}).raise_for_status()
    return time.perf_counter() - started


def figures() -> Iterator[Figure]:
    """20 and 1,000 apps."""
    for count, (first_limit, again_limit) in LIMITS.items():
        data = apps(count)
        with server(*simulator()) as (host, port):
            naive = _one_by_one(f"http://{host}:{port}", data)
        with server(*simulator()) as (host, port):
            for label, limit in (("first", first_limit), ("again", again_limit)):
                seconds, sent, changed = _run(f"http://{host}:{port}", data)
                assert changed == (label == "first"), f"{count} apps {label}: changed is {changed}"
                name = f"{count:,} apps ({count * 8:,} objects), {label}"
                yield Figure(name, seconds, "s", limit[0], baseline=("one by one", naive))
                yield Figure(f"{name}: requests with login", sent, "requests", limit[1], baseline=("one by one", count * 16))
