# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""What the roles that set up machines refuse, write and document; nothing here touches this machine."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from .conftest import TOP, Played

ROLES = TOP / "ansible_collections/nitrox/netscaler/roles"
NAMES = ["docker_host", "docker_swarm", "zookeeper"]
HERE = {"ansible_connection": "local", "ansible_python_interpreter": sys.executable}
Play = Callable[..., Played]


def read(role: str, path: str) -> Any:
    return yaml.safe_load((ROLES / role / path).read_text(encoding="utf-8"))


def options(role: str) -> dict[str, Any]:
    found: dict[str, Any] = read(role, "meta/argument_specs.yml")["argument_specs"]["main"]["options"]
    return found


def refused(play_here: Play, role: str, **variables: Any) -> str:
    """What the role says to its arguments; by the tag nothing else of it would run, were they accepted."""
    play = [{"hosts": "all", "gather_facts": False, "roles": [{"role": f"nitrox.netscaler.{role}", **variables}]}]
    played = play_here(play, "--tags", "nothing", hosts={"one": HERE})
    assert played.code in (0, 2), played.output
    return " ".join(played.output.split()) if played.code else ""


@pytest.mark.parametrize(
    ("role", "variables", "complaint"),
    [
        ("docker_host", {"docker_host_port": "https"}, "docker_host_port"),
        ("docker_host", {"docker_host_labels": ["rack"]}, "docker_host_labels"),
        ("docker_swarm", {}, "missing required arguments: docker_swarm_managers"),
        ("docker_swarm", {"docker_swarm_managers": ["one"], "docker_swarm_state": "gone"}, "must be one of: present, absent"),
        ("docker_swarm", {"docker_swarm_managers": ["one"], "docker_swarm_availability": "off"}, "one of: active, pause, drain"),
        ("zookeeper", {}, "missing required arguments: zookeeper_ensemble"),
        ("zookeeper", {"zookeeper_ensemble": {"one": 1}, "zookeeper_client_port": "many"}, "zookeeper_client_port"),
    ],
)
def test_wrong_input_is_refused_by_name(play_here: Play, role: str, variables: dict[str, Any], complaint: str) -> None:
    assert complaint in refused(play_here, role, **variables)


@pytest.mark.parametrize(
    ("role", "variables"),
    [
        ("docker_host", {"docker_host_names": ["docker.example.com"]}),
        ("docker_swarm", {"docker_swarm_managers": ["one"], "docker_swarm_labels": {}}),
        ("zookeeper", {"zookeeper_ensemble": {"one": 1}}),
    ],
)
def test_right_input_is_accepted(play_here: Play, role: str, variables: dict[str, Any]) -> None:
    assert refused(play_here, role, **variables) == ""


@pytest.mark.parametrize("ensemble", [{"two": 1}, {"one": 1, "two": 1}, {"one": 0}, {"one": 256}])
def test_members_of_an_ensemble_have_numbers_of_their_own(play_here: Play, ensemble: dict[str, int]) -> None:
    first = read("zookeeper", "tasks/main.yml")[0]
    assert "ansible.builtin.assert" in first
    play = [{"hosts": "all", "gather_facts": False, "vars": {"zookeeper_ensemble": ensemble}, "tasks": [first]}]
    played = play_here(play, hosts={"one": HERE})
    assert played.code == 2
    assert "a number of its own from 1 to 255" in " ".join(played.output.split())


@pytest.mark.parametrize("role", NAMES)
def test_defaults_and_documentation_say_the_same(role: str) -> None:
    defaults, documented = read(role, "defaults/main.yml"), options(role)
    assert set(defaults) <= set(documented)
    assert {name: spec["default"] for name, spec in documented.items() if "default" in spec} == {
        name: value for name, value in defaults.items() if "{{" not in str(value)
    }


@pytest.mark.parametrize("role", NAMES)
def test_the_readme_has_each_variable_in_its_table(role: str) -> None:
    lines = (ROLES / role / "README.md").read_text(encoding="utf-8").splitlines()
    listed = [line.split("`")[1] for line in lines if line.startswith(f"| `{role}_")]
    assert sorted(listed) == sorted(options(role))


@pytest.fixture
def rendered(play_here: Play, tmp_path: Path) -> Callable[..., str]:
    """``rendered(role, task, host, hosts={…}, **variables)``: what this template or copy task writes on the host."""

    def render(role: str, module: str, source: dict[str, Any], hosts: dict[str, Any], **variables: Any) -> str:
        files = [str(path) for part in ("defaults", "vars") if (path := ROLES / role / part / "main.yml").exists()]
        tasks = [{f"ansible.builtin.{module}": {**source, "dest": str(tmp_path / "out"), "mode": "0600"}}]
        play = [{"hosts": next(iter(hosts)), "gather_facts": False, "vars_files": files, "tasks": tasks}]
        play_here(play, "-e", json.dumps(variables), hosts={name: {**HERE, **its} for name, its in hosts.items()}).well()
        return (tmp_path / "out").read_text(encoding="utf-8")

    return render


def template(role: str, name: str) -> dict[str, Any]:
    return {"src": str(ROLES / role / "templates" / name)}


def test_a_member_is_told_where_the_others_are(rendered: Callable[..., str]) -> None:
    hosts = {"a": {"ansible_host": "192.0.2.1"}, "b": {"ansible_host": "192.0.2.2", "zookeeper_address": "198.51.100.2"}, "c": {}}
    more = {"zookeeper_ensemble": {"c": 3, "a": 1, "b": 2}, "zookeeper_settings": {"maxClientCnxns": 7}}
    lines = rendered("zookeeper", "template", template("zookeeper", "zoo.cfg.j2"), hosts, **more).splitlines()
    assert [line for line in lines if line.startswith("server.")] == [
        "server.1=192.0.2.1:2888:3888", "server.2=198.51.100.2:2888:3888", "server.3=c:2888:3888",
    ]  # fmt: skip
    assert {"maxClientCnxns=7", "clientPort=2181", "dataDir=/var/lib/zookeeper"} <= set(lines)


def test_the_unit_gives_a_member_its_memory_and_jars(rendered: Callable[..., str]) -> None:
    unit = rendered("zookeeper", "template", template("zookeeper", "service.j2"), {"a": {}}, zookeeper_heap="1g")
    start = next(line for line in unit.splitlines() if line.startswith("ExecStart="))
    assert "-Xmx1g" in start and '-cp "/usr/share/java/zookeeper.jar:/usr/share/java/zookeeper-jute.jar:' in start


@pytest.mark.parametrize(("tls", "listens"), [(True, " --host=tcp://0.0.0.0:2377 "), (False, " ")])
def test_the_engine_is_on_the_network_only_with_tls(rendered: Callable[..., str], tls: bool, listens: str) -> None:
    more = {
        "docker_host_tls": tls,
        "docker_host_port": 2377,
        "docker_host_environment": {"HTTP_PROXY": "http://proxy.example.com"},
    }
    unit = rendered("docker_host", "template", template("docker_host", "override.conf.j2"), {"a": {}}, **more)
    start = next(line for line in unit.splitlines() if line.startswith("ExecStart=dockerd"))
    assert start == f"ExecStart=dockerd --host=fd://{listens}--containerd=/run/containerd/containerd.sock"
    assert 'Environment="HTTP_PROXY=http://proxy.example.com"' in unit


def test_settings_of_the_engine_are_only_those_asked_for(rendered: Callable[..., str]) -> None:
    source = {"content": "{{ docker_host_daemon | to_json }}"}
    assert json.loads(rendered("docker_host", "copy", source, {"a": {}}, docker_host_tls=False)) == {}
    more = {"docker_host_labels": {"rack": "a"}, "docker_host_storage_driver": "overlay2", "docker_host_options": {"debug": True}}
    asked = json.loads(rendered("docker_host", "copy", source, {"a": {}}, **more))
    assert asked == {
        "debug": True, "labels": ["rack=a"], "storage-driver": "overlay2", "tlsverify": True,
        "tlscacert": "/etc/docker/tls/ca.pem",
        "tlscert": "/etc/docker/tls/cert.pem", "tlskey": "/etc/docker/tls/key.pem",
    }  # fmt: skip


def test_a_certificate_names_the_address_and_further_names(rendered: Callable[..., str]) -> None:
    source = {"content": "{{ docker_host_alternatives }}"}
    names = rendered("docker_host", "copy", source, {"a": {"ansible_host": "192.0.2.1"}}, docker_host_names=["d.example.com"])
    assert names == "IP:192.0.2.1,IP:127.0.0.1,DNS:localhost,DNS:d.example.com"
