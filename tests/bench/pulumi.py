# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Pulumi with the real engine: 300 resources beside the same program with providers that do nothing, and one large document."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from unittest import mock

from pulumi.dynamic import CreateResult, Resource, ResourceProvider

from tests.pulumi import cli
from tests.pulumi.engine.programs import vservers
from tests.pulumi.engine.stack import Stack

from .load import server, simulator
from .table import Figure
from .workload import apps

RESOURCES, APPS, RATIO = 300, 1000, 1.5
IMPORTS = 9


class Nothing(ResourceProvider):
    """What any dynamic provider costs."""

    serialize_as_secret_always = False

    def create(self, props: dict[str, Any]) -> CreateResult:
        """Make nothing."""
        return CreateResult(str(props["name"]), {name: value for name, value in props.items() if name != "__provider"})


class Empty(Resource):
    """With as many inputs as the resource that it stands beside."""

    def __init__(self, name: str, **values: Any) -> None:
        super().__init__(Nothing(), name, {"name": name, **values})


def _empty() -> None:
    for number in range(RESOURCES):
        Empty(f"v{number}", servicetype="HTTP", ipv46=f"10.0.{number // 250}.{number % 250 + 1}", port=80)


def _document() -> None:
    from pulumi_netscaler import Config

    Config("apps", document=apps(APPS))


def figures() -> Iterator[Figure]:
    """Times of whole operations of the CLI, its start included."""
    yield _import_time()
    if why := cli.missing():
        print(why)
        return
    base = _measured(_empty)
    ours = _measured(vservers(RESOURCES))
    for label, mine, theirs in zip(("first", "no change"), ours, base, strict=True):
        what = f"pulumi up, {RESOURCES} resources, {label}"
        yield Figure(what, mine, "s", RATIO * theirs, baseline=("empty providers", theirs))
    first, again = _measured(_document)
    yield Figure(f"pulumi up, Config of {APPS * 8:,} objects, first", first, "s", 60)
    yield Figure(f"pulumi up, Config of {APPS * 8:,} objects, no change", again, "s", 15)


def _measured(program: Callable[[], None]) -> tuple[float, float]:
    """Seconds of the first up and of one that finds nothing to do."""
    path = {"PATH": f"{cli.folder()}{os.pathsep}{os.environ['PATH']}"}
    with tempfile.TemporaryDirectory() as folder, mock.patch.dict(os.environ, path), server(*simulator()) as (host, port):
        variables = {"NETSCALER_URL": f"http://{host}:{port}", "NETSCALER_USERNAME": "nsroot", "NETSCALER_PASSWORD": "nsroot"}
        stack = Stack(Path(folder), program, home=Path(folder) / "home", **variables)
        seconds = []
        for expected in ("create", "same"):
            started = time.perf_counter()
            ran = stack.up()
            seconds.append(time.perf_counter() - started)
            assert ran.ok and set(ran.counts) == {expected}, ran.text[-2000:]
    return seconds[0], seconds[1]


def _import_time() -> Figure:
    """Milliseconds that importing the package takes after ``import pulumi``, in the quickest of a few processes."""
    code = "import time, pulumi; t = time.perf_counter(); import pulumi_netscaler; print((time.perf_counter() - t) * 1000)"
    runs = [subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True) for _n in range(IMPORTS)]
    return Figure("import pulumi_netscaler after import pulumi", min(float(run.stdout) for run in runs), "ms", 150)
