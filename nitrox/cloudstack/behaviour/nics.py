# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Network cards and their secondary addresses."""

from __future__ import annotations

from typing import Any

from nitrox.cloudstack import addresses, realize
from nitrox.cloudstack.call import Call
from nitrox.cloudstack.jobs import Accepted, Steps
from nitrox.cloudstack.listing import page
from nitrox.cloudstack.machines import Work
from nitrox.cloudstack.refusal import invalid
from nitrox.cloudstack.registry import command
from nitrox.cloudstack.store import Row
from nitrox.cloudstack.views import show

from . import deploy
from .instances import here
from .lifecycle import implement


@command("listNics")
def list_nics(call: Call) -> Any:
    """The cards of one machine."""
    machine = call.need("virtualmachineid")
    rows = call.store.where("nic", virtualmachineid=machine.id)
    rows = [row for row in rows if not call.has("nicid") or row.id == call.text("nicid")]
    rows = [row for row in rows if not call.has("networkid") or row["networkid"] == call.text("networkid")]
    if call.has("keyword"):
        rows = [row for row in rows if call.text("keyword") in str(row.get("ipaddress", ""))]
    return page(call, rows, "nic") if call.flag("fordisplay", default=True) else {}


def _plugged(call: Call, machine: Row) -> Work:
    return call.cloud.machines.plug(realize.machine(call.cloud, machine)) if machine["state"] == "Running" else None


def _answer(call: Call, machine: Row) -> dict[str, Any]:
    return {"virtualmachine": show(call.cloud, machine)}


@command("addNicToVirtualMachine")
def add(call: Call) -> Steps:
    """A card in another network of the same zone."""
    machine, network = here(call, "virtualmachineid"), call.need("networkid")
    nics = call.store.where("nic", virtualmachineid=machine.id)
    if network["zoneid"] != machine["zoneid"]:
        raise invalid(f"Network {network['name']} is not in the zone of virtual machine {machine['name']}")
    if any(nic["networkid"] == network.id for nic in nics):
        raise invalid(f"A NIC already exists for VM {machine['name']} in network {network['name']}")
    deploy.check_name(call, machine["name"], [network], but=machine.id)
    if call.has("macaddress"):
        addresses.mac_of(call.text("macaddress"))
    yield Accepted(machine)
    if machine["state"] == "Running":
        yield from implement(call, network)
    address = addresses.guest_address(call.cloud, network, call.maybe("ipaddress"))
    deploy.add_nic(call, machine, network, address, call.maybe("macaddress"), default=not nics)
    yield _plugged(call, machine)
    return _answer(call, machine)


@command("removeNicFromVirtualMachine")
def remove(call: Call) -> Steps:
    """Any card but the default one; rules that lead to it must go first."""
    machine, nic = here(call, "virtualmachineid"), _nic(call)
    if nic["isdefault"]:
        raise invalid(f"The default NIC of virtual machine {machine['name']} can't be removed")
    secondary = call.store.where("secondaryip", nicid=nic.id)
    forwards = call.store.where("portforwardingrule", virtualmachineid=machine.id)
    if any(rule["vmguestip"] in {nic["ipaddress"], *(one["ipaddress"] for one in secondary)} for rule in forwards):
        raise invalid("A port forwarding rule leads to the NIC")
    yield Accepted(machine)
    for one in secondary:
        call.store.remove(one)
    call.store.remove(nic)
    yield _plugged(call, machine)
    return _answer(call, machine)


def _nic(call: Call) -> Row:
    nic = call.need("nicid")
    call.permit(call.store.get("virtualmachine", nic["virtualmachineid"]))
    if call.has("virtualmachineid") and nic["virtualmachineid"] != call.text("virtualmachineid"):
        raise invalid("The NIC is not one of the virtual machine")
    return nic


@command("updateVmNicIp")
def update(call: Call) -> Steps:
    """Another address; in an isolated network only while the machine is stopped."""
    nic = _nic(call)
    machine = call.store.get("virtualmachine", nic["virtualmachineid"])
    network = call.store.get("network", nic["networkid"])
    if machine["state"] != "Stopped" and network["type"] == "Isolated":
        raise invalid(f"Virtual machine {machine['name']} must be stopped")
    yield Accepted(machine)
    address = addresses.guest_address(call.cloud, network, call.maybe("ipaddress"))
    call.store.update(nic, ipaddress=address, _place=addresses.place(network, str(address)))
    yield None
    return _answer(call, machine)


@command("addIpToNic")
def add_address(call: Call) -> Steps:
    """A secondary address."""
    nic = _nic(call)
    network = call.store.get("network", nic["networkid"])
    address = addresses.guest_address(call.cloud, network, call.maybe("ipaddress"))
    row = call.store.add("secondaryip", nicid=nic.id, ipaddress=address, _place=addresses.place(network, str(address)))
    yield Accepted(row, undo=lambda: call.store.remove(row), new=True)
    machine = call.store.get("virtualmachine", nic["virtualmachineid"])
    yield _plugged(call, machine)
    about = {"networkid": network.id, "nicid": nic.id, "virtualmachineid": machine.id}
    return {"nicsecondaryip": {"id": row.id, "ipaddress": address, **about, "secondaryip": []}}


@command("removeIpFromNic")
def remove_address(call: Call) -> Steps:
    """It goes, unless a rule leads to it."""
    row = call.lookup("id", call.text("id"), ("secondaryip",))
    nic = call.store.get("nic", row["nicid"])
    machine = call.store.get("virtualmachine", nic["virtualmachineid"])
    call.permit(machine)
    if any(rule["vmguestip"] == row["ipaddress"] for rule in call.store.where("portforwardingrule", virtualmachineid=machine.id)):
        raise invalid(f"A port forwarding rule leads to {row['ipaddress']}")
    yield Accepted(row)
    call.store.remove(row)
    yield _plugged(call, machine)
    return {"success": True}
