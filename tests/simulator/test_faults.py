# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Each fault does on the wire what it says, and only where it is wanted."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
import requests

from nitrox.simulator.faults import KINDS
from nitrox.simulator.testing import Simulator

from .nitro import Nitro, Reply

WEB = {"lbvserver": {"name": "web", "servicetype": "HTTP"}}


@pytest.fixture
def nitro(simulator: Simulator) -> Nitro:
    return Nitro(simulator.url)


def there(simulator: Simulator, name: str = "web") -> bool:
    """Is the virtual server configured? Asked of the simulator itself: no request is spent."""
    return any(row["name"] == name for row in simulator.state().get("lbvserver", []))


def cut(call: Callable[[], Reply]) -> bool:
    try:
        call()
    except requests.ConnectionError:
        return True
    return False


def test_refuse_cuts_the_connection_and_nothing_is_done(simulator: Simulator, nitro: Nitro) -> None:
    simulator.faults({"fault": "refuse", "kind": "lbvserver"})
    assert cut(lambda: nitro.post("lbvserver", WEB))
    assert not there(simulator)
    assert nitro.post("lbvserver", WEB).status == 201


def test_refuse_with_seconds_closes_the_listener_for_that_time(start_simulator: Callable[..., Simulator]) -> None:
    simulator = start_simulator()
    nitro = Nitro(simulator.url)
    simulator.faults({"fault": "refuse", "kind": "lbvserver", "seconds": 0.5})
    assert cut(lambda: nitro.post("lbvserver", WEB))
    assert cut(lambda: nitro.get("nsversion"))
    until = time.monotonic() + 20
    while cut(lambda: nitro.get("nsversion")):
        assert time.monotonic() < until, "the listener stayed closed"
        time.sleep(0.05)
    assert not there(simulator)


def test_drop_before_cuts_and_nothing_is_done(simulator: Simulator, nitro: Nitro) -> None:
    simulator.faults({"fault": "drop_before", "method": "POST"})
    assert cut(lambda: nitro.post("lbvserver", WEB))
    assert not there(simulator)


def test_drop_after_cuts_when_it_is_done(simulator: Simulator, nitro: Nitro) -> None:
    simulator.faults({"fault": "drop_after", "method": "POST"})
    assert cut(lambda: nitro.post("lbvserver", WEB))
    assert there(simulator)
    assert nitro.post("lbvserver", WEB).errorcode == 273


@pytest.mark.parametrize(
    ("fault", "status", "errorcode", "message"),
    [
        pytest.param({"errorcode": 293}, 599, 293, "Operation already in progress", id="errorcode"),
        pytest.param({"errorcode": 1043, "status": 503, "message": "Not now"}, 503, 1043, "Not now", id="status and message"),
    ],
)
def test_reject_refuses_and_nothing_is_done(
    simulator: Simulator, nitro: Nitro, fault: dict[str, Any], status: int, errorcode: int, message: str
) -> None:
    simulator.faults({"fault": "reject", "kind": "lbvserver", **fault})
    answer = nitro.post("lbvserver", WEB)
    assert (answer.status, answer.errorcode, answer.message) == (status, errorcode, message)
    assert not there(simulator)


def test_reject_also_hits_a_login(simulator: Simulator, nitro: Nitro) -> None:
    simulator.faults({"fault": "reject", "kind": "login", "errorcode": 445})
    answer = nitro.post("login", {"login": {"username": "nsroot", "password": "nsroot"}}, auth=False)
    assert (answer.errorcode, answer.message) == (445, "Session limit exceeded")
    assert simulator.counters()["logins"] == 1


def test_fail_item_refuses_one_item_of_an_array(simulator: Simulator, nitro: Nitro) -> None:
    simulator.faults({"fault": "fail_item", "kind": "lbvserver", "item": 1, "errorcode": 1072})
    rows = [{"name": name, "servicetype": "HTTP"} for name in ("one", "two", "three")]
    answer = nitro.post("lbvserver", {"lbvserver": rows}, headers={"X-NITRO-ONERROR": "continue"})
    assert (answer.status, answer.errorcode) == (207, 1243)
    assert [item["errorcode"] for item in answer.body["response"]] == [0, 1072, 0]
    assert [there(simulator, name) for name in ("one", "two", "three")] == [True, False, True]


def test_garble_does_it_and_cuts_the_json(simulator: Simulator, nitro: Nitro) -> None:
    simulator.faults({"fault": "garble", "method": "POST"})
    with pytest.raises(requests.JSONDecodeError):
        nitro.post("lbvserver", WEB)
    assert there(simulator)


def test_html_is_answered_by_the_web_server_alone(simulator: Simulator, nitro: Nitro) -> None:
    simulator.faults({"fault": "html", "kind": "lbvserver", "status": 404})
    answer = nitro.post("lbvserver", WEB)
    assert (answer.status, answer.body) == (404, {})
    assert "<html>" in answer.text
    assert not there(simulator)


def test_unavailable_is_503_as_often_as_it_is_wanted(simulator: Simulator, nitro: Nitro) -> None:
    simulator.faults({"fault": "unavailable", "times": 2})
    assert [nitro.get("nsversion").status for _turn in range(3)] == [503, 503, 200]


def test_unavailable_for_seconds_ends_by_the_clock(simulator: Simulator, nitro: Nitro) -> None:
    simulator.faults({"fault": "unavailable", "seconds": 300})
    assert [nitro.get("nsversion").status for _turn in range(3)] == [503, 503, 503]
    simulator.control("POST", "clock", {"advance": 301})
    assert nitro.get("nsversion").status == 200


def test_delay_answers_later(simulator: Simulator, nitro: Nitro) -> None:
    simulator.faults({"fault": "delay", "seconds": 0.3, "kind": "nsversion"})
    assert nitro.get("nsversion").status == 200
    assert simulator.log()[-1]["ms"] >= 300


def test_expire_ends_all_sessions(simulator: Simulator, nitro: Nitro) -> None:
    simulator.faults({"fault": "expire"})
    answer = nitro.post("lbvserver", WEB)
    assert (answer.status, answer.errorcode) == (401, 444)
    assert Nitro(simulator.url).post("lbvserver", WEB).status == 201


def test_reboot_loses_what_was_not_saved_and_all_sessions(simulator: Simulator, nitro: Nitro) -> None:
    nitro.add("lbvserver", name="kept", servicetype="HTTP")
    nitro.post("nsconfig?action=save", {"nsconfig": {}})
    nitro.add("lbvserver", name="lost", servicetype="HTTP")
    simulator.faults({"fault": "reboot"})
    assert nitro.get("lbvserver").errorcode == 1027
    assert (there(simulator, "kept"), there(simulator, "lost")) == (True, False)


def test_fail_over_swaps_the_roles_before_the_request(start_simulator: Callable[..., Simulator]) -> None:
    pair = start_simulator(ha=True)
    nitro = Nitro(pair.url)
    pair.faults({"fault": "fail_over"})
    assert nitro.get("nsversion").status == 401
    assert [one["role"] for one in pair.control("GET", "fleet")] == ["Secondary", "Primary"]


def test_empty_replaces_the_box_by_a_new_one(simulator: Simulator, nitro: Nitro) -> None:
    nitro.post("lbvserver", WEB)
    nitro.post("nsconfig?action=save", {"nsconfig": {}})
    simulator.faults({"fault": "empty"})
    assert nitro.get("lbvserver").status == 401
    assert Nitro(simulator.url).get("lbvserver").body == {"errorcode": 0, "message": "Done", "severity": "NONE"}


def test_duplicate_does_it_twice_and_sends_the_second_answer(simulator: Simulator, nitro: Nitro) -> None:
    simulator.faults({"fault": "duplicate", "kind": "lbvserver"})
    answer = nitro.post("lbvserver", WEB)
    assert (answer.status, answer.errorcode) == (409, 273)
    assert there(simulator)


@pytest.mark.parametrize(
    "wanted",
    [
        pytest.param({"method": "POST"}, id="another method"),
        pytest.param({"kind": "csvserver"}, id="another kind"),
        pytest.param({"action": "save"}, id="another action"),
        pytest.param({"skip": 1}, id="skipped"),
    ],
)
def test_a_fault_passes_what_it_does_not_mean(simulator: Simulator, nitro: Nitro, wanted: dict[str, Any]) -> None:
    simulator.faults({"fault": "html", **wanted})
    assert nitro.get("lbvserver").status == 200
    assert simulator.control("GET", "faults")["injected"] == {}


def test_skip_and_times_count_matching_requests(simulator: Simulator, nitro: Nitro) -> None:
    simulator.faults({"fault": "html", "kind": "lbvserver", "skip": 1, "times": 2})
    statuses = [nitro.get(kind).status for kind in ("lbvserver", "nsversion", "lbvserver", "nsversion", "lbvserver", "lbvserver")]
    assert statuses == [200, 200, 503, 200, 503, 200]
    assert simulator.control("GET", "faults") == {"planned": [], "injected": {"html": 2}}


def test_times_zero_lasts_until_it_is_forgotten(simulator: Simulator, nitro: Nitro) -> None:
    simulator.faults({"fault": "html", "times": 0})
    assert {nitro.get("nsversion").status for _turn in range(5)} == {503}
    simulator.clear_faults()
    assert nitro.get("nsversion").status == 200


def test_the_log_names_the_fault_that_hit(simulator: Simulator, nitro: Nitro) -> None:
    simulator.faults({"fault": "drop_before", "kind": "lbvserver"})
    assert cut(lambda: nitro.get("lbvserver"))
    entry = simulator.log()[-1]
    assert (entry["kind"], entry["status"], entry["faults"]) == ("lbvserver", 0, ["drop_before"])


def impatient(url: str, nitro: Nitro) -> None:
    """A POST whose sender gives up soon."""
    headers = {"Cookie": f"NITRO_AUTH_TOKEN={nitro.token}"}
    with pytest.raises(requests.Timeout):
        requests.post(f"{url}/nitro/v1/config/lbvserver", json=WEB, headers=headers, timeout=0.3)


def test_hang_before_does_nothing_and_never_answers(simulator: Simulator, nitro: Nitro) -> None:
    simulator.faults({"fault": "hang_before", "method": "POST"})
    impatient(simulator.url, nitro)
    assert not there(simulator)
    assert nitro.post("lbvserver", WEB).status == 201


def test_hang_after_does_it_and_never_answers(simulator: Simulator, nitro: Nitro) -> None:
    simulator.faults({"fault": "hang_after", "method": "POST"})
    impatient(simulator.url, nitro)
    assert there(simulator)
    assert simulator.control("GET", "faults")["injected"] == {"hang_after": 1}


@pytest.mark.parametrize(("fault", "done"), [("hang_before", False), ("hang_after", True)])
def test_hang_before_or_after_ends_with_a_cut_when_it_has_seconds(
    simulator: Simulator, nitro: Nitro, fault: str, done: bool
) -> None:
    simulator.faults({"fault": fault, "method": "POST", "seconds": 0.1})
    assert cut(lambda: nitro.post("lbvserver", WEB))
    assert there(simulator) is done


def test_drift_changes_something_before_the_request(simulator: Simulator, nitro: Nitro) -> None:
    nitro.post("lbvserver", WEB)
    changes = [
        {"kind": "lbvserver", "key": {"name": "web"}, "set": {"comment": "somebody else's"}},
        {"kind": "lbvserver", "add": {"name": "foreign", "servicetype": "HTTP"}},
    ]
    simulator.faults({"fault": "drift", "change": changes, "after": 1})
    assert "comment" not in nitro.rows("lbvserver/web")[0]
    assert nitro.rows("lbvserver/web")[0]["comment"] == "somebody else's"
    assert there(simulator, "foreign")


def test_drift_that_cannot_be_is_told_in_the_log(simulator: Simulator, nitro: Nitro) -> None:
    simulator.faults({"fault": "drift", "change": {"kind": "lbvserver", "key": {"name": "nowhere"}, "remove": True}})
    assert nitro.get("nsversion").status == 200
    assert "not there" in simulator.log()[-1]["drift"]


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        pytest.param({"fault": "drift"}, "drift needs change", id="no change"),
        pytest.param({"fault": "drift", "change": "much"}, "a mapping", id="change of another type"),
        pytest.param({"fault": "html", "after": -1}, "a whole number", id="before the beginning"),
    ],
)
def test_a_fault_that_is_wrong_is_not_planned(simulator: Simulator, fault: dict[str, Any], said: str) -> None:
    answer = requests.post(f"{simulator.url}/_simulator/faults", json=fault, timeout=20)
    assert answer.status_code == 400
    assert said in answer.json()["error"]


def test_every_fault_has_a_test_here() -> None:
    tested = {name.removeprefix("test_") for name in globals() if name.startswith("test_")}
    assert [fault for fault in KINDS if not any(name.startswith(f"{fault}_") for name in tested)] == []
