# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""What the page shows: topology, objects, and its own files."""

from __future__ import annotations

import pytest
import requests

from nitrox.simulator.testing import Simulator

from .nitro import Nitro


@pytest.fixture
def nitro(simulator: Simulator) -> Nitro:
    return Nitro(simulator.url)


def furnish(nitro: Nitro) -> None:
    nitro.add("lbvserver", name="web", servicetype="HTTP")
    nitro.add("servicegroup", servicegroupname="group", servicetype="HTTP")
    nitro.bind("servicegroup_servicegroupmember_binding", servicegroupname="group", ip="198.51.100.1", port=80, weight=3)
    nitro.bind("lbvserver_servicegroup_binding", name="web", servicegroupname="group")


def test_topology_follows_a_content_switch_to_its_members(simulator: Simulator, nitro: Nitro) -> None:
    furnish(nitro)
    nitro.add("csvserver", name="front", servicetype="HTTP", ipv46="203.0.113.10", port=80)
    nitro.add("csaction", name="to-web", targetlbvserver="web")
    nitro.add("cspolicy", policyname="all", rule="TRUE", action="to-web")
    nitro.bind("csvserver_cspolicy_binding", name="front", policyname="all", priority=10)
    found = simulator.control("GET", "topology")
    assert found["total"] == 1
    path, node = [], found["vservers"][0]
    while True:
        path.append((node["kind"], node["name"], node["state"]))
        if not node["children"]:
            break
        node = node["children"][-1]
    assert path == [
        ("csvserver", "front", "UP"),
        ("cspolicy", "all", ""),
        ("csaction", "to-web", ""),
        ("lbvserver", "web", "UP"),
        ("servicegroup", "group", "UP"),
        ("servicegroupmember", "198.51.100.1", "UP"),
    ]
    assert (node["address"], node["weight"]) == ("198.51.100.1:80", 3)


def test_topology_survives_virtual_servers_that_back_each_other(simulator: Simulator, nitro: Nitro) -> None:
    nitro.add("lbvserver", name="one", servicetype="HTTP")
    nitro.add("lbvserver", name="two", servicetype="HTTP", backupvserver="one")
    nitro.put("lbvserver", {"lbvserver": {"name": "one", "backupvserver": "two"}})
    assert {node["name"] for node in simulator.control("GET", "topology")["vservers"]} == {"one", "two"}


def test_topology_tells_how_many_connections_are_open(simulator: Simulator, nitro: Nitro) -> None:
    nitro.add("lbvserver", name="v", servicetype="HTTP")
    nitro.add("service", name="s", ip="192.0.2.20", servicetype="HTTP", port=80)
    nitro.bind("lbvserver_service_binding", name="v", servicename="s")
    text = simulator.control("GET", "topology")["vservers"][0]["children"][0]["text"]
    assert "connection" not in text
    simulator.control("POST", "connections", {"vserver": "v", "count": 3})
    assert simulator.control("GET", "topology")["vservers"][0]["children"][0]["text"].endswith("3 connections")


def test_objects_are_counted_and_shown_without_secrets(simulator: Simulator, nitro: Nitro) -> None:
    nitro.add("server", name="one", ipaddress="198.51.100.1")
    counted = {entry["kind"]: (entry["count"], entry["builtin"]) for entry in simulator.control("GET", "objects")}
    assert (counted["server"], counted["systemuser"]) == ((1, 0), (1, 1))
    (row,) = simulator.control("GET", "objects?kind=server")
    assert (row["name"], row["_set"][0], row["_builtin"]) == ("one", "name", False)
    assert "password" not in simulator.control("GET", "objects?kind=systemuser")[0]


@pytest.mark.parametrize(("path", "type_"), [("/", "text/html"), ("/app.js", "text/javascript"), ("/style.css", "text/css")])
def test_the_page_is_served(simulator: Simulator, path: str, type_: str) -> None:
    answer = requests.get(simulator.url + path, timeout=10)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, f"{type_}; charset=utf-8")


@pytest.mark.parametrize("path", ["/control.py", "/../control.py", "/%2e%2e/control.py", "/none.js"])
def test_nothing_but_the_page_is_served(simulator: Simulator, path: str) -> None:
    request = requests.Request("GET", "http://unused").prepare()
    request.url = simulator.url + path
    with requests.Session() as session:
        assert session.send(request, timeout=10).status_code == 404
