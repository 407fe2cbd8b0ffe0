# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Global server load balancing (PROTOCOL 20 #23, 21.3, 5.2)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro import catalogue

from .. import operations
from ..context import Context
from ..refusal import Refusal
from ..registry import before, command, shown
from ..rules import accepted
from ..table import Row, fold

DOMAINS = "gslbvserver_domain_binding"
GROUP = "gslbservicegroup"
IN_PLACE = ("weight", "publicip", "publicport", "siteprefix", "hashid", "order")
MEMBERS = "gslbservicegroup_gslbservicegroupmember_binding"


@before("bind", DOMAINS)
def bind_domain(ctx: Context, row: Row, changes: Row) -> None:
    """A domain belongs to one vserver (1842 [C:2])."""
    domain = str(row.get("domainname", "")).lower()
    if any(str(other.get("domainname", "")).lower() == domain for other in ctx.table(DOMAINS).by("domainname", domain)):
        raise Refusal(1842)


@before("bind", MEMBERS)
def bind_member(ctx: Context, row: Row, changes: Row) -> None:
    """The same member with the other state is a change, not a repetition (PROTOCOL 20 #23 [CPX])."""
    table = ctx.table(MEMBERS)
    existing = table.get(row)
    if existing is not None and existing.get("state", "ENABLED") != row.get("state", "ENABLED"):
        table.remove(existing)


@command("update", GROUP)
def update_group(ctx: Context, payload: Mapping[str, Any]) -> dict[str, Any]:
    """The group, or one member in place when ``servername`` is given, as of a service group (PROTOCOL 7.2: fields [D],
    effect [I])."""
    kind = catalogue.kind(GROUP)
    values = accepted(kind, payload, "update")
    if "servername" not in values:
        return {"_status": operations.update(ctx, kind, payload)}
    group = operations.locate(ctx, kind, values, ctx.call.name)
    changes = {name: values[name] for name in IN_PLACE if name in values}
    if not changes:
        raise Refusal(1094)
    _member(ctx, group["servicegroupname"], values).update(changes)
    return {}


def _member(ctx: Context, group: Any, values: Row) -> Row:
    """By its server, whose name is the address where nobody gave it one."""
    wanted = fold(None, values["servername"])
    for row in ctx.table(MEMBERS).of_parent(group):
        if wanted in (fold(None, row.get("servername")), fold(None, row.get("ip"))) and row["port"] == values.get(
            "port", row["port"]
        ):
            return row
    raise Refusal(258, "serverName", values["servername"])


@shown("gslbservice")
def show_service(ctx: Context, row: Row, out: Row) -> None:
    """``state`` follows the action on the service of its name (PROTOCOL 21.3 [L]); the rest is the health [I]."""
    out["svrstate"] = "OUT OF SERVICE" if out.get("state") != "ENABLED" else "DOWN"
    out["gslb"] = "REMOTE"


@shown("gslbsite")
def show_site(ctx: Context, row: Row, out: Row) -> None:
    """A site of this appliance is active [I]."""
    out.update({"status": "ACTIVE", "version": "0", "persistencemepstatus": "DISABLED"})


@shown(MEMBERS)
def show_member(ctx: Context, row: Row, out: Row) -> None:
    """``state`` as bound. A member bound by its address has a server of that name (PROTOCOL 7.1 [L] for service groups)."""
    out["state"] = row.get("state", "ENABLED")
    out.setdefault("servername", row.get("ip"))
    out["svrstate"] = "OUT OF SERVICE" if out["state"] == "DISABLED" else "DOWN"
