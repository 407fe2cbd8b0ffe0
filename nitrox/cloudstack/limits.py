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
# resource type → how members of accounts and projects begin that tell of it
SHOWN = {
    0: "vm", 1: "ip", 2: "volume", 3: "snapshot", 4: "template", 5: "project", 6: "network", 7: "vpc", 8: "cpu", 9: "memory",
    10: "primarystorage", 11: "secondarystorage",
}  # fmt: skip


def _same(row: Mapping[str, Any], owner: Mapping[str, Any]) -> bool:
    return all(row.get(name) == owner.get(name) for name in ("account", "domainid", "projectid"))


def _counts(row: Mapping[str, Any], owner: Mapping[str, Any]) -> bool:
    """Is it the owner's? Everybody in it is of a domain."""
    return row.get("domainid") == owner["domainid"] if owner["account"] is None else _same(row, owner)


def limit_row(cloud: Cloud, owner: Mapping[str, Any], number: int) -> Row | None:
    """The limit that was set, if one was."""
    rows = [row for row in cloud.store.rows("resourcelimit") if row["resourcetype"] == str(number)]
    return next((row for row in rows if _same(row, owner)), None)


def used(cloud: Cloud, owner: Mapping[str, Any], number: int) -> int:
    """How much of it there is. Cores and megabytes are those of machines that are not destroyed; disks count in GiB."""
    kind = TYPES[number][1]
    if kind:
        return sum(1 for row in cloud.store.rows(kind) if _counts(row, owner) and not row.get("_shared"))
    if number in {8, 9}:
        member = "cpunumber" if number == 8 else "memory"
        machines = [row for row in cloud.store.rows("virtualmachine") if _counts(row, owner) and row.get("state") != "Destroyed"]
        return sum(size_of(cloud, row)[member] for row in machines)
    of = "volume" if number == 10 else "snapshot"
    return sum(int(row.get("size", 0)) for row in cloud.store.rows(of) if _counts(row, owner)) >> 30


def size_of(cloud: Cloud, machine: Row) -> dict[str, int]:
    """Cores, their speed and the memory of a machine: of its offering, or its own when the offering leaves them open."""
    offering: Mapping[str, Any] = cloud.store.find("serviceoffering", machine.get("serviceofferingid")) or {}
    names = ("cpunumber", "cpuspeed", "memory")
    return {name: int(machine.get(f"_{name}") or offering.get(name) or 0) for name in names}


def told(cloud: Cloud, owner: Mapping[str, Any], *, but: tuple[str, ...] = ()) -> dict[str, Any]:
    """What answers say of an owner: of each type how much there is, how much there may be and what is left."""
    shown: dict[str, Any] = {}
    for number, name in SHOWN.items():
        row, total = limit_row(cloud, owner, number), used(cloud, owner, number)
        most = int(row["max"]) if row is not None else NO_LIMIT
        limit, left = ("Unlimited", "Unlimited") if most == NO_LIMIT else (str(most), str(max(most - total, 0)))
        shown |= {f"{name}total": total, f"{name}limit": limit, f"{name}available": left} if name not in but else {}
    states = [row["state"] for row in cloud.store.rows("virtualmachine") if _counts(row, owner)]
    return shown | {"vmrunning": states.count("Running"), "vmstopped": states.count("Stopped")}


def charge_machine(cloud: Cloud, owner: Mapping[str, Any], size: Mapping[str, int], disks: int) -> None:
    """Refuses with 535 a machine of that size with so many disks."""
    for number, amount in ((0, 1), (2, disks), (8, size["cpunumber"]), (9, size["memory"])):
        charge(cloud, owner, number, amount)


def charge(cloud: Cloud, owner: Mapping[str, Any], number: int, amount: int = 1) -> None:
    """Refuses with 535 when ``amount`` more is too much."""
    for limited in (owner, {"account": None, "domainid": owner["domainid"]}):
        row = limit_row(cloud, limited, number)
        if row is not None:
            _charge(cloud, limited, number, amount, int(row["max"]))


def _charge(cloud: Cloud, owner: Mapping[str, Any], number: int, amount: int, most: int) -> None:
    if most != NO_LIMIT and used(cloud, owner, number) + amount > most:
        whose = f"account {owner['account']}" if owner["account"] else f"domain {owner['domainid']}"
        whose = f"project {owner['projectid']}" if owner.get("projectid") else whose
        name = TYPES[number][0]
        raise exceeded(f"Maximum number of resources of type '{name}' for {whose} has been exceeded: the limit is {most}")
