# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""How the cluster roles join, and when they refuse to go on: against a stub of Docker's command and of its socket."""

from __future__ import annotations

import json
import os
import socketserver
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest
import yaml

from .conftest import TOP, Played

ROLES = TOP / "ansible_collections/nitrox/netscaler/roles"
HERE = {"ansible_connection": "local", "ansible_python_interpreter": sys.executable}
TOKEN = "SWMTKN-1-5ecret-a1b2"
Play = Callable[..., Played]


class Docker(socketserver.ThreadingUnixStreamServer):
    """Answers each join with the next of ``answers``, a status and a message; None is no answer at all."""

    daemon_threads = True
    answers: list[tuple[int, str] | None]
    asked: list[Any]


class Answer(BaseHTTPRequestHandler):
    server: Docker

    def do_POST(self) -> None:
        self.server.asked.append((self.path, json.loads(self.rfile.read(int(self.headers["Content-Length"])))))
        if (answer := self.server.answers.pop(0)) is None:
            return
        body = json.dumps({"message": answer[1]}).encode()
        self.send_response(answer[0])
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def address_string(self) -> str:
        return "socket"

    def log_message(self, *args: Any) -> None:
        """Quiet."""


@pytest.fixture
def docker(tmp_path: Path) -> Iterator[Docker]:
    with Docker(str(tmp_path / "socket"), Answer) as server:
        server.answers, server.asked = [], []
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def command(tmp_path: Path) -> Callable[[str], dict[str, str]]:
    """``command(script)``: an environment in which ``docker`` is this shell script."""

    def make(script: str) -> dict[str, str]:
        (tmp_path / "bin").mkdir()
        stub = tmp_path / "bin/docker"
        stub.write_text(f"#!/bin/bash\n{script}\n", encoding="utf-8")
        stub.chmod(0o755)
        return {"PATH": f"{tmp_path / 'bin'}:{os.environ['PATH']}"}

    return make


@pytest.fixture
def join(play_here: Play, docker: Docker, command: Callable[[str], dict[str, str]]) -> Callable[..., Played]:
    """Let a worker at fd00::2 join the swarm of the manager at 192.0.2.1."""
    environment = command(f"echo {TOKEN}")

    def run(*options: str) -> Played:
        facts = {"docker_swarm_at": "192.0.2.1:2377", "docker_swarm_controls": True, "docker_swarm_node": "id1"}
        include = {"name": "nitrox.netscaler.docker_swarm", "tasks_from": "join.yml"}
        play = {
            "hosts": "two",
            "gather_facts": False,
            "environment": environment,
            "tasks": [{"ansible.builtin.include_role": include}],
        }
        more = {"docker_swarm_socket": docker.server_address, "docker_swarm_managers": ["one"]}
        hosts = {"one": {**HERE, **facts}, "two": {**HERE, "docker_swarm_address": "fd00::2"}}
        return play_here([play], "-e", json.dumps(more), *options, hosts=hosts)

    return run


def test_docker_is_told_by_its_socket(join: Play, docker: Docker) -> None:
    docker.answers = [(200, "")]
    assert TOKEN not in join("-vvv").some().output
    asked = {
        "AdvertiseAddr": "fd00::2",
        "ListenAddr": "[fd00::2]:2377",
        "RemoteAddrs": ["192.0.2.1:2377"],
        "JoinToken": TOKEN,
    }
    assert docker.asked == [("/swarm/join", asked)]


def test_a_dry_run_predicts_the_join(join: Play, docker: Docker) -> None:
    join("--check").some()
    assert docker.asked == []


def test_an_answer_that_was_lost_is_asked_for_again(join: Play, docker: Docker) -> None:
    docker.answers = [None, (503, "This node is already part of a swarm. Use leave to leave it and join another one.")]
    join().some()
    assert len(docker.asked) == 2


def test_a_refusal_is_told_without_the_token_and_not_asked_for_again(join: Play, docker: Docker) -> None:
    docker.answers = [(400, f"invalid join token {TOKEN}")]
    refused = join("-vvv")
    assert refused.code == 2
    assert "Docker on two does not join one: invalid join token TOKEN" in " ".join(refused.output.split())
    assert TOKEN not in refused.output
    assert len(docker.asked) == 1


def task(role: str, file: str, name: str) -> dict[str, Any]:
    found: list[dict[str, Any]] = yaml.safe_load((ROLES / role / "tasks" / file).read_text(encoding="utf-8"))
    return next(one for one in found if one["name"] == name)


@pytest.mark.parametrize(("days", "renewed", "accepted"), [(825, 30, True), (30, 30, False)])
def test_a_new_certificate_is_not_old_at_once(play_here: Play, days: int, renewed: int, accepted: bool) -> None:
    refuse = task("docker_host", "main.yml", "Refuse certificates that are old when they are made")
    variables = {"docker_host_days": days, "docker_host_renew_days": renewed}
    played = play_here([{"hosts": "all", "gather_facts": False, "vars": variables, "tasks": [refuse]}], hosts={"one": HERE})
    assert (played.code == 0) == accepted, played.output
    assert accepted or "docker_host_renew_days (30) must be less than docker_host_days (30)" in " ".join(played.output.split())


@pytest.mark.parametrize(("days", "accepted"), [(29, False), (31, True)])
def test_an_authority_that_ends_soon_is_not_used(play_here: Play, tmp_path: Path, days: int, accepted: bool) -> None:
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=ours", "-days", str(days)]
    subprocess.run([*made, "-keyout", "ca-key.pem", "-out", "ca.pem"], cwd=tmp_path, capture_output=True, check=True)
    before = (tmp_path / "ca.pem").read_bytes()
    include = {"name": "nitrox.netscaler.docker_host", "tasks_from": "authority.yml"}
    variables = {"docker_host_certificates": str(tmp_path)}
    play = {"hosts": "all", "gather_facts": False, "vars": variables, "tasks": [{"ansible.builtin.include_role": include}]}
    played = play_here([play], hosts={"one": HERE})
    assert (played.code == 0) == accepted, played.output
    assert accepted or f"The authority in {tmp_path} ends within 30 days" in " ".join(played.output.split())
    assert ((tmp_path / "ca.pem").read_bytes(), (tmp_path / "cert.pem").exists()) == (before, accepted)


@pytest.mark.parametrize(
    ("managers", "goes"),
    [
        pytest.param([], True, id="a worker is no loss"),
        pytest.param(["true Leader"], True, id="the only manager can have no deputy"),
        pytest.param(["true Leader", "false Unreachable"], True, id="two have no majority without one anyway"),
        pytest.param(["true Leader", "false Reachable", "false Reachable"], True, id="two of three stay"),
        pytest.param(["true Reachable", "false Leader", "false Unreachable"], False, id="one of three would stay"),
        pytest.param(["true Leader", *["false Reachable"] * 3, "false Unreachable"], True, id="three of five stay"),
        pytest.param(["Error response from daemon: The swarm does not have a leader."], False, id="no majority is there"),
    ],
)
def test_an_engine_waits_for_the_majority(
    play_here: Play, command: Callable[[str], dict[str, str]], managers: list[str], goes: bool
) -> None:
    listed = "\n".join(managers)
    script = f"[[ $1 == info ]] && echo {str(bool(managers)).lower()} || cat <<END\n{listed}\nEND"
    names = ["Wait until the swarm can do without it", "Refuse to take the swarm's majority away"]
    play = {"hosts": "all", "gather_facts": False, "environment": command(script), "vars": {"docker_host_wait_seconds": 1}}
    played = play_here([{**play, "tasks": [task("docker_host", "restart.yml", name) for name in names]}], hosts={"one": HERE})
    assert (played.code == 0) == goes, played.output
    assert goes or "would have no majority of its managers" in " ".join(played.output.split())


def test_who_leaves_by_a_variable_of_the_play_speaks_for_nobody(
    play_here: Play, command: Callable[[str], dict[str, str]]
) -> None:
    """The swarm's first manager leaves: what the second one does for it shows that it knows."""
    said = {"LocalNodeState": "active", "ControlAvailable": True, "NodeID": "id", "Cluster": {"ID": "c"}}
    environment = command(f"if [[ $1 == info ]]; then echo '{json.dumps(said)}'; fi")
    state = "{{ (inventory_hostname == 'one') | ternary('absent', 'present') }}"
    variables = {"docker_swarm_managers": ["one", "two"], "docker_swarm_state": state}
    play = {
        "hosts": "all",
        "gather_facts": False,
        "environment": environment,
        "vars": variables,
        "roles": ["nitrox.netscaler.docker_swarm"],
    }
    played = play_here([play], "--check", hosts={"one": HERE, "two": HERE})
    assert "changed: [one -> two]" in played.output
    assert "is the last manager" not in played.output


@pytest.mark.parametrize(
    ("old", "wanted", "accepted"),
    [
        ([], 3, True),
        ([1], 1, True),
        ([1], 2, False),
        ([1], 3, False),
        ([1, 2], 3, True),
        ([1, 2, 3], 5, True),
        ([1, 2, 3], 6, False),
    ],
)
def test_new_members_of_an_ensemble_are_fewer_than_old_ones(play_here: Play, old: list[int], wanted: int, accepted: bool) -> None:
    ensemble = {f"m{number}": number for number in range(1, wanted + 1)}
    hosts = {
        name: {**HERE, "zookeeper_served": number in old, "zookeeper_knows": old if number in old else []}
        for name, number in ensemble.items()
    }
    play = {"hosts": "all", "gather_facts": False, "vars": {"zookeeper_ensemble": ensemble}}
    refuse = task("zookeeper", "main.yml", "Refuse more new members than old ones can take in")
    played = play_here([{**play, "tasks": [refuse]}], hosts=hosts)
    assert (played.code == 0) == accepted, played.output
    assert accepted or "could begin an empty ensemble of their own" in " ".join(played.output.split())
