# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Reads, array bodies and bindings, whatever the kind (PROTOCOL 6, 8, 9, 20, 21)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro import catalogue
from nitrox.simulator.testing import Simulator, running

from .nitro import Nitro

HTTP_VSERVER = {"name": "v1", "servicetype": "HTTP"}


@pytest.fixture(scope="module", name="box")
def _box() -> Iterator[Simulator]:
    with running() as simulator:
        yield simulator


@pytest.fixture(name="nitro")
def _nitro(box: Simulator) -> Nitro:
    box.reset()
    return Nitro(box.url)


@pytest.fixture(name="three")
def _three(nitro: Nitro) -> Nitro:
    rows = [
        {"name": f"v{n}", "servicetype": "HTTP", "lbmethod": "ROUNDROBIN" if n else "TOKEN", "comment": f"no {n}"}
        for n in range(3)
    ]
    assert nitro.post("lbvserver", {"lbvserver": rows}).status == 201
    return nitro


@pytest.mark.parametrize(
    ("query", "names"),
    [
        pytest.param("", ["v0", "v1", "v2"], id="all, in the order of creation"),
        pytest.param("?filter=lbmethod:ROUNDROBIN", ["v1", "v2"], id="filter"),
        pytest.param("?filter=lbmethod:ROUNDROBIN,name:v2", ["v2"], id="filters are all required"),
        pytest.param("?filter=lbmethod:roundrobin", [], id="filter is case-sensitive"),
        pytest.param("?filter=name:%2f%5Ev[12]%2f", ["v1", "v2"], id="pattern"),
        pytest.param("?filter=comment:no%202", ["v2"], id="encoded value"),
        pytest.param("?pagesize=2&pageno=2", ["v2"], id="second page"),
        pytest.param("?pagesize=2&pageno=3", [], id="past the end"),
        pytest.param("?view=detail&filter=name:v1", ["v1"], id="view and filter"),
        pytest.param("?args=lbmethod:token", ["v0"], id="args, enumeration in any case"),
        pytest.param("/v1?args=", ["v1"], id="named with empty args"),
    ],
)
def test_reads(three: Nitro, query: str, names: list[str]) -> None:
    assert [row["name"] for row in three.rows(f"lbvserver{query}")] == names


def test_args_that_match_nothing_are_an_error_where_a_filter_is_not(three: Nitro) -> None:
    assert three.get("route?args=network:10.9.0.0,netmask:255.255.0.0,gateway:10.0.0.1").errorcode == 258
    empty = three.get("lbvserver?filter=name:nope")
    assert (empty.status, sorted(empty.body)) == (200, ["errorcode", "message", "severity"])


def test_count(three: Nitro) -> None:
    assert three.get("lbvserver?view=detail&count=yes&filter=lbmethod:ROUNDROBIN").body["lbvserver"] == [{"__count": 2}]
    assert three.get("lbvserver_servicegroup_binding/nope?count=yes").errorcode == 258


def test_an_array_body_stops_goes_on_or_rolls_back(nitro: Nitro) -> None:
    rows = [{"name": name, "servicetype": "HTTP"} for name in ("a", "a", "b")]
    left = {}
    for mode in ("exit", "continue", "rollback"):
        answer = nitro.post("lbvserver", {"lbvserver": rows}, headers={"X-NITRO-ONERROR": mode})
        assert (answer.status, answer.reason, answer.errorcode) == (207, "Multi Status", 1243)
        left[mode] = ([item["errorcode"] for item in answer.body["response"]], [row["name"] for row in nitro.rows("lbvserver")])
        for name in left[mode][1]:
            nitro.delete(f"lbvserver/{name}")
    assert left == {"exit": ([0, 273], ["a"]), "continue": ([0, 273, 0], ["a", "b"]), "rollback": ([0, 273], [])}


def test_rollback_of_an_update_is_not_supported(nitro: Nitro) -> None:
    answer = nitro.put("lbvserver", {"lbvserver": [{"name": "a", "comment": "x"}]}, headers={"X-NITRO-ONERROR": "rollback"})
    assert answer.errorcode == 1242


def test_ten_thousand_objects_in_one_body(nitro: Nitro) -> None:
    rows = [{"name": f"v{n}", "servicetype": "HTTP"} for n in range(10_000)]
    assert nitro.post("lbvserver", {"lbvserver": rows}).status == 201
    assert nitro.get("lbvserver?count=yes").body["lbvserver"] == [{"__count": 10_000}]


@pytest.mark.parametrize("method", ["PUT", "POST"])
@pytest.mark.parametrize("path", ["{kind}", "{kind}/v1", "{kind}?action=bind"])
def test_all_ways_to_bind(nitro: Nitro, method: str, path: str) -> None:
    nitro.add("lbvserver", **HTTP_VSERVER)
    nitro.add("servicegroup", servicegroupname="g", servicetype="HTTP")
    kind = "lbvserver_servicegroup_binding"
    body = {kind: {"name": "v1", "servicegroupname": "g"}}
    assert nitro.send(method, path.format(kind=kind), body).status in (200, 201)
    assert nitro.send(method, path.format(kind=kind), body).errorcode == 273
    assert [row["servicegroupname"] for row in nitro.rows(f"{kind}/v1")] == ["g"]
    assert nitro.delete(f"{kind}/v1?args=servicegroupname:g,name:v1").status == 200
    assert nitro.delete(f"{kind}/v1?args=servicegroupname:g").errorcode == 258


def test_deleting_a_parent_takes_its_bindings_along(nitro: Nitro) -> None:
    nitro.add("policypatset", name="p")
    nitro.bind("policypatset_pattern_binding", name="p", String="abc")
    assert nitro.delete("policypatset/p").status == 200
    nitro.add("policypatset", name="p")
    assert nitro.rows("policypatset_pattern_binding/p") == []


def test_the_list_of_types(nitro: Nitro) -> None:
    assert "lbvserver" in nitro.get("/nitro/v1/config/").body["configobjects"]["objects"]
    assert "lbvserver" in nitro.get("/nitro/v1/stat/").body["statobjects"]["objects"]


def test_an_error_answer_closes_the_connection(nitro: Nitro) -> None:
    assert nitro.get("lbvserver/nope").headers["Connection"].lower() == "close"


def test_every_kind_answers_its_get_all(nitro: Nitro) -> None:
    strange = {}
    for kind in catalogue.kinds():
        if "get_all" in kind.operations and not kind.is_binding and not kind.aggregate_of:
            answer = nitro.get(kind.name)
            if answer.status not in (200, 400, 404):
                strange[kind.name] = answer.status
    assert strange == {}
