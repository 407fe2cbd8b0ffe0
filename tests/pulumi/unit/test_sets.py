# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Complete sets: bound before unbound, compared in any order, emptied at the end."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import grpc
import pytest
from pulumi.output import Unknown

from .server import Server

if TYPE_CHECKING:
    from nitrox.simulator.testing import Simulator

BINDINGS, MEMBER = "nitrox.Bindings", "servicegroup_servicegroupmember_binding"
WORDS = {"kind": MEMBER, "__words": ["servicegroup", "members"], "__name": "members", "servicegroup": "web"}


def members(*addresses: str, **more: Any) -> dict[str, Any]:
    return {**WORDS, "members": [{"ip": address, "port": 8080.0, **more} for address in addresses]}


def bound(simulator: Simulator) -> set[str]:
    return {row["ip"] for row in simulator.state().get(MEMBER, [])}


@pytest.fixture
def group(start: Callable[..., Server]) -> None:
    start().made("servicegroup", {"servicegroupname": "web", "servicetype": "HTTP", "__name": "web"})


@pytest.mark.usefixtures("group")
def test_a_set_lives(server: Server, simulator: Simulator, start: Callable[..., Server]) -> None:
    id_, outs = server.made(BINDINGS, members("198.51.100.1", "198.51.100.2"))
    assert bound(simulator) == {"198.51.100.1", "198.51.100.2"}
    assert simulator.count("PUT", MEMBER) + simulator.count("POST", MEMBER) == 1
    news = members("198.51.100.2", "198.51.100.3")
    assert server.changes(BINDINGS, id_, outs, news)
    outs = server.update(BINDINGS, id_, outs, news)
    assert bound(simulator) == {"198.51.100.2", "198.51.100.3"}
    start().delete(BINDINGS, id_, outs)
    assert bound(simulator) == set()


def test_the_order_of_rows_means_nothing(offline: Server) -> None:
    old, new = members("198.51.100.1", "198.51.100.2"), members("198.51.100.2", "198.51.100.1")
    assert not offline.changes(BINDINGS, "x", old, new)


def test_an_attribute_that_was_not_managed_before_is_a_change(offline: Server) -> None:
    assert offline.changes(BINDINGS, "x", members("198.51.100.1"), members("198.51.100.1", weight=1.0))


def test_rows_may_be_names(offline: Server) -> None:
    row = {"kind": "lbvserver_servicegroup_binding", "parent": "web", "rows": ["b", "a"], "__name": "rows"}
    inputs, failures = offline.check(BINDINGS, row)
    assert not failures
    assert inputs["rows"] == [{"servicegroupname": "b"}, {"servicegroupname": "a"}]


@pytest.mark.parametrize(
    ("rows", "failure"),
    [
        pytest.param([{"port": 80.0}], "members[0]: ip or servername is missing", id="key"),
        pytest.param([{"ip": "198.51.100.1", "port": "x"}], "members[0].port: 'x': a whole number is wanted", id="type"),
        pytest.param([{"ip": "198.51.100.1", "port": 1}] * 2, "members[1]: the same as [0]", id="twice"),
        pytest.param("198.51.100.1", "members: a list with the complete set is wanted ([] empties it)", id="no list"),
    ],
)
def test_a_mistake_names_its_row(offline: Server, rows: Any, failure: str) -> None:
    assert offline.check(BINDINGS, {**WORDS, "servicegroup": str(failure), "members": rows})[1] == [failure]


def test_unknown_rows_pass(offline: Server) -> None:
    rows = [{"ip": Unknown(), "port": 80.0}, Unknown()]
    assert not offline.check(BINDINGS, {**WORDS, "servicegroup": "unknown", "members": rows})[1]
    assert not offline.check(BINDINGS, {**WORDS, "servicegroup": Unknown(), "members": Unknown()})[1]


def test_a_wrong_kind_is_named(offline: Server) -> None:
    assert "did you mean" in offline.check(BINDINGS, {"kind": "lbvserver_servicegrop_binding", "rows": [], "__name": "x"})[1][0]


def test_nothing_can_be_bound_to_what_does_not_exist(server: Server) -> None:
    with pytest.raises(grpc.RpcError, match="servicegroup web: does not exist, so nothing can be bound to it"):
        server.made(BINDINGS, members("198.51.100.1"))


@pytest.mark.usefixtures("group")
def test_a_refresh_shows_what_somebody_else_did(server: Server, simulator: Simulator, start: Callable[..., Server]) -> None:
    id_, outs = server.made(BINDINGS, members("198.51.100.1"))
    start().made(MEMBER, {"servicegroupname": "web", "ip": "198.51.100.9", "port": 80.0, "__name": "foreign"})
    seen, now, _inputs = start().read(BINDINGS, id_, outs)
    assert seen == id_
    assert {row["ip"] for row in now["members"]} == {"198.51.100.1", "198.51.100.9"}
    assert start().changes(BINDINGS, id_, now, members("198.51.100.1"))


@pytest.mark.usefixtures("group")
def test_a_destroyed_set_leaves_the_rows_of_others(server: Server, simulator: Simulator, start: Callable[..., Server]) -> None:
    id_, outs = server.made(BINDINGS, members("198.51.100.1"))
    start().made(MEMBER, {"servicegroupname": "web", "ip": "198.51.100.9", "port": 80.0, "__name": "foreign"})
    start().delete(BINDINGS, id_, outs)
    assert bound(simulator) == {"198.51.100.9"}


@pytest.mark.usefixtures("group")
def test_a_set_whose_parent_is_gone_is_gone(server: Server, start: Callable[..., Server]) -> None:
    id_, outs = server.made(BINDINGS, members("198.51.100.1"))
    start().delete("servicegroup", "web", {"servicegroupname": "web"})
    assert start().read(BINDINGS, id_, outs)[0] == ""
    start().delete(BINDINGS, id_, outs)


def test_saving_happens_when_triggers_change(server: Server, simulator: Simulator) -> None:
    saved = "nitrox.SavedConfig"
    id_, outs = server.made(saved, {"triggers": ["a"], "__name": "saved"})
    assert not server.changes(saved, id_, outs, {"triggers": ["a"]})
    assert server.changes(saved, id_, outs, {"triggers": ["b"]})
    assert server.changes(saved, id_, outs, {"triggers": Unknown()})
    server.update(saved, id_, outs, {"triggers": ["b"]})
    server.delete(saved, id_, outs)
    assert simulator.counters()["saves"] == 2
