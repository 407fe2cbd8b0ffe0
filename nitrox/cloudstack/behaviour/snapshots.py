# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Snapshots of volumes, their policies, and snapshots of machines."""

from __future__ import annotations

from typing import Any

from nitrox.cloudstack import limits
from nitrox.cloudstack.call import Call
from nitrox.cloudstack.jobs import Accepted, Steps
from nitrox.cloudstack.refusal import invalid
from nitrox.cloudstack.registry import command
from nitrox.cloudstack.store import Row
from nitrox.cloudstack.views import show

from .lifecycle import drop

INTERVALS = {"HOURLY": 0, "DAILY": 1, "WEEKLY": 2, "MONTHLY": 3}


def _owner(row: Row) -> dict[str, Any]:
    return {name: row[name] for name in ("account", "domainid", "projectid") if name in row}


@command("createSnapshot")
def create(call: Call) -> Steps:
    """Of a volume that is Ready: Creating → BackedUp."""
    volume = call.need("volumeid")
    if volume["state"] != "Ready":
        raise invalid(f"Volume {volume['name']} is not in state Ready but {volume['state']}: it can't be snapshotted")
    owner = _owner(volume)
    limits.charge(call.cloud, owner, 3)
    name = call.text("name") or f"{volume['name']}_{call.cloud.now():%Y%m%d%H%M%S}"
    snapshot = call.store.add(
        "snapshot", **owner, name=name, volumeid=volume.id, zoneid=volume["zoneid"], state="Creating",
        created=call.cloud.now_text(),
        snapshottype="MANUAL", intervaltype="MANUAL", virtualsize=int(volume["size"]), physicalsize=int(volume["size"]) // 10,
        revertable=True, locationtype="Secondary",
    )  # fmt: skip
    yield Accepted(snapshot, undo=lambda: drop(call.cloud, snapshot), new=True)
    yield None
    call.store.update(snapshot, state="BackedUp", status="Download Complete")
    return {"snapshot": show(call.cloud, snapshot)}


@command("deleteSnapshot")
def delete(call: Call) -> Steps:
    """One snapshot goes."""
    snapshot = call.need()
    yield Accepted(snapshot)
    yield None
    drop(call.cloud, snapshot)
    return {"success": True}


@command("revertSnapshot")
def revert(call: Call) -> Steps:
    """Its volume is as it was then."""
    snapshot = call.need()
    volume = call.store.find("volume", snapshot["volumeid"])
    machine = call.store.find("virtualmachine", volume.get("virtualmachineid")) if volume is not None else None
    if machine is not None and machine["state"] != "Stopped":
        raise invalid(f"Virtual machine {machine['name']} must be stopped")
    yield Accepted(snapshot)
    yield None
    return {"snapshot": show(call.cloud, snapshot)}


@command("createSnapshotPolicy")
def create_policy(call: Call) -> Any:
    """One of a volume and an interval; the same again replaces it."""
    volume = call.need("volumeid")
    interval = call.text("intervaltype").upper()
    if interval not in INTERVALS:
        raise invalid(f"Invalid intervaltype {interval}: one of {', '.join(INTERVALS)}")
    if (call.number("maxsnaps") or 0) < 1:
        raise invalid("maxsnaps must be at least 1")
    members = {"schedule": call.text("schedule"), "timezone": call.text("timezone"), "maxsnaps": call.number("maxsnaps")}
    policy = call.store.first("snapshotpolicy", volumeid=volume.id, intervaltype=INTERVALS[interval])
    if policy is None:
        policy = call.store.add(
            "snapshotpolicy", **_owner(volume), volumeid=volume.id, intervaltype=INTERVALS[interval], fordisplay=True
        )
    call.store.update(policy, **members)
    return policy, {"snapshotpolicy": show(call.cloud, policy)}


@command("deleteSnapshotPolicies")
def delete_policies(call: Call) -> Any:
    """``id`` or ``ids``."""
    rows = [*call.rows("ids"), *([call.need()] if call.has("id") else [])]
    if not rows:
        raise invalid("id or ids is needed")
    for row in rows:
        drop(call.cloud, row)
    return rows[0], {"success": True}


@command("createVMSnapshot")
def create_vm_snapshot(call: Call) -> Steps:
    """Of a machine, with its memory when wanted: Creating → Ready."""
    machine = call.need("virtualmachineid")
    if machine["state"] not in {"Running", "Stopped"}:
        raise invalid(f"Virtual machine {machine['name']} is in state {machine['state']}")
    if call.flag("snapshotmemory") and machine["state"] != "Running":
        raise invalid("The memory of a stopped virtual machine can't be snapshotted")
    name = call.text("name") or f"{machine['instancename']}_VS_{call.cloud.now():%Y%m%d%H%M%S}"
    before = [one for one in call.store.where("vmsnapshot", virtualmachineid=machine.id) if one.get("current")]
    snapshot = call.store.add(
        "vmsnapshot", **_owner(machine), name=name, displayname=name, description=call.maybe("description"), state="Creating",
        virtualmachineid=machine.id, zoneid=machine["zoneid"], created=call.cloud.now_text(), hypervisor=machine["hypervisor"],
        type="DiskAndMemory" if call.flag("snapshotmemory") else "Disk", current=True, parent=before[0].id if before else None,
    )  # fmt: skip
    yield Accepted(snapshot, undo=lambda: drop(call.cloud, snapshot), new=True)
    yield None
    for one in before:
        call.store.update(one, current=False)
    call.store.update(snapshot, state="Ready")
    return {"vmsnapshot": show(call.cloud, snapshot)}


@command("deleteVMSnapshot")
def delete_vm_snapshot(call: Call) -> Steps:
    """One snapshot goes."""
    snapshot = call.need("vmsnapshotid")
    yield Accepted(snapshot)
    yield None
    drop(call.cloud, snapshot)
    return {"success": True}


@command("revertToVMSnapshot")
def revert_to_vm_snapshot(call: Call) -> Steps:
    """The machine is as it was then: running only with its memory."""
    snapshot = call.need("vmsnapshotid")
    machine = call.store.get("virtualmachine", snapshot["virtualmachineid"])
    if snapshot["state"] != "Ready":
        raise invalid(f"Snapshot {snapshot['name']} is not ready")
    if machine["state"] == "Running" and snapshot["type"] == "Disk":
        raise invalid(f"Virtual machine {machine['name']} must be stopped to revert to a snapshot without memory")
    yield Accepted(machine)
    yield None
    call.store.update(machine, state="Running" if snapshot["type"] == "DiskAndMemory" else "Stopped")
    return {"virtualmachine": show(call.cloud, machine)}
