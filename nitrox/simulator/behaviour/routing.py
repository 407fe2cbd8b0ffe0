# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""The routing process behind ``routerDynamicRouting`` (PROTOCOL 15 [C:1]): objects are kept, no protocol is spoken."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro import catalogue

from .. import operations
from ..context import Context
from ..refusal import Refusal
from ..registry import before, command, shown
from ..table import Row

ROUTERS = ("bgprouter", "ospfrouter", "ospf6router")


@command("update", *ROUTERS)
def enter(ctx: Context, payload: Mapping[str, Any]) -> dict[str, Any]:
    """Its shell enters a process that is there and starts one that is not: so does a PUT [I]. A client that takes the empty
    answer to its GET for an object sends one."""
    kind = catalogue.kind(ctx.kind)
    try:
        return {"_status": operations.update(ctx, kind, payload)}
    except Refusal as refusal:
        if refusal.code != 258:
            raise
    operations.add(ctx, kind, payload)
    return {}


@before("add", "bgprouter")
def one_process(ctx: Context, row: Row, changes: Row) -> None:
    """There is one BGP process, of one autonomous system [I]."""
    if len(ctx.table(ctx.kind)):
        raise Refusal(273)


@shown("iproute")
def show_route(ctx: Context, row: Row, out: Row) -> None:
    """A configured route is the best there is: nothing is learnt [I]."""
    out.update({"isBest": True, "type": "static"})
