# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""What an object loses when it is deleted: its bindings. They are read before, with one request a kind."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace

from . import catalogue
from .change import kept
from .desired import Desired, Rows
from .document import Document
from .errors import Rejected
from .kind import Kind
from .objects import Findings, Sorted
from .observe import Observed
from .plan import Plan
from .session import Session
from .sets import own_sets

Sets = Mapping[str, Rows]  # binding kind → rows that can be bound again


def with_bindings(session: Session, document: Document, observed: Observed) -> Document:
    """``document``, in which each object that has to be recreated also wants the rows back that are bound to it now."""
    named = (item for item in document.objects if item.kind.bindings and item.kind.main_key)
    doomed = [item for item in named if _is_recreated(item, observed)]
    if not doomed:
        return document
    names: dict[Kind, list[str]] = {}
    for item in doomed:
        names.setdefault(item.kind, []).append(_name(item))
    found = {kind: _bound(session, kind, several) for kind, several in names.items()}
    ids = {id(item) for item in doomed}
    objects = (
        replace(one, bindings={**found[one.kind][_name(one)], **one.bindings}) if id(one) in ids else one
        for one in document.objects
    )
    return replace(document, objects=tuple(objects))


def remembering(session: Session, plan: Plan) -> Plan:
    """``plan``, in which each deletion knows the rows that go with the object, so that it can be taken back."""
    names: dict[Kind, list[str]] = {}
    for change in plan.changes:
        kind = catalogue.kind(change.kind)
        if change.verb in ("delete", "replace") and kind.bindings and kind.main_key:
            names.setdefault(kind, []).append(change.key[0])
    if not names:
        return plan
    found = {kind.name: _bound(session, kind, several) for kind, several in names.items()}
    changes = [
        replace(one, rows=found[one.kind].get(one.key[0], {})) if one.verb in ("delete", "replace") and one.kind in found else one
        for one in plan.changes
    ]
    return replace(plan, changes=tuple(changes))


def _name(item: Desired) -> str:
    return str(item.values[str(item.kind.main_key)])


def _is_recreated(item: Desired, observed: Observed) -> bool:
    if not item.present or item.kind.is_binding or item.kind.switches or "add" not in item.kind.operations:
        return False
    values = observed.values(item.kind, item.key)
    return values is not None and bool(Sorted(item, values, Findings("recreate")).immutable)


def _bound(session: Session, kind: Kind, names: Collection[str]) -> dict[str, Sets]:
    """Name → everything that is bound to it and can be bound again."""
    umbrella = f"{kind.name}_binding"
    if not kind.bindings or umbrella not in catalogue.index():
        return {name: {} for name in names}
    try:
        rows = session.read_bindings(catalogue.kind(umbrella), names)
    except Rejected:
        return {name: {} for name in names}
    return {name: dict(_sets(kind, of, name)) for name, of in rows.items()}


def _sets(kind: Kind, rows: Collection[Mapping[str, Rows]], name: str) -> Iterator[tuple[str, Rows]]:
    for binding in own_sets(kind):
        found = [each for row in rows for each in row.get(binding.name, ())]
        if found:
            yield binding.name, _again(binding, found, name)


def _again(binding: Kind, rows: Collection[Mapping[str, object]], parent: str) -> Rows:
    restored = [{**kept(binding, row), str(binding.url_key): parent} for row in rows]
    return tuple(row for row in restored if row.get(binding.bind_key or "") not in binding.automatic)
