# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""A network of nodes that nothing else can reach: one namespace with a bridge, one for the controller, one per node."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from nitrox.nodes import ground
from nitrox.nodes.container import Container
from nitrox.nodes.switch import Switch

from .node import Node

CONTROLLER = "10.231.0.1"
LENGTH = 24


@dataclass
class Network:
    """Nodes at addresses of 10.231.0.0/24, and a controller namespace from which they are reached."""

    folder: Path
    nodes: dict[str, Node] = field(default_factory=dict)

    @property
    def controller(self) -> str:
        return ground.name_of(self.folder, "ctl")

    @property
    def hub(self) -> str:
        return ground.name_of(self.folder, "hub")

    @property
    def key(self) -> Path:
        return self.folder / "key"

    @property
    def public_key(self) -> str:
        return self.key.with_suffix(".pub").read_text(encoding="utf-8")

    @property
    def switch(self) -> Switch:
        return Switch(self.hub)

    def make(self) -> None:
        """The bridge, the controller's namespace, and the key by which it logs in."""
        ground.run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "controller", "-f", str(self.key))
        ground.namespace(self.hub)
        self.switch.make()
        self.plug("ctl", CONTROLLER)

    def plug(self, name: str, address: str) -> str:
        """A namespace with eth0 at this address, on the bridge; returns its name."""
        space = ground.namespace(ground.name_of(self.folder, name))
        self.switch.plug(self.port(name), space, "eth0", f"{address}/{LENGTH}")
        return space

    @staticmethod
    def port(name: str) -> str:
        return f"p-{name}"[:15]

    def boot(self, name: str, address: str, user_data: str = "", *, wait: bool = True) -> Node:
        """A new machine, powered on. ``user_data`` is what a cloud would hand to cloud-init; without it cloud-init is off."""
        assert name not in self.nodes and len(name) <= 13, name
        container = Container(self.folder, name, self.plug(name, address))
        container.create(name, address, keys=self.public_key, user_data=user_data.encode())
        node = self.nodes[name] = Node(self, container, address)
        node.start(wait=wait)
        return node

    def boot_all(self, addresses: Mapping[str, str]) -> list[Node]:
        """Several machines at once; returns when all of them answer."""
        nodes = [self.boot(name, address, wait=False) for name, address in addresses.items()]
        for node in nodes:
            node.wait()
        return nodes

    def cut(self, node: Node) -> None:
        """Pull the cable."""
        self.switch.cut(self.port(node.name))

    def mend(self, node: Node) -> None:
        self.switch.mend(self.port(node.name))

    @contextmanager
    def without(self, node: Node) -> Iterator[None]:
        """Without its cable for a while: whatever happens meanwhile, the next test finds it plugged in."""
        self.cut(node)
        try:
            yield
        finally:
            self.mend(node)

    def forget(self, node: Node) -> None:
        """The machine has gone: so do its cable and its name."""
        ground.run("ip", "netns", "del", node.container.namespace)
        del self.nodes[node.name]

    def inside(self, *command: str) -> list[str]:
        """The command as it is run from the controller's namespace."""
        return ["nsenter", f"--net=/run/netns/{self.controller}", *command]

    @property
    def ssh_options(self) -> list[str]:
        options = (
            "StrictHostKeyChecking=no",
            f"UserKnownHostsFile={self.folder / 'known_hosts'}",
            "ConnectTimeout=2",
            "ServerAliveInterval=2",
        )
        return [
            *(part for option in (*options, "LogLevel=ERROR", "BatchMode=yes") for part in ("-o", option)),
            "-i",
            str(self.key),
        ]

    def ssh(self, node: Node, command: str) -> list[str]:
        return self.inside("ssh", *self.ssh_options, f"root@{node.address}", command)

    def run(
        self,
        command: Sequence[str],
        *,
        folder: Path | None = None,
        timeout: float = 600,
        environment: Mapping[str, str] | None = None,
    ) -> subprocess.CompletedProcess[str]:
        """Run a program of this machine from the controller's namespace, where it reaches the nodes."""
        return subprocess.run(
            self.inside(*command), cwd=folder, env={**os.environ, **(environment or {})},
            capture_output=True, text=True, timeout=timeout, check=False,
        )  # fmt: skip

    def start(self, name: str, command: Sequence[str], ready: str) -> None:
        """Start a server of this machine in the controller's namespace; returns when it has printed ``ready``."""
        output = self.folder / f"{name}.log"
        with output.open("wb") as log:
            process = subprocess.Popen(
                self.inside(*command), stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
            )
        ground.remember(self.folder / f"{name}.pid", process.pid)
        said = ground.wait_for(lambda: process.poll() is not None or ready in output.read_text(encoding="utf-8"), 30)
        if not said or process.poll() is not None:
            raise RuntimeError(f"{name} did not start: {output.read_text(encoding='utf-8')[-1000:]}")


@contextmanager
def network() -> Iterator[Network]:
    """An empty network; boot nodes in it. At the end of the block all of it is gone."""
    with ground.claimed() as folder:
        made = Network(folder)
        made.make()
        yield made
