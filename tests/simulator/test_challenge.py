# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""A login that is challenged: token first, then the response (PROTOCOL 2.4)."""

from __future__ import annotations

import pytest

from nitrox.simulator.testing import Simulator

from .nitro import Nitro, Reply

LOGIN = {"login": {"username": "nsroot", "password": "nsroot"}}


@pytest.fixture(name="caller")
def _caller(box: Simulator, nitro: Nitro) -> Nitro:
    """Somebody whose login was challenged."""
    box.control("POST", "mutate", {"kind": "systemuser", "key": {"username": "nsroot"}, "set": {"_challenge": "123456"}})
    caller = Nitro(box.url, login=False)
    answer = caller.post("login", LOGIN, auth=False)
    assert (answer.status, answer.errorcode, answer.message) == (201, 1034, "Login challenged")
    caller.token = answer.body["sessionid"]
    return caller


def respond(caller: Nitro, response: str, *, named: bool = False) -> Reply:
    content = {"response": response}
    return caller.post("loginchallengeresponse", {"loginchallengeresponse": content} if named else content)


def test_before_the_response_nothing_is_answered(caller: Nitro) -> None:
    answer = caller.get("nsversion")
    assert (answer.status, answer.errorcode) == (401, 450)


@pytest.mark.parametrize("named", [False, True])
def test_the_right_response_completes_the_login(caller: Nitro, named: bool) -> None:
    assert respond(caller, "123456", named=named).status == 201
    assert caller.get("nsversion").status == 200


def test_a_wrong_response_ends_the_session(caller: Nitro) -> None:
    answer = respond(caller, "000000")
    assert (answer.status, answer.errorcode) == (401, 354)
    assert respond(caller, "123456").errorcode == 444


def test_who_was_not_challenged_has_nothing_to_respond_to(nitro: Nitro) -> None:
    assert respond(nitro, "123456").errorcode == 450
    assert nitro.get("nsversion").status == 200


def test_credentials_in_headers_cannot_respond(caller: Nitro) -> None:
    headers = {"X-NITRO-USER": "nsroot", "X-NITRO-PASS": "nsroot"}
    answer = caller.get("nsversion", auth=False, headers=headers)
    assert (answer.status, answer.errorcode) == (401, 1034)


def test_the_response_is_masked_in_the_log(box: Simulator, caller: Nitro) -> None:
    respond(caller, "123456", named=True)
    assert "123456" not in str(box.log())
