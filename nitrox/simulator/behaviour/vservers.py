# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Virtual servers of load balancing and content switching (PROTOCOL 7, 8.3, exchange C3)."""

from __future__ import annotations

from ..context import Context
from ..refusal import Refusal
from ..registry import after, before, shown
from ..table import Row
from . import health
from .servers import check_ip
from .services import DATAGRAM, timeouts

ADDRESSED = ("lbvserver", "csvserver", "crvserver", "vpnvserver", "authenticationvserver")


@before("add", *ADDRESSED)
def add_vserver(ctx: Context, row: Row, changes: Row) -> None:
    """1110 for what is no address; a backup must exist (430 [D]); an endpoint belongs to one virtual server (273 [I])."""
    _check(ctx, row)
    _check_endpoint(ctx, row)
    row["_since"] = ctx.now()


@before("update", *ADDRESSED)
def update_vserver(ctx: Context, row: Row, changes: Row) -> None:
    """Likewise. A load balancing one also takes the weight or order of what is bound to it (PROTOCOL 7.2: fields [D])."""
    if "servicename" in changes:
        _update_bound(ctx, row["name"], changes)
    elif ctx.kind == "lbvserver" and "weight" in changes:
        raise Refusal(1093, "weight", "serviceName")
    _check(ctx, changes)
    if "ipv46" in changes:
        _check_endpoint(ctx, {**row, **changes}, row)


def _check(ctx: Context, values: Row) -> None:
    if str(values.get("ipv46", "0")) not in ("0", ""):
        values["ipv46"] = check_ip("IP", values["ipv46"])
    backup = values.get("backupvserver")
    if backup and not any(ctx.find(kind, backup) for kind in (*ADDRESSED, "gslbvserver")):
        raise Refusal(430)


def _update_bound(ctx: Context, name: str, changes: Row) -> None:
    bound = changes.pop("servicename")
    values: Row = {key: changes.pop(key) for key in ("weight", "order") if key in changes}
    for kind, key in (("lbvserver_service_binding", "servicename"), ("lbvserver_servicegroup_binding", "servicegroupname")):
        row = ctx.table(kind).get({"name": name, key: bound})
        if row is not None:
            row.update(values)
            return
    raise Refusal(258, "serviceName", bound)


def _check_endpoint(ctx: Context, values: Row, itself: Row | None = None) -> None:
    """Two with the same address, port and transport in a traffic domain need listen policies to tell them apart."""
    ip, port = values.get("ipv46"), values.get("port", 0)
    if not port or ip in (None, "0.0.0.0", "::"):
        return
    for kind in ADDRESSED:
        for other in ctx.table(kind).by("ipv46", ip):
            if other is not itself and _endpoint(other) == _endpoint(values):
                raise Refusal(273, ip, port)


def _endpoint(values: Row) -> tuple[object, ...]:
    protocol = str(values.get("servicetype", "SSL"))
    transport = "udp" if protocol in DATAGRAM else "any" if protocol == "ANY" else "tcp"
    return values.get("port", 0), transport, str(values.get("td", 0)), values.get("listenpolicy", "NONE")


@after("enable", *ADDRESSED)
@after("disable", *ADDRESSED)
def switched(ctx: Context, row: Row, changes: Row) -> None:
    """The state has changed now."""
    row["_since"] = ctx.now()


@before("delete", "lbvserver")
def delete_lbvserver(ctx: Context, row: Row, wanted: Row) -> None:
    """What content switching sends to stays: 1371 for an action, 1409 for a binding [D]."""
    name = row["name"]
    if ctx.table("csaction").by("targetlbvserver", name):
        raise Refusal(1371)
    if ctx.table("csvserver_cspolicy_binding").by("targetlbvserver", name):
        raise Refusal(1409)
    if ctx.table("lbroute").by("gatewayname", name) or ctx.table("lbroute6").by("gatewayname", name):
        raise Refusal(2325)


@after("delete", *ADDRESSED)
def forget_backup(ctx: Context, row: Row, wanted: Row) -> None:
    """What it was the backup of has none any more [I]."""
    for kind in ADDRESSED:
        for other in ctx.table(kind).by("backupvserver", row["name"]):
            other.pop("backupvserver")
            ctx.table(kind).changed(other)


@shown("lbvserver")
def show_lbvserver(ctx: Context, row: Row, out: Row) -> None:
    """State and counts of what is bound (exchange C3 [L])."""
    total, active = health.lb_counts(ctx, row["name"])
    state = health.lb_state_of(row, total, active)
    backup = ctx.find("lbvserver", row["backupvserver"]) if state == health.DOWN and row.get("backupvserver") else None
    effective = health.lb_state(ctx, backup) if backup is not None else state
    out.update({"curstate": state, "effectivestate": effective, "totalservices": str(total), "activeservices": str(active)})
    out["health"] = str(active * 100 // total if total else 0)
    out["status"] = 1 if state == health.UP else 0
    if "HASH" in str(row.get("lbmethod", "")):
        out.setdefault("hashlength", "80")
        out.setdefault("netmask", "255.255.255.255")
    _show_common(ctx, row, out)


@shown("csvserver")
def show_csvserver(ctx: Context, row: Row, out: Row) -> None:
    """Up by itself."""
    out["curstate"] = health.cs_state(ctx, row)
    out["status"] = 1 if out["curstate"] == health.UP else 0
    _show_common(ctx, row, out)


@shown("vpnvserver", "authenticationvserver", "crvserver", "gslbvserver")
def show_vserver(ctx: Context, row: Row, out: Row) -> None:
    """Without anything bound to it, it is down [I]."""
    out["curstate"] = health.OUT if row.get("state") == "DISABLED" else health.DOWN
    health.show_times(ctx, row, out)


def _show_common(ctx: Context, row: Row, out: Row) -> None:
    out["clttimeout"] = str(row.get("clttimeout", timeouts(row.get("servicetype"))[0]))
    health.show_times(ctx, row, out)
    out["statechangetimeseconds"] = str(int(float(row.get("_since", ctx.appliance.started))))
