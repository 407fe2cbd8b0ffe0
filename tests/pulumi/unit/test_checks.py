# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Checks are offline, know what is not known yet, and name the property and the cure."""

from __future__ import annotations

import grpc
import pytest
from pulumi.output import Unknown

from .server import Server, said, serving

WEB = {"name": "web", "servicetype": "HTTP", "ipv46": "203.0.113.10", "port": 80.0, "__name": "web"}


def test_numbers_arrive_as_floats_and_mean_whole_numbers(offline: Server) -> None:
    inputs, failures = offline.check("lbvserver", {**WEB, "port": 80.0})
    assert not failures
    assert inputs["port"] == 80


def test_an_enumeration_is_spelled_as_the_appliance_spells_it(offline: Server) -> None:
    inputs, failures = offline.check("lbvserver", {**WEB, "lbmethod": "leastconnection"})
    assert not failures
    assert inputs["lbmethod"] == "LEASTCONNECTION"


@pytest.mark.parametrize(
    ("wrong", "failure"),
    [
        pytest.param({"lbmetod": "ROUNDROBIN"}, "lbmetod: no such attribute of lbvserver (did you mean lbmethod?)", id="name"),
        pytest.param({"port": "x"}, "port: 'x': a whole number is wanted", id="type"),
        pytest.param({"port": 70000}, "port: 70000: out of range: 0 to 65535 is allowed", id="range"),
        pytest.param({"curstate": "UP"}, "curstate: read-only, it cannot be set", id="read-only"),
    ],
)
def test_a_mistake_names_its_property(offline: Server, wrong: dict[str, object], failure: str) -> None:
    failures = offline.check("lbvserver", {**WEB, **wrong})[1]
    assert len(failures) == 1
    assert failures[0].startswith(failure.split(": out")[0])


def test_the_nearest_value_is_named(offline: Server) -> None:
    (failure,) = offline.check("lbvserver", {**WEB, "lbmethod": "ROUNDROBBIN"})[1]
    assert failure.startswith("lbmethod: 'ROUNDROBBIN': not an allowed value")
    assert "did you mean ROUNDROBIN?" in failure


def test_every_mistake_is_reported_at_once(offline: Server) -> None:
    failures = offline.check("lbvserver", {**WEB, "port": "x", "lbmetod": "a", "timeout": -1})[1]
    assert {failure.partition(":")[0] for failure in failures} == {"port", "lbmetod", "timeout"}


def test_what_a_new_object_needs_is_missing_before_anything_is_sent(offline: Server) -> None:
    without = {name: value for name, value in WEB.items() if name != "servicetype"}
    assert offline.check("lbvserver", without)[1] == ["servicetype: servicetype is needed to create it"]


def test_an_object_that_exists_need_not_repeat_what_made_it(offline: Server) -> None:
    without = {name: value for name, value in WEB.items() if name != "servicetype"}
    assert not offline.check("lbvserver", {**without, "name": "old"}, olds={**WEB, "name": "old"})[1]
    assert not offline.check("lbvserver", {**without, "name": "taken", "__adopt": True})[1]


def test_unknown_values_pass_and_stay_unknown(offline: Server) -> None:
    inputs, failures = offline.check("lbvserver", {**WEB, "name": "unknown", "ipv46": Unknown(), "servicetype": Unknown()})
    assert not failures
    assert isinstance(inputs["ipv46"], Unknown)
    assert inputs["port"] == 80


def test_an_unknown_key_is_not_a_missing_one(offline: Server) -> None:
    row = {"name": Unknown(), "servicegroupname": "web", "__name": "row"}
    assert not offline.check("lbvserver_servicegroup_binding", row)[1]


def test_an_unknown_value_of_a_wrong_attribute_is_still_wrong(offline: Server) -> None:
    assert "did you mean" in offline.check("lbvserver", {**WEB, "name": "x", "servicetpe": Unknown()})[1][0]


def test_no_target_is_a_failed_check_with_its_cure() -> None:
    with serving({}) as server:
        (failure,) = server.check("lbvserver", WEB)[1]
    assert failure.startswith("provider: which appliance? url is missing (or NETSCALER_URL)")
    assert "pulumi config set netscaler:url" in failure


def test_the_environment_may_name_the_target() -> None:
    with serving({}, NETSCALER_URL="http://127.0.0.1:9", NS_LOGIN="nsroot", NS_PASSWORD="nsroot") as server:
        assert not server.check("lbvserver", WEB)[1]


def test_two_resources_for_one_object_are_a_mistake(offline: Server) -> None:
    assert not offline.check("server", {"name": "one", "ipaddress": "192.0.2.1", "__name": "first"})[1]
    (failure,) = offline.check("server", {"name": "one", "ipaddress": "192.0.2.1", "__name": "second"})[1]
    assert failure == "name: server one is the resource 'first' already: one object, one resource"


def test_features_may_be_wanted_by_many(offline: Server) -> None:
    for name in ("first", "second"):
        assert not offline.check("nsfeature", {"feature": ["LB"], "__name": name})[1]


def test_a_view_cannot_be_a_resource(offline: Server) -> None:
    (failure,) = offline.check("lbmonbindings_service_binding", {"monitorname": "web", "__name": "x"})[1]
    assert failure.startswith("kind: lbmonbindings_service_binding: a reverse view, read-only")


def test_a_state_that_names_a_kind_of_another_version_says_so(offline: Server) -> None:
    with pytest.raises(grpc.RpcError) as refused:
        offline.delete("lbvservr", "web", {"name": "web"})
    assert said(refused.value).startswith("lbvservr: no such object kind (did you mean lbvserver")
    assert "install the version of netscaler-nitrox that made it" in said(refused.value)
