# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""One document for many appliances, several at a time; what went wrong is told once for each cause, not for each appliance."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple, Optional

from .converge import converge
from .document import Document
from .errors import Contended, InvalidDocument, NitroError, NotReady, Unreachable
from .outcome import Outcome
from .plan import Plan
from .session import Session
from .target import Target

WORKERS = 16
PAUSE = 5.0  # seconds between two rounds of those that were not reached
SAMPLES = 3
Tick = Optional[Callable[[int, int], None]]  # appliances done, appliances in all


class Result(NamedTuple):
    """Of one appliance. ``error`` is what was raised, or what the outcome fails with."""

    plan: Plan | None = None
    outcome: Outcome | None = None
    error: NitroError | None = None

    @property
    def failure_class(self) -> str:
        """ "" where all is well; "?" for an invalid document, which has no class."""
        return "" if self.error is None else self.error.failure_class or "?"


class Condition(NamedTuple):
    """One cause, and everybody who has it. ``cause`` is the first one's message without what differs among them."""

    failure_class: str
    cause: str
    targets: tuple[str, ...]

    def __str__(self) -> str:
        shown = ", ".join(self.targets[:SAMPLES])
        more = len(self.targets) - SAMPLES
        count = f"{len(self.targets)} appliance{'s' * (len(self.targets) != 1)}"
        return f"class {self.failure_class}: {count} ({shown}{f' and {more} more' if more > 0 else ''}): {self.cause}"


def converge_all(
    targets: Sequence[Target],
    document: Document,
    *,
    wait: float = 0.0,
    workers: int = WORKERS,
    opened: Callable[[Target], Session] = Session,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
    tick: Tick = None,
    **how: Any,
) -> dict[str, Result]:
    """`converge` each of ``targets`` with the options ``how``: its first URL → its result. Raises nothing of theirs.

    Those that were not reached, not ready or busy are tried again for ``wait`` seconds; the others are done meanwhile.
    """
    found: dict[str, Result] = {}
    left = list(targets)
    ends = clock() + wait
    while left:
        with ThreadPoolExecutor(max_workers=workers) as pool:
            for target, result in zip(left, pool.map(lambda one: _one(one, document, opened, how), left), strict=True):
                found[target.urls[0]] = result
                if tick:
                    tick(sum(one.error is None for one in found.values()), len(targets))
        left = [one for one in left if isinstance(found[one.urls[0]].error, (Contended, NotReady, Unreachable))]
        if not left or clock() + PAUSE > ends:
            break
        sleep(PAUSE)
    return found


def conditions(results: Mapping[str, Result]) -> list[Condition]:
    """What is wrong, one entry for each cause, that of most appliances first; empty when all is well."""
    groups: dict[tuple[str, str], list[str]] = {}
    for url, result in results.items():
        if result.error is not None:
            groups.setdefault((result.failure_class, _cause(url, result.error)), []).append(url)
    listed = (Condition(*key, tuple(urls)) for key, urls in groups.items())
    return sorted(listed, key=lambda one: (-len(one.targets), one.failure_class))


def _one(target: Target, document: Document, opened: Callable[[Target], Session], how: Mapping[str, Any]) -> Result:
    try:
        with opened(target) as session:
            plan, outcome = converge(session, document, **how)
    except NitroError as error:
        return Result(error=error)
    return Result(plan, outcome, outcome.failure() if outcome else None)


def _cause(url: str, error: NitroError) -> str:
    """The message in one line, without addresses: two that are unreachable have one cause."""
    if isinstance(error, InvalidDocument):
        return "; ".join(str(problem) for problem in error.problems)
    hosts: Iterable[str] = (url, url.partition("://")[2])
    text = str(error).splitlines()[0]
    for host in hosts:
        text = text.replace(host, "it")
    return re.sub(r"https?://\S+", "it", text)
