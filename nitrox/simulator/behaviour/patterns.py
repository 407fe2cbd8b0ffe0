# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Pattern sets, data sets, string maps and URL sets (PROTOCOL 5.2, 7.6, 7.7, 21.3)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from ipaddress import IPv4Address, IPv6Address
from typing import Any

from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro import catalogue

from .. import operations
from ..context import Context
from ..refusal import Refusal
from ..registry import before, command, shown
from ..table import Row

PATTERNS, VALUES = "policypatset_pattern_binding", "policydataset_value_binding"
STRINGS = "policystringmap_pattern_binding"
_TYPES: dict[str, Callable[[str], object]] = {
    "ipv4": IPv4Address,
    "ipv6": IPv6Address,
    "number": int,
    "ulong": int,
    "double": float,
}


@before("bind", PATTERNS)
def bind_pattern(ctx: Context, row: Row, changes: Row) -> None:
    """A second time is 2867 [D]; without an index the next free one is taken."""
    table = ctx.table(PATTERNS)
    if table.get(row) is not None:
        raise Refusal(2867)
    _number(table.of_parent(row["name"]), row)


@before("bind", VALUES)
def bind_value(ctx: Context, row: Row, changes: Row) -> None:
    """A second time is 2883 [D]; the value must be of the set's type [I]."""
    table = ctx.table(VALUES)
    if table.get(row) is not None:
        raise Refusal(2883)
    owner = ctx.find("policydataset", row["name"]) or {}
    parse = _TYPES.get(str(owner.get("type", "")).lower(), str)
    for name in ("value", "endrange"):
        try:
            parse(str(row.get(name, row["value"])))
        except ValueError:
            raise Refusal(1097, name, row[name]) from None
    _number(table.of_parent(row["name"]), row)


def _number(others: list[Row], row: Row) -> None:
    if "index" not in row:
        row["index"] = max((int(other.get("index", 0)) for other in others), default=0) + 1


@before("bind", STRINGS)
def bind_string(ctx: Context, row: Row, changes: Row) -> None:
    """Binding a key again succeeds and replaces the row (PROTOCOL 21.3 [L])."""
    table = ctx.table(STRINGS)
    existing = table.get(row)
    if existing is not None:
        table.remove(existing)


@command("add", "policypatset", "policydataset")
def add_set(ctx: Context, payload: Mapping[str, Any]) -> dict[str, Any]:
    """The idempotent form is refused for a set that exists (PROTOCOL 7.7 [L], exchange F14)."""
    kind = catalogue.kind(ctx.kind)
    idempotent = ctx.call.flag("idempotent")
    if idempotent and ctx.table(kind.name).named(payload.get("name")):
        raise Refusal(1074, "set command not present for this resource")
    return {"_status": operations.add(ctx, kind, payload, idempotent=idempotent)}


@command("delete", "policyurlset", "policypatsetfile")
def delete_dressed_as_failure(ctx: Context, payload: Mapping[str, Any]) -> None:
    """It works, but answers 258 (PROTOCOL 7.6 [L])."""
    kind = catalogue.kind(ctx.kind)
    operations.delete(ctx, kind, payload)
    ctx.appliance.touch()
    raise Refusal(258, "name", payload.get("name", ""))


@shown(PATTERNS, VALUES)
def show_index(ctx: Context, row: Row, out: Row) -> None:
    """The index is text (exchange F15)."""
    out["index"] = str(row.get("index", ""))
