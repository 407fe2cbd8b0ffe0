# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Binding rows from either side: a relation is stored once, under one kind, and seen from both ends (PROTOCOL 21.2, 21.3)."""

from __future__ import annotations

from functools import cache
from typing import Any

from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro import catalogue
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.errors import UnknownKind
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.kind import Kind

from . import registry
from .context import Context
from .table import Row, fold

# One relation, two writable names: the first is read and written as the second (PROTOCOL 21.3 [L]).
SAME_RELATION = {
    "lbmonitor_service_binding": "service_lbmonitor_binding",
    "lbmonitor_servicegroup_binding": "servicegroup_lbmonitor_binding",
}
_OLD_NAMES = {"monitor": "lbmonitor", "vserver": "lbvserver", "global": ""}


def rows(ctx: Context, kind: Kind, name: Any) -> list[Row]:
    """The rows of a binding kind for one parent (all parents when ``name`` is None)."""
    if kind.name in registry.VIEW:
        return list(registry.VIEW[kind.name](ctx, name))
    source = registry.ROWS.get(kind.name)
    if source is not None:
        parent_key = kind.url_key or ""
        found: list[Row] = list(source(ctx))
        return found if name is None else [row for row in found if fold(None, row.get(parent_key)) == fold(None, name)]
    table = ctx.table(kind.name)
    stored = list(table) if name is None or kind.url_key is None else table.of_parent(name)
    for mirror in _mirrors(kind.name):
        stored += _reversed(ctx, kind, catalogue.kind(mirror), name)
    return stored


@cache
def _mirrors(name: str) -> tuple[str, ...]:
    """The kinds that store the relation which ``name`` shows from the other side."""
    kind = catalogue.kind(name)
    parent, bound = kind.parent or "", kind.binds or ""
    if not kind.view and name not in SAME_RELATION:
        return ()
    candidates = [f"{bound}_{parent}_binding", f"{_OLD_NAMES.get(bound, bound)}_{parent}_binding"]
    if bound == "global":
        candidates += [f"{parent.removesuffix('policy')}global_{parent}_binding", f"{_package(parent)}global_{parent}_binding"]
    if name in SAME_RELATION:
        candidates.append(SAME_RELATION[name])
    return tuple(dict.fromkeys(c for c in candidates if c != name and _writable(c)))


def _package(kind: str) -> str:
    return catalogue.index().get(kind, "")


def _writable(name: str) -> bool:
    try:
        return not catalogue.kind(name).view
    except UnknownKind:
        return False


def _reversed(ctx: Context, kind: Kind, stored: Kind, name: Any) -> list[Row]:
    key = kind.url_key or ""
    found = []
    for row in ctx.table(stored.name):
        mirrored = mirror(kind, stored, row)
        if name is None or fold(None, mirrored.get(key)) == fold(None, name):
            found.append(mirrored)
    return found


def mirror(kind: Kind, stored: Kind, row: Row) -> Row:
    """A row of ``stored`` as ``kind``, the other side, shows it."""
    out = {name: value for name, value in row.items() if name in kind.attributes}
    if kind.url_key and stored.bind_key:
        out[kind.url_key] = row.get(stored.bind_key)
    other = row.get(stored.url_key) if stored.url_key else row.get("type", "")
    bound_key = kind.bind_key or next((a.name for a in kind if a.name in ("boundto", f"{kind.binds}name")), None)
    if "boundto" in kind.attributes:
        out["boundto"] = _bound_to(kind, row, other)
    elif bound_key and bound_key != kind.url_key:
        out[bound_key] = other
    return out


def _bound_to(kind: Kind, row: Row, other: Any) -> str:
    """``boundto`` of a policy view: the bare name for cs policies, words for the others (PROTOCOL 21.3 [L])."""
    if kind.parent == "cspolicy":
        return str(other)
    point = str(row.get("bindpoint") or row.get("type") or "REQ_DEFAULT")
    direction = "RES" if point.upper().startswith("RES") else "REQ"
    if (kind.binds or "").endswith("global"):
        return f"{direction} {point}"
    return f"{direction} VSERVER {other}"
