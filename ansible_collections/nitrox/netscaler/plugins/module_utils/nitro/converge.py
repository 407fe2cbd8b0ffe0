# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Observe, plan, look again, apply: what every front calls."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import replace as dataclass_replace
from typing import TYPE_CHECKING, Any, NamedTuple

from . import owner as ownership
from .apply import apply, saved
from .batch import ITEMS
from .desired import Problem
from .document import Document
from .drain import drained
from .errors import Contended, InvalidDocument, TargetChanged
from .features import disabled
from .lease import Lease
from .objects import SecretChanged, nobody_knows
from .observe import observe
from .outcome import Item, Outcome
from .plan import Plan, make_plan, noted
from .register import Register
from .register import read as read_register
from .release import with_released
from .replaced import replaced
from .restore import remembering, with_bindings
from .run import Progress
from .session import Session

if TYPE_CHECKING:
    from .journal import Place

ROUNDS = 3  # of apply, each after a restart or failover in the one before
LOOKS = 5  # how often a target that changes under our hands is planned anew


class Wish(NamedTuple):
    """What somebody wants of an appliance, see `converge`."""

    document: Document
    owner: str | None = None
    prune: bool = False
    adopt: bool = False
    immutable: str = "refuse"
    replace: bool = False
    drain: int | None = None
    secret_changed: SecretChanged = nobody_knows


class Look(NamedTuple):
    """A plan as of one look at the appliance. ``steps`` are without the register's."""

    steps: Plan
    document: Document
    register: Register | None

    def agrees(self, other: Look) -> bool:
        """Both saw the same, as far as it matters."""
        return bool(self._seen() == other._seen())

    def _seen(self) -> Any:
        """What a GET shows of a row besides is not compared: counters and times change by themselves."""
        changes = [(one.verb, one.kind, one.key, one.before, one.after) for one in self.steps.changes]
        return changes, self.register and self.register.ours

    @property
    def plan(self) -> Plan:
        """The whole plan."""
        return ownership.registered(self.steps, self.document, self.register) if self.register else self.steps


def converge(
    session: Session,
    document: Document,
    *,
    check: bool = False,
    on_error: str = "stop",
    save: bool = False,
    owner: str | None = None,
    prune: bool = False,
    adopt: bool = False,
    immutable: str = "refuse",
    replace: bool = False,
    drain: int | None = None,
    secret_changed: SecretChanged = nobody_knows,
    journal: Place | None = None,
    progress: Progress = None,
    batch: int = ITEMS,
) -> tuple[Plan, Outcome | None]:
    """Bring the appliance to ``document``; with ``check`` only say what would be done (no outcome then).

    With an ``owner`` the objects are registered on the appliance as its own, ``prune`` deletes what it owns and the document
    no longer has, ``adopt`` takes over what others made. ``replace`` also unsets what the document does not name, see
    `replaced`. ``drain``: what is removed may finish its connections for so many seconds. Which secrets changed is told by
    the register of the owner, without one by ``secret_changed``. ``journal`` is where to keep a journal for `rollback`;
    ``progress`` and ``batch`` as for `apply`.

    Where something is to be written the appliance is read once more right before, and a target that has changed leads to a
    new plan, also when it restarts or fails over in between. Of two with one owner the second waits for the first.

    Raises before anything is written: `InvalidDocument` with every problem, `Contended`, or the error of a read. Failures of
    writes are in the outcome (`Outcome.failure` gives the exception for them).
    """
    wish = Wish(document, owner, prune, adopt, immutable, replace, drain, secret_changed)
    if owner is None and (prune or adopt):
        word = "prune" if prune else "adopt"
        raise InvalidDocument([Problem(word, "needs an owner: only what is registered as one's own is ever deleted or kept")])
    look = _look(session, wish)
    notes = disabled(session, look.steps, document)
    if check or not look.plan:
        return noted(look.plan, notes), None if check else Outcome()
    plan, outcome = _rounds(session, wish, look, on_error=on_error, journal=journal, progress=progress, batch=batch)
    return noted(plan, notes), saved(session, outcome) if save else outcome


def _rounds(session: Session, wish: Wish, look: Look, *, journal: Place | None, **how: Any) -> tuple[Plan, Outcome]:
    """Apply; where the target changed under it, once more with a new plan. What was done before counts, too."""
    done: tuple[Item, ...] = ()
    lease = Lease(session, wish.owner) if wish.owner is not None else None
    for left in reversed(range(ROUNDS)):
        try:
            plan, outcome = _round(session, wish, look, lease, journal=journal, **how)
        except TargetChanged:
            if not left:
                raise
            continue
        outcome = dataclass_replace(outcome, items=(*done, *outcome.items))
        if not isinstance(outcome.error, TargetChanged):
            break
        done = tuple(item for item in outcome.items if item.ok)
    return Plan(tuple(item.change for item in outcome.items), plan.notes), outcome


def _round(
    session: Session,
    wish: Wish,
    look: Look,
    lease: Lease | None,
    *,
    on_error: str,
    journal: Place | None,
    progress: Progress,
    batch: int,
) -> tuple[Plan, Outcome]:
    """Under the owner's lease look again and apply, all in one session."""
    with session.pinned(), lease or nullcontext():
        plan = _settled(session, wish, look)
        if journal or on_error == "undo":
            plan = remembering(session, plan)
        keeper = journal.opened(wish.document, plan.changes) if journal and plan else None
        tick = _renewing(lease, progress)
        return plan, apply(session, plan, on_error=on_error, progress=tick, batch=batch, journal=keeper)


def _look(session: Session, wish: Wish) -> Look:
    known = read_register(session, wish.owner) if wish.owner is not None else None
    document = ownership.with_pruned(wish.document, known) if known and wish.prune else wish.document
    observed = observe(session, document)
    if known:
        ownership.respected(document, observed, known, adopt=wish.adopt)
    document, observed = with_released(session, document, observed)
    whole = replaced(document, observed) if wish.replace else document
    whole = with_bindings(session, whole, observed) if wish.immutable == "recreate" else whole
    secret_changed = known.secret_changed if known else wish.secret_changed
    steps = make_plan(whole, observed, immutable=wish.immutable, secret_changed=secret_changed)
    return Look(steps if wish.drain is None else drained(steps, wish.drain), document, known)


def _settled(session: Session, wish: Wish, look: Look) -> Plan:
    """The plan on which two looks in a row agree."""
    for _again in range(LOOKS):
        latest = _look(session, wish)
        if latest.agrees(look):
            return latest.plan
        look = latest
    raise Contended("others keep changing what is to be changed; nothing was written, try again later")


def _renewing(lease: Lease | None, progress: Progress) -> Progress:
    if lease is None:
        return progress

    def tick(done: int, total: int, latest: str) -> None:
        lease.renew()
        if progress:
            progress(done, total, latest)

    return tick
