# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Lookups read while the program runs, from the provider that they are given or from the stack's configuration."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pulumi
import pytest

import pulumi_netscaler as netscaler

from .programs import configured, run
from .server import Server

if TYPE_CHECKING:
    from nitrox.simulator.testing import Simulator

WEB = {"name": "web", "servicetype": "HTTP", "ipv46": "203.0.113.10", "port": 80.0, "__name": "web"}


@pytest.fixture(autouse=True)
def web(start: Callable[..., Server]) -> None:
    start().made("lbvserver", WEB)


@pytest.fixture
def stack(simulator: Simulator) -> Iterator[None]:
    """Configuration that names the simulator."""
    with configured({"netscaler:url": simulator.url, "netscaler:username": "nsroot", "netscaler:password": "nsroot"}):
        yield


def looked_up(program: Callable[[], pulumi.Output[dict[str, Any]]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    run(lambda: program().apply(found.update))
    return found


@pytest.mark.usefixtures("stack")
def test_the_stack_says_where() -> None:
    found = looked_up(lambda: netscaler.get_lbvserver("web"))
    assert (found["servicetype"], found["port"]) == ("HTTP", 80)


@pytest.mark.usefixtures("stack")
def test_a_key_may_be_an_output() -> None:
    assert looked_up(lambda: netscaler.lb.get_lbvserver(name=pulumi.Output.from_input("web")))["ipv46"] == "203.0.113.10"


def test_a_provider_says_where(simulator: Simulator) -> None:
    def program() -> pulumi.Output[dict[str, Any]]:
        east = netscaler.Provider("east", url=simulator.url, username="nsroot", password=pulumi.Output.secret("nsroot"))
        return netscaler.get_lbvserver("web", opts=pulumi.InvokeOptions(provider=east))

    assert looked_up(program)["servicetype"] == "HTTP"


@pytest.mark.usefixtures("stack")
def test_what_does_not_exist_is_a_failure() -> None:
    with pytest.raises(LookupError, match="lbvserver none: there is none on the appliance"):
        looked_up(lambda: netscaler.get_lbvserver("none"))


def test_keys_are_needed() -> None:
    with pytest.raises(TypeError, match="get_lbvserver: its keys are wanted: name"):
        netscaler.get_lbvserver()
