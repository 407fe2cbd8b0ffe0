# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""A bridge in a namespace, and the cables from it to other namespaces."""

from __future__ import annotations

from dataclasses import dataclass

from . import ground


@dataclass(frozen=True)
class Switch:
    """A bridge device in a namespace that is there."""

    namespace: str
    device: str = "bridge"

    def make(self) -> None:
        ground.run("ip", "-n", self.namespace, "link", "add", self.device, "type", "bridge")
        ground.run("ip", "-n", self.namespace, "link", "set", self.device, "up")

    def plug(self, port: str, namespace: str, card: str, *addresses: str, mac: str = "") -> None:
        """A cable from a port (up to 15 characters) to a new network card of another namespace, with its ADDRESS/LENGTH."""
        peer = ["type", "veth", "peer", "name", card, *(["address", mac] if mac else []), "netns", namespace]
        ground.run("ip", "-n", self.namespace, "link", "add", port, *peer)
        ground.run("ip", "-n", self.namespace, "link", "set", port, "master", self.device, "up")
        for address in addresses:
            ground.run("ip", "-n", namespace, "addr", "add", address, "dev", card)
        ground.run("ip", "-n", namespace, "link", "set", card, "up")

    def unplug(self, port: str) -> None:
        """The cable and its network card are gone."""
        ground.run("ip", "-n", self.namespace, "link", "del", port)

    def cut(self, port: str) -> None:
        """No carrier, until it is mended."""
        ground.run("ip", "-n", self.namespace, "link", "set", port, "down")

    def mend(self, port: str) -> None:
        ground.run("ip", "-n", self.namespace, "link", "set", port, "up")
