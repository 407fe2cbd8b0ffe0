# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""High availability: the pair fails over at every request of an apply of 50 objects, to a peer that is in sync or stale."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro import wire
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.converge import converge
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.document import parse
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.errors import NitroError, NotReady
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.session import Session
from tests.core.converging import apps, opened

if TYPE_CHECKING:
    from tests.conftest import Simulator

DATA = apps(6)  # 6 × (a virtual server, a group, five members, a binding) = 48 objects
DATA["lbmonitor"] = {"ok": {"type": "HTTP"}, "ok2": {"type": "TCP"}}
KINDS = ("lbvserver", "servicegroup", "lbmonitor", "servicegroup_servicegroupmember_binding", "lbvserver_servicegroup_binding")


@pytest.fixture(scope="module")
def pair(start_simulator: Callable[..., Simulator]) -> Simulator:
    return start_simulator(ha=True)


@pytest.fixture(autouse=True)
def _fresh(pair: Simulator) -> None:
    for url in pair.urls:
        pair.control("POST", "reset", url=url)


def session(pair: Simulator, **options: Any) -> Session:
    return opened(pair, **{"url": list(pair.urls), **options})


def state(pair: Simulator) -> dict[str, Any]:
    """What the primary has."""
    primary = next(url for url in pair.urls if _is_primary(pair, url))
    found = pair.control("GET", "state", url=primary)["default"]
    return {kind: sorted(str({k: v for k, v in row.items() if not k.startswith("_")}) for row in found[kind]) for kind in KINDS}


def _is_primary(pair: Simulator, url: str) -> bool:
    with opened(pair, url=url) as one:
        row = one.send(wire.role()).payload["hanode"]
    return str((row[0] if isinstance(row, list) else row)["state"]).lower() == "primary"


def applied(pair: Simulator) -> None:
    """Apply until all is done and a look agrees: a peer that is stale takes over with what it has, also after the last
    request. Never more than three runs."""
    for _run in range(3):
        with session(pair) as writing:
            try:
                _, outcome = converge(writing, parse(DATA), owner="shop")
                left, _ = converge(writing, parse(DATA), owner="shop", check=True)
            except NitroError:
                continue
        if outcome is not None and outcome.ok and not left:
            return
    raise AssertionError("three runs were not enough")


def test_a_failover_at_every_request_ends_in_the_same_state(pair: Simulator) -> None:
    applied(pair)
    wanted = state(pair)
    requests = len(pair.log())
    assert requests > 15
    for stale in (False, True):
        for index in range(requests + 1):
            _fail_over_at(pair, index, stale=stale)
            applied(pair)
            pair.clear_faults()
            applied(pair)  # the failover may have come with the logout
            assert state(pair) == wanted, (index, stale)


def _fail_over_at(pair: Simulator, index: int, *, stale: bool) -> None:
    for url in pair.urls:
        pair.control("POST", "reset", url=url)
    pair.control("POST", "options", {"hold_sync": stale})
    pair.faults({"fault": "fail_over", "after": index})


def test_the_primary_is_found_whatever_the_order_of_the_addresses(pair: Simulator) -> None:
    for urls in (pair.urls, pair.urls[::-1]):
        with session(pair, url=urls) as writing:
            _, outcome = converge(writing, parse(DATA), owner="shop")
            assert outcome is not None and outcome.ok
        assert all("login" in entry["path"] or entry["method"] == "GET" or "logout" in entry["path"] for entry in _log(pair, 1))


def _log(pair: Simulator, number: int) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = pair.control("GET", "log", url=pair.urls[number])
    return found


def test_only_a_secondary_is_reachable(pair: Simulator) -> None:
    with session(pair, url=[pair.urls[1], "http://127.0.0.1:9"], retries=1) as writing:
        _, outcome = converge(writing, parse(DATA))
    assert outcome is not None
    assert {item.status for item in outcome.items} == {"refused", "not_tried"}
    assert isinstance(outcome.error, NotReady)
    assert "is a secondary node and no primary is reachable, nothing was sent" in outcome.summary()
    assert not [entry for entry in _log(pair, 1) if entry["method"] in ("PUT", "DELETE")]


def test_a_session_that_is_lost_is_renewed_once(pair: Simulator) -> None:
    pair.faults({"fault": "expire", "after": 4})
    with session(pair) as writing:
        _, outcome = converge(writing, parse(DATA))
        assert outcome is not None and outcome.ok
        assert writing.logins == 2
