# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""VPCs, their ACL lists and the rules in them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nitrox.cloudstack import addresses, limits, realize
from nitrox.cloudstack.call import Call
from nitrox.cloudstack.cloud import Cloud
from nitrox.cloudstack.jobs import Accepted, Steps
from nitrox.cloudstack.listing import matching, page, usable, visible
from nitrox.cloudstack.refusal import Refusal, in_use, invalid
from nitrox.cloudstack.registry import chosen_by, command, view
from nitrox.cloudstack.store import Row
from nitrox.cloudstack.views import show

from . import rules
from .lifecycle import drop, drop_address, take_address

OWNER = ("account", "domainid", "projectid")


@command("createVPC")
def create(call: Call) -> Steps:
    """A VPC with its source NAT address."""
    zone, offering = call.need("zoneid"), call.need("vpcofferingid")
    owner = call.owner()
    cidr = addresses.network_of(call.text("cidr"))
    if not cidr.is_private:
        raise invalid(f"The cidr {cidr} of a VPC must be private")
    if zone["networktype"] == "Basic":
        raise invalid(f"Zone {zone['name']} has no VPCs")
    if offering.get("state") != "Enabled":
        raise invalid(f"VPC offering {offering['name']} is not enabled")
    limits.charge(call.cloud, owner, 7)
    vpc = call.store.add(
        "vpc", **owner, name=call.text("name"), displaytext=call.text("displaytext"), zoneid=zone.id, vpcofferingid=offering.id,
        cidr=call.text("cidr"), state="Enabled", created=call.cloud.now_text(), restartrequired=False, fordisplay=True,
        networkdomain=call.text("networkdomain") or f"cs{call.store.next_number():x}cloud.internal", regionlevelvpc=False,
        distributedvpcrouter=False, redundantvpcrouter=bool(offering.get("_redundant")),
    )  # fmt: skip
    yield Accepted(vpc, undo=lambda: call.store.remove(vpc), new=True)
    yield None
    take_address(call.cloud, vpc, source=True, wanted=call.maybe("sourcenatipaddress"))
    return {"vpc": show(call.cloud, vpc)}


@command("updateVPC")
def update(call: Call) -> Steps:
    """Name and text."""
    vpc = call.need()
    yield Accepted(vpc)
    yield None
    call.store.update(vpc, **dict(call.sent("name", "displaytext", "fordisplay")))
    return {"vpc": show(call.cloud, vpc)}


@command("restartVPC")
def restart(call: Call) -> Steps:
    """Its virtual router is set up again."""
    vpc = call.need()
    yield Accepted(vpc)
    yield None
    for tier in call.store.where("network", vpcid=vpc.id):
        yield realize.tell(call.cloud, tier.id)
    call.store.update(vpc, restartrequired=False, _norouter=None)
    return {"vpc": show(call.cloud, vpc), "success": True}


@command("deleteVPC")
def delete(call: Call) -> Steps:
    """Its addresses and ACL lists go with it. Fails while it has tiers."""
    vpc = call.need()
    tiers = call.store.where("network", vpcid=vpc.id)
    if tiers:
        raise in_use(f"VPC {vpc['name']} can't be deleted: network {tiers[0]['name']} is in it")
    yield Accepted(vpc)
    call.store.update(vpc, state="Inactive")
    yield None
    for kind in ("privategateway", "vpngateway", "router"):
        for row in call.store.where(kind, vpcid=vpc.id):
            drop(call.cloud, row)
    for address in call.store.where("publicipaddress", vpcid=vpc.id):
        drop_address(call.cloud, address)
    for acl in call.store.where("networkacllist", vpcid=vpc.id):
        _drop_list(call.cloud, acl)
    drop(call.cloud, vpc)
    return {"success": True}


def _drop_list(cloud: Cloud, acl: Row) -> None:
    for rule in cloud.store.where("networkacl", aclid=acl.id):
        drop(cloud, rule)
    drop(cloud, acl)


@view("vpc")
def show_vpc(cloud: Cloud, row: Row, shown: dict[str, Any]) -> None:
    """Its tiers and services."""
    shown["network"] = [show(cloud, network) for network in cloud.store.where("network", vpcid=row.id)]
    offering: Mapping[str, Any] = cloud.store.find("vpcoffering", row["vpcofferingid"]) or {}
    shown["service"] = offering.get("service", [])


@command("createNetworkACLList")
def create_list(call: Call) -> Steps:
    """An empty ACL list of a VPC."""
    vpc = call.need("vpcid")
    acl = _new_list(call, vpc, call.text("name"), call.text("description"))
    yield Accepted(acl, undo=lambda: call.store.remove(acl), new=True)
    yield None
    return {"networkacllist": show(call.cloud, acl)}


def _new_list(call: Call, vpc: Row, name: str, description: str | None = None) -> Row:
    owner = {member: vpc.get(member) for member in OWNER}
    return call.store.add("networkacllist", **owner, name=name, description=description, vpcid=vpc.id, fordisplay=True)


@command("listNetworkACLLists", "listNetworkACLs")
def list_lists(call: Call) -> Any:
    """Of a VPC, a tier or a list everything, whosever project it is; otherwise whose it is decides."""
    kind = call.command.kind or call.command.lists
    rows = visible(call, kind)
    if not any(call.has(name) for name in OWNER) and any(call.has(name) for name in ("vpcid", "networkid", "aclid")):
        rows = usable(call, kind)
    return page(call, matching(call, rows), call.command.lists)


def _changeable(acl: Row) -> None:
    if not acl.get("vpcid"):
        raise invalid(f"The default ACL list {acl['name']} can't be changed")


@command("deleteNetworkACLList")
def delete_list(call: Call) -> Steps:
    """Fails while a tier uses it."""
    acl = call.need()
    _changeable(acl)
    yield Accepted(acl)
    used = [network for network in call.store.where("network", vpcid=acl["vpcid"]) if network.get("aclid") == acl.id]
    if used:
        raise Refusal(530, f"ACL list {acl['name']} can't be deleted: network {used[0]['name']} uses it", cserror=4350)
    yield None
    _drop_list(call.cloud, acl)
    return {"success": True}


@command("replaceNetworkACLList")
def replace_list(call: Call) -> Steps:
    """Another list for a tier."""
    acl, network = call.need("aclid"), call.need("networkid")
    if not network.get("vpcid") or acl.get("vpcid") not in {None, network["vpcid"]}:
        raise invalid(f"ACL list {acl['name']} and network {network['name']} are not of the same VPC")
    yield Accepted(network)
    call.store.update(network, aclid=acl.id)
    yield realize.tell(call.cloud, network.id)
    return {"success": True}


@chosen_by("networkacllist", "vpcid")
def lists_of_vpc(call: Call, rows: list[Row]) -> list[Row]:
    """The VPC's own lists and the default ones."""
    vpc = call.need("vpcid").id
    return [row for row in rows if row.get("vpcid") in {None, vpc}]


@chosen_by("networkacllist", "networkid")
def lists_of_network(call: Call, rows: list[Row]) -> list[Row]:
    """The list of a tier."""
    return [row for row in rows if row.id == call.need("networkid").get("aclid")]


@chosen_by("networkacl", "networkid")
def rules_of_network(call: Call, rows: list[Row]) -> list[Row]:
    """The rules of a tier's list."""
    return [row for row in rows if row["aclid"] == call.need("networkid").get("aclid")]


@command("createNetworkACL")
def create_rule(call: Call) -> Steps:
    """A rule at the end of a list, or at ``number``."""
    acl = _list_of(call)
    _changeable(acl)
    members = rule_members(call, {})
    taken = {int(rule["number"]) for rule in call.store.where("networkacl", aclid=acl.id)}
    number = call.number("number", max(taken, default=0) + 1)
    if number is None or number < 1:
        raise invalid(f"The number of a rule must be at least 1, not {number}")
    if number in taken:
        raise invalid(f"ACL list {acl['name']} has a rule number {number} already")
    owner = {member: acl.get(member) for member in OWNER}
    rule = call.store.add("networkacl", **owner, aclid=acl.id, number=number, state="Staged", fordisplay=True, **members)
    yield Accepted(rule, undo=lambda: call.store.remove(rule), new=True)
    yield None
    call.store.update(rule, state="Active")
    _tell(call.cloud, acl)
    return {"networkacl": show(call.cloud, rule)}


def _list_of(call: Call) -> Row:
    """``aclid``, or the list of ``networkid``, which gets one of its own when it has a default one."""
    if call.has("aclid"):
        return call.need("aclid")
    network = call.need("networkid")
    if not network.get("vpcid"):
        raise invalid(f"Network {network['name']} is no tier of a VPC: it has no ACL")
    acl = call.store.find("networkacllist", network.get("aclid"))
    if acl is None or not acl.get("vpcid"):
        acl = _new_list(call, call.store.get("vpc", network["vpcid"]), f"VPC_{network['name']}")
        call.store.update(network, aclid=acl.id)
    return acl


def rule_members(call: Call, before: dict[str, Any]) -> dict[str, Any]:
    """The members of an ACL rule from the call, over those that it has. Refuses with 431."""
    protocol = rules.protocol(call, "tcp", "udp", "icmp", "all", default=str(before.get("protocol", "all")), numbers=True)
    start, end = (call.number(name, int(before[name]) if before.get(name) else None) for name in ("startport", "endport"))
    if protocol in {"tcp", "udp"}:
        end = start if end is None else end
        if start is not None and end is not None and not 0 < start <= end <= 65535:
            raise invalid(f"Invalid port range {start}-{end}")
    elif not protocol.isdigit() and (call.has("startport") or call.has("endport")):
        raise invalid(f"Protocol {protocol} has no ports")
    cidrs = call.names("cidrlist") or [one for one in str(before.get("cidrlist", "0.0.0.0/0")).split(",") if one]
    for cidr in cidrs:
        addresses.network_of(cidr, "cidrlist")
    action = call.text("action", str(before.get("action", "Allow"))).capitalize()
    traffic = call.text("traffictype", str(before.get("traffictype", "Ingress"))).capitalize()
    if action not in {"Allow", "Deny"} or traffic not in {"Ingress", "Egress"}:
        raise invalid(f"action must be Allow or Deny and traffictype Ingress or Egress, not {action} and {traffic}")
    icmp = protocol == "icmp"
    return {
        "protocol": protocol, "cidrlist": ",".join(cidrs), "action": action, "traffictype": traffic,
        "startport": str(start) if start is not None and not icmp else None,
        "endport": str(end) if end is not None and not icmp else None,
        "icmptype": call.number("icmptype", before.get("icmptype", -1)) if icmp else None,
        "icmpcode": call.number("icmpcode", before.get("icmpcode", -1)) if icmp else None,
        "reason": call.text("reason", str(before.get("reason", ""))) or None,
    }  # fmt: skip


@command("updateNetworkACLItem")
def update_rule(call: Call) -> Steps:
    """What is sent changes."""
    rule = call.need()
    acl = call.store.get("networkacllist", rule["aclid"])
    _changeable(acl)
    changes = rule_members(call, rule)
    number = call.number("number", int(rule["number"]))
    if any(int(other["number"]) == number for other in call.store.where("networkacl", aclid=acl.id) if other is not rule):
        raise invalid(f"ACL list {acl['name']} has a rule number {number} already")
    yield Accepted(rule)
    yield None
    call.store.update(rule, **changes, number=number)
    _tell(call.cloud, acl)
    return {"networkacl": show(call.cloud, rule)}


@command("deleteNetworkACL")
def delete_rule(call: Call) -> Steps:
    """One rule goes."""
    rule = call.need()
    acl = call.store.get("networkacllist", rule["aclid"])
    _changeable(acl)
    yield Accepted(rule)
    call.store.update(rule, state="Revoke")
    yield None
    drop(call.cloud, rule)
    _tell(call.cloud, acl)
    return {"success": True}


def _tell(cloud: Cloud, acl: Row) -> None:
    for network in cloud.store.where("network", vpcid=acl["vpcid"]):
        if network.get("aclid") == acl.id:
            realize.tell(cloud, network.id)
