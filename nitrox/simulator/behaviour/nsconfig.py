# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Running and saved configuration: save, clear, diff, reboot, install (PROTOCOL 11, 15, 21.4)."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from typing import Any

from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro import catalogue

from .. import boot
from ..context import Context
from ..refusal import Refusal
from ..registry import command, shown
from ..rules import accepted
from ..table import Row, Store

# What each level of a clear leaves as it is; the rest goes back to the factory (PROTOCOL 11 [D]).
_FULL = {"interface", "nsip", "route", "systemuser", "nsconfig"}
_EXTENDED = _FULL | {"vlan", "hanode", "clusterinstance", "clusternode", "channel", "nsrpcnode", "systemfile", "nshostname"}
KEPT = {"full": _FULL, "extended": _EXTENDED, "basic": _EXTENDED | {"nsfeature", "nsmode"}}


def stamp(seconds: float) -> str:
    """A date as the appliance writes it: ``Tue Oct  6 12:51:41 2020`` (PROTOCOL 8.3 [L])."""
    return time.asctime(time.gmtime(seconds))


@shown("nsconfig")
def show_config(ctx: Context, row: Row, out: Row) -> None:
    """Unsaved changes, times, address, type (exchange B9 [D])."""
    appliance = ctx.appliance
    out.update(
        {
            "ipaddress": appliance.nsip,
            "netmask": "255.255.255.0",
            "primaryip": appliance.nsip if appliance.primary or appliance.peer is None else appliance.peer.nsip,
            "systemtype": "HA" if appliance.peer else "Stand-alone",
            "configchanged": ctx.session.partition in appliance.unsaved,
            "currentsytemtime": stamp(ctx.now()),
            "systemtime": str(int(ctx.now())),
            "lastconfigchangedtime": stamp(appliance.changed_at or appliance.started),
            "lastconfigsavetime": stamp(appliance.saved_at or appliance.started),
        }
    )


@command("save", "nsconfig")
def save(ctx: Context, payload: Mapping[str, Any]) -> dict[str, Any]:
    """The session's partition, or ``all``; 293 while another save is in progress (PROTOCOL 11, exchange B6 [L])."""
    accepted_all = payload.get("all")
    appliance = ctx.appliance
    if ctx.now() < appliance.saving_until:
        raise Refusal(293)
    appliance.save(None if accepted_all in (True, "true") else ctx.session.partition)
    return {"_unchanged": True}


@command("clear", "nsconfig")
def clear(ctx: Context, payload: Mapping[str, Any]) -> None:
    """Back to the factory but for what the level keeps; ``force`` is not needed over NITRO (PROTOCOL 21.4 [C:1])."""
    level = str(accepted(catalogue.kind("nsconfig"), payload, "clear").get("level", "")).lower()
    if level not in KEPT:
        raise Refusal(1095, "level")
    store, fresh = ctx.store, Store()
    boot.furnish(fresh, ctx.appliance.nsip, default=ctx.session.partition == "default")
    kept = {kind: rows for kind, rows in store.dump().items() if kind in KEPT[level]}
    store.load({**fresh.dump(), **kept})


@command("diff", "nsconfig")
def diff(ctx: Context, payload: Mapping[str, Any]) -> dict[str, Any]:
    """Lines that only one of saved and running configuration has (exchange B8: fields [D], text [I])."""
    accepted(catalogue.kind("nsconfig"), payload, "diff")
    partition = ctx.session.partition
    saved, running = _lines(ctx.appliance.saved.get(partition, {})), _lines(ctx.store.dump())
    text = [f"< {line}" for line in sorted(saved - running)] + [f"> {line}" for line in sorted(running - saved)]
    return {"nsconfig": {"response": "\n".join(text)}, "_unchanged": True}


def _lines(dump: Mapping[str, list[Row]]) -> set[str]:
    hidden = {attribute.name for kind in dump for attribute in catalogue.kind(kind) if attribute.secret}
    return {f"{kind} {json.dumps(_plain(row, hidden), sort_keys=True)}" for kind, rows in dump.items() for row in rows}


def _plain(row: Row, hidden: set[str]) -> Row:
    return {name: value for name, value in row.items() if name not in hidden and not name.startswith("_")}


@command("reboot", "reboot")
def reboot(ctx: Context, payload: Mapping[str, Any]) -> dict[str, Any]:
    """What is not saved is lost; 503 while it boots (PROTOCOL 15, exchange B11)."""
    accepted(catalogue.kind("reboot"), payload, "reboot")
    ctx.appliance.reboot()
    profiles = ctx.single("sslparameter")
    profiles["_profiles"] = profiles.get("defaultprofile") == "ENABLED"  # in force after save and reboot (PROTOCOL 20 #22)
    return {"_unchanged": True}


@command("shutdown", "shutdown")
def shutdown(ctx: Context, payload: Mapping[str, Any]) -> dict[str, Any]:
    """It stays away until somebody switches it on, which the control endpoint's reset does [I]."""
    ctx.appliance.off = True
    return {"_unchanged": True}


@command("install", "install")
def install(ctx: Context, payload: Mapping[str, Any]) -> dict[str, Any]:
    """Takes effect after save and reboot: warning 1120 (exchange B10 [D])."""
    if not accepted(catalogue.kind("install"), payload, "install").get("url"):
        raise Refusal(1095, "url")
    ctx.warn(1120)
    return {"_status": 201, "_unchanged": True}
