# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""deployVirtualMachine: what is checked in the request, what is made there, and what the job does."""

from __future__ import annotations

import base64
import binascii
import re
import secrets
import uuid
from dataclasses import dataclass, field
from typing import Any

from nitrox.cloudstack import addresses, limits
from nitrox.cloudstack.call import Call
from nitrox.cloudstack.jobs import Accepted, Steps
from nitrox.cloudstack.refusal import invalid
from nitrox.cloudstack.registry import command
from nitrox.cloudstack.store import Row
from nitrox.cloudstack.views import show

from .disks import add_disks, data_size, root_size
from .lifecycle import bring_up

HOSTNAME = re.compile(r"(?!-)(?!\d+$)[A-Za-z0-9-]{1,63}(?<!-)$")
BY_GET = 4096  # characters of encoded user data in a URL


@dataclass
class Wanted:
    """A machine that is asked for, checked."""

    zone: Row
    offering: Row
    template: Row
    owner: dict[str, Any]
    name: str
    networks: list[tuple[Row, str | None, str | None]] = field(default_factory=list)


@command("deployVirtualMachine")
def deploy(call: Call) -> Steps:
    """A new machine, started unless ``startvm`` says otherwise."""
    machine = make_machine(call)
    yield Accepted(machine, undo=lambda: call.store.update(machine, state="Error", hostid=None), new=True)
    if call.flag("startvm", default=True):
        call.store.update(machine, state="Starting")
        yield from bring_up(call, machine)
        call.store.update(machine, state="Running")
    for volume in call.store.where("volume", virtualmachineid=machine.id):
        call.store.update(volume, state="Ready")
    return {"virtualmachine": with_password(call, machine)}


def make_machine(call: Call) -> Row:
    """The machine with its cards and disks, stopped. Refuses what is wrong with the parameters."""
    return _make(call, _wanted(call))


def with_password(call: Call, machine: Row) -> dict[str, Any]:
    """The machine as the answers show it that tell its password."""
    shown = show(call.cloud, machine)
    return {**shown, "password": machine["_password"]} if machine.get("_password") else shown


def _wanted(call: Call) -> Wanted:
    zone, offering, template = call.need("zoneid"), call.need("serviceofferingid"), call.need("templateid")
    if not template.get("isready"):
        raise invalid(f"Template {template['name']} is not ready in zone {zone['name']}")
    if zone.get("allocationstate") == "Disabled" and not call.caller.is_admin:
        raise invalid(f"Zone {zone['name']} is disabled")
    if not template.get("crossZones", True) and zone.id not in template.get("_zones", ()):
        raise invalid(f"Template {template['name']} is not available for use in zone {zone['name']}")
    root_size(call, template)
    data_size(call)
    owner = call.owner()
    size = {name: custom_size(call, offering).get(f"_{name}") or int(offering.get(name) or 0) for name in ("cpunumber", "memory")}
    limits.charge_machine(call.cloud, owner, size, 2 if call.has("diskofferingid") else 1)
    wanted = Wanted(zone, offering, template, owner, call.text("name") or f"VM-{uuid.uuid4()}")
    if not HOSTNAME.match(wanted.name):
        raise invalid(f"Invalid name {wanted.name}: a host name has 1 to 63 letters, digits and hyphens, and more than digits")
    wanted.networks = _networks(call, wanted)
    check_name(call, wanted.name, [network for network, _address, _mac in wanted.networks])
    return wanted


def check_name(call: Call, name: str, networks: list[Row], *, but: str = "") -> None:
    """Refuses with 431 a host name that another machine has in the same network domain."""
    domains = {network.get("networkdomain") for network in networks}
    for other in call.store.where("virtualmachine", _name=name.lower()):
        nics = call.store.where("nic", virtualmachineid=other.id)
        theirs = {call.store.get("network", nic["networkid"]).get("networkdomain") for nic in nics}
        if other.id != but and (domains & theirs):
            raise invalid(f"The vm with hostName {name} already exists in the network domain: {(domains & theirs).pop()}")


def _networks(call: Call, wanted: Wanted) -> list[tuple[Row, str | None, str | None]]:
    entries = call.maps("iptonetworklist")
    of = ("network",)
    if entries:
        if call.has("networkids"):
            raise invalid("networkids and iptonetworklist can't be given together")
        found = [(call.lookup("networkid", one.get("networkid", ""), of), one.get("ip"), one.get("mac")) for one in entries]
    else:
        found = [(network, None, None) for network in call.rows("networkids") or _default_networks(call, wanted)]
        if found and (call.has("ipaddress") or call.has("macaddress")):
            found[0] = (found[0][0], call.maybe("ipaddress"), call.maybe("macaddress"))
    for network, _address, mac in found:
        if mac:
            addresses.mac_of(mac)
        if network["zoneid"] != wanted.zone.id:
            raise invalid(f"Network {network['name']} is not in zone {wanted.zone['name']}")
    if len({network.id for network, _address, _mac in found}) < len(found):
        raise invalid("a network is named twice")
    return found


def _default_networks(call: Call, wanted: Wanted) -> list[Row]:
    """Without ``networkids``: the shared one of a basic zone, or the only isolated one of the owner, made if there is none."""
    networks = call.store.where("network", zoneid=wanted.zone.id)
    if wanted.zone["networktype"] == "Basic":
        return [network for network in networks if network["type"] == "Shared"][:1]
    mine = [one for one in networks if _owned(one, wanted.owner) and one["type"] == "Isolated" and not one.get("vpcid")]
    if len(mine) > 1:
        raise invalid(f"{wanted.owner['account']} has several networks in zone {wanted.zone['name']}: networkids is needed")
    return mine or [_first_network(call, wanted)]


def _owned(row: Row, owner: dict[str, Any]) -> bool:
    return all(row.get(name) == owner.get(name) for name in ("account", "domainid", "projectid"))


def _first_network(call: Call, wanted: Wanted) -> Row:
    from .networks import make

    offerings = call.store.where("networkoffering", guestiptype="Isolated", availability="Required")
    if not offerings:
        raise invalid("networkids is needed")
    name = f"{wanted.owner['account']}-network"
    return make(call, wanted.owner, wanted.zone, offerings[0], {"name": name, "displaytext": name})


def _make(call: Call, wanted: Wanted) -> Row:
    placed = [(network, addresses.guest_address(call.cloud, network, address), mac) for network, address, mac in wanted.networks]
    members = _members(call, wanted)
    machine = call.store.add("virtualmachine", **wanted.owner, **members)
    number = machine.number
    call.store.update(machine, instancename=f"i-2-{number}-VM", displayname=call.text("displayname") or wanted.name)
    for index, (network, address, mac) in enumerate(placed):
        add_nic(call, machine, network, address, mac, default=index == 0)
    add_disks(call, machine, wanted.owner, wanted.template)
    return machine


def _members(call: Call, wanted: Wanted) -> dict[str, Any]:
    is_iso = wanted.template.kind == "iso"
    now = call.cloud.now_text()
    groups = security_groups(call, wanted)
    members = {
        "name": wanted.name, "_name": wanted.name.lower(), "zoneid": wanted.zone.id, "serviceofferingid": wanted.offering.id,
        "templateid": None if is_iso else wanted.template.id, "isoid": wanted.template.id if is_iso else None,
        "ostypeid": wanted.template.get("ostypeid"), "guestosid": wanted.template.get("ostypeid"), "state": "Stopped",
        "hypervisor": call.text("hypervisor") or wanted.template.get("hypervisor") or "KVM", "created": now, "lastupdated": now,
        "passwordenabled": bool(wanted.template.get("passwordenabled")), "isdynamicallyscalable": False, "displayvm": True,
        "rootdeviceid": 0, "rootdevicetype": "ROOT", "vmtype": "User", "deleteprotection": False, "cpuused": "0%",
        "userid": call.caller.user.id, "username": call.caller.user["username"], "keypairs": keypairs(call, wanted.owner),
        "_userdata": user_data(call), "userdataid": call.maybe("userdataid"), "_securitygroups": groups,
        "_affinitygroups": affinity_groups(call, wanted.owner), "groupid": _group(call, wanted.owner),
        "details": call.mapping("details") or None, "diskofferingid": call.maybe("diskofferingid"),
        **custom_size(call, wanted.offering),
    }  # fmt: skip
    if members["passwordenabled"]:
        members["_password"] = secrets.token_urlsafe(6)
    return members


def custom_size(call: Call, offering: Row) -> dict[str, Any]:
    """The size that ``details`` give to a custom offering. Refuses with 431 what is missing."""
    if not offering.get("iscustomized"):
        return {}
    given = {name.lower(): value for name, value in call.mapping("details").items()}
    missing = [
        name for name in ("cpunumber", "cpuspeed", "memory") if not offering.get(name) and not given.get(name, "").isdigit()
    ]
    if missing:
        raise invalid(f"Offering {offering['name']} needs {', '.join(missing)} in details")
    return {f"_{name}": int(given[name]) for name in ("cpunumber", "cpuspeed", "memory") if given.get(name, "").isdigit()}


def keypairs(call: Call, owner: dict[str, Any]) -> str | None:
    """The names of ``keypair`` and ``keypairs``. Refuses with 431 one that the owner does not have."""
    names = [*call.names("keypair"), *call.names("keypairs")]
    for name in names:
        if not call.store.where("sshkeypair", name=name, account=owner["account"], domainid=owner["domainid"]):
            # clients look for CloudStack's own spelling
            raise invalid(f"Not all specified keyparis exist: there is no key pair {name}")
    return ",".join(dict.fromkeys(names)) or None


def user_data(call: Call) -> str | None:
    """The base64 text of ``userdata``, or of ``userdataid``. Refuses with 431 what is no base64 or too long."""
    stored = call.row("userdataid")
    text = call.maybe("userdata") or (str(stored["userdata"]) if stored is not None else None)
    if text is None:
        return None
    return checked_user_data(call, text)


def checked_user_data(call: Call, text: str) -> str:
    """The same text, padded. Refuses with 431."""
    most = int(call.cloud.setting("vm.userdata.max.length") or 32768)
    if call.method == "GET" and call.has("userdata") and len(text) > BY_GET:
        raise invalid(f"User data is too long for an http GET request: {len(text)} characters of at most {BY_GET}")
    text = text.replace("-", "+").replace("_", "/")
    text += "=" * (-len(text) % 4)
    try:
        decoded = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise invalid("User data is not base64 encoded") from None
    if len(decoded) > most:
        raise invalid(f"User data has {len(decoded)} bytes, at most {most} are allowed")
    return text


def security_groups(call: Call, wanted: Wanted) -> list[str]:
    """The ids of the wanted security groups, or the account's default one where the zone has them."""
    names, rows = call.names("securitygroupnames"), call.rows("securitygroupids")
    if not wanted.zone.get("securitygroupsenabled"):
        if names or rows:
            raise invalid(f"Zone {wanted.zone['name']} has no security groups")
        return []
    from .security import default_group, find

    rows += [find(call, name, wanted.owner) for name in names]
    return [row.id for row in rows or [default_group(call, wanted.owner)]]


def affinity_groups(call: Call, owner: dict[str, Any]) -> list[str]:
    """The ids of ``affinitygroupids`` and ``affinitygroupnames``. Refuses with 431."""
    found = [row.id for row in call.rows("affinitygroupids")]
    for name in call.names("affinitygroupnames"):
        rows = [row for row in call.store.where("affinitygroup", name=name) if _owned(row, owner)]
        if not rows:
            raise invalid(f"Unable to find affinity group {name}")
        found.append(rows[0].id)
    return found


def _group(call: Call, owner: dict[str, Any]) -> str | None:
    if not call.has("group"):
        return None
    name = call.text("group")
    rows = [row for row in call.store.where("instancegroup", name=name) if _owned(row, owner)]
    return (rows[0] if rows else call.store.add("instancegroup", **owner, name=name, created=call.cloud.now_text())).id


def add_nic(call: Call, machine: Row, network: Row, address: str | None, mac: str | None, *, default: bool) -> Row:
    """A network card."""
    nic = call.store.add(
        "nic", virtualmachineid=machine.id, networkid=network.id, ipaddress=address, isdefault=default,
        _place=addresses.place(network, address) if address else None,
    )  # fmt: skip
    return call.store.update(nic, macaddress=mac or addresses.mac(nic.number), broadcasturi=network.get("broadcasturi"))
