# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""How far it is: a bar on a terminal, nothing in a pipe (there the outcome names every step)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from .show import console

Tick = Callable[[int, int, str], None]  # steps done, steps in all, the latest


@contextmanager
def progress(*, quiet: bool) -> Iterator[Tick | None]:
    """A callback for `apply`, or None where nobody watches."""
    out = console(stderr=True)
    if quiet or not out.is_terminal:
        yield None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeElapsedColumn

    columns = (BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), "{task.description}")
    with Progress(*columns, console=out, transient=True) as bar:
        task = bar.add_task("reading", total=None)

        def tick(done: int, total: int, latest: str) -> None:
            bar.update(task, completed=done, total=total, description=latest)

        yield tick
