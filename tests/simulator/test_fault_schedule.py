# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Faults at an exact request: what a suite of schedules is made of."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable

import pytest

from nitrox.simulator.testing import Simulator

from .nitro import Nitro
from .test_faults import WEB, cut, there


@pytest.fixture
def nitro(simulator: Simulator) -> Nitro:
    return Nitro(simulator.url)


@pytest.mark.parametrize("index", [0, 1, 3])
def test_after_counts_requests_of_any_sort(simulator: Simulator, nitro: Nitro, index: int) -> None:
    simulator.faults({"fault": "html", "after": index})
    kinds = ("lbvserver", "nsversion", "csvserver", "lbvserver", "nsversion")
    assert [nitro.get(kind).status for kind in kinds] == [503 if number == index else 200 for number in range(len(kinds))]


def test_after_comes_before_what_matches_and_what_is_skipped(simulator: Simulator, nitro: Nitro) -> None:
    simulator.faults({"fault": "html", "kind": "lbvserver", "after": 2, "skip": 1})
    kinds = ("lbvserver", "lbvserver", "nsversion", "lbvserver", "lbvserver")
    assert [nitro.get(kind).status for kind in kinds] == [200, 200, 200, 200, 503]


def test_part_of_an_array_is_done_and_the_answer_is_lost(simulator: Simulator, nitro: Nitro) -> None:
    where = {"method": "POST", "kind": "lbvserver"}
    simulator.faults({"fault": "fail_item", "item": 2, "errorcode": 1072, **where}, {"fault": "drop_after", **where})
    rows = [{"name": name, "servicetype": "HTTP"} for name in "abcd"]
    assert cut(lambda: nitro.post("lbvserver", {"lbvserver": rows}))
    assert [there(simulator, name) for name in "abcd"] == [True, True, False, False]


def test_a_client_may_be_killed_while_its_request_hangs(simulator: Simulator, nitro: Nitro) -> None:
    simulator.faults({"fault": "hang_before", "after": 1})
    nitro.get("nsversion")
    with socket.create_connection((simulator.host, simulator.port), timeout=20) as client:
        head = f"GET /nitro/v1/config/lbvserver HTTP/1.1\r\nHost: x\r\nCookie: NITRO_AUTH_TOKEN={nitro.token}\r\n\r\n"
        client.sendall(head.encode())
        wait(lambda: simulator.control("GET", "faults")["injected"] == {"hang_before": 1}, "the request did not arrive")
    wait(lambda: simulator.log()[-1].get("faults") == ["hang_before"], "it hangs although the client is gone")
    assert simulator.log()[-1]["status"] == 0


def wait(done: Callable[[], bool], failure: str) -> None:
    until = time.monotonic() + 20
    while not done():
        assert time.monotonic() < until, failure
        time.sleep(0.02)


def test_saves_are_in_progress_as_often_as_it_is_wanted(simulator: Simulator, nitro: Nitro) -> None:
    simulator.faults({"fault": "reject", "kind": "nsconfig", "action": "save", "errorcode": 293, "times": 2})
    codes = [nitro.post("nsconfig?action=save", {"nsconfig": {}}).errorcode for _turn in range(3)]
    assert (codes, simulator.counters()["saves"]) == ([293, 293, 0], 1)


def test_a_reboot_at_an_exact_request(simulator: Simulator, nitro: Nitro) -> None:
    simulator.faults({"fault": "reboot", "after": 2})
    codes = [nitro.post("lbvserver", {"lbvserver": {"name": name, "servicetype": "HTTP"}}).errorcode for name in "abc"]
    assert codes == [0, 0, 1027]
    assert not any(there(simulator, name) for name in "abc")


def test_a_partition_is_left_when_the_session_ends_at_an_exact_request(simulator: Simulator, nitro: Nitro) -> None:
    nitro.add("nspartition", partitionname="p")
    nitro.post("nspartition?action=Switch", {"nspartition": {"partitionname": "p"}})
    simulator.faults({"fault": "expire", "after": 1})
    assert [nitro.post("lbvserver", WEB).errorcode, nitro.get("lbvserver").errorcode] == [0, 444]
    assert Nitro(simulator.url).rows("lbvserver") == []


def test_a_switch_of_partition_that_is_refused(simulator: Simulator, nitro: Nitro) -> None:
    simulator.faults({"fault": "reject", "kind": "nspartition", "action": "switch", "errorcode": 2755})
    nitro.add("nspartition", partitionname="p")
    switch = {"nspartition": {"partitionname": "p"}}
    assert [nitro.post("nspartition?action=Switch", switch).errorcode for _turn in range(2)] == [2755, 0]


def test_a_failover_to_a_stale_peer_at_an_exact_request(start_simulator: Callable[..., Simulator]) -> None:
    pair = start_simulator(ha=True)
    nitro = Nitro(pair.url)
    nitro.add("lbvserver", name="old", servicetype="HTTP")
    pair.control("POST", "options", {"hold_sync": True})
    pair.faults({"fault": "fail_over", "after": 1})
    nitro.add("lbvserver", name="new", servicetype="HTTP")
    assert nitro.get("lbvserver").status == 401
    assert [row["name"] for row in Nitro(pair.urls[1]).rows("lbvserver")] == ["old"]
    pair.control("POST", "options", {"hold_sync": False})
    assert [row["name"] for row in Nitro(pair.url).rows("lbvserver")] == ["old"]


def test_a_secondary_refuses_writes_where_it_is_set_so(start_simulator: Callable[..., Simulator]) -> None:
    pair = start_simulator(ha=True)
    second = Nitro(pair.urls[1])
    assert second.post("lbvserver", WEB).status == 201
    pair.control("POST", "options", {"secondary_errorcode": 1203}, url=pair.urls[1])
    answer = second.delete("lbvserver/web")
    assert (answer.status, answer.errorcode) == (599, 1203)
    assert second.get("lbvserver").status == 200
    assert Nitro(pair.url).post("csvserver", {"csvserver": {"name": "c", "servicetype": "HTTP"}}).status == 201
