# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Statistics of what is configured: virtual servers, services, groups, members, policies, interfaces.

Shapes and types: PROTOCOL 8.3 [V], 20 #20–21 [C:2, C:3], exchange C19 [D]. A named statistic of what is not there is
404/258 [I]. Which fields a type has is data, ``stat.json``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro import catalogue
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.kind import Kind

from .. import reading
from ..connections import endpoint
from ..context import Context
from ..refusal import Refusal
from ..registry import after, stat
from ..statistics import Flow, fields, flow, seed_of, still
from ..table import Row
from . import health

_MEAN, _SPREAD = 4, 40  # requests per second of one entity [I]
_CONNECTIONS = ("curclntconnections", "cursrvrconnections", "establishedconn", "svrestablishedconn")
_UP = ("UP", "PARTIAL-UP", "ENABLED")


@cache
def facts() -> dict[str, dict[str, Any]]:
    """``objects``: type → fields; ``fields``: sets of fields; ``entities``: type → where its columns come from."""
    found: dict[str, dict[str, Any]] = json.loads(Path(__file__).with_name("stat.json").read_text(encoding="utf-8"))
    return found


def refined(ctx: Context, found: list[Row]) -> list[Row]:
    """The rows that ``filter`` and ``args`` leave; of ``args`` what names a column, not the switches (detail, ntimes …)."""
    args = {name.lower(): value for name, value in ctx.call.pairs("args").items() if found and name.lower() in found[0]}
    found = [row for row in found if all(str(row[name]).lower() == value.lower() for name, value in args.items())]
    return reading.matching(ctx, found)


def projected(ctx: Context, row: Row) -> Row:
    """What ``attrs`` asks for."""
    wanted = {name.strip().lower() for name in ctx.call.query.get("attrs", "").split(",") if name.strip()}
    return {name: value for name, value in row.items() if name.lower() in wanted} if wanted else row


@stat(*facts()["entities"])
def entities(ctx: Context, name: str | None) -> list[Row]:
    """A list, also of one. Refused with 258 when it is not there."""
    type_ = ctx.call.type_name.lower()
    kind = catalogue.kind(type_)
    bare = Context(ctx.appliance, ctx.session, replace(ctx.call, type_name=type_, query={}))
    found = [entity(ctx, kind, row) for row in reading.select(bare, kind)]
    if ctx.call.flag("count"):
        return [{"__count": len(refined(ctx, found))}]
    found = refined(ctx, found)
    if ctx.call.flag("statbindings"):
        for row in found:
            row.update(_bound(ctx, type_, row))
    return [projected(ctx, row) for row in found]


@stat("servicegroupmember")
def members(ctx: Context, name: str | None) -> list[Row]:
    """The members of all groups, or of the one in ``args=servicegroupname:``, one of which may be picked by address or
    server and port."""
    args = {key.lower(): value for key, value in ctx.call.pairs("args").items()}
    wanted = args.get("servicegroupname", name)
    groups = ctx.table("servicegroup").named(wanted) if wanted else list(ctx.table("servicegroup"))
    if wanted and not groups:
        raise Refusal(258, "serviceGroupName", wanted)
    found = []
    for group in groups:
        for row in health.members_of(ctx, group["servicegroupname"]):
            if all(str(row.get(key, "")).lower() == args[key].lower() for key in ("ip", "servername", "port") if key in args):
                found.append(member(ctx, group, row))
    return [projected(ctx, row) for row in reading.matching(ctx, found)]


def entity(ctx: Context, kind: Kind, row: Row) -> Row:
    """The statistics of one object."""
    columns = facts()["entities"][kind.name]
    shown = reading.render(ctx, kind, row)
    name = str(row.get(kind.url_key or columns["name"], ""))
    state = next((str(shown[key]) for key in columns.get("state", ()) if shown.get(key)), "")
    out: Row = {columns["name"]: name}
    if "address" in columns:
        port = shown.get(columns["port"])
        out |= {"primaryipaddress": shown.get(columns["address"], "0.0.0.0"), "primaryport": int(port or 0)}
    if "type" in columns:
        out[columns.get("type_as", "type")] = shown.get(columns["type"], "")
    if columns.get("state"):
        out["state"] = state
    up = state in _UP or not columns.get("state")
    out |= fields(facts()["fields"][columns["fields"]], traffic(ctx, kind.name, name, up=up))
    return out | _more(ctx, kind.name, name, shown) | _live(ctx, out, (kind.name, name))


def _live(ctx: Context, out: Row, parts: tuple[str, ...]) -> Row:
    """The connections that a test opened; only where nobody opened any are they imagined [I]."""
    ledger = ctx.appliance.connections
    if not ledger.used:
        return {}
    count = str(ledger.at(ctx.session.partition, parts, ctx.now()))
    return {name: count for name in _CONNECTIONS if name in out}


def _more(ctx: Context, type_: str, name: str, shown: Mapping[str, Any]) -> Row:
    """What only one type has."""
    found = _MORE.get(type_)
    return found(ctx, name, shown) if found else {}


def _health(ctx: Context, name: str, _shown: Mapping[str, Any]) -> Row:
    """How much of a load balancing virtual server is up (PROTOCOL 20 #21)."""
    total, active = health.lb_counts(ctx, name)
    percent = str(active * 100 // total if total else 0)
    return {"vslbhealth": percent, "actsvcs": str(active), "inactsvcs": str(total - active)}


def _secured(ctx: Context, name: str, _shown: Mapping[str, Any]) -> Row:
    """The SSL side of a virtual server shows its address, type and state."""
    for type_ in ("lbvserver", "csvserver", "vpnvserver", "authenticationvserver", "crvserver"):
        row = ctx.find(type_, name)
        if row is not None:
            base = entity(ctx, catalogue.kind(type_), row)
            same = {key: base[key] for key in ("primaryipaddress", "primaryport", "type", "state")}
            return same | (_health(ctx, name, {}) if type_ == "lbvserver" else {})
    return {"primaryipaddress": "0.0.0.0", "primaryport": 0, "type": "SSL", "state": "DOWN"}


def _service(ctx: Context, name: str, shown: Mapping[str, Any]) -> Row:
    return {"maxclients": str(shown.get("maxclient", "0"))}


def _interface(ctx: Context, name: str, shown: Mapping[str, Any]) -> Row:
    state = "DOWN" if shown.get("state") == "DISABLED" else "UP"
    days, rest = divmod(int(ctx.now() - ctx.appliance.started), 86400)
    since = f"{days}.{rest // 3600:02}:{rest // 60 % 60:02}:{rest % 60:02}"
    times = {"curlinkuptime": since, "curlinkdowntime": "00:00:00"}
    return {"interfacealias": shown.get("ifalias", ""), "curlinkstate": state, "curintfstate": state, **times}


_MORE = {
    "lbvserver": _health,
    "sslvserver": _secured,
    "service": _service,
    "interface": _interface,
}


def member(ctx: Context, group: Row, row: Row) -> Row:
    """The statistics of one member; its name is ``group?server?port`` (PROTOCOL 20 #20 [C:2])."""
    address = row.get("ip") or (ctx.find("server", row.get("servername")) or {}).get("ipaddress", "0.0.0.0")
    port = int(row.get("port") or 0)
    name = f"{group['servicegroupname']}?{row.get('servername') or address}?{port}"
    state = health.member_state(ctx, row, group)
    out: Row = {"servicegroupname": name, "primaryipaddress": address, "primaryport": port}
    out |= {"servicetype": group.get("servicetype", ""), "state": state}
    moving = traffic(ctx, "servicegroupmember", name, up=state == health.UP)
    out |= fields(facts()["fields"]["servicegroupmember"], moving) | {"maxclients": str(group.get("maxclient", "0"))}
    return out | _live(ctx, out, endpoint(row))


def _bound(ctx: Context, type_: str, row: Row) -> Row:
    """``statbindings=yes``: services and members of a virtual server, members of a group (PROTOCOL 8.1 [D], 20 #20)."""
    if type_ == "servicegroup":
        groups = ctx.table("servicegroup").named(row["servicegroupname"])
        return _listed("servicegroupmember", [member(ctx, group, one) for group in groups for one in _members(ctx, group)])
    if type_ != "lbvserver":
        return {}
    service = catalogue.kind("service")
    services = [
        entity(ctx, service, found)
        for bound in ctx.table("lbvserver_service_binding").of_parent(row["name"])
        if (found := ctx.find("service", bound.get("servicename"))) is not None
    ]
    groups = [
        group
        for bound in ctx.table("lbvserver_servicegroup_binding").of_parent(row["name"])
        if (group := ctx.find("servicegroup", bound.get("servicegroupname"))) is not None
    ]
    listed = [member(ctx, group, one) for group in groups for one in _members(ctx, group)]
    return _listed("service", services) | _listed("servicegroupmember", listed)


def _members(ctx: Context, group: Row) -> list[Row]:
    return health.members_of(ctx, group["servicegroupname"])


def _listed(name: str, found: list[Row]) -> Row:
    return {name: found} if found else {}


def traffic(ctx: Context, type_: str, name: str, *, up: bool) -> Flow:
    """The traffic of one entity: none while it is not up, and none in the first seconds."""
    appliance = ctx.appliance
    seed = seed_of(name)
    key = (ctx.session.partition, type_, name.lower())
    seconds = appliance.activity.seconds(key, ctx.now(), appliance.started, up=up)
    moving = flow(seconds, _MEAN + seed % _SPREAD, seed)
    return moving if up else still(moving)


@after("add", *facts()["entities"])
def born(ctx: Context, row: Row, changes: Row) -> None:
    """An object counts from when it was added."""
    kind = catalogue.kind(ctx.kind)
    name = str(row.get(kind.url_key or "", "")).lower()
    _begin(ctx, ctx.kind, name)


@after("bind", health.MEMBERS)
def joined(ctx: Context, row: Row, changes: Row) -> None:
    """A member counts from when it was bound."""
    name = f"{row['servicegroupname']}?{row.get('servername') or row.get('ip')}?{int(row.get('port') or 0)}"
    _begin(ctx, "servicegroupmember", name.lower())


def _begin(ctx: Context, type_: str, name: str) -> None:
    key = (ctx.session.partition, type_, name)
    ctx.appliance.activity.births[key] = ctx.now()
    ctx.appliance.activity.served.pop(key, None)
