# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""The back end that boots: every machine is a Debian in systemd-nspawn, every network a bridge behind a router of its own.

Whatever the template, it is Debian 12 with cloud-init and an ssh server; keys are root's. A namespace for the controller
holds the gateway of the public addresses: from there, and only from there, they are reached.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from ipaddress import IPv4Interface
from pathlib import Path

from nitrox.nodes import ground
from nitrox.nodes.container import Container
from nitrox.nodes.image import image
from nitrox.nodes.switch import Switch

from . import boot, routing
from .machines import Machine, Network, Nic, Work


@dataclass
class Router:
    """A namespace with a card to the outside and a bridge for each network."""

    namespace: str
    port: str
    length: int
    networks: dict[str, Network] = field(default_factory=dict)
    addresses: set[str] = field(default_factory=set)

    def bridge(self, network: str) -> Switch:
        return Switch(self.namespace, routing.card(list(self.networks).index(network)))

    def apply(self, network: Network) -> None:
        """Make a network, or its rules, as they shall be."""
        new = network.id not in self.networks
        self.networks[network.id] = network
        if new:
            switch = self.bridge(network.id)
            switch.make()
            gateway = f"{network.gateway}/{network.cidr.rpartition('/')[2]}"
            ground.run("ip", "-n", self.namespace, "addr", "add", gateway, "dev", switch.device)
        self._answer_for({address for one in self.networks.values() for address in _public(one)})
        restore = ["nsenter", f"--net=/run/netns/{self.namespace}", "chroot", str(image()), "iptables-restore"]
        ground.run(*restore, text=routing.rules(list(self.networks.values())))

    def _answer_for(self, addresses: set[str]) -> None:
        """Have these public addresses."""
        for verb, changed in (("add", addresses - self.addresses), ("del", self.addresses - addresses)):
            for address in sorted(changed):
                ground.run("ip", "-n", self.namespace, "addr", verb, f"{address}/{self.length}", "dev", routing.PUBLIC)
        self.addresses = addresses


def _public(network: Network) -> set[str]:
    found = {network.source_nat, *(rule.address for rule in network.rules), *(one.address for one in network.balances)}
    return (found | {forward.address for forward in network.forwards}) - {""}


@dataclass
class Booted:
    """A machine that is there, and its cables: network card → switch and port."""

    container: Container
    cables: dict[str, tuple[Switch, str]] = field(default_factory=dict)


class Nspawn:
    """Machines of `nitrox.nodes`. `close` takes everything away; a killed one's remains go when the next is made."""

    def __init__(self) -> None:
        image()
        self.folder, self._lock = ground.claim()
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
        wanted = {nic.id: nic for nic in machine.nics}
        for gone in booted.cables.keys() - wanted.keys():
            switch, port = booted.cables.pop(gone)
            switch.unplug(port)
        for nic in machine.nics:
            self._address(booted, nic) if nic.id in booted.cables else self._connect(booted, nic)
        return None

    def _connect(self, booted: Booted, nic: Nic) -> None:
        space, port = booted.container.namespace, self._next(f"{booted.container.name}-")
        switch = self._router(nic).bridge(nic.network)
        used = {Path(path).name for path in ground.run("ip", "-n", space, "-br", "link").split() if path.startswith("eth")}
        device = next(name for name in (f"eth{index}" for index in range(100)) if not any(one.startswith(name) for one in used))
        length = IPv4Interface(f"{nic.address}/{nic.netmask}").network.prefixlen
        switch.plug(port, space, device, *(f"{one}/{length}" for one in (nic.address, *nic.secondary)), mac=nic.mac)
        if nic.default:
            ground.run("ip", "-n", space, "route", "replace", "default", "via", nic.gateway)
        booted.cables[nic.id] = switch, port

    def _address(self, booted: Booted, nic: Nic) -> None:
        """Secondary addresses may have come."""
        there = ground.run("ip", "-n", booted.container.namespace, "-br", "addr")
        length = IPv4Interface(f"{nic.address}/{nic.netmask}").network.prefixlen
        line = next(line for line in there.splitlines() if f" {nic.address}/" in line)
        for address in nic.secondary:
            if f" {address}/" not in line:
                device = line.split("@")[0].split()[0]
                ground.run("ip", "-n", booted.container.namespace, "addr", "add", f"{address}/{length}", "dev", device)

    def _router(self, nic: Nic) -> Router:
        """That of the card's network, which a shared network gets with its first machine."""
        for router in self._routers.values():
            if nic.network in router.networks:
                return router
        cidr = str(IPv4Interface(f"{nic.address}/{nic.netmask}").network)
        self.network(Network(nic.network, nic.network, cidr, nic.gateway, egress_open=True))
        return self._router(nic)

    def stop(self, machine: str, *, forced: bool) -> Work:
        booted = self._booted.get(machine)
        return asyncio.to_thread(booted.container.stop, forced) if booted else None

    def reboot(self, machine: str) -> Work:
        booted = self._booted[machine]

        def again() -> None:
            booted.container.stop(force=False)
            booted.container.start()

        return asyncio.to_thread(again)

    def destroy(self, machine: str) -> Work:
        booted = self._booted.pop(machine, None)
        if booted is not None:
            booted.container.destroy()
            ground.run("ip", "netns", "del", booted.container.namespace)
        return None

    def restore(self, machine: Machine) -> Work:
        running = machine.id in self._booted and self._booted[machine.id].container.running
        self.destroy(machine.id)
        return self.start(machine) if running else None

    def link(self, machine: str, *, up: bool) -> None:
        """Pull all network cables of a machine, or put them in again. Raises KeyError for one that is not there."""
        for switch, port in self._booted[machine].cables.values():
            switch.mend(port) if up else switch.cut(port)

    def network(self, network: Network) -> Work:
        key = network.vpc or network.id
        if key not in self._routers:
            name = self._next("r")
            router = self._routers[key] = Router(ground.name_of(self.folder, name), name, self._outside.network.prefixlen)
            ground.namespace(router.namespace)
            self._public.plug(name, router.namespace, routing.PUBLIC)
            ground.run("nsenter", f"--net=/run/netns/{router.namespace}", "sysctl", "-qw", "net.ipv4.ip_forward=1")
        self._routers[key].apply(network)
        return None

    def network_gone(self, network: str) -> Work:
        for key, router in list(self._routers.items()):
            if network in router.networks:
                self._leave(key, router, network)
        return None

    def _leave(self, key: str, router: Router, network: str) -> None:
        rest = [one for one in router.networks.values() if one.id != network]
        if not rest:
            ground.run("ip", "netns", "del", router.namespace)
            del self._routers[key]
            return
        emptied = router.networks[network]
        router.apply(Network(emptied.id, emptied.name, emptied.cidr, emptied.gateway, vpc=emptied.vpc))

    def reset(self) -> None:
        for machine in list(self._booted):
            self.destroy(machine)
        for router in self._routers.values():
            ground.run("ip", "netns", "del", router.namespace)
        self._routers.clear()

    def close(self) -> None:
        """Everything is gone, also the namespaces of the cloud itself."""
        ground.clear(self.folder)
        self._lock.close()
