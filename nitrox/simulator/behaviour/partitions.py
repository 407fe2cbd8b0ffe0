# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Admin partitions: made in the default one, entered by a switch of the session (PROTOCOL 14)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..appliance import DEFAULT_PARTITION
from ..context import Context
from ..refusal import Refusal
from ..registry import after, before, command
from ..table import Row


def _same(left: Any, right: Any) -> bool:
    return str(left).lower() == str(right).lower()


@before("add", "nspartition")
def add_partition(ctx: Context, row: Row, changes: Row) -> None:
    """Only from the default partition (2772 [D])."""
    if ctx.session.partition != DEFAULT_PARTITION:
        raise Refusal(2772)
    if _same(row["partitionname"], DEFAULT_PARTITION):
        raise Refusal(2753)
    row["partitionid"] = max((int(other.get("partitionid", 0)) for other in ctx.table("nspartition")), default=0) + 1


@before("delete", "nspartition")
def delete_partition(ctx: Context, row: Row, changes: Row) -> None:
    """Not while a session is in it (2757 [D])."""
    if any(_same(session.partition, row["partitionname"]) for session in ctx.appliance.sessions):
        raise Refusal(2757)


@after("delete", "nspartition")
def drop_configuration(ctx: Context, row: Row, changes: Row) -> None:
    """Its configuration goes with it."""
    ctx.appliance.partitions.pop(str(row["partitionname"]), None)


@command("switch", "nspartition")
def switch(ctx: Context, payload: Mapping[str, Any]) -> dict[str, Any]:
    """Only ``partitionname`` may be given (exchange I4 [L]); an unknown partition is 2755 [D]."""
    extra = next((name for name in payload if name.lower() not in ("partitionname", "force", "save")), None)
    if extra:
        raise Refusal(278, extra.lower())
    name = next((value for key, value in payload.items() if key.lower() == "partitionname"), None)
    if name is None:
        raise Refusal(1095, "partitionname")
    if _same(name, DEFAULT_PARTITION):
        ctx.session.partition = DEFAULT_PARTITION
        return {"_unchanged": True}
    row = ctx.appliance.partition().find("nspartition", name)
    if row is None:
        raise Refusal(2755)
    ctx.session.partition = str(row["partitionname"])
    ctx.appliance.partition(ctx.session.partition)
    return {"_unchanged": True}
