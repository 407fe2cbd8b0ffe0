# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Run the roles with ansible-playbook: on three real nodes, or against a stub of the Docker API."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

pytest.importorskip("ansible", reason="the ansible extra is not installed")

from nitrox.nodes.image import image, unavailable
from tests.nodes.network import Network, network

TOP = Path(__file__).parents[2]
ADDRESSES = {"n1": "10.231.0.11", "n2": "10.231.0.12", "n3": "10.231.0.13"}
RECAP = re.compile(r"^(\S+)\s+: ok=(\d+)\s+changed=(\d+)\s+unreachable=(\d+)\s+failed=(\d+)", re.MULTILINE)


@dataclass(frozen=True)
class Played:
    """What ansible-playbook said, and its count of changes by host."""

    code: int
    output: str

    @property
    def changed(self) -> dict[str, int]:
        return {host: int(count) for host, _, count, _, _ in RECAP.findall(self.output)}

    def well(self) -> Played:
        assert self.code == 0, self.output[-3000:]
        return self

    def nothing(self) -> Played:
        """It went well and changed nothing."""
        assert set(self.well().changed.values()) == {0}, self.output[-3000:]
        return self

    def some(self) -> Played:
        """It went well and changed something."""
        assert any(self.well().changed.values()), self.output[-3000:]
        return self


def settings(folder: Path) -> dict[str, str]:
    """Environment of a run with nothing of the user's own configuration.

    Connections that ssh keeps open are of this run only: the nodes of another one have the same addresses.
    """
    return {
        "ANSIBLE_SSH_CONTROL_PATH_DIR": str(folder / "cp"),
        "ANSIBLE_COLLECTIONS_PATH": str(TOP), "ANSIBLE_HOME": str(folder / "home"), "ANSIBLE_NOCOLOR": "1",
        "ANSIBLE_LOCALHOST_WARNING": "false", "ANSIBLE_HOST_KEY_CHECKING": "false", "ANSIBLE_PIPELINING": "true",
        "ANSIBLE_DISPLAY_SKIPPED_HOSTS": "false",
    }  # fmt: skip


def write(folder: Path, inventory: Any, play: Any) -> list[str]:
    (folder / "inventory.yml").write_text(yaml.safe_dump(inventory), encoding="utf-8")
    (folder / "play.yml").write_text(yaml.safe_dump(play), encoding="utf-8")
    return [sys.executable, "-m", "ansible", "playbook", "-i", "inventory.yml", "play.yml"]


@pytest.fixture
def play_here(tmp_path: Path) -> Callable[..., Played]:
    """Run a play on this machine: ``play_here(play, *options, hosts={…})``."""

    def run(play: Any, *options: str, hosts: dict[str, Any]) -> Played:
        command = write(tmp_path, {"all": {"hosts": hosts}}, play)
        environment = {**os.environ, **settings(tmp_path)}
        done = subprocess.run([*command, *options], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
        return Played(done.returncode, done.stdout + done.stderr)

    return run


def role(name: str, hosts: str = "n1,n2,n3", **variables: Any) -> list[dict[str, Any]]:
    """A play of one role."""
    return [{"hosts": hosts, "gather_facts": False, "roles": [{"role": f"nitrox.netscaler.{name}", **variables}]}]


@dataclass(frozen=True)
class Ground:
    """Real nodes, a simulated NetScaler beside their controller, and plays that run from there."""

    net: Network
    folder: Path
    netscaler: str

    def play(self, play: Any, *options: str, **variables: Any) -> Played:
        """Run a play; ``variables`` are by host: ``n1={…}``."""
        ssh = {
            "ansible_user": "root", "ansible_python_interpreter": "/usr/bin/python3",
            "ansible_ssh_common_args": " ".join(self.net.ssh_options),
        }  # fmt: skip
        hosts = {name: {"ansible_host": node.address, **ssh, **variables.get(name, {})} for name, node in self.net.nodes.items()}
        login = {"netscaler_url": self.netscaler, "netscaler_username": "nsroot", "netscaler_password": "nsroot"}
        hosts["netscaler1"] = {"ansible_connection": "local", "ansible_python_interpreter": sys.executable, **login}
        command = write(self.folder, {"all": {"hosts": hosts}, "swarm_managers": {"hosts": {"n1": {}}}}, play)
        return self.run([*command, *options], settings(self.folder))

    def shipped(self, playbook: str, inventory: str, *options: str) -> Played:
        """Run a playbook of `playbooks/` as it is; how to log in is told from outside, files go to a home of the test's own."""
        (self.folder / "shipped.yml").write_text(inventory, encoding="utf-8")
        login = {
            "ANSIBLE_SSH_COMMON_ARGS": " ".join(self.net.ssh_options),
            "NETSCALER_PASSWORD": "nsroot",
            "HOME": str(self.folder),
        }
        command = [sys.executable, "-m", "ansible", "playbook", "-i", "shipped.yml", str(TOP / "playbooks" / playbook)]
        return self.run([*command, *options], {**settings(self.folder), **login})

    def example(self) -> str:
        """The inventory of a swarm that is shipped, with no more than its addresses exchanged."""
        text = (TOP / "playbooks/swarm/inventory.yml").read_text(encoding="utf-8")
        nodes = {"192.0.2.11": ADDRESSES["n1"], "192.0.2.21": ADDRESSES["n2"], "192.0.2.22": ADDRESSES["n3"]}
        for old, new in {**nodes, "https://192.0.2.2": self.netscaler}.items():
            assert text.count(old) == 1
            text = text.replace(old, new)
        return text

    def run(self, command: list[str], environment: dict[str, str]) -> Played:
        done = self.net.run(command, folder=self.folder, environment=environment)
        return Played(done.returncode, done.stdout + done.stderr)

    def each(self, command: str) -> dict[str, str]:
        """What a shell command prints on each node."""
        return {name: machine.shell(command).strip() for name, machine in self.net.nodes.items()}

    def by_tls(self) -> list[str]:
        """Options with which the role swarm_frontend asks the engine of n1 from here, with the certificate of docker_host."""
        folder = str(self.folder / ".docker/nitrox")
        how = {"managers": ["netscaler1"], "docker": "tcp://10.231.0.11:2376", "certificates": folder}
        return ["-e", json.dumps({f"swarm_frontend_{name}": value for name, value in how.items()})]

    def get(self, url: str) -> str:
        """What a client of the nodes' network is answered."""
        return self.net.run(
            [
                sys.executable,
                "-c",
                "import sys, urllib.request as r; print(r.urlopen(sys.argv[1], timeout=5).read().decode())",
                url,
            ]
        ).stdout


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    """Three nodes in a network of their own, and the simulator."""
    if reason := unavailable():
        pytest.skip(reason)
    image()
    folder = tmp_path_factory.mktemp("roles")
    with network() as net:
        net.start("simulator", [sys.executable, "-m", "nitrox.cli", "simulate", "--port", "8080"], ready="http://")
        net.boot_all(ADDRESSES)
        yield Ground(net, folder, "http://127.0.0.1:8080")
