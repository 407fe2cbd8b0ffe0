# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""From three bare machines to a balanced service, for real: engine, swarm, ensemble, front end; each again without a change."""

from __future__ import annotations

import json
from typing import Any

import pytest

from nitrox.nodes import ground as kernel

from .conftest import Ground

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(900)]
NODES = "n1,n2,n3"
NODE_INFO = "docker node inspect --format '{{json .}}' "


def role(name: str, hosts: str = NODES, **variables: Any) -> list[dict[str, Any]]:
    return [{"hosts": hosts, "gather_facts": False, "roles": [{"role": f"nitrox.netscaler.{name}", **variables}]}]


def node(ground: Ground, name: str) -> Any:
    return json.loads(ground.net.nodes["n1"].shell(NODE_INFO + name))


@pytest.fixture(scope="module")
def engines(ground: Ground) -> Ground:
    """All three have an engine with TLS."""
    play = role("docker_host", docker_host_certificates=str(ground.folder / "tls"), docker_host_labels={"rack": "a"})
    ground.play(play, "--check").some()
    assert not (ground.folder / "tls").exists()
    ground.play(play).some()
    ground.play(play).nothing()
    ground.play(play, "--check").nothing()
    return ground


@pytest.fixture(scope="module")
def swarm(engines: Ground) -> Ground:
    """A swarm of n1 and two workers."""
    play = role("docker_swarm", docker_swarm_managers=["n1"])
    labels = {"n2": {"docker_swarm_labels": {"disk": "ssd", "zone": "b"}}}
    engines.play(play, "--check", **labels).some()
    assert "inactive" in engines.net.nodes["n1"].shell("docker info -f '{{.Swarm.LocalNodeState}}'")
    engines.play(play, **labels).some()
    engines.play(play, **labels).nothing()
    engines.play(play, "--check", **labels).nothing()
    assert node(engines, "n2")["Spec"]["Labels"] == {"disk": "ssd", "zone": "b"}
    return engines


def test_the_engine_answers_only_clients_of_ours(engines: Ground) -> None:
    tls = engines.folder / "tls"
    get = "https://10.231.0.12:2376/info"
    files = ["--cacert", str(tls / "ca.pem")]
    answer = engines.net.run(["curl", "-sS", *files, "--cert", str(tls / "cert.pem"), "--key", str(tls / "key.pem"), get])
    assert json.loads(answer.stdout)["Labels"] == ["rack=a"]
    assert engines.net.run(["curl", "-sS", *files, get]).returncode != 0


def test_labels_are_a_complete_set_and_an_availability_is_changed_in_place(swarm: Ground) -> None:
    wanted = {"docker_swarm_labels": {"disk": "hdd"}, "docker_swarm_availability": "drain"}
    play = role("docker_swarm", docker_swarm_managers=["n1"])
    assert swarm.play(play, n2=wanted).well().changed["n2"] == 1
    assert swarm.play(play, n2=wanted).nothing()
    spec = node(swarm, "n2")["Spec"]
    assert (spec["Labels"], spec["Availability"]) == ({"disk": "hdd"}, "drain")
    swarm.play(play, n2={"docker_swarm_availability": "active"}).some()


def test_tokens_are_rotated(swarm: Ground) -> None:
    ask = "docker swarm join-token -q worker"
    before = swarm.net.nodes["n1"].shell(ask)
    played = swarm.play(role("docker_swarm", docker_swarm_managers=["n1"]), "-v", "-e", "docker_swarm_rotate_tokens=true").some()
    after = swarm.net.nodes["n1"].shell(ask)
    assert before != after
    assert "SWMTKN" not in played.output


def test_no_second_swarm_while_the_first_manager_is_silent(swarm: Ground) -> None:
    one = swarm.net.nodes["n1"]
    swarm.net.cut(one)
    play = role("docker_swarm", docker_swarm_managers=["n1", "n3"])
    refused = swarm.play(play, "--ssh-extra-args", "-o ConnectTimeout=2")
    swarm.net.mend(one)
    one.wait()
    assert refused.code != 0
    assert "there may be a swarm already" in " ".join(refused.output.split())


def managers(swarm: Ground, of: str = "n1") -> set[str]:
    """The managers that are there, as one of them sees them."""
    ask = "docker node ls --format '{{.Hostname}} {{.ManagerStatus}}' | grep -E 'Leader|Reachable'"
    return {line.split()[0] for line in swarm.net.nodes[of].shell(ask).splitlines()}


def test_managers_are_promoted_and_demoted_in_place(swarm: Ground) -> None:
    identity = node(swarm, "n2")["ID"]
    three = role("docker_swarm", docker_swarm_managers=["n1", "n2", "n3"])
    swarm.play(three, "--check").some()
    assert managers(swarm) == {"n1"}
    assert swarm.play(three).well().changed == {"n1": 0, "n2": 1, "n3": 1}
    swarm.play(three).nothing()
    assert managers(swarm) == {"n1", "n2", "n3"}
    another = role("docker_swarm", docker_swarm_managers=["n2"])
    assert swarm.play(another).well().changed == {"n1": 1, "n2": 0, "n3": 1}
    swarm.play(another).nothing()
    assert managers(swarm, "n2") == {"n2"}
    back = role("docker_swarm", docker_swarm_managers=["n1"])
    assert swarm.play(back).well().changed == {"n1": 1, "n2": 1, "n3": 0}
    swarm.play(back).nothing()
    assert managers(swarm) == {"n1"}
    assert node(swarm, "n2")["ID"] == identity


def test_a_manager_that_is_lost_for_good_is_struck(swarm: Ground) -> None:
    swarm.play(role("docker_swarm", docker_swarm_managers=["n1", "n2", "n3"])).some()
    lost = swarm.net.nodes["n3"]
    play = role("docker_swarm", docker_swarm_managers=["n1", "n2"], docker_swarm_lost=["n3"])
    one = swarm.net.nodes["n1"]
    swarm.play(play, "--limit", "!n3").nothing()  # it answers
    with swarm.net.without(lost):
        ask = "docker node inspect -f '{{.Status.State}}' n3"
        assert kernel.wait_for(lambda: one.shell(ask).strip() == "down", 60)
        swarm.play(play, "--limit", "!n3", "--check").some()
        assert "n3" in one.shell("docker node ls --format '{{.Hostname}}'")
        swarm.play(play, "--limit", "!n3").some()
        assert "n3" not in one.shell("docker node ls --format '{{.Hostname}}'")
        swarm.play(play, "--limit", "!n3").nothing()
    lost.wait()
    lost.shell("docker swarm leave --force")
    swarm.play(role("docker_swarm", docker_swarm_managers=["n1"])).some()
    assert managers(swarm) == {"n1"}
    assert node(swarm, "n3")["Status"]["State"] == "ready"


def front(swarm: Ground, *options: str, **more: Any) -> Any:
    frontend = {"address": "203.0.113.10", "protocol": "HTTP", "port": 80}
    wanted = {"swarm_frontend_service": "web", "swarm_frontend_port": 80, "swarm_frontend_frontend": frontend, **more}
    return swarm.play(role("swarm_frontend", "netscaler1", **wanted), *options)


def members(swarm: Ground) -> set[str]:
    login = ["-H", "X-NITRO-USER: nsroot", "-H", "X-NITRO-PASS: nsroot"]
    url = f"{swarm.netscaler}/nitro/v1/config/servicegroup_servicegroupmember_binding/web-web"
    found = json.loads(swarm.net.run(["curl", "-sS", *login, url]).stdout)
    return {f"{one['ip']}:{one['port']}" for one in found.get("servicegroup_servicegroupmember_binding", [])}


SERVICE = (
    "docker service create --detach --name web --no-resolve-image --replicas 3 --replicas-max-per-node 1 "
    "--publish mode=host,target=80,published=8081 --stop-grace-period 1s busybox:here "
    "sh -c 'mkdir -p /www; hostname >/www/index.html; exec busybox httpd -f -p 80 -h /www'"
)


@pytest.fixture(scope="module")
def service(swarm: Ground) -> Ground:
    """Three tasks of a web server."""
    for machine in swarm.net.nodes.values():
        machine.shell("mkdir -p /tmp/i/bin && cp /bin/busybox /tmp/i/bin/ && ln -sf busybox /tmp/i/bin/sh")
        machine.shell(
            "for a in hostname mkdir; do ln -sf busybox /tmp/i/bin/$a; done; tar -C /tmp/i -c . | docker import - busybox:here"
        )
    swarm.net.nodes["n1"].shell(SERVICE)
    assert running(swarm, 3)
    return swarm


def running(swarm: Ground, count: int) -> bool:
    ask = "docker service ps web --filter desired-state=running --format '{{.CurrentState}}' | grep -c ^Running || true"
    return kernel.wait_for(lambda: int(swarm.net.nodes["n1"].shell(ask)) == count, 60)


def test_members_follow_the_tasks(service: Ground) -> None:
    every = {f"10.231.0.1{number}:8081" for number in (1, 2, 3)}
    front(service, "--check").some()
    assert members(service) == set()
    front(service).some()
    front(service).nothing()
    assert members(service) == every
    assert all(service.get(f"http://{one}/").strip() for one in every)
    service.net.nodes["n1"].shell("docker node update --availability drain n3")
    assert running(service, 2)
    front(service).some()
    assert members(service) == every - {"10.231.0.13:8081"}
    service.net.nodes["n1"].shell("docker node update --availability active n3")
    assert running(service, 3)
    front(service).some()
    assert members(service) == every


def test_a_cut_node_leaves_and_returns(service: Ground) -> None:
    lost = service.net.nodes["n2"]
    ask = "docker node inspect -f '{{.Status.State}}' n2"
    with service.net.without(lost):
        assert kernel.wait_for(lambda: service.net.nodes["n1"].shell(ask).strip() == "down", 60)
        front(service).some()
        assert members(service) == {"10.231.0.11:8081", "10.231.0.13:8081"}
    assert kernel.wait_for(lambda: service.net.nodes["n1"].shell(ask).strip() == "ready", 60)
    assert running(service, 3)
    front(service).some()
    assert "10.231.0.12:8081" in members(service)


def test_a_node_leaves_drained_and_joins_again(service: Ground) -> None:
    play = role("docker_swarm", docker_swarm_managers=["n1"])
    gone = {"docker_swarm_state": "absent"}
    service.play(play, n3=gone).some()
    assert "n3" not in service.net.nodes["n1"].shell("docker node ls --format '{{.Hostname}}'")
    service.play(play, n3=gone).nothing()
    service.play(play).some()
    assert running(service, 3)


def test_the_last_manager_does_not_leave(service: Ground) -> None:
    refused = service.play(role("docker_swarm", docker_swarm_managers=["n1"]), n1={"docker_swarm_state": "absent"})
    assert refused.code != 0
    assert "is the last manager" in refused.output


def test_an_ensemble_of_zookeepers(ground: Ground) -> None:
    play = role("zookeeper", zookeeper_ensemble={"n1": 1, "n2": 2, "n3": 3})
    ground.play(play, "--check").some()
    ground.play(play).some()
    ground.play(play).nothing()
    ask = "exec 3<>/dev/tcp/127.0.0.1/2181; printf srvr >&3; grep Mode <&3"
    modes = sorted(machine.shell(f"bash -c '{ask}'").split()[-1] for machine in ground.net.nodes.values())
    assert modes == ["follower", "follower", "leader"]
    restarts = [machine.shell("systemctl show -P MainPID nitrox-zookeeper") for machine in ground.net.nodes.values()]
    play[0]["roles"][0]["zookeeper_settings"] = {"maxClientCnxns": 7}
    ground.play(play).some()
    ground.play(play).nothing()
    assert not set(restarts) & {
        machine.shell("systemctl show -P MainPID nitrox-zookeeper") for machine in ground.net.nodes.values()
    }
