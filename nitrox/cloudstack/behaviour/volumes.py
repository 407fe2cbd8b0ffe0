# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Volumes: Allocated → Ready → (attached) → gone."""

from __future__ import annotations

from typing import Any

from nitrox.cloudstack import limits, realize
from nitrox.cloudstack.call import Call
from nitrox.cloudstack.cloud import Cloud
from nitrox.cloudstack.jobs import Accepted, Steps
from nitrox.cloudstack.refusal import invalid
from nitrox.cloudstack.registry import chosen_by, command, view
from nitrox.cloudstack.store import Row
from nitrox.cloudstack.views import show

from .lifecycle import drop

GIB = 1 << 30
MOST_DISKS = 6  # data disks of a machine on KVM, device ids 1 to 6 without 3


def answer(call: Call, volume: Row) -> dict[str, Any]:
    """The volume as it is now."""
    return {"volume": show(call.cloud, volume)}


@command("createVolume")
def create(call: Call) -> Steps:
    """An empty data disk, or one from a snapshot; with ``virtualmachineid`` it is attached."""
    owner = call.owner()
    snapshot, offering = call.row("snapshotid"), call.row("diskofferingid")
    if snapshot is None and offering is None:
        raise invalid("diskofferingid or snapshotid is needed")
    zone = call.row("zoneid")
    if snapshot is None and zone is None:
        raise invalid("zoneid is needed")
    limits.charge(call.cloud, owner, 2)
    size = int(snapshot["virtualsize"]) if snapshot is not None else _size(call, offering)
    limits.charge(call.cloud, owner, 10, size // GIB)
    volume = call.store.add(
        "volume", **owner, name=call.text("name") or f"DATA-{call.store.next_number()}", type="DATADISK", state="Allocated",
        size=size,
        zoneid=zone.id if zone is not None else snapshot["zoneid"] if snapshot else None,
        diskofferingid=offering.id if offering else None,
        snapshotid=snapshot.id if snapshot else None, created=call.cloud.now_text(), storagetype="shared",
        provisioningtype="thin",
        isextractable=True, hypervisor="KVM" if snapshot else None, displayvolume=True, deleteprotection=False, quiescevm=False,
    )  # fmt: skip
    machine = call.row("virtualmachineid")
    yield Accepted(volume, undo=lambda: drop(call.cloud, volume), new=True)
    if snapshot is not None:
        call.store.update(volume, state="Creating")
    yield None
    call.store.update(volume, state="Ready" if snapshot is not None else "Allocated")
    if machine is not None:
        _attach(call, volume, machine)
    return answer(call, volume)


def _size(call: Call, offering: Row | None) -> int:
    if offering is not None and not offering.get("iscustomized"):
        return int(offering["disksize"]) * GIB
    size = call.number("size")
    if not size or size < 1:
        raise invalid("size is needed for a custom disk offering")
    return size * GIB


@command("attachVolume")
def attach(call: Call) -> Steps:
    """To a machine of the same zone, running or stopped."""
    volume, machine = call.need(), call.need("virtualmachineid")
    if volume.get("virtualmachineid"):
        raise invalid(f"Volume {volume['name']} is attached to a virtual machine already")
    if volume["zoneid"] != machine["zoneid"]:
        raise invalid(f"Volume {volume['name']} and virtual machine {machine['name']} are not in the same zone")
    if machine["state"] not in {"Running", "Stopped"} or volume["state"] not in {"Allocated", "Ready", "Uploaded"}:
        raise invalid(f"A volume in state {volume['state']} can't be attached to a virtual machine in state {machine['state']}")
    _device(call, machine)
    yield Accepted(volume)
    call.store.update(volume, state="Attaching" if machine["state"] == "Running" else volume["state"])
    yield None
    _attach(call, volume, machine)
    yield call.cloud.machines.plug(realize.machine(call.cloud, machine)) if machine["state"] == "Running" else None
    return answer(call, volume)


def _device(call: Call, machine: Row) -> int:
    """The wanted device id, or the first that is free. Refuses with 431."""
    taken = {int(one["deviceid"]) for one in call.store.where("volume", virtualmachineid=machine.id)}
    free = [number for number in range(1, MOST_DISKS + 2) if number != 3 and number not in taken]
    wanted = call.number("deviceid")
    if wanted is not None and wanted in taken:
        raise invalid(f"The device id {wanted} is used")
    if not free:
        raise invalid(f"Virtual machine {machine['name']} has as many data disks as it can have")
    return free[0] if wanted is None else wanted


def _attach(call: Call, volume: Row, machine: Row) -> None:
    device = _device(call, machine)
    now = call.cloud.now_text()
    call.store.update(
        volume,
        virtualmachineid=machine.id,
        deviceid=device,
        attached=now,
        state="Ready",
        hypervisor=machine["hypervisor"],
        storage="primary",
    )


@command("detachVolume")
def detach(call: Call) -> Steps:
    """By its id, or by machine and device."""
    volume = call.row("id")
    if volume is None:
        machine = call.need("virtualmachineid")
        volume = call.store.first("volume", virtualmachineid=machine.id, deviceid=call.number("deviceid"))
    if volume is None or not volume.get("virtualmachineid"):
        raise invalid("The volume is not attached to a virtual machine")
    if volume["type"] == "ROOT":
        raise invalid(f"Volume {volume['name']} is a root volume: it can't be detached")
    yield Accepted(volume)
    yield None
    call.store.update(volume, virtualmachineid=None, deviceid=None, attached=None)
    return answer(call, volume)


@command("deleteVolume")
def delete(call: Call) -> Any:
    """Gone at once."""
    volume = call.need()
    _deletable(volume)
    drop(call.cloud, volume)
    return volume, {"success": True}


def _deletable(volume: Row) -> None:
    if volume.get("virtualmachineid"):
        raise invalid(f"Please specify a volume that is not attached to any VM: {volume['name']} is attached")
    if volume.get("deleteprotection"):
        raise invalid(f"Volume {volume['name']} has delete protection")


@command("destroyVolume")
def destroy(call: Call) -> Steps:
    """Destroy, or gone with ``expunge``."""
    volume = call.need()
    _deletable(volume)
    yield Accepted(volume)
    yield None
    shown = answer(call, call.store.update(volume, state="Destroy"))
    if call.flag("expunge"):
        drop(call.cloud, volume)
    return shown


@command("recoverVolume")
def recover(call: Call) -> Any:
    """Destroy → Ready."""
    volume = call.need()
    if volume["state"] != "Destroy":
        raise invalid(f"Volume {volume['name']} is not destroyed")
    call.store.update(volume, state="Ready")
    return volume, answer(call, volume)


@command("resizeVolume")
def resize(call: Call) -> Steps:
    """Another size or another disk offering; smaller only with ``shrinkok``."""
    volume = call.need()
    offering = call.row("diskofferingid")
    size = (call.number("size") or 0) * GIB
    if offering is not None and not offering.get("iscustomized"):
        size = int(offering["disksize"]) * GIB
    if not size and offering is None:
        raise invalid("size or diskofferingid is needed")
    size = size or int(volume["size"])
    if size < int(volume["size"]) and (volume["type"] == "ROOT" or not call.flag("shrinkok")):
        raise invalid(f"Volume {volume['name']} would shrink: shrinkok is needed, and a root volume never does")
    if volume["state"] not in {"Ready", "Allocated"}:
        raise invalid(f"Volume {volume['name']} is in state {volume['state']}")
    yield Accepted(volume)
    before = volume["state"]
    call.store.update(volume, state="Resizing")
    yield None
    changes = {"diskofferingid": offering.id} if offering is not None else {}
    call.store.update(volume, state=before, size=size, **changes)
    return answer(call, volume)


@command("migrateVolume")
def migrate(call: Call) -> Steps:
    """To another storage pool."""
    volume = call.need("volumeid")
    yield Accepted(volume)
    yield None
    call.store.update(volume, storageid=call.text("storageid"))
    return answer(call, volume)


@command("extractVolume")
def extract(call: Call) -> Steps:
    """A link to download it from; of an attached one only while the machine is stopped."""
    volume = call.need()
    machine = call.store.find("virtualmachine", volume.get("virtualmachineid"))
    if machine is not None and machine["state"] != "Stopped":
        raise invalid(f"Volume {volume['name']} is attached to a running virtual machine")
    mode(call)
    yield Accepted(volume)
    yield None
    return {"volume": link(call, volume, "qcow2")}


def mode(call: Call) -> str:
    """How an extraction is wanted. Refuses with 431."""
    text = call.text("mode").upper()
    if text not in {"HTTP_DOWNLOAD", "FTP_UPLOAD"}:
        raise invalid(f"Please specify a valid extract mode, not {call.text('mode')}: HTTP_DOWNLOAD or FTP_UPLOAD")
    return text


def link(call: Call, row: Row, suffix: str) -> dict[str, Any]:
    """What an extraction answers."""
    url = f"http://192.0.2.60/userdata/{row.id}.{suffix}"
    now = call.cloud.now_text()
    about = {"id": row.id, "name": row["name"], "zoneid": row.get("zoneid"), "accountid": call.caller.account.id}
    return {
        **about,
        "url": url,
        "extractMode": mode(call),
        "state": "DOWNLOAD_URL_CREATED",
        "status": "Complete",
        "created": now,
    }


@command("uploadVolume")
def upload(call: Call) -> Steps:
    """A data disk from a URL."""
    owner = call.owner()
    limits.charge(call.cloud, owner, 2)
    volume = call.store.add(
        "volume", **owner, name=call.text("name"), type="DATADISK", state="NotUploaded", size=GIB, zoneid=call.need("zoneid").id,
        created=call.cloud.now_text(), diskofferingid=call.maybe("diskofferingid"), storagetype="shared", isextractable=True,
    )  # fmt: skip
    yield Accepted(volume, undo=lambda: drop(call.cloud, volume), new=True)
    yield None
    call.store.update(volume, state="Uploaded")
    return answer(call, volume)


@view("volume")
def show_volume(cloud: Cloud, row: Row, shown: dict[str, Any]) -> None:
    """What it is, where it is."""
    shown["destroyed"] = row["state"] == "Destroy"
    if not row.get("virtualmachineid"):
        shown.pop("deviceid", None)
    if row.get("storage") == "primary":
        pool = cloud.store.first("storagepool", zoneid=row.get("zoneid"))
        if pool is not None:
            shown |= {"storage": pool["name"], "storageid": pool.id}


@chosen_by("volume", "hostid")
def by_host(call: Call, rows: list[Row]) -> list[Row]:
    """Attached to a machine there."""
    host = call.text("hostid")
    machines = {machine.id for machine in call.store.rows("virtualmachine") if machine.get("hostid") == host}
    return [row for row in rows if row.get("virtualmachineid") in machines]


@chosen_by("volume", "podid", "clusterid", "storageid")
def by_pool(call: Call, rows: list[Row]) -> list[Row]:
    """In a pool there; a volume that was never attached is in none."""
    wanted = {
        "id" if name == "storageid" else name: call.text(name) for name in ("podid", "clusterid", "storageid") if call.has(name)
    }
    zones = {pool["zoneid"] for pool in call.store.where("storagepool", **wanted)}
    return [row for row in rows if row.get("storage") == "primary" and row.get("zoneid") in zones]
