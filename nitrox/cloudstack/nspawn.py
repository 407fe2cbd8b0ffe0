# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""The back end that boots: every machine is a Debian in systemd-nspawn, every network a bridge behind a router of its own.

Whatever the template, it is Debian 12 with cloud-init and an ssh server; keys are root's. A namespace for the controller
holds the gateway of the public addresses: from there, and only from there, they are reached.
"""

from __future__ import annotations

import asyncio
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from ipaddress import IPv4Interface
from itertools import count

from nitrox.nodes import ground
from nitrox.nodes.container import Container
from nitrox.nodes.image import image
from nitrox.nodes.switch import Switch

from . import boot, routing
from .machines import Balance, Machine, Network, Nic, Work


@dataclass
class Router:
    """A namespace with a card to the outside and a numbered bridge for each network. Balancing passes over who is ``off``."""

    namespace: str
    length: int
    networks: dict[int, Network] = field(default_factory=dict)
    addresses: set[str] = field(default_factory=set)
    off: set[tuple[str, str]] = field(default_factory=set)

    def number(self, network: str) -> int | None:
        return next((number for number, one in self.networks.items() if one.id == network), None)

    def bridge(self, number: int) -> Switch:
        return Switch(self.namespace, routing.card(number))

    def apply(self, network: Network) -> None:
        """Make a network, or its rules, as they shall be."""
        number = self.number(network.id)
        if number is None:
            number = max(self.networks, default=-1) + 1
            switch = self.bridge(number)
            switch.make()
            gateway = f"{network.gateway}/{network.cidr.rpartition('/')[2]}"
            ground.run("ip", "-n", self.namespace, "addr", "add", gateway, "dev", switch.device)
        self.networks[number] = network
        self._rule()

    def drop(self, number: int) -> None:
        """That network is gone."""
        del self.networks[number]
        self._rule()
        ground.run("ip", "-n", self.namespace, "link", "del", routing.card(number))

    def power(self, network: str, address: str, *, on: bool) -> None:
        """A machine of a network was switched on or off."""
        (self.off.discard if on else self.off.add)((network, address))
        number = self.number(network)
        if number is not None and any(address in dict(one.members) for one in self.networks[number].balances):
            self._rule()

    def _rule(self) -> None:
        wanted = {f"{address}/{self.length}" for one in self.networks.values() for address in _public(one)}
        have(self.namespace, routing.PUBLIC, self.addresses, wanted)
        restore = ["nsenter", f"--net=/run/netns/{self.namespace}", "chroot", str(image()), "iptables-restore"]
        ground.run(*restore, text=routing.rules({number: self._awake(one) for number, one in self.networks.items()}))

    def _awake(self, network: Network) -> Network:
        def members(balance: Balance) -> tuple[tuple[str, int], ...]:
            return tuple(one for one in balance.members if (network.id, one[0]) not in self.off)

        return replace(network, balances=tuple(replace(one, members=members(one)) for one in network.balances))


def have(namespace: str, card: str, there: set[str], wanted: set[str]) -> None:
    """Give a network card these addresses and no others; ``there`` is what it has, and is kept up to date."""
    for verb, changed in (("add", wanted - there), ("del", there - wanted)):
        for address in sorted(changed):
            ground.run("ip", "-n", namespace, "addr", verb, address, "dev", card)
    there.clear()
    there.update(wanted)


def _public(network: Network) -> set[str]:
    found = {network.source_nat, *(rule.address for rule in network.rules), *(one.address for one in network.balances)}
    return (found | {forward.address for forward in network.forwards}) - {""}


@dataclass
class Cable:
    """From a port of a switch to a card of a machine, which has these further addresses."""

    switch: Switch
    port: str
    card: str
    secondary: set[str] = field(default_factory=set)


@dataclass
class Booted:
    """A machine that is there, and its cables by the id of the cloud's network card."""

    container: Container
    nics: tuple[Nic, ...] = ()
    cables: dict[str, Cable] = field(default_factory=dict)


class Nspawn:
    """Machines of `nitrox.nodes`. `close` takes everything away; a killed one's remains go when the next is made."""

    def __init__(self) -> None:
        image()
        self._claim = ExitStack()
        self.folder = self._claim.enter_context(ground.claimed())
        vlan = boot.rows("")["vlaniprange"][0]
        self._outside = IPv4Interface(f"{vlan['gateway']}/{vlan['netmask']}")
        self._public = Switch(ground.namespace(ground.name_of(self.folder, "hub")))
        self._public.make()
        self.controller = ground.namespace(ground.name_of(self.folder, "ctl"))
        self._public.plug("ctl", self.controller, "eth0", str(self._outside))
        self._routers: dict[str, Router] = {}
        self._booted: dict[str, Booted] = {}
        self._count = 0

    def _next(self, letter: str) -> str:
        self._count += 1
        return f"{letter}{self._count}"

    def start(self, machine: Machine) -> Work:
        booted = self._booted.get(machine.id) or self._create(machine)
        self.plug(machine)
        booted.container.start()
        self._power(booted, on=True)
        return None

    def _create(self, machine: Machine) -> Booted:
        name = self._next("m")
        container = Container(self.folder, name, ground.namespace(ground.name_of(self.folder, name)))
        address = next((nic.address for nic in machine.nics if nic.default), "127.0.1.1")
        keys = "".join(f"{key.strip()}\n" for key in machine.keys)
        container.create(machine.name, address, keys=keys, user_data=machine.user_data)
        if machine.password:
            ground.run("chroot", str(container.tree), "chpasswd", text=f"root:{machine.password}\n")
        booted = self._booted[machine.id] = Booted(container)
        return booted

    def plug(self, machine: Machine) -> Work:
        booted = self._booted[machine.id]
        booted.nics = machine.nics
        for gone in booted.cables.keys() - {nic.id for nic in machine.nics}:
            cable = booted.cables.pop(gone)
            cable.switch.unplug(cable.port)
        for nic in machine.nics:
            length = IPv4Interface(f"{nic.address}/{nic.netmask}").network.prefixlen
            if nic.id not in booted.cables:
                self._connect(booted, nic, length)
            cable = booted.cables[nic.id]
            have(booted.container.namespace, cable.card, cable.secondary, {f"{one}/{length}" for one in nic.secondary})
        return None

    def _connect(self, booted: Booted, nic: Nic, length: int) -> None:
        space = booted.container.namespace
        used = {cable.card for cable in booted.cables.values()}
        card = next(name for name in (f"eth{number}" for number in count()) if name not in used)
        cable = booted.cables[nic.id] = Cable(self._switch(nic), self._next("p"), card)
        cable.switch.plug(cable.port, space, card, f"{nic.address}/{length}", mac=nic.mac)
        if nic.default:
            ground.run("ip", "-n", space, "route", "replace", "default", "via", nic.gateway)

    def _switch(self, nic: Nic) -> Switch:
        """That of the card's network, which a shared network gets with its first machine."""
        for router in self._routers.values():
            if (number := router.number(nic.network)) is not None:
                return router.bridge(number)
        cidr = str(IPv4Interface(f"{nic.address}/{nic.netmask}").network)
        self.network(Network(nic.network, nic.network, cidr, nic.gateway, egress_open=True))
        return self._switch(nic)

    def stop(self, machine: str, *, forced: bool) -> Work:
        booted = self._booted.get(machine)
        if booted is None:
            return None
        self._power(booted, on=False)
        return asyncio.to_thread(booted.container.stop, forced)

    def _power(self, booted: Booted, *, on: bool) -> None:
        for nic in booted.nics:
            for router in self._routers.values():
                if router.number(nic.network) is not None:
                    router.power(nic.network, nic.address, on=on)

    def reboot(self, machine: str) -> Work:
        booted = self._booted[machine]

        def again() -> None:
            booted.container.stop(force=False)
            booted.container.start()

        return asyncio.to_thread(again)

    def destroy(self, machine: str) -> Work:
        booted = self._booted.pop(machine, None)
        if booted is not None:
            self._power(booted, on=True)  # whoever gets its address next is not off
            booted.container.destroy()
            ground.run("ip", "netns", "del", booted.container.namespace)
        return None

    def restore(self, machine: Machine) -> Work:
        running = machine.id in self._booted and self._booted[machine.id].container.running
        self.destroy(machine.id)
        return self.start(machine) if running else None

    def link(self, machine: str, *, up: bool) -> None:
        """Pull all network cables of a machine, or put them in again. Raises KeyError for one that is not there."""
        for cable in self._booted[machine].cables.values():
            (cable.switch.mend if up else cable.switch.cut)(cable.port)

    def network(self, network: Network) -> Work:
        key = network.vpc or network.id
        if key not in self._routers:
            name = self._next("r")
            router = self._routers[key] = Router(ground.name_of(self.folder, name), self._outside.network.prefixlen)
            ground.namespace(router.namespace)
            self._public.plug(name, router.namespace, routing.PUBLIC)
            forward = "echo 1 >/proc/sys/net/ipv4/ip_forward"
            ground.run("nsenter", f"--net=/run/netns/{router.namespace}", "sh", "-c", forward)
        self._routers[key].apply(network)
        return None

    def network_gone(self, network: str) -> Work:
        for key, router in list(self._routers.items()):
            number = router.number(network)
            if number is not None and len(router.networks) > 1:
                router.drop(number)
            elif number is not None:
                ground.run("ip", "netns", "del", router.namespace)
                del self._routers[key]
        return None

    def reset(self) -> None:
        for machine in list(self._booted):
            self.destroy(machine)
        for router in self._routers.values():
            ground.run("ip", "netns", "del", router.namespace)
        self._routers.clear()

    def close(self) -> None:
        """Everything is gone, also the namespaces of the cloud itself."""
        self._claim.close()
