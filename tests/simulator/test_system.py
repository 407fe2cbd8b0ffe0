# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Users, groups, command policies, sessions, and what the box says of itself (PROTOCOL 2, 8.5, 20 #16–21)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

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
    return Nitro(box.url)


def login(nitro: Nitro, username: str, password: str, **more: Any) -> Any:
    return nitro.post("login", {"login": {"username": username, "password": password, **more}}, auth=False)


def as_user(nitro: Nitro, box: Simulator, username: str, password: str) -> Nitro:
    caller = Nitro(box.url, login=False)
    caller.token = login(nitro, username, password).body["sessionid"]
    return caller


def test_users_and_groups_exist_once(nitro: Nitro) -> None:
    nitro.add("systemuser", username="ops", password="hidden-word")
    again = nitro.post("systemuser", {"systemuser": {"username": "OPS", "password": "hidden-word"}})
    assert (again.status, again.errorcode) == (599, 2631)
    nitro.add("systemgroup", groupname="admins")
    assert nitro.post("systemgroup", {"systemgroup": {"groupname": "admins"}}).errorcode == 2632
    nitro.bind("systemgroup_systemuser_binding", groupname="admins", username="ops")
    binding = {"systemgroup_systemuser_binding": {"groupname": "admins", "username": "ops"}}
    assert nitro.put("systemgroup_systemuser_binding", binding).errorcode == 2633
    assert [row["groupname"] for row in nitro.rows("systemuser_systemgroup_binding/ops")] == ["admins"]
    assert nitro.post("systemuser", {"systemuser": {"username": "x"}}).errorcode == 1095


def test_deleting_users(box: Simulator, nitro: Nitro) -> None:
    missing = nitro.delete("systemuser/nobody")
    assert (missing.status, missing.errorcode) == (404, 2626)
    assert nitro.delete("systemuser/nsroot").errorcode == 257
    nitro.add("systemuser", username="ops", password="hidden-word")
    theirs = as_user(nitro, box, "ops", "hidden-word")
    assert nitro.delete("systemuser/ops").status == 200
    assert theirs.get("nsversion").errorcode == 444


def test_password_rules(nitro: Nitro) -> None:
    nitro.put("systemparameter", {"systemparameter": {"minpasswordlen": 8, "strongpassword": "enableall"}})

    def code(password: str) -> int:
        return nitro.post("systemuser", {"systemuser": {"username": "ops", "password": password}}).errorcode

    assert (code("Ab1!"), code("only-small-letters"), code("Ab1!Ab1!")) == (1079, 1076, 0)


def test_everybody_may_change_the_own_password_only(box: Simulator, nitro: Nitro) -> None:
    nitro.add("systemuser", username="ops", password="hidden-word")
    nitro.bind("systemuser_systemcmdpolicy_binding", username="ops", policyname="read-only", priority=1)
    theirs = as_user(nitro, box, "ops", "hidden-word")
    assert theirs.put("systemuser", {"systemuser": {"username": "ops", "password": "another"}}).status == 200
    assert theirs.put("systemuser", {"systemuser": {"username": "nsroot", "password": "another"}}).errorcode == 2138
    assert theirs.put("systemuser", {"systemuser": {"username": "ops", "timeout": 600}}).errorcode == 2138
    assert login(nitro, "ops", "hidden-word").errorcode == 354
    assert login(nitro, "ops", "another").status == 201


def test_policies_of_a_group_and_policies_of_ones_own_making(box: Simulator, nitro: Nitro) -> None:
    nitro.add("systemuser", username="ops", password="hidden-word")
    nitro.add("systemgroup", groupname="lb")
    nitro.bind("systemgroup_systemuser_binding", groupname="lb", username="ops")
    nitro.add("systemcmdpolicy", policyname="only-lb", action="ALLOW", cmdspec="(^show.*)|(^(add|set) lb vserver.*)")
    nitro.bind("systemgroup_systemcmdpolicy_binding", groupname="lb", policyname="only-lb", priority=1)
    theirs = as_user(nitro, box, "ops", "hidden-word")
    theirs.add("lbvserver", name="v", servicetype="HTTP")
    refused = theirs.post("csvserver", {"csvserver": {"name": "c", "servicetype": "HTTP"}})
    assert (refused.status, refused.errorcode) == (403, 2138)
    assert theirs.delete("lbvserver/v").errorcode == 2138


@pytest.fixture(name="limited")
def _limited(box: Simulator, nitro: Nitro) -> Nitro:
    """A user who may read what belongs to virtual servers of load balancing, bind to ``v``, and see the box's statistics."""
    nitro.add("systemuser", username="ops", password="hidden-word")
    spec = "(^(show|stat) lb vserver)|(^bind lb vserver v$)|(^stat (protocol tcp|ns)$)"
    nitro.add("systemcmdpolicy", policyname="limited", action="ALLOW", cmdspec=spec)
    nitro.bind("systemuser_systemcmdpolicy_binding", username="ops", policyname="limited", priority=1)
    for name in ("v", "w"):
        nitro.add("lbvserver", name=name, servicetype="HTTP")
    nitro.add("servicegroup", servicegroupname="g", servicetype="HTTP")
    return as_user(nitro, box, "ops", "hidden-word")


@pytest.mark.parametrize(
    ("path", "status"),
    [("lbvserver/v", 200), ("lbvserver", 200), ("protocoltcp", 200), ("ns", 200), ("system", 403), ("servicegroup/g", 403)],
)
def test_statistics_need_a_policy_like_everything_else(limited: Nitro, path: str, status: int) -> None:
    answer = limited.get(f"/nitro/v1/stat/{path}")
    assert (answer.status, answer.errorcode) == (status, 0 if status == 200 else 2138)


def test_who_has_no_policy_sees_no_statistics(box: Simulator, nitro: Nitro) -> None:
    nitro.add("systemuser", username="ops", password="hidden-word")
    answer = as_user(nitro, box, "ops", "hidden-word").get("/nitro/v1/stat/lbvserver")
    assert (answer.status, answer.errorcode) == (403, 371)


def test_what_is_bound_is_a_command_on_its_parent(limited: Nitro) -> None:
    kind = "lbvserver_servicegroup_binding"
    limited.bind(kind, name="v", servicegroupname="g")
    assert limited.put(kind, {kind: {"name": "w", "servicegroupname": "g"}}).errorcode == 2138
    assert limited.delete(f"{kind}/v?args=servicegroupname:g").errorcode == 2138
    assert [row["servicegroupname"] for row in limited.rows(f"{kind}/v")] == ["g"]
    assert limited.get("servicegroup_binding/g").errorcode == 2138


def test_the_first_password_must_be_changed_where_that_is_asked_for(nitro: Nitro) -> None:
    assert login(nitro, "nsroot", "nsroot", new_password="x").errorcode == 278
    nitro.put("systemparameter", {"systemparameter": {"forcepasswordchange": "ENABLED"}})
    assert login(nitro, "nsroot", "nsroot").errorcode == 1046
    assert login(nitro, "nsroot", "nsroot", new_password="nsroot").errorcode == 1047
    assert login(nitro, "nsroot", "nsroot", new_password="changed").status == 201
    assert login(nitro, "nsroot", "changed").status == 201


def test_sessions_are_limited_for_the_box_and_for_a_user(nitro: Nitro) -> None:
    nitro.add("systemuser", username="ops", password="hidden-word", maxsession=1)
    assert [login(nitro, "ops", "hidden-word").errorcode for _n in range(2)] == [0, 445]
    assert nitro.put("systemparameter", {"systemparameter": {"maxclient": 10}}).status == 200
    assert [login(nitro, "nsroot", "nsroot").errorcode for _n in range(9)] == [0] * 8 + [445]
    assert nitro.get("systemparameter").body["systemparameter"]["maxclient"] == "10"


def test_with_restricted_timeout_the_users_own_is_the_ceiling(box: Simulator, nitro: Nitro) -> None:
    nitro.put("systemparameter", {"systemparameter": {"restrictedtimeout": "ENABLED", "timeout": 600}})
    nitro.add("systemuser", username="ops", password="hidden-word", timeout=300)
    nitro.bind("systemuser_systemcmdpolicy_binding", username="ops", policyname="superuser", priority=1)
    theirs = Nitro(box.url, login=False)
    theirs.token = login(nitro, "ops", "hidden-word", timeout=3600).body["sessionid"]
    box.control("POST", "clock", {"advance": 301})
    assert theirs.get("nsversion").errorcode == 444


def test_basic_authentication_can_be_switched_off(nitro: Nitro) -> None:
    nitro.put("systemparameter", {"systemparameter": {"basicauth": "disabled"}})
    refused = nitro.get("nsversion", auth=False, headers={"Authorization": "Basic bnNyb290Om5zcm9vdA=="})
    assert (refused.status, refused.errorcode) == (401, 1244)


def test_what_the_box_says_of_itself(box: Simulator, nitro: Nitro) -> None:
    body = {name: nitro.get(name).body[name] for name in ("nsversion", "nshardware", "nscapacity", "nslicense", "nshostname")}
    assert body["nsversion"]["version"].startswith("NetScaler NS14.1: Build ")
    assert body["nshardware"]["cpufrequncy"] > 0
    assert {"maxbandwidth", "minbandwidth", "actualbandwidth", "bandwidth", "edition"} <= set(body["nscapacity"])
    assert body["nslicense"]["lb"] is True
    assert isinstance(body["nshostname"], list)
    assert nitro.put("nshostname", {"nshostname": {"hostname": "edge1"}}).status == 200
    assert nitro.rows("nshostname")[0]["hostname"] == "edge1"


def test_the_address_of_the_box_is_there_and_stays(nitro: Nitro) -> None:
    own = nitro.get("nsconfig").body["nsconfig"]["primaryip"]
    assert nitro.rows(f"nsip/{own}")[0]["type"] == "NSIP"
    assert nitro.delete(f"nsip/{own}").errorcode == 257
    assert nitro.put("nsrpcnode", {"nsrpcnode": {"ipaddress": own, "secure": "ON", "password": "hidden-word"}}).status == 200
    assert nitro.rows(f"nsrpcnode/{own}")[0]["secure"] == "ON"
    assert "hidden-word" not in nitro.get(f"nsrpcnode/{own}").text
