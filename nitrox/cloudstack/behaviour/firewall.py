# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Firewall rules of public addresses and egress rules of networks."""

from __future__ import annotations

from typing import Any

from nitrox.cloudstack import addresses, realize
from nitrox.cloudstack.call import Call
from nitrox.cloudstack.jobs import Accepted, Steps
from nitrox.cloudstack.refusal import Refusal, invalid
from nitrox.cloudstack.registry import chosen_by, command
from nitrox.cloudstack.store import Row
from nitrox.cloudstack.views import show

from . import rules
from .lifecycle import drop, services


@command("createFirewallRule")
def create(call: Call) -> Steps:
    """Lets traffic in to a public address of an isolated network."""
    address = call.need("ipaddressid")
    network = call.store.find("network", address.get("associatednetworkid"))
    if address.get("vpcid") or network is None:
        raise invalid(f"The address {address['ipaddress']} is not of an isolated network: a VPC has ACLs")
    owner = {"ipaddressid": address.id, "ipaddress": address["ipaddress"], "networkid": network.id}
    rule = add(call, network, {**owner, **_members(call), "cidrlist": rules.cidrs(call), "traffictype": "Ingress"})
    return (yield from _apply(call, rule))


@command("createEgressFirewallRule")
def create_egress(call: Call) -> Steps:
    """Lets traffic out of an isolated network."""
    network = call.need("networkid")
    if network.get("vpcid") or "Firewall" not in services(call.cloud, network):
        raise invalid(f"Network {network['name']} has no firewall")
    own = str(network.get("cidr", rules.ANY))
    sources = rules.cidrs(call, default=own)
    for source in sources.split(","):
        if source != rules.ANY and not addresses.network_of(source).subnet_of(addresses.network_of(own)):
            raise invalid(f"{source} is not within the guest cidr {own} of network {network['name']}")
    members = {"networkid": network.id, **_members(call), "cidrlist": sources, "traffictype": "Egress"}
    return (
        yield from _apply(call, add(call, network, {**members, "destcidrlist": rules.cidrs(call, "destcidrlist", "") or None}))
    )


def _members(call: Call) -> dict[str, Any]:
    protocol = call.text("protocol").lower()
    protocol = {"6": "tcp", "17": "udp", "1": "icmp"}.get(protocol, protocol)
    if protocol not in {"tcp", "udp", "icmp", "all"}:
        raise invalid(f"Invalid protocol {protocol}")
    if protocol == "icmp":
        return {"protocol": protocol, "icmptype": call.number("icmptype", -1), "icmpcode": call.number("icmpcode", -1)}
    if protocol == "all":
        if call.has("startport") or call.has("endport"):
            raise invalid("Protocol all has no ports")
        return {"protocol": protocol}
    start, end = rules.ports(call, "startport", "endport", required=False)
    return {"protocol": protocol, "startport": start, "endport": end}


def add(call: Call, network: Row, members: dict[str, Any]) -> Row:
    """A rule, staged. Refuses with 537 what overlaps a rule of the same address, or of the same network for egress."""
    owner = {name: network[name] for name in ("account", "domainid", "projectid") if name in network}
    rule = call.store.add("firewallrule", **owner, **members, state="Staged", fordisplay=True)
    place = {"ipaddressid": rule["ipaddressid"]} if "ipaddressid" in rule else {"networkid": rule["networkid"]}
    others = [one for one in call.store.where("firewallrule", **place) if one["traffictype"] == rule["traffictype"]]
    try:
        rules.refuse_overlap(rule, rules.of_firewall(rule), [(one, rules.of_firewall(one)) for one in others])
    except Refusal:
        call.store.remove(rule)
        raise
    return rule


def _apply(call: Call, rule: Row) -> Steps:
    yield Accepted(rule, undo=lambda: call.store.remove(rule), new=True)
    call.store.update(rule, state="Add")
    yield None
    call.store.update(rule, state="Active")
    yield realize.tell(call.cloud, rule["networkid"])
    return {"firewallrule": show(call.cloud, rule)}


def open_for(call: Call, address: Row, protocol: str, start: int, end: int, related: Row) -> None:
    """The firewall rule that another rule brings along, unless there is one."""
    network = call.store.find("network", address.get("associatednetworkid"))
    if address.get("vpcid") or network is None:
        return
    members = {"ipaddressid": address.id, "ipaddress": address["ipaddress"], "networkid": network.id, "protocol": protocol}
    members |= {"startport": start, "endport": end, "cidrlist": rules.ANY, "traffictype": "Ingress", "_related": related.id}
    try:
        call.store.update(add(call, network, members), state="Active")
    except Refusal:
        return


def close_for(call: Call, address: str, related: Row) -> None:
    """It goes with the rule that brought it."""
    for rule in call.store.where("firewallrule", ipaddressid=address):
        if rule.get("_related") == related.id:
            drop(call.cloud, rule)


@command("deleteFirewallRule", "deleteEgressFirewallRule")
def delete(call: Call) -> Steps:
    """One rule goes."""
    rule = call.need()
    yield Accepted(rule)
    call.store.update(rule, state="Deleting")
    yield None
    drop(call.cloud, rule)
    yield realize.tell(call.cloud, rule["networkid"])
    return {"success": True}


@chosen_by("firewallrule", "command")
def by_direction(call: Call, rows: list[Row]) -> list[Row]:
    """listFirewallRules and listEgressFirewallRules share their rows."""
    wanted = "Egress" if call.command.name == "listEgressFirewallRules" else "Ingress"
    return [row for row in rows if row["traffictype"] == wanted]
