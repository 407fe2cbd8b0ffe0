# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Policies, their bindings from both sides, and monitors (PROTOCOL 6.4, 17, 20, 21)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from nitrox.simulator.testing import Simulator, running

from .nitro import Nitro


@pytest.fixture(scope="module", name="box")
def _box() -> Iterator[Simulator]:
    with running() as simulator:
        yield simulator


@pytest.fixture(name="nitro")
def _nitro(box: Simulator) -> Nitro:
    box.reset()
    nitro = Nitro(box.url)
    nitro.add("csvserver", name="cs", servicetype="HTTP", ipv46="192.0.2.80", port=80)
    nitro.add("lbvserver", name="lb", servicetype="HTTP")
    nitro.add("responderpolicy", name="answer", rule="true", action="NOOP")
    nitro.add("rewritepolicy", name="change", rule="true", action="NOREWRITE")
    return nitro


@pytest.mark.parametrize("rule", ["", "HTTP.REQ.URL.EQ(", 'HTTP.REQ.URL.EQ("a)', "true)"])
def test_a_rule_that_is_no_expression_is_refused(nitro: Nitro, rule: str) -> None:
    answer = nitro.post("responderpolicy", {"responderpolicy": {"name": "p", "rule": rule, "action": "NOOP"}})
    assert answer.errorcode in (3081, 1107), answer.text


@pytest.mark.parametrize(
    "rule",
    [
        'HTTP.REQ.URL.STARTSWITH("/a(")',
        "HTTP.REQ.URL.REGEX_MATCH(re/^\\(x/)",
        'HTTP.REQ.HOSTNAME.EQ("a.example") && TRUE',
        "ns_true",
    ],
)
def test_real_rules_are_accepted(nitro: Nitro, rule: str) -> None:
    assert nitro.post("responderpolicy", {"responderpolicy": {"name": "p", "rule": rule, "action": "NOOP"}}).status == 201


def test_a_priority_is_taken_once_a_bind_point(nitro: Nitro) -> None:
    nitro.add("rewritepolicy", name="other", rule="true", action="NOREWRITE")
    kind = "lbvserver_rewritepolicy_binding"
    nitro.bind(kind, name="lb", policyname="change", priority=100, bindpoint="REQUEST")
    taken = nitro.put(kind, {kind: {"name": "lb", "policyname": "other", "priority": 100, "bindpoint": "REQUEST"}})
    assert taken.errorcode == 3041
    nitro.bind(kind, name="lb", policyname="other", priority=100, bindpoint="RESPONSE")
    nitro.bind(kind, name="lb", policyname="change", priority=200, bindpoint="RESPONSE")
    assert nitro.delete(f"{kind}/lb?args=policyname:change,bindpoint:RESPONSE,priority:200").status == 200
    assert [(row["policyname"], row["bindpoint"]) for row in nitro.rows(f"{kind}/lb")] == [
        ("change", "REQUEST"),
        ("other", "RESPONSE"),
    ]


def test_policy_bindings_of_a_vserver_are_one_command(nitro: Nitro) -> None:
    wrong, right = "csvserver_responderpolicy_binding", "csvserver_rewritepolicy_binding"
    nitro.bind(wrong, name="cs", policyname="change", priority=10)
    assert nitro.rows(f"{wrong}/cs") == []
    assert [row["policyname"] for row in nitro.rows(f"{right}/cs")] == ["change"]
    assert nitro.rows("rewritepolicy_csvserver_binding/change")[0]["boundto"].split(" ")[2] == "cs"
    assert nitro.delete(f"{wrong}/cs?args=policyname:change").status == 200
    assert nitro.rows(f"{right}/cs") == []


def test_a_bound_policy_is_seen_from_its_own_side(nitro: Nitro) -> None:
    nitro.add("cspolicy", policyname="route", rule='HTTP.REQ.URL.STARTSWITH("/a")')
    nitro.bind("csvserver_cspolicy_binding", name="cs", policyname="route", priority=5, targetlbvserver="lb")
    assert [row["boundto"] for row in nitro.rows("cspolicy_csvserver_binding/route")] == ["cs"]
    nitro.bind("lbvserver_responderpolicy_binding", name="lb", policyname="answer", priority=5)
    words = nitro.rows("responderpolicy_lbvserver_binding/answer")[0]["boundto"].split(" ")
    assert (words[0], words[2]) == ("REQ", "lb")
    nitro.bind("responderglobal_responderpolicy_binding", policyname="answer", priority=5)
    assert nitro.rows("responderpolicy_responderglobal_binding/answer")[0]["boundto"].split(" ")[1] == "REQ_DEFAULT"
    row = nitro.rows("responderglobal_responderpolicy_binding?args=type:req_default&filter=policyname:answer")[0]
    assert (row["gotopriorityexpression"], row["invoke"], row["globalbindtype"]) == ("END", False, "SYSTEM_GLOBAL")


def test_what_is_in_use_stays(nitro: Nitro) -> None:
    nitro.bind("lbvserver_responderpolicy_binding", name="lb", policyname="answer", priority=5)
    assert nitro.delete("responderpolicy/answer").errorcode == 1070
    nitro.add("csaction", name="go", targetlbvserver="lb")
    nitro.add("cspolicy", policyname="route", rule="true", action="go")
    assert nitro.delete("csaction/go").errorcode == 1372
    assert nitro.delete("responderaction/NOOP").errorcode == 257
    for path in (
        "lbvserver_responderpolicy_binding/lb?args=policyname:answer",
        "responderpolicy/answer",
        "cspolicy/route",
        "csaction/go",
    ):
        assert nitro.delete(path).status == 200, path


def test_binding_a_policy_that_does_not_exist(nitro: Nitro) -> None:
    kind = "lbvserver_responderpolicy_binding"
    answer = nitro.put(kind, {kind: {"name": "lb", "policyname": "nope", "priority": 1}})
    assert (answer.status, answer.message) == (404, "No such resource [policyname, nope]")


def test_a_log_level_is_read_back_under_another_name(nitro: Nitro) -> None:
    nitro.add("auditmessageaction", name="log", loglevel="INFORMATIONAL", stringbuilderexpr="HTTP.REQ.URL")
    row = nitro.rows("auditmessageaction/log")[0]
    assert row["loglevel1"] == "INFORMATIONAL"
    assert "loglevel" not in row


def test_times_of_a_monitor_are_shown_in_minutes_where_they_are_whole(nitro: Nitro) -> None:
    nitro.add("lbmonitor", monitorname="m", type="http", interval=120, resptimeout=60, downtime=45, retries=5)
    row = nitro.rows("lbmonitor/m")[0]
    shown = {
        name: (row[name], row[unit]) for name, unit in (("interval", "units3"), ("resptimeout", "units4"), ("downtime", "units2"))
    }
    assert shown == {"interval": (2, "MIN"), "resptimeout": (1, "MIN"), "downtime": (45, "SEC")}
    assert row["respcode"] == ["200"]


def test_a_monitor_needs_its_type_to_go(nitro: Nitro) -> None:
    nitro.add("lbmonitor", monitorname="m", type="HTTP")
    assert nitro.delete("lbmonitor/m").errorcode == 1095
    assert nitro.delete("lbmonitor/m?args=type:http").status == 200
    assert nitro.delete("lbmonitor/tcp?args=type:TCP").errorcode == 2132


def test_one_relation_has_two_names(nitro: Nitro) -> None:
    nitro.add("service", name="s", ip="192.0.2.90", servicetype="HTTP", port=80)
    nitro.add("lbmonitor", monitorname="m", type="HTTP")
    assert (
        nitro.post("lbmonitor_service_binding", {"lbmonitor_service_binding": {"monitorname": "m", "servicename": "s"}}).status
        == 201
    )
    assert "m" in [row["monitor_name"] for row in nitro.rows("service_lbmonitor_binding/s")]
    assert nitro.delete("lbmonitor/m?args=type:HTTP").errorcode == 2131
    assert nitro.post("lbmonitor?action=disable", {"lbmonitor": {"monitorname": "m", "servicename": "s"}}).status == 200
    assert nitro.delete("service_lbmonitor_binding/s?args=monitor_name:m").status == 200


@pytest.mark.parametrize(
    ("policy", "priority", "code"),
    [("p", 7, 273), ("p", 8, 3118), ("q", 7, 3041), ("q", 8, 0)],
    ids=["again", "again-elsewhere", "priority-taken", "beside"],
)
@pytest.mark.parametrize("kind", ["lbvserver_responderpolicy_binding", "responderpolicylabel_responderpolicy_binding"])
def test_a_second_row_at_a_bind_point(nitro: Nitro, kind: str, policy: str, priority: int, code: int) -> None:
    nitro.add("lbvserver", name="v", servicetype="HTTP")
    nitro.add("responderpolicylabel", labelname="v")
    for name in ("p", "q"):
        nitro.add("responderpolicy", name=name, rule="true", action="NOOP")
    key = "name" if kind.startswith("lbvserver") else "labelname"
    nitro.bind(kind, **{key: "v", "policyname": "p", "priority": 7, "gotopriorityexpression": "END"})
    answer = nitro.put(kind, {kind: {key: "v", "policyname": policy, "priority": priority, "gotopriorityexpression": "END"}})
    assert answer.errorcode == code, answer.text


def test_classic_policies_may_share_a_priority(nitro: Nitro) -> None:
    nitro.add("authenticationvserver", name="v", servicetype="SSL")
    nitro.add("authenticationldapaction", name="a", serverip="192.0.2.9")
    for name in ("p", "q"):
        nitro.add("authenticationldappolicy", name=name, rule="ns_true", reqaction="a")
        nitro.bind("authenticationvserver_authenticationldappolicy_binding", name="v", policy=name, priority=7)
    assert len(nitro.rows("authenticationvserver_authenticationldappolicy_binding/v")) == 2


@pytest.mark.parametrize(("kind", "key"), [("cspolicy", "policyname"), ("responderpolicy", "name"), ("rewritepolicy", "name")])
def test_the_action_of_a_policy_exists(nitro: Nitro, kind: str, key: str) -> None:
    answer = nitro.post(kind, {kind: {key: "p", "rule": "true", "action": "nothing"}})
    assert (answer.status, answer.message) == (404, "No such resource [action, nothing]")
