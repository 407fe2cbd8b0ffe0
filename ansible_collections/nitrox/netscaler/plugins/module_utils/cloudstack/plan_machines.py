# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""What is to be done for machines. Pure: rows in, steps out."""

from __future__ import annotations

import base64
from collections import defaultdict
from typing import Any

from .seen import Row, Seen, tags
from .step import Step
from .wanted import FORM_TAG, GROUP_TAG, Machine

PASSING = {"Starting", "Stopping", "Expunging", "Migrating"}
GONE = {"Error", "Destroyed"}


def leaving(seen: Seen) -> list[str]:
    """The machines of ours that will go, because they are not wanted any more or shall be replaced."""
    return sorted(
        name for name, row in seen.machines().items() if row["state"] not in {*GONE, "Expunging"} and _goes(seen, name, row)
    )


def turn(seen: Seen, most: int | None) -> tuple[frozenset[str], list[str]]:
    """Of the machines that are to be replaced, those whose turn it is now, and those that have to wait for it.

    Never more than ``most`` of the wanted machines are away at the same time. Those that are away already, because an earlier
    run got no further or for whatever reason, count, and their own turn comes first.
    """
    there, going = seen.machines(), set(leaving(seen))
    names = [name for name in seen.wanted.machines if name in going]
    if most is None:
        return frozenset(names), []
    away = {name for name in seen.wanted.machines if there.get(name, {}).get("state") != "Running"}
    ordered = sorted(names, key=lambda name: name not in away)
    chosen = frozenset(ordered[: max(0, most - len(away - set(names)))])
    return chosen, [name for name in names if name not in chosen]


def _goes(seen: Seen, name: str, row: Row) -> bool:
    wanted = seen.wanted.machines.get(name)
    return wanted is None or (name in seen.wanted.replace and bool(differences(wanted, row)))


def remove(seen: Seen) -> list[Step]:
    """Destroy what is not wanted, what failed to start, and what still holds a name."""
    steps: list[Step] = []
    for name, row in seen.machines().items():
        state = row["state"]
        goes = _goes(seen, name, row)
        if state == "Expunging":
            steps.append(Step("wait", "machine", name, why="it is Expunging"))
        elif state == "Destroyed" and not seen.wanted.expunge and goes:
            continue
        elif state == "Destroyed":
            steps.append(Step("remove", "machine", name, "expungeVirtualMachine", {"id": row["id"]}, "it was destroyed"))
        elif state == "Error" or goes:
            why = (
                "it failed" if state == "Error" else "it is not wanted" if name not in seen.wanted.machines else "it is replaced"
            )
            parameters = {"id": row["id"], "expunge": True if seen.wanted.expunge else None}
            steps.append(Step("remove", "machine", name, "destroyVirtualMachine", parameters, why))
    return steps


def make(seen: Seen) -> list[Step]:
    """Deploy what is not there, start what is stopped, tag what is not tagged."""
    there = seen.machines()
    steps = remove(seen)
    going = {step.name for step in steps}
    for name, machine in seen.wanted.machines.items():
        row = there.get(name)
        if row is None:
            steps.append(Step("create", "machine", name, "deployVirtualMachine", _deployed(seen, machine)))
        elif name in going:
            continue
        elif row["state"] in PASSING:
            steps.append(Step("wait", "machine", name, why=f"it is {row['state']}"))
        elif row["state"] != "Running":
            steps.append(Step("start", "machine", name, "startVirtualMachine", {"id": row["id"]}, f"it is {row['state']}"))
    return steps + _tagging(seen, there, going)


def _deployed(seen: Seen, machine: Machine) -> dict[str, Any]:
    network = seen.identity("network")
    groups = [row["id"] for row in seen.rows["affinity"] if row["name"] in machine.affinity]
    placed = (
        {"iptonetworklist": [{"networkid": network, "ip": machine.address}]} if machine.address else {"networkids": [network]}
    )
    data = base64.b64encode(machine.user_data.encode()).decode() if machine.user_data else None
    return {
        "name": machine.name, "displayname": machine.name, "zoneid": seen.zone["id"], "projectid": seen.project,
        "serviceofferingid": seen.known["serviceoffering"].get(machine.offering),
        "templateid": seen.known["template"].get(machine.template),
        "keypairs": [machine.key] if machine.key else None, "affinitygroupids": groups, "userdata": data,
        "rootdisksize": machine.root_disk, **placed,
    }  # fmt: skip


def _tagging(seen: Seen, there: dict[str, Row], going: set[str]) -> list[Step]:
    """One call for all machines that lack the same tags. A wrong value has to go before the right one can come."""
    wrong: dict[tuple[tuple[str, str], ...], list[Row]] = defaultdict(list)
    lacking: dict[tuple[tuple[str, str], ...], list[Row]] = defaultdict(list)
    for name, machine in seen.wanted.machines.items():
        row = there.get(name)
        if row is None or name in going:
            continue
        has = tags(row)
        other = {key: has[key] for key, value in machine.tags.items() if has.get(key, value) != value}
        missing = {key: value for key, value in machine.tags.items() if key not in has}
        if other or missing:
            (wrong if other else lacking)[tuple(sorted((other or missing).items()))].append(row)
    return [_tag("untag", "deleteTags", *item) for item in wrong.items()] + [
        _tag("tag", "createTags", *item) for item in lacking.items()
    ]


def _tag(verb: str, command: str, pairs: tuple[tuple[str, str], ...], rows: list[Row]) -> Step:
    parameters = {"resourcetype": "UserVm", "resourceids": [row["id"] for row in rows], "tags": dict(pairs)}
    return Step(verb, "machine", f"tags of {', '.join(row['name'] for row in rows)}", command, parameters)


def differences(machine: Machine, row: Row) -> list[str]:
    """What only another machine can change, in words."""
    groups = {group["name"] for group in row.get("affinitygroup") or ()}
    keys = row.get("keypairs") or row.get("keypair") or ""
    keys = keys if isinstance(keys, str) else ",".join(keys)
    found = [
        f"{what} is {there or 'none'}, not {wanted or 'none'}"
        for what, there, wanted in (
            ("offering", row.get("serviceofferingname"), machine.offering),
            ("template", row.get("templatename"), machine.template),
            ("key", keys, machine.key or ""),
            ("affinity", ",".join(sorted(groups)), ",".join(machine.affinity)),
            ("address", address(row), machine.address or address(row)),
        )
        if there != wanted
    ]
    form = tags(row).get(FORM_TAG, machine.tags[FORM_TAG])
    return found + (["user_data or root_disk has changed"] if form != machine.tags[FORM_TAG] else [])


def address(row: Row) -> str:
    """The first address of a machine."""
    nics = sorted(row.get("nic") or (), key=lambda nic: not nic.get("isdefault"))
    return str(nics[0].get("ipaddress") or "") if nics else ""


def group(row: Row) -> str:
    """The group that a machine of ours is of."""
    return tags(row).get(GROUP_TAG) or row["name"].rpartition("-")[0].partition("-")[2]
