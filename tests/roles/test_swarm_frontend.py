# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""The role swarm_frontend from its first member to its end, against a stub of the Docker API and the simulated NetScaler."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from .conftest import Played
from .docker_api import NO_MANAGER, Docker, Raw, listening, service, task
from .fronts import HERE, HTTP, WEB, Play, members, names, netscaler, reads, roles, told, written

if TYPE_CHECKING:
    from nitrox.simulator.testing import Simulator


@pytest.fixture
def docker(tmp_path: Path) -> Iterator[Docker]:
    """Two tasks on two nodes of three."""
    with listening(tmp_path / "socket") as engine:
        yield engine


@pytest.fixture
def fronts(play_here: Play, simulator: Simulator, docker: Docker) -> Play:
    """Run the role once for each of the sets of variables: ``fronts(*sets, options=(…), hosts={…})``."""

    def run(*several: dict[str, Any], options: tuple[str, ...] = (), hosts: dict[str, Any] | None = None) -> Played:
        machines = {"netscalers": netscaler(simulator, swarm_frontend_docker=docker.url), **(hosts or {})}
        return play_here(roles(*several), *options, hosts=machines)

    return run


@pytest.fixture
def front(fronts: Play) -> Play:
    """The front end of the service web: ``front(*options, **variables)``."""

    def run(*options: str, **more: Any) -> Played:
        return fronts({**WEB, **more}, options=options)

    return run


def test_members_are_the_nodes_that_run_tasks(front: Play, simulator: Simulator, docker: Docker) -> None:
    front("--check").some()
    assert written(simulator) == 0
    front().some()
    assert members(simulator) == {"198.51.100.1:8081", "198.51.100.2:8081"}
    before, writes, asked = reads(simulator), written(simulator), len(docker.asked)
    front().nothing()
    assert docker.asked[asked:] == ["services", "tasks", "nodes"]
    assert written(simulator) == writes
    kinds = {kind for kind, count in reads(simulator).items() if count - before.get(kind, 0) == 1}
    bindings = {"lbvserver_servicegroup_binding", "servicegroup_servicegroupmember_binding", "policystringmap_pattern_binding"}
    assert kinds == {"lbvserver", "servicegroup", "nsfeature", *bindings}
    assert sum(reads(simulator).values()) - sum(before.values()) == len(kinds)


def test_a_task_that_moved_takes_its_member_along(front: Play, simulator: Simulator, docker: Docker) -> None:
    front().some()
    writes = written(simulator)
    docker.tasks = [task(1, "id1", desired="shutdown"), task(2, "id2"), task(3, "id3")]
    front("--check").some()
    assert written(simulator) == writes
    front().some()
    assert members(simulator) == {"198.51.100.2:8081", "198.51.100.3:8081"}
    assert written(simulator) - writes == 4  # the owner's lease is taken, bound, unbound, the lease is given back


def test_the_last_members_stay_until_somebody_says_otherwise(front: Play, simulator: Simulator, docker: Docker) -> None:
    front().some()
    docker.tasks = []
    assert "no running task serves port 80/tcp" in told(front())
    assert len(members(simulator)) == 2
    docker.services[0]["Spec"]["Mode"]["Replicated"]["Replicas"] = 0
    front().some()
    assert members(simulator) == set()


def test_a_service_that_is_gone_changes_nothing_until_its_front_end_is_to_be_absent(
    fronts: Play, front: Play, simulator: Simulator, docker: Docker
) -> None:
    docker.services.append(service("docs"))
    docker.tasks.append(task(9, "id3", of="docs"))
    docs = {"swarm_frontend_service": "docs", "swarm_frontend_port": 80, "swarm_frontend_frontend": {**HTTP, "port": 81}}
    web = {**WEB, "swarm_frontend_frontend": {**HTTP, "health_check": {"path": "/"}}}
    untouched = {kind: names(simulator, kind) for kind in ("lbmonitor", "policystringmap")}
    fronts(web, docs).some()
    del docker.services[0]
    assert "service web: the swarm has none of this name; swarm_frontend_state absent" in told(fronts(web))
    assert len(members(simulator)) == 2
    gone = {"swarm_frontend_state": "absent", "swarm_frontend_service": "web"}
    writes, asked = written(simulator), len(docker.asked)
    fronts(gone, options=("--check",)).some()
    assert written(simulator) == writes
    fronts(gone).some()
    assert {kind: names(simulator, kind) for kind in ("lbvserver", "servicegroup")} == {
        "lbvserver": {"docs"},
        "servicegroup": {"docs-docs"},
    }
    assert names(simulator, "lbmonitor") == untouched["lbmonitor"]
    assert names(simulator, "policystringmap") - untouched["policystringmap"] == {
        "nitrox_owner_swarm_web",
        "nitrox_owner_swarm_docs",
    }
    fronts(gone).nothing()
    assert len(docker.asked) == asked


def test_several_managers_are_asked_until_one_has_told(
    fronts: Play, simulator: Simulator, docker: Docker, tmp_path: Path
) -> None:
    wanted = {**WEB, "swarm_frontend_managers": ["lost", "manager"]}
    hosts = {"lost": {"ansible_host": "127.0.0.1", "ansible_port": 1}, "manager": HERE}
    with listening(tmp_path / "worker") as worker:
        worker.instead = dict.fromkeys(("services", "tasks", "nodes"), Raw(503, json.dumps({"message": NO_MANAGER})))
        engines = [f"unix://{tmp_path}/none", worker.url, docker.url]
        fronts({**wanted, "swarm_frontend_docker": engines}, hosts=hosts).some()
        assert len(members(simulator)) == 2
        assert worker.asked == ["services"]
        assert docker.asked == ["services", "tasks", "nodes"]
        refused = told(fronts({**wanted, "swarm_frontend_docker": engines[:2]}, hosts=hosts))
    assert "This node is not a swarm manager" in refused
    assert "No such file" in refused
    assert "port 1: Connection refused" in refused
    assert len(members(simulator)) == 2


def test_a_moment_without_a_leader_is_waited_for(front: Play, simulator: Simulator, docker: Docker) -> None:
    docker.instead = {"tasks": Raw(500, '{"message": "The swarm does not have a leader."}', once=True)}
    front(swarm_frontend_retries=1, swarm_frontend_delay=0).some()
    assert docker.asked == ["services", "tasks", "tasks", "nodes"]
    assert len(members(simulator)) == 2


def test_a_front_end_that_is_not_told_enough_is_refused(fronts: Play, simulator: Simulator, docker: Docker) -> None:
    assert "swarm_frontend_frontend is needed" in told(fronts({"swarm_frontend_service": "web", "swarm_frontend_port": 80}))
    assert written(simulator) == len(docker.asked) == 0


def test_members_that_leave_finish_their_connections(front: Play, simulator: Simulator, docker: Docker) -> None:
    front().some()
    assert simulator.connect("web", 4, seconds=2) == 4
    docker.tasks = [task(1, "id1")]
    front(swarm_frontend_drain=30).some()
    assert members(simulator) == {"198.51.100.1:8081"}
    assert simulator.connections("web")["dropped"] == 0
    assert simulator.connect("web", 2) == 2
    docker.services.clear()
    front(swarm_frontend_state="absent").some()
    assert simulator.connections("web")["dropped"] == 2  # without a drain they are cut


def test_what_somebody_else_made_is_taken_over_only_when_told_so(front: Play, simulator: Simulator) -> None:
    theirs = {"servicegroupname": "web-web", "servicetype": "HTTP", "comment": "by hand"}
    simulator.control("POST", "mutate", {"kind": "servicegroup", "add": theirs})
    assert "frontends.web.backends.web: exists, and swarm_web did not make it" in told(front())
    assert (written(simulator), members(simulator)) == (0, set())
    front(swarm_frontend_adopt=True).some()
    assert len(members(simulator)) == 2
    front().nothing()
    front(swarm_frontend_state="absent").some()
    assert names(simulator, "servicegroup") == set()
