# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Global server load balancing (PROTOCOL 20 #23, 21.3, 5.2)."""

from __future__ import annotations

from ..context import Context
from ..refusal import Refusal
from ..registry import before, shown
from ..table import Row

DOMAINS = "gslbvserver_domain_binding"
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
    """``state`` as bound."""
    out["state"] = row.get("state", "ENABLED")
    out["svrstate"] = "OUT OF SERVICE" if out["state"] == "DISABLED" else "DOWN"
