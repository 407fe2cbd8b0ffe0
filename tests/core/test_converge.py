# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Observe, plan and apply together: the promised numbers of requests, prediction, drift, and other kinds of objects."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.converge import converge
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.document import parse
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.errors import InvalidDocument

from .converging import apps, done, members, names, opened, rows, run, steps

if TYPE_CHECKING:
    from tests.conftest import Simulator


@pytest.mark.parametrize(("count", "first", "again"), [(20, 12, 6), (1000, 150, 20)], ids=["20 apps", "1,000 apps"])
def test_the_promised_number_of_requests(simulator: Simulator, count: int, first: int, again: int) -> None:
    _, outcome = run(simulator, apps(count), save=True)
    assert outcome.saved
    assert simulator.counters()["requests_total"] <= first
    assert len(rows(simulator, "servicegroup_servicegroupmember_binding")) == 5 * count
    before = simulator.counters()["requests_total"]
    assert done(simulator, apps(count), save=True) == []
    assert simulator.counters()["requests_total"] - before <= again
    assert simulator.counters()["logins"] == 2


def test_one_idempotent_object_is_one_request_and_one_connection(simulator: Simulator) -> None:
    data = {"lbvserver": {"web": {"servicetype": "HTTP", "lbmethod": "ROUNDROBIN"}}}
    done(simulator, data)
    with opened(simulator) as session:
        converge(session, parse(data))
        before = simulator.counters()
        for _ in range(5):
            plan, _ = converge(session, parse(data))
            assert not plan
        after = simulator.counters()
    assert after["requests_total"] - before["requests_total"] == 5
    assert after["connections"] == before["connections"]
    assert session.logins == 1


def test_checking_predicts_and_writes_nothing(simulator: Simulator) -> None:
    with opened(simulator) as session:
        predicted, outcome = converge(session, parse(apps(2)), check=True, save=True)
        assert outcome is None
        assert set(session.counts) <= {"GET", "POST"}
        assert session.counts["POST"] == 1  # the login
        real, outcome = converge(session, parse(apps(2)))
    assert real == predicted
    assert outcome is not None
    assert outcome.ok


def test_a_change_by_hand_is_named_and_repaired(simulator: Simulator) -> None:
    data = apps(1)
    data["lbvserver"]["app0"]["lbmethod"] = "LEASTCONNECTION"
    done(simulator, data)
    broken = {
        "lbvserver": {"app0": {"lbmethod": "ROUNDROBIN"}},
        "servicegroup": {"app0": {"bindings": {"servicegroupmember": [{"ip": "10.0.0.1", "port": 8080}]}}},
    }
    done(simulator, broken)
    with opened(simulator) as session:
        plan, _ = converge(session, parse(data), check=True)
    assert "~ update lbvserver app0: lbmethod: ROUNDROBIN → LEASTCONNECTION" in plan.explain()
    done(simulator, data)
    assert done(simulator, data) == []
    assert len(members(simulator, "app0")) == 5


def test_what_is_not_declared_is_left_alone(simulator: Simulator) -> None:
    done(simulator, {"lbvserver": {"web": {"servicetype": "HTTP", "timeout": 7}, "other": {"servicetype": "HTTP"}}})
    done(simulator, {"lbvserver": {"web": {"servicetype": "HTTP", "comment": "x"}}})
    found = {row["name"]: row for row in rows(simulator, "lbvserver")}
    assert (found["web"]["timeout"], found["web"]["comment"]) == (7, "x")
    assert set(found) == {"web", "other"}


WHOLE = {
    "nsfeature": {"feature": ["LB", "CS", "REWRITE", "RESPONDER"]},
    "server": {"one": {"ipaddress": "10.0.0.1"}},
    "lbmonitor": {"ok": {"type": "HTTP", "interval": 60, "respcode": ["200", "302"]}},
    "servicegroup": {
        "web": {
            "servicetype": "HTTP",
            "bindings": {
                "servicegroupmember": [{"servername": "one", "port": 80}, {"ip": "10.0.0.2", "port": 80, "weight": 20}],
                "lbmonitor": ["ok"],
            },
        }
    },
    "responderaction": {"go": {"type": "redirect", "target": '"https://example.com"'}},
    "responderpolicy": {"go": {"rule": "true", "action": "go"}},
    "csaction": {"to-web": {"targetlbvserver": "web"}},
    "cspolicy": {"to-web": {"rule": 'HTTP.REQ.URL.STARTSWITH("/web")', "action": "to-web"}},
    "lbvserver": {
        "web": {
            "servicetype": "HTTP",
            "bindings": {"servicegroup": ["web"], "responderpolicy": [{"policyname": "go", "priority": 100}]},
        }
    },
    "csvserver": {
        "front": {
            "servicetype": "HTTP",
            "ipv46": "203.0.113.10",
            "port": 80,
            "bindings": {"cspolicy": [{"policyname": "to-web", "priority": 10}], "lbvserver": ["web"]},
        }
    },
    "policystringmap": {"m": {"bindings": {"pattern": [{"key": "a", "value": "1"}, {"key": "b", "value": "2"}]}}},
    "responderglobal_responderpolicy_binding": [{"policyname": "go", "priority": 50, "type": "REQ_DEFAULT"}],
    "route": [{"network": "10.9.0.0", "netmask": "255.255.0.0", "gateway": "192.0.2.254"}],
    "nsparam": {"cookieversion": "1"},
}


def test_many_kinds_live_together(simulator: Simulator) -> None:
    assert done(simulator, WHOLE)
    assert done(simulator, WHOLE) == []


def test_many_kinds_go_together(simulator: Simulator) -> None:
    done(simulator, WHOLE)
    gone = {name: objects for name, objects in WHOLE.items() if name != "nsfeature"}
    done(simulator, gone, present=False)
    for kind in ("csvserver", "lbvserver", "servicegroup", "responderpolicy", "responderaction", "csaction", "cspolicy"):
        assert names(simulator, kind).isdisjoint({"front", "web", "go", "to-web"}), kind
    assert done(simulator, gone, present=False) == []


def test_a_weight_changes_without_unbinding(simulator: Simulator) -> None:
    def group(weight: int) -> dict[str, Any]:
        member = {"ip": "10.0.0.1", "port": 80, "weight": weight}
        return {"servicegroup": {"web": {"servicetype": "HTTP", "bindings": {"servicegroupmember": [member]}}}}

    done(simulator, group(1))
    assert [step.split()[0] for step in done(simulator, group(50))] == ["update"]
    assert simulator.count("DELETE", "servicegroup_servicegroupmember_binding") == 0
    assert done(simulator, group(50)) == []


def test_a_member_is_disabled_and_enabled(simulator: Simulator) -> None:
    def group(state: str) -> dict[str, Any]:
        member = {"ip": "10.0.0.1", "port": 80, "state": state}
        return {"servicegroup": {"web": {"servicetype": "HTTP", "bindings": {"servicegroupmember": [member]}}}}

    done(simulator, group("ENABLED"))
    for state, verb in (("DISABLED", "disable"), ("ENABLED", "enable")):
        assert [step.split()[0] for step in done(simulator, group(state))] == [verb]
        assert done(simulator, group(state)) == []


def test_policies_swap_their_priorities(simulator: Simulator) -> None:
    def web(first: int, second: int) -> dict[str, Any]:
        bound = [{"policyname": "p1", "priority": first}, {"policyname": "p2", "priority": second}]
        return {
            "responderpolicy": {name: {"rule": "true", "action": "NOOP"} for name in ("p1", "p2")},
            "lbvserver": {"web": {"servicetype": "HTTP", "bindings": {"responderpolicy": bound}}},
        }

    done(simulator, web(100, 200))
    assert [step.split()[0] for step in done(simulator, web(200, 100))] == ["rebind", "rebind"]
    assert done(simulator, web(200, 100)) == []


def test_renaming_keeps_bindings(simulator: Simulator) -> None:
    done(simulator, apps(1))
    data = {"servicegroup": {"shop": {"rename_from": "app0", "servicetype": "HTTP"}}}
    assert done(simulator, data) == ["rename servicegroup shop"]
    assert done(simulator, data) == []
    assert len(members(simulator, "shop")) == 5


def test_recreation_brings_bindings_back(simulator: Simulator) -> None:
    done(simulator, apps(1))
    data = apps(1)
    data["lbvserver"]["app0"]["port"] = 81
    with pytest.raises(InvalidDocument, match="port: cannot be changed once it exists: it is 80, wanted is 81"):
        run(simulator, data)
    assert done(simulator, data, immutable="recreate")[:2] == ["replace lbvserver app0", "create lbvserver app0"]
    assert done(simulator, data) == []


def test_recreation_brings_back_what_nobody_declared(simulator: Simulator) -> None:
    policy = {"responderpolicy": {"p": {"rule": "true", "action": "NOOP"}}}
    bound = {"lbvserver": {"app0": {"bindings": {"responderpolicy": [{"policyname": "p", "priority": 10}]}}}}
    for data in (apps(1), {**policy, **bound}):
        done(simulator, data)
    other = {"lbvserver": {"app0": {"servicetype": "HTTP", "port": 81}}}
    done(simulator, other, immutable="recreate")
    assert done(simulator, {**policy, **bound}) == []
    assert [row["servicegroupname"] for row in rows(simulator, "lbvserver_servicegroup_binding")] == ["app0"]


def test_a_file_is_replaced(simulator: Simulator) -> None:
    def file(content: str) -> dict[str, Any]:
        return {"systemfile": [{"filename": "a.txt", "filelocation": "/nsconfig/ssl", "filecontent": content}]}

    done(simulator, file("b25l"))
    assert [step.split()[0] for step in done(simulator, file("dHdv"))] == ["replace", "create"]
    assert done(simulator, file("dHdv")) == []


def test_pruning_needs_an_owner(simulator: Simulator) -> None:
    with pytest.raises(InvalidDocument, match="prune: needs an owner"):
        run(simulator, apps(1), prune=True)
    assert simulator.counters()["requests_total"] == 0


def test_steps_depend_on_nothing_but_the_document(simulator: Simulator) -> None:
    """Any order of what is declared gives the same steps."""
    plan, _ = run(simulator, WHOLE)
    simulator.reset()
    again, _ = run(simulator, dict(reversed(WHOLE.items())))
    assert sorted(steps(plan)) == sorted(steps(again))
