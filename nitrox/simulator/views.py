# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Binding rows from either side: a relation is stored once, under one kind, and seen from both ends (PROTOCOL 21.2, 21.3)."""

from __future__ import annotations

from functools import cache
from typing import Any

from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro import catalogue
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.kind import Kind

from . import registry
from .context import Context
from .table import Row, fold

# One relation, two writable names: the first is read and written as the second (PROTOCOL 21.3 [L]).
SAME_RELATION = {
    "lbmonitor_service_binding": "service_lbmonitor_binding",
    "lbmonitor_servicegroup_binding": "servicegroup_lbmonitor_binding",
}
_SHORT = {"vserver"}  # a kind of its own in old releases, and a short name
# What SSL is bound to is the SSL side of these, and they are named in views (PROTOCOL 15 [D]; that the views are filled is [I]).
_SSL_SIDE = {
    **dict.fromkeys(("lbvserver", "csvserver", "vpnvserver", "authenticationvserver", "crvserver"), "sslvserver"),
    "service": "sslservice",
    "servicegroup": "sslservicegroup",
}


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
    for other in mirrors(kind.name):
        stored += _other_side(ctx, kind, catalogue.kind(other), name)
    return stored


@cache
def mirrors(name: str) -> tuple[str, ...]:
    """The kinds that store the relation which ``name`` shows: from the other side, or under a short old name."""
    kind = catalogue.kind(name)
    if name in SAME_RELATION:
        return (SAME_RELATION[name],)
    if not kind.view:
        return ()
    return tuple(other.name for other in _stored_kinds() if other.name != name and _same_relation(kind, other))


@cache
def listed_once(names: tuple[str, ...]) -> tuple[str, ...]:
    """Of the bindings in an umbrella those that are not the same rows again under a short old name."""
    whole = [name for name in names if not _short(name)]
    seen = {stored for name in whole for stored in (name, *mirrors(name))}
    return tuple(n for n in names if n in whole or not (_twin(n, names) or seen.intersection(mirrors(n))))


def _short(name: str) -> bool:
    kind = catalogue.kind(name)
    found = [catalogue.kind(stored) for stored in mirrors(name)]
    return kind.view and not any(stored.parent == kind.binds for stored in found) and (bool(found) or "gslb" in name)


def _twin(name: str, names: tuple[str, ...]) -> bool:
    """``gslbsite_service_binding`` beside ``gslbsite_gslbservice_binding``."""
    kind = catalogue.kind(name)
    return f"{kind.parent}_gslb{kind.binds}_binding" in names


@cache
def _stored_kinds() -> tuple[Kind, ...]:
    return tuple(k for k in catalogue.kinds() if k.parent and not k.view and not k.aggregate_of and k.name not in SAME_RELATION)


def _same_relation(kind: Kind, stored: Kind) -> bool:
    parent, bound = kind.parent or "", kind.binds or ""
    if stored.parent == parent and bound != stored.binds:
        return _stands_for(bound, stored.binds or "")
    return stored.binds == parent and (_stands_for(bound, stored.parent or "") or owns(kind, stored))


def owns(kind: Kind, stored: Kind) -> bool:
    """Is the relation stored under the SSL side of what ``kind`` shows?"""
    return (kind.parent or "").startswith("ssl") and _SSL_SIDE.get(kind.binds or "") == stored.parent


def _stands_for(short: str, name: str) -> bool:
    """Old kinds name what is bound by the end of its name: ``policy``, ``vserver``, ``global``, ``monitor``."""
    if short == "policybinding":  # of a policy label
        return name.endswith("policy")
    return name in (short, f"gslb{short}") or (short not in _whole_names() and name.endswith(short))


@cache
def _whole_names() -> frozenset[str]:
    return frozenset(catalogue.index()) - _SHORT


def _other_side(ctx: Context, kind: Kind, stored: Kind, name: Any) -> list[Row]:
    """The rows of ``stored`` that belong to the parent ``name`` of ``kind`` (to any parent for None)."""
    key = key_of(kind, stored)
    table = ctx.table(stored.name)
    rows_ = list(table) if name is None or kind.url_key is None or key is None else table.by(key, name)
    if owns(kind, stored):
        rows_ = [row for row in rows_ if ctx.find(kind.binds or "", row.get(stored.url_key or "")) is not None]
    return [mirror(kind, stored, row) for row in rows_]


def key_of(kind: Kind, stored: Kind) -> str | None:
    """The attribute of ``stored`` that holds the parent of ``kind``."""
    return stored.url_key if stored.parent == kind.parent else stored.bind_key


def mirror(kind: Kind, stored: Kind, row: Row) -> Row:
    """A row of ``stored`` as ``kind``, the other side, shows it."""
    out = {name: value for name, value in row.items() if name in kind.attributes}
    key = key_of(kind, stored)
    if kind.url_key and key:
        out[kind.url_key] = row.get(key)
    if stored.parent == kind.parent:
        other = row.get(stored.bind_key or "")
    else:
        other = row.get(stored.url_key) if stored.url_key else row.get("type", "")
    bound_key = kind.bind_key or next((a.name for a in kind if a.name in ("boundto", f"{kind.binds}name")), None)
    if "boundto" in kind.attributes and stored.parent != kind.parent:
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
