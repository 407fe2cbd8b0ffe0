# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""What firewall, port forwarding and load balancer rules share: port ranges, CIDRs, conflicts."""

from __future__ import annotations

from dataclasses import dataclass

from nitrox.cloudstack import addresses
from nitrox.cloudstack.call import Call
from nitrox.cloudstack.refusal import conflict, invalid
from nitrox.cloudstack.store import Row

ANY = "0.0.0.0/0"


@dataclass(frozen=True)
class Claim:
    """What a rule takes of an address. ``cidrs`` only matters between two firewall rules."""

    protocol: str
    start: int | None
    end: int | None
    firewall: bool = False
    cidrs: frozenset[str] = frozenset()

    def meets(self, other: Claim) -> bool:
        """Do the two get into each other's way?"""
        if self.firewall != other.firewall:
            return False
        if self.firewall and (self.protocol != other.protocol or not self.cidrs & other.cidrs):
            return False
        if self.protocol not in {other.protocol, "all"} and other.protocol != "all":
            return False
        if self.start is None or other.start is None or self.end is None or other.end is None:
            return self.firewall and self.start == other.start
        return self.start <= other.end and other.start <= self.end


def ports(call: Call, start: str, end: str, *, required: bool = True) -> tuple[int | None, int | None]:
    """A range of ports. Refuses with 431."""
    first = call.number(start)
    last = call.number(end)
    first, last = (last if first is None else first), (first if last is None else last)
    if first is None or last is None:
        if required:
            raise invalid(f"{start} is needed")
        return None, None
    return in_range(first, last, f"{start}, {end}")


def in_range(first: int, last: int, where: str) -> tuple[int, int]:
    """The same two. Refuses with 431 what is no range of ports."""
    if not 0 < first <= last <= 65535:
        raise invalid(f"Invalid port range {first}-{last} in {where}")
    return first, last


def protocol(call: Call, *names: str, default: str = "", numbers: bool = False) -> str:
    """One of the named protocols, or with ``numbers`` also one that has only a number. Refuses with 431."""
    text = call.text("protocol", default).lower()
    if text in names or (numbers and text.isdecimal() and int(text) <= 255):
        return text
    raise invalid(f"Invalid protocol {text}")


def cidrs(call: Call, name: str = "cidrlist", default: str = ANY) -> str:
    """A comma-separated list of CIDRs. Refuses with 431."""
    found = call.names(name)
    for one in found:
        addresses.network_of(one, name)
    return ",".join(found) or default


def of_firewall(rule: Row) -> Claim:
    """What a firewall rule takes; an ICMP rule takes its type and code."""
    if rule["protocol"] == "icmp":
        return Claim("icmp", int(rule["icmptype"]) + 1, int(rule["icmptype"]) + 1, True, frozenset(_sources(rule)))
    return Claim(rule["protocol"], rule.get("startport"), rule.get("endport"), True, frozenset(_sources(rule)))


def _sources(rule: Row) -> list[str]:
    return [f"{one} {rule.get('destcidrlist', '')}" for one in str(rule["cidrlist"]).split(",")]


def of_forwarding(rule: Row) -> Claim:
    """What a port forwarding rule takes."""
    return Claim(rule["protocol"], int(rule["publicport"]), int(rule["publicendport"]))


def of_balancing(rule: Row) -> Claim:
    """What a load balancer rule takes: TCP in front of everything but UDP."""
    return Claim("udp" if rule["protocol"] == "udp" else "tcp", int(rule["publicport"]), int(rule["publicport"]))


def refuse_overlap(rule: Row, claim: Claim, others: list[tuple[Row, Claim]]) -> None:
    """Refuses with 537 a rule that meets another one."""
    for other, theirs in others:
        if other is not rule and claim.meets(theirs):
            raise conflict(_how(claim, theirs, other))


def _how(claim: Claim, theirs: Claim, other: Row) -> str:
    """In CloudStack's words: operators of clusters tell by them that a rule is there already."""
    if claim.protocol == "icmp":
        return f"New rule conflicts with existing rule: {other.id}"
    if claim.start is None and theirs.start is None and claim.firewall:
        return f"There is already a firewall rule specified with protocol = {claim.protocol} and no ports: {other.id}"
    ranges = f"{claim.start}-{claim.end}", f"{theirs.start}-{theirs.end}"
    return f"The range specified, {ranges[0]}, conflicts with rule {other.id} which has {ranges[1]}"


def refuse_traffic_conflict(call: Call, address: Row, rule: Row, claim: Claim) -> None:
    """The same for what is on a public address besides its firewall. Static NAT takes all of it."""
    if address.get("isstaticnat"):
        raise conflict(f"The address {address['ipaddress']} has static nat: other rules conflict with it")
    forwarding = [(one, of_forwarding(one)) for one in call.store.where("portforwardingrule", ipaddressid=address.id)]
    balancing = [(one, of_balancing(one)) for one in call.store.where("loadbalancerrule", publicipid=address.id)]
    refuse_overlap(rule, claim, forwarding + balancing)
