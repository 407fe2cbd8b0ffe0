# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Where nodes are, and whether they are there."""

from __future__ import annotations

from collections.abc import Mapping
from ipaddress import ip_address

from .answers import Row
from .errors import Refused, Unknown


def joined(address: str, port: int) -> str:
    """``address:port``, with brackets around an IPv6 address."""
    return f"[{address}]:{port}" if ":" in address else f"{address}:{port}"


class Places:
    """The nodes of a swarm. ``addresses``: host name or ID of a node → where the NetScaler reaches it, if elsewhere."""

    def __init__(self, nodes: Mapping[str, Row], addresses: Mapping[str, str]) -> None:
        self.nodes, self.addresses = nodes, addresses

    def ready(self, identity: str) -> bool:
        """Raises `Unknown` for a node of which the swarm itself does not know it: after a change of the leader every node is
        in the state ``unknown`` until it has reported to the new one."""
        node = self.nodes.get(identity)
        if node is None:
            raise Unknown(f"a task runs on node {identity}, which is not in the list of nodes; run the play again in a moment")
        if node["Status"]["State"] == "unknown":
            raise Unknown(
                f"the swarm does not know yet whether node {self._name(identity)} is there; run the play again in a moment"
            )
        return bool(node["Status"]["State"] == "ready")

    def address(self, identity: str) -> str:
        """Raises `Refused` where the swarm has only an address that nobody else can use."""
        node, name = self.nodes[identity], self._name(identity)
        given = self.addresses.get(name) or self.addresses.get(identity)
        if given:
            return str(given)
        # A manager that was told to listen everywhere knows its address only as a manager.
        own = str((node.get("ManagerStatus") or {}).get("Addr") or "").rpartition(":")[0].strip("[]")
        seen = str(node["Status"].get("Addr") or "")
        for address in (seen, own):
            if _usable(address):
                return address
        raise Refused(
            f"node {name}: the swarm has no address of it that others can use (only {seen or own or 'none'}); "
            "swarm_frontend_addresses names one"
        )

    def _name(self, identity: str) -> str:
        return str((self.nodes[identity].get("Description") or {}).get("Hostname") or identity)


def _usable(text: str) -> bool:
    try:
        address = ip_address(text)
    except ValueError:
        return False
    return not (address.is_unspecified or address.is_loopback)
