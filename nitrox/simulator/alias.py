# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Relations with two writable names, and names that stand for another kind: which kind stores a row (PROTOCOL 21.3, 20 #9)."""

from __future__ import annotations

from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro import catalogue
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.kind import Kind

from . import views
from .context import Context
from .siblings import by_policy
from .table import Row

_SERVICE, _GROUP = "lbvserver_service_binding", "lbvserver_servicegroup_binding"
_MONITOR_ENDS = {"servicename": "service_lbmonitor_binding", "servicegroupname": "servicegroup_lbmonitor_binding"}


def stored_as(ctx: Context, kind: Kind, row: Row) -> tuple[Kind, Row]:
    """The kind under which a row is stored, and the row as that kind spells it."""
    if kind.parent == "lbmonitor" and kind.name in views.SAME_RELATION:
        return _monitor(kind, row)
    if kind.name == _SERVICE and _names_group(ctx, row):
        return catalogue.kind(_GROUP), {key: value for key, value in row.items() if key != "weight"}
    if kind.name in views.SAME_RELATION:
        return _mirrored(kind, row)
    return by_policy(ctx, kind, row)


def _names_group(ctx: Context, row: Row) -> bool:
    """``bind lb vserver`` takes the name of a service or of a group."""
    name = row.get("servicename")
    return name is not None and ctx.find("service", name) is None and ctx.find("servicegroup", name) is not None


def _monitor(kind: Kind, row: Row) -> tuple[Kind, Row]:
    """A monitor may be bound to a service or a group by either of its two kinds."""
    end = next((name for name in _MONITOR_ENDS if row.get(name) not in (None, "")), None)
    if end is None:
        return _mirrored(kind, row)
    stored = catalogue.kind(_MONITOR_ENDS[end])
    moved = {name: value for name, value in row.items() if name in stored.attributes and name not in _MONITOR_ENDS}
    if "state" in row:
        moved["monstate"] = row["state"]
    moved.pop("state", None)
    return stored, {**moved, str(stored.url_key): row[end], "monitor_name": row.get("monitorname")}


def _mirrored(kind: Kind, row: Row) -> tuple[Kind, Row]:
    stored = catalogue.kind(views.SAME_RELATION[kind.name])
    mirrored = {name: value for name, value in row.items() if name in stored.attributes and name != kind.url_key}
    bound = next((row[name] for name in row if name != kind.url_key and name in kind.row_keys), None)
    mirrored[stored.url_key or ""] = bound
    mirrored[stored.bind_key or ""] = row.get(kind.url_key or "")
    return stored, mirrored
