# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Zones, pods, clusters, hosts, offerings and what else only administrators make: what they get besides their parameters."""

from __future__ import annotations

import uuid
from typing import Any

from nitrox.cloudstack import addresses
from nitrox.cloudstack.call import Call
from nitrox.cloudstack.cloud import Cloud
from nitrox.cloudstack.jobs import Accepted, Steps
from nitrox.cloudstack.listing import matching, mentioning, page, visible
from nitrox.cloudstack.refusal import in_use, invalid
from nitrox.cloudstack.registry import chosen_by, command, view
from nitrox.cloudstack.store import Row
from nitrox.cloudstack.views import show

from .elements import add_providers
from .plain import cleared, dressed


def _unique(call: Call, row: Row, *also: str) -> None:
    twins = [one for one in call.store.rows(row.kind) if one is not row and one.get("name") == row.get("name")]
    if any(all(one.get(name) == row.get(name) for name in also) for one in twins):
        raise invalid(f"a {row.kind} with name {row.get('name')} already exists")


def _defaults(call: Call, row: Row, **members: Any) -> None:
    call.store.update(row, **{name: value for name, value in members.items() if name not in row})


@dressed("zone")
def zone(call: Call, row: Row) -> None:
    """A zone that machines can be put into."""
    _unique(call, row)
    basic = row["networktype"] == "Basic"  # its one network is shared by all: security groups are what separates them
    flag = row.get("securitygroupenabled", row.get("securitygroupsenabled", basic))
    call.store.update(
        row, securitygroupenabled=None, securitygroupsenabled=flag, allocationstate=row.get("allocationstate", "Disabled")
    )
    _defaults(call, row, localstorageenabled=False, dhcpprovider="VirtualRouter", type="Core", zonetoken=str(uuid.uuid4()))


@dressed("pod")
def pod(call: Call, row: Row) -> None:
    """A pod; its addresses are lists, up to the last one of its network unless it says so."""
    _unique(call, row, "zoneid")
    if "endip" not in row:
        last = addresses.cidr_of(row["gateway"], row["netmask"]).broadcast_address - 1
        call.store.update(row, endip=str(last))
    for name in ("startip", "endip"):
        if isinstance(row.get(name), str):
            call.store.update(row, **{name: [row[name]]})
    _defaults(call, row, allocationstate="Enabled")


@dressed("cluster")
def cluster(call: Call, row: Row) -> None:
    """A cluster."""
    call.store.update(
        row, name=row.get("clustername", row.get("name")), hypervisortype=row.get("hypervisor", row.get("hypervisortype"))
    )
    call.store.update(row, clustername=None, hypervisor=None, password=None, username=None)
    _unique(call, row, "zoneid")
    _defaults(call, row, allocationstate="Enabled", managedstate="Managed", cpuovercommitratio="1.0", memoryovercommitratio="1.0")


@command("addRegion")
def add_region(call: Call) -> Any:
    """Its id is a number that the caller chooses."""
    if not 0 < (call.number("id") or 0) < 1 << 31:
        raise invalid(f"Invalid region id {call.text('id')}")
    if call.store.find("region", call.text("id")) is not None:
        raise invalid(f"Region with id {call.text('id')} already exists")
    known = {"gslbserviceenabled": True, "portableipserviceenabled": False}
    row = call.store.add("region", **dict(call.sent("id", "name", "endpoint")), **known)
    return row, {"region": show(call.cloud, row)}


@command("listRegions")
def list_regions(call: Call) -> Any:
    """Also by a number that no region has."""
    rows = list(call.store.rows("region"))
    rows = [row for row in rows if call.text("id") in {"", row.id} and call.text("name") in {"", row["name"]}]
    return page(call, mentioning(rows, call.text("keyword")), "region")


@command("updateRegion", "removeRegion")
def change_region(call: Call) -> Any:
    """By its number."""
    row = call.store.find("region", call.text("id"))
    if row is None:
        raise invalid(f"Region {call.text('id')} doesn't exist")
    if call.command.name == "removeRegion":
        call.store.remove(row)
        return row, {"success": True}
    call.store.update(row, **dict(call.sent("name", "endpoint")))
    return row, {"region": show(call.cloud, row)}


@view("region")
def show_region(_cloud: Cloud, row: Row, shown: dict[str, Any]) -> None:
    """Its id is a number."""
    shown["id"] = int(row["id"])


@dressed("physicalnetwork")
def physical_network(call: Call, row: Row) -> None:
    """A physical network; lists are comma-separated text in answers."""
    for name in ("isolationmethods", "tags"):
        if isinstance(row.get(name), list):
            call.store.update(row, **{name: ",".join(row[name])})
    _defaults(call, row, state="Disabled", broadcastdomainrange="ZONE")
    if call.command.verb == "create":
        add_providers(call.cloud, row)


@dressed("serviceoffering")
def service_offering(call: Call, row: Row) -> None:
    """A service offering; without a size it is a custom one."""
    custom = call.flag("customized") or not row.get("cpunumber")
    if call.command.verb == "create":
        call.store.update(row, iscustomized=custom, customized=None)
    if row.get("tags"):
        call.store.update(row, storagetags=row["tags"], tags=None)
    _defaults(
        call, row, storagetype="shared", provisioningtype="thin", offerha=False, limitcpuuse=False, isvolatile=False,
        issystem=False,
        defaultuse=False, state="Active",
    )  # fmt: skip


@dressed("diskoffering")
def disk_offering(call: Call, row: Row) -> None:
    """A disk offering."""
    if call.command.verb == "create":
        if not row.get("disksize") and not call.flag("customized"):
            raise invalid("disksize is needed, or customized=true")
        call.store.update(row, iscustomized=call.flag("customized"), customized=None, disksize=row.get("disksize", 0))
    _defaults(call, row, storagetype="shared", provisioningtype="thin", displayoffering=True, state="Active")


@dressed("vpcoffering")
def vpc_offering(call: Call, row: Row) -> None:
    """The same for VPCs; what its router can do more is said by capabilities of its services."""
    offering_with_services(call, row)
    if call.command.verb == "create":
        said = call.maps("servicecapabilitylist")
        can = {one.get("capabilitytype", "").lower() for one in said if one.get("capabilityvalue", "").lower() == "true"}
        call.store.update(row, distributedvpcrouter="distributedrouter" in can, supportsregionLevelvpc="regionlevelvpc" in can)
        call.store.update(row, _redundant="redundantrouter" in can or None)


@dressed("networkoffering")
def offering_with_services(call: Call, row: Row) -> None:
    """An offering of services, Disabled until it is enabled."""
    if call.command.verb == "create":
        _unique(call, row)
        names = row.get("supportedservices", ())
        call.store.update(row, service=[{"name": name} for name in names], supportedservices=None, serviceproviderlist=None)
        call.store.update(row, servicecapabilitylist=None, usevpc=None, state="Enabled" if call.flag("enable") else "Disabled")
        call.store.update(row, networkrate=row.get("networkrate", 200), supportsinternallb=False, isdefault=False)
    _defaults(
        call, row, availability="Optional", conservemode=True, ispersistent=False, egressdefaultpolicy=False, specifyvlan=False,
        specifyipranges=False, forvpc=row.kind == "networkoffering" and call.flag("usevpc"),
    )  # fmt: skip


@dressed("vlaniprange")
def vlan_range(call: Call, row: Row) -> None:
    """A range of public addresses, or of a shared network."""
    vlan = str(row.get("vlan", "untagged"))
    call.store.update(row, vlan=vlan if "://" in vlan else f"vlan://{vlan}")
    _defaults(call, row, endip=row.get("startip"), forsystemvms=False, forvirtualnetwork=not call.has("networkid"))
    near = call.store.first("physicalnetwork", zoneid=row.get("zoneid"))
    if "physicalnetworkid" not in row and near is not None:
        call.store.update(row, physicalnetworkid=near.id)
    if "zoneid" not in row and "physicalnetworkid" in row:
        call.store.update(row, zoneid=call.store.get("physicalnetwork", row["physicalnetworkid"])["zoneid"])


@chosen_by("vlaniprange", "account")
def dedicated(call: Call, rows: list[Row]) -> list[Row]:
    """Ranges that are only for that account."""
    account = call.named_account()
    return [row for row in rows if row.get("account") == account["name"]]


@dressed("role")
def role(call: Call, row: Row) -> None:
    """A role; copied ones take the type of the other."""
    _unique(call, row)
    other = call.store.find("role", row.get("roleid"))
    if other is not None:
        call.store.update(row, type=other["type"], roleid=None)
    _defaults(call, row, type="User", isdefault=False, ispublic=True, state="enabled")


@command("updateRolePermission")
def update_permission(call: Call) -> Any:
    """Another permission, or another order."""
    rule = call.row("ruleid")
    if rule is not None:
        call.store.update(rule, permission=call.text("permission"))
    for number, key in enumerate(call.names("ruleorder")):
        found = call.store.find("rolepermission", key)
        if found is not None:
            call.store.update(found, _order=number)
    return {"success": True}


@dressed("networkserviceprovider")
@dressed("traffictype")
def nothing_more(_call: Call, _row: Row) -> None:
    """Parameters are all of it."""


@cleared("zone")
@cleared("pod")
@cleared("cluster")
def empty(call: Call, row: Row) -> None:
    """Refuses with 536 while something is in it."""
    member = f"{row.kind}id"
    for kind in ("virtualmachine", "network", "host", "cluster", "pod"):
        if any(one.get(member) == row.id for one in call.store.rows(kind)):
            raise in_use(f"The {row.kind} {row['name']} is not deletable because there are {kind}s in it")


@cleared("networkoffering")
@cleared("vpcoffering")
def not_taken(call: Call, row: Row) -> None:
    """Refuses while a network or a VPC is of it."""
    users = [one for kind in ("network", "vpc") for one in call.store.rows(kind) if one.get(f"{row.kind}id") == row.id]
    if users:
        raise invalid(f"Can't delete offering {row['name']} since it is used by {users[0].kind} {users[0]['name']}")


@cleared("serviceoffering")
def offering_unused(_call: Call, row: Row) -> None:
    """The default ones stay."""
    if row.get("defaultuse"):
        raise invalid(f"{row['name']} is a default offering")


@command("listServiceOfferings")
def list_service_offerings(call: Call) -> Any:
    """Those for machines; with ``issystem`` those for the cloud's own."""
    rows = [row for row in visible(call, "serviceoffering") if bool(row.get("issystem")) is call.flag("issystem")]
    return page(call, matching(call, rows), "serviceoffering")


@command("listOsCategories")
def os_categories(call: Call) -> Any:
    """The families that the OS types are of."""
    found = {row["oscategoryid"]: row["oscategoryname"] for row in call.store.rows("ostype")}
    items = [
        {"id": key, "name": name, "isfeatured": True}
        for key, name in found.items()
        if call.text("id", key) == key
        and call.text("name", name).lower() == name.lower()
        and call.text("keyword").lower() in name.lower()
    ]
    return {"count": len(items), "oscategory": items} if items else {}


@command("prepareHostForMaintenance", "cancelHostMaintenance")
def maintain(call: Call) -> Steps:
    """Machines of a host in maintenance move to others."""
    host = call.need()
    prepare = call.command.name == "prepareHostForMaintenance"
    yield Accepted(host)
    call.store.update(host, resourcestate="PrepareForMaintenance" if prepare else "Enabled")
    yield None
    call.store.update(host, resourcestate="Maintenance" if prepare else "Enabled")
    others = [one.id for one in call.store.where("host", zoneid=host["zoneid"]) if one.get("resourcestate") == "Enabled"]
    for machine in [one for one in call.store.rows("virtualmachine") if prepare and one.get("hostid") == host.id]:
        call.store.update(machine, hostid=others[0] if others else None)
    return {"host": show(call.cloud, host)}
