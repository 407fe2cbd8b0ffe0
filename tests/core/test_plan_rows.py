# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Plans of complete sets of bindings: members by address or server, policies by priority, certificates by role."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.document import External, parse
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.errors import InvalidDocument
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.observe import Observed
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.plan import Plan, make_plan

from .converging import observed, planned, steps, with_missing

MEMBER = "servicegroup_servicegroupmember_binding"
GROUP = {"servicegroupname": "web", "servicetype": "HTTP"}
A = {"servicegroupname": "web", "ip": "10.0.0.1", "servername": "10.0.0.1", "port": 80, "weight": "1", "state": "ENABLED"}
NAMED = {**A, "ip": "10.0.0.2", "servername": "second"}


def group(*members: Any) -> dict[str, Any]:
    return {"servicegroup": {"web": {"bindings": {"servicegroupmember": list(members)}}}}


def told(plan: Plan) -> list[str]:
    return [f"{change.verb} {change.key[1] or change.key[3]}:{change.key[2]}" for change in plan.changes]


@pytest.mark.parametrize(
    ("wanted", "there", "expected"),
    [
        pytest.param([{"ip": "10.0.0.1", "port": 80}], [A], [], id="the same set is no change"),
        pytest.param([{"servername": "10.0.0.1", "port": 80}], [A], [], id="an address is the name of its server"),
        pytest.param([{"ip": "10.0.0.2", "port": 80}], [NAMED], [], id="a named server is meant by its address too"),
        pytest.param([{"servername": "second", "port": 80}], [NAMED], [], id="and by its name"),
        pytest.param(
            [{"ip": "10.0.0.1", "port": 81}],
            [A],
            ["bind 10.0.0.1:81", "unbind 10.0.0.1:80"],
            id="the port is identity; bind before unbind",
        ),
        pytest.param([{"ip": "10.0.0.1", "port": 80}], [A, NAMED], ["unbind 10.0.0.2:80"], id="what is too much goes"),
        pytest.param([], [A], ["unbind 10.0.0.1:80"], id="the empty set empties"),
        pytest.param([{"ip": "10.0.0.1", "port": 80, "weight": 10}], [A], ["update 10.0.0.1:80"], id="a weight changes in place"),
        pytest.param(
            [{"ip": "10.0.0.1", "port": 80, "state": "DISABLED"}], [A], ["disable 10.0.0.1:80"], id="a member is disabled"
        ),
    ],
)
def test_members(wanted: list[Any], there: list[Any], expected: list[str]) -> None:
    assert told(planned(group(*wanted), {"servicegroup": [GROUP], MEMBER: there})) == expected


def test_a_weight_goes_through_the_group_and_names_the_server() -> None:
    plan = planned(group({"ip": "10.0.0.2", "port": 80, "weight": 7}), {"servicegroup": [GROUP], MEMBER: [NAMED]})
    (change,) = plan.changes
    assert (change.via, dict(change.write)) == (
        "servicegroup",
        {"servicegroupname": "web", "servername": "second", "port": 80, "weight": 7},
    )


def test_rows_of_a_set_that_is_not_managed_stay() -> None:
    data = {"servicegroup": {"web": {"servicetype": "HTTP"}}}
    assert planned(data, {"servicegroup": [GROUP], MEMBER: [A]}).changes == ()


def test_the_default_monitor_comes_and_goes_by_itself() -> None:
    name = "service_lbmonitor_binding"
    there = {"service": [{"name": "s"}], name: [{"name": "s", "monitor_name": "tcp-default"}]}
    assert [c.verb for c in planned({"service": {"s": {"bindings": {"lbmonitor": ["http"]}}}}, there).changes] == ["bind"]
    assert planned({"service": {"s": {"bindings": {"lbmonitor": []}}}}, there).changes == ()


def policies(*rows: Any) -> dict[str, Any]:
    return {"lbvserver": {"web": {"bindings": {"responderpolicy": list(rows)}}}}


POLICY = "lbvserver_responderpolicy_binding"
P1 = {"name": "web", "policyname": "p1", "priority": "100", "bindpoint": "REQUEST", "gotopriorityexpression": "END"}
P2 = {**P1, "policyname": "p2", "priority": "200"}


@pytest.mark.parametrize(
    ("wanted", "there", "expected"),
    [
        pytest.param([{"policyname": "p1", "priority": 100}], [P1], [], id="equal"),
        pytest.param([{"policyname": "p1", "priority": 150}], [P1], ["rebind p1"], id="another priority"),
        pytest.param(
            [{"policyname": "p3", "priority": 100}], [P1], ["unbind p1", "bind p3"], id="a taken priority is freed first"
        ),
        pytest.param([{"policyname": "p3", "priority": 300}], [P1], ["bind p3", "unbind p1"], id="else bind before unbind"),
        pytest.param(
            [{"policyname": "p1", "priority": 200}, {"policyname": "p2", "priority": 100}],
            [P1, P2],
            ["rebind p1", "rebind p2"],
            id="two that swap travel together",
        ),
    ],
)
def test_policies(wanted: list[Any], there: list[Any], expected: list[str]) -> None:
    plan = planned(policies(*wanted), {"lbvserver": [{"name": "web"}], POLICY: there})
    assert [f"{change.verb} {change.key[1]}" for change in plan.changes] == expected


def test_a_swap_is_two_unbinds_and_one_bind() -> None:
    wanted = policies({"policyname": "p1", "priority": 200}, {"policyname": "p2", "priority": 100})
    plan = planned(wanted, {"lbvserver": [{"name": "web"}], POLICY: [P1, P2]})
    assert plan.requests == 3
    assert all(change.write["gotopriorityexpression"] == "END" for change in plan.changes)  # kept, though nobody declared it


@pytest.mark.parametrize(
    ("wanted", "there", "expected"),
    [
        pytest.param({}, {"snicert": False, "ca": False}, [], id="flags that are off say nothing"),
        pytest.param({"snicert": True}, {"snicert": False, "ca": False}, ["bind", "unbind"], id="as SNI it is another binding"),
        pytest.param({"ca": True}, {"ca": True, "snicert": False, "ocspcheck": "Optional"}, [], id="what the appliance adds"),
    ],
)
def test_certificates(wanted: dict[str, Any], there: dict[str, Any], expected: list[str]) -> None:
    data = {"sslvserver": {"web": {"bindings": {"sslcertkey": [{"certkeyname": "c", **wanted}]}}}}
    found = {"sslvserver_sslcertkey_binding": [{"vservername": "web", "certkeyname": "c", **there}]}
    assert [change.verb for change in planned(data, {"sslvserver": [{"vservername": "web"}], **found}).changes] == expected


def test_a_string_map_row_is_replaced_by_binding_it_again() -> None:
    data = {"policystringmap": {"m": {"bindings": {"pattern": [{"key": "a", "value": "new"}]}}}}
    row = {"name": "m", "key": "a", "value": "old", "comment": "kept"}
    plan = planned(data, {"policystringmap": [{"name": "m"}], "policystringmap_pattern_binding": [row]})
    assert [(c.verb, dict(c.write)) for c in plan.changes] == [
        ("bind", {"name": "m", "key": "a", "value": "new", "comment": "kept"})
    ]


def test_a_binding_to_nothing_is_told_before_anything_is_sent() -> None:
    document = parse({"lbvserver": {"web": {"servicetype": "HTTP", "bindings": {"servicegroup": ["none"]}}}})
    external = document.external()
    assert [one.name for one in external] == ["none"]
    found: Observed = with_missing(observed(document, {}), external)
    with pytest.raises(InvalidDocument, match=r"'none': there is no servicegroup of that name, neither in the document nor"):
        make_plan(document, found)
    assert isinstance(external[0], External)


def test_a_global_set_is_complete() -> None:
    name = "responderglobal_responderpolicy_binding"
    row = {"policyname": "p1", "type": "REQ_DEFAULT", "priority": "100"}
    data = {name: [{"policyname": "p2", "type": "REQ_DEFAULT", "priority": 50}]}
    assert [(c.verb, c.key[0]) for c in planned(data, {name: [row]}).changes] == [("bind", "p2"), ("unbind", "p1")]


def test_many_rows_are_planned_as_one_change() -> None:
    rows = [{**A, "ip": f"10.1.{n // 250}.{n % 250}", "servername": f"10.1.{n // 250}.{n % 250}"} for n in range(20_000)]
    wanted = [{"ip": row["ip"], "port": 80} for row in rows[1:]] + [{"ip": "10.9.9.9", "port": 80}]
    plan = planned(group(*wanted), {"servicegroup": [GROUP], MEMBER: rows})
    assert told(plan) == ["bind 10.9.9.9:80", "unbind 10.1.0.0:80"]


def test_what_a_new_parent_has_by_itself_is_part_of_the_plan() -> None:
    """A new SSL profile has four curves; a set with one of them unbinds the others, in the first plan already."""
    wanted = {"sslprofile": {"p": {"bindings": {"ecccurve": ["P_256"]}}}}
    assert sorted(steps(planned(wanted)))[1:] == [
        f"unbind sslprofile_ecccurve_binding p {curve}" for curve in ("P_224", "P_384", "P_521")
    ]
    bare = {"sslprofile": {"p": {"nodefaultbindings": "YES", "bindings": {"ecccurve": ["P_256"]}}}}
    assert sorted(steps(planned(bare))) == ["bind sslprofile_ecccurve_binding p P_256", "create sslprofile p"]
