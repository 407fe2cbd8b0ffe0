# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""What is to be deleted is let go of first: NITRO refuses to delete what is still bound (PROTOCOL 7.6)."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace

from .desired import Desired
from .document import Document
from .kind import Kind, Values
from .observe import Observed, own_names
from .session import Session
from .sets import own_sets, read_sets

Doomed = Mapping[str, Collection[str]]  # kind name → names


def with_released(session: Session, document: Document, observed: Observed) -> tuple[Document, Observed]:
    """Both, with the rows that bind what is to be deleted to objects that stay, as rows that are to be gone.

    Sets that the document manages lose such rows by themselves; the others of its objects are read here, and only where
    something is deleted that they can have.
    """
    doomed = _doomed(document, observed)
    holders = _holders(document, observed, doomed) if doomed else {}
    if not holders:
        return document, observed
    read = read_sets(session, {kind: tuple(of) for kind, of in holders.items()})
    rows = {(kind.name, name): own_names(kind, found) for kind, sets in read.items() for name, found in sets.items()}
    freed = [
        one
        for kind, of in holders.items()
        for name, path in of.items()
        for one in _freed(kind, rows[kind.name, name], doomed, path)
    ]
    return replace(document, objects=(*document.objects, *freed)), replace(observed, rows={**observed.rows, **rows})


def _doomed(document: Document, observed: Observed) -> Doomed:
    found: dict[str, set[str]] = {}
    for item in document.objects:
        going = not item.present and item.kind.main_key and not item.kind.switches and not item.kind.is_binding
        if going and observed.values(item.kind, item.key) is not None:
            found.setdefault(item.kind.name, set()).add(item.key[0])
    return found


def _holders(document: Document, observed: Observed, doomed: Doomed) -> dict[Kind, dict[str, str]]:
    """Binding kind → name of each object that stays and may have such rows → where the document has it."""
    found: dict[Kind, dict[str, str]] = {}
    for item in document.objects:
        if not item.present or not item.kind.main_key or observed.values(item.kind, item.key) is None:
            continue
        for kind in own_sets(item.kind):
            if kind.readable and kind.name not in item.bindings and _naming(kind, doomed):
                found.setdefault(kind, {})[item.key[0]] = item.path
    return found


def _naming(kind: Kind, doomed: Doomed) -> list[str]:
    return [a.name for a in kind if a.name in kind.keys and a.name != kind.url_key and doomed.keys() & set(a.ref)]


def _freed(kind: Kind, rows: Collection[Values], doomed: Doomed, path: str) -> Iterator[Desired]:
    for row in rows:
        for name in _naming(kind, doomed):
            if any(str(row.get(name)) in doomed.get(of, ()) for of in kind.attributes[name].ref):
                yield Desired(kind, {key: row[key] for key in kind.keys if row.get(key) is not None}, present=False, path=path)
