# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""From three bare machines to a balanced service, for real: engine, swarm, front end; each again without a change."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import Any

import pytest

from nitrox.nodes import ground as kernel

from .conftest import TOP, Ground, Played, role

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(900)]
NODE_INFO = "docker node inspect --format '{{json .}}' "


def node(ground: Ground, name: str) -> Any:
    return json.loads(ground.net.nodes["n1"].shell(NODE_INFO + name))


@pytest.fixture(scope="module")
def engines(ground: Ground) -> Ground:
    """All three have an engine with TLS."""
    hosts = {name: {"ansible_host": machine.address, "ansible_user": "root"} for name, machine in ground.net.nodes.items()}
    inventory = json.dumps({"docker_hosts": {"hosts": hosts}})
    ground.shipped("docker_host.yml", inventory, "--check").some()
    assert not (ground.folder / ".docker").exists()
    ground.shipped("docker_host.yml", inventory).some()
    ground.shipped("docker_host.yml", inventory).nothing()
    ground.shipped("docker_host.yml", inventory, "--check").nothing()
    return ground


@pytest.fixture(scope="module")
def swarm(engines: Ground) -> Ground:
    """A swarm of n1 and two workers."""
    shipped = ("swarm/site.yml", engines.example(), "--limit", "swarm")
    engines.shipped(*shipped, "--check").some()
    assert "inactive" in engines.net.nodes["n1"].shell("docker info -f '{{.Swarm.LocalNodeState}}'")
    engines.shipped(*shipped).some()
    play = role("docker_swarm", docker_swarm_managers=["n1"])
    engines.play(play).nothing()
    engines.play(play, "--check").nothing()
    assert node(engines, "n2")["Spec"]["Labels"] == {"disk": "ssd"}
    return engines


def test_the_engine_answers_only_clients_of_ours(engines: Ground) -> None:
    tls = engines.folder / ".docker/nitrox"
    get = "https://10.231.0.12:2376/info"
    files = ["--cacert", str(tls / "ca.pem")]
    answer = engines.net.run(["curl", "-sS", *files, "--cert", str(tls / "cert.pem"), "--key", str(tls / "key.pem"), get])
    assert json.loads(answer.stdout)["Name"] == "n2"
    assert engines.net.run(["curl", "-sS", *files, get]).returncode != 0


def test_labels_are_a_complete_set_and_an_availability_is_changed_in_place(swarm: Ground) -> None:
    wanted = {"docker_swarm_labels": {"zone": "b"}, "docker_swarm_availability": "drain"}
    play = role("docker_swarm", docker_swarm_managers=["n1"])
    assert swarm.play(play, n2=wanted).well().changed["n2"] == 1
    assert swarm.play(play, n2=wanted).nothing()
    spec = node(swarm, "n2")["Spec"]
    assert (spec["Labels"], spec["Availability"]) == ({"zone": "b"}, "drain")
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
    ask = "docker node ls --format '{{.Hostname}} {{.ManagerStatus}}' | grep -E 'Leader|Reachable' || true"
    return {line.split()[0] for line in swarm.net.nodes[of].shell(ask).splitlines()}


@pytest.fixture(scope="module")
def three(swarm: Ground) -> Ground:
    """All three are managers, promoted in place."""
    play = role("docker_swarm", docker_swarm_managers=["n1", "n2", "n3"])
    swarm.play(play, "--check").some()
    assert managers(swarm) == {"n1"}
    assert swarm.play(play).well().changed == {"n1": 0, "n2": 1, "n3": 1}
    swarm.play(play).nothing()
    assert managers(swarm) == {"n1", "n2", "n3"}
    return swarm


def engine(ground: Ground, *flags: str, **options: Any) -> Played:
    certificates = str(ground.folder / ".docker/nitrox")
    play = role("docker_host", docker_host_certificates=certificates, docker_host_wait_seconds=30, **options)
    return ground.play(play, *flags)


def times(ground: Ground, what: str) -> dict[str, int]:
    """Microseconds of the one clock that all nodes have."""
    said = ground.each(f"systemctl show -P {what}TimestampMonotonic docker.service")
    return {name: int(number) for name, number in said.items()}


def test_each_engine_is_back_before_the_next_one_is_restarted(three: Ground) -> None:
    before = times(three, "ActiveEnter")
    predicted = engine(three, "--check", docker_host_labels={"rack": "a"}).some().changed
    assert times(three, "ActiveEnter") == before
    assert engine(three, docker_host_labels={"rack": "a"}).some().changed == predicted
    stopped, ready = times(three, "ActiveExit"), times(three, "ActiveEnter")
    order = sorted(ready, key=lambda name: ready[name])
    assert all(before[name] < stopped[name] for name in order)
    assert all(ready[one] < stopped[following] for one, following in pairwise(order))
    assert set(three.each("docker info -f '{{.Labels}}'").values()) == {"[rack=a]"}
    assert managers(three) == {"n1", "n2", "n3"}


def test_an_engine_that_does_not_come_back_leaves_the_others_alone(three: Ground) -> None:
    before = times(three, "ActiveExit")
    refused = engine(three, docker_host_options={"no-such-setting": True})
    assert refused.code == 2
    said = " ".join(refused.output.split())
    assert "does not come back, and no other member of the swarm is restarted" in said
    assert "no-such-setting" in said
    assert len(before.items() & times(three, "ActiveExit").items()) == 2
    written = three.each("grep --count no-such-setting /etc/docker/daemon.json || true")
    assert sorted(written.values()) == ["0", "0", "1"]
    assert kernel.wait_for(lambda: managers(three, "n3") == {"n2", "n3"}, 60)
    engine(three).some()  # it is started, and the others have other labels
    engine(three).nothing()
    assert managers(three) == {"n1", "n2", "n3"}


def test_managers_are_demoted_in_place(three: Ground) -> None:
    identity = node(three, "n2")["ID"]
    another = role("docker_swarm", docker_swarm_managers=["n2"])
    assert three.play(another).well().changed == {"n1": 1, "n2": 0, "n3": 1}
    three.play(another).nothing()
    assert managers(three, "n2") == {"n2"}
    back = role("docker_swarm", docker_swarm_managers=["n1"])
    assert three.play(back).well().changed == {"n1": 1, "n2": 1, "n3": 0}
    assert managers(three) == {"n1"}
    assert node(three, "n2")["ID"] == identity


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


def front(swarm: Ground, *options: str) -> Played:
    return swarm.shipped("swarm/site.yml", swarm.example(), "--limit", "netscalers", *options)


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
    front(service, *service.by_tls()).some()
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


def test_the_whole_playbook_changes_nothing_twice(service: Ground) -> None:
    site = ("swarm/site.yml", service.example())
    service.shipped(*site).well()  # puts back the labels, if another test has changed them
    service.shipped(*site).nothing()
    assert node(service, "n2")["Spec"]["Labels"] == {"disk": "ssd"}


def test_a_node_leaves_drained_and_joins_again(service: Ground) -> None:
    play = role("docker_swarm", docker_swarm_managers=["n1"])
    gone = {"docker_swarm_state": "absent"}
    service.play(play, n3=gone).some()
    assert "n3" not in service.net.nodes["n1"].shell("docker node ls --format '{{.Hostname}}'")
    service.play(play, n3=gone).nothing()
    service.play(play, "--limit", "n3").some()
    assert running(service, 3)


def test_a_variable_of_the_play_and_a_limit_take_a_node_out(service: Ground) -> None:
    leave = role("docker_swarm", docker_swarm_managers=["n1"], docker_swarm_state="absent")
    service.play(leave, "--limit", "n3").some()
    assert "n3" not in service.net.nodes["n1"].shell("docker node ls --format '{{.Hostname}}'")
    service.play(leave, "--limit", "n3").nothing()


def test_a_join_whose_answer_is_lost_is_known_and_shows_no_token(service: Ground) -> None:
    """Goes on where the test before has left off."""
    joins = service.net.nodes["n3"]
    spy = '#!/bin/sh\necho "docker $*" >>/srv/commands\nexec /usr/bin/docker "$@"\n'
    joins.container.write("usr/local/bin/docker", spy, mode=0o755)
    joins.container.write("srv/lossy.py", (TOP / "tests/roles/lossy.py").read_bytes())
    joins.shell("systemd-run --quiet --unit=lossy python3 /srv/lossy.py /run/lossy.sock")
    play = role("docker_swarm", docker_swarm_managers=["n1"])
    played = service.play(play, "-vvv", "-e", "docker_swarm_socket=/run/lossy.sock", "--limit", "n3").some()
    assert joins.shell("journalctl --unit lossy --output cat | grep -E '^[0-9]+$'").split() == ["200", "503"]
    commands = joins.shell("cat /srv/commands; rm /usr/local/bin/docker; systemctl stop lossy")
    assert "docker info" in commands
    assert "SWMTKN" not in commands + played.output
    service.play(play).nothing()
    assert running(service, 3)


def test_the_last_manager_does_not_leave(service: Ground) -> None:
    refused = service.play(role("docker_swarm", docker_swarm_managers=["n1"]), n1={"docker_swarm_state": "absent"})
    assert refused.code != 0
    assert "is the last manager" in refused.output
