# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""The disks that a machine is deployed with."""

from __future__ import annotations

from typing import Any

from nitrox.cloudstack.call import Call
from nitrox.cloudstack.refusal import invalid
from nitrox.cloudstack.store import Row

GIB = 1 << 30


def add_disks(call: Call, machine: Row, owner: dict[str, Any], template: Row) -> None:
    """The root disk and, with ``diskofferingid`` on a template, a data disk."""
    base = {**owner, "zoneid": machine["zoneid"], "virtualmachineid": machine.id, "created": call.cloud.now_text()}
    common = {
        **base,
        "state": "Allocated",
        "storagetype": "shared",
        "hypervisor": machine["hypervisor"],
        "provisioningtype": "thin",
    }
    call.store.add(
        "volume", **common, name=f"ROOT-{machine.number}", type="ROOT", deviceid=0, size=root_size(call, template),
        attached=base["created"], templateid=machine.get("templateid"), serviceofferingid=machine["serviceofferingid"],
        isextractable=False, storage="primary",
    )  # fmt: skip
    disk = call.row("diskofferingid")
    if disk is not None and template.kind == "template":
        call.store.add(
            "volume", **common, name=f"DATA-{machine.number}", type="DATADISK", deviceid=1, size=data_size(call),
            attached=base["created"],
            diskofferingid=disk.id, isextractable=True, storage="primary",
        )  # fmt: skip


def root_size(call: Call, template: Row) -> int:
    """Bytes of the root disk: those of the template, or more. Refuses with 431."""
    size = (call.number("rootdisksize") or 0) * GIB or int(template.get("size", 0))
    if size < int(template.get("size", 0)):
        raise invalid("rootdisksize is smaller than the template")
    return size


def data_size(call: Call) -> int:
    """Bytes of the data disk that ``diskofferingid`` asks for. Refuses with 431."""
    disk = call.row("diskofferingid")
    if disk is None or not disk.get("iscustomized"):
        return int(disk["disksize"]) * GIB if disk is not None else 0
    if (call.number("size") or 0) < 1:
        raise invalid(f"size is needed for the custom disk offering {disk['name']}")
    return (call.number("size") or 0) * GIB
