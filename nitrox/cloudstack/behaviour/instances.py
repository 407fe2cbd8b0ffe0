# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Machines after their deployment: start, stop, restart, change, destroy, and what is shown of them."""

from __future__ import annotations

import secrets
from typing import Any

from nitrox.cloudstack import realize
from nitrox.cloudstack.call import Call
from nitrox.cloudstack.jobs import Accepted, Steps
from nitrox.cloudstack.limits import size_of
from nitrox.cloudstack.refusal import Refusal, denied, invalid
from nitrox.cloudstack.registry import command
from nitrox.cloudstack.store import Row
from nitrox.cloudstack.views import show

from . import deploy
from .lifecycle import bring_up, expunge

GONE = {"Destroyed", "Expunging"}


def stays(machine: Row, *states: str) -> None:
    """Refuses with 431 unless the machine is in one of the states."""
    if machine["state"] not in states:
        raise invalid(f"Virtual machine {machine['name']} is in state {machine['state']}, not {' or '.join(states)}")


def here(call: Call, name: str = "id") -> Row:
    """The machine of a call. Refuses with 431 one that is destroyed."""
    machine = call.need(name)
    if machine["state"] in GONE:
        raise invalid(f"Virtual machine {machine['name']} is {machine['state'].lower()}")
    return machine


def answer(call: Call, machine: Row) -> dict[str, Any]:
    """The machine as it is now."""
    return {"virtualmachine": show(call.cloud, machine)}


@command("startVirtualMachine")
def start(call: Call) -> Steps:
    """Stopped → Starting → Running. The job fails with 431 on one that runs."""
    machine = here(call)
    yield Accepted(machine)
    if machine["state"] == "Running":
        raise invalid(f"The virtual machine {machine.id} ({machine['displayname']}) is already running")
    stays(machine, "Stopped")
    yield from boot(call, machine)
    return answer(call, machine)


def boot(call: Call, machine: Row) -> Steps:
    """Start it; a failure leaves it stopped."""
    call.store.update(machine, state="Starting")
    try:
        yield from bring_up(call, machine)
    except Refusal:
        call.store.update(machine, state="Stopped", hostid=None)
        raise
    call.store.update(machine, state="Running", lastupdated=call.cloud.now_text())
    return {}


@command("stopVirtualMachine")
def stop(call: Call) -> Steps:
    """Running → Stopping → Stopped."""
    machine = here(call)
    yield Accepted(machine)
    yield from halt(call, machine)
    return answer(call, machine)


def halt(call: Call, machine: Row) -> Steps:
    """Stop it, if it runs."""
    if machine["state"] in {"Running", "Starting", "Unknown", "Migrating"}:
        call.store.update(machine, state="Stopping")
        yield call.cloud.machines.stop(machine.id, forced=call.flag("forced"))
        call.store.update(machine, state="Stopped", hostid=None, lastupdated=call.cloud.now_text())
    return {}


@command("rebootVirtualMachine")
def reboot(call: Call) -> Steps:
    """Stays Running."""
    machine = here(call)
    yield Accepted(machine)
    stays(machine, "Running")
    yield call.cloud.machines.reboot(machine.id)
    return answer(call, machine)


@command("migrateVirtualMachine")
def migrate(call: Call) -> Steps:
    """Running → Migrating → Running on another host."""
    machine = here(call, "virtualmachineid")
    host = call.row("hostid")
    yield Accepted(machine)
    stays(machine, "Running")
    call.store.update(machine, state="Migrating")
    yield None
    others = [row.id for row in call.store.where("host", zoneid=machine["zoneid"]) if row.id != machine.get("hostid")]
    call.store.update(machine, state="Running", hostid=host.id if host else next(iter(others), None))
    return answer(call, machine)


def may_expunge(call: Call) -> None:
    """Only admins expunge and recover, unless the setting lets users."""
    users_may = call.cloud.setting("allow.user.expunge.recover.vm") == "true"
    if not (call.caller.is_admin or call.caller.is_domain_admin or users_may):
        raise denied("only an administrator may expunge or recover a virtual machine")


@command("destroyVirtualMachine")
def destroy(call: Call) -> Steps:
    """Running → Stopping → Destroyed, or gone for good with ``expunge``."""
    machine = call.need()
    if machine.get("deleteprotection"):
        raise invalid(f"Virtual machine {machine['name']} has delete protection")
    if call.flag("expunge"):
        may_expunge(call)
    volumes = call.rows("volumeids")
    yield Accepted(machine)
    yield from halt(call, machine)
    call.store.update(machine, state="Destroyed", hostid=None, lastupdated=call.cloud.now_text())
    for volume in volumes:
        call.store.update(volume, virtualmachineid=None)
        call.store.remove(volume)
    if call.flag("expunge"):
        return (yield from _expunge(call, machine))
    call.cloud.later(call.cloud.options["expunge_seconds"], lambda: _expire(call, machine))
    return answer(call, machine)


def _expunge(call: Call, machine: Row) -> Steps:
    shown = answer(call, call.store.update(machine, state="Expunging"))
    yield None
    yield expunge(call.cloud, machine)
    return shown


def _expire(call: Call, machine: Row) -> None:
    """The time to recover it is over."""
    if machine["state"] == "Destroyed" and call.store.find("virtualmachine", machine.id) is machine:
        expunge(call.cloud, machine)


@command("expungeVirtualMachine")
def expunge_destroyed(call: Call) -> Steps:
    """Destroyed → Expunging → gone."""
    machine = call.need()
    may_expunge(call)
    stays(machine, "Destroyed", "Error", "Expunging")
    yield Accepted(machine)
    yield from _expunge(call, machine)
    return {"success": True}


@command("recoverVirtualMachine")
def recover(call: Call) -> Any:
    """Destroyed → Stopped."""
    machine = call.need()
    may_expunge(call)
    stays(machine, "Destroyed")
    call.store.update(machine, state="Stopped")
    return machine, answer(call, machine)


@command("restoreVirtualMachine")
def restore(call: Call) -> Steps:
    """A new root disk from the template; the machine ends as it was."""
    machine = here(call, "virtualmachineid")
    template = call.row("templateid")
    yield Accepted(machine)
    stays(machine, "Running", "Stopped")
    if template is not None:
        call.store.update(machine, **{"isoid" if template.kind == "iso" else "templateid": template.id})
    for volume in call.store.where("volume", virtualmachineid=machine.id, type="ROOT"):
        members = {name: value for name, value in volume.items() if name != "id"}
        call.store.remove(volume)
        call.store.add("volume", **{**members, "created": call.cloud.now_text(), "templateid": machine.get("templateid")})
    yield call.cloud.machines.restore(realize.machine(call.cloud, machine))
    return {"virtualmachine": deploy.with_password(call, machine)}


@command("updateVirtualMachine")
def update(call: Call) -> Any:
    """Names, flags, user data, groups. The host name and the security groups only when stopped."""
    machine = here(call)
    changes = dict(call.sent("displayname", "haenable", "isdynamicallyscalable", "deleteprotection", "displayvm", "ostypeid"))
    if call.has("name") and call.text("name") != machine["name"]:
        changes |= _rename(call, machine)
    if call.has("userdata") or call.has("userdataid"):
        changes |= {"_userdata": deploy.user_data(call), "userdataid": call.maybe("userdataid")}
    if call.has("securitygroupids") or call.has("securitygroupnames"):
        stays(machine, "Stopped")
        changes["_securitygroups"] = deploy.security_groups(call, _as_wanted(call, machine))
    if call.has("group"):
        changes["groupid"] = deploy._group(call, owner_of(machine))
    if call.has("details") or call.flag("cleanupdetails"):
        changes["details"] = call.mapping("details") or None
    call.store.update(machine, **changes, lastupdated=call.cloud.now_text())
    return machine, answer(call, machine)


def owner_of(row: Row) -> dict[str, Any]:
    """Whose it is, for what is made beside it."""
    return {name: row[name] for name in ("account", "domainid", "projectid") if name in row}


def _as_wanted(call: Call, machine: Row) -> deploy.Wanted:
    store = call.store
    offering = store.get("serviceoffering", machine["serviceofferingid"])
    return deploy.Wanted(store.get("zone", machine["zoneid"]), offering, machine, owner_of(machine), machine["name"])


def _rename(call: Call, machine: Row) -> dict[str, Any]:
    stays(machine, "Stopped")
    name = call.text("name")
    if not deploy.HOSTNAME.match(name):
        raise invalid(f"Invalid name {name}")
    nics = call.store.where("nic", virtualmachineid=machine.id)
    deploy.check_name(call, name, [call.store.get("network", nic["networkid"]) for nic in nics], but=machine.id)
    return {"name": name, "_name": name.lower()}


@command("changeServiceForVirtualMachine")
def change_service(call: Call) -> Any:
    """Another service offering, while it is stopped."""
    machine = here(call)
    stays(machine, "Stopped")
    _resize(call, machine)
    return machine, answer(call, machine)


def _resize(call: Call, machine: Row) -> None:
    offering = call.need("serviceofferingid")
    size = {"_cpunumber": None, "_cpuspeed": None, "_memory": None, **deploy.custom_size(call, offering)}
    call.store.update(machine, serviceofferingid=offering.id, **size)
    for volume in call.store.where("volume", virtualmachineid=machine.id, type="ROOT"):
        call.store.update(volume, serviceofferingid=offering.id)


@command("scaleVirtualMachine")
def scale(call: Call) -> Steps:
    """Another service offering; of a running machine only a larger one."""
    machine = here(call)
    before = size_of(call.cloud, machine)
    offering = call.need("serviceofferingid")
    yield Accepted(machine)
    stays(machine, "Stopped", "Running")
    smaller = any(offering.get(name) and int(offering[name]) < before[name] for name in before)
    if machine["state"] == "Running" and smaller:
        raise invalid(f"A running machine can't be scaled down to {offering['name']}")
    yield None
    _resize(call, machine)
    return {"success": True, **answer(call, machine)}


@command("resetPasswordForVirtualMachine")
def reset_password(call: Call) -> Steps:
    """A new password, of a stopped machine whose template takes one."""
    machine = here(call)
    yield Accepted(machine)
    if not machine.get("passwordenabled"):
        raise invalid("Fail to reset password for the virtual machine, the template is not password enabled")
    stays(machine, "Stopped")
    yield None
    call.store.update(machine, _password=call.text("password") or secrets.token_urlsafe(6))
    return {"virtualmachine": deploy.with_password(call, machine)}


@command("resetSSHKeyForVirtualMachine")
def reset_ssh_key(call: Call) -> Steps:
    """Other key pairs, of a stopped machine."""
    machine = here(call)
    stays(machine, "Stopped")
    names = deploy.keypairs(call, owner_of(machine))
    yield Accepted(machine)
    yield None
    call.store.update(machine, keypairs=names, _keysreset=True)
    return answer(call, machine)


@command("getVirtualMachineUserData")
def get_user_data(call: Call) -> Any:
    """The user data, base64."""
    machine = call.need("virtualmachineid")
    return {"virtualmachineuserdata": {"virtualmachineid": machine.id, "userdata": machine.get("_userdata", "")}}
