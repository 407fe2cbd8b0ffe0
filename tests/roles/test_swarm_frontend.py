# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Which members a service of a swarm gives its front end, against a stub of the Docker API on a socket."""

from __future__ import annotations

import json
import socketserver
import sys
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from .conftest import Played

if TYPE_CHECKING:
    from nitrox.simulator.testing import Simulator

Play = Callable[..., Played]


class Docker(socketserver.ThreadingUnixStreamServer):
    """Answers three lists; a missing one is 404."""

    daemon_threads = True
    answers: dict[str, Any]


class Answer(BaseHTTPRequestHandler):
    server: Docker

    def do_GET(self) -> None:
        found = self.server.answers.get(self.path.split("/")[1].split("?")[0])
        body = json.dumps(found if found is not None else {"message": "no such service"}).encode()
        self.send_response(200 if found is not None else 404)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def address_string(self) -> str:
        return "socket"

    def log_message(self, *args: Any) -> None:
        """Quiet."""


def task(node: str, desired: str = "running", state: str = "running") -> dict[str, Any]:
    port = {"TargetPort": 80, "PublishedPort": 8081, "PublishMode": "host", "Protocol": "tcp"}
    status = {"State": state, "PortStatus": {"Ports": [port, dict(port)]}}  # the engine lists IPv4 and IPv6
    return {"NodeID": node, "DesiredState": desired, "Status": status}


def machine(number: int, state: str = "ready") -> dict[str, Any]:
    return {"ID": f"id{number}", "Status": {"State": state, "Addr": f"198.51.100.{number}"}}


@pytest.fixture
def docker(tmp_path: Path) -> Iterator[Docker]:
    """Two tasks on two nodes of three."""
    with Docker(str(tmp_path / "socket"), Answer) as server:
        service = {"Spec": {"Mode": {"Replicated": {"Replicas": 2}}}}
        server.answers = {"services": service, "tasks": [task("id1"), task("id2")], "nodes": [machine(n) for n in (1, 2, 3)]}
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def front(play_here: Play, simulator: Simulator, docker: Docker) -> Play:
    """Run the role once: ``front(*options, **variables)``."""

    def run(*options: str, **more: Any) -> Played:
        frontend = {"address": "203.0.113.10", "protocol": "HTTP", "port": 80}
        wanted = {
            "swarm_frontend_service": "web",
            "swarm_frontend_port": 80,
            "swarm_frontend_frontend": frontend,
            "swarm_frontend_docker": f"unix://{docker.server_address!s}",
            "swarm_frontend_manager": "netscaler1",
        }
        login = {"netscaler_url": simulator.url, "netscaler_username": "nsroot", "netscaler_password": "nsroot"}
        host = {"ansible_connection": "local", "ansible_python_interpreter": sys.executable, **login}
        roles = [{"role": "nitrox.netscaler.swarm_frontend", **wanted, **more}]
        return play_here([{"hosts": "all", "gather_facts": False, "roles": roles}], *options, hosts={"netscaler1": host})

    return run


def members(simulator: Simulator) -> set[str]:
    import requests

    url = f"{simulator.url}/nitro/v1/config/servicegroup_servicegroupmember_binding/web-web"
    found = requests.get(url, headers={"X-NITRO-USER": "nsroot", "X-NITRO-PASS": "nsroot"}, timeout=10).json()
    return {f"{one['ip']}:{one['port']}" for one in found.get("servicegroup_servicegroupmember_binding", [])}


def test_members_are_the_nodes_that_run_tasks(front: Play, simulator: Simulator, docker: Docker) -> None:
    front("--check").some()
    assert members(simulator) == set()
    front().some()
    assert members(simulator) == {"198.51.100.1:8081", "198.51.100.2:8081"}
    front().nothing()


def test_what_ends_is_lost_or_is_not_placed_is_no_member(front: Play, simulator: Simulator, docker: Docker) -> None:
    unplaced = {"DesiredState": "running", "Status": {"State": "pending"}}
    docker.answers["tasks"] = [task("id1"), task("id2"), task("id3", desired="shutdown"), task("id3", state="starting"), unplaced]
    docker.answers["nodes"] = [machine(1), machine(2, "down"), machine(3)]
    front().some()
    assert members(simulator) == {"198.51.100.1:8081"}


def test_the_last_members_stay_until_somebody_says_otherwise(front: Play, simulator: Simulator, docker: Docker) -> None:
    front().some()
    docker.answers["tasks"] = []
    refused = front()
    assert refused.code != 0
    assert "no running task serves port 80" in " ".join(refused.output.split())
    assert len(members(simulator)) == 2
    docker.answers["services"]["Spec"]["Mode"]["Replicated"]["Replicas"] = 0
    front().some()
    assert members(simulator) == set()


def test_a_service_that_is_not_there_changes_nothing(front: Play, simulator: Simulator, docker: Docker) -> None:
    front().some()
    del docker.answers["services"]
    refused = front()
    assert refused.code != 0
    assert "the swarm has none of this name" in refused.output
    assert len(members(simulator)) == 2
