# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Servers, services and their monitors (PROTOCOL 5.2, 7.1, 7.2, 7.5, 21.2, 21.3, exchanges D1–D7)."""

from __future__ import annotations

import pytest

from nitrox.simulator.testing import Simulator

from .nitro import Nitro


def service(nitro: Nitro, name: str = "s", **values: object) -> None:
    nitro.add("service", **{"name": name, "ip": "192.0.2.10", "port": 80, "servicetype": "HTTP", **values})


def monitors(nitro: Nitro, path: str = "service_lbmonitor_binding/s") -> list[str]:
    return [row["monitor_name"] for row in nitro.rows(path)]


def test_a_service_by_address_makes_its_server_and_takes_it_along(nitro: Nitro) -> None:
    service(nitro)
    assert nitro.rows("server/192.0.2.10")[0]["ipaddress"] == "192.0.2.10"
    assert nitro.delete("server/192.0.2.10").errorcode == 315
    assert nitro.delete("service/s").status == 200
    assert nitro.get("server/192.0.2.10").status == 404


def test_a_service_by_address_uses_the_server_that_is_there(nitro: Nitro) -> None:
    nitro.add("server", name="web1", ipaddress="192.0.2.10")
    service(nitro)
    assert nitro.rows("service/s")[0]["servername"] == "web1"
    assert nitro.rows("server_service_binding/web1")[0]["servicename"] == "s"
    nitro.delete("service/s")
    assert nitro.get("server/web1").status == 200


def test_both_spellings_of_the_address_are_taken_and_one_is_shown(nitro: Nitro) -> None:
    service(nitro, ipaddress="192.0.2.10")
    found = nitro.rows("service/s")[0]
    assert found["ipaddress"] == "192.0.2.10"
    assert "ip" not in found


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({}, 2305),
        ({"port": 81}, 0),
        ({"ip": "192.0.2.11"}, 0),
        ({"ip": "nowhere"}, 1110),
        ({"ip": None, "servername": "nobody"}, 258),
        ({"ip": None}, 1095),
    ],
    ids=["same", "other-port", "other-address", "no-address", "missing-server", "neither"],
)
def test_the_endpoint_of_a_second_service(nitro: Nitro, values: dict[str, object], code: int) -> None:
    service(nitro)
    body = {"name": "t", "ip": "192.0.2.10", "port": 80, "servicetype": "HTTP", **values}
    assert nitro.post("service", {"service": body}).errorcode == code


def test_a_new_address_of_the_server_reaches_services_and_members(nitro: Nitro) -> None:
    nitro.add("server", name="web1", ipaddress="192.0.2.10")
    service(nitro, ip=None, servername="web1")
    nitro.add("servicegroup", servicegroupname="g", servicetype="HTTP")
    nitro.bind("servicegroup_servicegroupmember_binding", servicegroupname="g", servername="web1", port=80)
    assert nitro.put("server/web1", {"server": {"name": "web1", "ipaddress": "192.0.2.99"}}).status == 200
    assert nitro.rows("service/s")[0]["ipaddress"] == "192.0.2.99"
    assert nitro.rows("servicegroup_servicegroupmember_binding/g")[0]["ip"] == "192.0.2.99"
    assert nitro.delete("servicegroup_servicegroupmember_binding/g?args=ip:192.0.2.99,port:80").status == 200


def test_an_address_belongs_to_one_server(nitro: Nitro) -> None:
    nitro.add("server", name="a", ipaddress="192.0.2.10")
    answer = nitro.post("server", {"server": {"name": "b", "ipaddress": "192.0.2.10"}})
    assert (answer.status, answer.errorcode) == (409, 273)
    nitro.add("server", name="c", domain="c.example")
    assert nitro.put("server", {"server": {"name": "a", "domain": "d.example"}}).errorcode == 278


def test_the_default_monitor_steps_back_and_returns(nitro: Nitro) -> None:
    service(nitro)
    assert monitors(nitro) == ["tcp-default"]
    nitro.add("lbmonitor", monitorname="m", type="HTTP")
    nitro.post("lbmonitor_service_binding", {"lbmonitor_service_binding": {"monitorname": "m", "servicename": "s"}})
    assert monitors(nitro) == ["m"]
    assert nitro.delete("lbmonitor/m?args=type:HTTP").errorcode == 2131
    assert nitro.delete("service_lbmonitor_binding/s?args=monitor_name:m").status == 200
    assert monitors(nitro) == ["tcp-default"]


def test_datagrams_are_watched_by_ping(nitro: Nitro) -> None:
    service(nitro, servicetype="UDP")
    assert monitors(nitro) == ["ping-default"]


def test_a_monitor_is_switched_on_one_binding(nitro: Nitro) -> None:
    service(nitro)
    nitro.add("lbmonitor", monitorname="m", type="HTTP")
    nitro.bind("service_lbmonitor_binding", name="s", monitor_name="m")
    nitro.post("lbmonitor?action=disable", {"lbmonitor": {"monitorname": "m", "servicename": "s"}})
    assert nitro.rows("service_lbmonitor_binding/s")[0]["monstate"] == "DISABLED"
    assert nitro.rows("lbmonitor/m")[0]["state"] == "ENABLED"
    assert nitro.rows("lbmonbindings_service_binding/m")[0]["monsvcstate"] == "DISABLED"
    nitro.post("lbmonitor?action=enable", {"lbmonitor": {"monitorname": "m", "servicename": "s"}})
    assert nitro.rows("service_lbmonitor_binding/s")[0]["monstate"] == "ENABLED"


@pytest.mark.parametrize("kind", ["lbmonitor_service_binding", "lbmonitor_servicegroup_binding"])
def test_either_kind_binds_a_monitor_to_a_group(nitro: Nitro, kind: str) -> None:
    nitro.add("servicegroup", servicegroupname="g", servicetype="HTTP")
    nitro.add("lbmonitor", monitorname="m", type="HTTP")
    nitro.post(kind, {kind: {"monitorname": "m", "servicegroupname": "g", "state": "DISABLED"}})
    assert nitro.rows("servicegroup_lbmonitor_binding/g")[0]["monitor_name"] == "m"
    assert nitro.rows("lbmonbindings_servicegroup_binding/m")[0]["servicegroupname"] == "g"
    assert nitro.delete(f"{kind}/m?args=servicegroupname:g").status == 200
    assert monitors(nitro, "servicegroup_lbmonitor_binding/g") == ["tcp-default"]


def test_state_follows_the_service_and_its_server(nitro: Nitro, box: Simulator) -> None:
    service(nitro)
    for kind, name in (("service", "s"), ("server", "192.0.2.10")):
        nitro.post(f"{kind}?action=disable", {kind: {"name": name}})
        assert nitro.rows("service/s")[0]["svrstate"] == "OUT OF SERVICE"
        nitro.post(f"{kind}?action=enable", {kind: {"name": name}})
        assert nitro.rows("service/s")[0]["svrstate"] == "UP"
    nitro.post("service?action=disable", {"service": {"name": "s", "delay": 60}})
    assert nitro.rows("service/s")[0]["svrstate"] == "GOING OUT OF SERVICE"
    box.control("POST", "clock", {"advance": 61})
    assert nitro.rows("service/s")[0]["svrstate"] == "OUT OF SERVICE"


def test_a_bound_service_may_be_protected(nitro: Nitro) -> None:
    service(nitro)
    nitro.add("lbvserver", name="v", servicetype="HTTP")
    nitro.bind("lbvserver_service_binding", name="v", servicename="s")
    nitro.put("lbparameter", {"lbparameter": {"allowboundsvcremoval": "DISABLED"}})
    assert nitro.delete("service/s").errorcode == 1325
    nitro.put("lbparameter", {"lbparameter": {"allowboundsvcremoval": "ENABLED"}})
    assert nitro.delete("service/s").status == 200
    assert nitro.rows("lbvserver_service_binding/v") == []


def test_bindings_of_a_service_have_a_row_while_it_exists(nitro: Nitro) -> None:
    service(nitro)
    assert "vservername" not in nitro.rows("svcbindings/s")[0]
    nitro.add("lbvserver", name="v", servicetype="SSL")
    nitro.bind("lbvserver_service_binding", name="v", servicename="s", weight=7)
    assert nitro.rows("svcbindings/s")[0]["vservername"] == "v"
    assert nitro.rows("lbvserver_service_binding/v")[0]["weight"] == "7"
    nitro.put("lbvserver", {"lbvserver": {"name": "v", "servicename": "s", "weight": 9}})
    assert nitro.rows("lbvserver_service_binding/v")[0]["weight"] == "9"
    nitro.delete("service/s")
    assert nitro.get("svcbindings/s").status == 404


@pytest.mark.parametrize(("vserver", "bound", "code"), [("HTTP", "UDP", 1304), ("TCP", "HTTP", 1304), ("SSL", "HTTP", 0)])
def test_a_vserver_takes_services_of_its_sort(nitro: Nitro, vserver: str, bound: str, code: int) -> None:
    service(nitro, servicetype=bound)
    nitro.add("lbvserver", name="v", servicetype=vserver)
    answer = nitro.put("lbvserver_service_binding", {"lbvserver_service_binding": {"name": "v", "servicename": "s"}})
    assert answer.errorcode == code, answer.text


@pytest.mark.parametrize("value", ["interval", "downtime", "resptimeout"])
def test_sixty_seconds_read_as_a_minute(nitro: Nitro, value: str) -> None:
    unit = {"downtime": "units2", "interval": "units3", "resptimeout": "units4"}[value]
    nitro.add("lbmonitor", monitorname="m", type="HTTP", **{value: 120, unit: "SEC"})
    found = nitro.rows("lbmonitor/m")[0]
    assert (found[value], found[unit]) == (2, "MIN")
    nitro.put("lbmonitor", {"lbmonitor": {"monitorname": "m", "type": "HTTP", value: 45, unit: "SEC"}})
    found = nitro.rows("lbmonitor/m")[0]
    assert (found[value], found[unit]) == (45, "SEC")


@pytest.mark.parametrize("name", ["tcp-default", "ping", "http"])
def test_built_in_monitors_stay(nitro: Nitro, name: str) -> None:
    type_ = nitro.rows(f"lbmonitor/{name}")[0]["type"]
    assert nitro.delete(f"lbmonitor/{name}?args=type:{type_.lower()}").errorcode == 2132


def test_a_monitor_is_deleted_with_its_type_only(nitro: Nitro) -> None:
    nitro.add("lbmonitor", monitorname="m", type="http")
    assert nitro.rows("lbmonitor/m")[0]["respcode"] == ["200"]
    assert nitro.delete("lbmonitor/m").errorcode == 1095
    assert nitro.delete("lbmonitor/m?args=type:TCP").status == 404
    assert nitro.delete("lbmonitor/m?args=type:http").status == 200


def test_a_service_moves_to_another_address(nitro: Nitro) -> None:
    service(nitro)
    assert nitro.put("service", {"service": {"name": "s", "ipaddress": "192.0.2.11"}}).status == 200
    found = nitro.rows("service/s")[0]
    assert (found["ipaddress"], found["servername"]) == ("192.0.2.11", "192.0.2.11")
    assert nitro.get("server/192.0.2.10").status == 404


IMMUTABLE = {
    "lbvserver": "port servicetype range td redirurlflags",
    "csvserver": "port servicetype targettype range td",
    "service": "ip servername servicetype port cleartextport cachetype td",
    "servicegroup": "servicetype cachetype td memberport includemembers",
    "server": "td domain ipv6address",
    "lbmonitor": "servicename servicegroupname",
}
VALUES = {"port": 81, "range": 2, "td": 1, "cleartextport": 81, "memberport": 81, "servicetype": "TCP", "targettype": "GSLB"}
VALUES |= {"cachetype": "FORWARD", "ipv6address": "YES", "ip": "192.0.2.12", "includemembers": True, "redirurlflags": True}


@pytest.mark.parametrize(("kind", "attribute"), [(kind, name) for kind, names in IMMUTABLE.items() for name in names.split()])
def test_what_cannot_be_changed_is_refused_by_name(nitro: Nitro, kind: str, attribute: str) -> None:
    new: dict[str, dict[str, object]] = {
        "service": {"ip": "192.0.2.10", "port": 80, "servicetype": "HTTP"},
        "server": {"ipaddress": "192.0.2.10"},
        "lbmonitor": {"type": "HTTP"},
    }
    key = {"servicegroup": "servicegroupname", "lbmonitor": "monitorname"}.get(kind, "name")
    nitro.add(kind, **{key: "x", **new.get(kind, {"servicetype": "HTTP"})})
    before = nitro.rows(f"{kind}/x")[0]
    type_ = {"type": "HTTP"} if kind == "lbmonitor" else {}
    answer = nitro.put(f"{kind}/x", {kind: {key: "x", **type_, attribute: VALUES.get(attribute, "y")}})
    assert (answer.status, answer.errorcode, answer.message) == (599, 278, f"Invalid argument [{attribute}]")
    after = nitro.rows(f"{kind}/x")[0]
    assert after.get(attribute) == before.get(attribute)
