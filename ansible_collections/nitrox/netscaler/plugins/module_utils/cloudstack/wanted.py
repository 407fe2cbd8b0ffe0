# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""A description of a cluster: read, completed, and checked as far as that goes without asking the cloud."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv4Network
from typing import Any

from .errors import Invalid
from .schema import Problem, shaped
from .signature import fingerprint

TAG, GROUP_TAG, FORM_TAG = "nitrox", "nitrox-group", "nitrox-form"
NAME = re.compile(r"[a-z]([a-z0-9-]{0,30}[a-z0-9])?")
ISOLATED = "DefaultIsolatedNetworkOfferingWithSourceNatService"
TIER = "DefaultIsolatedNetworkOfferingForVpcNetworks"
MOST_USER_DATA = 24 * 1024  # what is left of 32 KiB before the base64


@dataclass(frozen=True)
class Rule:
    """What a firewall, egress or ACL rule lets through, comparable with one that is there."""

    protocol: str
    start: int | None = None
    end: int | None = None
    cidrs: frozenset[str] = frozenset()
    to: frozenset[str] = frozenset()
    traffic: str = "ingress"
    action: str = "allow"

    def __str__(self) -> str:
        ports = "" if self.start is None else f" {self.start}" if self.start == self.end else f" {self.start}-{self.end}"
        return f"{self.protocol}{ports} {','.join(sorted(self.cidrs))}".strip() + (
            f" to {','.join(sorted(self.to))}" if self.to else ""
        )


@dataclass(frozen=True)
class Forward:
    """A public port that leads to a machine's."""

    address: str
    protocol: str
    port: int
    machine: str
    to_port: int


@dataclass(frozen=True)
class Machine:
    """One machine."""

    name: str
    group: str
    offering: str
    template: str
    key: str | None
    affinity: tuple[str, ...]
    user_data: str | None = field(repr=False)
    address: str | None
    root_disk: int | None
    tags: dict[str, str]


@dataclass
class Wanted:
    """A cluster as it shall be."""

    name: str
    zone: str
    project: str | None
    network: dict[str, Any]
    vpc: dict[str, Any] | None
    keys: dict[str, str]
    affinity: dict[str, str]
    egress: list[Rule]
    acl: list[Rule]
    addresses: list[str]
    static_nat: dict[str, str]
    firewall: dict[str, list[Rule]]
    forwards: list[Forward]
    machines: dict[str, Machine]
    groups: list[str]
    tags: dict[str, str]
    replace: frozenset[str]
    expunge: bool

    def mark(self, what: str = "") -> str:
        """The value of our tag: whose it is, and of an address what for."""
        return f"{self.name}/{what}" if what else self.name

    @property
    def text(self) -> str:
        """What the display text of a network or VPC of ours is from its first moment: no second call can get lost."""
        return f"{self.name}: cluster of nitrox"

    def is_ours(self, machine: str) -> bool:
        """Has a machine in our network a name that only this cluster gives?"""
        return re.fullmatch(rf"{re.escape(self.name)}-[a-z][a-z0-9-]*-[1-9][0-9]*", machine) is not None


def parse(description: Mapping[str, Any]) -> Wanted:
    """The cluster that a description means. Raises `Invalid` with everything that is wrong with it."""
    problems: list[str] = []
    given = shaped("cluster", description, "cluster", problems.append)
    if problems:
        raise Invalid(problems)
    wanted = _wanted(given)
    _check(wanted, given, problems.append)
    if problems:
        raise Invalid(problems)
    return wanted


def _wanted(given: dict[str, Any]) -> Wanted:
    machines = {machine.name: machine for group in given["groups"] for machine in _machines(given, group)}
    network, vpc = dict(given["network"]), given["vpc"]
    network["name"] = network["name"] or given["name"]
    network["offering"] = network["offering"] or (TIER if vpc else ISOLATED)
    if vpc is not None:
        vpc = {**vpc, "name": vpc["name"] or given["name"]}
    return Wanted(
        name=given["name"], zone=given["zone"], project=given["project"], network=network, vpc=vpc,
        keys={key["name"]: key["public_key"] for key in given["keys"]},
        affinity={one["name"]: one["type"] for one in given["affinity"]},
        egress=_rules(given["egress"]), acl=_rules(vpc["acl"]) if vpc else [],
        addresses=[address["name"] for address in given["addresses"]],
        static_nat={one["name"]: one["static_nat"] for one in given["addresses"] if one["static_nat"]},
        firewall={one["name"]: _rules(one["firewall"]) for one in given["addresses"]},
        forwards=_forwards(given), machines=machines, groups=[group["name"] for group in given["groups"]],
        tags=given["tags"], replace=frozenset(given["replace"]), expunge=given["expunge"],
    )  # fmt: skip


def _machines(given: dict[str, Any], group: dict[str, Any]) -> list[Machine]:
    made = []
    for index in range(group["count"]):
        tags = {**given["tags"], **group["tags"], TAG: given["name"], GROUP_TAG: group["name"], FORM_TAG: _form(group)}
        fixed = group["addresses"][index] if index < len(group["addresses"]) else None
        made.append(
            Machine(
                f"{given['name']}-{group['name']}-{index + 1}", group["name"], group["offering"], group["template"], group["key"],
                tuple(sorted(group["affinity"])), group["user_data"], fixed, group["root_disk"], tags,
            )
        )  # fmt: skip
    return made


def _form(group: dict[str, Any]) -> str:
    """What lists do not show of a machine and only a new one can change, as a digest that is kept in a tag."""
    text = "\0".join(str(group[name]) for name in ("user_data", "root_disk"))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _rules(given: list[dict[str, Any]]) -> list[Rule]:
    found: dict[Rule, None] = {}
    for one in given:
        cidrs, to = (frozenset(_cidr(text) for text in one.get(name) or ()) for name in ("cidrs", "to"))
        for start, end in one["ports"] or [(None, None)]:
            rule = Rule(
                one["protocol"], start, end, cidrs, to, traffic=one.get("traffic", "ingress"), action=one.get("action", "allow")
            )
            found[rule] = None
    return list(found)


def _cidr(text: str) -> str:
    try:
        return str(IPv4Network(text, strict=False))
    except ValueError:
        return text


def _is_cidr(text: str) -> bool:
    try:
        IPv4Network(text, strict=False)
    except ValueError:
        return False
    return True


def _forwards(given: dict[str, Any]) -> list[Forward]:
    single = [
        Forward(address["name"], one["protocol"], one["port"], one["to"], one["to_port"] or one["port"])
        for address in given["addresses"]
        for one in address["forwards"]
    ]
    counted = [
        Forward(
            one["address"], one["protocol"], one["port"] + index, f"{given['name']}-{group['name']}-{index + 1}", one["to_port"]
        )
        for group in given["groups"]
        for one in group["forward"]
        for index in range(group["count"])
    ]
    return single + counted


def _check(wanted: Wanted, given: dict[str, Any], problem: Problem) -> None:
    names = {"cluster": [wanted.name], "group": wanted.groups, "address": wanted.addresses}
    for what, found in names.items():
        for name in found:
            if not NAME.fullmatch(name):
                problem(f"{what} {name}: a name has at most 32 lower case letters, digits and hyphens and begins with a letter")
        for name in [name for name, number in Counter(found).items() if number > 1]:
            problem(f"{what} {name} is there twice")
    for name, key in wanted.keys.items():
        try:
            fingerprint(key)
        except ValueError:
            problem(f"key {name}: public_key is no OpenSSH public key")
    for group in given["groups"]:
        _check_group(group, wanted, problem)
    _check_rules(wanted, problem)
    _check_references(wanted, problem)
    _check_doubled(wanted, problem)


def _check_group(group: dict[str, Any], wanted: Wanted, problem: Problem) -> None:
    where = f"group {group['name']}"
    fixed = group["addresses"]
    if fixed and len(fixed) < group["count"]:
        problem(f"{where}: {group['count']} machines and {len(fixed)} addresses")
    if len(f"{wanted.name}-{group['name']}-{group['count']}") > 63:
        problem(f"{where}: the names of its machines have more than 63 characters")
    if len((group["user_data"] or "").encode()) > MOST_USER_DATA:
        problem(f"{where}: user_data is longer than {MOST_USER_DATA} bytes")
    for address in fixed:
        if not _is_address(address):
            problem(f"{where}: {address} is no IPv4 address")


def _is_address(text: str) -> bool:
    try:
        IPv4Address(text)
    except ValueError:
        return False
    return True


def _check_rules(wanted: Wanted, problem: Problem) -> None:
    for what, place in (("network", wanted.network), ("vpc", wanted.vpc or {"cidr": None})):
        if place["cidr"] is not None and not (_is_cidr(place["cidr"]) and "/" in place["cidr"]):
            problem(f"{what}: {place['cidr']} is no CIDR")
    if wanted.vpc and (wanted.egress or any(wanted.firewall.values())):
        problem("in a VPC the rules are vpc.acl, not egress and firewall")
    rules = [*wanted.egress, *wanted.acl, *(rule for found in wanted.firewall.values() for rule in found)]
    for rule in rules:
        if rule.start is not None and rule.protocol in {"icmp", "all"}:
            problem(f"rule {rule}: {rule.protocol} has no ports")
        for cidr in (*rule.cidrs, *rule.to):
            if not _is_cidr(cidr):
                problem(f"rule {rule}: {cidr} is no CIDR")
    public = Counter((forward.address, forward.protocol, forward.port) for forward in wanted.forwards)
    for (address, protocol, port), number in public.items():
        if number > 1 or not 0 < port <= 65535:
            problem(f"address {address}: {protocol} port {port} " + ("leads to two places" if number > 1 else "is no port"))


def _check_references(wanted: Wanted, problem: Problem) -> None:
    leads = [(forward.machine, forward.address) for forward in wanted.forwards]
    for name, address in [*leads, *((machine, address) for address, machine in wanted.static_nat.items())]:
        if name not in wanted.machines:
            problem(f"address {address} leads to {name}, and there is no such machine")
    for forward in wanted.forwards:
        if forward.address not in wanted.addresses:
            problem(f"a forward names address {forward.address}, and there is none")
        if forward.address in wanted.static_nat:
            problem(f"address {forward.address} has static_nat: it can't have forwards, too")
    for machine in wanted.machines.values():
        for name in set(machine.affinity) - wanted.affinity.keys():
            problem(f"group {machine.group}: affinity {name} is not in the list of affinity groups")
    for name in wanted.replace - wanted.machines.keys():
        problem(f"replace: there is no machine {name}")


def _check_doubled(wanted: Wanted, problem: Problem) -> None:
    for name in _doubled(wanted.static_nat.values()):
        problem(f"two addresses have static_nat to {name}")
    for text in _doubled(machine.address for machine in wanted.machines.values() if machine.address):
        problem(f"address {text} is given to several machines")


def _doubled(items: Iterable[str]) -> list[str]:
    return [item for item, number in Counter(items).items() if number > 1]
