# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Service groups, members, and the Desired State API (PROTOCOL 6.4, 7.2, 7.5, 10, 20 #9, exchanges E1–E14)."""

from __future__ import annotations

from typing import Any

import pytest

from nitrox.simulator.testing import Simulator

from .nitro import Nitro, Reply

MEMBER, LIST = "servicegroup_servicegroupmember_binding", "servicegroup_servicegroupmemberlist_binding"


def group(nitro: Nitro, name: str = "g", **values: object) -> None:
    nitro.add("servicegroup", servicegroupname=name, servicetype="HTTP", **values)


def bind(nitro: Nitro, **values: object) -> Reply:
    return nitro.put(MEMBER, {MEMBER: {"servicegroupname": "g", **values}})


def members(nitro: Nitro) -> list[dict[str, Any]]:
    return nitro.rows(f"{MEMBER}/g")


def hand_over(nitro: Nitro, *members_: dict[str, object]) -> Reply:
    return nitro.put(LIST, {LIST: {"servicegroupname": "g", "members": list(members_)}})


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"ip": "192.0.2.10", "port": 80}, 273),
        ({"servername": "web1", "port": 80}, 273),
        ({"servername": "web1", "port": 81}, 0),
        ({"servername": "nobody", "port": 80}, 258),
        ({"ip": "nowhere", "port": 80}, 1110),
        ({"ip": "192.0.2.11"}, 1505),
        ({"port": 80}, 1095),
    ],
    ids=["same-address", "same-server", "other-port", "missing-server", "no-address", "no-port", "neither"],
)
def test_a_second_member(nitro: Nitro, values: dict[str, object], code: int) -> None:
    group(nitro)
    nitro.add("server", name="web1", ipaddress="192.0.2.10")
    assert bind(nitro, ip="192.0.2.10", port=80).status == 201
    assert members(nitro)[0]["servername"] == "web1"
    assert bind(nitro, **values).errorcode == code


def test_a_member_is_bound_disabled_and_changed_in_place(nitro: Nitro) -> None:
    group(nitro)
    bind(nitro, ip="192.0.2.10", port=80, state="DISABLED", weight=3)
    found = members(nitro)[0]
    assert (found["state"], found["svrstate"], found["weight"]) == ("DISABLED", "OUT OF SERVICE", "3")
    where = {"servicegroupname": "g", "servername": "192.0.2.10", "port": 80}
    nitro.put("servicegroup", {"servicegroup": {**where, "weight": 9, "hashid": 5}})
    nitro.post("servicegroup?action=enable", {"servicegroup": where})
    found = members(nitro)[0]
    assert (found["state"], found["svrstate"], found["weight"], found["hashid"]) == ("ENABLED", "UP", "9", "5")
    nitro.post("servicegroup?action=unset", {"servicegroup": {**where, "weight": True}})
    assert (members(nitro)[0]["weight"], members(nitro)[0]["hashid"]) == ("1", "5")
    assert nitro.rows("servicegroup/g")[0].get("weight") is None
    assert nitro.put("servicegroup", {"servicegroup": {"servicegroupname": "g", "weight": 9}}).errorcode == 1093
    assert nitro.put("servicegroup", {"servicegroup": {**where, "port": 81, "weight": 9}}).errorcode == 258


def test_a_member_going_out_of_service_cannot_be_unbound(nitro: Nitro, box: Simulator) -> None:
    group(nitro)
    bind(nitro, ip="192.0.2.10", port=80)
    where = {"servicegroupname": "g", "servername": "192.0.2.10", "port": 80, "delay": 30, "graceful": "YES"}
    nitro.post("servicegroup?action=disable", {"servicegroup": where})
    assert members(nitro)[0]["svrstate"] == "GOING OUT OF SERVICE"
    assert nitro.delete(f"{MEMBER}/g?args=ip:192.0.2.10,port:80").errorcode == 1443
    box.control("POST", "clock", {"advance": 31})
    assert members(nitro)[0]["svrstate"] == "OUT OF SERVICE"
    assert nitro.delete(f"{MEMBER}/g?args=ip:192.0.2.10,port:80").status == 200
    assert nitro.get("server/192.0.2.10").status == 404


def test_the_group_is_as_well_as_its_members(nitro: Nitro) -> None:
    group(nitro)
    states = [nitro.rows("servicegroup/g")[0]["servicegroupeffectivestate"]]
    bind(nitro, ip="192.0.2.10", port=80)
    states.append(nitro.rows("servicegroup/g")[0]["servicegroupeffectivestate"])
    bind(nitro, ip="192.0.2.11", port=80, state="DISABLED")
    states.append(nitro.rows("servicegroup/g")[0]["servicegroupeffectivestate"])
    nitro.post("servicegroup?action=disable", {"servicegroup": {"servicegroupname": "g"}})
    states.append(nitro.rows("servicegroup/g")[0]["servicegroupeffectivestate"])
    assert states == ["DOWN", "UP", "PARTIAL-UP", "OUT OF SERVICE"]


def test_members_are_listed_with_their_group_on_request(nitro: Nitro) -> None:
    group(nitro)
    bind(nitro, ip="192.0.2.10", port=80)
    rows = nitro.rows("servicegroup?args=includemembers:true")
    assert [row.get("servername") for row in rows] == [None, "192.0.2.10"]
    assert len(nitro.rows("servicegroup")) == 1


@pytest.mark.parametrize(
    ("autoscale", "server", "code"),
    [("DISABLED", {"domain": "d.example", "querytype": "SRV"}, 1504), ("POLICY", {"ipaddress": "192.0.2.10"}, 3779)],
)
def test_members_that_the_sort_of_group_does_not_take(nitro: Nitro, autoscale: str, server: dict[str, object], code: int) -> None:
    group(nitro, autoscale=autoscale, memberport=80)
    nitro.add("server", name="s", **server)
    assert bind(nitro, servername="s", port=80).errorcode == code


def test_scaling_by_policy_needs_the_port(nitro: Nitro) -> None:
    body = {"servicegroupname": "g", "servicetype": "HTTP", "autoscale": "POLICY"}
    assert nitro.post("servicegroup", {"servicegroup": body}).errorcode == 1380


def test_a_group_does_not_become_one_of_the_desired_state_api(nitro: Nitro) -> None:
    group(nitro)
    answer = nitro.put("servicegroup", {"servicegroup": {"servicegroupname": "g", "autoscale": "API"}})
    assert (answer.status, answer.message) == (599, "Invalid argument [autoscale]")
    assert hand_over(nitro).errorcode == 257


def test_the_complete_set_is_what_remains(nitro: Nitro) -> None:
    group(nitro, autoscale="API")
    hand_over(nitro, {"ip": "192.0.2.10", "port": 80}, {"ip": "192.0.2.11", "port": 80, "weight": 5})
    hand_over(nitro, {"ip": "192.0.2.11", "port": 80, "weight": 6}, {"ip": "192.0.2.12", "port": 80, "state": "DISABLED"})
    found = [(row["ip"], row["weight"], row["state"]) for row in members(nitro)]
    assert found == [("192.0.2.11", "6", "ENABLED"), ("192.0.2.12", "1", "DISABLED")]
    assert nitro.get("server/192.0.2.10").status == 404
    hand_over(nitro)
    assert members(nitro) == []


def test_who_leaves_gracefully_stays_until_the_delay_is_over(nitro: Nitro, box: Simulator) -> None:
    group(nitro, autoscale="API", autodisablegraceful="YES", autodisabledelay=60)
    hand_over(nitro, {"ip": "192.0.2.10", "port": 80}, {"ip": "192.0.2.11", "port": 80})
    hand_over(nitro, {"ip": "192.0.2.11", "port": 80})
    assert [row["svrstate"] for row in members(nitro)] == ["GOING OUT OF SERVICE", "UP"]
    box.control("POST", "clock", {"advance": 61})
    assert [row["ip"] for row in members(nitro)] == ["192.0.2.11"]


def test_who_comes_back_in_time_is_up_again(nitro: Nitro) -> None:
    group(nitro, autoscale="API", autodisablegraceful="YES", autodisabledelay=60)
    hand_over(nitro, {"ip": "192.0.2.10", "port": 80})
    hand_over(nitro)
    hand_over(nitro, {"ip": "192.0.2.10", "port": 80})
    assert [row["svrstate"] for row in members(nitro)] == ["UP"]


@pytest.mark.parametrize("bad", [{"ip": "nowhere", "port": 80}, {"ip": "192.0.2.11", "port": 0}], ids=["address", "port"])
def test_what_cannot_be_bound_is_named_and_the_rest_is_bound(nitro: Nitro, bad: dict[str, object]) -> None:
    group(nitro, autoscale="API")
    answer = hand_over(nitro, {"ip": "192.0.2.10", "port": 80}, bad)
    assert (answer.status, answer.errorcode) == (599, 1442)
    assert answer.body[LIST]["failedmembers"] == [bad]
    assert [row["ip"] for row in members(nitro)] == ["192.0.2.10"]


def test_the_set_cannot_be_read_but_the_umbrella_can(nitro: Nitro) -> None:
    group(nitro, autoscale="API")
    hand_over(nitro, {"ip": "192.0.2.10", "port": 80})
    assert nitro.get(f"{LIST}/g").status == 400
    assert nitro.rows("servicegroup_binding/g")[0][MEMBER][0]["ip"] == "192.0.2.10"


@pytest.mark.parametrize("kind", ["lbvserver_servicegroup_binding", "lbvserver_service_binding"])
def test_a_group_is_bound_by_the_name_of_a_service_and_again_without_complaint(nitro: Nitro, kind: str) -> None:
    group(nitro)
    nitro.add("lbvserver", name="v", servicetype="HTTP")
    first = nitro.put(kind, {kind: {"name": "v", "servicename": "g", "weight": 1}})
    assert first.status == 201, first.text
    if kind == "lbvserver_servicegroup_binding":
        assert nitro.put(kind, {kind: {"name": "v", "servicename": "g", "weight": 1}}).status == 201
    found = nitro.rows("lbvserver_servicegroup_binding/v")
    assert found == [{"name": "v", "servicegroupname": "g", "servicename": "g", "stateflag": "536936464"}]
    assert nitro.delete(f"{kind}/v?args=servicename:g").status == 200
    assert nitro.rows("lbvserver_servicegroup_binding/v") == []


def test_a_group_is_seen_from_its_ends(nitro: Nitro) -> None:
    group(nitro)
    bind(nitro, ip="192.0.2.10", port=80)
    assert "vservername" not in nitro.rows("servicegroupbindings/g")[0]
    nitro.add("lbvserver", name="v", servicetype="HTTP")
    nitro.bind("lbvserver_servicegroup_binding", name="v", servicegroupname="g")
    assert nitro.rows("servicegroupbindings/g")[0]["vservername"] == "v"
    assert nitro.rows("lbvserver_servicegroupmember_binding/v")[0]["ipv46"] == "192.0.2.10"
    assert nitro.rows("server_servicegroup_binding/192.0.2.10")[0]["servicegroupname"] == "g"
    assert nitro.delete("servicegroup/g").status == 200
    assert nitro.rows("lbvserver_servicegroup_binding/v") == []
    assert nitro.get("server/192.0.2.10").status == 404
