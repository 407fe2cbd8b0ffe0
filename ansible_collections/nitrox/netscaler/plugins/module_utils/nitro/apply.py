# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Do a plan: layer by layer, in batches, and report what became of every step. Never "probably".

``on_error``: "stop" tries nothing after the layer with the failure, "continue" goes on with everything that does not depend
on it, "undo" stops and takes back what was done. The configuration is saved once, last, and only if something changed.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from . import wire
from .batch import ITEMS
from .errors import NitroError, OutcomeUnknown, TargetChanged
from .outcome import Item, Outcome
from .plan import Plan
from .run import Progress, Run
from .session import Session
from .undo import inverses

if TYPE_CHECKING:
    from .journal import Journal

__all__ = ["Item", "Outcome", "apply"]
ON_ERROR = ("stop", "continue", "undo")


def apply(
    session: Session,
    plan: Plan,
    *,
    on_error: str = "stop",
    save: bool = False,
    progress: Progress = None,
    batch: int = ITEMS,
    journal: Journal | None = None,
) -> Outcome:
    """Do ``plan``. Failures of the appliance are in the outcome, none is raised.

    ``progress`` is called with (steps finished, steps in all, what was done last); ``batch`` is how many objects go into one
    request; ``journal`` keeps what is done, on disk.
    """
    if on_error not in ON_ERROR:
        raise ValueError(f"on_error is one of {', '.join(ON_ERROR)}, not {on_error!r}")
    keep_going = on_error == "continue"
    run = Run(session, plan.changes, keep_going=keep_going, progress=progress, items=batch, journal=journal)
    run.all()
    undone: list[Item] = []
    if on_error == "undo" and not all(item.ok for item in run.items) and not isinstance(run.error, TargetChanged):
        undone = _undo(session, run)
    outcome = Outcome(tuple(run.items), tuple(undone), warnings=tuple(dict.fromkeys(run.warnings)), error=run.error)
    if journal:
        journal.end("done" if outcome.ok else "failed, taken back" if undone and all(one.ok for one in undone) else "failed")
    return saved(session, outcome) if save else outcome


def saved(session: Session, outcome: Outcome) -> Outcome:
    """``outcome`` after saving the configuration, where something changed. Its ``save_error`` says why that failed."""
    if not outcome.changed:
        return outcome
    problem = _save(session)
    return replace(outcome, saved=not problem, save_error=problem)


def _undo(session: Session, run: Run) -> list[Item]:
    steps, impossible = inverses([item.change for item in run.items if item.ok])
    back = Run(session, steps, keep_going=True)
    back.all()
    return [*back.items, *impossible]


def _save(session: Session) -> str:
    """Save; "" or why it failed. Saving twice does no harm, so a lost answer is asked for again, once."""
    for last in (False, True):
        try:
            session.send(wire.save())
        except OutcomeUnknown as error:
            if last:
                return str(error)
        except NitroError as error:
            return str(error)
        else:
            return ""
    return ""
