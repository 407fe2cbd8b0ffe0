# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Do a plan: layer by layer, in batches, and report what became of every step. Never "probably".

``on_error``: "stop" tries nothing after the layer with the failure, "continue" goes on with everything that does not depend
on it, "undo" stops and takes back what was done. The configuration is saved once, last, and only if something changed.
"""

from __future__ import annotations

from . import wire
from .batch import ITEMS
from .errors import NitroError, OutcomeUnknown
from .outcome import Item, Outcome
from .plan import Plan
from .run import Progress, Run
from .session import Session
from .undo import inverses

__all__ = ["Item", "Outcome", "apply"]
ON_ERROR = ("stop", "continue", "undo")


def apply(
    session: Session, plan: Plan, *, on_error: str = "stop", save: bool = False, progress: Progress = None, batch: int = ITEMS
) -> Outcome:
    """Do ``plan``. Failures of the appliance are in the outcome, none is raised.

    ``progress`` is called with (steps finished, steps in all, what was done last); ``batch`` is how many objects go into one
    request.
    """
    if on_error not in ON_ERROR:
        raise ValueError(f"on_error is one of {', '.join(ON_ERROR)}, not {on_error!r}")
    run = Run(session, plan.changes, keep_going=on_error == "continue", progress=progress, items=batch)
    run.all()
    undone: list[Item] = []
    if on_error == "undo" and not all(item.ok for item in run.items):
        undone = _undo(session, run)
    outcome = Outcome(tuple(run.items), tuple(undone), warnings=tuple(dict.fromkeys(run.warnings)), error=run.error)
    if not (save and outcome.changed):
        return outcome
    problem = _save(session)
    return Outcome(outcome.items, outcome.undone, not problem, problem, outcome.warnings, outcome.error)


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
