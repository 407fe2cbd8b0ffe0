# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Kinds of the routing process: nested in path, body and answer (PROTOCOL 15)."""

from __future__ import annotations

from typing import Any

import pytest

from nitrox.simulator.testing import Simulator

from .nitro import Nitro, Reply

BELOW = "routerDynamicRouting"


def send(nitro: Nitro, method: str, kind: str, **values: Any) -> Reply:
    return nitro.send(method, f"{BELOW}/{kind}", {BELOW: {kind: values}})


def rows(nitro: Nitro, path: str) -> list[dict[str, Any]]:
    answer = nitro.get(f"{BELOW}/{path}")
    assert answer.status == 200, answer.text
    return list(answer.body.get(BELOW, {}).get(path.partition("?")[0], []))


def test_a_bgp_process_lives(nitro: Nitro) -> None:
    assert rows(nitro, "bgpRouter") == []
    assert send(nitro, "POST", "bgpRouter", localAS=64512, routerId="192.0.2.1").status == 201
    assert send(nitro, "PUT", "bgpRouter", localAS=64512, neighbor=[{"address": "192.0.2.9", "remoteAS": 64513}]).status == 200
    found = rows(nitro, "bgpRouter")[0]
    assert (int(found["localAS"]), found["routerId"], found["neighbor"][0]["remoteAS"]) == (64512, "192.0.2.1", 64513)
    assert nitro.delete(f"{BELOW}/bgpRouter?args=localAS:64512").status == 200
    assert rows(nitro, "bgpRouter") == []


def test_there_is_one_bgp_process(nitro: Nitro) -> None:
    send(nitro, "POST", "bgpRouter", localAS=64512)
    answer = send(nitro, "POST", "bgpRouter", localAS=64999)
    assert (answer.status, answer.errorcode) == (409, 273)


@pytest.mark.parametrize(("kind", "key"), [("bgpRouter", "localAS"), ("ospfRouter", "processId"), ("ospf6Router", "tagId")])
def test_an_update_starts_a_process_that_is_not_there(nitro: Nitro, kind: str, key: str) -> None:
    assert send(nitro, "PUT", kind, **{key: 7}).status == 200
    assert [str(row[key]) for row in rows(nitro, kind)] == ["7"]


def test_routes_are_found_by_their_arguments(nitro: Nitro) -> None:
    for number in (1, 2):
        route = {"prefix": f"203.0.{number}.0", "prefixLength": 24, "nextHop": "192.0.2.1"}
        assert send(nitro, "POST", "ipRoute", addressFamily="ipv4", **route).status == 201
    found = rows(nitro, "ipRoute?args=addressFamily:ipv4,prefix:203.0.2.0,prefixLength:24")
    assert [(row["prefix"], row["isBest"]) for row in found] == [("203.0.2.0", True)]
    assert nitro.get(f"{BELOW}/ipRoute?args=prefix:198.51.100.0").errorcode == 258
    gone = "addressFamily:ipv4,prefix:203.0.1.0,prefixLength:24,nextHop:192.0.2.1"
    assert nitro.delete(f"{BELOW}/ipRoute?args={gone}").status == 200
    assert [row["prefix"] for row in rows(nitro, "ipRoute")] == ["203.0.2.0"]


@pytest.mark.parametrize("path", ["bgprouter", f"{BELOW}/lbvserver", f"{BELOW}/nothing"])
def test_they_are_there_and_only_they(nitro: Nitro, path: str) -> None:
    answer = nitro.get(path)
    assert (answer.status, answer.errorcode) == (400, 1232)


def test_they_are_no_part_of_ns_conf_and_are_counted_by_their_own_name(nitro: Nitro, box: Simulator) -> None:
    send(nitro, "POST", "routeMap", name="m")
    assert box.count("POST", "routemap") == 1
    nitro.post("nsconfig?action=save", {"nsconfig": {}})
    listing = nitro.rows("systemfile/ns.conf?args=filelocation:%2Fnsconfig")
    assert listing
    assert "routemap" not in nitro.get("nssavedconfig").text.lower()
