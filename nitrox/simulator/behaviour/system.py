# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Sessions, users and what the box says of itself (PROTOCOL 2.4, 2.5, 8.5, 20 #21)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro import catalogue

from ..context import Context
from ..operations import locate
from ..refusal import Refusal
from ..registry import after, before, command, rows, shown
from ..rules import accepted
from ..session import LIMIT
from ..table import Row
from .nsconfig import stamp

VERSION = "NetScaler NS14.1: Build 51.80.nc, Date: Sep 30 2025, 10:31:36   (64-bit)"


@rows("systemsession")
def sessions(ctx: Context) -> list[Row]:
    """Who is logged in (PROTOCOL 2.5 [D])."""
    return [
        {
            "sid": session.sid,
            "username": session.username,
            "logintime": stamp(session.opened),
            "lastactivitytime": stamp(session.used),
            "expirytime": int(session.timeout - (ctx.now() - session.used)),
            "numofconnections": 1,
            "currentconn": session is ctx.session,
            "clienttype": session.client,
            "partitionname": session.partition,
        }
        for session in ctx.appliance.sessions
    ]


@command("kill", "systemsession")
def kill(ctx: Context, payload: Mapping[str, Any]) -> dict[str, Any]:
    """One by its number, or all but the own one; 449 for the own, 452 for an unknown one [D]."""
    values = accepted(catalogue.kind("systemsession"), payload, "kill")
    others = [session for session in ctx.appliance.sessions if session is not ctx.session]
    if not values.get("all"):
        wanted = values.get("sid")
        if wanted is None:
            raise Refusal(1095, "sid")
        if wanted == ctx.session.sid:
            raise Refusal(449)
        others = [session for session in others if session.sid == wanted]
        if not others:
            raise Refusal(452)
    for session in others:
        ctx.appliance.sessions.close(session)
    return {"_unchanged": True}


@before("add", "systemuser")
def add_user(ctx: Context, row: Row, changes: Row) -> None:
    """A user needs a password unless it is checked elsewhere (1095)."""
    if "password" not in row and str(row.get("externalauth", "ENABLED")).upper() == "DISABLED":
        raise Refusal(1095, "password")


@before("delete", "systemuser")
def delete_user(ctx: Context, row: Row, changes: Row) -> None:
    """nsroot stays [I]."""
    if row["username"] == "nsroot":
        raise Refusal(257)


@shown("systemuser")
def show_user(ctx: Context, row: Row, out: Row) -> None:
    """The password is absent, its hash is there (PROTOCOL 8.5)."""
    digest = hashlib.sha512(f"{row['username']}:{row.get('password', '')}".encode()).hexdigest()
    out.update({"hashedpassword": digest, "encrypted": True, "hashmethod": "SHA512"})
    out.setdefault("timeout", "900")


@command("unset", "systemparameter")
def unset_parameter(ctx: Context, payload: Mapping[str, Any]) -> None:
    """Generic, but what depends on it follows."""
    row = locate(ctx, catalogue.kind("systemparameter"), {})
    for name in payload:
        row.pop(name.lower(), None)
    _limit(ctx, row)


@after("update", "systemparameter")
def changed_parameter(ctx: Context, row: Row, changes: Row) -> None:
    """``maxclient`` is the number of sessions (PROTOCOL 2.5, 20 #16)."""
    _limit(ctx, row)


def _limit(ctx: Context, row: Row) -> None:
    ctx.appliance.sessions.limit = int(row.get("maxclient", LIMIT))


@shown("nsversion")
def show_version(ctx: Context, row: Row, out: Row) -> None:
    """A current build (exchange B4)."""
    out.update({"installedversion": True, "version": VERSION, "mode": "1"})


@shown("nshardware")
def show_hardware(ctx: Context, row: Row, out: Row) -> None:
    """A virtual appliance; ``cpufrequncy`` is spelled so (PROTOCOL 20 #21)."""
    out.update({"hwdescription": "NetScaler Virtual Appliance", "sysid": "450070", "cpufrequncy": 2400})
    out.update({"manufactureyear": 2025, "manufacturemonth": 9, "manufactureday": 30, "hostid": 305419896})
    out.update({"host": "0200c0000201", "serialno": "HE2H81UJ47", "encodedserialno": "9811000202010000"})
    out["netscaleruuid"] = "5b0c7f8e-2f4d-4c55-9d0a-6f1f0d0a0b0c"


@shown("nscapacity")
def show_capacity(ctx: Context, row: Row, out: Row) -> None:
    """PROTOCOL 20 #21 [C:3]."""
    out.update({"maxbandwidth": "10000", "minbandwidth": "10", "actualbandwidth": str(row.get("bandwidth", 1000))})
    out.setdefault("bandwidth", "1000")
    out.setdefault("edition", "Platinum")


@shown("nslicense")
def show_licence(ctx: Context, row: Row, out: Row) -> None:
    """Everything is licensed."""
    out.update({attribute.name: True for attribute in catalogue.kind("nslicense") if attribute.type == "boolean"})
    out.update({"isstandardlic": False, "isenterpriselic": False, "isplatinumlic": True, "cloudbridgeappliance": False})
    out.update(
        {"modelid": "10000", "licensingmode": "Local", "f_sslvpn_users": "1000", "f_ica_users": "0", "daystoexpiration": "365"}
    )
