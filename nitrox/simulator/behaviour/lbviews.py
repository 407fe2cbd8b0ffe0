# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Load balancing seen from its ends: members of a virtual server, what a monitor watches (PROTOCOL 6.2, 21.3)."""

from __future__ import annotations

from typing import Any

from ..context import Context
from ..refusal import Refusal
from ..registry import before, view
from ..table import Row
from . import health

# Only protocols that clearly cannot carry each other are refused (1304 [D]; which ones are is [I]).
_FAMILIES = {
    **dict.fromkeys(("HTTP", "SSL"), "web"),
    **dict.fromkeys(("TCP", "SSL_TCP"), "stream"),
    **dict.fromkeys(("UDP",), "datagram"),
    **dict.fromkeys(("DNS",), "name"),
}
_WATCHED = {
    "service": ("service_lbmonitor_binding", "name", "servicename"),
    "servicegroup": ("servicegroup_lbmonitor_binding", "servicegroupname", "servicegroupname"),
}


def _mismatch(vserver: Row | None, bound: Row | None) -> bool:
    ours = _FAMILIES.get(str((vserver or {}).get("servicetype")))
    theirs = _FAMILIES.get(str((bound or {}).get("servicetype")))
    return ours is not None and theirs is not None and ours != theirs


@before("bind", "lbvserver_service_binding")
def check_service_type(ctx: Context, row: Row, changes: Row) -> None:
    """A virtual server takes services of its own sort of protocol."""
    if _mismatch(ctx.find("lbvserver", row["name"]), ctx.find("service", row.get("servicename"))):
        raise Refusal(1304)


@before("bind", "lbvserver_servicegroup_binding")
def check_group_type(ctx: Context, row: Row, changes: Row) -> None:
    """Likewise for groups."""
    name = row.get("servicegroupname", row.get("servicename"))
    if _mismatch(ctx.find("lbvserver", row["name"]), ctx.find("servicegroup", name)):
        raise Refusal(1304)


@view("lbvserver_servicegroupmember_binding")
def members_of_vserver(ctx: Context, name: Any) -> list[Row]:
    """A row for each member of each group that is bound."""
    table = ctx.table("lbvserver_servicegroup_binding")
    found = []
    for bound in list(table) if name is None else table.of_parent(name):
        group = ctx.find("servicegroup", bound["servicegroupname"])
        if group is not None:
            found += [_member(ctx, bound, group, member) for member in health.members_of(ctx, group["servicegroupname"])]
    return found


def _member(ctx: Context, bound: Row, group: Row, member: Row) -> Row:
    return {
        "name": bound["name"],
        "servicegroupname": group["servicegroupname"],
        "ipv46": member.get("ip", "0.0.0.0"),
        "port": member.get("port", 0),
        "servicetype": group["servicetype"],
        "curstate": health.member_state(ctx, member, group),
        "weight": member.get("weight", 1),
        "dynamicweight": 0,
        "cookieipport": "",
        "vserverid": "",
        "preferredlocation": "",
    }


@view("lbmonbindings")
def monitors(ctx: Context, name: Any) -> list[Row]:
    """A monitor, with its type and state."""
    table = ctx.table("lbmonitor")
    rows = list(table) if name is None else table.named(name)
    return [{"monitorname": row["monitorname"], "type": row["type"], "state": row.get("state", "ENABLED")} for row in rows]


def _watched(ctx: Context, what: str, name: Any) -> list[Row]:
    kind, key, shown_key = _WATCHED[what]
    table = ctx.table(kind)
    found = []
    for row in list(table) if name is None else table.by("monitor_name", name):
        owner = ctx.find(what, row[key]) or {}
        out = {"monitorname": row["monitor_name"], shown_key: row[key], "servicetype": owner.get("servicetype")}
        out["monsvcstate" if what == "service" else "monstate"] = row.get("monstate", "ENABLED")
        if what == "service":
            out.update({"ipaddress": owner.get("ip"), "port": owner.get("port"), "svrstate": health.service_state(ctx, owner)})
        else:
            out["boundservicegroupsvrstate"] = owner.get("state", "ENABLED")
        found.append(out)
    return found


@view("lbmonbindings_service_binding")
def watched_services(ctx: Context, name: Any) -> list[Row]:
    """The services that a monitor watches."""
    return _watched(ctx, "service", name)


@view("lbmonbindings_servicegroup_binding")
def watched_groups(ctx: Context, name: Any) -> list[Row]:
    """The groups that a monitor watches."""
    return _watched(ctx, "servicegroup", name)
