# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Service groups and their members, bound one by one (PROTOCOL 6.4, 7.2, 7.5, exchanges E6–E13, F2–F4)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro import catalogue

from .. import operations
from ..context import Context
from ..refusal import Refusal
from ..registry import after, before, command, listed, shown, view
from ..rules import accepted
from ..table import Row, fold
from . import health
from .servers import check_ip, drop_implicit, server_for
from .services import check_removal, timeouts

GROUP, BOUND = "servicegroup", "lbvserver_servicegroup_binding"
IN_PLACE = ("weight", "serverid", "customserverid", "hashid", "order", "nameserver", "dbsttl")


@before("bind", health.MEMBERS)
def bind_member(ctx: Context, row: Row, changes: Row) -> None:
    """By address (which makes a server of that name) or by server; the port may be the group's (1505)."""
    group = ctx.find(GROUP, row["servicegroupname"]) or {}
    server: Row | None = None
    if "ip" in row:
        if group.get("autoscale") == "POLICY":
            raise Refusal(3779)
        row["ip"] = check_ip("IP", row["ip"])
        row["servername"] = server_for(ctx, row["ip"], group.get("td", 0))["name"]
    else:
        server = ctx.find("server", row["servername"])
        if server is None:
            raise Refusal(258, "serverName", row["servername"])
        row["servername"], row["ip"] = server["name"], server.get("ipaddress", "0.0.0.0")
        _check_autoscale(group, server)
    if "port" not in row and (server or {}).get("querytype") != "SRV":
        if "memberport" not in group:
            raise Refusal(1505)
        row["port"] = group["memberport"]
    row["_since"] = ctx.now()
    stored = ctx.table(health.MEMBERS).get(row)
    if stored is not None and health.gone(ctx, stored):
        ctx.table(health.MEMBERS).remove(stored)


def _check_autoscale(group: Row, server: Row) -> None:
    """Servers of SRV records need autoscale DNS (1504), policies need servers of a domain (3779) [D]."""
    if server.get("querytype") == "SRV" and group.get("autoscale") != "DNS":
        raise Refusal(1504)
    if group.get("autoscale") == "POLICY" and "domain" not in server:
        raise Refusal(3779)


@before("add", GROUP)
def add_group(ctx: Context, row: Row, changes: Row) -> None:
    """Scaled by policy, it needs the port of its members (1380 [D])."""
    if row.get("autoscale") == "POLICY" and "memberport" not in row:
        raise Refusal(1380)
    row["_since"] = ctx.now()


@before("unset", GROUP)
def unset_member(ctx: Context, row: Row, flagged: Row) -> None:
    """With ``servername`` the attributes of that member are meant (PROTOCOL 7.2)."""
    if "servername" not in flagged:
        return
    member = find_member(ctx, {**flagged, "servicegroupname": row["servicegroupname"]})
    for name in IN_PLACE:
        if name in flagged:
            member.pop(name, None)
    flagged.clear()


@listed(GROUP)
def include_members(ctx: Context, found: list[Row]) -> list[Row]:
    """``args=includemembers:true``: the group again for each member, with what identifies it (PROTOCOL 8.1 [D])."""
    if ctx.call.pairs("args").get("includemembers", "").lower() not in ("true", "yes"):
        return found
    rows: list[Row] = []
    for group in found:
        rows.append(group)
        for member in health.members_of(ctx, group["servicegroupname"]):
            shared: Row = {name: member[name] for name in ("ip", "port", "servername", "weight", "_since") if name in member}
            rows.append({**group, **shared})
    return rows


@before("unbind", health.MEMBERS)
def unbind_member(ctx: Context, row: Row, changes: Row) -> None:
    """Not while it is going out of service (1443 [D])."""
    if health.administrative(ctx, row) == health.GOING:
        raise Refusal(1443)


@after("unbind", health.MEMBERS)
def unbound_member(ctx: Context, row: Row, changes: Row) -> None:
    """A server that was made for it goes along [I]."""
    drop_implicit(ctx, row.get("servername"))


@view(health.MEMBERS)
def members(ctx: Context, name: Any) -> list[Row]:
    """The members that are still there."""
    table = ctx.table(health.MEMBERS)
    found = []
    for row in list(table) if name is None else table.of_parent(name):
        if health.gone(ctx, row):
            table.remove(row)
        else:
            found.append(row)
    return found


@shown(health.MEMBERS)
def show_member(ctx: Context, row: Row, out: Row) -> None:
    """Exchange E8 [L]."""
    out.update(
        {"weight": str(row.get("weight", 1)), "serverid": str(row.get("serverid", 0)), "hashid": str(row.get("hashid", 0))}
    )
    out["state"] = row.get("state", "ENABLED")
    out["svrstate"] = health.member_state(ctx, row)
    health.show_times(ctx, row, out)
    out.pop("statechangetimemsec", None)


def find_member(ctx: Context, values: Row) -> Row:
    """The member that ``servername`` and ``port`` name; 258 when there is none."""
    for row in ctx.table(health.MEMBERS).of_parent(values["servicegroupname"]):
        if fold(None, row["servername"]) == fold(None, values["servername"]) and row["port"] == values.get("port", row["port"]):
            return row
    raise Refusal(258, "serverName", values["servername"])


@command("update", GROUP)
def update_group(ctx: Context, payload: Mapping[str, Any]) -> dict[str, Any]:
    """The group, or one member in place when ``servername`` is given (exchange E13: fields [D], effect [I])."""
    kind = catalogue.kind(GROUP)
    values = accepted(kind, payload, "update")
    group = operations.locate(ctx, kind, values, ctx.call.name)
    if "servername" not in values:
        _check_member_fields(values)
        if values.get("autoscale", group.get("autoscale", "DISABLED")) != group.get("autoscale", "DISABLED"):
            raise Refusal(278, "autoscale")  # PROTOCOL 19 #10 [I]
        return {"_status": operations.update(ctx, kind, payload)}
    member = find_member(ctx, {**values, "servicegroupname": group["servicegroupname"]})
    changes = {name: values[name] for name in IN_PLACE if name in values}
    if not changes:
        raise Refusal(1094)
    member.update(changes)
    return {}


def _check_member_fields(values: Row) -> None:
    """What belongs to one member needs the member (1093 [I], as for a virtual server's weight)."""
    for name in ("weight", "serverid", "hashid", "order", "port"):
        if name in values and "monitor_name_svc" not in values:
            raise Refusal(1093, name, "serverName")


def _switch(verb: str) -> None:
    @command(verb, GROUP)
    def act(ctx: Context, payload: Mapping[str, Any]) -> None:
        """The group, or one member of it; with a delay it goes out of service (exchange E12 [D])."""
        kind = catalogue.kind(GROUP)
        values = accepted(kind, payload, verb)
        row = operations.locate(ctx, kind, values, ctx.call.name)
        if "servername" in values:
            row = find_member(ctx, {**values, "servicegroupname": row["servicegroupname"]})
        if verb == "enable":
            health.enter(ctx, row)
        else:
            health.leave(ctx, row, values.get("delay"), graceful=health.is_graceful(values))


_switch("enable")
_switch("disable")


@before("delete", GROUP)
def delete_group(ctx: Context, row: Row, wanted: Row) -> None:
    """Bound ones go too, unless the appliance is set otherwise; its members are noted for afterwards."""
    check_removal(ctx, ctx.table(BOUND).by("servicegroupname", row["servicegroupname"]))
    row["_servers"] = [member["servername"] for member in ctx.table(health.MEMBERS).of_parent(row["servicegroupname"])]


@after("delete", GROUP)
def deleted_group(ctx: Context, row: Row, wanted: Row) -> None:
    """Servers that were made for its members go along [I]."""
    for name in row["_servers"]:
        drop_implicit(ctx, name)


@shown(GROUP)
def show_group(ctx: Context, row: Row, out: Row) -> None:
    """State, and timeouts of its protocol."""
    client, server = timeouts(row.get("servicetype"))
    out.setdefault("clttimeout", client)
    out.setdefault("svrtimeout", server)
    out["state"] = row.get("state", "ENABLED")
    out["servicegroupeffectivestate"] = health.group_state(ctx, row)
    health.show_times(ctx, row, out)


@view("servicegroupbindings")
def vservers_of_group(ctx: Context, name: Any) -> list[Row]:
    """At least one row while the group exists (PROTOCOL 21.2 [L])."""
    found = []
    for group in ctx.table(GROUP) if name is None else ctx.table(GROUP).named(name):
        bound = ctx.table(BOUND).by("servicegroupname", group["servicegroupname"])
        base = {"servicegroupname": group["servicegroupname"], "state": group.get("state", "ENABLED")}
        base["svrstate"] = health.group_state(ctx, group)
        found += [{**base, "vservername": row["name"]} for row in bound] or [base]
    return found


@before("bind", BOUND)
def bind_group(ctx: Context, row: Row, changes: Row) -> None:
    """A weight needs a service's name (exchange F3 [L]); ``servicename`` may name the group, its weight is dropped (20 #9)."""
    if "servicegroupname" in row and "weight" in row:
        raise Refusal(1093, "weight", "serviceName")
    if "servicegroupname" not in row:
        row["servicegroupname"] = row.pop("servicename")
        row.pop("weight", None)
        again = ctx.table(BOUND).get(row)
        if again is not None:  # an identical request does not fail (PROTOCOL 20 #9 [CPX])
            ctx.table(BOUND).remove(again)
    group = ctx.find(GROUP, row["servicegroupname"])
    if group is None:
        raise Refusal(258, "serviceGroupName", row["servicegroupname"])
    row["servicegroupname"] = group["servicegroupname"]


@shown(BOUND)
def show_bound_group(ctx: Context, row: Row, out: Row) -> None:
    """Exchange F7 [D]: the name twice, no weight."""
    out.update({"stateflag": "536936464", "servicename": row["servicegroupname"]})
    out.pop("weight", None)
