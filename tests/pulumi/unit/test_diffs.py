# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Diffs are offline, the core's own comparison, and never false."""

from __future__ import annotations

from typing import Any

import pytest
from pulumi.output import Unknown

from .server import Server

WEB: dict[str, Any] = {"name": "web", "servicetype": "HTTP", "ipv46": "2001:db8::1", "port": 80.0}
MONITOR: dict[str, Any] = {"monitorname": "m", "type": "HTTP", "interval": 60.0, "units3": "SEC", "respcode": ["200", "201"]}
ROW: dict[str, Any] = {"servicegroupname": "web", "ip": "192.0.2.1", "port": 80.0, "weight": 10.0}


@pytest.mark.parametrize(
    ("kind", "old", "new"),
    [
        pytest.param("lbvserver", WEB, {**WEB, "port": 80}, id="floats"),
        pytest.param("lbvserver", WEB, {**WEB, "port": "80"}, id="numbers as text"),
        pytest.param("lbvserver", WEB, {**WEB, "servicetype": "http"}, id="case of an enumeration"),
        pytest.param("lbvserver", WEB, {**WEB, "ipv46": "2001:DB8:0::1"}, id="spelling of an address"),
        pytest.param("lbmonitor", MONITOR, {**MONITOR, "interval": 1.0, "units3": "MIN"}, id="units"),
        pytest.param("lbmonitor", MONITOR, {**MONITOR, "respcode": ["201", "200"]}, id="sets"),
        pytest.param("lbvserver", {**WEB, "timeout": 2.0}, WEB, id="a default that is no longer given"),
        pytest.param("lbvserver", WEB, {**WEB, "__name": "other"}, id="our own bookkeeping"),
        pytest.param(
            "lbvserver", {**WEB, "servicetype": "HTTP"}, {n: v for n, v in WEB.items() if n != "servicetype"}, id="no unset"
        ),
        pytest.param("nsfeature", {"feature": ["LB", "CS"]}, {"feature": ["cs", "lb"]}, id="features in any order"),
        pytest.param("servicegroup_servicegroupmember_binding", ROW, {**ROW, "weight": 10}, id="a row"),
    ],
)
def test_nothing_is_reported_where_nothing_differs(offline: Server, kind: str, old: dict[str, Any], new: dict[str, Any]) -> None:
    assert not offline.changes(kind, "x", old, new)


@pytest.mark.parametrize(
    ("kind", "old", "new"),
    [
        pytest.param("lbvserver", WEB, {**WEB, "lbmethod": "ROUNDROBIN"}, id="an attribute"),
        pytest.param("lbvserver", {**WEB, "timeout": 5.0}, WEB, id="one that is no longer given is unset"),
        pytest.param("lbvserver", WEB, {**WEB, "timeout": 2.0}, id="one that was never managed, even at its default"),
        pytest.param("lbvserver", WEB, {**WEB, "comment": Unknown()}, id="one that is not known yet"),
        pytest.param("lbvserver", {**WEB, "state": "ENABLED"}, {**WEB, "state": "DISABLED"}, id="the administrative state"),
        pytest.param("servicegroup_servicegroupmember_binding", ROW, {**ROW, "weight": 20.0}, id="a row's attribute"),
        pytest.param("nsfeature", {"feature": ["LB"]}, {"feature": ["LB", "CS"]}, id="one more feature"),
        pytest.param("lbvserver", WEB, {**WEB, "name": "shop"}, id="a name, where the kind can be renamed"),
    ],
)
def test_a_change_is_made_in_place(offline: Server, kind: str, old: dict[str, Any], new: dict[str, Any]) -> None:
    answer = offline.diff(kind, "x", old, new)
    assert answer.changes == answer.DIFF_UNKNOWN  # so that the engine lists the properties
    assert not list(answer.replaces)


@pytest.mark.parametrize(
    ("kind", "old", "new", "replaces", "first"),
    [
        pytest.param("lbvserver", WEB, {**WEB, "servicetype": "TCP"}, ["servicetype"], True, id="immutable"),
        pytest.param("lbvserver", WEB, {**WEB, "td": 10.0}, ["td"], True, id="immutable, was at its default"),
        pytest.param("lbvserver", WEB, {**WEB, "servicetype": Unknown()}, ["servicetype"], True, id="immutable, not known yet"),
        pytest.param("lbmonitor", MONITOR, {**MONITOR, "monitorname": "n"}, ["monitorname"], True, id="a name without rename"),
        pytest.param(
            "servicegroup_servicegroupmember_binding", ROW, {**ROW, "ip": "192.0.2.2"}, ["ip"], False, id="bind before unbind"
        ),
        pytest.param(
            "lbvserver_responderpolicy_binding",
            {"name": "web", "policyname": "p", "priority": 100.0},
            {"name": "web", "policyname": "q", "priority": 100.0},
            ["policyname"],
            True,
            id="the old row has the priority",
        ),
    ],
)
def test_what_cannot_change_is_replaced(
    offline: Server, kind: str, old: dict[str, Any], new: dict[str, Any], replaces: list[str], first: bool
) -> None:
    answer = offline.diff(kind, "x", old, new)
    assert answer.changes == answer.DIFF_SOME
    assert list(answer.replaces) == replaces
    assert answer.deleteBeforeReplace is first


def test_an_adopted_object_is_not_replaced_for_what_its_state_does_not_say(offline: Server) -> None:
    answer = offline.diff("lbvserver", "web", {"name": "web", "__adopted": True}, {"name": "web", "servicetype": "HTTP"})
    assert not list(answer.replaces)
