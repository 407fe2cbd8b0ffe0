# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Which members services of a swarm give, for each way to publish a port; no Ansible and no server."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.nitrox.netscaler.plugins.module_utils.swarm.backends import asked, told

from .docker_api import Docker, Raw, node, published, service, task

WEB: dict[str, Any] = {"web": {"port": 80}}
INGRESS = published(port=30080, mode="ingress")


def heard(
    docker: Docker, services: dict[str, Any], addresses: dict[str, str] | None = None, *, allow_empty: bool = False
) -> dict[str, Any]:
    """What the filter makes of the answers, as ansible.builtin.uri hands them over."""
    results = []
    for question in asked(services):
        raw = docker.answer(f"/{question['path']}")
        result = {"item": question, "status": raw.status, "content": raw.body}
        results.append({**result, "json": json.loads(raw.body)} if raw.kind == "application/json" else result)
    return told(services, results, addresses or {}, allow_empty=allow_empty)


def members(docker: Docker, services: dict[str, Any] = WEB, **more: Any) -> list[str]:
    found = heard(docker, services, **more)
    assert "backends" in found, found
    return list(found["backends"]["web"]["members"])


@pytest.fixture
def docker() -> Docker:
    return Docker(Path("unused"))


@pytest.mark.parametrize(
    ("row", "state"),
    [
        pytest.param(task(3, "id3", desired="shutdown"), "ready", id="told to stop, and still running"),
        pytest.param(task(3, "id3", state="starting"), "ready", id="not running yet"),
        pytest.param(task(3, "id3", state="failed"), "ready", id="failed"),
        pytest.param(task(3, state="pending"), "ready", id="nowhere yet"),
        pytest.param(task(3, "id3"), "down", id="on a node that was cut off"),
        pytest.param(task(3, "id3"), "disconnected", id="on a node that said goodbye"),
        pytest.param(task(3, "id3", ports=[]), "ready", id="of an older version that published nothing"),
    ],
)
def test_what_does_not_serve_is_no_member(docker: Docker, row: dict[str, Any], state: str) -> None:
    docker.tasks.append(row)
    docker.nodes[2] = node(3, state)
    assert members(docker) == ["198.51.100.1:8081", "198.51.100.2:8081"]


@pytest.mark.parametrize("availability", ["pause", "drain"])
def test_a_task_that_still_is_wanted_serves_on_any_ready_node(docker: Docker, availability: str) -> None:
    docker.nodes[1] = node(2, availability=availability)
    assert members(docker) == ["198.51.100.1:8081", "198.51.100.2:8081"]


def test_several_tasks_of_a_node_have_ports_of_their_own(docker: Docker) -> None:
    docker.services = [service(ports=[published(port=0)])]
    docker.tasks = [task(number, "id1", ports=[published(port=49000 + number)]) for number in (1, 2)]
    assert members(docker) == ["198.51.100.1:49001", "198.51.100.1:49002"]


@pytest.mark.parametrize(("address", "port"), [("198.51.100.1", 49001), ("2001:db8::1", 49002)])
def test_a_port_chosen_twice_is_that_of_the_nodes_family(docker: Docker, address: str, port: int) -> None:
    docker.services = [service(ports=[published(port=0)])]
    docker.nodes[0] = node(1, address=address)
    docker.tasks = [task(1, "id1", ports=[published(port=49001), published(port=49002)], listed=1)]
    assert members(docker) == [f"[{address}]:{port}" if ":" in address else f"{address}:{port}"]


def test_a_task_published_twice_is_one_member(docker: Docker) -> None:
    both = [published(port=8082), published(port=8081)]
    docker.services, docker.tasks = [service(ports=both)], [task(1, "id1", ports=both)]
    assert members(docker) == ["198.51.100.1:8081"]


def test_the_port_is_chosen_by_number_and_transport(docker: Docker) -> None:
    ports = [published(53, 5301, protocol="tcp"), published(53, 5302, protocol="udp"), published(80, 8081)]
    docker.services, docker.tasks = [service(ports=ports)], [task(1, "id1", ports=ports)]
    assert members(docker, {"web": {"port": 53, "transport": "udp"}}) == ["198.51.100.1:5302"]
    assert members(docker, {"web": {"port": "53"}}) == ["198.51.100.1:5301"]


def test_the_mesh_is_every_ready_node_that_is_not_emptied(docker: Docker) -> None:
    docker.services = [service(ports=[INGRESS])]
    docker.tasks = [task(1, "id1", ports=[])]
    docker.nodes += [node(4, availability="drain"), node(5, "down"), node(6, availability="pause")]
    assert members(docker) == [f"198.51.100.{number}:30080" for number in (1, 2, 3, 6)]


def test_the_mesh_leads_nowhere_without_a_task(docker: Docker) -> None:
    docker.services, docker.tasks = [service(ports=[INGRESS])], []
    assert "no running task" in heard(docker, WEB)["refused"]


def test_the_mesh_has_the_port_that_the_swarm_chose(docker: Docker) -> None:
    chosen = service(ports=[published(port=0, mode="ingress")])
    docker.services = [chosen]
    assert "not given it its port yet" in heard(docker, WEB)["unknown"]
    chosen["Endpoint"]["Ports"][0]["PublishedPort"] = 30001
    assert members(docker)[0] == "198.51.100.1:30001"


def test_a_port_published_both_ways_is_taken_from_the_tasks_nodes(docker: Docker) -> None:
    docker.services = [service(ports=[INGRESS, published()])]
    assert members(docker) == ["198.51.100.1:8081", "198.51.100.2:8081"]
    assert len(members(docker, {"web": {"port": 80, "members": "ingress"}})) == 3


def test_tasks_have_addresses_on_networks(docker: Docker) -> None:
    docker.services = [service(ports=[])]
    docker.tasks = [
        task(1, "id1", networks={"front": "10.0.1.5/24", "back": "10.0.2.5/24"}),
        task(2, "id2", networks={"front": "fd00::6/64"}),
    ]
    wanted = {"port": 80, "members": "tasks"}
    assert members(docker, {"web": {**wanted, "network": "front"}}) == ["10.0.1.5:80", "[fd00::6]:80"]
    assert members(docker, {"web": {**wanted, "network": "netback"}}) == ["10.0.2.5:80"]
    assert "they are on: back, front" in heard(docker, {"web": {**wanted, "network": "fornt"}})["refused"]
    assert "swarm_frontend_network" in heard(docker, {"web": wanted})["refused"]


def test_on_the_nodes_own_network_a_task_is_where_its_node_is(docker: Docker) -> None:
    docker.services = [service(ports=[])]
    docker.tasks = [task(1, "id1", networks={"host": ""})]
    assert members(docker, {"web": {"port": 80, "members": "tasks", "network": "host"}}) == ["198.51.100.1:80"]


def test_a_task_without_its_address_yet_is_not_left_out(docker: Docker) -> None:
    docker.tasks = [task(1, "id1", networks={"front": "10.0.1.5/24"}), task(2, "id2", networks={"front": ""})]
    assert (
        "no address on network front yet"
        in heard(docker, {"web": {"port": 80, "members": "tasks", "network": "front"}})["unknown"]
    )


@pytest.mark.parametrize(
    ("addr", "manager", "address"),
    [
        ("0.0.0.0", "198.51.100.9:2377", "198.51.100.9"),
        ("127.0.0.1", "[2001:db8::9]:2377", "[2001:db8::9]"),
        ("::", "198.51.100.9:2377", "198.51.100.9"),
        ("2001:db8::1", "", "[2001:db8::1]"),
    ],
)
def test_the_address_of_a_node(docker: Docker, addr: str, manager: str, address: str) -> None:
    docker.nodes[0], docker.tasks = node(1, address=addr, manager=manager), [task(1, "id1")]
    assert members(docker) == [f"{address}:8081"]


def test_an_address_that_nobody_else_can_use_has_to_be_told(docker: Docker) -> None:
    docker.nodes[0], docker.tasks = node(1, address="127.0.0.1", manager="127.0.0.1:2377"), [task(1, "id1")]
    assert "node n1" in heard(docker, WEB)["refused"]
    assert members(docker, addresses={"n1": "203.0.113.7"}) == ["203.0.113.7:8081"]
    assert members(docker, addresses={"id1": "203.0.113.8"}) == ["203.0.113.8:8081"]


@pytest.mark.parametrize("mode", ["ReplicatedJob", "GlobalJob"])
def test_a_job_is_no_service_that_stays(docker: Docker, mode: str) -> None:
    docker.services = [service(**{mode: {}})]
    assert "it is a job" in heard(docker, WEB)["refused"]


@pytest.mark.parametrize(
    ("mode", "availability", "some"),
    [
        pytest.param({"Replicated": {"Replicas": 1}}, "drain", True, id="a replica is wanted though no node takes it"),
        pytest.param({"Replicated": {"Replicas": 0}}, "active", False, id="scaled to nothing"),
        pytest.param({"Global": {}}, "active", True, id="global, and nodes take tasks"),
        pytest.param({"Global": {}}, "drain", False, id="global, and all nodes are emptied"),
    ],
)
def test_no_member_is_only_believed_when_none_is_wanted(
    docker: Docker, mode: dict[str, Any], availability: str, some: bool
) -> None:
    docker.services, docker.tasks = [service(**mode)], []
    docker.nodes = [node(number, availability=availability) for number in (1, 2)]
    assert ("although some are wanted" in heard(docker, WEB).get("refused", "")) is some
    assert members(docker, allow_empty=True) == []


def test_a_service_that_publishes_something_else_is_refused_with_what_it_publishes(docker: Docker) -> None:
    assert "published are: 80/tcp in mode host" in heard(docker, {"web": {"port": 8080}}, allow_empty=True)["refused"]
    assert "not published in mode ingress" in heard(docker, {"web": {"port": 80, "members": "ingress"}})["refused"]


def test_the_beginning_of_another_services_id_is_not_its_name(docker: Docker) -> None:
    assert "none of this name" in heard(docker, {"idw": {"port": 80}})["refused"]
    assert members(docker, {"web": {"service": service()["ID"], "port": 80}}) == members(docker)


@pytest.mark.parametrize(
    ("nodes", "words"),
    [
        pytest.param([node(1), node(2, "unknown")], "does not know yet whether node n2", id="after a change of the leader"),
        pytest.param([node(1)], "not in the list of nodes", id="lists of different moments"),
        pytest.param([], "is empty", id="no nodes at all"),
    ],
)
def test_a_node_that_is_not_known_takes_no_member_away(docker: Docker, nodes: list[dict[str, Any]], words: str) -> None:
    docker.nodes = nodes
    assert words in heard(docker, WEB, allow_empty=True)["unknown"]


@pytest.mark.parametrize(
    ("what", "body", "words"),
    [
        ("services", Raw(500, '{"message": "The swarm does not have a leader."}'), "service web: HTTP 500: The swarm does not"),
        ("services", Raw(404, "<html>", "text/html"), "service web: HTTP 404: <html>"),
        ("services", Raw(404, '{"message": "page not found"}'), "service web: HTTP 404: page not found"),
        ("services", Raw(200, "{}"), "service web: ID is missing"),
        ("tasks", Raw(503, '{"message": "busy"}'), "the tasks of service web: HTTP 503: busy"),
        ("tasks", Raw(404, '{"message": "service web not found"}'), "the tasks of service web: HTTP 404"),
        ("tasks", Raw(200, "null"), "the tasks of service web: no list came back"),
        ("tasks", Raw(200, '[{"ID": "task1"}]'), "the tasks of service web: ServiceID is missing"),
        ("tasks", Raw(200, '["task1"]'), "the tasks of service web: ID is missing"),
        ("nodes", Raw(500, '{"message": "busy"}'), "the list of nodes: HTTP 500: busy"),
        ("nodes", Raw(200, '{"message": "busy"}'), "the list of nodes: no list came back"),
        ("nodes", Raw(200, '[{"ID": "id1"}]'), "the list of nodes: Spec is missing"),
    ],
)
def test_an_answer_that_is_none_is_no_empty_list(docker: Docker, what: str, body: Raw, words: str) -> None:
    docker.tasks, docker.instead = [], {what: body}
    assert words in heard(docker, WEB, allow_empty=True)["unknown"]


def test_what_was_not_asked_is_not_known() -> None:
    assert told(WEB, [], {}, allow_empty=True) == {"unknown": "service web: not asked"}
    unreachable = [{"item": question, "unreachable": True, "msg": "ssh:  no route"} for question in asked(WEB)]
    assert told(WEB, unreachable, {}, allow_empty=True) == {"unknown": "service web: ssh: no route"}


def test_tasks_of_another_service_are_no_answer(docker: Docker) -> None:
    found = [{"item": question, "status": 200} for question in asked(WEB)]
    found[0]["json"], found[1]["json"], found[2]["json"] = service(), [task(1, "id1", of="other")], [node(1)]
    assert "those of another" in told(WEB, found, {}, allow_empty=True)["unknown"]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"port": 0}, "a number from 1 to 65535"),
        ({}, "a number from 1 to 65535"),
        ({"port": 80, "prot": "udp"}, "unknown word prot"),
        ({"port": 80, "members": "all"}, "members is one of auto"),
        (80, "a mapping is wanted"),
    ],
)
def test_what_people_write_wrong_is_told(docker: Docker, given: Any, words: str) -> None:
    assert words in heard(docker, {"web": given})["refused"]


def test_names_are_quoted_and_each_service_is_asked_for_once() -> None:
    paths = [one["path"] for one in asked({"a": {"service": "x/../y"}, "b": {"service": "x/../y"}, "c": None})]
    assert paths[0] == "services/x%2F..%2Fy"
    assert [path.partition("?")[0] for path in paths[1:]] == ["tasks", "services/c", "tasks", "nodes"]
    assert len(paths) == 5
