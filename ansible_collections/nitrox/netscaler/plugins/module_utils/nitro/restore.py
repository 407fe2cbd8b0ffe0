# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""What an object loses when it is deleted and created again: its bindings that the document does not manage."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from . import catalogue, wire
from .change import kept
from .desired import Desired, Rows
from .document import Document
from .errors import NotFound
from .kind import Kind
from .objects import Findings, Sorted
from .observe import Observed
from .session import Session


def with_bindings(session: Session, document: Document, observed: Observed) -> Document:
    """``document``, in which each object that has to be recreated also wants the rows back that are bound to it now.

    One request an object (its overview of all bindings), none where nothing is recreated.
    """
    doomed = {id(item) for item in document.objects if _is_recreated(item, observed)}
    if not doomed:
        return document
    return replace(document, objects=tuple(_restored(session, one) if id(one) in doomed else one for one in document.objects))


def _is_recreated(item: Desired, observed: Observed) -> bool:
    if not item.present or item.kind.is_binding or item.kind.switches or "add" not in item.kind.operations:
        return False
    values = observed.values(item.kind, item.key)
    return values is not None and bool(Sorted(item, values, Findings("recreate")).immutable)


def _restored(session: Session, item: Desired) -> Desired:
    kind, name = item.kind, str(item.values[str(item.kind.main_key)])
    if not kind.bindings:
        return item
    try:
        overview = session.send(wire.get(kind, name, umbrella=True)).payload.get(f"{kind.name}_binding") or {}
    except NotFound:
        return item
    rows = overview[0] if isinstance(overview, list) and overview else overview
    found = {binding.name: _rows(binding, rows[binding.name], name) for binding in _own(kind) if rows and binding.name in rows}
    return replace(item, bindings={**found, **item.bindings})


def _own(kind: Kind) -> Iterator[Kind]:
    """Binding kinds that are bound on this side."""
    for name in kind.bindings:
        binding = catalogue.kind(name)
        if "add" in binding.operations and not binding.view:
            yield binding


def _rows(binding: Kind, rows: Rows, parent: str) -> Rows:
    restored = [{**kept(binding, row), str(binding.url_key): parent} for row in rows]
    return tuple(row for row in restored if row.get(binding.bind_key or "") not in binding.automatic)
