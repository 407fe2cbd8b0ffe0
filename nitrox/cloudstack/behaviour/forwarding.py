# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Port forwarding rules, and the IP forwarding rules of static NAT."""

from __future__ import annotations

from typing import Any

from nitrox.cloudstack import realize
from nitrox.cloudstack.call import Call
from nitrox.cloudstack.jobs import Accepted, Steps
from nitrox.cloudstack.refusal import Refusal, invalid
from nitrox.cloudstack.registry import command
from nitrox.cloudstack.store import Row
from nitrox.cloudstack.views import show

from . import firewall, rules
from .lifecycle import drop
from .publicip import guest_of


@command("createPortForwardingRule")
def create(call: Call) -> Steps:
    """Ports of a public address go to ports of a machine."""
    address, machine = call.need("ipaddressid"), call.need("virtualmachineid")
    if machine["state"] in {"Destroyed", "Expunging", "Error"}:
        raise invalid(f"Virtual machine {machine['name']} is {machine['state'].lower()}")
    protocol = call.text("protocol").lower()
    if protocol not in {"tcp", "udp"}:
        raise invalid(f"Invalid protocol {protocol}")
    public = rules.ports(call, "publicport", "publicendport")
    private = rules.ports(call, "privateport", "privateendport")
    if (public[1] or 0) - (public[0] or 0) != (private[1] or 0) - (private[0] or 0):
        raise invalid("The ranges of public and private ports differ in length")
    rule = _add(call, address, machine, protocol, public, private)
    yield Accepted(rule, undo=lambda: _drop(call, rule), new=True)
    yield None
    call.store.update(rule, state="Active")
    yield realize.tell(call.cloud, rule["networkid"])
    return {"portforwardingrule": show(call.cloud, rule)}


Range = tuple[int | None, int | None]


def _add(call: Call, address: Row, machine: Row, protocol: str, public: Range, private: Range) -> Row:
    owner = {name: address[name] for name in ("account", "domainid", "projectid") if name in address}
    guest = guest_of(call, address, machine)
    rule = call.store.add(
        "portforwardingrule", **owner, ipaddressid=address.id, ipaddress=address["ipaddress"],
        networkid=address["associatednetworkid"],
        protocol=protocol, publicport=public[0], publicendport=public[1], privateport=private[0], privateendport=private[1],
        virtualmachineid=machine.id, vmguestip=guest, state="Staged", fordisplay=True, cidrlist=rules.cidrs(call, default=""),
    )  # fmt: skip
    try:
        rules.refuse_traffic_conflict(call, address, rule, rules.of_forwarding(rule))
    except Refusal:
        call.store.remove(rule)
        raise
    if call.flag("openfirewall", default=True):
        firewall.open_for(call, address, protocol, int(public[0] or 0), int(public[1] or 0), rule)
    return rule


def _drop(call: Call, rule: Row) -> None:
    firewall.close_for(call, rule["ipaddressid"], rule)
    drop(call.cloud, rule)


@command("updatePortForwardingRule")
def update(call: Call) -> Steps:
    """Another machine or another private port."""
    rule = call.need()
    machine = call.row("virtualmachineid")
    changes: dict[str, Any] = dict(call.sent("privateport", "privateendport", "fordisplay"))
    if "privateport" in changes and "privateendport" not in changes:
        width = int(rule["publicendport"]) - int(rule["publicport"])
        changes["privateendport"] = int(changes["privateport"]) + width
    first, last = int(changes.get("privateport", rule["privateport"])), int(changes.get("privateendport", rule["privateendport"]))
    rules.in_range(first, last, "privateport, privateendport")
    if machine is not None or call.has("vmguestip"):
        machine = machine or call.store.get("virtualmachine", rule["virtualmachineid"])
        address = call.store.get("publicipaddress", rule["ipaddressid"])
        changes |= {"virtualmachineid": machine.id, "vmguestip": guest_of(call, address, machine)}
    yield Accepted(rule)
    yield None
    call.store.update(rule, **changes)
    yield realize.tell(call.cloud, rule["networkid"])
    return {"portforwardingrule": show(call.cloud, rule)}


@command("deletePortForwardingRule")
def delete(call: Call) -> Steps:
    """The rule goes, and the firewall rule that it brought."""
    rule = call.need()
    yield Accepted(rule)
    call.store.update(rule, state="Deleting")
    yield None
    _drop(call, rule)
    yield realize.tell(call.cloud, rule["networkid"])
    return {"success": True}


@command("createIpForwardingRule")
def create_ip_forwarding(call: Call) -> Steps:
    """Ports that static NAT lets in."""
    address = call.need("ipaddressid")
    if not address.get("isstaticnat"):
        raise invalid(f"The address {address['ipaddress']} has no static nat")
    start, end = rules.ports(call, "startport", "endport")
    protocol = call.text("protocol").lower()
    owner = {name: address[name] for name in ("account", "domainid", "projectid") if name in address}
    others = [(one, rules.Claim(one["protocol"], one["startport"], one["endport"])) for one in _on(call, address)]
    rule = call.store.add(
        "ipforwardingrule", **owner, ipaddressid=address.id, ipaddress=address["ipaddress"], protocol=protocol, startport=start,
        endport=end, virtualmachineid=address["virtualmachineid"], vmguestip=address["vmipaddress"], state="Staged",
    )  # fmt: skip
    try:
        rules.refuse_overlap(rule, rules.Claim(protocol, start, end), others)
    except Refusal:
        call.store.remove(rule)
        raise
    yield Accepted(rule, undo=lambda: call.store.remove(rule), new=True)
    yield None
    call.store.update(rule, state="Active")
    return {"ipforwardingrule": show(call.cloud, rule)}


def _on(call: Call, address: Row) -> list[Row]:
    return call.store.where("ipforwardingrule", ipaddressid=address.id)
