# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Load balancer rules of the virtual router, and internal load balancers of VPC tiers."""

from __future__ import annotations

from typing import Any

from nitrox.cloudstack import addresses, realize
from nitrox.cloudstack.call import Call
from nitrox.cloudstack.cloud import Cloud
from nitrox.cloudstack.jobs import Accepted, Steps
from nitrox.cloudstack.listing import mentioning, page
from nitrox.cloudstack.refusal import Refusal, invalid
from nitrox.cloudstack.registry import chosen_by, command, view
from nitrox.cloudstack.store import Row
from nitrox.cloudstack.views import show

from . import firewall, rules
from .elements import deploy_balancer, drop_balancer
from .lifecycle import drop, services, take_address
from .plain import cleared

PROTOCOLS = ("tcp", "udp", "tcp-proxy", "ssl")
ALGORITHMS = {"roundrobin", "leastconn", "source"}


@command("createLoadBalancerRule")
def create(call: Call) -> Steps:
    """A rule on a public address; without one, the network gets a new address for it."""
    address, fresh = _address(call)
    try:
        rule = _add(call, address)
    except Refusal:
        if fresh:
            call.store.remove(address)
        raise
    yield Accepted(rule, undo=lambda: _drop(call, rule), new=True)
    call.store.update(rule, state="Add")
    yield None
    call.store.update(rule, state="Active")
    yield realize.tell(call.cloud, rule["networkid"])
    return {"loadbalancer": show(call.cloud, rule)}


def _address(call: Call) -> tuple[Row, bool]:
    address = call.row("publicipid")
    if address is not None:
        if call.has("networkid") and address.get("vpcid"):
            call.store.update(address, associatednetworkid=call.need("networkid").id)
        return address, False
    network = call.need("networkid")
    return take_address(call.cloud, network, source=False), True


def _add(call: Call, address: Row) -> Row:
    algorithm, protocol = call.text("algorithm").lower(), rules.protocol(call, *PROTOCOLS, default="tcp")
    if algorithm not in ALGORITHMS:
        raise invalid(f"Invalid algorithm {algorithm}: one of {', '.join(sorted(ALGORITHMS))}")
    network = call.store.find("network", address.get("associatednetworkid"))
    if network is None or "Lb" not in services(call.cloud, network):
        raise invalid(f"The address {address['ipaddress']} is not of a network with load balancing: networkid is needed in a VPC")
    public, private = rules.ports(call, "publicport", "publicport")[0], rules.ports(call, "privateport", "privateport")[0]
    owner = {name: address[name] for name in ("account", "domainid", "projectid") if name in address}
    rule = call.store.add(
        "loadbalancerrule", **owner, name=call.text("name"), description=call.maybe("description"), algorithm=algorithm,
        protocol=protocol, publicipid=address.id, publicip=address["ipaddress"], publicport=public, privateport=private,
        networkid=network.id, zoneid=address["zoneid"], state="Staged", fordisplay=True,
        cidrlist=rules.cidrs(call, default=""), _members={},
    )  # fmt: skip
    try:
        rules.refuse_traffic_conflict(call, address, rule, rules.of_balancing(rule))
    except Refusal:
        call.store.remove(rule)
        raise
    if call.flag("openfirewall", default=True):
        claim = rules.of_balancing(rule)
        firewall.open_for(call, address, claim.protocol, int(claim.start or 0), int(claim.end or 0), rule)
    return rule


def _drop(call: Call, rule: Row) -> None:
    firewall.close_for(call, rule["publicipid"], rule)
    drop(call.cloud, rule)


@command("updateLoadBalancerRule")
def update(call: Call) -> Steps:
    """Name, description, algorithm and protocol; nothing else."""
    rule = call.need()
    changes = dict(call.sent("name", "description", "algorithm", "protocol", "fordisplay"))
    if str(changes.get("algorithm", rule["algorithm"])).lower() not in ALGORITHMS:
        raise invalid(f"Invalid algorithm {changes['algorithm']}")
    rules.protocol(call, *PROTOCOLS, default=rule["protocol"])
    yield Accepted(rule)
    yield None
    call.store.update(rule, **changes)
    yield realize.tell(call.cloud, rule["networkid"])
    return {"loadbalancer": show(call.cloud, rule)}


@command("deleteLoadBalancerRule")
def delete(call: Call) -> Steps:
    """The rule goes, and the firewall rule that it brought."""
    rule = call.need()
    yield Accepted(rule)
    call.store.update(rule, state="Deleting")
    yield None
    _drop(call, rule)
    yield realize.tell(call.cloud, rule["networkid"])
    return {"success": True}


@command("assignToLoadBalancerRule")
def assign(call: Call) -> Steps:
    """Machines of the rule's network become its members."""
    rule = call.need()
    members = dict(rule.get("_members", {}))
    addresses_of = {entry.get("vmid", ""): entry.get("vmip", "") for entry in call.maps("vmidipmap")}
    machines = call.rows("virtualmachineids") + [call.lookup("vmid", key, ("virtualmachine",)) for key in addresses_of]
    if not machines:
        raise invalid("virtualmachineids or vmidipmap is needed")
    for machine in machines:
        if machine.id in members:
            raise invalid(f"VM {machine['name']} is already mapped to load balancer {rule['name']}")
        members[machine.id] = addresses_of.get(machine.id) or _address_in(call, machine, rule["networkid"])
    yield Accepted(rule)
    yield None
    call.store.update(rule, _members={**rule.get("_members", {}), **members})
    if rule.kind == "loadbalancer":
        deploy_balancer(call.cloud, rule)
    yield realize.tell(call.cloud, rule["networkid"])
    return {"success": True}


def _address_in(call: Call, machine: Row, network: str) -> str:
    nic = next((nic for nic in call.store.where("nic", virtualmachineid=machine.id) if nic["networkid"] == network), None)
    if nic is None or machine["state"] in {"Destroyed", "Expunging"}:
        raise invalid(f"Virtual machine {machine['name']} is not usable in the network of the rule")
    return str(nic["ipaddress"])


@command("removeFromLoadBalancerRule")
def remove(call: Call) -> Steps:
    """Members leave."""
    rule = call.need()
    gone = [machine.id for machine in call.rows("virtualmachineids")] + [one.get("vmid", "") for one in call.maps("vmidipmap")]
    strangers = [key for key in gone if key not in rule.get("_members", {})]
    if strangers or not gone:
        raise invalid(f"No such member of load balancer {rule['name']}: {', '.join(strangers) or '(none given)'}")
    yield Accepted(rule)
    yield None
    call.store.update(rule, _members={key: value for key, value in rule["_members"].items() if key not in gone})
    yield realize.tell(call.cloud, rule["networkid"])
    return {"success": True}


@command("listLoadBalancerRuleInstances")
def list_members(call: Call) -> Any:
    """The members of a rule, or with ``applied=false`` the machines that could become some."""
    rule = call.need()
    members = rule.get("_members", {})
    machines = [call.store.find("virtualmachine", key) for key in members]
    rows = [machine for machine in machines if machine is not None]
    if not call.flag("applied", default=True):
        near = {nic["virtualmachineid"] for nic in call.store.where("nic", networkid=rule["networkid"])}
        rows = [machine for machine in call.store.rows("virtualmachine") if machine.id in near and machine.id not in members]
    rows = mentioning(rows, call.text("keyword"))
    if call.flag("lbvmips"):
        items = [{"loadbalancerruleinstance": show(call.cloud, row), "lbvmipaddresses": [members.get(row.id)]} for row in rows]
        return {"count": len(items), "lbrulevmidip": items} if items else {}
    return page(call, rows, "loadbalancerruleinstance")


@chosen_by("loadbalancerrule", "virtualmachineid")
def by_member(call: Call, rows: list[Row]) -> list[Row]:
    """Rules that a machine is a member of."""
    return [row for row in rows if call.text("virtualmachineid") in row.get("_members", {})]


@command("createLoadBalancer")
def create_internal(call: Call) -> Steps:
    """An internal load balancer of a VPC tier."""
    network = call.need("networkid")
    offering = call.store.get("networkoffering", network["networkofferingid"])
    if not offering.get("supportsinternallb"):
        raise invalid(f"Network {network['name']} has no internal load balancing")
    source = addresses.guest_address(call.cloud, network, call.maybe("sourceipaddress"))
    owner = {name: network[name] for name in ("account", "domainid", "projectid") if name in network}
    row = call.store.add(
        "loadbalancer", **owner, **dict(call.sent("name", "description", "algorithm")), networkid=network.id,
        sourceipaddress=source,
        sourceipaddressnetworkid=call.need("sourceipaddressnetworkid").id,
        _ports=(call.number("sourceport"), call.number("instanceport")),
        _scheme=call.text("scheme"),
        _members={}, fordisplay=True,
    )  # fmt: skip
    yield Accepted(row, undo=lambda: call.store.remove(row), new=True)
    yield None
    return {"loadbalancer": show(call.cloud, row)}


@view("loadbalancer")
def show_internal(cloud: Cloud, row: Row, shown: dict[str, Any]) -> None:
    """Its one rule and its members."""
    source, instance = row["_ports"]
    shown["loadbalancerrule"] = [{"sourceport": source, "instanceport": instance, "state": "Active"}]
    members = [(cloud.store.find("virtualmachine", key), address) for key, address in row.get("_members", {}).items()]
    shown["loadbalancerinstance"] = [
        {"id": one.id, "name": one["name"], "state": one["state"], "ipaddress": address}
        for one, address in members
        if one is not None
    ]


@cleared("loadbalancer")
def clear_internal(call: Call, row: Row) -> None:
    """Its machine goes with it."""
    drop_balancer(call.cloud, row)
