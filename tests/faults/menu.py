# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""The menu of faults, and random schedules of them. F1 to F14 strike the appliance, K1 and K2 the controller."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st

MENU = {
    "F1": "refused connection",
    "F2": "lost before it was done",
    "F3": "refused with a code",
    "F4": "one item of a batch refused",
    "F5": "done, and the answer lost",
    "F6": "done twice",
    "F7": "delayed",
    "F8": "reboot",
    "F9": "replaced by an empty box",
    "F10": "changed behind our back",
    "F11": "failover, to a stale peer or not",
    "F12": "sessions expired",
    "F13": "reads fail, writes work",
    "F14": "half an answer, or HTML",
    "K1": "controller killed",
    "K2": "two controllers at once",
}
DESTROYING = {"F8", "F9", "F10", "F11", "K2"}  # after these the appliance is not what our last answer said
REFUSALS = (293, 366, 444, 354, 1090, 1097, 2138, 3445)
DRIFTS: tuple[dict[str, Any], ...] = (
    {"kind": "lbvserver", "key": {"name": "app0"}, "set": {"lbmethod": "ROUNDROBIN"}},
    {"kind": "lbvserver", "key": {"name": "app1"}, "remove": True},
    {"kind": "servicegroup", "key": {"servicegroupname": "app0"}, "set": {"comment": "by hand"}},
    {
        "kind": "lbvserver",
        "add": {"name": "app2", "servicetype": "HTTP", "ipv46": "172.16.2.1", "port": 80, "comment": "by hand"},
    },
)


@dataclass(frozen=True)
class Fault:
    """One entry of the menu; ``planned`` is what the simulator is told, empty for faults of the controller."""

    name: str
    at: int
    planned: tuple[dict[str, Any], ...] = ()
    stale: bool = False


@dataclass(frozen=True)
class Schedule:
    """What is wanted, how, and what goes wrong while it is done."""

    faults: tuple[Fault, ...]
    apps: int = 2
    owner: str | None = "shop"
    on_error: str = "stop"
    batch: int = 1000
    second: bool = field(default=False)  # the second controller wants another document

    @property
    def names(self) -> set[str]:
        """Which entries of the menu are in it."""
        return {fault.name for fault in self.faults}


def _fault(name: str, at: int, which: int) -> Fault:
    simple = {"F1": "refuse", "F2": "drop_before", "F5": "drop_after", "F6": "duplicate", "F8": "reboot", "F9": "empty"}
    if name in simple:
        return Fault(name, at, ({"fault": simple[name], "after": at},))
    if name == "F3":
        return Fault(name, at, ({"fault": "reject", "after": at, "errorcode": REFUSALS[which % len(REFUSALS)]},))
    if name == "F4":
        method = ("POST", "PUT")[which % 2]
        return Fault(name, at, ({"fault": "fail_item", "method": method, "skip": at % 6, "item": which % 3, "errorcode": 1097},))
    if name == "F7":
        return Fault(name, at, ({"fault": "delay", "after": at, "seconds": 0.005},))
    if name == "F10":
        return Fault(name, at, ({"fault": "drift", "after": at, "change": DRIFTS[which % len(DRIFTS)]},))
    if name == "F11":
        return Fault(name, at, ({"fault": "fail_over", "after": at},), stale=bool(which % 2))
    if name == "F12":
        return Fault(name, at, ({"fault": "expire", "after": at},))
    if name == "F13":
        return Fault(name, at, ({"fault": "reject", "method": "GET", "skip": at % 14, "errorcode": 446, "times": 1 + which % 8},))
    if name == "F14":
        return Fault(name, at, ({"fault": ("garble", "html")[which % 2], "after": at},))
    return Fault(name, at % 20)


def faults() -> st.SearchStrategy[Fault]:
    """One fault of the menu, anywhere in a run."""
    return st.builds(_fault, st.sampled_from(sorted(MENU)), st.integers(0, 30), st.integers(0, 7))


def schedules() -> st.SearchStrategy[Schedule]:
    """Up to three faults in one run. Simple ones come first, so that a failure shrinks to them."""
    return st.builds(
        Schedule,
        st.lists(faults(), min_size=1, max_size=3).map(tuple),
        st.integers(1, 3),
        st.sampled_from([None, "shop"]),
        st.sampled_from(["stop", "continue", "undo"]),
        st.sampled_from([1000, 2]),
        st.booleans(),
    )
