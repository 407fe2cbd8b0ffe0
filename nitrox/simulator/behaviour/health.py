# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Is it up? The one place that decides the state of members, services and virtual servers (PROTOCOL 7.5).

Nothing is probed: what is enabled is UP, unless the control endpoint put ``_health: "DOWN"`` in a member's or service's row [I].
``_trofs_until`` (appliance clock) is the end of a delayed disable, ``_graceful`` lets it end with the last connection;
``_since`` is the last change.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterator

from ..connections import endpoint
from ..context import Context
from ..table import Row

UP, DOWN, OUT, GOING = "UP", "DOWN", "OUT OF SERVICE", "GOING OUT OF SERVICE"
MEMBERS = "servicegroup_servicegroupmember_binding"


def administrative(ctx: Context, *rows: Row | None) -> str | None:
    """OUT or GOING when one of the rows is disabled, else None. The first is the service or the member itself."""
    found = None
    for row in rows:
        if row is not None and row.get("state") == "DISABLED":
            if _over(ctx, row, rows[0]):
                return OUT
            found = GOING
    return found


def _over(ctx: Context, row: Row, itself: Row | None) -> bool:
    """Is the time of a disabled row over? A graceful one waits for its connections, with a delay not longer than that [D]."""
    left = clients(ctx, itself) if itself is not None and row.get("_graceful") else None
    if left is None:
        return ctx.now() >= float(row.get("_trofs_until", 0))
    return not left or ctx.now() >= float(row.get("_trofs_until", math.inf))


def clients(ctx: Context, row: Row) -> int | None:
    """The open connections of a service or member; None while nobody opened any: then a delay is waited for to its end [I]."""
    ledger = ctx.appliance.connections
    return ledger.at(ctx.session.partition, endpoint(row), ctx.now()) if ledger.used else None


def gone(ctx: Context, member: Row) -> bool:
    """A member that the Desired State API took out gracefully, and whose time or last connection is over (PROTOCOL 10 [D])."""
    if "_leaves_at" not in member:
        return False
    return ctx.now() >= float(member["_leaves_at"]) if not ctx.appliance.connections.used else _over(ctx, member, member)


def member_state(ctx: Context, member: Row, group: Row | None = None) -> str:
    """``svrstate`` of a group's member."""
    group = group or ctx.find("servicegroup", member["servicegroupname"])
    server = ctx.find("server", member.get("servername"))
    return administrative(ctx, member, group, server) or str(member.get("_health", UP))


def service_state(ctx: Context, service: Row) -> str:
    """``svrstate`` of a service."""
    server = ctx.find("server", service.get("servername"))
    return administrative(ctx, service, server) or str(service.get("_health", UP))


def members_of(ctx: Context, group: str) -> list[Row]:
    """The members of a group that are still there."""
    return [row for row in ctx.table(MEMBERS).of_parent(group) if not gone(ctx, row)]


def group_state(ctx: Context, group: Row) -> str:
    """``servicegroupeffectivestate``."""
    if group.get("state") == "DISABLED":
        return OUT
    states = [member_state(ctx, member, group) for member in members_of(ctx, group["servicegroupname"])]
    up = states.count(UP)
    if not up:
        return DOWN
    return UP if up == len(states) else "PARTIAL-UP"


def bound_states(ctx: Context, vserver: str) -> Iterator[str]:
    """The state of each service and member bound to a load balancing virtual server."""
    for row in ctx.table("lbvserver_service_binding").of_parent(vserver):
        service = ctx.find("service", row.get("servicename"))
        if service is not None:
            yield service_state(ctx, service)
    for row in ctx.table("lbvserver_servicegroup_binding").of_parent(vserver):
        group = ctx.find("servicegroup", row.get("servicegroupname"))
        if group is not None:
            for member in members_of(ctx, group["servicegroupname"]):
                yield member_state(ctx, member, group)


def lb_counts(ctx: Context, vserver: str) -> tuple[int, int]:
    """How many services and members are bound, and how many of them are up."""
    states = list(bound_states(ctx, vserver))
    return len(states), states.count(UP)


def lb_state(ctx: Context, vserver: Row) -> str:
    """``curstate`` of a load balancing virtual server."""
    return lb_state_of(vserver, *lb_counts(ctx, vserver["name"]))


def lb_state_of(vserver: Row, total: int, active: int) -> str:
    """The same, when what is bound has been counted. Below ``healththreshold`` per cent it is down."""
    if vserver.get("state") == "DISABLED":
        return OUT
    if not active or active * 100 // total < int(vserver.get("healththreshold", 0)):
        return DOWN
    return UP


def cs_state(ctx: Context, vserver: Row) -> str:
    """``curstate`` of a content switching virtual server: up by itself, unless it follows its targets [I]."""
    if vserver.get("state") == "DISABLED":
        return OUT
    if vserver.get("stateupdate", "DISABLED") == "DISABLED":
        return UP
    return UP if any(_target_up(ctx, name) for name in cs_targets(ctx, vserver["name"])) else DOWN


def cs_targets(ctx: Context, vserver: str) -> list[str]:
    """The names of the load balancing virtual servers that a content switching one sends to."""
    found = [row.get("lbvserver") for row in ctx.table("csvserver_lbvserver_binding").of_parent(vserver)]
    for row in ctx.table("csvserver_cspolicy_binding").of_parent(vserver):
        policy = ctx.find("cspolicy", row.get("policyname")) or {}
        action = ctx.find("csaction", policy.get("action")) or {}
        found.append(row.get("targetlbvserver") or action.get("targetlbvserver"))
    return list(dict.fromkeys(str(name) for name in found if name))


def _target_up(ctx: Context, name: str) -> bool:
    target = ctx.find("lbvserver", name)
    return target is not None and lb_state(ctx, target) == UP


def show_times(ctx: Context, row: Row, out: Row) -> None:
    """When the state last changed, in the four forms of a GET (PROTOCOL 8.3 [D])."""
    since = float(row.get("_since", ctx.appliance.started))
    out["statechangetimesec"] = time.asctime(time.gmtime(since))
    out["statechangetimemsec"] = str(int(since * 1000) % 1000)
    out["tickssincelaststatechange"] = str(max(0, int((ctx.now() - since) * 100)))


def leave(ctx: Context, row: Row, delay: object = None, *, graceful: bool = False) -> None:
    """Disable a row; with a delay, or gracefully, it is going out of service until then (PROTOCOL 7.5 [D])."""
    row["state"] = "DISABLED"
    row["_since"] = ctx.now()
    for name in ("_trofs_until", "_graceful"):
        row.pop(name, None)
    if delay:
        row["_trofs_until"] = ctx.now() + float(str(delay))
    if graceful:
        row["_graceful"] = True


def is_graceful(values: Row) -> bool:
    """Does the payload of a disable ask for it?"""
    return str(values.get("graceful", "NO")).upper() == "YES"


def enter(ctx: Context, row: Row) -> None:
    """Enable a row."""
    row["state"] = "ENABLED"
    row["_since"] = ctx.now()
    for name in ("_trofs_until", "_graceful", "_leaves_at"):
        row.pop(name, None)
