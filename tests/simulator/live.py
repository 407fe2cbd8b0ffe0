# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""What tests of live connections share."""

from __future__ import annotations

from typing import Any

from nitrox.simulator.testing import Simulator

from .nitro import Nitro

MEMBER = "servicegroup_servicegroupmember_binding"
LIST = "servicegroup_servicegroupmemberlist_binding"
BOUND = "lbvserver_servicegroup_binding"
ONE, TWO = "g?192.0.2.10?80", "g?192.0.2.11?80"
LEAVING = {"servicegroupname": "g", "servername": "192.0.2.10", "port": 80}


def furnish(nitro: Nitro, **vserver: Any) -> None:
    """A virtual server with a group of two members."""
    nitro.add("lbvserver", name="v", servicetype="HTTP", **vserver)
    nitro.add("servicegroup", servicegroupname="g", servicetype="HTTP")
    for number in (10, 11):
        nitro.bind(MEMBER, servicegroupname="g", ip=f"192.0.2.{number}", port=80)
    nitro.bind(BOUND, name="v", servicegroupname="g")


def connect(box: Simulator, count: int, **more: Any) -> dict[str, int]:
    return dict(box.control("POST", "connections", {"vserver": "v", "count": count, **more}))


def report(box: Simulator) -> dict[str, Any]:
    return box.connections()


def tallies(box: Simulator) -> dict[str, tuple[int, int, int]]:
    """Member → open, finished, dropped."""
    return {row["member"]: (row["open"], row["finished"], row["dropped"]) for row in report(box)["members"]}


def advance(box: Simulator, seconds: float) -> None:
    box.control("POST", "clock", {"advance": seconds})


def disable(nitro: Nitro, kind: str, **values: Any) -> None:
    answer = nitro.post(f"{kind}?action=disable", {kind: values})
    assert answer.status == 200, answer.text


def states(nitro: Nitro) -> list[str]:
    return [row["svrstate"] for row in nitro.rows(f"{MEMBER}/g")]


def hand_over(nitro: Nitro, *numbers: int) -> None:
    members = [{"ip": f"192.0.2.{number}", "port": 80} for number in numbers]
    answer = nitro.put(LIST, {LIST: {"servicegroupname": "g", "members": members}})
    assert answer.status in (200, 201), answer.text
