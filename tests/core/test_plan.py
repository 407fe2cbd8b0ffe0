# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Plans of single objects: what is written, what is left alone, and why."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.document import parse
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.errors import InvalidDocument, Unreachable
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.observation import Unknown
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.observe import Observed
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.plan import make_plan

from .converging import planned, steps

WEB = {"name": "web", "servicetype": "HTTP", "ipv46": "203.0.113.10", "port": 80, "lbmethod": "LEASTCONNECTION", "timeout": 2}


def lb(**values: Any) -> dict[str, Any]:
    return {"lbvserver": {"web": values}}


@pytest.mark.parametrize(
    ("wanted", "there", "expected"),
    [
        pytest.param(
            {"servicetype": "HTTP"}, None, [("create", {"name": "web", "servicetype": "HTTP"})], id="what is missing is created"
        ),
        pytest.param({"servicetype": "http"}, WEB, [], id="case of an enumeration is no difference"),
        pytest.param({"port": "80"}, WEB, [], id="a number may be text"),
        pytest.param({"timeout": 5}, WEB, [("update", {"name": "web", "timeout": 5})], id="only the change is written"),
        pytest.param(
            {"comment": "Shop"}, {**WEB, "comment": "shop"}, [("update", {"name": "web", "comment": "Shop"})], id="text is exact"
        ),
        pytest.param({"comment": None}, {**WEB, "comment": "x"}, [("unset", {"name": "web", "comment": True})], id="null unsets"),
        pytest.param({"timeout": None}, WEB, [], id="null where the default is shown changes nothing"),
        pytest.param({"comment": None}, WEB, [], id="null where nothing is set changes nothing"),
        pytest.param(
            {"state": "DISABLED"}, {**WEB, "curstate": "DOWN"}, [("disable", {"name": "web"})], id="state by its action"
        ),
        pytest.param({"state": "ENABLED"}, {**WEB, "curstate": "DOWN"}, [], id="down is not disabled"),
        pytest.param(
            {"state": "ENABLED"}, {**WEB, "curstate": "OUT OF SERVICE"}, [("enable", {"name": "web"})], id="enabled again"
        ),
    ],
)
def test_a_virtual_server(wanted: dict[str, Any], there: dict[str, Any] | None, expected: list[Any]) -> None:
    plan = planned(lb(**wanted), {"lbvserver": [there] if there else []})
    assert [(change.verb, dict(change.write)) for change in plan.changes] == expected
    assert plan.requests == len(expected)
    assert all(change.why for change in plan.changes)


def test_an_unreadable_object_is_never_created() -> None:
    document = parse(lb(servicetype="HTTP"))
    unknown = Observed({("lbvserver", ("web",)): Unknown(Unreachable("lbvserver web: no route to host"))})
    with pytest.raises(Unreachable, match="no route to host"):
        make_plan(document, unknown)


def test_all_that_cannot_be_done_is_told_at_once() -> None:
    data = {"lbvserver": {"web": {"servicetype": "SSL", "port": 443}, "new": {"lbmethod": "ROUNDROBIN"}}}
    with pytest.raises(InvalidDocument) as caught:
        planned(data, {"lbvserver": [WEB]})
    told = sorted(str(problem) for problem in caught.value.problems)
    assert len(told) == 3
    assert told[0].startswith("lbvserver.new: servicetype is needed to create it")
    assert told[1].startswith("lbvserver.web.port: cannot be changed once it exists: it is 80, wanted is 443")
    assert told[2].startswith("lbvserver.web.servicetype: cannot be changed once it exists: it is HTTP, wanted is SSL")


def test_recreation_is_asked_for_and_keeps_what_the_document_does_not_say() -> None:
    plan = planned(lb(servicetype="SSL"), {"lbvserver": [WEB]}, immutable="recreate")
    assert steps(plan) == ["replace lbvserver web", "create lbvserver web"]
    assert plan.changes[1].write == {
        "name": "web",
        "servicetype": "SSL",
        "ipv46": "203.0.113.10",
        "port": 80,
    }
    assert "servicetype: HTTP → SSL" in plan.changes[0].why


def test_a_replaced_object_is_unbound_before_and_bound_after() -> None:
    data = {
        "servicegroup": {"web": {"servicetype": "SSL"}},
        "lbvserver": {"web": {"servicetype": "HTTP", "bindings": {"servicegroup": ["web"]}}},
    }
    there = {
        "servicegroup": [{"servicegroupname": "web", "servicetype": "HTTP"}],
        "lbvserver": [WEB],
        "lbvserver_servicegroup_binding": [{"name": "web", "servicegroupname": "web"}],
    }
    assert steps(planned(data, there, immutable="recreate")) == [
        "unbind lbvserver_servicegroup_binding web web",
        "replace servicegroup web",
        "create servicegroup web",
        "bind lbvserver_servicegroup_binding web web",
    ]


@pytest.mark.parametrize(
    ("there", "expected"),
    [
        pytest.param(["old"], ["rename lbvserver web"], id="the old one is renamed"),
        pytest.param(["web"], [], id="the new one alone is as wanted"),
        pytest.param([], ["create lbvserver web"], id="neither: it is created"),
    ],
)
def test_renaming(there: list[str], expected: list[str]) -> None:
    data = lb(rename_from="old", servicetype="HTTP")
    assert steps(planned(data, {"lbvserver": [{**WEB, "name": name} for name in there]})) == expected


def test_renaming_over_an_existing_object_is_a_problem() -> None:
    there = {"lbvserver": [WEB, {**WEB, "name": "old"}]}
    with pytest.raises(InvalidDocument, match="cannot be renamed from old: both exist"):
        planned(lb(rename_from="old"), there)


def test_features_enable_only_what_is_off() -> None:
    there = {"nsfeature": [{"feature": ["LB", "SSL"]}]}
    plan = planned({"nsfeature": {"feature": ["LB", "REWRITE", "ssl"]}}, there)
    assert [(change.verb, dict(change.write)) for change in plan.changes] == [("enable", {"feature": ["REWRITE"]})]
    assert planned({"nsfeature": {"feature": ["lb"]}}, there).changes == ()


def test_features_come_first_and_deletes_go_top_down() -> None:
    there = {
        "lbvserver": [WEB],
        "servicegroup": [{"servicegroupname": "web"}],
        "lbmonitor": [{"monitorname": "ok", "type": "HTTP"}],
        "csvserver": [{"name": "front"}],
        "csaction": [{"name": "to-web", "targetlbvserver": "web"}],
    }
    data: dict[str, Any] = {
        "lbmonitor": {"ok": {"type": "HTTP"}},
        "servicegroup": {"web": {}},
        "csaction": {"to-web": {}},
        "lbvserver": {"web": {}},
    }
    order = [change.kind for change in planned(data, there, present=False).changes]
    assert sorted(order) == ["csaction", "lbmonitor", "lbvserver", "servicegroup"]
    assert order.index("csaction") < order.index("lbvserver") < order.index("servicegroup") < order.index("lbmonitor")


def test_creates_go_bottom_up_with_one_layer_a_kind() -> None:
    data = {
        "nsfeature": {"feature": ["REWRITE"]},
        "lbvserver": {
            "front": {"servicetype": "HTTP", "backupvserver": "sorry", "bindings": {"servicegroup": ["web"]}},
            "sorry": {"servicetype": "HTTP"},
        },
        "servicegroup": {"web": {"servicetype": "HTTP", "bindings": {"lbmonitor": ["ok"]}}},
        "lbmonitor": {"ok": {"type": "HTTP"}},
    }
    plan = planned(data)
    assert steps(plan) == [
        "enable nsfeature",
        "create lbmonitor ok HTTP",
        "create servicegroup web",
        "create lbvserver sorry",
        "create lbvserver front",
        "bind servicegroup_lbmonitor_binding web ok",
        "bind lbvserver_servicegroup_binding front web",
    ]
    assert [change.layer for change in plan.changes] == [0, 1, 2, 3, 4, 5, 6]


def test_units_count() -> None:
    monitor = {"monitorname": "ok", "type": "HTTP", "interval": 1, "units3": "MIN"}
    assert planned({"lbmonitor": {"ok": {"type": "HTTP", "interval": 60}}}, {"lbmonitor": [monitor]}).changes == ()
    plan = planned({"lbmonitor": {"ok": {"type": "HTTP", "interval": 30}}}, {"lbmonitor": [monitor]})
    assert plan.changes[0].write == {"monitorname": "ok", "type": "HTTP", "interval": 30, "units3": "SEC"}


def test_secrets_are_written_once_never_compared_never_shown() -> None:
    data = {"lbmonitor": {"ok": {"type": "RADIUS", "radkey": "hunter2"}}}
    plan = planned(data)
    assert plan.changes[0].write["radkey"] == "hunter2"
    shown = f"{plan} {plan.explain()} {plan.diff()}"
    assert "hunter2" not in shown
    assert "********" in str(plan.diff())
    again = planned(data, {"lbmonitor": [{"monitorname": "ok", "type": "RADIUS", "radkey": "c2a1"}]})
    assert again.changes == ()
    assert again.notes == ("lbmonitor: radkey cannot be read back and was not compared (1 object)",)


def test_a_new_file_renews_the_certificate_that_names_it() -> None:
    data = {
        "systemfile": [{"filename": "web.crt", "filelocation": "/nsconfig/ssl", "filecontent": "bmV3"}],
        "sslcertkey": {"web": {"cert": "web.crt", "key": "web.key"}},
    }
    there = {
        "systemfile": [{"filename": "web.crt", "filelocation": "/nsconfig/ssl", "filecontent": "b2xk", "fileencoding": "BASE64"}],
        "sslcertkey": [{"certkey": "web", "cert": "web.crt", "key": "web.key"}],
    }
    plan = planned(data, there)
    assert [change.verb for change in plan.changes] == ["replace", "create", "change"]
    assert plan.changes[2].write == {"certkey": "web", "cert": "web.crt", "key": "web.key"}
    assert "bmV3" not in f"{plan.explain()} {plan.diff()} {plan}"


def test_a_chain_is_linked_anew() -> None:
    there = {"sslcertkey": [{"certkey": "web", "cert": "a", "linkcertkeyname": "old-ca"}]}
    plan = planned({"sslcertkey": {"web": {"linkcertkeyname": "ca"}}}, there)
    assert [(change.verb, dict(change.write)) for change in plan.changes] == [
        ("unlink", {"certkey": "web"}),
        ("link", {"certkey": "web", "linkcertkeyname": "ca"}),
    ]


def test_what_only_an_update_takes_follows_the_create() -> None:
    plan = planned({"ntpserver": [{"serverip": "192.0.2.1", "preferredntpserver": "YES"}]})
    assert [change.verb for change in plan.changes] == ["create", "update"]
    assert "preferredntpserver" not in plan.changes[0].write
    assert plan.changes[1].write["preferredntpserver"] == "YES"


def test_a_diff_has_only_what_changes() -> None:
    plan = planned(lb(lbmethod="ROUNDROBIN", port=80), {"lbvserver": [WEB]})
    assert plan.diff() == {
        "before": {"lbvserver": {"web": {"lbmethod": "LEASTCONNECTION"}}},
        "after": {"lbvserver": {"web": {"lbmethod": "ROUNDROBIN"}}},
    }
    assert plan.explain() == ["~ update lbvserver web: lbmethod: LEASTCONNECTION → ROUNDROBIN"]
