# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Bring an appliance to a document that is a resource: what another document dropped goes in the same plan."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro import converge as core
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.desired import Desired
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.document import Document
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.objects import SecretChanged
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.observation import Present
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.observe import observe
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.session import Session

from . import documents
from .job import unlike


def converge(
    session: Session,
    document: Document,
    gone: tuple[Desired, ...],
    options: dict[str, Any],
    secret_changed: SecretChanged,
    *,
    adopt: bool = False,
) -> None:
    """Do it in one plan. ``options``: owner, prune, immutable, on_error, save. Raises what is not as wanted afterwards.

    With an owner the appliance itself remembers which secrets were written, else ``secret_changed`` knows; and what exists
    and is not the owner's is refused unless ``adopt`` takes it over.
    """
    owner = str(options["owner"]) if options.get("owner") else None
    _plan, outcome = core.converge(
        session,
        replace(document, objects=(*document.objects, *gone)),
        owner=owner,
        prune=owner is not None and document.present and options.get("prune") is not False,
        adopt=owner is not None and adopt,
        immutable=str(options.get("immutable") or "refuse"),
        on_error=str(options.get("on_error") or "undo"),
        save=bool(options.get("save")),
        secret_changed=secret_changed,
    )
    failure = outcome.failure() if outcome else None
    if failure is not None:
        raise failure


def existing(session: Session, document: Document) -> frozenset[str]:
    """What of it is there already and not just what a create would have made: it was somebody else's before."""
    own = tuple(one for one in document.objects if one.kind.keys and not one.kind.is_binding and not one.kind.implicit)
    own = tuple(replace(one, bindings={}) for one in own if "delete" in one.kind.operations)
    if not own:
        return frozenset()
    observed = observe(session, Document(own, present=False))
    seen = ((one, observed.objects.get((one.kind.name, one.key))) for one in own)
    return frozenset(documents.label(one) for one, there in seen if isinstance(there, Present) and unlike(one, there.values))
