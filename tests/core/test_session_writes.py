# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Writes: what counts as done, what is tried again, and what never is."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro import catalogue, wire
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.answer import NOT_ATTEMPTED
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.errors import (
    AlreadyExists,
    NitroError,
    NotFound,
    NotReady,
    OutcomeUnknown,
    Rejected,
    Unauthorized,
    Unreachable,
)
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.transport import Answer

from .scripted import MISSING, Clock, Scripted, says, session

LB = catalogue.kind("lbvserver")
ADD = wire.add(LB, {"name": "web", "servicetype": "HTTP"})
THREE = wire.add(LB, [{"name": name, "servicetype": "HTTP"} for name in "abc"])
HTML = b"<html><body>oops</body></html>"
EXISTS = {"errorcode": 273, "message": "Resource already exists", "severity": "ERROR"}
DONE = {"errorcode": 0, "message": "Done", "severity": "NONE"}


def bulk(*items: dict[str, Any], code: int = 1243) -> Answer:
    return says(code, "Bulk operation failed", status=207, response=list(items))


@pytest.mark.parametrize(
    ("answer", "warnings"),
    [
        pytest.param(Answer(201, {}, b""), (), id="a status alone"),
        pytest.param(says(), (), id="Done"),
        pytest.param(
            Answer(209, {"X-NITRO-WARNING": "1067 - Feature(s) not enabled [LB]"}, b""),
            ("1067 - Feature(s) not enabled [LB]",),
            id="209 with a warning",
        ),
        pytest.param(
            says(1067, "Feature(s) not enabled", severity="WARNING"), ("1067 - Feature(s) not enabled",), id="severity WARNING"
        ),
        pytest.param(
            says(347, "Command propagation failed", status=599), ("347 - Command propagation failed",), id="peer missed it"
        ),
    ],
)
def test_done(answer: Answer, warnings: tuple[str, ...]) -> None:
    transport = Scripted({"POST lbvserver": answer})
    result = session(transport).send(ADD)
    assert (result.ok, result.errorcode, result.items, result.warnings[:1]) == (True, 0, ((0, "Done"),), warnings)
    assert transport.seen[1:] == ["POST lbvserver?warning=yes"]


@pytest.mark.parametrize(
    ("answer", "error", "message"),
    [
        pytest.param(says(273, "Resource already exists", status=409), AlreadyExists, "error 273: Resource already", id="exists"),
        pytest.param(MISSING, NotFound, "error 258: No such resource [name, web]", id="missing"),
        pytest.param(says(1074, "Invalid value", status=400), Rejected, "error 1074: Invalid value", id="invalid"),
        pytest.param(says(278, "Invalid argument [x]"), Rejected, "error 278: Invalid argument [x]", id="an error under 200"),
        pytest.param(says(2138, "Not authorized", status=403), Unauthorized, "error 2138: Not authorized", id="no right"),
        pytest.param(Answer(404, {}, HTML), Rejected, "HTML instead of JSON (HTTP status 404)", id="refused by the web server"),
        pytest.param(Answer(200, {}, HTML), OutcomeUnknown, "HTML instead of JSON", id="HTML under 200"),
        pytest.param(Answer(200, {}, b"{"), OutcomeUnknown, "no JSON", id="garbage"),
        pytest.param(Answer(502, {}, b""), OutcomeUnknown, "HTTP status 502", id="a gateway that got no answer"),
        pytest.param(says(459, "RPC timeout", status=599), OutcomeUnknown, "error 459: RPC timeout", id="the engine is silent"),
        pytest.param(OutcomeUnknown("lost"), OutcomeUnknown, "lost", id="lost answer"),
    ],
)
def test_what_failed_is_not_sent_again(answer: Any, error: type[NitroError], message: str) -> None:
    transport, clock = Scripted({"POST lbvserver": [answer, says()]}), Clock()
    with pytest.raises(error) as caught:
        session(transport, clock).send(ADD)
    assert type(caught.value) is error
    assert message in str(caught.value)
    assert len(transport.seen) == 2  # the login and one write
    assert clock.slept == []


def test_a_rejection_carries_what_the_appliance_said() -> None:
    transport = Scripted({"PUT servicegroup_servicegroupmemberlist_binding": says(1442, "Failed", status=599, failedmembers=[1])})
    kind = catalogue.kind("servicegroup_servicegroupmemberlist_binding")
    with pytest.raises(Rejected, match="1442") as caught:
        session(transport).send(wire.bind(kind, {"servicegroupname": "sg", "members": []}))
    assert (caught.value.status, caught.value.payload["failedmembers"]) == (599, [1])


@pytest.mark.parametrize(
    "failure",
    [
        pytest.param(Unreachable("refused"), id="nothing was sent"),
        pytest.param(Answer(503, {}, HTML), id="booting"),
        pytest.param(says(293, "Operation already in progress", status=599), id="in progress"),
        pytest.param(says(366, "Operation not possible now", status=599), id="not stable yet"),
        pytest.param(says(1461, "Maximum number of concurrent save configs", status=599), id="too many saves"),
        pytest.param(says(446, "Connection limit to CFE exceeded", status=599), id="too many connections"),
    ],
)
def test_what_was_not_done_is_tried_again(failure: Any) -> None:
    transport, clock = Scripted({"POST lbvserver": [failure, failure, says()]}), Clock()
    assert session(transport, clock).send(ADD).ok
    assert transport.seen[1:] == ["POST lbvserver?warning=yes"] * 3
    assert clock.slept == [0.5, 1.0]


def test_a_read_whose_answer_was_lost_is_tried_again() -> None:
    transport, clock = Scripted({"GET lbvserver": [OutcomeUnknown("lost"), says(lbvserver=[])]}), Clock()
    assert session(transport, clock).read_all(LB) == []
    assert clock.slept == [0.5]


@pytest.mark.parametrize(
    ("options", "pauses"),
    [
        pytest.param({}, [0.5, 1.0, 2.0, 4.0, 8.0], id="five times"),
        pytest.param({"retries": 9, "retry_budget": 40}, [0.5, 1.0, 2.0, 4.0, 8.0, 8.0, 8.0, 8.0], id="the pause has a limit"),
        pytest.param({"retry_budget": 4}, [0.5, 1.0, 2.0], id="until the time is up"),
        pytest.param({"retries": 0}, [], id="never"),
    ],
)
def test_patience_has_an_end(options: dict[str, Any], pauses: list[float]) -> None:
    transport, clock = Scripted({"POST lbvserver": Unreachable("refused")}), Clock()
    with pytest.raises(Unreachable, match="refused"):
        session(transport, clock, **options).send(ADD)
    assert clock.slept == pauses
    assert transport.seen.count("POST lbvserver?warning=yes") == len(pauses) + 1


def test_a_batch_says_what_became_of_every_item() -> None:
    result = session(Scripted({"POST lbvserver": bulk(DONE, EXISTS, DONE)})).send(THREE)
    assert not result.ok
    assert (result.status, result.errorcode) == (207, 1243)
    assert result.items == ((0, "Done"), (273, "Resource already exists"), (0, "Done"))


def test_a_batch_that_was_done_has_as_many_items() -> None:
    assert session(Scripted()).send(THREE).items == ((0, "Done"),) * 3


def test_items_behind_the_failed_one_were_not_tried() -> None:
    stopping = wire.add(LB, [{"name": name} for name in "abc"], on_error="exit")
    result = session(Scripted({"POST lbvserver": bulk(DONE, EXISTS)})).send(stopping)
    assert result.items == ((0, "Done"), (273, "Resource already exists"), NOT_ATTEMPTED)


def test_a_batch_with_too_few_answers_is_in_doubt() -> None:
    with pytest.raises(OutcomeUnknown, match="2 answers for 3 objects"):
        session(Scripted({"POST lbvserver": bulk(DONE, EXISTS)})).send(THREE)


def test_a_warning_about_an_item_is_no_failure() -> None:
    warned = {"errorcode": 1067, "message": "Feature(s) not enabled", "severity": "WARNING"}
    result = session(Scripted({"POST lbvserver": bulk(warned, EXISTS, DONE)})).send(THREE)
    assert [code for code, _ in result.items] == [0, 273, 0]


def test_a_batch_of_one_fails_like_a_single_object() -> None:
    one = wire.add(LB, [{"name": "a", "servicetype": "HTTP"}])
    with pytest.raises(AlreadyExists, match="lbvserver a: NITRO error 273"):
        session(Scripted({"POST lbvserver": bulk(EXISTS)})).send(one)


@pytest.mark.parametrize(
    ("request_", "code"),
    [
        pytest.param(wire.add(catalogue.kind("sslhsmkey"), {"hsmkeyname": "h"}), 1665, id="HSM key added"),
        pytest.param(wire.delete(catalogue.kind("policyurlset"), {"name": "u"}), 258, id="URL set deleted"),
    ],
)
def test_success_that_looks_like_a_failure(request_: wire.Request, code: int) -> None:
    transport = Scripted({f"{request_.method} {request_.kind}": says(code, "looks bad", status=599)})
    result = session(transport).send(request_)
    assert (result.ok, result.warnings) == (True, (f"{code} - looks bad",))


def test_a_change_on_a_secondary_alone_is_no_success() -> None:
    warned = Answer(209, {"X-NITRO-WARNING": "1028 - You are connected to a secondary node"}, b"")
    transport, clock = Scripted({"POST lbvserver": warned}), Clock()
    with pytest.raises(NotReady, match="lbvserver web: NITRO error 1028: You are connected to a secondary node"):
        session(transport, clock).send(ADD)
    assert clock.slept == []  # it would stay one


def test_the_log_has_every_request_and_no_secret() -> None:
    transport = Scripted({"POST systemuser": says(273, "Resource already exists", status=409)})
    opened = session(transport)
    with pytest.raises(AlreadyExists, match="systemuser u"):
        opened.send(wire.add(catalogue.kind("systemuser"), {"username": "u", "password": "t0psecret"}))
    assert [(entry["method"], entry["status"]) for entry in opened.requests] == [("POST", 201), ("POST", 409)]
    assert opened.requests[1]["body"] == {"systemuser": {"username": "u", "password": wire.HIDDEN}}
    shown = json.dumps(opened.requests)
    for secret in ("s3cret", "t0psecret", "##1"):
        assert secret not in shown
