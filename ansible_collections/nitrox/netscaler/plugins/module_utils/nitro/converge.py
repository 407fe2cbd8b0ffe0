# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Observe, plan, apply: what every front calls."""

from __future__ import annotations

from . import owner as register
from .apply import apply
from .desired import Problem
from .document import Document
from .errors import InvalidDocument
from .objects import SecretChanged, nobody_knows
from .observe import observe
from .outcome import Outcome
from .plan import Plan, make_plan
from .replaced import replaced
from .restore import with_bindings
from .run import Progress
from .session import Session


def converge(
    session: Session,
    document: Document,
    *,
    check: bool = False,
    on_error: str = "stop",
    save: bool = False,
    owner: str | None = None,
    prune: bool = False,
    immutable: str = "refuse",
    replace: bool = False,
    progress: Progress = None,
) -> tuple[Plan, Outcome | None]:
    """Bring the appliance to ``document``; with ``check`` only say what would be done (no outcome then).

    With an ``owner`` the objects are registered on the appliance as its own, and ``prune`` deletes what it owns and the
    document no longer has. ``replace`` also unsets what the document does not name, see `replaced`. Raises before anything is
    written: `InvalidDocument` with every problem, or the error of a read. Failures of writes are in the outcome
    (`Outcome.failure` gives the exception for them).
    """
    if prune and owner is None:
        raise InvalidDocument([Problem("prune", "needs an owner: only what is registered as one's own is ever deleted")])
    known = register.read(session, owner) if owner is not None else None
    whole = register.with_pruned(document, known, prune=prune) if known else document
    secret_changed = known.secret_changed if known else nobody_knows
    plan = _planned(session, whole, immutable=immutable, replace=replace, secret_changed=secret_changed)
    if known:
        plan = register.registered(plan, whole, known)
    if check:
        return plan, None
    return plan, apply(session, plan, on_error=on_error, save=save, progress=progress)


def _planned(session: Session, document: Document, *, immutable: str, replace: bool, secret_changed: SecretChanged) -> Plan:
    observed = observe(session, document)
    whole = replaced(document, observed) if replace else document
    whole = with_bindings(session, whole, observed) if immutable == "recreate" else whole
    return make_plan(whole, observed, immutable=immutable, secret_changed=secret_changed)
