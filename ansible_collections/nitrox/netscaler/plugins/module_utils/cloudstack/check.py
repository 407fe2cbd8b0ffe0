# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Everything that can be found wrong by asking the cloud, before anything is made."""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network
from typing import Any

from .client import DENIED, Client
from .errors import Invalid, Refused
from .plan_machines import address, differences, leaving
from .seen import Row, Seen
from .signature import fingerprint
from .wanted import Wanted

KNOWN = {
    "networkoffering": ("listNetworkOfferings", "networkoffering", {}),
    "vpcoffering": ("listVPCOfferings", "vpcoffering", {}),
    "serviceoffering": ("listServiceOfferings", "serviceoffering", {}),
    "template": ("listTemplates", "template", {"templatefilter": "executable"}),
}
TAKEN_IN_NETWORK = 3  # its own address, the gateway, the broadcast


def begin(client: Client, wanted: Wanted) -> Seen:
    """The zone and project, and everything listed once. Raises `Invalid` where the key, zone or project is wrong."""
    try:
        zones = client.list("listZones", "zone")
    except Refused as error:
        if error.code == DENIED:
            raise Invalid([f"CloudStack refuses the API key, or its clock differs from ours: {error.text}"]) from error
        raise
    zone = _named("zone", wanted.zone, zones)
    project = _named("project", wanted.project, client.list("listProjects", "project"))["id"] if wanted.project else None
    seen = Seen(client, wanted, zone, project)
    seen.look()
    return seen


def _named(what: str, name: str, rows: list[Row]) -> Row:
    for row in rows:
        if name in {row["name"], row["id"]}:
            return row
    raise Invalid([f"there is no {what} {name}; there are {_names(row['name'] for row in rows)}"])


def _names(names: Iterable[Any]) -> str:
    return ", ".join(sorted(map(str, names))) or "none"


def check(seen: Seen) -> None:
    """Raises `Invalid` with everything that stands in the way."""
    problems = [*_missing(seen), *_networks(seen), *_room(seen), *_keys(seen), *_changed(seen)]
    if problems:
        raise Invalid(problems)


def _missing(seen: Seen) -> list[str]:
    """Offerings and templates by name; one that is not there has no id to send."""
    wanted = seen.wanted
    machines = wanted.machines.values()
    needed = {
        "networkoffering": {wanted.network["offering"]},
        "vpcoffering": {wanted.vpc["offering"]} if wanted.vpc else set(),
        "serviceoffering": {machine.offering for machine in machines},
        "template": {machine.template for machine in machines},
    }
    return [problem for kind, names in needed.items() if names for problem in _unknown(seen, kind, names)]


def _unknown(seen: Seen, kind: str, names: set[str]) -> list[str]:
    command, item, parameters = KNOWN[kind]
    zone = {"zoneid": seen.zone["id"]} if kind == "template" else {}
    rows = [row for row in seen.client.list(command, item, **parameters, **zone) if row.get("isready", True)]
    seen.known[kind] = {row["name"]: row["id"] for row in rows}
    custom = {row["name"] for row in rows if row.get("iscustomized")} & names
    problems = [f"{kind} {name} leaves the size to be given: take one with a fixed size" for name in sorted(custom)]
    return problems + [
        f"there is no {kind} {name}; there are {_names(seen.known[kind])}" for name in sorted(names - seen.known[kind].keys())
    ]


def _networks(seen: Seen) -> list[str]:
    """Names that others have, and addresses that overlap."""
    wanted, problems = seen.wanted, []
    for kind, given in (("vpc", wanted.vpc), ("network", wanted.network)):
        if given is None:
            continue
        cidr = IPv4Network(given["cidr"], strict=False) if given["cidr"] else None
        ours = {row["id"] for row in seen.ours(kind)}
        others = [row for row in seen.rows[kind] if row["id"] not in ours]
        problems += [
            f"{kind} {row['name']} was not made by this cluster: give yours another name"
            for row in others
            if row["name"] == given["name"]
        ]
        if cidr is not None:
            problems += _cidr(seen, kind, cidr, others)
    return problems


def _cidr(seen: Seen, kind: str, cidr: IPv4Network, others: list[Row]) -> list[str]:
    problems = []
    if kind == "network" and seen.wanted.vpc and not cidr.subnet_of(IPv4Network(seen.wanted.vpc["cidr"], strict=False)):
        problems.append(f"network: {cidr} is not in the VPC's {seen.wanted.vpc['cidr']}")
    there = seen.ours(kind)[0].get("cidr") if seen.ours(kind) else None
    if there and there != str(cidr):
        problems.append(f"{kind} {seen.name(kind)} has {there}, not {cidr}: that can't change")
    if kind == "network" and seen.wanted.network["may_overlap"]:
        return problems
    overlapping = [row for row in others if row.get("cidr") and cidr.overlaps(IPv4Network(row["cidr"], strict=False))]
    return problems + [f"{kind}: {cidr} overlaps with {row['cidr']} of {kind} {row['name']}" for row in overlapping]


def _room(seen: Seen) -> list[str]:
    """Is there an address for each machine?"""
    ours = seen.ours("network")
    text = (ours[0].get("cidr") if ours else None) or seen.wanted.network["cidr"]
    if not text:
        return []
    cidr = IPv4Network(text, strict=False)
    foreign = {address(row) for row in seen.foreign()}
    free, machines = cidr.num_addresses - TAKEN_IN_NETWORK - len(foreign), seen.wanted.machines
    problems = [f"network {cidr} has room for {max(free, 0)} machines, not for {len(machines)}"] if len(machines) > free else []
    gateway = str(ours[0].get("gateway")) if ours else str(cidr[1])
    for machine in machines.values():
        fixed = machine.address
        if fixed and (IPv4Address(fixed) not in cidr or fixed in {gateway, str(cidr[0]), str(cidr[-1])}):
            problems.append(f"machine {machine.name}: {fixed} is none of the addresses for machines in {cidr}")
        if fixed in foreign:
            problems.append(f"machine {machine.name}: {fixed} is taken by a machine that this cluster did not make")
    return problems


def _keys(seen: Seen) -> list[str]:
    """Key pairs that have another key under the name, the same key under another name, or that nobody has."""
    problems, rows = [], seen.rows["key"]
    for name, key in seen.wanted.keys.items():
        digest, there = fingerprint(key), seen.find("key", name)
        if there is not None and there["fingerprint"] != digest:
            problems.append(f"key {name} is there with another key ({there['fingerprint']})")
        twin = next((row["name"] for row in rows if row["fingerprint"] == digest and row["name"] != name), None)
        if twin is not None and there is None:
            problems.append(f"key {name} is there already under the name {twin}")
    named = {machine.key for machine in seen.wanted.machines.values() if machine.key} - seen.wanted.keys.keys()
    problems += [
        f"there is no key {name}; there are {_names(row['name'] for row in rows)}"
        for name in sorted(named)
        if not seen.find("key", name)
    ]
    for name, kind in seen.wanted.affinity.items():
        row = seen.find("affinity", name)
        if row is not None and row["type"] != kind:
            problems.append(f"affinity {name} is there with type {row['type']}")
    return problems


def _changed(seen: Seen) -> list[str]:
    """Machines that only a new one could bring to what is wanted, and that may not be replaced."""
    problems, there, going = [], seen.machines(), set(leaving(seen))
    for name, machine in seen.wanted.machines.items():
        row = there.get(name)
        if name in going and not seen.wanted.expunge:
            problems.append(f"machine {name}: with expunge: false it would keep its name, and none could be made in its place")
        if row is None or name in going or row["state"] in {"Error", "Destroyed", "Expunging"}:
            continue
        found = differences(machine, row)
        if found:
            problems.append(f"machine {name}: {', '.join(found)}: name it in replace to have it made anew")
    return problems
