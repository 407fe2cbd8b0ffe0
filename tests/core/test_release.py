# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""What is no longer wanted is let go of by what stays, before it is deleted."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from typing import TYPE_CHECKING, Any

import pytest

from .converging import done
from .test_frontends_converge import shop

if TYPE_CHECKING:
    from nitrox.simulator.testing import Simulator

MONITORED: dict[str, Any] = {
    "lbmonitor": [{"monitorname": "alive", "type": "HTTP"}, {"monitorname": "other", "type": "TCP"}],
    "servicegroup": {"web": {"servicetype": "HTTP", "bindings": {"lbmonitor": ["alive", "other"]}}},
}


def without(data: dict[str, Any], path: tuple[str, ...]) -> dict[str, Any]:
    left = deepcopy(data)
    inner = left
    for word in path[:-1]:
        inner = inner[word]
    del inner[path[-1]]
    return left


def test_a_monitor_that_is_pruned_is_unbound_first(simulator: Simulator) -> None:
    done(simulator, MONITORED, owner="shop")
    left = {"lbmonitor": [{"monitorname": "other", "type": "TCP"}], "servicegroup": {"web": {"servicetype": "HTTP"}}}
    steps = done(simulator, left, owner="shop", prune=True)
    assert [step for step in steps if "string" not in step] == [
        "unbind servicegroup_lbmonitor_binding web alive",
        "delete lbmonitor alive HTTP",
    ]
    assert done(simulator, left, owner="shop", prune=True) == []


def optional_words() -> Iterator[tuple[str, ...]]:
    """Every word of the whole front end, and of its back ends, that can be left out in place and alone."""
    front = shop()["frontends"]["shop"]
    for word in front:
        if word not in ("address", "protocol", "certificate", "backends", "routes"):
            yield ("frontends", "shop", word)
    for name, backend in front["backends"].items():
        for word in backend:
            if word not in ("members", "port", "tls"):
                yield ("frontends", "shop", "backends", name, word)


@pytest.mark.parametrize("path", list(optional_words()), ids=".".join)
def test_any_word_of_a_front_end_can_be_taken_back(simulator: Simulator, path: tuple[str, ...]) -> None:
    whole = shop()
    done(simulator, whole, owner="shop", prune=True)
    left = without(whole, path)
    done(simulator, left, owner="shop", prune=True)
    assert done(simulator, left, owner="shop", prune=True) == []
