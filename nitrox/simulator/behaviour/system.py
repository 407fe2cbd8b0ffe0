# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Sessions, users and what the box says of itself (PROTOCOL 2.4, 2.5, 8.5, 20 #21)."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from typing import Any

from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro import catalogue

from .. import operations
from ..context import Context
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


@command("add", "systemuser", "systemgroup")
def add_account(ctx: Context, payload: Mapping[str, Any]) -> dict[str, Any]:
    """A name that exists is 2631 for a user, 2632 for a group [D]."""
    kind = catalogue.kind(ctx.kind)
    values = accepted(kind, payload, "add")
    name = values.get(kind.url_key or "")
    if name is not None and ctx.table(kind.name).named(name):
        raise Refusal(2631 if kind.name == "systemuser" else 2632)
    return {"_status": operations.add(ctx, kind, payload)}


@before("add", "systemuser")
def add_user(ctx: Context, row: Row, changes: Row) -> None:
    """A user needs a password (1095)."""
    if not row.get("password"):
        raise Refusal(1095, "password")
    check_password(ctx, str(row["password"]))
    row["_changed"] = ctx.now()


@before("update", "systemuser")
def update_user(ctx: Context, row: Row, changes: Row) -> None:
    """A new password obeys the rules."""
    if "password" in changes:
        check_password(ctx, str(changes["password"]))
        row["_changed"] = ctx.now()


def check_password(ctx: Context, password: str) -> None:
    """Length (1079) and strength (1076) where ``systemparameter`` asks for them [D]."""
    rules = ctx.single("systemparameter")
    if len(password) < int(rules.get("minpasswordlen", 1)):
        raise Refusal(1079)
    strong = all(re.search(pattern, password) for pattern in ("[a-z]", "[A-Z]", "[0-9]", "[^A-Za-z0-9]"))
    if str(rules.get("strongpassword", "disabled")).lower() != "disabled" and not strong:
        raise Refusal(1076)


@command("delete", "systemuser")
def delete_account(ctx: Context, payload: Mapping[str, Any]) -> None:
    """2626 (404) for a user that does not exist [D]."""
    kind = catalogue.kind("systemuser")
    if not ctx.table(kind.name).named(payload.get("username", ctx.call.name)):
        raise Refusal(2626)
    operations.delete(ctx, kind, payload)


@after("delete", "systemuser")
def end_sessions(ctx: Context, row: Row, changes: Row) -> None:
    """A user that is gone is logged out [I]."""
    for session in ctx.appliance.sessions:
        if session.username == row["username"]:
            ctx.appliance.sessions.close(session)


@before("bind", "systemgroup_systemuser_binding")
def join_group(ctx: Context, row: Row, changes: Row) -> None:
    """Twice is 2633 [D]."""
    if ctx.table("systemgroup_systemuser_binding").get(row) is not None:
        raise Refusal(2633)


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


@shown("nsversion")
def show_version(ctx: Context, row: Row, out: Row) -> None:
    """A current build (exchange B4)."""
    out.update({"installedversion": True, "version": VERSION, "mode": "1"})


@shown("systemparameter")
def show_parameter(ctx: Context, row: Row, out: Row) -> None:
    """The number of sessions has a default [D]."""
    out.setdefault("maxclient", str(LIMIT))


@shown("nsrpcnode")
def show_rpc(ctx: Context, row: Row, out: Row) -> None:
    """Defaults of the node [I]."""
    out.setdefault("secure", "ON")
    out.setdefault("srcip", "*")


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
