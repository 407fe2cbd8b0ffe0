# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Take back an apply from its journal, also one that was cut off.

What the journal does not know for certain is read back first. A step whose result is no longer there, because somebody has
changed it since, is left alone and named.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from .change import Change
from .doubt import settle
from .errors import NitroError
from .journal import Record
from .outcome import NOT_TRIED, Item, Outcome
from .run import Progress, Run
from .session import Session
from .undo import inverses

SINCE = "was changed since, and is left alone"


class Rollback(NamedTuple):
    """``steps`` go back, ``left`` cannot or must not be taken back, each with its reason."""

    steps: tuple[Change, ...]
    left: tuple[Item, ...]


def prepare(session: Session, record: Record) -> Rollback:
    """What it takes to undo ``record``. Only reads. Raises the error of a read that could not tell."""
    numbers = sorted(record.done | record.doubtful)
    changes = [record.changes[number] for number in numbers]
    verdicts = settle(session, changes)
    undone: list[Change] = []
    left: list[Item] = []
    for number, change, verdict in zip(numbers, changes, verdicts, strict=True):
        if isinstance(verdict, NitroError):
            raise verdict
        if verdict or (number in record.done and _made_again(change, record, numbers)):
            undone.append(change)
        elif number in record.done:
            left.append(Item(change, NOT_TRIED, 0, SINCE))
    steps, impossible = inverses(undone)
    return Rollback(tuple(steps), (*left, *impossible))


def roll_back(session: Session, prepared: Rollback, *, progress: Progress = None) -> Outcome:
    """Do it. Failures of the appliance are in the outcome."""
    run = Run(session, prepared.steps, keep_going=True, progress=progress)
    run.all()
    return Outcome((*run.items, *prepared.left), warnings=tuple(dict.fromkeys(run.warnings)), error=run.error)


def _made_again(change: Change, record: Record, numbers: Sequence[int]) -> bool:
    """What was deleted to be created again is there again; what was created and then changed on is not as created."""
    if change.verb not in ("replace", "rebind", "create", "unbind", "drain", "disable"):
        return False
    others = (record.changes[number] for number in numbers)
    return any(other is not change and other.kind == change.kind and other.key == change.key for other in others)
