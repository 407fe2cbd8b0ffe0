# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""The control endpoint: what it answers, what it refuses, and that the state makes a round trip."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import requests

from nitrox.simulator.faults import KINDS
from nitrox.simulator.testing import Simulator

from .nitro import Nitro


@pytest.fixture
def nitro(simulator: Simulator) -> Nitro:
    return Nitro(simulator.url)


def call(simulator: Simulator, method: str, what: str, body: Any = None, raw: str | None = None) -> requests.Response:
    data = raw if raw is not None else None if body is None else json.dumps(body)
    with requests.Session() as session:
        session.trust_env = False
        return session.request(method, f"{simulator.url}/_simulator/{what}", data=data, timeout=10)


REFUSED = {
    "no JSON": ("POST", "faults", '{"fault": ', 400, "Expecting"),
    "unknown fault": ("POST", "faults", '{"fault": "earthquake"}', 400, "fault must be one of refuse"),
    "unknown parameter of a fault": ("POST", "faults", '{"fault": "html", "often": 1}', 400, "no such parameter: often"),
    "a fault without its errorcode": ("POST", "faults", '{"fault": "reject"}', 400, "reject needs errorcode"),
    "times as text": ("POST", "faults", '{"fault": "html", "times": "2"}', 400, "times: a whole number"),
    "negative seconds": ("POST", "faults", '{"fault": "delay", "seconds": -1}', 400, "seconds: a number from 0"),
    "a method that is no text": ("POST", "faults", '{"fault": "html", "method": 1}', 400, "method: text"),
    "no fault at all": ("POST", "faults", "", 400, "fault must be one of"),
    "a list as state": ("PUT", "state", "[]", 400, "a mapping is wanted, not list"),
    "unknown kind in a state": ("PUT", "state", '{"lbvservr": []}', 404, "lbvservr"),
    "rows that are none": ("PUT", "state", '{"default": {"lbvserver": {"name": "x"}}}', 400, "a list of mappings"),
    "unknown option": ("POST", "options", '{"speed": 1}', 400, "no such option: speed"),
    "latency as text": ("POST", "options", '{"latency": "1"}', 400, "latency: a number"),
    "done_body as number": ("POST", "options", '{"done_body": 1}', 400, "done_body: true or false"),
    "the clock backwards": ("POST", "clock", '{"advance": -1}', 400, "advance: a number from 0"),
    "the clock without advance": ("POST", "clock", "{}", 400, "advance"),
    "a mutation of nothing": ("POST", "mutate", '{"kind": "server", "key": {"name": "x"}, "remove": true}', 404, "not there"),
    "a mutation without a way": ("POST", "mutate", '{"kind": "server"}', 400, "one of add, set, remove"),
    "a mutation of an unknown attribute": ("POST", "mutate", '{"kind": "server", "add": {"nam": "x"}}', 400, "no attribute nam"),
    "a mutation of an unknown kind": ("POST", "mutate", '{"kind": "serv", "add": {}}', 404, "serv"),
    "log from no number": ("GET", "log?after=x", "", 400, "after: a whole number"),
    "objects of an unknown kind": ("GET", "objects?kind=nope", "", 404, "nope"),
    "a stand-alone box fails over": ("POST", "failover", "", 400, "stand-alone"),
    "no such control": ("GET", "weather", "", 404, "no such control: weather"),
    "nothing named": ("GET", "", "", 404, "no such control"),
    "another method": ("GET", "reset", "", 405, "only POST"),
    "a deleted state": ("DELETE", "state", "", 405, "only GET and PUT"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_wrong_is_told_in_json(simulator: Simulator, case: str) -> None:
    method, what, raw, status, message = REFUSED[case]
    answer = call(simulator, method, what, raw=raw)
    assert (answer.status_code, answer.headers["Content-Type"]) == (status, "application/json; charset=utf-8")
    assert message in answer.json()["error"]


def test_a_refused_state_leaves_the_old_one(simulator: Simulator, nitro: Nitro) -> None:
    nitro.add("server", name="one", ipaddress="198.51.100.1")
    before = simulator.control("GET", "state")
    assert call(simulator, "PUT", "state", {"default": {"server": [], "nope": []}}).status_code == 404
    assert simulator.control("GET", "state") == before


def test_of_several_faults_none_is_planned_when_one_is_wrong(simulator: Simulator) -> None:
    assert call(simulator, "POST", "faults", [{"fault": "html"}, {"fault": "nope"}]).status_code == 400
    assert simulator.control("GET", "faults")["planned"] == []


def test_counters_are_integers_and_requests_are_by_method_and_kind(simulator: Simulator, nitro: Nitro) -> None:
    nitro.add("server", name="one", ipaddress="198.51.100.1")
    nitro.get("server")
    nitro.get("server/one")
    nitro.post("nsconfig?action=save", {"nsconfig": {}})
    counters = simulator.counters()
    assert counters["requests"] == {"GET": {"server": 2}, "POST": {"login": 1, "nsconfig": 1, "server": 1}}
    numbers = {name: value for name, value in counters.items() if name != "requests"}
    assert set(numbers) == {"requests_total", "logins", "connections", "saves", "bytes_in", "bytes_out"}
    assert all(type(value) is int for value in numbers.values())
    assert (numbers["requests_total"], numbers["logins"], numbers["saves"], numbers["connections"]) == (5, 1, 1, 5)
    assert numbers["bytes_in"] > 0
    assert numbers["bytes_out"] > 0
    assert (simulator.count("GET", "server"), simulator.count("DELETE", "server")) == (2, 0)


def test_a_kept_connection_is_counted_once(simulator: Simulator) -> None:
    with requests.Session() as session:
        session.trust_env = False
        for _turn in range(3):
            session.get(f"{simulator.url}/nitro/v1/config/nsversion", auth=("nsroot", "nsroot"), timeout=10)
    assert (simulator.counters()["connections"], simulator.counters()["requests_total"]) == (1, 3)


def test_the_control_endpoint_counts_nothing(simulator: Simulator) -> None:
    for what in ("counters", "log", "state", "topology", "objects", "status", "fleet"):
        simulator.control("GET", what)
    assert simulator.counters()["requests_total"] == 0


def test_reset_forgets_configuration_counters_log_faults_and_clock(simulator: Simulator, nitro: Nitro) -> None:
    fresh = simulator.control("GET", "state")
    nitro.add("server", name="one", ipaddress="198.51.100.1")
    simulator.faults({"fault": "html", "times": 0})
    simulator.control("POST", "clock", {"advance": 1000})
    simulator.reset()
    assert simulator.control("GET", "state") == fresh
    assert (simulator.counters()["requests_total"], simulator.log()) == (0, [])
    assert simulator.control("GET", "faults") == {"planned": [], "injected": {}}
    assert simulator.control("GET", "status")["ahead"] == 0
    assert nitro.get("server").errorcode == 1027


def test_reset_goes_back_to_the_state_of_the_start(start_simulator: Callable[..., Simulator]) -> None:
    simulator = start_simulator(state={"server": [{"name": "loaded", "ipaddress": "198.51.100.7"}]})
    nitro = Nitro(simulator.url)
    nitro.delete("server/loaded")
    simulator.reset()
    assert [row["name"] for row in Nitro(simulator.url).rows("server")] == ["loaded"]


def test_the_log_is_numbered_and_can_be_followed(simulator: Simulator, nitro: Nitro) -> None:
    nitro.get("server")
    first = simulator.log()
    assert [entry["number"] for entry in first] == [1, 2]
    nitro.get("server/none")
    new = simulator.control("GET", f"log?after={first[-1]['number']}")
    assert [(e["number"], e["method"], e["kind"], e["status"], e["errorcode"]) for e in new] == [(3, "GET", "server", 404, 258)]
    assert simulator.control("GET", "log?after=3") == []
    assert [entry["number"] for entry in simulator.control("GET", "log?limit=2")] == [2, 3]


def test_the_log_shows_no_secrets(simulator: Simulator, nitro: Nitro) -> None:
    nitro.add("systemuser", username="somebody", password="hunter22")
    assert "hunter22" not in json.dumps(simulator.log())
    assert simulator.log()[0]["body"]["login"]["password"] == "********"


def furnish(nitro: Nitro) -> None:
    nitro.add("lbvserver", name="web", servicetype="HTTP")
    nitro.add("servicegroup", servicegroupname="group", servicetype="HTTP")
    nitro.bind("servicegroup_servicegroupmember_binding", servicegroupname="group", ip="198.51.100.1", port=80, weight=3)
    nitro.bind("lbvserver_servicegroup_binding", name="web", servicegroupname="group")
    nitro.add("nspartition", partitionname="other")
    nitro.post("nsfeature?action=disable", {"nsfeature": {"feature": ["LB"]}})
    nitro.delete("systemfile/ns.conf?args=filelocation:%2Fnsconfig")


def test_a_state_that_was_read_can_be_put_back(simulator: Simulator, nitro: Nitro) -> None:
    furnish(nitro)
    state = simulator.control("GET", "state")
    simulator.reset()
    assert simulator.control("GET", "state") != state
    simulator.control("PUT", "state", state)
    assert simulator.control("GET", "state") == state
    assert [row["ip"] for row in Nitro(simulator.url).rows("servicegroup_servicegroupmember_binding/group")] == ["198.51.100.1"]


def test_a_short_state_keeps_what_it_does_not_name(simulator: Simulator) -> None:
    simulator.control("PUT", "state", {"server": [{"name": "one", "ipaddress": "198.51.100.1"}]})
    nitro = Nitro(simulator.url)
    assert [row["name"] for row in nitro.rows("server")] == ["one"]
    assert nitro.get("lbmonitor/http").status == 200
    assert simulator.control("GET", "status")["unsaved"] is True


def test_the_clock_ends_idle_sessions(simulator: Simulator, nitro: Nitro) -> None:
    assert nitro.get("server").status == 200
    assert simulator.control("POST", "clock", {"advance": 1801}) == {"ahead": 1801.0}
    assert nitro.get("server").errorcode == 444


def test_options_are_read_back(simulator: Simulator, nitro: Nitro) -> None:
    wanted = {
        "latency": 0.0,
        "save_seconds": 60,
        "boot_seconds": 0,
        "done_body": True,
        "hold_sync": False,
        "secondary_errorcode": 0,
    }
    assert simulator.control("POST", "options", wanted) == wanted
    assert simulator.control("GET", "options") == wanted
    answer = nitro.post("nsconfig?action=save", {"nsconfig": {}})
    assert answer.body == {"errorcode": 0, "message": "Done", "severity": "NONE"}
    assert nitro.post("nsconfig?action=save", {"nsconfig": {}}).errorcode == 293


def mutate(simulator: Simulator, **body: Any) -> None:
    simulator.control("POST", "mutate", body)


def test_mutate_changes_behind_the_clients_back(simulator: Simulator, nitro: Nitro) -> None:
    furnish(nitro)
    requests_before = simulator.counters()["requests_total"]
    mutate(simulator, kind="lbvserver", key={"name": "web"}, set={"lbmethod": "roundrobin", "timeout": "7"})
    mutate(simulator, kind="server", add={"name": "two", "ipaddress": "198.51.100.2"})
    mutate(simulator, kind="servicegroup_servicegroupmember_binding", key={"ip": "198.51.100.1"}, set={"_health": "DOWN"})
    assert simulator.counters()["requests_total"] == requests_before
    row = nitro.rows("lbvserver/web")[0]
    assert (row["lbmethod"], row["timeout"], row["curstate"]) == ("ROUNDROBIN", 7, "DOWN")
    assert nitro.get("server/two").status == 200
    mutate(simulator, kind="lbvserver", key={"name": "web"}, set={"lbmethod": None})
    assert nitro.rows("lbvserver/web")[0]["lbmethod"] == "LEASTCONNECTION"


def test_mutate_removes_an_object_with_its_bindings(simulator: Simulator, nitro: Nitro) -> None:
    furnish(nitro)
    mutate(simulator, kind="servicegroup", key={"servicegroupname": "group"}, remove=True)
    assert nitro.get("servicegroup/group").status == 404
    assert "lbvserver_servicegroup_binding" not in simulator.state()


def test_save_and_unsaved_changes(simulator: Simulator, nitro: Nitro) -> None:
    assert simulator.control("GET", "status")["unsaved"] is False
    nitro.add("server", name="one", ipaddress="198.51.100.1")
    assert simulator.control("GET", "status")["unsaved"] is True
    assert simulator.control("POST", "save")["unsaved"] is False
    assert simulator.counters()["saves"] == 1


def test_status_explains_every_fault(simulator: Simulator) -> None:
    assert simulator.control("GET", "status")["faults"] == KINDS


def test_a_pair_is_a_fleet_of_two_and_reset_brings_its_roles_back(start_simulator: Callable[..., Simulator]) -> None:
    pair = start_simulator(ha=True)
    fleet = pair.control("GET", "fleet")
    assert [(one["name"], one["role"], one["url"]) for one in fleet] == [
        ("ns1", "Primary", pair.urls[0]),
        ("ns2", "Secondary", pair.urls[1]),
    ]
    pair.control("POST", "failover")
    assert [one["role"] for one in pair.control("GET", "fleet")] == ["Secondary", "Primary"]
    pair.control("POST", "reset", url=pair.urls[1])
    assert [one["role"] for one in pair.control("GET", "fleet")] == ["Primary", "Secondary"]


def test_what_is_configured_on_the_primary_is_on_the_secondary_after_a_failover(
    start_simulator: Callable[..., Simulator],
) -> None:
    pair = start_simulator(ha=True)
    Nitro(pair.url).add("server", name="one", ipaddress="198.51.100.1")
    pair.control("POST", "failover")
    assert Nitro(pair.urls[1]).get("server/one").status == 200


def test_appliances_of_a_fleet_are_apart(start_simulator: Callable[..., Simulator]) -> None:
    three = start_simulator(count=3)
    assert len(set(three.urls)) == 3
    assert len(three.appliance.fleet) == 3
    Nitro(three.urls[0]).add("server", name="one", ipaddress="198.51.100.1")
    assert Nitro(three.urls[1]).get("server/one").status == 404


def test_a_dumped_state_starts_another_simulator(
    simulator: Simulator, nitro: Nitro, start_simulator: Callable[..., Simulator], tmp_path: Path
) -> None:
    furnish(nitro)
    file = tmp_path / "state.json"
    file.write_text(json.dumps(simulator.control("GET", "state")))
    other = start_simulator(state=json.loads(file.read_text()))
    assert other.control("GET", "state") == simulator.control("GET", "state")
