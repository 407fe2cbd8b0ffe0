# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Guest addresses in networks and public addresses of zones."""

from __future__ import annotations

import re
from collections.abc import Iterator
from ipaddress import AddressValueError, IPv4Address, IPv4Network
from itertools import chain
from typing import TYPE_CHECKING

from .boot import identity
from .refusal import invalid, no_capacity
from .store import Row

if TYPE_CHECKING:
    from .cloud import Cloud


def cidr_of(gateway: str, netmask: str) -> IPv4Network:
    """The network of a gateway and a mask. Refuses with 431."""
    try:
        return IPv4Network(f"{gateway}/{netmask}", strict=False)
    except ValueError as error:
        raise invalid(f"gateway {gateway} and netmask {netmask}: {error}") from None


def network_of(text: str, name: str = "cidr") -> IPv4Network:
    """A CIDR. Refuses with 431."""
    try:
        return IPv4Network(text, strict=False)
    except ValueError:
        raise invalid(f"{name}: {text} is not a valid CIDR") from None


def address_of(text: str, name: str = "ipaddress") -> IPv4Address:
    """An address. Refuses with 431."""
    try:
        return IPv4Address(text)
    except AddressValueError:
        raise invalid(f"{name}: {text} is not a valid IPv4 address") from None


def place(network: Row, address: str) -> str:
    """What the indices know a guest address by."""
    return f"{network.id}/{address}"


def is_taken(cloud: Cloud, network: Row, address: str) -> bool:
    """Has a card that address, as its own or as a secondary one?"""
    where = place(network, address)
    return any(cloud.store.where(kind, _place=where) for kind in ("nic", "secondaryip"))


def guest_address(cloud: Cloud, network: Row, wanted: str | None = None) -> str | None:
    """A free address of a network, or the wanted one. Refuses with 431 and 533. A network without a CIDR has none."""
    if not network.get("cidr"):
        return None
    cidr, gateway = IPv4Network(network["cidr"]), str(network["gateway"])
    if wanted:
        address = str(address_of(wanted))
        if IPv4Address(address) not in cidr or address == gateway:
            raise invalid(f"The address {address} is not one of network {network['name']} ({network['cidr']})")
        if is_taken(cloud, network, address):
            raise no_capacity(f"The address {address} is already in use in network {network['name']}")
        return address
    found = _search(cloud, network, cidr, gateway)
    if found is None:
        raise no_capacity(f"Unable to acquire an address in network {network['name']}: none is free")
    return found


def _search(cloud: Cloud, network: Row, cidr: IPv4Network, gateway: str) -> str | None:
    first, last = int(cidr.network_address) + 1, int(cidr.broadcast_address) - 1
    lowest, highest = _range(network, first, last)
    start = max(lowest, int(network.get("_hint", lowest)))
    for number in chain(range(start, highest + 1), range(lowest, start)):
        address = str(IPv4Address(number))
        if address != gateway and not is_taken(cloud, network, address):
            network["_hint"] = number + 1
            return address
    return None


def _range(network: Row, first: int, last: int) -> tuple[int, int]:
    start, end = network.get("_startip"), network.get("_endip")
    return (int(IPv4Address(start)) if start else first, int(IPv4Address(end)) if end else last)


def mac(number: int) -> str:
    """A MAC address that nothing else has."""
    octets = (0x02, 0x01, *number.to_bytes(4, "big"))
    return ":".join(f"{octet:02x}" for octet in octets)


def mac_of(text: str) -> str:
    """A MAC address as it was sent. Refuses with 431."""
    if not re.fullmatch("(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}", text, re.IGNORECASE):
        raise invalid(f"macaddress: {text} is not a valid MAC address")
    return text


def pool(cloud: Cloud, zone: str) -> Iterator[tuple[Row, str]]:
    """The public addresses that a zone has for its guests, with the range that each is of."""
    for row in cloud.store.where("vlaniprange", zoneid=zone):
        if not row.get("startip") or row.get("forsystemvms"):
            continue
        first = int(IPv4Address(row["startip"]))
        for number in range(first, int(IPv4Address(row.get("endip") or row["startip"])) + 1):
            yield row, str(IPv4Address(number))


def public_address(cloud: Cloud, zone: str, wanted: str | None = None) -> tuple[Row, str]:
    """A free public address, or the wanted one. Refuses with 431 and 533."""
    for row, address in pool(cloud, zone):
        if (not wanted or address == wanted) and not cloud.store.where("publicipaddress", ipaddress=address):
            return row, address
        if wanted == address:
            raise invalid(f"The public address {wanted} is already allocated")
    if wanted:
        raise invalid(f"The public address {wanted} is not one of the zone")
    raise no_capacity("Insufficient address capacity: no public address is free in the zone")


def public_id(address: str) -> str:
    """The id that a public address keeps, free or not."""
    return identity("publicipaddress", address)
