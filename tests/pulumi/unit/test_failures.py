# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Failures: one line each, with the resource and the cure, and no frame of ours."""

from __future__ import annotations

from collections.abc import Callable

import grpc
import pytest

from .server import Server, serving

WEB = {"name": "web", "servicetype": "HTTP", "ipv46": "203.0.113.10", "port": 80.0, "__name": "web"}


def refusal(server: Server, kind: str = "lbvserver") -> str:
    with pytest.raises(grpc.RpcError) as refused:
        server.create(kind, WEB)
    return str(refused.value.details())


def test_a_wrong_password(start: Callable[..., Server]) -> None:
    text = refusal(start(password="wrong-password"))
    assert text.startswith("NetScalerError: login nsroot: NITRO error 354: Invalid username or password")
    assert "check netscaler:username and netscaler:password" in text
    assert "wrong-password" not in text
    assert text.count("\n") == 1


def test_an_appliance_that_cannot_be_reached(offline: Server) -> None:
    text = refusal(offline)
    assert text.startswith("NetScalerError: ")
    assert text.count("\n") == 1
    assert "check netscaler:url (or NETSCALER_URL)" in text


def test_a_missing_target() -> None:
    with serving({}) as server:
        text = refusal(server)
    assert text.startswith("NetScalerError: which appliance? url is missing")
    assert text.count("\n") == 1


def test_frames_are_there_for_those_who_debug() -> None:
    with serving({}, NETSCALER_DEBUG="1") as server:
        assert "Traceback (most recent call last)" in refusal(server)
