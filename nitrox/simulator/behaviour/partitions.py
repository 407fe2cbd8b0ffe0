# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Admin partitions: made in the default one, entered by a switch of the session (PROTOCOL 14)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro import catalogue

from .. import operations
from ..appliance import DEFAULT_PARTITION
from ..context import Context
from ..refusal import Refusal
from ..registry import after, before, command, shown
from ..table import Row
from .access import SUPERUSER


def _same(left: Any, right: Any) -> bool:
    return str(left).lower() == str(right).lower()


@command("add", "nspartition")
def add_partition(ctx: Context, payload: Mapping[str, Any]) -> dict[str, Any]:
    """A name that exists is 2753 [D] (that it is not 273 is [I])."""
    name = next((value for key, value in payload.items() if key.lower() == "partitionname"), None)
    if not ctx.call.flag("idempotent") and name is not None and ctx.table("nspartition").named(name):
        raise Refusal(2753)
    return {"_status": operations.add(ctx, catalogue.kind("nspartition"), payload, idempotent=ctx.call.flag("idempotent"))}


@before("add", "nspartition")
def number(ctx: Context, row: Row, changes: Row) -> None:
    """Partitions are numbered."""
    row["partitionid"] = max((int(other.get("partitionid", 0)) for other in ctx.table("nspartition")), default=0) + 1


@before("delete", "nspartition")
def delete_partition(ctx: Context, row: Row, changes: Row) -> None:
    """Not the default one (2758), and not while a session is in it (2757) [D]."""
    if row.get("_builtin"):
        raise Refusal(2758)
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
    if ctx.session.username != SUPERUSER and not _bound(ctx, str(row["partitionname"])):
        raise Refusal(2138)
    ctx.session.partition = str(row["partitionname"])
    ctx.appliance.partition(ctx.session.partition)
    return {"_unchanged": True}


def _bound(ctx: Context, partition: str) -> bool:
    """Is the session's user, or one of its groups, bound to the partition? Superusers go everywhere [I]."""
    user = ctx.session.username
    groups = [row["groupname"] for row in ctx.table("systemgroup_systemuser_binding").by("username", user)]
    bound = ctx.table("systemuser_nspartition_binding").of_parent(user)
    bound += [row for group in groups for row in ctx.table("systemgroup_nspartition_binding").of_parent(group)]
    policies = ctx.table("systemuser_systemcmdpolicy_binding").of_parent(user)
    return any(_same(row["partitionname"], partition) for row in bound) or any(
        _same(row["policyname"], "superuser") for row in policies
    )


@shown("nspartition")
def show_partition(ctx: Context, row: Row, out: Row) -> None:
    """Which one is the default, which one is the session's."""
    name = row["partitionname"]
    if _same(name, ctx.session.partition):
        out["partitiontype"] = "Current Partition"
    elif _same(name, DEFAULT_PARTITION):
        out["partitiontype"] = "Default Partition"
