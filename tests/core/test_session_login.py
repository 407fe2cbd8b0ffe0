# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Getting in and staying in: login, expiry, shared tokens, partitions, consoles."""

from __future__ import annotations

import threading

import pytest

from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro import catalogue, wire
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.errors import (
    OutcomeUnknown,
    Rejected,
    Unauthorized,
    Unreachable,
)
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.transport import Answer

from .scripted import EXPIRED, ONE, Clock, Scripted, Store, says, session

LB = catalogue.kind("lbvserver")
ADD = wire.add(LB, {"name": "web", "servicetype": "HTTP"})


def test_log_in_once_when_needed_and_log_out() -> None:
    transport = Scripted()
    with session(transport) as opened:
        assert transport.seen == []
        opened.send(ADD)
        opened.read_all(LB)
    assert [line.split("?")[0] for line in transport.seen] == ["POST login", "POST lbvserver", "GET lbvserver", "POST logout"]
    assert transport.bodies[0] == {"login": {"username": "nsroot", "password": "s3cret"}}
    assert transport.tokens == ["", "##1", "##1", "##1"]
    assert transport.closed


def test_nothing_is_logged_out_that_was_not_logged_in_or_is_kept() -> None:
    for keep, expected in ((False, []), (True, ["POST login", "GET lbvserver?pagesize=10000&pageno=1"])):
        transport = Scripted()
        with session(transport, keep=keep) as opened:
            if keep:
                opened.read_all(LB)
        assert transport.seen == expected


def test_a_logout_that_fails_spoils_nothing() -> None:
    transport = Scripted({"POST logout": Unreachable("refused")})
    with session(transport) as opened:
        assert opened.send(ADD).ok
    assert transport.seen[-1] == "POST logout"


@pytest.mark.parametrize("code", [444, 1027, 471, 352, 1026])
def test_an_expired_session_logs_in_again_once(code: int) -> None:
    transport = Scripted({"POST lbvserver": [says(code, "gone", status=401), says()]})
    opened = session(transport)
    assert opened.send(ADD).ok
    assert (transport.tokens, opened.logins) == (["", "##1", "", "##2"], 2)


def test_a_session_that_expires_at_once_is_an_error() -> None:
    transport = Scripted({"POST lbvserver": EXPIRED})
    with pytest.raises(Unauthorized, match="444"):
        session(transport).send(ADD)
    assert transport.seen.count("POST lbvserver?warning=yes") == 2


@pytest.mark.parametrize(
    ("answer", "error", "message"),
    [
        pytest.param(says(354, "Invalid username or password", status=401), Unauthorized, "354", id="wrong password"),
        pytest.param(says(1046, "ForcePasswordChange", status=401), Unauthorized, "1046", id="password must be changed"),
        pytest.param(says(1034, "Login challenged"), Unauthorized, "1034", id="second factor"),
        pytest.param(says(status=201), Unauthorized, "gave no session token", id="no token"),
        pytest.param(Answer(200, {}, b"<html>"), Rejected, "HTML instead of JSON", id="some web server"),
    ],
)
def test_a_login_that_is_refused_is_not_tried_again(answer: Answer, error: type[Rejected], message: str) -> None:
    transport, clock = Scripted({"POST login": answer}), Clock()
    with pytest.raises(error, match=message) as caught:
        session(transport, clock).send(ADD)
    assert str(caught.value).startswith("login nsroot: ")
    assert "s3cret" not in str(caught.value)
    assert (transport.seen, clock.slept) == (["POST login"], [])


@pytest.mark.parametrize(
    "failure",
    [
        pytest.param(Unreachable("refused"), id="unreachable"),
        pytest.param(OutcomeUnknown("lost"), id="answer lost: no harm done"),
        pytest.param(says(445, "Session limit exceeded", status=599), id="too many sessions"),
        pytest.param(says(10020, "The user session count has exceeded", status=400), id="too many at a console"),
        pytest.param(Answer(503, {}, b"<html>"), id="booting"),
    ],
)
def test_a_login_that_was_not_possible_yet_is_tried_again(failure: Answer | Exception) -> None:
    transport, clock = Scripted({"POST login": [failure, says(status=201, sessionid="##9")]}), Clock()
    assert session(transport, clock).send(ADD).ok
    assert transport.tokens == ["", "", "##9"]
    assert clock.slept == [0.5]


def test_a_token_from_outside_is_used_and_left_alone() -> None:
    transport = Scripted({"GET lbvserver": [says(lbvserver=[]), EXPIRED]})
    with session(transport, token="##outside") as opened:
        opened.read_all(LB)
        with pytest.raises(Unauthorized, match="444"):
            opened.read_all(LB)
    assert transport.tokens == ["##outside", "##outside"]


def test_processes_share_one_login() -> None:
    store, transport = Store(), Scripted()
    for _ in range(3):
        with session(transport, token_store=store) as opened:
            opened.send(ADD)
    assert transport.seen == ["POST login"] + ["POST lbvserver?warning=yes"] * 3
    assert transport.tokens == ["", "##1", "##1", "##1"]


def test_a_shared_login_that_expired_is_replaced() -> None:
    store = Store(f"##old {ONE}")
    transport = Scripted({"POST lbvserver": [EXPIRED, says()]})
    assert session(transport, token_store=store).send(ADD).ok
    assert transport.tokens == ["##old", "", "##1"]
    assert store.token == f"##1 {ONE}"


def test_another_process_that_logged_in_again_meanwhile_is_followed() -> None:
    store = Store(f"##old {ONE}")

    class Meanwhile(Scripted):
        def send(self, request: wire.Request, **options: object) -> Answer:
            answer = super().send(request, **options)  # type: ignore[arg-type]  # handed through
            if answer is EXPIRED:
                store.put(f"##new {ONE}")
            return answer

    transport = Meanwhile({"POST lbvserver": [EXPIRED, says()]})
    assert session(transport, token_store=store).send(ADD).ok
    assert transport.tokens == ["##old", "##new"]


def test_a_stored_login_of_another_appliance_is_not_used() -> None:
    transport = Scripted()
    session(transport, token_store=Store("##old https://198.51.100.1")).send(ADD)
    assert transport.tokens == ["", "##1"]


def test_the_partition_is_entered_after_every_login() -> None:
    transport = Scripted({"POST lbvserver": [EXPIRED, says()]})
    session(transport, partition="blue").send(ADD)
    words = [line.split("?")[0].removeprefix("POST ") for line in transport.seen]
    assert words == ["login", "nspartition", "lbvserver"] * 2
    assert transport.seen[1] == "POST nspartition?action=Switch"
    assert transport.bodies[1] == {"nspartition": {"partitionname": "blue"}}


def test_a_partition_that_does_not_exist_stops_everything() -> None:
    transport = Scripted({"POST nspartition": says(2755, "Partition does not exist", status=404)})
    with pytest.raises(Rejected, match="nspartition blue: NITRO error 2755: Partition does not exist"):
        session(transport, partition="blue").send(ADD)
    assert len(transport.seen) == 2


def test_a_console_passes_requests_on() -> None:
    transport = Scripted({"POST login": says(login=[{"sessionid": "##c"}])})
    with session(transport, instance_ip="10.0.0.9") as opened:
        opened.send(ADD)
    assert opened.requests[0]["path"] == "/nitro/v2/config/login"
    assert opened.requests[-1]["path"] == "/nitro/v2/config/logout"
    headers = {"Cookie": "NITRO_AUTH_TOKEN=##c", "_MPS_API_PROXY_MANAGED_INSTANCE_IP": "10.0.0.9"}
    assert transport.headers[0] == {}
    assert transport.headers[1] == headers
    assert transport.bodies[-1] == {"logout": {"sessionid": "##c"}}


def test_the_console_in_the_cloud_has_its_own_words() -> None:
    transport = Scripted({"POST login": says(login=[{"sessionid": "##c"}])})
    session(transport, instance_id="i-1", console_cloud=True).send(ADD)
    assert transport.bodies[0] == {"login": {"ID": "nsroot", "Secret": "s3cret"}}
    assert transport.headers[1]["Cookie"] == "SESSID=##c"


def test_threads_share_one_login() -> None:
    transport = Scripted()
    opened = session(transport)
    threads = [threading.Thread(target=opened.send, args=(ADD,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (opened.logins, transport.seen.count("POST login"), opened.counts["POST"]) == (1, 1, 5)
