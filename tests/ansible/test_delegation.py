# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Delegated tasks are really shipped: to a Python that has neither this checkout nor more than ``requests``, also over ssh."""

from __future__ import annotations

import getpass
import importlib.util
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from .conftest import Played

if TYPE_CHECKING:
    from nitrox.simulator.testing import Simulator

Play = Callable[..., Played]
LIBRARIES = ("requests", "urllib3", "idna", "certifi", "charset_normalizer")
GROUP = {"servicegroupname": "web", "servicetype": "HTTP"}
SHOP = {
    "frontends": {
        "shop": {
            "address": "203.0.113.10",
            "port": 80,
            "health_check": {"path": "/health"},
            "backends": {"web": {"members": ["198.51.100.11:8080"]}},
        }
    }
}


def foreign_python(folder: Path, *libraries: str) -> str:
    """An interpreter that finds the standard library and these libraries, and nothing else."""
    packages = folder / "packages"
    packages.mkdir(parents=True)
    for name in libraries:
        spec = importlib.util.find_spec(name)
        assert spec is not None
        assert spec.origin is not None
        (packages / name).symlink_to(Path(spec.origin).parent)
    python = folder / "python3"
    python.write_text(f'#!/bin/sh\nPYTHONPATH={packages} exec {sys.executable} -S "$@"\n', encoding="utf-8")
    python.chmod(0o755)
    return str(python)


@pytest.fixture
def bastion(tmp_path: Path) -> dict[str, Any]:
    """A host with ``requests`` and without the collection."""
    return {"ansible_connection": "local", "ansible_python_interpreter": foreign_python(tmp_path / "bastion", *LIBRARIES)}


def test_the_foreign_python_does_not_have_the_collection(tmp_path: Path) -> None:
    python = foreign_python(tmp_path / "bastion", *LIBRARIES)
    code = "import requests, importlib.util as u; print(u.find_spec('ansible_collections'), u.find_spec('ansible'))"
    shown = subprocess.run([python, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "None None"


def test_a_typed_module_and_a_document_with_an_owner_are_shipped(
    play: Play, bastion: dict[str, Any], simulator: Simulator
) -> None:
    members = {"servicegroupmember": [{"ip": "198.51.100.11", "port": 80}]}
    tasks: list[dict[str, Any]] = [
        {"nitrox.netscaler.servicegroup": {**GROUP, "bindings": members}, "delegate_to": "bastion"},
        {"nitrox.netscaler.config": {"document": SHOP, "owner": "shop"}, "delegate_to": "bastion", "check_mode": True},
        {"nitrox.netscaler.config": {"document": SHOP, "owner": "shop"}, "delegate_to": "bastion"},
        {"nitrox.netscaler.config": {"document": SHOP, "owner": "shop"}},
        {"nitrox.netscaler.config_info": {"kinds": ["lbvserver"]}, "delegate_to": "bastion"},
    ]
    played = play(tasks, hosts={"bastion": bastion})
    assert played.code == 0, played.output
    assert played.changed == [True, True, True, False, False]
    assert played.results[1]["plan"] == played.results[2]["plan"]
    assert [row["name"] for row in played.last["objects"]["lbvserver"]] == ["shop"]
    assert simulator.count("POST", "servicegroup") == 2
    assert "catalogue" not in played.last["invocation"]["module_args"]


def test_a_file_is_read_on_the_controller(play: Play, bastion: dict[str, Any], tmp_path: Path) -> None:
    (tmp_path / "files").mkdir()
    (tmp_path / "files/one.yml").write_text("server:\n  one: {ipaddress: 198.51.100.1}\n", encoding="utf-8")
    task = {"nitrox.netscaler.config": {"src": "one.yml"}}
    played = play([{**task, "delegate_to": "bastion"}, task], hosts={"bastion": bastion})
    assert played.code == 0, played.output
    assert played.changed == [True, False]


def test_a_host_without_requests_says_what_is_missing(play: Play, tmp_path: Path, simulator: Simulator) -> None:
    bare = {"ansible_connection": "local", "ansible_python_interpreter": foreign_python(tmp_path / "bare")}
    played = play([{"nitrox.netscaler.servicegroup": GROUP, "delegate_to": "bare"}], hosts={"bare": bare})
    assert played.code != 0
    assert "Failed to import the required Python library (requests)" in played.last["msg"]
    assert simulator.counters()["requests_total"] == 0


def test_bad_input_is_told_before_anything_is_shipped(play: Play, simulator: Simulator) -> None:
    nowhere = {"ansible_connection": "ssh", "ansible_host": "192.0.2.1"}
    task = {"nitrox.netscaler.servicegroup": {**GROUP, "attributes": {"cipp": 1}}, "delegate_to": "nowhere"}
    played = play([task], hosts={"nowhere": nowhere})
    assert "servicegroup.web.cipp" in played.last["msg"]
    assert simulator.counters()["requests_total"] == 0


def test_secrets_stay_secret_on_the_way(play: Play, bastion: dict[str, Any]) -> None:
    options = {"monitorname": "db", "type": "MYSQL", "attributes": {"username": "u", "password": "planted-word-5150"}}
    played = play([{"nitrox.netscaler.lbmonitor": options, "delegate_to": "bastion"}], "-vvv", hosts={"bastion": bastion})
    assert played.code == 0, played.output
    assert "planted-word-5150" not in played.output + repr(played.results)


@pytest.fixture
def ssh_host(tmp_path: Path) -> Iterator[dict[str, Any]]:
    """An ssh server of our own on a free port, for this user and one new key."""
    server, keygen = shutil.which("sshd", path=f"{os.environ['PATH']}:/usr/sbin"), shutil.which("ssh-keygen")
    if not server or not keygen or not shutil.which("ssh"):
        pytest.skip("no OpenSSH server here")
    folder = tmp_path / "ssh"
    folder.mkdir(mode=0o700)
    for name in ("host", "user"):
        subprocess.run([keygen, "-q", "-t", "ed25519", "-N", "", "-f", str(folder / name)], check=True)
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    if os.geteuid() == 0:
        Path("/run/sshd").mkdir(exist_ok=True)  # where it separates privileges
    lines = [f"Port {port}", "ListenAddress 127.0.0.1", f"HostKey {folder}/host", f"AuthorizedKeysFile {folder}/user.pub"]
    lines += ["StrictModes no", "UsePAM no", "PasswordAuthentication no", f"PidFile {folder}/pid", "PermitRootLogin yes"]
    (folder / "config").write_text("\n".join(lines) + "\n", encoding="utf-8")
    running = subprocess.Popen([server, "-D", "-e", "-f", str(folder / "config")], stderr=subprocess.DEVNULL)
    try:
        _wait_for(port)
        yield {
            "ansible_host": "127.0.0.1",
            "ansible_port": port,
            "ansible_user": getpass.getuser(),
            "ansible_ssh_private_key_file": str(folder / "user"),
            "ansible_ssh_common_args": "-o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o ControlMaster=no",
            "ansible_connection": "ssh",
            "ansible_python_interpreter": foreign_python(tmp_path / "remote", *LIBRARIES),
        }
    finally:
        running.terminate()
        running.wait(10)


def _wait_for(port: int) -> None:
    for _attempt in range(100):
        with socket.socket() as trying:
            if trying.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    pytest.skip("the OpenSSH server does not start here")


def test_over_ssh(play: Play, ssh_host: dict[str, Any], simulator: Simulator) -> None:
    task = {"nitrox.netscaler.servicegroup": GROUP, "delegate_to": "bastion"}
    played = play([task, task], hosts={"bastion": ssh_host})
    assert played.code == 0, played.output
    assert played.changed == [True, False]
    assert simulator.count("POST", "servicegroup") == 1
