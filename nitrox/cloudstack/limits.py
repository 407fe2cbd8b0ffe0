# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""How much an account or a project may have."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from .refusal import exceeded
from .store import Row

if TYPE_CHECKING:
    from .cloud import Cloud

# resource type → its name and the kind of object that counts
TYPES = {
    0: ("user_vm", "virtualmachine"), 1: ("public_ip", "publicipaddress"), 2: ("volume", "volume"), 3: ("snapshot", "snapshot"),
    4: ("template", "template"), 5: ("project", "project"), 6: ("network", "network"), 7: ("vpc", "vpc"), 8: ("cpu", ""),
    9: ("memory", ""), 10: ("primary_storage", ""), 11: ("secondary_storage", ""),
}  # fmt: skip
NO_LIMIT = -1


def _same(row: Mapping[str, Any], owner: Mapping[str, Any]) -> bool:
    return all(row.get(name) == owner.get(name) for name in ("account", "domainid", "projectid"))


def limit_row(cloud: Cloud, owner: Mapping[str, Any], number: int) -> Row | None:
    """The limit that was set, if one was."""
    rows = cloud.store.where("resourcelimit", account=owner["account"], resourcetype=str(number))
    return next((row for row in rows if _same(row, owner)), None)


def used(cloud: Cloud, owner: Mapping[str, Any], number: int) -> int:
    """How much of it there is. Cores and megabytes are those of machines that are not destroyed; disks count in GiB."""
    kind = TYPES[number][1]
    if kind:
        return sum(1 for row in cloud.store.rows(kind) if _same(row, owner) and not row.get("_shared"))
    if number in {8, 9}:
        member = "cpunumber" if number == 8 else "memory"
        machines = [row for row in cloud.store.rows("virtualmachine") if _same(row, owner) and row.get("state") != "Destroyed"]
        return sum(size_of(cloud, row)[member] for row in machines)
    of = "volume" if number == 10 else "snapshot"
    return sum(int(row.get("size", 0)) for row in cloud.store.rows(of) if _same(row, owner)) >> 30


def size_of(cloud: Cloud, machine: Row) -> dict[str, int]:
    """Cores, their speed and the memory of a machine: of its offering, or its own when the offering leaves them open."""
    offering: Mapping[str, Any] = cloud.store.find("serviceoffering", machine.get("serviceofferingid")) or {}
    names = ("cpunumber", "cpuspeed", "memory")
    return {name: int(machine.get(f"_{name}") or offering.get(name) or 0) for name in names}


def charge(cloud: Cloud, owner: Mapping[str, Any], number: int, amount: int = 1) -> None:
    """Refuses with 535 when ``amount`` more is too much."""
    row = limit_row(cloud, owner, number)
    most = int(row["max"]) if row is not None else NO_LIMIT
    if most != NO_LIMIT and used(cloud, owner, number) + amount > most:
        whose = f"project {owner['projectid']}" if owner.get("projectid") else f"account {owner['account']}"
        name = TYPES[number][0]
        raise exceeded(f"Maximum number of resources of type '{name}' for {whose} has been exceeded: the limit is {most}")
