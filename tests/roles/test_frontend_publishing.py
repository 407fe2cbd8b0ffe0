# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Front ends of every protocol, of services that are published in every way; a second run changes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.simulator.certificates import pem

from .docker_api import Docker, listening, published, service, task
from .fronts import Play, members, names, netscaler, reads, roles, written

if TYPE_CHECKING:
    from nitrox.simulator.testing import Simulator

MESH = published(8080, 30080, "ingress")
DNS = [published(53, 5353, protocol="udp"), published(53, 5354)]
SHOP: dict[str, Any] = {
    "swarm_frontend_name": "shop",
    "swarm_frontend_services": {
        "web": {"service": "shop_web", "port": 8080},
        "api": {"service": "shop_api", "port": 9000, "members": "tasks", "network": "front"},
    },
    "swarm_frontend_frontend": {
        "address": "203.0.113.10", "protocol": "HTTPS", "redirect": True, "method": "LEASTCONNECTION",
        "persistence": {"type": "cookie", "name": "SHOP", "timeout": 20},
        "health_check": {"path": "/health", "codes": [200, 204], "interval": 5},
        "backends": {"api": {"method": "ROUNDROBIN"}, "old": {"members": ["198.51.100.99:80"]}},
        "routes": [{"path": "/api", "backend": "api"}, {"path": "/old", "backend": "old"}],
        "default": "web",
    },
}  # fmt: skip
NAMES = {
    "swarm_frontend_name": "names", "swarm_frontend_service": "dns", "swarm_frontend_port": 53,
    "swarm_frontend_frontend": {"address": "203.0.113.11", "protocol": "DNS", "port": 53},
}  # fmt: skip
QUEUE = {
    "swarm_frontend_service": "queue", "swarm_frontend_port": 5672,
    "swarm_frontend_members": "tasks", "swarm_frontend_network": "host",
    "swarm_frontend_frontend": {"address": "203.0.113.12", "protocol": "TCP", "port": 5672, "health_check": {"type": "tcp"}},
}  # fmt: skip


@pytest.fixture
def docker(tmp_path: Path) -> Iterator[Docker]:
    """A shop behind the routing mesh, its interface on an overlay, a global name server, a queue on the nodes' network."""
    with listening(tmp_path / "socket") as engine:
        ports: dict[str, Any] = {"shop_web": [MESH], "shop_api": [], "dns": DNS, "queue": []}
        engine.services = [service(name, given, **({"Global": {}} if name == "dns" else {})) for name, given in ports.items()]
        engine.tasks = [
            task(1, "id1", of="shop_web", ports=[MESH]),
            task(2, "id3", of="shop_api", ports=[], networks={"front": "10.0.1.5/24"}),
            *(task(2 + number, f"id{number}", of="dns", ports=DNS) for number in (1, 2, 3)),
            task(6, "id2", of="queue", ports=[], networks={"host": ""}),
        ]  # fmt: skip
        yield engine


def test_services_of_every_kind_are_front_ends_of_every_protocol(play_here: Play, simulator: Simulator, docker: Docker) -> None:
    words = {name: pem(what).decode() for name, what in (("cert", "leaf-cert"), ("key", "leaf-key"), ("chain", "ca-cert"))}
    frontend = {**SHOP["swarm_frontend_frontend"], "certificate": words}
    play = roles({**SHOP, "swarm_frontend_frontend": frontend}, NAMES, QUEUE)
    machines = {"netscalers": netscaler(simulator, swarm_frontend_docker=docker.url)}
    play_here(play, hosts=machines).some()
    assert members(simulator, "shop-web") == {f"198.51.100.{number}:30080" for number in (1, 2, 3)}
    assert members(simulator, "shop-api") == {"10.0.1.5:9000"}
    assert members(simulator, "shop-old") == {"198.51.100.99:80"}
    assert members(simulator, "names-dns") == {f"198.51.100.{number}:5353" for number in (1, 2, 3)}
    assert members(simulator, "queue-queue") == {"198.51.100.2:5672"}
    assert {"shop", "shop-redirect", "shop-web", "shop-api", "names", "queue"} <= names(simulator, "lbvserver") | names(
        simulator, "csvserver"
    )
    assert "shop" in names(simulator, "sslcertkey")
    assert {"/health"} == {
        row["httprequest"].split()[1] for row in simulator.state()["lbmonitor"] if "health" in str(row.get("httprequest"))
    }
    writes, before, asked = written(simulator), sum(reads(simulator).values()), len(docker.asked)
    play_here(play, hosts=machines).nothing()
    assert docker.asked[asked:].count("nodes") == 3
    assert written(simulator) == writes
    assert sum(reads(simulator).values()) - before == 31
