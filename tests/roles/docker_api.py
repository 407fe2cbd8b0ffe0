# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""The part of the Docker API that shows services, tasks and nodes of a swarm, on a socket, with rows shaped as the engine's."""

from __future__ import annotations

import json
import socketserver
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import parse_qs, unquote, urlsplit

NO_MANAGER = (
    'This node is not a swarm manager. Use "docker swarm init" or "docker swarm join" '
    "to connect this node to swarm and try again."
)


class Raw(NamedTuple):
    """An answer in place of the right one; without a status the connection is just closed."""

    status: int
    body: str = ""
    kind: str = "application/json"
    promised: int = 0  # bytes more than come
    late: float = 0  # seconds
    once: bool = False  # the right answer follows


def published(target: int = 80, port: int = 8081, mode: str = "host", protocol: str = "tcp") -> dict[str, Any]:
    """Port 0: the engine or the swarm chooses one; the key is missing until it has."""
    row: dict[str, Any] = {"Protocol": protocol, "TargetPort": target, "PublishedPort": port, "PublishMode": mode}
    return {key: value for key, value in row.items() if value}


def service(name: str = "web", ports: list[dict[str, Any]] | None = None, **mode: Any) -> dict[str, Any]:
    """By default two replicas with port 80 published as 8081 in the mode host."""
    ports = [published()] if ports is None else ports
    spec = {
        "Name": name, "Labels": {}, "Mode": mode or {"Replicated": {"Replicas": 2}},
        "TaskTemplate": {"ContainerSpec": {"Image": "busybox:here"}, "ForceUpdate": 0, "Runtime": "container"},
        "EndpointSpec": {"Mode": "vip", **({"Ports": ports} if ports else {})},
    }  # fmt: skip
    end = {"Spec": spec["EndpointSpec"], **({"Ports": [dict(port) for port in ports]} if ports else {})}
    return {"ID": f"id{name}0000000000000000000", "Version": {"Index": 21}, "Spec": spec, "Endpoint": end}


def task(
    number: int, node: str = "", of: str = "web", *, desired: str = "running", state: str = "running", **more: Any
) -> dict[str, Any]:
    """``ports``: of the task's status, each listed twice as the engine does; ``networks``: name → address."""
    ports, networks = more.get("ports", [published()]), more.get("networks", {})
    status: dict[str, Any] = {"Timestamp": "2026-01-01T00:00:00Z", "State": state, "Message": state, "PortStatus": {}}
    if state == "running":
        status["ContainerStatus"] = {"ContainerID": f"c{number}", "PID": 4000 + number, "ExitCode": 0}
        if any(port["PublishMode"] == "host" for port in ports):
            status["PortStatus"] = {"Ports": [port for port in ports for _ in range(more.get("listed", 2))]}
    row = {
        "ID": f"task{number}", "Version": {"Index": 30 + number}, "Spec": {"ForceUpdate": 0}, "ServiceID": service(of)["ID"],
        "Slot": number, "Status": status, "DesiredState": desired,
    }  # fmt: skip
    if networks:
        row["NetworksAttachments"] = [attachment(name, address) for name, address in networks.items()]
    return {**row, "NodeID": node} if node else row


def attachment(name: str, address: str) -> dict[str, Any]:
    network = {"ID": f"net{name}", "Version": {"Index": 11}, "Spec": {"Name": name, "Labels": {}, "Scope": "swarm"}}
    return {"Network": network, **({"Addresses": [address]} if address else {})}


def node(number: int, state: str = "ready", availability: str = "active", address: str = "", manager: str = "") -> dict[str, Any]:
    row = {
        "ID": f"id{number}", "Version": {"Index": number},
        "Spec": {"Labels": {}, "Role": "manager" if manager else "worker", "Availability": availability},
        "Description": {"Hostname": f"n{number}", "Platform": {"Architecture": "x86_64", "OS": "linux"}},
        "Status": {"State": state, "Addr": address or f"198.51.100.{number}"},
    }  # fmt: skip
    return {**row, "ManagerStatus": {"Leader": True, "Reachability": "reachable", "Addr": manager}} if manager else row


@dataclass
class Docker:
    """What the swarm is like. ``instead``: what is asked (services, tasks, nodes) → the answer in its place."""

    path: Path
    services: list[dict[str, Any]] = field(default_factory=lambda: [service()])
    tasks: list[dict[str, Any]] = field(default_factory=lambda: [task(1, "id1"), task(2, "id2")])
    nodes: list[dict[str, Any]] = field(default_factory=lambda: [node(1, manager="198.51.100.1:2377"), node(2), node(3)])
    instead: dict[str, Raw] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"unix://{self.path}"

    def answer(self, target: str) -> Raw:
        where = urlsplit(target)
        what, _, name = where.path.strip("/").partition("/")
        self.asked.append(what)
        if what in self.instead:
            return self.instead.pop(what) if self.instead[what].once else self.instead[what]
        if what == "services":
            return _found(self._service(unquote(name)), name)
        if what == "nodes":
            return Raw(200, json.dumps(self.nodes))
        return (
            self._tasks(json.loads(parse_qs(where.query)["filters"][0])) if what == "tasks" else _refused(404, "page not found")
        )

    def _service(self, name: str) -> dict[str, Any] | None:
        """By ID, by name, or by the beginning of an ID."""
        exact = [row for row in self.services if name in (row["ID"], row["Spec"]["Name"])]
        return next(iter(exact or [row for row in self.services if row["ID"].startswith(name)]), None)

    def _tasks(self, filters: dict[str, list[str]]) -> Raw:
        owners = [self._service(name) for name in filters["service"]]
        if None in owners:
            return _refused(404, f"service {filters['service'][0]} not found")
        wanted = {row["ID"] for row in owners if row}
        rows = [row for row in self.tasks if row["ServiceID"] in wanted]
        return Raw(
            200, json.dumps([row for row in rows if row["DesiredState"] in filters.get("desired-state", [row["DesiredState"]])])
        )


def _found(row: dict[str, Any] | None, name: str) -> Raw:
    return Raw(200, json.dumps(row)) if row else _refused(404, f"service {name} not found")


def _refused(status: int, message: str) -> Raw:
    return Raw(status, json.dumps({"message": message}))


class _Server(socketserver.ThreadingUnixStreamServer):
    daemon_threads = True
    docker: Docker


class _Answer(BaseHTTPRequestHandler):
    server: _Server

    def do_GET(self) -> None:
        raw = self.server.docker.answer(self.path)
        time.sleep(raw.late)
        if raw.status:
            body = raw.body.encode()
            self.send_response(raw.status)
            self.send_header("Content-Type", raw.kind)
            self.send_header("Content-Length", str(len(body) + raw.promised))
            self.end_headers()
            with suppress(BrokenPipeError):  # who asked may have given up
                self.wfile.write(body)
        self.close_connection = True

    def address_string(self) -> str:
        return "socket"

    def log_message(self, *args: Any) -> None:
        """Quiet."""


@contextmanager
def listening(path: Path) -> Iterator[Docker]:
    """An engine of a swarm with three nodes, of which two run a task of the service web."""
    docker = Docker(path)
    with _Server(str(path), _Answer) as server:
        server.docker = docker
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield docker
        finally:
            server.shutdown()
            thread.join()
