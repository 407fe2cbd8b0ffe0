# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""A session against the simulated appliance: over real connections, with real faults."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro import catalogue, wire
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.errors import OutcomeUnknown, Rejected, Unauthorized
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.session import Absent, Present, Session, Target, Unknown

if TYPE_CHECKING:
    from nitrox.simulator.testing import Simulator

LB = catalogue.kind("lbvserver")
MEMBER = catalogue.kind("servicegroup_servicegroupmember_binding")
ADD = wire.add(LB, {"name": "web", "servicetype": "HTTP"})


def opened(simulator: Simulator, **options: Any) -> Session:
    given = {"url": simulator.url, "username": "nsroot", "password": "nsroot", "retries": 3, **options}
    return Session(Target.from_options(given, {}), sleep=lambda _seconds: None)


def test_the_life_of_an_object(simulator: Simulator) -> None:
    with opened(simulator) as session:
        assert session.read(LB, {"name": "web"}) == Absent()
        session.send(ADD)
        session.send(wire.update(LB, {"name": "web", "timeout": 7}))
        found = session.read(LB, {"name": "web"})
        assert isinstance(found, Present)
        assert (found.values["servicetype"], int(found.values["timeout"])) == ("HTTP", 7)
        session.send(wire.unset(LB, {"name": "web", "timeout": None}))
        session.send(wire.rename(LB, "web", "shop 1"))
        renamed = session.read(LB, {"name": "shop 1"})
        assert isinstance(renamed, Present)
        assert int(renamed.values["timeout"]) == 2
        session.send(wire.delete(LB, {"name": "shop 1"}))
        assert session.read(LB, {"name": "shop 1"}) == Absent()
    assert simulator.counters()["logins"] == 1
    assert simulator.count("POST", "logout") == 1


def test_members_bound_in_one_request_are_read_in_one_and_unbound_by_their_row(simulator: Simulator) -> None:
    groups = [{"servicegroupname": f"sg{number}", "servicetype": "HTTP"} for number in range(6)]
    rows = [{"servicegroupname": group["servicegroupname"], "ip": f"192.0.2.{n}", "port": 80} for group in groups for n in (1, 2)]
    with opened(simulator, page_size=5) as session:
        assert session.send(wire.add(catalogue.kind("servicegroup"), groups)).ok
        assert session.send(wire.bind(MEMBER, rows)).ok
        found = session.read_bindings(MEMBER, [group["servicegroupname"] for group in groups])
        assert {name: len(members) for name, members in found.items()} == {f"sg{number}": 2 for number in range(6)}
        assert simulator.count("GET", MEMBER.name) == 3  # 12 rows, 5 on a page
        session.send(wire.unbind(MEMBER, found["sg3"][0]))
        left = session.read_bindings(MEMBER, ["sg3"])["sg3"]
        assert [row["ip"] for row in left] == [found["sg3"][1]["ip"]]


def test_each_item_of_a_batch_has_its_own_answer(simulator: Simulator) -> None:
    with opened(simulator) as session:
        session.send(ADD)
        result = session.send(wire.add(LB, [{"name": name, "servicetype": "HTTP"} for name in ("a", "web", "b")]))
    assert [code for code, _ in result.items] == [0, 273, 0]


def test_a_lost_answer_is_not_sent_again_and_can_be_read_back(simulator: Simulator) -> None:
    with opened(simulator) as session:
        simulator.faults({"fault": "drop_after", "method": "POST", "kind": "lbvserver"})
        with pytest.raises(OutcomeUnknown, match="lbvserver web: sent to"):
            session.send(ADD)
        assert isinstance(session.read(LB, {"name": "web"}), Present)
    assert simulator.count("POST", "lbvserver") == 1


@pytest.mark.parametrize("fault", ["drop_before", "drop_after", "garble", "html", "unavailable", "expire"])
def test_a_read_survives_what_passes(simulator: Simulator, fault: str) -> None:
    with opened(simulator) as session:
        session.send(ADD)
        simulator.faults({"fault": fault, "method": "GET", "kind": "lbvserver"})
        assert isinstance(session.read(LB, {"name": "web"}), Present)


@pytest.mark.parametrize("fault", ["drop_before", "drop_after", "garble", "html", "unavailable"])
def test_a_read_that_never_succeeds_is_unknown(simulator: Simulator, fault: str) -> None:
    with opened(simulator) as session:
        session.send(ADD)
        simulator.faults({"fault": fault, "method": "GET", "kind": "lbvserver", "times": 0})
        found = session.read(LB, {"name": "web"})
        assert isinstance(found, Unknown)
        assert str(found.error).startswith("lbvserver web: ")
        simulator.clear_faults()


@pytest.mark.parametrize("fault", ["unavailable", "expire", "html"])
def test_a_write_that_was_refused_for_now_is_sent_again(simulator: Simulator, fault: str) -> None:
    with opened(simulator) as session:
        session.read_all(LB)
        simulator.faults({"fault": fault, "method": "POST", "kind": "lbvserver"})
        assert session.send(ADD).ok
    assert simulator.count("POST", "lbvserver") == 2


def test_a_wrong_password_is_tried_once(simulator: Simulator) -> None:
    session = opened(simulator, password="wrong")
    with pytest.raises(Unauthorized, match="login nsroot: NITRO error 354: Invalid username or password"):
        session.send(ADD)
    assert simulator.count("POST", "login") == 1


def test_the_refusal_says_what_was_refused(simulator: Simulator) -> None:
    with opened(simulator) as session, pytest.raises(Rejected, match="lbvserver web: NITRO error 258"):
        session.send(wire.update(LB, {"name": "web", "timeout": 7}))


def test_after_a_failover_writes_go_to_the_new_primary(start_simulator: Callable[..., Simulator]) -> None:
    pair = start_simulator(ha=True)
    with opened(pair, url=pair.urls, retries=8, retry_budget=1000) as session:
        session.send(ADD)
        pair.faults({"fault": "fail_over", "method": "POST", "kind": "lbvserver"})
        session.send(wire.add(LB, {"name": "second", "servicetype": "HTTP"}))
        assert isinstance(session.read(LB, {"name": "second"}), Present)
    paths = [entry["path"].partition("?")[0] for entry in session.requests]
    assert paths.count("/nitro/v1/config/login") >= 2
