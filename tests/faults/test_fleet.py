# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""P12: many appliances, many of them down: one condition, not hundreds; it recovers by itself."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.document import parse
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.fleet import conditions, converge_all
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.session import Session, Target
from nitrox.cli import run as nitrox

if TYPE_CHECKING:
    from tests.conftest import Simulator

DOCUMENT = parse({"lbvserver": {"web": {"servicetype": "HTTP"}}})
UP, DOWN = 30, 20


@pytest.fixture(scope="module")
def fleet(start_simulator: Callable[..., Simulator]) -> Simulator:
    return start_simulator(count=UP)


@pytest.fixture(autouse=True)
def _fresh(fleet: Simulator) -> None:
    for url in fleet.urls:
        fleet.control("POST", "reset", url=url)


def targets(urls: list[str]) -> list[Target]:
    base = {"username": "nsroot", "password": "nsroot", "retries": 0}
    return [Target.from_options({**base, "url": url}, {}) for url in urls]


def opened(target: Target) -> Session:
    return Session(target, sleep=lambda _: None)


def dead(count: int) -> list[str]:
    return [f"http://127.0.0.2:{10_000 + n}" for n in range(count)]


def test_p12_hundreds_that_are_down_are_one_condition(fleet: Simulator) -> None:
    """500 appliances, 200 of them down: every one that is up is done, and there is one line."""
    urls = [*fleet.urls, *dead(200)]
    results = converge_all(targets(urls), DOCUMENT, opened=opened)
    (condition,) = conditions(results)
    assert (condition.failure_class, len(condition.targets)) == ("A", 200)
    assert str(condition).startswith("class A: 200 appliances (http://127.0.0.2:10000, ")
    assert "and 197 more): login nsroot: cannot reach it, nothing was sent" in str(condition)
    assert sum(result.error is None for result in results.values()) == UP
    assert str(results[urls[-1]].error).startswith("login nsroot: cannot reach http://127.0.0.2:10199")  # each can be asked for


def test_p12_it_recovers_by_itself(fleet: Simulator) -> None:
    """Those that are not ready are tried again while the others are done once; in five minutes there are a few dozen rounds."""
    for url in fleet.urls[:DOWN]:
        fleet.control("POST", "faults", [{"fault": "unavailable", "times": 3}], url=url)
    clock = [0.0]

    def sleep(seconds: float) -> None:
        clock[0] += seconds

    results = converge_all(targets(fleet.urls), DOCUMENT, wait=300, opened=opened, clock=lambda: clock[0], sleep=sleep)
    assert conditions(results) == []
    assert 0 < clock[0] <= 300
    logins = [fleet.control("GET", "counters", url=url)["logins"] for url in fleet.urls]
    assert logins[DOWN:] == [1] * (UP - DOWN)


def test_different_causes_are_different_conditions_the_most_frequent_first(fleet: Simulator) -> None:
    for url in fleet.urls[:3]:
        refused = {"fault": "reject", "method": "POST", "kind": "lbvserver", "errorcode": 1097, "times": 0}
        fleet.control("POST", "faults", [refused], url=url)
    found = conditions(converge_all(targets([*fleet.urls, *dead(5)]), DOCUMENT, opened=opened))
    assert [(one.failure_class, len(one.targets)) for one in found] == [("A", 5), ("B", 3)]


def test_the_command_line_tells_one_line_for_each_cause(
    fleet: Simulator, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NETSCALER_USERNAME", "nsroot")
    monkeypatch.setenv("NETSCALER_PASSWORD", "nsroot")
    (tmp_path / "targets").write_text("# ours\n" + "\n".join([*fleet.urls, *dead(4)]) + "\n")
    (tmp_path / "web.json").write_text(json.dumps({"lbvserver": {"web": {"servicetype": "HTTP"}}}))
    line = ["fleet", "--retries", "0", str(tmp_path / "targets"), str(tmp_path / "web.json")]
    assert nitrox(line) == 3
    told = capsys.readouterr()
    assert told.out == f"{UP} of {UP + 4} as the document says, {UP} changed.\n"
    assert told.err.count("\n") == 1
    assert nitrox([*line, "--json"]) == 3
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert sum(one["class"] == "A" for one in found.values()) == 4
