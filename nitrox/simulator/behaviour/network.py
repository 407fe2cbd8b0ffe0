# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Addresses, interfaces, channels, VLANs, VRIDs, ACLs, RNAT (PROTOCOL 8.6, 21.3, 21.4)."""

from __future__ import annotations

from collections.abc import Mapping
from ipaddress import ip_address
from typing import Any

from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro import catalogue

from ..context import Context
from ..operations import apply_changes
from ..refusal import Refusal
from ..registry import after, before, command, rows, shown
from ..rules import accepted
from ..table import Row

# Binding works, but the GET of these never shows a row (PROTOCOL 8.6 [L]).
BLIND = ("fis_interface_binding", "fis_channel_binding", "vrid6_trackinterface_binding", "nstimer_autoscalepolicy_binding")
# These are stored as rows of the interface binding (PROTOCOL 8.6 [L]).
AS_INTERFACE = {
    "vrid_channel_binding": "vrid_interface_binding",
    "vrid6_channel_binding": "vrid6_interface_binding",
    "vlan_linkset_binding": "vlan_interface_binding",
}


@rows(*BLIND)
def nothing(ctx: Context) -> list[Row]:
    """See `BLIND`."""
    return []


@rows(*AS_INTERFACE)
def elsewhere(ctx: Context) -> list[Row]:
    """See `AS_INTERFACE`: the typed GET of the other kind is empty."""
    return []


@after("bind", *AS_INTERFACE)
def store_as_interface(ctx: Context, row: Row, changes: Row) -> None:
    """See `AS_INTERFACE`."""
    ctx.table(AS_INTERFACE[ctx.kind]).put(dict(row))


@after("unbind", *AS_INTERFACE)
def remove_from_interface(ctx: Context, row: Row, changes: Row) -> None:
    """See `AS_INTERFACE`."""
    table = ctx.table(AS_INTERFACE[ctx.kind])
    stored = table.get(row)
    if stored is not None:
        table.remove(stored)


@shown("vrid_interface_binding", "vrid6_interface_binding")
def show_vrid_row(ctx: Context, row: Row, out: Row) -> None:
    """Only id, vlan and flags; the interface is not echoed (PROTOCOL 8.6 [L])."""
    key = next(name for name in row if name.endswith("id"))
    out.clear()
    out.update({key: str(row[key]), "vlan": "1", "flags": "0"})


@before("add", "nsip")
def check_address(ctx: Context, row: Row, changes: Row) -> None:
    """1110 for what is no address; 946 for an unknown traffic domain (PROTOCOL 21.7 #15)."""
    try:
        ip_address(str(row["ipaddress"]))
    except ValueError:
        raise Refusal(1110) from None
    check_domain(ctx, row.get("td", 0))
    row.setdefault("type", "SNIP")


@before("add", "nsip6")
def default_type(ctx: Context, row: Row, changes: Row) -> None:
    """A new address is a SNIP unless it says otherwise [I]."""
    row.setdefault("type", "SNIP")


def check_domain(ctx: Context, td: Any) -> None:
    """Refuse a traffic domain that is not configured."""
    if str(td) not in ("", "0") and not ctx.table("nstrafficdomain").named(td):
        raise Refusal(946)


@shown("nsip", "nsip6")
def show_type(ctx: Context, row: Row, out: Row) -> None:
    """``iptype`` is an array of one with what was sent as ``type`` (PROTOCOL 21.3 [L])."""
    type_ = str(row.get("type", "SNIP"))
    out["iptype"] = [type_]
    out["type"] = type_


@shown("interface", "channel")
def show_interface(ctx: Context, row: Row, out: Row) -> None:
    """An interface that is up, with its name (exchange H4)."""
    enabled = row.get("state", "ENABLED") == "ENABLED"
    out.update({"id": row["id"], "devicename": row["id"], "state": "ENABLED" if enabled else "DISABLED"})
    link = 1 if enabled else 0
    out.update({"linkstate": link, "intfstate": link, "vlan": "1", "actualmtu": str(row.get("mtu", 1500))})
    for name in ("speed", "duplex", "flowctl", "throughput"):
        out[f"act{name}"] = row.get(name, {"speed": "1000", "duplex": "FULL", "flowctl": "OFF", "throughput": "0"}[name])


@command("apply", "nsacls", "nsacls6", "nspbrs")
def apply_rules(ctx: Context, payload: Mapping[str, Any]) -> None:
    """After ``apply`` the rules are in the kernel (PROTOCOL 21.4 [C:1])."""
    for row in ctx.table(ctx.kind.replace("acls", "acl").replace("pbrs", "pbr")):
        row["_applied"] = True


@command("clear", "nsacls", "nsacls6", "nspbrs")
def clear_rules(ctx: Context, payload: Mapping[str, Any]) -> None:
    """All rules of the kind go."""
    table = ctx.table(ctx.kind.replace("acls", "acl").replace("pbrs", "pbr"))
    for row in list(table):
        table.remove(row)


@after("update", "nsacl", "nsacl6", "nspbr", "nspbr6")
def changed_rule(ctx: Context, row: Row, changes: Row) -> None:
    """A changed rule waits for the next ``apply`` [I]."""
    row.pop("_applied", None)


@shown("nsacl", "nsacl6", "nspbr", "nspbr6")
def show_rule(ctx: Context, row: Row, out: Row) -> None:
    """``kernelstate`` (PROTOCOL 21.4 [C:1])."""
    out["kernelstate"] = "APPLIED" if row.get("_applied") else "NOTAPPLIED"


@command("update", "rnat")
def update_rnat(ctx: Context, payload: Mapping[str, Any]) -> None:
    """A PUT without a name makes the rule, or changes the one of the same network (PROTOCOL 21.4 [C:1])."""
    kind, table = catalogue.kind("rnat"), ctx.table("rnat")
    values = accepted(kind, payload, "update", "add")
    if "name" in values:
        row = table.get(values)
        if row is None:
            raise Refusal(258, "name", values["name"])
    else:
        identity = ("network", "netmask", "aclname", "td")
        row = next((one for one in table if all(one.get(name) == values.get(name) for name in identity)), None)
        if row is None:
            table.put({**values, "name": "_".join(str(values[name]) for name in identity if name in values)})
            return
    apply_changes(ctx, kind, row, {name: value for name, value in values.items() if name != "name"})
