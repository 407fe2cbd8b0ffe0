# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Affinity groups and instance groups."""

from __future__ import annotations

from typing import Any

from nitrox.cloudstack.call import Call
from nitrox.cloudstack.cloud import Cloud
from nitrox.cloudstack.jobs import Accepted, Steps
from nitrox.cloudstack.refusal import in_use, invalid
from nitrox.cloudstack.registry import chosen_by, command, view
from nitrox.cloudstack.store import Row
from nitrox.cloudstack.views import show

from . import deploy
from .instances import owner_of, stays


@command("createAffinityGroup")
def create(call: Call) -> Steps:
    """Its name is the owner's only one."""
    owner = call.owner()
    name, kind = call.text("name"), call.text("type")
    if call.store.where("affinitygroup", name=name, **owner):
        raise invalid(f"Unable to create affinity group, a group with name {name} already exists.")
    if not call.store.where("affinitygrouptype", type=kind):
        raise invalid(f"Unable to create affinity group, no Affinity Group Types configured of type {kind}")
    group = call.store.add("affinitygroup", **owner, name=name, type=kind, description=call.maybe("description"))
    yield Accepted(group, undo=lambda: call.store.remove(group), new=True)
    yield None
    return {"affinitygroup": show(call.cloud, group)}


@command("deleteAffinityGroup")
def delete(call: Call) -> Steps:
    """By id or name. Fails while machines are in it."""
    group = call.row("id")
    if group is None:
        group = call.store.first("affinitygroup", name=call.text("name"), **call.owner())
    if group is None:
        raise invalid(f"Unable to find affinity group {call.text('name')}")
    yield Accepted(group)
    if members(call.cloud, group):
        raise in_use(f"Cannot delete affinity group {group['name']} when it's in use by virtual machines")
    yield None
    call.store.remove(group)
    return {"success": True}


def members(cloud: Cloud, group: Row) -> list[str]:
    """The ids of the machines in an affinity group."""
    return [row.id for row in cloud.store.rows("virtualmachine") if group.id in row.get("_affinitygroups", ())]


@view("affinitygroup")
def show_group(cloud: Cloud, row: Row, shown: dict[str, Any]) -> None:
    """Its machines."""
    found = members(cloud, row)
    if found:
        shown["virtualmachineIds"] = found


@view("affinitygrouptype")
def show_type(_cloud: Cloud, _row: Row, shown: dict[str, Any]) -> None:
    """Only the type."""
    for name in ("id", "name", "created"):
        shown.pop(name, None)


@chosen_by("affinitygroup", "virtualmachineid")
def of_machine(call: Call, rows: list[Row]) -> list[Row]:
    """The groups of a machine."""
    machine = call.need("virtualmachineid")
    return [row for row in rows if row.id in machine.get("_affinitygroups", ())]


@command("updateVMAffinityGroup")
def update(call: Call) -> Steps:
    """The machine's complete groups, while it is stopped."""
    machine = call.need()
    stays(machine, "Stopped")
    found = deploy.affinity_groups(call, owner_of(machine))
    yield Accepted(machine)
    yield None
    call.store.update(machine, _affinitygroups=found)
    return {"virtualmachine": show(call.cloud, machine)}


@command("createInstanceGroup")
def create_instance_group(call: Call) -> Any:
    """Its name is the owner's only one."""
    owner = call.owner()
    if call.store.where("instancegroup", name=call.text("name"), **owner):
        raise invalid(f"Unable to create vm group, a group with name {call.text('name')} already exists.")
    row = call.store.add("instancegroup", **owner, name=call.text("name"), created=call.cloud.now_text())
    return row, {"instancegroup": show(call.cloud, row)}


@command("deleteInstanceGroup")
def delete_instance_group(call: Call) -> Any:
    """Its machines stay."""
    row = call.need()
    for machine in call.store.rows("virtualmachine"):
        if machine.get("groupid") == row.id:
            call.store.update(machine, groupid=None)
    call.store.remove(row)
    return row, {"success": True}
