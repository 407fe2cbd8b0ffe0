# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Live connections: who gets them, what cuts them, what lets them finish, and where they are counted."""

from __future__ import annotations

import json
import urllib.error
from collections.abc import Callable
from typing import Any

import pytest

from nitrox.simulator.testing import Simulator

from .live import BOUND, LEAVING, MEMBER, ONE, TWO, advance, connect, disable, furnish, report, states, tallies
from .nitro import Nitro


@pytest.fixture
def web(nitro: Nitro) -> Nitro:
    """A virtual server with a group of two members."""
    furnish(nitro)
    return nitro


def test_connections_are_spread_by_weight(web: Nitro, box: Simulator) -> None:
    web.put("servicegroup", {"servicegroup": {"servicegroupname": "g", "servername": "192.0.2.10", "port": 80, "weight": 3}})
    assert connect(box, 8) == {"opened": 8, "refused": 0}
    assert tallies(box) == {ONE: (6, 0, 0), TWO: (2, 0, 0)}


def test_connections_one_by_one_are_spread_like_many_at_once(web: Nitro, box: Simulator) -> None:
    for _client in range(6):
        connect(box, 1)
    assert tallies(box) == {ONE: (3, 0, 0), TWO: (3, 0, 0)}


def test_they_are_reported_for_one_virtual_server_alone(web: Nitro, box: Simulator) -> None:
    web.add("lbvserver", name="other", servicetype="HTTP")
    web.bind(BOUND, name="other", servicegroupname="g")
    assert (box.connect("v", 4), box.connect("other", 2, seconds=9)) == (4, 2)
    assert [box.connections(name)["open"] for name in ("v", "other", "")] == [4, 2, 6]


def test_services_get_connections_too(nitro: Nitro, box: Simulator) -> None:
    nitro.add("lbvserver", name="v", servicetype="HTTP")
    nitro.add("service", name="s", ip="192.0.2.20", servicetype="HTTP", port=80)
    nitro.bind("lbvserver_service_binding", name="v", servicename="s")
    connect(box, 3)
    assert tallies(box) == {"s": (3, 0, 0)}
    disable(nitro, "service", name="s")
    assert tallies(box) == {"s": (0, 0, 3)}


def test_a_content_switching_virtual_server_sends_to_its_targets(web: Nitro, box: Simulator) -> None:
    web.add("csvserver", name="front", servicetype="HTTP")
    web.bind("csvserver_lbvserver_binding", name="front", lbvserver="v")
    assert connect(box, 4, vserver="front")["opened"] == 4
    assert {row["vserver"] for row in report(box)["members"]} == {"front"}
    assert web.get("/nitro/v1/stat/csvserver/front").body["csvserver"][0]["establishedconn"] == "4"
    disable(web, "csvserver", name="front")
    assert report(box)["dropped"] == 4


def test_a_backup_takes_over_for_a_virtual_server_that_is_down(web: Nitro, box: Simulator) -> None:
    web.add("lbvserver", name="empty", servicetype="HTTP", backupvserver="v")
    assert connect(box, 2, vserver="empty")["opened"] == 2
    assert (report(box)["open"], {row["vserver"] for row in report(box)["members"]}) == (2, {"empty"})


def test_without_anything_up_connections_are_refused(web: Nitro, box: Simulator) -> None:
    disable(web, "servicegroup", servicegroupname="g")
    assert connect(box, 5) == {"opened": 0, "refused": 5}
    assert report(box)["refused"] == 5


def test_connections_finish_when_their_time_is_over(web: Nitro, box: Simulator) -> None:
    connect(box, 4, seconds=30)
    advance(box, 31)
    assert tallies(box) == {ONE: (0, 2, 0), TWO: (0, 2, 0)}


def test_connections_finish_when_they_are_closed(web: Nitro, box: Simulator) -> None:
    connect(box, 4)
    assert box.control("DELETE", "connections?vserver=v&count=3") == {"closed": 3}
    assert (report(box)["open"], report(box)["finished"]) == (1, 3)
    assert box.control("DELETE", "connections") == {"closed": 1}


DROPPING: list[Any] = [
    pytest.param(lambda n: n.delete(f"{MEMBER}/g?args=ip:192.0.2.10,port:80"), "the member is gone", 2, id="unbind a member"),
    pytest.param(lambda n: n.delete(f"{BOUND}/v?args=servicegroupname:g"), "servicegroup g is unbound", 4, id="unbind the group"),
    pytest.param(lambda n: n.delete("servicegroup/g"), "servicegroup g is gone", 4, id="remove the group"),
    pytest.param(lambda n: n.delete("lbvserver/v"), "lbvserver v is gone", 4, id="remove the virtual server"),
    pytest.param(lambda n: disable(n, "lbvserver", name="v"), "lbvserver v is disabled", 4, id="disable the virtual server"),
    pytest.param(lambda n: disable(n, "servicegroup", servicegroupname="g"), "it is disabled", 4, id="disable the group"),
    pytest.param(lambda n: disable(n, "server", name="192.0.2.10"), "it is disabled", 2, id="disable a server"),
    pytest.param(
        lambda n: disable(n, "servicegroup", servicegroupname="g", servername="192.0.2.10", port=80),
        "it is disabled",
        2,
        id="disable a member",
    ),
    pytest.param(lambda n: n.post("nsconfig?action=clear", {"nsconfig": {"force": True, "level": "basic"}}), None, 4, id="clear"),
]


@pytest.mark.parametrize(("act", "why", "count"), DROPPING)
def test_what_takes_an_endpoint_away_drops_its_connections(
    web: Nitro, box: Simulator, act: Callable[[Nitro], Any], why: str | None, count: int
) -> None:
    connect(box, 4)
    act(web)
    found = report(box)
    assert (found["open"], found["dropped"]) == (4 - count, count)
    assert sum(drop["count"] for drop in found["drops"]) == count
    if why:
        assert {drop["why"] for drop in found["drops"]} == {why}


def test_a_drop_names_the_request_that_did_it(web: Nitro, box: Simulator) -> None:
    connect(box, 2)
    web.delete(f"{MEMBER}/g?args=ip:192.0.2.11,port:80")
    drop = report(box)["drops"][0]
    assert drop["request"] == f"DELETE {MEMBER}/g?args=ip:192.0.2.11,port:80"
    entry = next(entry for entry in box.log() if entry["number"] == drop["number"])
    assert (entry["method"], entry["kind"]) == ("DELETE", MEMBER)


def test_a_member_that_goes_and_comes_in_one_request_has_dropped(web: Nitro, box: Simulator) -> None:
    connect(box, 4)
    member = {"servicegroupname": "g", "ip": "192.0.2.10", "port": 80}
    steps = [{"type": MEMBER, "action": action, "properties": member} for action in ("UNBIND", "BIND")]
    assert web.post("batchapi", {"batchapi": steps}).status == 201
    assert states(web) == ["UP", "UP"]
    assert tallies(box)[ONE] == (0, 0, 2)


@pytest.mark.parametrize(
    "act",
    [
        pytest.param(lambda n: n.put("lbvserver", {"lbvserver": {"name": "v", "lbmethod": "ROUNDROBIN"}}), id="update"),
        pytest.param(lambda n: n.bind(MEMBER, servicegroupname="g", ip="192.0.2.12", port=80), id="another member"),
        pytest.param(
            lambda n: n.put(
                "servicegroup",
                {"servicegroup": {"servicegroupname": "g", "servername": "192.0.2.10", "port": 80, "weight": 9}},
            ),
            id="another weight",
        ),
    ],
)
def test_what_changes_in_place_drops_nothing(web: Nitro, box: Simulator, act: Callable[[Nitro], Any]) -> None:
    connect(box, 4)
    act(web)
    assert (report(box)["open"], report(box)["dropped"]) == (4, 0)


@pytest.mark.parametrize(
    ("kind", "key", "old", "new"),
    [("lbvserver", "name", "v", "w"), ("servicegroup", "servicegroupname", "g", "h"), ("server", "name", "192.0.2.10", "one")],
)
def test_a_rename_drops_nothing(web: Nitro, box: Simulator, kind: str, key: str, old: str, new: str) -> None:
    connect(box, 4)
    assert web.post(f"{kind}?action=rename", {kind: {key: old, "newname": new}}).status == 200
    found = report(box)
    assert (found["open"], found["dropped"]) == (4, 0)
    assert any(new in (row["vserver"], *row["member"].split("?")) for row in found["members"])


@pytest.mark.parametrize(("flush", "dropped"), [("ENABLED", 2), ("DISABLED", 0)])
def test_what_goes_down_is_flushed_unless_it_is_set_otherwise(web: Nitro, box: Simulator, flush: str, dropped: int) -> None:
    web.put("servicegroup", {"servicegroup": {"servicegroupname": "g", "downstateflush": flush}})
    connect(box, 4)
    key = {"servicegroupname": "g", "ip": "192.0.2.10", "port": 80, "servername": "192.0.2.10"}
    box.control("POST", "mutate", {"kind": MEMBER, "key": key, "set": {"_health": "DOWN"}})
    assert report(box)["dropped"] == dropped


def test_a_partition_has_connections_of_its_own_and_takes_them_along(nitro: Nitro, box: Simulator) -> None:
    nitro.add("nspartition", partitionname="p")
    nitro.post("nspartition?action=Switch", {"nspartition": {"partitionname": "p"}})
    furnish(nitro)
    assert connect(box, 4, partition="p")["opened"] == 4
    assert nitro.get("/nitro/v1/stat/lbvserver/v").body["lbvserver"][0]["establishedconn"] == "4"
    nitro.post("nspartition?action=Switch", {"nspartition": {"partitionname": "default"}})
    assert nitro.delete("nspartition/p").status == 200
    assert {drop["why"] for drop in report(box)["drops"]} == {"the partition is gone"}
    assert "p" not in box.control("GET", "status")["partitions"]


def test_a_reboot_cuts_everything(web: Nitro, box: Simulator) -> None:
    web.post("nsconfig?action=save", {"nsconfig": {}})
    connect(box, 4)
    web.post("reboot", {"reboot": {"warm": True}})
    assert (report(box)["open"], report(box)["dropped"]) == (0, 4)


@pytest.mark.parametrize(("mode", "kept"), [("DISABLED", 0), ("STATEFUL", 4)])
def test_a_failover_cuts_what_is_not_mirrored(start_simulator: Callable[..., Simulator], mode: str, kept: int) -> None:
    pair = start_simulator(ha=True)
    furnish(Nitro(pair.url), connfailover=mode)
    connect(pair, 4)
    pair.control("POST", "failover")
    assert report(pair)["dropped"] == 4 - kept
    assert pair.control("GET", "connections", url=pair.urls[1])["open"] == kept


def test_a_secondary_takes_no_connections(start_simulator: Callable[..., Simulator]) -> None:
    pair = start_simulator(ha=True)
    furnish(Nitro(pair.url))
    Nitro(pair.urls[1]).get("lbvserver")
    taken = pair.control("POST", "connections", {"vserver": "v", "count": 3}, url=pair.urls[1])
    assert taken == {"opened": 0, "refused": 3}


def test_statistics_count_them(web: Nitro, box: Simulator) -> None:
    connect(box, 5)
    stat = "/nitro/v1/stat/"
    vserver = web.get(f"{stat}lbvserver/v?statbindings=yes").body["lbvserver"][0]
    assert (vserver["establishedconn"], vserver["curclntconnections"]) == ("5", "5")
    assert [one["svrestablishedconn"] for one in vserver["servicegroupmember"]] == ["3", "2"]
    disable(web, "servicegroup", **LEAVING)
    members = web.get(f"{stat}servicegroup/g?statbindings=yes").body["servicegroup"][0]["servicegroupmember"]
    assert [(one["cursrvrconnections"], one["curclntconnections"]) for one in members] == [("0", "0"), ("2", "2")]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        pytest.param({"count": 1}, 400, id="no virtual server"),
        pytest.param({"vserver": "v", "count": 0}, 400, id="none"),
        pytest.param({"vserver": "v", "seconds": "long"}, 400, id="no number"),
        pytest.param({"vserver": "v", "speed": 9}, 400, id="unknown"),
        pytest.param({"vserver": "nowhere"}, 404, id="not there"),
        pytest.param({"vserver": "v", "partition": "nowhere"}, 404, id="no partition"),
    ],
)
def test_what_is_wrong_is_refused(web: Nitro, box: Simulator, body: dict[str, Any], status: int) -> None:
    with pytest.raises(urllib.error.HTTPError) as caught:
        box.control("POST", "connections", body)
    assert caught.value.code == status
    assert json.load(caught.value)["error"]
