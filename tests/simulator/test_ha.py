# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""A pair: what is propagated, what is not, and forced synchronisation (PROTOCOL 13)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from nitrox.simulator.testing import Simulator, running

from .nitro import Nitro

VSERVER = {"name": "v1", "servicetype": "HTTP"}


@pytest.fixture(scope="module", name="box")
def _box() -> Iterator[Simulator]:
    with running(ha=True) as simulator:
        yield simulator


@pytest.fixture(name="nodes")
def _nodes(box: Simulator) -> tuple[Nitro, Nitro]:
    box.reset()
    first, second = box.urls
    return Nitro(first), Nitro(second)


def test_each_node_lists_itself_first_and_the_other_one_besides(nodes: tuple[Nitro, Nitro]) -> None:
    for node, states in zip(nodes, (["Primary", "Secondary"], ["Secondary", "Primary"]), strict=True):
        rows = node.rows("hanode")
        assert [(row["id"], row["state"], row["hastatus"]) for row in rows] == [
            ("0", states[0], "UP"), ("1", states[1], "UP"),
        ]  # fmt: skip
        own = node.get("/nitro/v1/stat/hanode").body["hanode"]
        assert (own["hacurstatus"], own["hacurmasterstate"]) == ("YES", states[0])
        assert node.get("nsconfig").body["nsconfig"]["systemtype"] == "HA"


def test_what_belongs_to_a_node_is_not_propagated(nodes: tuple[Nitro, Nitro]) -> None:
    first, second = nodes
    first.put("nshostname", {"nshostname": {"hostname": "one"}})
    second.put("nshostname", {"nshostname": {"hostname": "two"}})
    first.put("hanode", {"hanode": {"id": 0, "deadinterval": 7}})
    first.add("lbvserver", **VSERVER)
    assert len(second.rows("lbvserver")) == 1
    assert second.rows("nshostname")[0]["hostname"] == "two"
    assert (first.rows("hanode/0")[0]["deadinterval"], second.rows("hanode/0")[0]["deadinterval"]) == ("7", "3")
    addresses = [node.get("nsconfig").body["nsconfig"]["ipaddress"] for node in nodes]
    assert [node.rows(f"nsip/{address}")[0]["type"] for node, address in zip(nodes, addresses, strict=True)] == ["NSIP"] * 2


def test_files_follow_and_a_saved_configuration_is_saved_on_both(box: Simulator, nodes: tuple[Nitro, Nitro]) -> None:
    first, second = nodes
    first.add("systemfile", filename="a.txt", filelocation="/nsconfig/ssl", filecontent="aGVsbG8=")
    first.add("lbvserver", **VSERVER)
    first.post("nsconfig?action=save", {"nsconfig": {}})
    assert second.get("systemfile/a.txt?args=filelocation:%2Fnsconfig%2Fssl").status == 200
    first.post("hafailover?action=Force", {"hafailover": {"force": True}})
    Nitro(box.urls[1]).post("reboot", {"reboot": {"warm": True}})
    assert len(Nitro(box.urls[1]).rows("lbvserver")) == 1


def test_without_propagation_only_a_forced_synchronisation_brings_the_configuration(nodes: tuple[Nitro, Nitro]) -> None:
    first, second = nodes
    first.put("hanode", {"hanode": {"haprop": "DISABLED"}})
    first.add("lbvserver", **VSERVER)
    assert second.rows("lbvserver") == []
    assert second.post("hasync?action=Force", {"hasync": {"force": True, "save": "YES"}}).status == 200
    assert len(second.rows("lbvserver")) == 1


def test_roles_swap_twice_and_nothing_is_lost(box: Simulator, nodes: tuple[Nitro, Nitro]) -> None:
    nodes[0].add("lbvserver", **VSERVER)
    nodes[0].post("hafailover?action=force", {"hafailover": {"force": True}})
    second = Nitro(box.urls[1])
    second.add("lbvserver", name="v2", servicetype="HTTP")
    second.post("hafailover?action=force", {"hafailover": {"force": True}})
    assert [row["name"] for row in Nitro(box.urls[0]).rows("lbvserver")] == ["v1", "v2"]


def test_a_peer_is_added_by_hand_and_removed() -> None:
    with running() as simulator:
        nitro = Nitro(simulator.url)
        own = nitro.rows("hanode/0")[0]["ipaddress"]
        assert nitro.post("hanode", {"hanode": {"id": 1, "ipaddress": own}}).errorcode == 278
        nitro.add("hanode", id=1, ipaddress="192.0.2.99")
        assert [(row["id"], row["state"]) for row in nitro.rows("hanode")] == [("0", "Primary"), ("1", "UNKNOWN")]
        assert len(nitro.rows("nsrpcnode/192.0.2.99")) == 1
        assert nitro.delete("hanode/1").status == 200
        assert nitro.get("nsrpcnode/192.0.2.99").status == 404
        assert nitro.delete("hanode/0").errorcode == 257
