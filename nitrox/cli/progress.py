# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""How far it is: a bar on a terminal, elsewhere a line now and then. Short work shows nothing in a pipe: the outcome tells."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click

from .show import console

EVERY = 5.0  # seconds between two lines
Tick = Callable[[int, int, str], None]  # steps done, steps in all, the latest


@contextmanager
def progress(*, quiet: bool, clock: Callable[[], float] = time.monotonic) -> Iterator[Tick | None]:
    """A callback for `apply`, or None where nobody wants to see it."""
    out = console(stderr=True)
    if quiet:
        yield None
    elif out.is_terminal:
        with _bar() as tick:
            yield tick
    else:
        yield _lines(clock)


def _lines(clock: Callable[[], float]) -> Tick:
    last = [clock()]

    def tick(done: int, total: int, latest: str) -> None:
        if clock() - last[0] >= EVERY:
            last[0] = clock()
            click.echo(f"nitrox: {done} of {total} steps done: {latest}", err=True)

    return tick


@contextmanager
def _bar() -> Iterator[Tick]:
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeElapsedColumn

    columns = (BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), "{task.description}")
    with Progress(*columns, console=console(stderr=True), transient=True) as bar:
        task = bar.add_task("reading", total=None)

        def tick(done: int, total: int, latest: str) -> None:
            bar.update(task, completed=done, total=total, description=latest)

        yield tick
