# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Guest networks: isolated, shared, layer 2, tiers of a VPC; and what is shown of them."""

from __future__ import annotations

from collections.abc import Mapping
from ipaddress import IPv4Address
from typing import Any

from nitrox.cloudstack import addresses, limits, realize
from nitrox.cloudstack.call import Call
from nitrox.cloudstack.cloud import Cloud
from nitrox.cloudstack.jobs import Accepted, Steps
from nitrox.cloudstack.refusal import Refusal, invalid
from nitrox.cloudstack.registry import chosen_by, command, view
from nitrox.cloudstack.store import Row
from nitrox.cloudstack.views import show

from .lifecycle import come_up, drop, drop_address, services


@command("createNetwork")
def create(call: Call) -> Any:
    """A network, Allocated until its first machine starts."""
    zone, offering = call.need("zoneid"), call.need("networkofferingid")
    owner = call.owner()
    if zone["networktype"] == "Basic" and offering["guestiptype"] != "Shared":
        raise invalid(f"Zone {zone['name']} is a basic one: it has no {offering['guestiptype']} networks")
    if offering.get("state") != "Enabled":
        raise invalid(f"Network offering {offering['name']} is not enabled")
    limits.charge(call.cloud, owner, 6)
    given = {name: call.maybe(name) for name in ("name", "displaytext", "gateway", "netmask", "networkdomain", "vlan", "acltype")}
    network = make(call, owner, zone, offering, {**given, "_startip": call.maybe("startip"), "_endip": call.maybe("endip")})
    return network, {"network": show(call.cloud, network)}


def make(call: Call, owner: dict[str, Any], zone: Row, offering: Row, given: dict[str, Any]) -> Row:
    """A network of an offering. Refuses with 431."""
    kind = offering["guestiptype"]
    vpc = call.row("vpcid") if call.command.name == "createNetwork" else None
    if bool(offering.get("forvpc")) != (vpc is not None):
        raise invalid(f"Network offering {offering['name']} is {'' if offering.get('forvpc') else 'not '}for VPCs")
    members = {
        "type": kind, "traffictype": "Guest", "state": "Setup" if kind == "Shared" else "Allocated", "zoneid": zone.id,
        "networkofferingid": offering.id, "vpcid": vpc.id if vpc else None, "created": call.cloud.now_text(),
        "physicalnetworkid": call.maybe("physicalnetworkid") or _physical(call, zone), "canusefordeploy": True, "issystem": False,
        "ispersistent": bool(offering.get("ispersistent")), "restartrequired": False, "displaynetwork": True,
        "specifyipranges": kind == "Shared", "broadcastdomaintype": "Vlan", "dns1": zone.get("dns1"), "dns2": zone.get("dns2"),
        "acltype": given.get("acltype") or ("Domain" if kind == "Shared" else "Account"), "egressdefaultpolicy": None,
    }  # fmt: skip
    given.setdefault("displaytext", None)
    domain = given.get("networkdomain") or (vpc.get("networkdomain") if vpc else None) or _domain(call, owner)
    members |= {name: value for name, value in given.items() if value is not None}
    members |= {"displaytext": given["displaytext"] or given["name"], "networkdomain": domain}
    members |= _addressing(call, zone, vpc, kind, given) | _acl(call, vpc)
    network = call.store.add("network", **owner, **members)
    if network["ispersistent"] or vpc is not None:
        come_up(call.cloud, network)
    return network


def _physical(call: Call, zone: Row) -> str | None:
    row = call.store.first("physicalnetwork", zoneid=zone.id)
    return row.id if row is not None else None


def _domain(call: Call, owner: dict[str, Any]) -> str:
    account = call.store.first("account", name=owner["account"], domainid=owner["domainid"])
    number = call.store.get("project", owner["projectid"]).number if "projectid" in owner else account.number if account else 0
    own = account.get("networkdomain") if account is not None and "projectid" not in owner else None
    return str(own or f"cs{number:x}cloud.internal")


def _addressing(call: Call, zone: Row, vpc: Row | None, kind: str, given: dict[str, Any]) -> dict[str, Any]:
    """CIDR, gateway and mask. Refuses with 431 what is missing, wrong or overlaps."""
    if kind == "L2":
        return {"gateway": None, "netmask": None}
    gateway, netmask = given.get("gateway"), given.get("netmask")
    if bool(gateway) != bool(netmask):
        raise invalid("gateway and netmask must be given together")
    if not gateway:
        if vpc is not None or kind == "Shared":
            raise invalid("gateway and netmask are needed")
        cidr = addresses.network_of(zone.get("guestcidraddress", "10.1.1.0/24"))
        gateway, netmask = str(cidr[1]), str(cidr.netmask)
    cidr = addresses.cidr_of(str(gateway), str(netmask))
    if vpc is not None:
        _fits(call, vpc, str(cidr))
    for name in ("_startip", "_endip"):
        if given.get(name) and IPv4Address(addresses.address_of(given[name], name.strip("_"))) not in cidr:
            raise invalid(f"{name.strip('_')} {given[name]} is not in {cidr}")
    return {"cidr": str(cidr), "gateway": str(gateway), "netmask": str(netmask)}


def _fits(call: Call, vpc: Row, text: str) -> None:
    cidr = addresses.network_of(text)
    if not cidr.subnet_of(addresses.network_of(vpc["cidr"])):
        raise invalid(f"Network cidr {cidr} is not within the cidr {vpc['cidr']} of VPC {vpc['name']}")
    for tier in call.store.where("network", vpcid=vpc.id):
        if cidr.overlaps(addresses.network_of(tier["cidr"])):
            raise invalid(f"Network cidr {cidr} crosses network {tier['name']} ({tier['cidr']}) of the same VPC")


def _acl(call: Call, vpc: Row | None) -> dict[str, Any]:
    if vpc is None:
        return {}
    acl = call.row("aclid")
    if acl is None:  # nothing is let in then, as with default_deny
        return {}
    if acl.get("vpcid") not in {None, vpc.id}:
        raise invalid(f"The ACL list is not one of VPC {vpc['name']}")
    return {"aclid": acl.id}


@command("updateNetwork")
def update(call: Call) -> Steps:
    """Name, text, domain, offering."""
    network = call.need()
    offering = call.row("networkofferingid")
    changes = dict(call.sent("name", "displaytext", "networkdomain", "displaynetwork"))
    if "networkdomain" in changes and changes["networkdomain"] != network.get("networkdomain"):
        running = [nic for nic in call.store.where("nic", networkid=network.id) if _runs(call, nic)]
        if running:
            raise invalid("The network domain can't change while machines of the network run")
    yield Accepted(network)
    yield None
    if offering is not None:
        changes["networkofferingid"] = offering.id
    call.store.update(network, **changes)
    return {"network": show(call.cloud, network)}


def _runs(call: Call, nic: Row) -> bool:
    machine = call.store.find("virtualmachine", nic["virtualmachineid"])
    return machine is not None and machine["state"] == "Running"


@command("restartNetwork")
def restart(call: Call) -> Steps:
    """The virtual router is set up again."""
    network = call.need()
    yield Accepted(network)
    if network["state"] not in {"Implemented", "Setup"}:
        raise invalid(f"Network {network['name']} is not in the right state to be restarted: it is {network['state']}")
    yield realize.tell(call.cloud, network.id)
    call.store.update(network, restartrequired=False, _norouter=None)
    return {"network": show(call.cloud, network)}


@command("deleteNetwork")
def delete(call: Call) -> Steps:
    """Its addresses and rules go with it. Fails while a machine has a card in it."""
    network = call.need()
    yield Accepted(network)
    before = network["state"]
    if call.store.where("nic", networkid=network.id):
        raise Refusal(530, f"Failed to delete network {network['name']}: it has NICs of virtual machines")
    call.store.update(network, state="Shutdown")
    try:
        yield call.cloud.machines.network_gone(network.id)
    except Refusal:
        call.store.update(network, state=before)
        raise
    remove(call.cloud, network)
    return {"success": True}


def remove(cloud: Cloud, network: Row) -> None:
    """It is gone, with everything on it."""
    for address in cloud.store.where("publicipaddress", associatednetworkid=network.id):
        drop_address(cloud, address)
    for rule in cloud.store.where("firewallrule", networkid=network.id):
        drop(cloud, rule)
    for balancer in cloud.store.where("loadbalancer", networkid=network.id):
        drop(cloud, balancer)
    for kind in ("internallbvm", "router"):
        for machine in cloud.store.where(kind, guestnetworkid=network.id):
            drop(cloud, machine)
    drop(cloud, network)


@view("network")
def show_network(cloud: Cloud, row: Row, shown: dict[str, Any]) -> None:
    """What its offering gives."""
    offering: Mapping[str, Any] = cloud.store.find("networkoffering", row["networkofferingid"]) or {}
    shown["service"] = [{"name": name} for name in sorted(services(cloud, row))]
    shown["networkofferingconservemode"] = bool(offering.get("conservemode"))
    shown["networkofferingavailability"] = offering.get("availability", "Optional")
    shown["egressdefaultpolicy"] = bool(offering.get("egressdefaultpolicy"))
    shown["related"] = row.id
    shown["redundantrouter"], shown["strechedl2subnet"] = False, False


@chosen_by("network", "supportedservices")
def by_services(call: Call, rows: list[Row]) -> list[Row]:
    """Those that have all of the services."""
    wanted = set(call.names("supportedservices"))
    return [row for row in rows if wanted <= services(call.cloud, row)]


@chosen_by("network", "forvpc")
def by_vpc(call: Call, rows: list[Row]) -> list[Row]:
    """Tiers, or all but tiers."""
    return [row for row in rows if bool(row.get("vpcid")) == call.flag("forvpc")]


@chosen_by("network", "networkfilter")
def by_owner(call: Call, rows: list[Row]) -> list[Row]:
    """``account``, ``domain``, ``shared`` or ``all``."""
    wanted = call.text("networkfilter").lower()
    acl = {"account": "Account", "domain": "Domain"}.get(wanted)
    return [row for row in rows if row.get("acltype") == acl] if acl else rows


@chosen_by("networkoffering", "supportedservices", "sourcenatsupported")
def by_offered_services(call: Call, rows: list[Row]) -> list[Row]:
    """Offerings with the services."""
    wanted = set(call.names("supportedservices")) | ({"SourceNat"} if call.flag("sourcenatsupported") else set())
    return [row for row in rows if wanted <= {service["name"] for service in row.get("service", ())}]


@chosen_by("networkoffering", "istagged")
def by_being_tagged(call: Call, rows: list[Row]) -> list[Row]:
    """With tags, or without."""
    return [row for row in rows if bool(row.get("tags")) is call.flag("istagged")]


@chosen_by("networkoffering", "zoneid", "networkid")
def by_nothing(_call: Call, rows: list[Row]) -> list[Row]:
    """Offerings are the same everywhere."""
    return rows


for _kind in ("serviceoffering", "diskoffering", "vpcoffering"):
    chosen_by(_kind, "zoneid", "templateid", "volumeid", "storageid")(by_nothing)


@chosen_by("serviceoffering", "account")
@chosen_by("diskoffering", "account")
def for_account(call: Call, rows: list[Row]) -> list[Row]:
    """Offerings are everybody's: only an account that there is not is refused."""
    call.named_account()
    return rows


@chosen_by("networkoffering", "tags")
def by_tags(call: Call, rows: list[Row]) -> list[Row]:
    """With one of those tags."""
    return [row for row in rows if set(call.names("tags")) & set(str(row.get("tags", "")).split(","))]


@chosen_by("serviceoffering", "virtualmachineid")
def by_machine(call: Call, rows: list[Row]) -> list[Row]:
    """What the machine can be changed to."""
    return [row for row in rows if row.id != call.need("virtualmachineid")["serviceofferingid"]]


@chosen_by("diskoffering", "virtualmachineid")
def for_machine(_call: Call, rows: list[Row]) -> list[Row]:
    """Any suits."""
    return rows
