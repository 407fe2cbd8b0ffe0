# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Servers (PROTOCOL 7.1, 7.2, 7.5, exchanges D1–D3)."""

from __future__ import annotations

from collections.abc import Mapping
from ipaddress import ip_address
from typing import Any

from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro import catalogue

from ..context import Context
from ..operations import locate
from ..refusal import Refusal
from ..registry import after, before, command, shown, view
from ..rules import accepted
from ..table import Row
from . import health

USERS = (health.MEMBERS, "service", "gslbservice", "gslbservicegroup_gslbservicegroupmember_binding")


def check_ip(name: str, value: Any) -> str:
    """The address in its canonical form; 1110 for what is none."""
    try:
        return str(ip_address(str(value).strip()))
    except ValueError:
        raise Refusal(1110, name, value) from None


def server_for(ctx: Context, ip: str, td: Any = 0) -> Row:
    """The server with that address; it is made, and named after the address, when there is none (PROTOCOL 7.1 [L])."""
    for server in ctx.table("server").by("ipaddress", ip):
        if str(server.get("td", 0)) == str(td):
            return server
    row: Row = {"name": ip, "ipaddress": ip, "_implicit": True, "_since": ctx.now()}
    if str(td) != "0":
        row["td"] = td
    taken = ctx.find("server", ip)
    if taken is not None and str(taken.get("td", 0)) == str(td):
        raise Refusal(433)
    return ctx.table("server").put(row)


def users(ctx: Context, name: Any) -> list[Row]:
    """The services and members of a server."""
    return [row for kind in USERS for row in ctx.table(kind).by("servername", name)]


def drop_implicit(ctx: Context, name: Any) -> None:
    """A server that was made implicitly goes with its last user [I]."""
    server = ctx.find("server", name)
    if server is not None and server.get("_implicit") and not users(ctx, name):
        ctx.table("server").remove(server)


@before("add", "server")
def add_server(ctx: Context, row: Row, changes: Row) -> None:
    """By address or domain; an address belongs to one server of a traffic domain [I]."""
    if "ipaddress" in row and "domain" in row:
        raise Refusal(1092, "domain", "IPAddress")
    if "ipaddress" not in row and "domain" not in row:
        raise Refusal(1095, "IPAddress")
    if "ipaddress" in row:
        row["ipaddress"] = check_ip("ipAddress", row["ipaddress"])
        _check_free(ctx, row["ipaddress"], row.get("td", 0))
    row["_since"] = ctx.now()


def _check_free(ctx: Context, ip: str, td: Any) -> None:
    for other in ctx.table("server").by("ipaddress", ip):
        if str(other.get("td", 0)) == str(td):
            raise Refusal(273, "ipAddress", ip)


@before("update", "server")
def update_server(ctx: Context, row: Row, changes: Row) -> None:
    """The address may change (PROTOCOL 7.2); a domain stays a domain."""
    changes.pop("domainresolvenow", None)
    if "ipaddress" not in changes:
        return
    changes["ipaddress"] = check_ip("ipAddress", changes["ipaddress"])
    if "domain" in row:
        raise Refusal(278, "ipaddress")
    if changes["ipaddress"] != row.get("ipaddress"):
        _check_free(ctx, changes["ipaddress"], row.get("td", 0))


@after("update", "server")
def follow_address(ctx: Context, row: Row, changes: Row) -> None:
    """Services and members have the new address."""
    if "ipaddress" not in changes:
        return
    for kind in USERS:
        table = ctx.table(kind)
        for user in table.by("servername", row["name"]):
            table.remove(user)
            user["ip"] = row["ipaddress"]
            table.put(user)


@before("delete", "server")
def delete_server(ctx: Context, row: Row, wanted: Row) -> None:
    """One that services or members use stays (315) [I]."""
    if users(ctx, row["name"]):
        raise Refusal(315)


def _switch(kind_name: str) -> None:
    @command("enable", kind_name)
    def enable(ctx: Context, payload: Mapping[str, Any]) -> None:
        """Back in service."""
        row, _values = _switched(ctx, kind_name, payload, "enable")
        health.enter(ctx, row)

    @command("disable", kind_name)
    def disable(ctx: Context, payload: Mapping[str, Any]) -> None:
        """At once, or going out of service for ``delay`` seconds (exchange D3)."""
        row, values = _switched(ctx, kind_name, payload, "disable")
        health.leave(ctx, row, values.get("delay"), graceful=health.is_graceful(values))


_switch("server")
_switch("service")


def _switched(ctx: Context, kind_name: str, payload: Mapping[str, Any], verb: str) -> tuple[Row, Row]:
    kind = catalogue.kind(kind_name)
    values = accepted(kind, payload, verb)
    try:
        return locate(ctx, kind, values, ctx.call.name), values
    except Refusal:
        found = ctx.find("gslbservice", values.get("name", ctx.call.name)) if kind_name == "service" else None
        if found is None:  # a service of GSLB is switched by the name of this kind (PROTOCOL 21.3 [L])
            raise
        return found, values


@shown("server")
def show_server(ctx: Context, row: Row, out: Row) -> None:
    """``state`` is the administrative one."""
    health.show_times(ctx, row, out)
    out.pop("statechangetimemsec", None)
    out["state"] = row.get("state", "ENABLED")
    if "ipaddress" in row:
        for name in ("domainresolveretry", "querytype"):
            if name not in row:
                out.pop(name, None)


@view("server_service_binding")
def services_of(ctx: Context, name: Any) -> list[Row]:
    """The services of a server."""
    rows = list(ctx.table("service")) if name is None else ctx.table("service").by("servername", name)
    return [
        {
            "name": row["servername"],
            "servicename": row["name"],
            "serviceipaddress": row.get("ip", "0.0.0.0"),
            "serviceipstr": row.get("ip", "0.0.0.0"),
            "port": row.get("port", 0),
            "svctype": row["servicetype"],
            "svrstate": health.service_state(ctx, row),
        }
        for row in rows
    ]


@view("server_servicegroup_binding")
def groups_of(ctx: Context, name: Any) -> list[Row]:
    """The groups in which a server is a member: a row for each member."""
    table = ctx.table(health.MEMBERS)
    found = []
    for row in list(table) if name is None else table.by("servername", name):
        group = ctx.find("servicegroup", row["servicegroupname"]) or {}
        found.append(
            {
                "name": row["servername"],
                "servicegroupname": row["servicegroupname"],
                "serviceipaddress": row.get("ip", "0.0.0.0"),
                "serviceipstr": row.get("ip", "0.0.0.0"),
                "port": row.get("port", 0),
                "dup_port": row.get("port", 0),
                "svctype": group.get("servicetype"),
                "dup_svctype": group.get("servicetype"),
                "svrstate": health.member_state(ctx, row, group),
                "weight": row.get("weight", 1),
            }
        )
    return found
