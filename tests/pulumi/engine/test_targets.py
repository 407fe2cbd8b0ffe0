# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Which appliance is meant: explicit providers, the stack's configuration, the environment; and what goes wrong with them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from .appliance import Writes, names
from .programs import vserver

if TYPE_CHECKING:
    from nitrox.simulator.testing import Simulator

    from .stack import Stack

NewStack = Callable[..., "Stack"]


@pytest.fixture
def other(start_simulator: Callable[..., Simulator]) -> Simulator:
    """A second appliance."""
    found = start_simulator()
    found.reset()
    return found


def on(*targets: Simulator, **values: Any) -> Callable[[], None]:
    def program() -> None:
        import pulumi

        import pulumi_netscaler as netscaler
        from pulumi_netscaler import lb

        for number, target in enumerate(targets):
            box = netscaler.Provider(f"box{number}", url=target.url, username="nsroot", password="nsroot")
            opts = pulumi.ResourceOptions(provider=box)
            lb.Lbvserver(
                f"web{number}", name="web", servicetype="HTTP", ipv46=f"203.0.113.{number}", port=80, **values, opts=opts
            )

    return program


@pytest.mark.e2e
def test_two_providers_in_one_program(simulator: Simulator, other: Simulator, new_stack: NewStack) -> None:
    stack = new_stack(on(simulator, other))
    ran = stack.up()
    assert ran.ok, ran.text
    assert names(simulator) == names(other) == ["web"]
    writes = Writes(simulator), Writes(other)
    assert stack.up().counts == {"same": 2}
    stack.program = on(simulator, other, timeout=7)
    assert stack.up().ok
    assert [each() for each in writes] == [["PUT lbvserver"], ["PUT lbvserver"]]
    assert stack.destroy().ok
    assert names(simulator) == names(other) == []


@pytest.mark.e2e
def test_the_stacks_configuration_names_the_target(simulator: Simulator, new_stack: NewStack) -> None:
    stack = new_stack(vserver(), NETSCALER_URL="", NETSCALER_USERNAME="", NETSCALER_PASSWORD="")
    values = {"netscaler:url": simulator.url, "netscaler:username": "nsroot", "netscaler:password": "nsroot"}
    stack.config(values, secret=("netscaler:password",))
    ran = stack.up()
    assert ran.ok, ran.text
    assert names(simulator) == ["web"]


@pytest.mark.e2e
def test_no_target_is_one_line_that_says_what_to_do(simulator: Simulator, new_stack: NewStack) -> None:
    stack = new_stack(vserver(), NETSCALER_URL="", NETSCALER_USERNAME="", NETSCALER_PASSWORD="")
    ran = stack.up()
    assert not ran.ok
    assert "NETSCALER_URL" in ran.text
    assert stack.resources() == []


@pytest.mark.e2e
def test_an_unreachable_target_fails_up_and_leaves_a_preview_alone(new_stack: NewStack) -> None:
    stack = new_stack(vserver(), NETSCALER_URL="http://127.0.0.1:9", NETSCALER_RETRIES="0")
    assert stack.preview().ok
    ran = stack.up()
    assert not ran.ok
    assert "127.0.0.1" in ran.text
    assert stack.resources() == []


@pytest.mark.e2e
@pytest.mark.parametrize(
    ("values", "said"),
    [
        pytest.param({"lbmetod": "ROUNDROBIN"}, "lbmethod", id="nearest attribute"),
        pytest.param({"lbmethod": "LEASTCONECTION"}, "LEASTCONNECTION", id="nearest value"),
        pytest.param({"port": "eighty"}, "port", id="wrong type"),
    ],
)
def test_bad_input_is_found_by_the_preview(simulator: Simulator, new_stack: NewStack, values: dict[str, Any], said: str) -> None:
    stack, writes = new_stack(vserver(**values)), Writes(simulator)
    ran = stack.preview()
    assert not ran.ok
    assert said in ran.text
    assert "web" in ran.text
    assert writes() == []
