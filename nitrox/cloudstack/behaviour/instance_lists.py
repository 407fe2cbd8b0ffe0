# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""listVirtualMachines and getVMPassword: who sees which machines, by what they are chosen, what is shown."""

from __future__ import annotations

from typing import Any

from nitrox.cloudstack.call import Call
from nitrox.cloudstack.cloud import Cloud
from nitrox.cloudstack.limits import size_of
from nitrox.cloudstack.listing import matching, page, visible
from nitrox.cloudstack.refusal import invalid
from nitrox.cloudstack.registry import chosen_by, command, view
from nitrox.cloudstack.store import Row
from nitrox.cloudstack.views import show

GONE = {"Destroyed", "Expunging"}
ALIVE = {"Running", "Stopped", "Starting", "Stopping", "Migrating", "Error", "Unknown"}
BARE_GROUP = ("id", "name", "type", "account", "description", "domain", "domainid")


@command("listVirtualMachines")
def list_machines(call: Call) -> Any:
    """Destroyed machines are shown to administrators only."""
    rows = visible(call, "virtualmachine")
    if not call.caller.is_admin:
        rows = [row for row in rows if row["state"] not in GONE]
    answer = page(call, matching(call, rows), "virtualmachine")
    for item in answer.get("virtualmachine", ()) if call.flag("userdata") else ():
        item["userdata"] = call.store.get("virtualmachine", item["id"]).get("_userdata", "")
    return answer


@view("virtualmachine")
def show_machine(cloud: Cloud, row: Row, shown: dict[str, Any]) -> None:
    """Cards, groups, sizes."""
    nics = cloud.store.where("nic", virtualmachineid=row.id)
    shown["nic"] = [show(cloud, nic) for nic in nics]
    shown.update(size_of(cloud, row))
    default = next((nic for nic in nics if nic["isdefault"]), None)
    if default is not None and default.get("ipaddress"):
        shown["ipaddress"] = default["ipaddress"]
    shown["securitygroup"] = [_bare(cloud, "securitygroup", key) for key in row.get("_securitygroups", ())]
    shown["affinitygroup"] = [_bare(cloud, "affinitygroup", key) for key in row.get("_affinitygroups", ())]
    shown["rootdevicetype"] = "ROOT"
    public = cloud.store.first("publicipaddress", virtualmachineid=row.id) if cloud.store.count("publicipaddress") else None
    if public is not None:
        shown |= {"publicip": public["ipaddress"], "publicipid": public.id}


def _bare(cloud: Cloud, kind: str, key: str) -> dict[str, Any]:
    row = cloud.store.find(kind, key)
    return {name: row[name] for name in BARE_GROUP if name in row} if row is not None else {"id": key, "name": key}


@view("nic")
def show_nic(cloud: Cloud, row: Row, shown: dict[str, Any]) -> None:
    """Secondary addresses."""
    secondary = cloud.store.where("secondaryip", nicid=row.id)
    if secondary:
        shown["secondaryip"] = [{"id": one.id, "ipaddress": one["ipaddress"]} for one in secondary]
    if not shown.get("ipaddress"):
        shown.pop("netmask", None)


@chosen_by("virtualmachine", "state")
def by_state(call: Call, rows: list[Row]) -> list[Row]:
    """``Present`` is every state but those on the way out."""
    wanted = call.text("state").lower()
    if wanted == "present":
        return [row for row in rows if row["state"] in ALIVE]
    return [row for row in rows if row["state"].lower() == wanted]


@chosen_by("virtualmachine", "name")
def by_name(call: Call, rows: list[Row]) -> list[Row]:
    """Part of the host name is enough."""
    wanted = call.text("name").lower()
    return [row for row in rows if wanted in row["name"].lower()]


@chosen_by("virtualmachine", "networkid", "vpcid")
def by_network(call: Call, rows: list[Row]) -> list[Row]:
    """With a card in the network, or in one of the VPC."""
    if call.has("vpcid"):
        networks = {network.id for network in call.store.where("network", vpcid=call.need("vpcid").id)}
    else:
        networks = {call.need("networkid").id}
    wanted = {nic["virtualmachineid"] for network in networks for nic in call.store.where("nic", networkid=network)}
    return [row for row in rows if row.id in wanted]


@chosen_by("virtualmachine", "affinitygroupid")
def by_affinity_group(call: Call, rows: list[Row]) -> list[Row]:
    """Members of the group."""
    wanted = call.text("affinitygroupid")
    return [row for row in rows if wanted in row.get("_affinitygroups", ())]


@chosen_by("virtualmachine", "securitygroupid")
def by_security_group(call: Call, rows: list[Row]) -> list[Row]:
    """Members of the group."""
    wanted = call.text("securitygroupid")
    return [row for row in rows if wanted in row.get("_securitygroups", ())]


@chosen_by("virtualmachine", "keypair")
def by_key_pair(call: Call, rows: list[Row]) -> list[Row]:
    """With that key pair."""
    return [row for row in rows if call.text("keypair") in str(row.get("keypairs", "")).split(",")]


@chosen_by("virtualmachine", "podid", "clusterid")
def by_place(call: Call, rows: list[Row]) -> list[Row]:
    """On a host there."""
    names = [name for name in ("podid", "clusterid") if call.has(name)]
    hosts = {row.id for row in call.store.rows("host") if all(row.get(name) == call.text(name) for name in names)}
    return [row for row in rows if row.get("hostid") in hosts]


@chosen_by("virtualmachine", "storageid")
def by_pool(call: Call, rows: list[Row]) -> list[Row]:
    """With a volume in that pool: every zone has one."""
    zone = call.need("storageid")["zoneid"]
    return [row for row in rows if row["zoneid"] == zone]


@chosen_by("virtualmachine", "arch")
def by_architecture(call: Call, rows: list[Row]) -> list[Row]:
    """That of its template."""
    images = {row.id for kind in ("template", "iso") for row in call.store.rows(kind) if row.get("arch") == call.text("arch")}
    return [row for row in rows if row.get("templateid", row.get("isoid")) in images]


@chosen_by("virtualmachine", "forvirtualnetwork")
def by_kind_of_network(call: Call, rows: list[Row]) -> list[Row]:
    """With a card in a network of its own, or without."""
    own = {row.id for row in call.store.rows("network") if row["type"] != "Shared"}
    inside = {nic["virtualmachineid"] for nic in call.store.rows("nic") if nic["networkid"] in own}
    return [row for row in rows if (row.id in inside) is call.flag("forvirtualnetwork")]


@chosen_by("virtualmachine", "userdata")
def by_nothing(_call: Call, rows: list[Row]) -> list[Row]:
    """Chooses how much is told."""
    return rows


@command("getVMPassword")
def get_password(call: Call) -> Any:
    """The password, which here is not encrypted with a key."""
    machine = call.need()
    if not machine.get("_password"):
        raise invalid(f"No password is kept for {machine['name']}")
    return {"password": {"encryptedpassword": machine["_password"]}}
