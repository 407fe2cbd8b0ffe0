# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""An object's life through the real server: created once, changed as little as needed, gone without a trace."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import grpc
import pytest

from .server import Server, said

if TYPE_CHECKING:
    from nitrox.simulator.testing import Simulator

WEB: dict[str, Any] = {"name": "web", "servicetype": "HTTP", "ipv46": "203.0.113.10", "port": 80.0, "__name": "web"}


def plain(properties: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in properties.items() if not name.startswith("__")}


def live(simulator: Simulator, kind: str, name: str) -> dict[str, Any] | None:
    rows = simulator.state().get(kind, [])
    return next((row for row in rows if name in row.values()), None)


def writes(simulator: Simulator) -> list[tuple[str, str]]:
    return [(r["method"], r["path"]) for r in simulator.log() if r["method"] != "GET" and "log" not in r["path"].split("/")[-1]]


def test_a_create_sends_one_write_and_answers_with_its_inputs(server: Server, simulator: Simulator) -> None:
    id_, outs = server.made("lbvserver", WEB)
    assert id_ == "web"
    assert outs == plain(WEB)
    assert simulator.count("POST", "lbvserver") == 1


def test_what_only_an_update_takes_follows_in_one(server: Server, simulator: Simulator) -> None:
    server.made("lbmonitor", {"monitorname": "m", "type": "LOAD", "metrictable": "local", "metric": "1", "__name": "m"})
    assert (simulator.count("POST", "lbmonitor"), simulator.count("PUT", "lbmonitor")) == (1, 1)


def test_an_update_sends_what_changed_and_unsets_what_is_gone(server: Server, simulator: Simulator) -> None:
    id_, outs = server.made("lbvserver", {**WEB, "lbmethod": "ROUNDROBIN", "timeout": 5.0})
    news, failures = server.check("lbvserver", {**WEB, "lbmethod": "LEASTCONNECTION"}, outs)
    assert not failures
    assert server.update("lbvserver", id_, outs, news) == plain(news)
    bodies = [
        r["body"]["lbvserver"] for r in simulator.log() if r["method"] in ("PUT", "POST") and "lbvserver" in (r["body"] or {})
    ]
    assert bodies[1:] == [{"name": "web", "lbmethod": "LEASTCONNECTION"}, {"name": "web", "timeout": True}]


def test_a_rename_keeps_the_object(server: Server, simulator: Simulator, start: Callable[..., Server]) -> None:
    id_, outs = server.made("lbvserver", WEB)
    outs = server.update("lbvserver", id_, outs, {**WEB, "name": "shop"})
    assert live(simulator, "lbvserver", "web") is None
    assert simulator.count("DELETE", "lbvserver") == 0
    assert server.read("lbvserver", id_, outs)[1]["name"] == "shop"
    start().delete("lbvserver", id_, outs)
    assert live(simulator, "lbvserver", "shop") is None


def test_a_delete_of_what_is_gone_succeeds(server: Server, simulator: Simulator, start: Callable[..., Server]) -> None:
    id_, outs = server.made("lbvserver", WEB)
    for _unused in range(2):
        start().delete("lbvserver", id_, outs)
    assert live(simulator, "lbvserver", "web") is None


def test_what_cannot_be_deleted_goes_back_to_its_defaults(
    server: Server, simulator: Simulator, start: Callable[..., Server]
) -> None:
    id_, outs = server.made("nstcpparam", {"ws": "DISABLED", "__name": "tcp"})
    assert id_ == "nstcpparam"
    later = start()
    later.delete("nstcpparam", id_, outs)
    assert later.read("nstcpparam", id_, {"__get": True})[1]["ws"] == "ENABLED"


def test_features_stay_on(server: Server, simulator: Simulator) -> None:
    id_, outs = server.made("nsfeature", {"feature": ["LB", "REWRITE"], "__name": "features"})
    server.delete("nsfeature", id_, outs)
    assert simulator.count("POST", "nsfeature") == 1


def test_an_object_that_exists_is_not_taken_over(server: Server, simulator: Simulator, start: Callable[..., Server]) -> None:
    server.made("lbvserver", {**WEB, "lbmethod": "ROUNDROBIN"})
    other = start()
    with pytest.raises(grpc.RpcError) as refused:
        other.made("lbvserver", {**WEB, "lbmethod": "LEASTCONNECTION"})
    assert said(refused.value) == (
        "lbvserver web: exists already (with another lbmethod): adopt=True takes it over, "
        "an alias or the old logical name keeps a resource that was only renamed"
    )
    assert (live(simulator, "lbvserver", "web") or {})["lbmethod"] == "ROUNDROBIN"


def test_an_object_with_more_settings_than_ours_is_somebody_elses(server: Server, start: Callable[..., Server]) -> None:
    server.made("lbvserver", {**WEB, "comment": "do not touch"})
    with pytest.raises(grpc.RpcError, match="and has comment besides"):
        start().made("lbvserver", WEB)


def test_a_create_that_was_killed_half_way_can_be_repeated(
    server: Server, simulator: Simulator, start: Callable[..., Server]
) -> None:
    first = server.made("lbvserver", WEB)
    assert start().made("lbvserver", WEB) == first
    assert simulator.count("POST", "lbvserver") == 1


@pytest.mark.parametrize("how", ["resource", "provider"])
def test_adoption_when_told(server: Server, simulator: Simulator, start: Callable[..., Server], how: str) -> None:
    server.made("lbvserver", {**WEB, "comment": "old"})
    other = start(adopt="true") if how == "provider" else start()
    told = {"__adopt": True} if how == "resource" else {}
    outs = other.made("lbvserver", {"name": "web", "lbmethod": "ROUNDROBIN", "__name": "web", **told})[1]
    assert outs == {"name": "web", "lbmethod": "ROUNDROBIN", "__adopted": True}
    found = live(simulator, "lbvserver", "web") or {}
    assert (found["lbmethod"], found["comment"]) == ("ROUNDROBIN", "old")


def test_a_lost_answer_is_read_back_and_makes_no_duplicate(server: Server, simulator: Simulator) -> None:
    simulator.faults({"fault": "drop_after", "method": "POST", "kind": "lbvserver"})
    assert server.made("lbvserver", WEB)[0] == "web"
    assert simulator.count("POST", "lbvserver") == 1


def test_a_create_that_fails_in_its_second_step_leaves_nothing(server: Server, simulator: Simulator) -> None:
    simulator.faults({"method": "PUT", "fault": "reject", "errorcode": 1093})
    with pytest.raises(grpc.RpcError, match="what was done before was taken back"):
        server.made(
            "sslcertkey", {"certkey": "k", "cert": "ns-root.cert", "key": "ns-root.key", "__name": "k", "linkcertkeyname": "no"}
        )
    assert live(simulator, "sslcertkey", "k") is None


def test_a_read_shows_drift_by_property(server: Server, simulator: Simulator, start: Callable[..., Server]) -> None:
    id_, outs = server.made("lbvserver", {**WEB, "lbmethod": "ROUNDROBIN"})
    server.update("lbvserver", id_, outs, {**WEB, "lbmethod": "TOKEN"})
    seen, now, inputs = start().read("lbvserver", id_, outs)
    assert seen == id_
    assert now == {**plain(WEB), "lbmethod": "TOKEN"}
    assert plain(inputs) == now


def test_a_read_without_drift_spells_everything_as_it_was(server: Server, start: Callable[..., Server]) -> None:
    id_, outs = server.made("lbmonitor", {"monitorname": "m", "type": "HTTP", "interval": 1.0, "units3": "MIN", "__name": "m"})
    seen, now, inputs = start().read("lbmonitor", id_, outs)
    assert (seen, now, inputs) == (id_, outs, {})


def test_a_read_of_what_is_gone_has_no_id(server: Server) -> None:
    assert server.read("lbvserver", "web", plain(WEB))[0] == ""


def test_a_lookup_shows_everything(server: Server) -> None:
    server.made("lbvserver", WEB)
    id_, outs, inputs = server.read("lbvserver", "web", {"__get": True})
    assert id_ == "web"
    assert outs["lbmethod"] == "LEASTCONNECTION"
    assert outs["servicetype"] == "HTTP"
    assert inputs == {"name": "web", "__get": True}


def test_unknown_is_not_absent(server: Server, simulator: Simulator) -> None:
    id_, outs = server.made("lbvserver", WEB)
    simulator.faults({"method": "GET", "kind": "lbvserver", "fault": "reject", "errorcode": 1074, "times": 0})
    with pytest.raises(grpc.RpcError, match="1074"):
        server.read("lbvserver", id_, outs)


@pytest.mark.parametrize(
    ("kind", "properties", "id_"),
    [
        ("lbmonitor", {"monitorname": "a b", "type": "HTTP"}, "a%20b/HTTP"),
        (
            "route",
            {"network": "198.51.100.0", "netmask": "255.255.255.0", "gateway": "192.168.1.1"},
            "198.51.100.0/192.168.1.1/255.255.255.0",
        ),
        ("vlan", {"id": 5.0}, "5"),
    ],
)
def test_ids_are_the_keys(server: Server, start: Callable[..., Server], kind: str, properties: dict[str, Any], id_: str) -> None:
    found, outs = server.made(kind, {**properties, "__name": "x"})
    assert found == id_
    assert server.read(kind, found, {"__get": True})[0] == found
    later = start()
    later.delete(kind, found, outs)
    assert later.read(kind, found, outs)[0] == ""
