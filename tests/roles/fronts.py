# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Plays of the role swarm_frontend, and what they left on the simulated NetScaler."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from .conftest import Played

if TYPE_CHECKING:
    from nitrox.simulator.testing import Simulator

Play = Callable[..., Played]
HERE = {"ansible_connection": "local", "ansible_python_interpreter": sys.executable}
HTTP = {"address": "203.0.113.10", "protocol": "HTTP", "port": 80}
WEB = {"swarm_frontend_service": "web", "swarm_frontend_port": 80, "swarm_frontend_frontend": HTTP}
WRITES = ("POST", "PUT", "DELETE")


def netscaler(simulator: Simulator, **more: Any) -> dict[str, Any]:
    """A NetScaler of the inventory, which asks Docker itself and but once."""
    login = {"netscaler_url": simulator.url, "netscaler_username": "nsroot", "netscaler_password": "nsroot"}
    return {**HERE, **login, "swarm_frontend_retries": 0, "swarm_frontend_manager": "{{ inventory_hostname }}", **more}


def roles(*several: dict[str, Any]) -> list[dict[str, Any]]:
    """A play that runs the role once for each of the sets of variables."""
    listed = [{"role": "nitrox.netscaler.swarm_frontend", **one} for one in several]
    return [{"hosts": "netscalers", "gather_facts": False, "roles": listed}]


def members(simulator: Simulator, group: str = "web-web") -> set[str]:
    rows = simulator.state().get("servicegroup_servicegroupmember_binding", [])
    return {f"{one['ip']}:{one['port']}" for one in rows if one["servicegroupname"] == group}


def names(simulator: Simulator, kind: str) -> set[str]:
    key = {"servicegroup": "servicegroupname", "lbmonitor": "monitorname", "sslcertkey": "certkey"}.get(kind, "name")
    return {str(one[key]) for one in simulator.state().get(kind, [])}


def written(simulator: Simulator) -> int:
    """Requests that change something; a login is none."""
    sent = simulator.counters()["requests"]
    return sum(count for method in WRITES for kind, count in sent.get(method, {}).items() if kind not in ("login", "logout"))


def told(played: Played) -> str:
    """Why a play was refused."""
    assert played.code != 0, played.output[-3000:]
    assert set(played.changed.values()) == {0}
    return " ".join(played.output.split())


def reads(simulator: Simulator) -> dict[str, int]:
    return dict(simulator.counters()["requests"].get("GET", {}))
