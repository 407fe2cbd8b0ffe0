# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""The pair: roles, forced failover, synchronisation (PROTOCOL 13)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro import catalogue

from ..appliance import Appliance
from ..context import Context
from ..operations import apply_changes
from ..refusal import Refusal
from ..registry import after, before, command, rows
from ..rules import accepted
from ..table import Row


@rows("hanode")
def nodes(ctx: Context) -> list[Row]:
    """Node 0 is the one that answers (PROTOCOL 13 [D]); peers that were added by hand follow."""
    own = ctx.table("hanode").get({"id": 0}) or {}
    found = [_node(ctx.appliance, 0, own)]
    if ctx.appliance.peer is not None:
        found.append(_node(ctx.appliance.peer, 1, {}))
    return found + [
        {"state": "UNKNOWN", "hastatus": "DOWN", **row} for row in ctx.table("hanode") if int(row["id"]) > len(found) - 1
    ]


def _node(appliance: Appliance, number: int, settings: Row) -> Row:
    defaults = {"hasync": "ENABLED", "haprop": "ENABLED", "hellointerval": 200, "deadinterval": 3}
    shown = {name: value for name, value in settings.items() if name != "hastatus" or value != "ENABLED"}
    state = "Primary" if appliance.primary else "Secondary"
    return {
        **defaults,
        "hastatus": "UP",
        **shown,
        "id": number,
        "name": appliance.name,
        "ipaddress": appliance.nsip,
        "state": state,
    }


@command("update", "hanode")
def update_node(ctx: Context, payload: Mapping[str, Any]) -> None:
    """Settings of node 0; they are not propagated (PROTOCOL 13 [D])."""
    kind = catalogue.kind("hanode")
    values = accepted(kind, payload, "update")
    number = int(values.get("id", ctx.call.name or 0))
    row = ctx.table("hanode").get({"id": number}) or (ctx.table("hanode").put({"id": 0}) if number == 0 else None)
    if row is None:
        raise Refusal(258, "id", number)
    apply_changes(ctx, kind, row, {name: value for name, value in values.items() if name != "id"})


@command("force", "hafailover")
def fail_over(ctx: Context, payload: Mapping[str, Any]) -> dict[str, Any]:
    """The roles swap and all sessions are gone; 363 on a stand-alone box (PROTOCOL 13 [D])."""
    if ctx.appliance.peer is None:
        raise Refusal(363)
    ctx.appliance.fail_over()
    return {"_unchanged": True}


@command("force", "hasync")
def synchronise(ctx: Context, payload: Mapping[str, Any]) -> dict[str, Any]:
    """The secondary gets the primary's configuration (PROTOCOL 13 [D])."""
    if ctx.appliance.peer is None:
        raise Refusal(363)
    values = accepted(catalogue.kind("hasync"), payload, "force")
    ctx.appliance.replicate(force=True)
    if str(values.get("save", "NO")).upper() == "YES":
        secondary = ctx.appliance.peer if ctx.appliance.primary else ctx.appliance
        secondary.saved = secondary.dump()
    return {"_unchanged": True}


@before("add", "hanode")
def add_node(ctx: Context, row: Row, changes: Row) -> None:
    """A peer has a number of its own and an address that is not this box's (278 [I])."""
    if str(row.get("ipaddress")) == ctx.appliance.nsip:
        raise Refusal(278, "ipaddress")


@after("add", "hanode")
def know_peer(ctx: Context, row: Row, changes: Row) -> None:
    """The peer's RPC node appears with it [D]."""
    ctx.table("nsrpcnode").put({"ipaddress": row["ipaddress"]})


@after("delete", "hanode")
def forget_peer(ctx: Context, row: Row, changes: Row) -> None:
    """And goes with it."""
    stored = ctx.find("nsrpcnode", row.get("ipaddress"))
    if stored is not None:
        ctx.table("nsrpcnode").remove(stored)


@command("join", "cluster")
def join(ctx: Context, payload: Mapping[str, Any]) -> dict[str, Any]:
    """Accepted; a cluster of simulated nodes is not formed (exchange I5 [D])."""
    accepted(catalogue.kind("cluster"), payload, "join", "add")
    return {"_status": 201, "_unchanged": True}
