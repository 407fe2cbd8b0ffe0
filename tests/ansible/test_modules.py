# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Modules as they run on another host: `main` with arguments from outside, results on standard output."""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, Any

import pytest

testing = pytest.importorskip("ansible.module_utils.testing", reason="this ansible-core cannot patch arguments")

if TYPE_CHECKING:
    from nitrox.simulator.testing import Simulator

MODULES = "ansible_collections.nitrox.netscaler.plugins.modules"
Run = Callable[..., dict[str, Any]]


@pytest.fixture
def run(simulator: Simulator, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a module's ``main``; what it prints."""

    def main(module: str, *, check: bool = False, **options: Any) -> dict[str, Any]:
        target = {"url": simulator.url, "username": "nsroot", "password": "nsroot", "retries": 0}
        with testing.patch_module_args({**target, **options, "_ansible_check_mode": check}), pytest.raises(SystemExit):
            import_module(f"{MODULES}.{module}").main()
        printed: dict[str, Any] = json.loads(capsys.readouterr().out)
        return printed

    return main


def test_check_then_do_then_again(run: Run) -> None:
    options = {"name": "web", "servicetype": "HTTP", "lbmethod": "ROUNDROBIN"}
    assert run("lbvserver", check=True, **options)["changed"]
    done = run("lbvserver", **options)
    assert done["changed"]
    assert done["lbvserver"]["lbmethod"] == "ROUNDROBIN"
    assert not run("lbvserver", **options)["changed"]


def test_each_run_logs_out(run: Run, simulator: Simulator) -> None:
    run("config_info", kinds=["server"])
    assert simulator.counters()["requests"]["POST"] == {"login": 1, "logout": 1}


def test_a_failure_is_one_line_with_the_facts_beside_it(run: Run, simulator: Simulator) -> None:
    simulator.faults({"fault": "reject", "method": "POST", "kind": "server", "errorcode": 1092})
    result = run("server", name="one", ipaddress="198.51.100.1")
    assert result["failed"]
    assert (result["errorcode"], result["failure_class"]) == (1092, "B")
    assert result["msg"].startswith("server one: ")


def test_an_unreachable_box_is_class_a(run: Run) -> None:
    result = run("server", name="one", state="absent", url="http://127.0.0.1:1")
    assert result["failed"]
    assert result["failure_class"] == "A"
    assert not result["changed"]


def test_a_value_that_is_not_allowed_is_told_with_those_that_are(run: Run, simulator: Simulator) -> None:
    result = run("lbvserver", name="web", lbmethod="LEASTCON")
    assert "value of lbmethod must be one of" in result["msg"]
    assert simulator.counters()["requests_total"] == 0


def test_secrets_are_masked_in_what_was_given(run: Run) -> None:
    result = run("sslcertkey", certkey="shop", cert="shop.pem", passplain="planted-word-99")
    assert "planted-word-99" not in repr(result)
