# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""The Desired State API: the complete set of a group's members in one request (PROTOCOL 10, exchanges E2–E5)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro import catalogue

from ..context import Context
from ..refusal import Refusal
from ..registry import command, listed, view
from ..table import Row
from ..typed import convert
from . import health
from .servers import check_ip, drop_implicit, server_for

LIST = "servicegroup_servicegroupmemberlist_binding"
FIELDS = ("ip", "port", "weight", "state", "order")


@view(LIST)
def nothing(ctx: Context, name: Any) -> list[Row]:
    """The umbrella of a group has no rows of it."""
    return []


@listed(LIST)
def unreadable(ctx: Context, found: list[Row]) -> list[Row]:
    """It cannot be read (PROTOCOL 8.6 [L]); the code is [I]."""
    raise Refusal(1240)


def _group(ctx: Context, name: Any) -> Row:
    group = ctx.find("servicegroup", name)
    if group is None:
        raise Refusal(258, "serviceGroupName", name)
    if str(group.get("autoscale", "DISABLED")).upper() not in ("API", "CLOUD"):
        raise Refusal(257)
    return group


@command("add", LIST)
def hand_over(ctx: Context, payload: Mapping[str, Any]) -> None:
    """Bind what is new, update what differs, remove what is missing; 1442 names what could not be bound [D]."""
    given = {str(key).lower(): value for key, value in payload.items()}
    if given.get("servicegroupname") is None:
        raise Refusal(1095, "servicegroupname")
    group = _group(ctx, given["servicegroupname"])
    if not isinstance(given.get("members"), list):
        raise Refusal(1095, "members")
    wanted, failed = _checked(group, given["members"])
    table = ctx.table(health.MEMBERS)
    for row in table.of_parent(group["servicegroupname"]):
        if (row["ip"], row["port"]) not in wanted:
            _take_out(ctx, group, row)
    for (ip, _port), values in wanted.items():
        row = {
            "servicegroupname": group["servicegroupname"],
            "servername": server_for(ctx, ip, group.get("td", 0))["name"],
            **values,
        }
        stored = table.get(row)
        if stored is None:
            table.put({**row, "_since": ctx.now()})
        else:
            stored.update(values)
            for name in ("_leaves_at", "_trofs_until", "_graceful"):
                stored.pop(name, None)
    if failed:
        ctx.appliance.touch(ctx.session.partition)
        answer = {"servicegroupname": group["servicegroupname"], "failedmembers": failed}
        raise Refusal(1442, payload={LIST: answer})


def _checked(group: Row, members: list[Any]) -> tuple[dict[tuple[str, int], Row], list[Row]]:
    kind = catalogue.kind(health.MEMBERS)
    wanted: dict[tuple[str, int], Row] = {}
    failed: list[Row] = []
    for member in members:
        given = {str(key).lower(): value for key, value in member.items()} if isinstance(member, dict) else {}
        try:
            unknown = next((name for name in given if name not in FIELDS), None)
            if unknown or "ip" not in given or "port" not in given:
                raise Refusal(278, unknown or "members")
            values = {name: convert(kind.attributes[name], given[name]) for name in FIELDS if given.get(name) is not None}
            values["ip"] = check_ip("IP", values["ip"])
            if not 0 < values["port"] <= 65535:
                raise Refusal(1109, "port", 1)
            values.setdefault("state", "ENABLED")
            values.setdefault("weight", 1)
            wanted[values["ip"], values["port"]] = values
        except Refusal:
            failed.append({"ip": given.get("ip"), "port": given.get("port")})
    return wanted, failed


def _take_out(ctx: Context, group: Row, row: Row) -> None:
    """At once, or gracefully when the group says so (PROTOCOL 10 [D])."""
    if str(group.get("autodisablegraceful", "NO")).upper() == "YES":
        if "_leaves_at" not in row:
            delay = float(group.get("autodisabledelay", 0))
            health.leave(ctx, row, delay, graceful=True)
            row["_leaves_at"] = ctx.now() + delay
        return
    ctx.table(health.MEMBERS).remove(row)
    drop_implicit(ctx, row.get("servername"))


@command("delete", LIST)
def clear(ctx: Context, payload: Mapping[str, Any]) -> None:
    """All members go (exchange E5 [C:1])."""
    group = _group(ctx, payload.get("servicegroupname"))
    for row in ctx.table(health.MEMBERS).of_parent(group["servicegroupname"]):
        ctx.table(health.MEMBERS).remove(row)
        drop_implicit(ctx, row.get("servername"))
