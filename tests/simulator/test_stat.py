# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Statistics: shapes, types, movement with the clock, bindings, and what is refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from nitrox.simulator.testing import Simulator

from .nitro import Nitro

STAT = "/nitro/v1/stat/"
OBJECTS = ("ns", "system", "systemmemory", "ssl", "aaa", "hanode", "protocolhttp", "protocoltcp", "protocolip", "protocoludp",
           "protocolicmp", "nscapacity")  # fmt: skip
LISTS = ("lbvserver", "csvserver", "service", "servicegroup", "servicegroupmember", "sslvserver", "interface", "systemcpu")


@pytest.fixture
def nitro(simulator: Simulator) -> Nitro:
    """A small configuration: an SSL content switch, a virtual server with a group of two, a service."""
    box = Nitro(simulator.url)
    box.add("lbvserver", name="web", servicetype="HTTP", ipv46="203.0.113.10", port=80)
    box.add("lbvserver", name="lonely", servicetype="HTTP", ipv46="203.0.113.11", port=80)
    box.add("csvserver", name="front", servicetype="SSL", ipv46="203.0.113.12", port=443)
    box.add("servicegroup", servicegroupname="group", servicetype="HTTP")
    for last in (1, 2):
        box.bind("servicegroup_servicegroupmember_binding", servicegroupname="group", ip=f"198.51.100.{last}", port=8080)
    box.add("service", name="svc", ip="198.51.100.9", servicetype="HTTP", port=80)
    box.bind("lbvserver_servicegroup_binding", name="web", servicegroupname="group")
    box.bind("lbvserver_service_binding", name="web", servicename="svc")
    return box


def stat(nitro: Nitro, path: str) -> Any:
    """The payload of a statistic that must be there."""
    answer = nitro.get(STAT + path)
    assert answer.status == 200, f"{path}: {answer.status} {answer.text}"
    return next(value for key, value in answer.body.items() if key not in ("errorcode", "message", "severity"))


def later(simulator: Simulator, nitro: Nitro, seconds: float) -> Nitro:
    """Move the clock, with a session that outlives it."""
    simulator.control("POST", "clock", {"advance": seconds})
    return Nitro(nitro.url)


@pytest.mark.parametrize("type_", OBJECTS)
def test_a_statistic_of_the_box_is_an_object(nitro: Nitro, type_: str) -> None:
    assert isinstance(stat(nitro, type_), dict)


@pytest.mark.parametrize("type_", LISTS)
def test_a_statistic_of_configured_things_is_a_list(nitro: Nitro, type_: str) -> None:
    found = stat(nitro, type_)
    assert isinstance(found, list)
    assert found


@pytest.mark.parametrize(
    "path", ["lbvserver/web", "service/svc", "servicegroup/group", "csvserver/front", "sslvserver/front", "interface/1%252F1"]
)
def test_a_named_statistic_is_a_list_of_one(nitro: Nitro, path: str) -> None:
    assert len(stat(nitro, path)) == 1


def test_the_answer_calls_interfaces_with_a_capital_however_the_path_is_written(nitro: Nitro) -> None:
    for path in ("interface", "Interface"):
        assert "Interface" in nitro.get(STAT + path).body


def leaves(value: Any) -> Iterator[tuple[str, Any]]:
    rows = value if isinstance(value, list) else [value]
    for row in rows:
        for name, held in row.items():
            yield from leaves(held) if isinstance(held, (list, dict)) else [(name, held)]


@pytest.mark.parametrize("type_", [*OBJECTS, *LISTS])
def test_rates_percentages_and_ports_are_numbers_and_all_else_is_text(nitro: Nitro, type_: str) -> None:
    for name, value in leaves(stat(nitro, type_)):
        percentage = name.endswith(("pcnt", "perusage"))
        if name.endswith("rate") or percentage or name == "primaryport":
            assert isinstance(value, (int, float)), name
        else:
            assert isinstance(value, str), name


def numbers(row: dict[str, Any], *prefixes: str) -> dict[str, int]:
    counters = (name for name in row if name.startswith(prefixes) and not name.endswith("rate"))
    return {name: int(row[name]) for name in counters}


@pytest.mark.parametrize(
    ("path", "prefixes"),
    [
        pytest.param("lbvserver/web", ("tot",), id="virtual server"),
        pytest.param("service/svc", ("total", "vsvr"), id="service"),
        pytest.param("protocoltcp", ("tcptot",), id="tcp"),
        pytest.param("interface/1%252F1", ("tot",), id="interface"),
    ],
)
def test_counters_grow_with_the_clock_and_never_go_back(
    simulator: Simulator, nitro: Nitro, path: str, prefixes: tuple[str, ...]
) -> None:
    def read() -> dict[str, int]:
        found = stat(nitro, path)
        return numbers(found[0] if isinstance(found, list) else found, *prefixes)

    first = before = read()
    for _turn in range(12):
        nitro = later(simulator, nitro, 97)
        now = read()
        assert all(now[name] >= before[name] for name in before)
        before = now
    assert sum(before.values()) > sum(first.values())


def test_a_new_virtual_server_has_no_traffic_yet(nitro: Nitro) -> None:
    row = stat(nitro, "lbvserver/web")[0]
    assert (row["totalrequests"], row["requestsrate"], row["curclntconnections"]) == ("0", 0, "0")


def test_what_is_down_gets_no_traffic(simulator: Simulator, nitro: Nitro) -> None:
    nitro = later(simulator, nitro, 600)
    row = stat(nitro, "lbvserver/lonely")[0]
    assert (row["state"], row["totalrequests"], row["requestsrate"]) == ("DOWN", "0", 0)


def test_a_disabled_service_keeps_its_totals_and_has_no_rate(simulator: Simulator, nitro: Nitro) -> None:
    nitro = later(simulator, nitro, 600)
    total = stat(nitro, "service/svc")[0]["totalrequests"]
    assert int(total) > 0
    nitro.post("service?action=disable", {"service": {"name": "svc"}})
    nitro = later(simulator, nitro, 600)
    row = stat(nitro, "service/svc")[0]
    assert (row["state"], row["totalrequests"], row["requestsrate"]) == ("OUT OF SERVICE", total, 0)


def test_the_same_moment_gives_the_same_numbers(nitro: Nitro) -> None:
    assert stat(nitro, "lbvserver") == stat(nitro, "lbvserver")


def test_clearing_statistics_starts_the_counters_again(simulator: Simulator, nitro: Nitro) -> None:
    nitro = later(simulator, nitro, 3000)
    assert int(stat(nitro, "lbvserver/web")[0]["totalrequests"]) > 0
    assert int(stat(nitro, "protocolhttp")["httptotrequests"]) > 0
    assert nitro.post("nsstats?action=clear", {"nsstats": {"cleanuplevel": "stats"}}).status == 200
    assert stat(nitro, "lbvserver/web")[0]["totalrequests"] == "0"
    assert stat(nitro, "protocolhttp")["httptotrequests"] == "0"


def test_a_virtual_server_tells_how_much_of_it_is_up(nitro: Nitro) -> None:
    nitro.post("service?action=disable", {"service": {"name": "svc"}})
    row = stat(nitro, "lbvserver/web")[0]
    assert (row["state"], row["actsvcs"], row["inactsvcs"], row["vslbhealth"]) == ("UP", "2", "1", "66")


def test_statbindings_nests_services_and_members_of_a_virtual_server(nitro: Nitro) -> None:
    row = stat(nitro, "lbvserver/web?statbindings=yes")[0]
    assert [(one["name"], one["primaryipaddress"], one["primaryport"]) for one in row["service"]] == [("svc", "198.51.100.9", 80)]
    assert [one["servicegroupname"] for one in row["servicegroupmember"]] == [
        "group?198.51.100.1?8080",
        "group?198.51.100.2?8080",
    ]
    assert "service" not in stat(nitro, "lbvserver/web")[0]


def test_statbindings_of_a_group_are_its_members(nitro: Nitro) -> None:
    row = stat(nitro, "servicegroup/group?statbindings=yes")[0]
    members = [(one["servicegroupname"], one["state"], one["servicetype"]) for one in row["servicegroupmember"]]
    assert members == [("group?198.51.100.1?8080", "UP", "HTTP"), ("group?198.51.100.2?8080", "UP", "HTTP")]


def test_a_member_is_found_by_group_address_and_port(nitro: Nitro) -> None:
    found = stat(nitro, "servicegroupmember?args=servicegroupname:group,ip:198.51.100.2,port:8080")
    assert [one["primaryipaddress"] for one in found] == ["198.51.100.2"]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        pytest.param("lbvserver?filter=state:DOWN", ["lonely"], id="filter"),
        pytest.param("lbvserver?filter=name:%2f^w%2f", ["web"], id="expression"),
        pytest.param("lbvserver?args=detail:true", ["web", "lonely"], id="switches are no filter"),
    ],
)
def test_lists_can_be_narrowed(nitro: Nitro, path: str, expected: list[str]) -> None:
    assert [row["name"] for row in stat(nitro, path)] == expected


def test_attrs_projects(nitro: Nitro) -> None:
    assert stat(nitro, "lbvserver/web?attrs=name,state") == [{"name": "web", "state": "UP"}]


def test_count_is_a_number(nitro: Nitro) -> None:
    assert stat(nitro, "lbvserver?count=yes") == [{"__count": 2}]


@pytest.mark.parametrize("path", ["lbvserver/none", "service/none", "servicegroup/none", "systemcpu/9", "csvserver/none"])
def test_a_statistic_of_what_is_not_there_is_404(nitro: Nitro, path: str) -> None:
    answer = nitro.get(STAT + path)
    assert (answer.status, answer.errorcode) == (404, 258)


def test_a_list_without_anything_has_no_key(nitro: Nitro) -> None:
    answer = nitro.get(STAT + "gslbvserver")
    assert (answer.status, answer.body) == (200, {"errorcode": 0, "message": "Done", "severity": "NONE"})


def test_an_unknown_type_is_refused(nitro: Nitro) -> None:
    assert nitro.get(STAT + "nonsense").errorcode == 1232


def test_statistics_cannot_be_written(nitro: Nitro) -> None:
    assert nitro.post(STAT + "lbvserver", {"lbvserver": {"name": "web"}}).status == 405


def test_all_types_are_listed(nitro: Nitro) -> None:
    assert {*OBJECTS, *LISTS, "nsglobalcntr"} <= set(nitro.get(STAT).body["statobjects"]["objects"])


def test_global_counters_are_decimal_strings(simulator: Simulator, nitro: Nitro) -> None:
    nitro = later(simulator, nitro, 100)
    found = stat(nitro, "nsglobalcntr?args=counters:http_tot_Requests;sys_cur_duration_sincestart")
    assert set(found) == {"http_tot_Requests", "sys_cur_duration_sincestart"}
    assert all(value.isdigit() and int(value) >= 100 for value in found.values())


@pytest.mark.parametrize(
    ("query", "errorcode"),
    [
        pytest.param("", 1095, id="none"),
        pytest.param("?args=counters:" + ";".join(f"c{n}_tot_x" for n in range(13)), 1112, id="thirteen"),
    ],
)
def test_global_counters_want_one_to_twelve_names(nitro: Nitro, query: str, errorcode: int) -> None:
    assert nitro.get(STAT + "nsglobalcntr" + query).errorcode == errorcode


def test_a_stand_alone_box_says_that_it_is_no_pair(nitro: Nitro) -> None:
    found = stat(nitro, "hanode")
    assert (found["hacurstatus"], found["hacurstate"], found["hacurmasterstate"]) == ("NO", "UP", "Primary")


def test_both_nodes_of_a_pair_tell_their_role(start_simulator: Callable[..., Simulator]) -> None:
    pair = start_simulator(ha=True)
    roles = [stat(Nitro(url), "hanode") for url in pair.urls]
    assert [(one["hacurstatus"], one["hacurmasterstate"]) for one in roles] == [("YES", "Primary"), ("YES", "Secondary")]
    pair.control("POST", "failover")
    assert [stat(Nitro(url), "hanode")["hacurmasterstate"] for url in pair.urls] == ["Secondary", "Primary"]


def test_an_object_that_is_made_again_counts_from_zero(simulator: Simulator, nitro: Nitro) -> None:
    nitro = later(simulator, nitro, 1000)
    assert int(stat(nitro, "service/svc")[0]["totalrequests"]) > 0
    nitro.delete("lbvserver_service_binding/web?args=servicename:svc")
    assert nitro.delete("service/svc").status == 200
    nitro.add("service", name="svc", ip="198.51.100.9", servicetype="HTTP", port=80)
    assert stat(nitro, "service/svc")[0]["totalrequests"] == "0"
