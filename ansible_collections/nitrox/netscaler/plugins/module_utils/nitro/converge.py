# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""From a document to an appliance that is as it says: read, plan, and (unless it is only checked) do it."""

from __future__ import annotations

from dataclasses import replace as with_
from typing import Optional

from . import owner as owners
from .apply import apply
from .desired import Desired
from .document import Document
from .objects import nobody_knows
from .observe import Observed, observe
from .outcome import Outcome
from .plan import Plan, make_plan
from .run import Progress
from .session import Session

Answer = tuple[Plan, Optional[Outcome]]


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
) -> Answer:
    """Bring the appliance to ``document``; the outcome is None when it was only checked.

    ``owner`` keeps a registry on the appliance, ``prune`` (which needs one) deletes what it has and the document does not.
    ``replace`` also unsets what the document does not name, as far as its default is known. Raises `InvalidDocument`, and
    the error of a read, before anything is written; what fails later is in the outcome (`Outcome.failure`).
    """
    if prune and not owner:
        raise ValueError("prune needs an owner: only what is registered can be known to be ours")
    secret_changed = nobody_knows
    if owner:
        registry = owners.read(session, owner)
        document = owners.owned(document, registry, prune=prune)
        secret_changed = registry.secret_changed
    observed = observe(session, document)
    if replace:
        document = replaced(document, observed)
    plan = make_plan(document, observed, immutable=immutable, secret_changed=secret_changed)
    if check:
        return plan, None
    return plan, apply(session, plan, on_error=on_error, save=save, progress=progress)


def replaced(document: Document, observed: Observed) -> Document:
    """``document`` with null for every attribute that it does not name, can be unset, and is not at its known default."""
    return with_(document, objects=tuple(_replaced(item, observed) for item in document.objects))


def _replaced(item: Desired, observed: Observed) -> Desired:
    kind = item.kind
    if not item.present or kind.is_binding or kind.switches:
        return item
    found = observed.values(kind, item.key)
    if found is None:
        return item
    blank = {
        attribute.name: None
        for attribute in kind
        if attribute.name not in item.values
        and attribute.default is not None
        and "unset" in attribute.on
        and not attribute.same(attribute.default, found.get(attribute.read_name))
    }
    return with_(item, values={**item.values, **blank})
