# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Public addresses and static NAT."""

from __future__ import annotations

from typing import Any

from nitrox.cloudstack import addresses, limits, realize
from nitrox.cloudstack.call import Call
from nitrox.cloudstack.cloud import Cloud
from nitrox.cloudstack.jobs import Accepted, Steps
from nitrox.cloudstack.listing import matching, page, visible
from nitrox.cloudstack.refusal import conflict, invalid
from nitrox.cloudstack.registry import chosen_by, command, view
from nitrox.cloudstack.store import Row
from nitrox.cloudstack.views import show

from .lifecycle import drop_address, services, source_nat, take_address


@command("associateIpAddress")
def associate(call: Call) -> Steps:
    """Another address for a network or a VPC; the first of an isolated network is its source NAT."""
    place = call.row("vpcid") or call.row("networkid") or _only_network(call)
    owner = {name: place.get(name) for name in ("account", "domainid", "projectid")}
    limits.charge(call.cloud, owner, 1)
    source = False
    if place.kind == "network":
        if place.get("vpcid"):
            raise invalid(f"Network {place['name']} is a tier of a VPC: vpcid is needed")
        if place["type"] != "Isolated" and "StaticNat" not in services(call.cloud, place):
            raise invalid(f"Network {place['name']} takes no public addresses")
        source = "SourceNat" in services(call.cloud, place) and source_nat(call.cloud, place) is None
    address = take_address(call.cloud, place, source=source, wanted=call.maybe("ipaddress"))
    call.store.update(address, state="Allocating")
    yield Accepted(address, undo=lambda: call.store.remove(address), new=True)
    yield None
    call.store.update(address, state="Allocated")
    realize.tell(call.cloud, address.get("associatednetworkid"))
    return {"ipaddress": show(call.cloud, address)}


def _only_network(call: Call) -> Row:
    owner = call.owner()
    networks = [
        network
        for network in call.store.rows("network")
        if network["type"] == "Isolated"
        and not network.get("vpcid")
        and all(network.get(key) == value for key, value in owner.items())
    ]
    networks = [one for one in networks if not call.has("zoneid") or one["zoneid"] == call.need("zoneid").id]
    if len(networks) != 1:
        raise invalid("networkid or vpcid is needed")
    return networks[0]


@command("disassociateIpAddress")
def disassociate(call: Call) -> Steps:
    """It goes back, with its rules. The source NAT address of a network in use stays."""
    address = _address(call)
    network = call.store.find("network", address.get("associatednetworkid"))
    in_use = network["state"] == "Implemented" if network is not None else bool(address.get("vpcid"))
    if address.get("issourcenat") and in_use:
        raise invalid(f"The address {address['ipaddress']} is used for source nat and can not be disassociated")
    yield Accepted(address)
    call.store.update(address, state="Releasing")
    yield None
    drop_address(call.cloud, address)
    return {"success": True}


def _address(call: Call) -> Row:
    if call.has("id") or not call.has("ipaddress"):
        return call.need()
    row = call.store.first("publicipaddress", ipaddress=call.text("ipaddress"))
    if row is None:
        raise invalid(f"The address {call.text('ipaddress')} is not allocated")
    call.permit(row)
    return row


@command("listPublicIpAddresses")
def list_addresses(call: Call) -> Any:
    """Allocated ones; with ``allocatedonly=false`` or ``state=Free`` also those that are free."""
    rows = visible(call, "publicipaddress")
    if not call.flag("allocatedonly", default=True) or call.text("state").lower() == "free":
        rows += _free(call.cloud)
    return page(call, matching(call, rows), "publicipaddress")


@chosen_by("publicipaddress", "forloadbalancing")
def by_balancing(call: Call, rows: list[Row]) -> list[Row]:
    """``true``: only those with a load balancer rule."""
    return [row for row in rows if not call.flag("forloadbalancing") or call.store.where("loadbalancerrule", publicipid=row.id)]


def _free(cloud: Cloud) -> list[Row]:
    found = []
    for zone in cloud.store.rows("zone"):
        for vlan, address in addresses.pool(cloud, zone.id):
            if not cloud.store.where("publicipaddress", ipaddress=address):
                members = {
                    "id": addresses.public_id(address), "ipaddress": address, "zoneid": zone.id, "state": "Free",
                    "issourcenat": False,
                    "isstaticnat": False, "forvirtualnetwork": True, "vlanid": vlan.id,
                    "physicalnetworkid": vlan.get("physicalnetworkid"),
                }  # fmt: skip
                found.append(Row("publicipaddress", members, 0, 0.0))
    return found


@view("publicipaddress")
def show_address(cloud: Cloud, row: Row, shown: dict[str, Any]) -> None:
    """Tags are only key and value here: clients compare them as a whole."""
    shown["tags"] = [{"key": tag["key"], "value": tag["value"]} for tag in shown.get("tags", ())]
    shown["networkid"] = row.get("physicalnetworkid")
    shown["hasrules"] = any(
        cloud.store.where(kind, **{member: row.id})
        for kind, member in (
            ("portforwardingrule", "ipaddressid"),
            ("loadbalancerrule", "publicipid"),
            ("firewallrule", "ipaddressid"),
        )
    )


@command("enableStaticNat")
def enable_nat(call: Call) -> Any:
    """All traffic to an address goes to one machine."""
    address, machine = call.need("ipaddressid"), call.need("virtualmachineid")
    if address.get("issourcenat"):
        raise invalid(f"The address {address['ipaddress']} is used for source nat")
    if address.get("isstaticnat"):
        if address.get("virtualmachineid") == machine.id:
            return address, {"success": True}
        raise conflict(f"The address {address['ipaddress']} has static nat to another virtual machine")
    for kind, member in (("portforwardingrule", "ipaddressid"), ("loadbalancerrule", "publicipid")):
        if call.store.where(kind, **{member: address.id}):
            raise conflict(f"The address {address['ipaddress']} has rules: static nat conflicts with them")
    for other in call.store.where("publicipaddress", virtualmachineid=machine.id):
        if other.get("isstaticnat"):
            raise conflict(f"Virtual machine {machine['name']} has static nat on {other['ipaddress']} already")
    target = guest_of(call, address, machine)
    call.store.update(address, isstaticnat=True, virtualmachineid=machine.id, vmipaddress=target, virtualmachinetype="User")
    realize.tell(call.cloud, address.get("associatednetworkid"))
    return address, {"success": True}


def guest_of(call: Call, address: Row, machine: Row, wanted: str | None = None) -> str:
    """The private address that an address leads to; binds an address of a VPC to the tier. Refuses with 431."""
    wanted = wanted or call.maybe("vmguestip")
    network = call.row("networkid")
    candidates = [nic for nic in call.store.where("nic", virtualmachineid=machine.id) if _reaches(call, address, nic, network)]
    if not candidates:
        raise invalid(f"Virtual machine {machine['name']} has no NIC in a network of the address {address['ipaddress']}")
    nic = next((one for one in candidates if one["isdefault"]), candidates[0])
    if address.get("vpcid"):
        call.store.update(address, associatednetworkid=nic["networkid"])
    secondary = {one["ipaddress"] for one in call.store.where("secondaryip", nicid=nic.id)}
    if wanted and wanted not in {nic["ipaddress"], *secondary}:
        raise invalid(f"Virtual machine {machine['name']} has no address {wanted}")
    return str(wanted or nic["ipaddress"])


def _reaches(call: Call, address: Row, nic: Row, network: Row | None) -> bool:
    if network is not None and nic["networkid"] != network.id:
        return False
    if address.get("vpcid"):
        tier = call.store.find("network", nic["networkid"])
        return tier is not None and tier.get("vpcid") == address["vpcid"]
    return bool(nic["networkid"] == address.get("associatednetworkid"))


@command("disableStaticNat")
def disable_nat(call: Call) -> Steps:
    """The address leads nowhere again."""
    address = call.need("ipaddressid")
    if not address.get("isstaticnat"):
        raise invalid(f"The address {address['ipaddress']} has no static nat")
    yield Accepted(address)
    yield None
    network = address.get("associatednetworkid")
    freed = {"associatednetworkid": None} if address.get("vpcid") else {}
    call.store.update(address, isstaticnat=False, virtualmachineid=None, vmipaddress=None, virtualmachinetype=None, **freed)
    for rule in call.store.where("ipforwardingrule", ipaddressid=address.id):
        call.store.remove(rule)
    realize.tell(call.cloud, network)
    return {"success": True}
