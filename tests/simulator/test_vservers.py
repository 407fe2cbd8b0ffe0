# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Virtual servers: the published row, addresses, states, deletion (PROTOCOL 7, 8.3, Appendix A)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from nitrox.simulator.testing import Simulator

from .nitro import Nitro

PUBLISHED = json.loads((Path(__file__).parent / "exchanges" / "C.json").read_text())["C3"]["steps"][0]["expect"]["lbvserver"][0]
ADDRESS: dict[str, Any] = {"ipv46": "192.0.2.80", "port": 80}


def vserver(nitro: Nitro, name: str, kind: str = "lbvserver", **values: Any) -> None:
    nitro.add(kind, name=name, **{"servicetype": "HTTP", **values})


def row(nitro: Nitro, name: str, kind: str = "lbvserver") -> dict[str, Any]:
    return dict(nitro.rows(f"{kind}/{name}")[0])


@pytest.mark.parametrize("attribute", [name for name, value in PUBLISHED.items() if value != "…"])
def test_a_new_vserver_reads_as_published(nitro: Nitro, attribute: str) -> None:
    vserver(nitro, "Test123")
    found = row(nitro, "Test123")
    assert found[attribute] == PUBLISHED[attribute]
    assert type(found[attribute]) is type(PUBLISHED[attribute])


@pytest.mark.parametrize(
    ("servicetype", "timeout"), [("HTTP", "180"), ("SSL", "180"), ("TCP", "9000"), ("UDP", "120"), ("ANY", "120")]
)
def test_the_idle_timeout_depends_on_the_protocol(nitro: Nitro, servicetype: str, timeout: str) -> None:
    vserver(nitro, "v", servicetype=servicetype)
    assert row(nitro, "v")["clttimeout"] == timeout


@pytest.mark.parametrize(
    ("second", "code"),
    [
        ({}, 273),
        ({"servicetype": "SSL"}, 273),
        ({"port": 81}, 0),
        ({"ipv46": "192.0.2.81"}, 0),
        ({"servicetype": "UDP"}, 0),
        ({"listenpolicy": "CLIENT.VLAN.ID.EQ(2)"}, 0),
    ],
    ids=["same", "other-protocol", "other-port", "other-address", "other-transport", "listen-policy"],
)
@pytest.mark.parametrize("kind", ["lbvserver", "csvserver"])
def test_an_endpoint_belongs_to_one_vserver(nitro: Nitro, kind: str, second: dict[str, Any], code: int) -> None:
    vserver(nitro, "first", **ADDRESS)
    answer = nitro.post(kind, {kind: {"name": "second", "servicetype": "HTTP", **ADDRESS, **second}})
    assert answer.errorcode == code, answer.text


def test_a_vserver_keeps_its_own_endpoint_in_an_update(nitro: Nitro) -> None:
    vserver(nitro, "first", **ADDRESS)
    assert nitro.put("lbvserver", {"lbvserver": {"name": "first", "ipv46": "192.0.2.80", "comment": "x"}}).status == 200
    vserver(nitro, "second", ipv46="192.0.2.90", port=80)
    assert nitro.put("lbvserver", {"lbvserver": {"name": "second", "ipv46": "192.0.2.80"}}).errorcode == 273
    assert row(nitro, "second")["ipv46"] == "192.0.2.90"


def test_what_is_no_address_is_1110(nitro: Nitro) -> None:
    answer = nitro.post("lbvserver", {"lbvserver": {"name": "v", "servicetype": "HTTP", "ipv46": "300.1.1.1", "port": 80}})
    assert (answer.status, answer.errorcode) == (400, 1110)
    assert nitro.get("lbvserver/v").status == 404


def test_a_backup_must_exist_and_takes_over(nitro: Nitro) -> None:
    assert nitro.post("lbvserver", {"lbvserver": {"name": "v", "servicetype": "HTTP", "backupvserver": "b"}}).errorcode == 430
    vserver(nitro, "b")
    vserver(nitro, "v", backupvserver="b")
    assert row(nitro, "v")["effectivestate"] == "DOWN"
    nitro.add("service", name="s", ip="192.0.2.10", port=80, servicetype="HTTP")
    nitro.bind("lbvserver_service_binding", name="b", servicename="s")
    assert (row(nitro, "v")["curstate"], row(nitro, "v")["effectivestate"]) == ("DOWN", "UP")
    assert nitro.delete("lbvserver/b").status == 200
    assert "backupvserver" not in row(nitro, "v")


def test_state_and_counts_follow_what_is_bound(nitro: Nitro, box: Simulator) -> None:
    vserver(nitro, "v", healththreshold=60)
    nitro.add("servicegroup", servicegroupname="g", servicetype="HTTP")
    nitro.bind("lbvserver_servicegroup_binding", name="v", servicegroupname="g")
    for last in (1, 2):
        nitro.bind("servicegroup_servicegroupmember_binding", servicegroupname="g", ip=f"192.0.2.{last}", port=80)
    found = row(nitro, "v")
    assert [found[name] for name in ("curstate", "totalservices", "activeservices", "health")] == ["UP", "2", "2", "100"]
    member = {"servicegroupname": "g", "ip": "192.0.2.1", "port": 80, "servername": "192.0.2.1"}
    box.control("POST", "mutate", {"kind": "servicegroup_servicegroupmember_binding", "key": member, "set": {"_health": "DOWN"}})
    found = row(nitro, "v")
    assert [found[name] for name in ("curstate", "activeservices", "health")] == ["DOWN", "1", "50"]


@pytest.mark.parametrize(
    ("kind", "attribute", "disabled", "enabled"),
    [("lbvserver", "curstate", "OUT OF SERVICE", "DOWN"), ("csvserver", "state", "DISABLED", "ENABLED")],
)
def test_disabling_shows(nitro: Nitro, kind: str, attribute: str, disabled: str, enabled: str) -> None:
    vserver(nitro, "v", kind)
    nitro.post(f"{kind}?action=disable", {kind: {"name": "v"}})
    assert row(nitro, "v", kind)[attribute] == disabled
    nitro.post(f"{kind}?action=enable", {kind: {"name": "v"}})
    assert row(nitro, "v", kind)[attribute] == enabled


def test_what_content_switching_sends_to_stays(nitro: Nitro) -> None:
    vserver(nitro, "v")
    vserver(nitro, "cs", "csvserver")
    nitro.add("cspolicy", policyname="p", rule="true")
    nitro.bind("csvserver_cspolicy_binding", name="cs", policyname="p", priority=1, targetlbvserver="v")
    assert nitro.delete("lbvserver/v").errorcode == 1409
    assert nitro.delete("csvserver_cspolicy_binding/cs?args=policyname:p").status == 200
    nitro.add("csaction", name="a", targetlbvserver="v")
    assert nitro.delete("lbvserver/v").errorcode == 1371
    assert nitro.delete("csaction/a").status == 200
    assert nitro.delete("lbvserver/v").status == 200


def test_a_new_name_is_followed_everywhere(nitro: Nitro) -> None:
    vserver(nitro, "v")
    vserver(nitro, "cs", "csvserver")
    nitro.add("servicegroup", servicegroupname="g", servicetype="HTTP")
    nitro.bind("lbvserver_servicegroup_binding", name="v", servicegroupname="g")
    nitro.bind("csvserver_lbvserver_binding", name="cs", lbvserver="v")
    nitro.add("csaction", name="a", targetlbvserver="v")
    assert nitro.post("lbvserver?action=rename", {"lbvserver": {"name": "v", "newname": "w"}}).status == 200
    assert nitro.rows("lbvserver_servicegroup_binding/w")[0]["servicegroupname"] == "g"
    assert nitro.rows("csvserver_lbvserver_binding/cs")[0]["lbvserver"] == "w"
    assert nitro.rows("csaction/a")[0]["targetlbvserver"] == "w"
    assert nitro.rows("servicegroupbindings/g")[0]["vservername"] == "w"
    assert nitro.get("lbvserver/v").status == 404
