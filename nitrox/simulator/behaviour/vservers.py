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
from .services import timeouts

ADDRESSED = ("lbvserver", "csvserver", "crvserver", "vpnvserver", "authenticationvserver")


@before("add", *ADDRESSED)
def add_vserver(ctx: Context, row: Row, changes: Row) -> None:
    """1110 for what is no address; a backup must exist (430 [D])."""
    _check(ctx, row)
    row["_since"] = ctx.now()


@before("update", *ADDRESSED)
def update_vserver(ctx: Context, row: Row, changes: Row) -> None:
    """Likewise."""
    _check(ctx, changes)


def _check(ctx: Context, values: Row) -> None:
    if str(values.get("ipv46", "0")) not in ("0", ""):
        values["ipv46"] = check_ip("IP", values["ipv46"])
    backup = values.get("backupvserver")
    if backup and not any(ctx.find(kind, backup) for kind in (*ADDRESSED, "gslbvserver")):
        raise Refusal(430)


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


@shown("lbvserver")
def show_lbvserver(ctx: Context, row: Row, out: Row) -> None:
    """State and counts of what is bound (exchange C3 [L])."""
    total, active = health.lb_counts(ctx, row["name"])
    state = health.lb_state_of(row, total, active)
    out.update({"curstate": state, "effectivestate": state, "totalservices": str(total), "activeservices": str(active)})
    out["health"] = str(active * 100 // total if total else 0)
    out["status"] = 1 if state == health.UP else 0
    addressed = "ipv46" in row and row["ipv46"] not in ("0.0.0.0", "::")
    out["type"] = "ADDRESS" if addressed or "ippattern" not in row else "PATTERN"
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
