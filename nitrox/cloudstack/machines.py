# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""The seam to what boots machines. The memory back end boots nothing: a machine is what the API says of it.

A back end is told what machines and networks shall be like, and answers with an awaitable when that takes a while: the job
ends when it does. It refuses by raising `Refusal` (its code and text become the job's) at once or in the awaitable.
Networks are levels: `network` gets everything that applies now, not what changed.
"""

from __future__ import annotations

from collections.abc import Awaitable
from dataclasses import dataclass, field
from typing import Protocol

Work = Awaitable[None] | None


@dataclass(frozen=True)
class Nic:
    """One network card of a machine."""

    id: str
    network: str
    address: str
    mac: str
    netmask: str
    gateway: str
    default: bool
    secondary: tuple[str, ...] = ()


@dataclass(frozen=True)
class Machine:
    """What a machine is given at its start. ``user_data`` is decoded, ``keys`` are public keys, ``disks`` sizes in bytes."""

    id: str
    name: str
    template: str
    cpus: int
    memory: int
    nics: tuple[Nic, ...]
    user_data: bytes = b""
    keys: tuple[str, ...] = ()
    password: str = ""
    disks: tuple[int, ...] = ()


@dataclass(frozen=True)
class Forward:
    """Traffic to a public address and its ports goes to a private one. No ports: all of them (static NAT)."""

    address: str
    protocol: str
    ports: tuple[int, int] | None
    to_address: str
    to_port: int = 0


@dataclass(frozen=True)
class Allowed:
    """Traffic that a firewall or an ACL lets in or out. ``address`` is the public address that it is let in at, if one."""

    direction: str
    protocol: str
    ports: tuple[int, int] | None
    sources: tuple[str, ...]
    destinations: tuple[str, ...] = ()
    address: str = ""
    allow: bool = True


@dataclass(frozen=True)
class Balance:
    """A load balancer rule of the virtual router."""

    address: str
    port: int
    algorithm: str
    members: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Network:
    """A guest network as it shall be now. ``vpc`` is the id of the VPC that it is a tier of."""

    id: str
    name: str
    cidr: str
    gateway: str
    vpc: str = ""
    source_nat: str = ""
    forwards: tuple[Forward, ...] = ()
    rules: tuple[Allowed, ...] = ()
    balances: tuple[Balance, ...] = field(default=())
    egress_open: bool = False


class Machines(Protocol):
    """What a back end does. ``controller`` is the network namespace from which its machines are reached, empty for none."""

    controller: str

    def start(self, machine: Machine) -> Work:
        """Boot it; also the first time."""

    def stop(self, machine: str, *, forced: bool) -> Work:
        """Shut it down; ``forced`` pulls the plug."""

    def reboot(self, machine: str) -> Work:
        """Restart it."""

    def destroy(self, machine: str) -> Work:
        """It and its disks are gone."""

    def restore(self, machine: Machine) -> Work:
        """Its root disk is new again."""

    def plug(self, machine: Machine) -> Work:
        """Its network cards have changed while it ran."""

    def network(self, network: Network) -> Work:
        """A network is wanted like this: called when it is implemented and whenever its rules change."""

    def network_gone(self, network: str) -> Work:
        """A network is no longer."""

    def link(self, machine: str, *, up: bool) -> None:
        """Pull the network cables of a machine, or put them in again. Raises KeyError for one that is not there."""

    def reset(self) -> None:
        """Everything is gone."""

    def close(self) -> None:
        """The cloud ends: nothing of it stays on this computer."""


class Memory:
    """Machines that are only talked about."""

    controller = ""

    def start(self, machine: Machine) -> Work:
        return None

    def stop(self, machine: str, *, forced: bool) -> Work:
        return None

    def reboot(self, machine: str) -> Work:
        return None

    def destroy(self, machine: str) -> Work:
        return None

    def restore(self, machine: Machine) -> Work:
        return None

    def plug(self, machine: Machine) -> Work:
        return None

    def network(self, network: Network) -> Work:
        return None

    def network_gone(self, network: str) -> Work:
        return None

    def reset(self) -> None:
        return None

    def link(self, machine: str, *, up: bool) -> None:
        raise KeyError(machine)

    def close(self) -> None:
        return None
