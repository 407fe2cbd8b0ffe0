# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Zones, pods, clusters, hosts, offerings and what else only administrators make: what they get besides their parameters."""

from __future__ import annotations

from typing import Any

from nitrox.cloudstack.call import Call
from nitrox.cloudstack.cloud import Cloud
from nitrox.cloudstack.jobs import Accepted, Steps
from nitrox.cloudstack.listing import matching, page, visible
from nitrox.cloudstack.refusal import in_use, invalid
from nitrox.cloudstack.registry import command, view
from nitrox.cloudstack.store import Row
from nitrox.cloudstack.views import show

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
    flag = row.get("securitygroupenabled", row.get("securitygroupsenabled", False))
    call.store.update(
        row, securitygroupenabled=None, securitygroupsenabled=flag, allocationstate=row.get("allocationstate", "Disabled")
    )
    _defaults(call, row, localstorageenabled=False, dhcpprovider="VirtualRouter", type="Core")


@dressed("pod")
def pod(call: Call, row: Row) -> None:
    """A pod; its addresses are lists."""
    _unique(call, row, "zoneid")
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
    if call.store.find("region", call.text("id")) is not None:
        raise invalid(f"Region with id {call.text('id')} already exists")
    known = {"gslbserviceenabled": True, "portableipserviceenabled": True}
    row = call.store.add("region", **dict(call.sent("id", "name", "endpoint")), **known)
    return row, {"region": show(call.cloud, row)}


@command("listRegions")
def list_regions(call: Call) -> Any:
    """Also by a number that no region has."""
    rows = list(call.store.rows("region"))
    rows = [row for row in rows if call.text("id") in {"", row.id} and call.text("name") in {"", row["name"]}]
    return page(call, rows, "region")


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


@dressed("networkoffering")
@dressed("vpcoffering")
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
    _defaults(call, row, vlan="vlan://untagged", endip=row.get("startip"), forvirtualnetwork=not call.has("networkid"))
    if "zoneid" not in row and "physicalnetworkid" in row:
        call.store.update(row, zoneid=call.store.get("physicalnetwork", row["physicalnetworkid"])["zoneid"])


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


@dressed("vpngateway")
def vpn_gateway(call: Call, row: Row) -> None:
    """The source NAT address of the VPC is where it listens."""
    address = next((one for one in call.store.where("publicipaddress", vpcid=row["vpcid"]) if one.get("issourcenat")), None)
    call.store.update(row, publicip=address["ipaddress"] if address is not None else None)


@dressed("vpnconnection")
def vpn_connection(call: Call, row: Row) -> None:
    """It is of the VPC of its gateway."""
    gateway = call.store.get("vpngateway", row["s2svpngatewayid"])
    customer = call.store.get("vpncustomergateway", row["s2scustomergatewayid"])
    if call.store.where("vpnconnection", s2svpngatewayid=gateway.id, s2scustomergatewayid=customer.id) != [row]:
        raise invalid("The vpn connection between the two gateways already exists")
    about = {name: customer.get(name) for name in ("gateway", "cidrlist", "ikepolicy", "esppolicy")}
    call.store.update(row, vpcid=gateway["vpcid"], publicip=gateway.get("publicip"), state="Connected", **about)


@command("removeVpnUser")
def remove_vpn_user(call: Call) -> Steps:
    """By name."""
    row = call.store.first("vpnuser", username=call.text("username"), **call.owner())
    if row is None:
        raise invalid(f"Unable to find VPN user {call.text('username')}")
    yield Accepted(row)
    yield None
    call.store.remove(row)
    return {"success": True}


@dressed("vpnuser")
def vpn_user(call: Call, row: Row) -> None:
    """Its password is not shown."""
    call.store.update(row, password=None, state="Active")
