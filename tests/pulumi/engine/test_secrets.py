# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Planted secrets are looked for in everything that the CLI prints and keeps."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from .appliance import Writes

if TYPE_CHECKING:
    from nitrox.simulator.testing import Simulator

    from .stack import Stack

NewStack = Callable[..., "Stack"]


def user(password: str, *, secret: bool, **values: Any) -> Callable[[], None]:
    def program() -> None:
        import pulumi

        from pulumi_netscaler import system

        given = pulumi.Output.secret(password) if secret else password
        system.Systemuser("bob", username="bob", password=given, **values)

    return program


def test_no_secret_is_printed_or_kept(simulator: Simulator, new_stack: NewStack) -> None:
    stack = new_stack(user("Planted-1!", secret=False, timeout=600))
    text = stack.preview().text
    first = stack.up()
    assert first.ok, first.text
    stack.program = user("Planted-2!", secret=True, timeout=700)
    text += first.text + stack.preview(diff=True).text + stack.up().text + stack.refresh().text
    assert stack.up().counts == {"same": 1}
    text += stack.destroy().text
    assert "Planted" not in text
    assert "Planted" not in stack.files()


@pytest.mark.e2e
def test_a_new_secret_is_written_and_the_same_one_is_not(simulator: Simulator, new_stack: NewStack) -> None:
    stack = new_stack(user("Planted-1!", secret=True))
    assert stack.up().ok
    writes = Writes(simulator)
    assert stack.up().counts == {"same": 1}
    assert writes() == []
    stack.program = user("Planted-2!", secret=True)
    ran = stack.up()
    assert ran.changes == [("update", "bob")], ran.text
    assert writes() == ["PUT systemuser"]
    assert stack.refresh().ok
    assert stack.up().counts == {"same": 1}


@pytest.mark.e2e
def test_the_targets_password_is_neither_printed_nor_kept(simulator: Simulator, new_stack: NewStack) -> None:
    simulator.control("PUT", "state", {"default": {"systemuser": [{"username": "ops", "password": "Planted-3!"}]}})
    simulator.reset()

    def program() -> None:
        import pulumi_netscaler as netscaler

        netscaler.Provider("box", url=simulator.url, username="nsroot", password="nsroot-Planted")

    stack = new_stack(program)
    text = stack.preview().text + stack.up().text + stack.destroy().text
    assert "Planted" not in text + stack.files()


@pytest.mark.e2e
def test_a_wrong_password_is_one_line_that_does_not_show_it(simulator: Simulator, new_stack: NewStack) -> None:
    from .programs import vserver

    stack = new_stack(vserver(), NETSCALER_PASSWORD="Planted-4!")
    ran = stack.up()
    assert not ran.ok
    assert "web" in ran.text and "354" in ran.text
    assert "Planted" not in ran.text + stack.files()
    assert stack.resources() == []
