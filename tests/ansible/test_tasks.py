# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Tasks in process against the simulator: each step of a life is predicted in check mode, then done."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from nitrox.simulator.testing import Simulator

Do = Callable[..., dict[str, Any]]
WEB = {"name": "web", "servicetype": "HTTP", "ipv46": "203.0.113.10", "port": 80}
LIFE = [
    pytest.param(WEB, True, id="create"),
    pytest.param(WEB, False, id="again"),
    pytest.param({"name": "web", "lbmethod": "ROUNDROBIN"}, True, id="change one attribute"),
    pytest.param({"name": "web", "lbmethod": "ROUNDROBIN"}, False, id="it stays changed"),
    pytest.param({"name": "web", "state": "disabled"}, True, id="disable"),
    pytest.param({"name": "web", "state": "disabled"}, False, id="it stays disabled"),
    pytest.param({"name": "web", "state": "enabled"}, True, id="enable"),
    pytest.param({"name": "web", "attributes": {"lbmethod": None}}, True, id="null unsets"),
    pytest.param({"name": "web", "attributes": {"lbmethod": None}}, False, id="it stays unset"),
    pytest.param({"name": "shop", "rename_from": "web"}, True, id="rename"),
    pytest.param({"name": "shop", "rename_from": "web"}, False, id="it stays renamed"),
    pytest.param({"name": "shop", "state": "absent"}, True, id="delete"),
    pytest.param({"name": "shop", "state": "absent"}, False, id="it stays away"),
]


def test_a_whole_life(do: Do) -> None:
    for step in LIFE:
        options, changes = step.values
        predicted = do("lbvserver", check=True, **options)
        done = do("lbvserver", **options)
        assert (step.id, predicted.get("changed"), done.get("changed")) == (step.id, changes, changes), done
        assert predicted["plan"] == done["plan"]
        assert (predicted["before"], predicted["after"]) == (done["before"], done["after"])


def test_check_mode_writes_nothing(do: Do, simulator: Simulator) -> None:
    do("lbvserver", check=True, **WEB)
    assert simulator.counters()["requests"].keys() == {"POST", "GET"}
    assert simulator.counters()["requests"]["POST"] == {"login": 1}


def test_one_request_when_nothing_is_to_do(do: Do, simulator: Simulator) -> None:
    do("lbvserver", **WEB)
    before = simulator.counters()["requests_total"]
    result = do("lbvserver", **WEB)
    assert simulator.counters()["requests_total"] - before == 1
    assert [(one["method"], one["path"]) for one in result["requests"]] == [("GET", "/nitro/v1/config/lbvserver/web")]


def test_the_object_is_returned_as_read_back(do: Do) -> None:
    result = do("lbvserver", **WEB)
    assert result["lbvserver"]["name"] == "web"
    assert result["lbvserver"]["lbmethod"] == "LEASTCONNECTION"  # the appliance's own default
    assert "lbvserver" not in do("lbvserver", name="web", state="absent")


def test_the_diff_is_text_for_people(do: Do) -> None:
    do("lbvserver", **WEB)
    diff = do("lbvserver", check=True, name="web", lbmethod="ROUNDROBIN")["diff"]
    assert diff["before"] == "lbvserver:\n  web:\n    lbmethod: LEASTCONNECTION\n"
    assert diff["after"] == "lbvserver:\n  web:\n    lbmethod: ROUNDROBIN\n"


def test_bindings_are_complete_sets_and_one_row_is_one_row(do: Do) -> None:
    group = {"servicegroupname": "web", "servicetype": "HTTP"}
    members = [{"ip": "198.51.100.11", "port": 80}, {"ip": "198.51.100.12", "port": 80}]
    assert do("servicegroup", **group, bindings={"servicegroupmember": members})["changed"]
    assert not do("servicegroup", **group, bindings={"servicegroupmember": members[::-1]})["changed"]
    assert not do("servicegroup", **group)["changed"]
    one = {"kind": "servicegroup_servicegroupmember_binding", "key": {"servicegroupname": "web", **members[0]}}
    assert not do("resource", **one)["changed"]
    assert do("resource", **one, state="absent")["changed"]
    left = do("config_info", kinds=["servicegroup"], bindings=["servicegroupmember"])
    assert [row["ip"] for row in left["objects"]["servicegroup_servicegroupmember_binding"]] == ["198.51.100.12"]


def test_what_was_read_can_be_declared(do: Do) -> None:
    do("lbvserver", **WEB, lbmethod="ROUNDROBIN")
    found = do("config_info", kinds=["lbvserver"], query="lbvserver[].name")
    assert found["result"] == ["web"]
    assert found["document"]["lbvserver"]["web"]["lbmethod"] == "ROUNDROBIN"
    assert not do("config", document=found["document"])["changed"]


def test_saving_only_what_is_not_saved(do: Do, simulator: Simulator) -> None:
    do("server", name="one", ipaddress="198.51.100.1")
    assert do("save", check=True) == {"changed": True, "saved": False, "requests": do("save", check=True)["requests"]}
    assert do("save")["saved"]
    assert not do("save")["changed"]
    assert do("save", force=True)["changed"]
    assert simulator.counters()["saves"] == 2


def test_a_task_saves_when_it_changed_something(do: Do, simulator: Simulator) -> None:
    assert do("lbvserver", **WEB, save=True)["saved"]
    assert not do("lbvserver", **WEB, save=True)["changed"]
    assert simulator.counters()["saves"] == 1


@pytest.mark.parametrize(
    ("module", "options", "message"),
    [
        pytest.param("resource", {"kind": "lbvservr"}, "lbvservr: no such object kind (did you mean", id="unknown kind"),
        pytest.param("lbvserver", {**WEB, "attributes": {"lbmetod": "x"}}, "did you mean lbmethod", id="unknown attribute"),
        pytest.param("lbvserver", {**WEB, "attributes": {"port": 81}}, "port is given as an option, too", id="given twice"),
        pytest.param("lbvserver", {**WEB, "bindings": {"servicegrp": []}}, "did you mean servicegroup", id="unknown binding"),
        pytest.param("resource", {"kind": "dnsaddrec", "state": "disabled"}, "cannot be enabled or disabled", id="no such state"),
        pytest.param("resource", {"kind": "lbparameter", "name": "x"}, "has no name, it exists once", id="a singleton's name"),
        pytest.param(
            "resource",
            {"kind": "responderglobal_responderpolicy_binding", "key": {"policyname": "p", "priority": 1}},
            "hand the complete set",
            id="a single global binding",
        ),
        pytest.param("config", {"document": {}}, "empty document", id="empty document"),
        pytest.param(
            "config", {"document": {"server": {"a": {"ipaddress": "1.1.1.1"}}}, "prune": True}, "needs an owner", id="prune"
        ),
        pytest.param("config_info", {"kinds": ["lbvservr"]}, "did you mean", id="info of an unknown kind"),
        pytest.param("config_info", {"kinds": ["server"], "bindings": ["nothing"]}, "none of the kinds", id="info's bindings"),
        pytest.param("config_info", {"kinds": ["server"], "query": "["}, "query:", id="a broken query"),
    ],
)
def test_bad_input_is_refused_before_anything_is_written(
    do: Do, simulator: Simulator, module: str, options: dict[str, Any], message: str
) -> None:
    result = do(module, **options)
    assert result["failed"]
    assert message in result["msg"]
    assert "\n" not in result["msg"]
    assert not [method for method in simulator.counters()["requests"] if method in ("PUT", "DELETE")]


def test_all_problems_at_once(do: Do) -> None:
    result = do("config", document={"lbvserver": {"a": {"servicetype": "HTTPP"}, "b": {"servicetype": "HTTP", "lbmetod": 1}}})
    assert result["msg"].startswith("2 problems, nothing was sent: ")
    assert [problem.split(":")[0] for problem in result["problems"]] == ["lbvserver.a.servicetype", "lbvserver.b.lbmetod"]


def test_a_refusal_names_kind_object_and_errorcode(do: Do, simulator: Simulator) -> None:
    simulator.faults({"fault": "reject", "method": "POST", "kind": "lbvserver", "errorcode": 1092})
    result = do("lbvserver", **WEB)
    assert result["failed"]
    assert result["errorcode"] == 1092
    assert "lbvserver" in result["msg"]
    assert "1092" in result["msg"]


def test_what_became_of_every_step(do: Do, simulator: Simulator) -> None:
    simulator.faults({"fault": "reject", "method": "POST", "kind": "lbvserver", "errorcode": 1092})
    wanted = {"server": {"one": {"ipaddress": "198.51.100.1"}}, "lbvserver": {"web": {"servicetype": "HTTP"}}}
    result = do("config", document=wanted)
    assert result["failed"]
    assert result["changed"]
    assert {(item["object"], item["status"]) for item in result["outcome"]} == {
        ("server one", "done"),
        ("lbvserver web", "refused"),
    }


def test_secrets_are_in_no_result(do: Do) -> None:
    options = {"monitorname": "db", "type": "MYSQL", "attributes": {"username": "u", "password": "s3cret!"}}
    assert "s3cret!" not in repr(do("lbmonitor", **options))
    again = do("lbmonitor", **options)
    assert "s3cret!" not in repr(again)
    assert again["plan"] == ["note: lbmonitor: password cannot be read back and was not compared (1 object)"]
