# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Running and saved configuration: save, clear, diff, reboot, install (PROTOCOL 11, 15, 21.4)."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro import catalogue

from .. import boot, commandline
from ..appliance import DEFAULT_PARTITION, ON_DISK
from ..context import Context
from ..refusal import Refusal
from ..registry import before, command, shown
from ..rules import accepted
from ..table import Row, Store

# What each level of a clear leaves as it is; the rest goes back to the factory (PROTOCOL 11 [D]). Files are no configuration.
_FULL = {"interface", "nsip", "route", "nsconfig", "nslicense", "nscapacity", "nspartition", *ON_DISK}
_EXTENDED = _FULL | {"vlan", "vlan_interface_binding", "vlan_nsip_binding", "hanode", "clusterinstance", "clusternode", "channel"}
_EXTENDED |= {
    "channel_interface_binding",
    "nsrpcnode",
    "nshostname",
    "systemuser",
    "route6",
    "nsip6",
    "ntpserver",
    "dnsnameserver",
}
KEPT = {"full": _FULL, "extended": _EXTENDED, "basic": _EXTENDED | {"nsfeature", "nsmode"}}
_ROLES = ("systemuser", "systemgroup", "systemcmdpolicy")  # kept as they are with rbaconfig NO
_ADDRESSES = {"full": ("NSIP",), "extended": ("NSIP", "SNIP", "CLIP"), "basic": ("NSIP", "SNIP", "CLIP")}


def stamp(seconds: float) -> str:
    """A date as the appliance writes it: ``Tue Oct  6 12:51:41 2020`` (PROTOCOL 8.3 [L])."""
    return time.asctime(time.gmtime(seconds))


@shown("nsconfig")
def show_config(ctx: Context, row: Row, out: Row) -> None:
    """Unsaved changes, times, address, type (exchange B9 [D])."""
    appliance = ctx.appliance
    out.update(
        {
            "ipaddress": row.get("ipaddress", appliance.nsip),  # as configured, before the reboot that needs it [I]
            "netmask": row.get("netmask", "255.255.255.0"),
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
    unknown = next((name for name in payload if name.lower() not in ("all", "async")), None)
    if unknown:
        raise Refusal(278, unknown.lower())
    accepted_all, appliance = payload.get("all"), ctx.appliance
    if ctx.now() < appliance.saving_until:
        raise Refusal(293)
    appliance.save(None if accepted_all in (True, "true") else ctx.session.partition)
    return {"_unchanged": True}


@command("clear", "nsconfig")
def clear(ctx: Context, payload: Mapping[str, Any]) -> None:
    """Back to the factory but for what the level keeps; ``force`` is not needed over NITRO (PROTOCOL 21.4 [C:1])."""
    values = accepted(catalogue.kind("nsconfig"), payload, "clear")
    level = str(values.get("level", "")).lower()
    if level not in KEPT:
        raise Refusal(1095, "level")
    fresh = Store()
    boot.furnish(fresh, ctx.appliance.nsip, default=ctx.session.partition == DEFAULT_PARTITION)
    with_roles = str(values.get("rbaconfig", "YES")).upper() == "NO"
    kept = {}
    for kind, rows in ctx.store.dump().items():
        if with_roles and kind.startswith(_ROLES):
            kept[kind] = rows
        elif kind in KEPT[level]:
            kept[kind] = [row for row in rows if _stays(kind, row, level)]
    ctx.store.load({**fresh.dump(), **kept})


def _stays(kind: str, row: Row, level: str) -> bool:
    if kind == "nsip":
        return str(row.get("type", "SNIP")).upper() in _ADDRESSES[level]
    if kind == "route" and level == "full":
        return str(row.get("network")) == "0.0.0.0"
    return kind != "systemuser" or row["username"] == "nsroot"


@before("update", "nsconfig")
def update(ctx: Context, row: Row, changes: Row) -> None:
    """Address, netmask and VLAN of the box change with a save and a reboot: warning 1120 [D]."""
    ctx.warn(1120)


@shown("nssavedconfig")
def show_saved(ctx: Context, row: Row, out: Row) -> None:
    """The text of ns.conf."""
    out["textblob"] = commandline.text(ctx.appliance.saved.get(ctx.session.partition, {}))


@shown("nsrunningconfig")
def show_running(ctx: Context, row: Row, out: Row) -> None:
    """The text that a save would write."""
    out["response"] = commandline.text(ctx.store.dump())


@command("diff", "nsconfig")
def diff(ctx: Context, payload: Mapping[str, Any]) -> dict[str, Any]:
    """Commands that only one of saved and running configuration has (exchange B8: fields [D], text [I])."""
    accepted(catalogue.kind("nsconfig"), payload, "diff")
    saved = list(commandline.lines(ctx.appliance.saved.get(ctx.session.partition, {})))
    running = list(commandline.lines(ctx.store.dump()))
    known, now = set(saved), set(running)
    text = [f"< {line}" for line in saved if line not in now] + [f"> {line}" for line in running if line not in known]
    return {"nsconfig": {"response": "\n".join(text)}, "_unchanged": True}


@command("reboot", "reboot")
def reboot(ctx: Context, payload: Mapping[str, Any]) -> dict[str, Any]:
    """What is not saved is lost; 503 while it boots (PROTOCOL 15, exchange B11)."""
    accepted(catalogue.kind("reboot"), payload, "reboot")
    ctx.appliance.reboot()
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
