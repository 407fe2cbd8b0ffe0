# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Which members a service gives its back end.

An endpoint is a task that is wanted and runs, on a node that is ready. The actual state alone lags: a task that is told to
stop runs on for its grace period, and one on a node that was cut off is never told to have ended.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from .answers import Row, Swarm
from .errors import Refused, Unknown
from .places import Places, joined

HOST_NETWORK = "host"
JOBS = ("ReplicatedJob", "GlobalJob")
ASKED_AGAIN = "run the play again in a moment"


@dataclass(frozen=True)
class Wanted:
    """One back end: port ``port`` of the containers of ``service``. ``members``: auto, nodes, ingress or tasks."""

    service: str
    port: int
    transport: str = "tcp"
    members: str = "auto"
    network: str = ""

    @property
    def called(self) -> str:
        """The port as Docker writes it."""
        return f"{self.port}/{self.transport}"


def members(wanted: Wanted, swarm: Swarm, addresses: Mapping[str, str], *, allow_empty: bool = False) -> list[str]:
    """``address:port`` of each, sorted. Raises `Refused` when there is none although the swarm wants some."""
    service = swarm.services[wanted.service]
    if any(job in service["Spec"]["Mode"] for job in JOBS):
        raise Refused(f"service {wanted.service}: it is a job, which ends; a front end needs a service that stays")
    found = sorted(set(_Found(wanted, swarm, Places(swarm.nodes, addresses)).members()))
    if not found and not allow_empty and wants_some(service, swarm):
        raise Refused(
            f"service {wanted.service}: no running task serves port {wanted.called}, although some are wanted. "
            "swarm_frontend_allow_empty takes the last members away"
        )
    return found


def wants_some(service: Row, swarm: Swarm) -> bool:
    """Does the swarm want tasks of it? A global service wants one on each node that takes tasks."""
    replicated = service["Spec"]["Mode"].get("Replicated")
    if isinstance(replicated, Mapping):
        return bool(replicated.get("Replicas", 1) != 0)
    return any(
        node["Spec"].get("Availability") == "active" and node["Status"]["State"] != "down" for node in swarm.nodes.values()
    )


class _Found:
    """One service, looked at for one back end."""

    def __init__(self, wanted: Wanted, swarm: Swarm, places: Places) -> None:
        self.wanted, self.swarm, self.places = wanted, swarm, places
        self.service = swarm.services[wanted.service]

    def members(self) -> Iterator[str]:
        way = self._way()
        tasks = [task for task in self.swarm.tasks[self.wanted.service] if self._serves(task)]
        if way == "tasks":
            return self._of_tasks(tasks)
        return self._of_mesh(tasks) if way == "ingress" else self._of_nodes(tasks)

    def _way(self) -> str:
        """Nodes, ingress or tasks. Where a port is published both ways, its own node is nearer than the mesh."""
        way = self.wanted.members
        if way == "tasks":
            if not self.wanted.network:
                raise Refused(
                    f"service {self.wanted.service}: swarm_frontend_network says of which network the tasks' addresses are"
                )
            return way
        modes = {self._mode(port) for port in self._published() if self._is_wanted(port)}
        if way == "auto" and modes:
            return "nodes" if "host" in modes else "ingress"
        if {"nodes": "host", "ingress": "ingress"}.get(way) not in modes:
            raise Refused(self._unpublished())
        return way

    def _published(self) -> list[Row]:
        return list((self.service["Spec"].get("EndpointSpec") or {}).get("Ports") or [])

    def _unpublished(self) -> str:
        shown = [f"{one.get('TargetPort')}/{one.get('Protocol', 'tcp')} in mode {self._mode(one)}" for one in self._published()]
        mode = {"nodes": " in mode host", "ingress": " in mode ingress"}.get(self.wanted.members, "")
        return (
            f"service {self.wanted.service}: port {self.wanted.called} is not published{mode}; published are: "
            f"{', '.join(shown) or 'none'}. swarm_frontend_members tasks takes the tasks' own addresses on a network"
        )

    @staticmethod
    def _mode(port: Row) -> str:
        return str(port.get("PublishMode") or "ingress")

    def _is_wanted(self, port: Row) -> bool:
        return port.get("TargetPort") == self.wanted.port and port.get("Protocol", "tcp") == self.wanted.transport

    def _serves(self, task: Row) -> bool:
        if task["DesiredState"] != "running" or task["Status"]["State"] != "running" or not task.get("NodeID"):
            return False
        return self.places.ready(str(task["NodeID"]))

    def _of_nodes(self, tasks: list[Row]) -> Iterator[str]:
        fixed = {one.get("PublishedPort") for one in self._published() if self._is_wanted(one) and self._mode(one) == "host"} - {
            0,
            None,
        }
        for task in tasks:
            ports = [
                int(one["PublishedPort"])
                for one in (task["Status"].get("PortStatus") or {}).get("Ports") or []
                if self._is_wanted(one) and self._mode(one) == "host" and one.get("PublishedPort")
            ]
            if ports:
                yield joined(*self._endpoint(str(task["NodeID"]), ports, fixed))

    def _endpoint(self, node: str, ports: list[int], fixed: set[Any]) -> tuple[str, int]:
        """A task is one member, also where its port is published twice. An engine lists each port for IPv4 first and then
        for IPv6, and ports that it chooses itself may differ between the two."""
        address = self.places.address(node)
        chosen = sorted(port for port in ports if port in fixed)
        return address, chosen[0] if chosen else ports[-1 if ":" in address else 0]

    def _of_mesh(self, tasks: list[Row]) -> Iterator[str]:
        """Every node of the mesh takes connections for every task. One that is being emptied is about to leave."""
        if not tasks:
            return
        ports = sorted(
            int(one["PublishedPort"])
            for one in (self.service.get("Endpoint") or {}).get("Ports") or []
            if self._is_wanted(one) and self._mode(one) == "ingress" and one.get("PublishedPort")
        )
        if not ports:
            raise Unknown(f"service {self.wanted.service}: the swarm has not given it its port yet; {ASKED_AGAIN}")
        for identity, node in self.swarm.nodes.items():
            if node["Spec"].get("Availability") != "drain" and self.places.ready(identity):
                yield joined(self.places.address(identity), ports[0])

    def _of_tasks(self, tasks: list[Row]) -> Iterator[str]:
        there: list[str] = []
        seen: set[str] = set()
        for task in tasks:
            for one in task.get("NetworksAttachments") or []:
                network = one.get("Network") or {}
                name = str((network.get("Spec") or {}).get("Name", ""))
                seen.add(name)
                if self.wanted.network in (name, network.get("ID")):
                    there.append(self._own(task, name, one.get("Addresses") or []))
        if tasks and not there:
            raise Refused(
                f"service {self.wanted.service}: its tasks are not on network {self.wanted.network}; "
                f"they are on: {', '.join(sorted(seen)) or 'none'}"
            )
        return (joined(address, self.wanted.port) for address in there)

    def _own(self, task: Row, network: str, addresses: list[str]) -> str:
        """A task's address; on the node's own network it is the node's."""
        if addresses:
            return str(addresses[0]).split("/", maxsplit=1)[0]
        if network == HOST_NETWORK:
            return self.places.address(str(task["NodeID"]))
        raise Unknown(f"service {self.wanted.service}: task {task['ID']} has no address on network {network} yet; {ASKED_AGAIN}")
