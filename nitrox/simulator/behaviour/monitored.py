# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""What monitoring plugins ask of the configuration: backups in use, time synchronisation, ticket authorities.

The attributes are documented (grade D); that somebody reads them and how, is from check_netscaler [C:1]; the values are ours [I].
A test sets others through the control endpoint: ``_health`` of a ticket authority, ``response`` of ``ntpstatus``.
"""

from __future__ import annotations

from ..context import Context
from ..registry import shown
from ..statistics import seed_of
from ..table import Row
from . import health

_NTP_HEAD = "     remote           refid      st t when poll reach   delay   offset  jitter"
_STATE = {"lbvserver": health.lb_state, "csvserver": health.cs_state}


@shown("lbvserver", "csvserver")
def show_backup(ctx: Context, row: Row, out: Row) -> None:
    """``(Backup Active)`` while the backup does the work: the virtual server is down and its backup is up."""
    backup = ctx.find(ctx.kind, row["backupvserver"]) if row.get("backupvserver") and ctx.kind in _STATE else None
    if backup is None:
        return
    state = _STATE[ctx.kind]
    if state(ctx, row) != health.UP and state(ctx, backup) == health.UP:
        out["backupvserverstatus"] = "(Backup Active)"


@shown("servicegroup")
def show_monitoring(ctx: Context, row: Row, out: Row) -> None:
    """A group's monitors are on."""
    out.setdefault("monstate", "ENABLED")


@shown("ntpsync")
def show_synchronisation(ctx: Context, row: Row, out: Row) -> None:
    """Off on a factory-new box [I]."""
    out["state"] = row.get("state", "DISABLED")


@shown("ntpstatus")
def show_peers(ctx: Context, row: Row, out: Row) -> None:
    """The peers as ntpq prints them; the first is the one that is followed."""
    if "response" in row:
        return
    enabled = ctx.single("ntpsync").get("state") == "ENABLED"
    peers = [str(server.get("servername") or server.get("serverip")) for server in ctx.table("ntpserver")] if enabled else []
    lines = [_peer(name, "*" if number == 0 else "+") for number, name in enumerate(peers)]
    out["response"] = "\n".join([_NTP_HEAD, "=" * len(_NTP_HEAD), *lines]) + "\n"


def _peer(name: str, mark: str) -> str:
    seed = seed_of(name)
    offset, jitter = (seed % 1500) / 1000, (seed % 700) / 1000
    return f"{mark}{name[:15]:<15} .GPS.            1 u   33   64  377    0.230  {offset:7.3f} {jitter:7.3f}"


@shown("vpnglobal_staserver_binding", "vpnvserver_staserver_binding")
def show_authority(ctx: Context, row: Row, out: Row) -> None:
    """A ticket authority that answers has told its id; one that is down has none."""
    up = row.get("_health", health.UP) == health.UP
    out["staauthid"] = f"STA{seed_of(str(row.get('staserver'))):08X}0000" if up else ""
    out["stastate"] = health.UP if up else health.DOWN
