# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""The claims guard, called in the order in which the engine calls: a deletion never takes what another resource has."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from pulumi_netscaler.crud.claims import Claims

from .server import Server

if TYPE_CHECKING:
    from nitrox.simulator.testing import Simulator

WEB: dict[str, Any] = {"name": "web", "servicetype": "HTTP", "ipv46": "203.0.113.10", "port": 80.0}
OBJECT = ("lbvserver", ("web",))


def there(simulator: Simulator) -> bool:
    return any(row["name"] == "web" for row in simulator.state().get("lbvserver", []))


@pytest.fixture
def outs(start: Callable[..., Server]) -> dict[str, Any]:
    """An operation before: the resource "web" was created."""
    return start().made("lbvserver", {**WEB, "__name": "web"})[1]


def test_a_new_logical_name_without_an_alias_keeps_the_object(server: Server, simulator: Simulator, outs: dict[str, Any]) -> None:
    server.made("lbvserver", {**WEB, "__name": "shop"})
    server.delete("lbvserver", "web", outs)
    assert there(simulator)


def test_a_replacement_with_the_same_name_deletes_and_creates(server: Server, simulator: Simulator, outs: dict[str, Any]) -> None:
    news, _failures = server.check("lbvserver", {**WEB, "servicetype": "TCP", "__name": "web"}, outs)
    assert server.diff("lbvserver", "web", outs, news).deleteBeforeReplace
    server.delete("lbvserver", "web", outs)
    assert not there(simulator)
    server.create("lbvserver", news)
    assert there(simulator)


def test_a_replacement_after_an_aliased_rename_deletes_and_creates(
    server: Server, simulator: Simulator, outs: dict[str, Any]
) -> None:
    news, _failures = server.check("lbvserver", {**WEB, "servicetype": "TCP", "__name": "shop"}, {**outs, "__name": "web"})
    assert server.diff("lbvserver", "web", outs, news).deleteBeforeReplace
    server.delete("lbvserver", "web", outs)
    assert not there(simulator)


def test_a_forced_replacement_that_creates_first_keeps_the_object(
    server: Server, simulator: Simulator, outs: dict[str, Any]
) -> None:
    news, _failures = server.check("lbvserver", {**WEB, "__name": "web"}, {**outs, "__name": "web"})
    server.create("lbvserver", news)
    server.delete("lbvserver", "web", outs)
    assert there(simulator)


def test_a_removed_resource_is_deleted(server: Server, simulator: Simulator, outs: dict[str, Any]) -> None:
    server.check("lbvserver", {**WEB, "name": "other", "__name": "other"})
    server.delete("lbvserver", "web", outs)
    assert not there(simulator)


def test_a_document_that_took_an_object_over_keeps_it(server: Server, simulator: Simulator, outs: dict[str, Any]) -> None:
    server.made("nitrox.Config", {"document": {"lbvserver": {"web": {"servicetype": "HTTP"}}}, "__name": "all"})
    server.delete("lbvserver", "web", outs)
    assert there(simulator)


def test_one_that_moves_on_makes_room_for_the_next() -> None:
    claims = Claims()
    claims.had(OBJECT, "first")
    assert claims.want(OBJECT, "second") == ""
    assert claims.taken_from(OBJECT) == ""
    claims.take(OBJECT)
    assert claims.taken_from(OBJECT) == "second"


def test_the_second_to_want_an_object_hears_of_the_first() -> None:
    claims = Claims()
    assert claims.want(OBJECT, "first") == ""
    assert claims.want(OBJECT, "first") == ""
    assert claims.want(OBJECT, "second") == "first"
