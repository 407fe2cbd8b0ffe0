# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Documents made up by hypothesis, and the same document with other values."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as some

Data = dict[str, Any]
METHODS = ("ROUNDROBIN", "LEASTCONNECTION", "leastbandwidth", "TOKEN")
NAMES = ("a", "b", "web", "shop-1")


@some.composite
def documents(draw: some.DrawFn) -> Data:
    """Virtual servers, groups with members, monitors, and what binds them."""
    groups = draw(some.lists(some.sampled_from(NAMES), min_size=1, max_size=3, unique=True))
    monitors = draw(some.lists(some.sampled_from(("slow", "fast")), max_size=2, unique=True))
    vservers = draw(some.lists(some.sampled_from(NAMES), min_size=1, max_size=3, unique=True))
    found: Data = {
        "servicegroup": {name: draw(_group(monitors)) for name in groups},
        "lbvserver": {name: draw(_vserver(number, groups)) for number, name in enumerate(vservers)},
    }
    if monitors:
        found["lbmonitor"] = {name: {"type": "HTTP", "interval": draw(some.integers(5, 60))} for name in monitors}
    return found


@some.composite
def changed(draw: some.DrawFn, document: Data) -> Data:
    """The same objects and rows; some attributes have other values."""
    return {
        **document,
        "lbvserver": {name: {**values, **draw(_tunable())} for name, values in document["lbvserver"].items()},
    }


@some.composite
def _tunable(draw: some.DrawFn) -> Data:
    return draw(
        some.fixed_dictionaries(
            {"timeout": some.integers(0, 1440), "lbmethod": some.sampled_from(METHODS)},
            optional={"comment": some.text("abc é\"'", min_size=1, max_size=8), "clttimeout": some.integers(0, 1000).map(float)},
        )
    )


@some.composite
def _vserver(draw: some.DrawFn, number: int, groups: list[str]) -> Data:
    bound = draw(some.lists(some.sampled_from(groups), max_size=2, unique=True))
    return {
        "servicetype": draw(some.sampled_from(("HTTP", "TCP"))),
        "ipv46": f"203.0.113.{number + 1}",
        "port": draw(some.sampled_from((80, "80", 8080.0))),
        **draw(_tunable()),
        "bindings": {"servicegroup": list(bound)},
    }


@some.composite
def _group(draw: some.DrawFn, monitors: list[str]) -> Data:
    members = draw(some.lists(some.integers(1, 9), max_size=3, unique=True))
    rows = [{"ip": f"198.51.100.{number}", "port": 8080, "weight": draw(some.integers(1, 100))} for number in members]
    bound = draw(some.lists(some.sampled_from(monitors), unique=True)) if monitors else []
    return {"servicetype": "ANY", "bindings": {"servicegroupmember": rows, "lbmonitor": bound}}
