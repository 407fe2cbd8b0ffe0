# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Failures: one line each, with the resource and the cure, and no frame of ours."""

from __future__ import annotations

from collections.abc import Callable

import grpc
import pytest

from .server import Server, said, serving

WEB = {"name": "web", "servicetype": "HTTP", "ipv46": "203.0.113.10", "port": 80.0, "__name": "web"}


def refusal(server: Server, kind: str = "lbvserver") -> str:
    with pytest.raises(grpc.RpcError) as refused:
        server.create(kind, WEB)
    return said(refused.value)


def test_a_wrong_password(start: Callable[..., Server]) -> None:
    text = refusal(start(password="wrong-password"))
    assert text.startswith("login nsroot: NITRO error 354: Invalid username or password")
    assert "check netscaler:username and netscaler:password" in text
    assert "wrong-password" not in text


def test_an_appliance_that_cannot_be_reached(offline: Server) -> None:
    text = refusal(offline)
    assert text.startswith("login nsroot: cannot reach http://127.0.0.1:9")
    assert "check netscaler:url (or NETSCALER_URL)" in text


def test_a_missing_target() -> None:
    with serving({}) as server:
        text = refusal(server)
    assert text.startswith("which appliance? url is missing")


def test_frames_are_there_for_those_who_debug() -> None:
    with serving({}, NETSCALER_DEBUG="1") as server, pytest.raises(grpc.RpcError) as refused:
        server.create("lbvserver", WEB)
    text = str(refused.value.details())
    assert "Traceback (most recent call last)" in text or text.startswith("Exception calling application")  # before 3.260
