# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""What happens to machines and networks on their way: networks come up with the first machine, machines leave for good."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from nitrox.cloudstack import addresses, realize
from nitrox.cloudstack.limits import size_of
from nitrox.cloudstack.machines import Work
from nitrox.cloudstack.refusal import no_capacity
from nitrox.cloudstack.store import Row

if TYPE_CHECKING:
    from nitrox.cloudstack.call import Call
    from nitrox.cloudstack.cloud import Cloud
    from nitrox.cloudstack.jobs import Steps

_UP = {"Implemented", "Setup"}


def services(cloud: Cloud, network: Row) -> set[str]:
    """The services that a network's offering has."""
    offering: Mapping[str, Any] = cloud.store.find("networkoffering", network["networkofferingid"]) or {}
    return {service["name"] for service in offering.get("service", ())}


def bring_up(call: Call, machine: Row) -> Steps:
    """The machine's networks come up, it gets a host and boots there. Refuses with 533."""
    for nic in call.store.where("nic", virtualmachineid=machine.id):
        yield from implement(call, call.store.get("network", nic["networkid"]))
    place_on_host(call, machine)
    yield call.cloud.machines.start(realize.machine(call.cloud, machine))
    return {}


def implement(call: Call, network: Row) -> Steps:
    """Allocated → Implementing → Implemented; one that fails is Allocated again. Refuses with 533."""
    store = call.store  # a job that is forgotten by a reset must not touch the new one
    if network["state"] not in _UP:
        store.update(network, state="Implementing")
        try:
            yield None
            come_up(call.cloud, network)
        finally:
            if network["state"] == "Implementing":
                store.update(network, state="Allocated")
    return {}


def come_up(cloud: Cloud, network: Row) -> None:
    """A network is implemented: an isolated one with source NAT takes an address for it. Refuses with 533."""
    if network["state"] in _UP:
        return
    nat = "SourceNat" in services(cloud, network) and not network.get("vpcid")
    if nat and source_nat(cloud, network) is None:
        take_address(cloud, network, source=True)
    cloud.store.update(network, state="Implemented", broadcasturi=f"vlan://{100 + network.number % 3900}")
    realize.tell(cloud, network.id)


def place_on_host(call: Call, machine: Row) -> None:
    """The wanted host, or one of the zone in turn. Refuses with 533 where none of the zone's hosts can take it."""
    wanted = call.row("hostid")
    hosts = call.store.where("host", zoneid=machine["zoneid"]) if wanted is None else [wanted]
    size = size_of(call.cloud, machine)
    able = [host for host in hosts if host.get("resourcestate") == "Enabled" and _takes(host, size)]
    if hosts and not able:
        raise no_capacity(f"Unable to create a deployment for VM {machine['name']}: no host has room for it")
    if able:
        call.store.update(machine, hostid=able[machine.number % len(able)].id)


def _takes(host: Row, size: Mapping[str, int]) -> bool:
    memory, cores = host.get("memorytotal"), host.get("cpunumber")
    return (memory is None or size["memory"] << 20 <= int(memory)) and (cores is None or size["cpunumber"] <= int(cores))


def source_nat(cloud: Cloud, network: Row) -> Row | None:
    """The address that an isolated network goes out by."""
    return next(
        (row for row in cloud.store.where("publicipaddress", associatednetworkid=network.id) if row.get("issourcenat")), None
    )


def take_address(cloud: Cloud, place: Row, *, source: bool, wanted: str | None = None) -> Row:
    """A public address for a network or a VPC. Refuses with 431 and 533."""
    vlan, address = addresses.public_address(cloud, place["zoneid"], wanted)
    owner = {name: place.get(name) for name in ("account", "domainid", "projectid")}
    at = {"vpcid": place.id} if place.kind == "vpc" else {"associatednetworkid": place.id, "vpcid": place.get("vpcid")}
    return cloud.store.add(
        "publicipaddress", id=addresses.public_id(address), ipaddress=address, **owner, **at, zoneid=place["zoneid"],
        issourcenat=source,
        isstaticnat=False, state="Allocated", allocated=cloud.now_text(), forvirtualnetwork=True, issystem=False,
        isportable=False,
        vlanid=vlan.id, vlanname=vlan.get("vlan"), physicalnetworkid=vlan.get("physicalnetworkid"), fordisplay=True,
    )  # fmt: skip


def drop_address(cloud: Cloud, address: Row) -> None:
    """A public address goes back, with all rules on it."""
    for kind, member in (
        ("portforwardingrule", "ipaddressid"),
        ("ipforwardingrule", "ipaddressid"),
        ("loadbalancerrule", "publicipid"),
        ("firewallrule", "ipaddressid"),
    ):
        for rule in cloud.store.where(kind, **{member: address.id}):
            drop(cloud, rule)
    drop(cloud, address)
    realize.tell(cloud, address.get("associatednetworkid"))


def drop(cloud: Cloud, row: Row) -> None:
    """An object goes, and with it its tags and, of a volume, the snapshot policies."""
    for policy in cloud.store.where("snapshotpolicy", volumeid=row.id) if row.kind == "volume" else ():
        cloud.store.remove(policy)
    for tag in cloud.store.where("tag", resourceid=row.id):
        cloud.store.remove(tag)
    cloud.store.remove(row)


def release_rules(cloud: Cloud, machine: Row) -> None:
    """Nothing leads to that machine any more."""
    for rule in cloud.store.where("portforwardingrule", virtualmachineid=machine.id):
        drop(cloud, rule)
    for rule in (*cloud.store.rows("loadbalancerrule"), *cloud.store.rows("loadbalancer")):
        members = rule.get("_members", {})
        if machine.id in members:
            cloud.store.update(rule, _members={key: value for key, value in members.items() if key != machine.id})
    for address in cloud.store.where("publicipaddress", virtualmachineid=machine.id):
        cloud.store.update(address, isstaticnat=False, virtualmachineid=None, vmipaddress=None)


def expunge(cloud: Cloud, machine: Row) -> Work:
    """A machine goes for good, with its root disk, addresses and rules; data disks are only detached."""
    release_rules(cloud, machine)
    networks = set()
    for nic in cloud.store.where("nic", virtualmachineid=machine.id):
        networks.add(nic["networkid"])
        for secondary in cloud.store.where("secondaryip", nicid=nic.id):
            cloud.store.remove(secondary)
        cloud.store.remove(nic)
    for volume in cloud.store.where("volume", virtualmachineid=machine.id):
        if volume["type"] == "ROOT":
            drop(cloud, volume)
        else:
            cloud.store.update(volume, virtualmachineid=None, deviceid=None, attached=None)
    for snapshot in cloud.store.where("vmsnapshot", virtualmachineid=machine.id):
        drop(cloud, snapshot)
    drop(cloud, machine)
    for network in networks:
        realize.tell(cloud, network)
    return cloud.machines.destroy(machine.id)
