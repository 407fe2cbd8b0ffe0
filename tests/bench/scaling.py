# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""A million members, one of them changed: what a plan costs, in a process of its own, beside one JSON dump of the rows."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.document import parse
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.observation import Present
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.observe import Observed
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.plan import make_plan

from .table import Figure

GROUPS, MEMBERS = 1000, 1000
MEMBER = "servicegroup_servicegroupmember_binding"


def _address(number: int) -> str:
    return f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"


def _document() -> dict[str, Any]:
    def rows(group: int) -> list[dict[str, Any]]:
        first = group * MEMBERS
        return [{"ip": _address(first + n), "port": 8080, "weight": 10} for n in range(MEMBERS)]

    groups = range(GROUPS)
    return {"servicegroup": {f"g{g}": {"servicetype": "HTTP", "bindings": {"servicegroupmember": rows(g)}} for g in groups}}


def _observed() -> Observed:
    """What a GET would have answered: twice as many attributes as the document has, one weight another."""

    def row(group: str, address: str) -> dict[str, Any]:
        own = {"servicegroupname": group, "ip": address, "port": 8080, "servername": address, "weight": "10"}
        return {**own, "state": "ENABLED", "svrstate": "UP", "hashid": "0", "serverid": "0", "customserverid": "None"}

    objects: dict[Any, Any] = {}
    rows: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for g in range(GROUPS):
        name = f"g{g}"
        objects["servicegroup", (name,)] = Present({"servicegroupname": name, "servicetype": "HTTP", "state": "ENABLED"})
        rows[MEMBER, name] = [row(name, _address(g * MEMBERS + n)) for n in range(MEMBERS)]
    rows[MEMBER, "g0"][5]["weight"] = "11"
    return Observed(objects, rows)


def measure() -> dict[str, float]:
    """Seconds for reading the document, for the plan, and for the baseline; megabytes; requests."""
    data = _document()
    started = time.perf_counter()
    document = parse(data)
    parsed = time.perf_counter()
    observed = _observed()
    read = time.perf_counter()
    plan = make_plan(document, observed)
    planned = time.perf_counter()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    for rows in observed.rows.values():
        json.dumps(rows)
    dumped = time.perf_counter()
    if [change.verb for change in plan.changes] != ["update"]:
        raise SystemExit(f"one change was wanted: {plan.explain()[:3]}")
    return {
        "parse": parsed - started,
        "plan": planned - read,
        "dump": dumped - planned,
        "memory": memory,
        "requests": plan.requests,
    }


def figures() -> Iterator[Figure]:
    """The row of the scale promise."""
    code = "import json; from tests.bench import scaling; print(json.dumps(scaling.measure()))"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    found = json.loads(told.stdout)
    name = f"{GROUPS * MEMBERS:,} members, 1 changed"
    yield Figure(f"{name}: plan", found["plan"], "s", 15, baseline=("JSON dump of the rows", found["dump"]))
    yield Figure(
        f"{name}: document read and checked before", found["parse"], "s", baseline=("JSON dump of the rows", found["dump"])
    )
    yield Figure(f"{name}: memory of it all", found["memory"], "MB", 2000)
    yield Figure(f"{name}: writes", found["requests"], "requests", 1)
