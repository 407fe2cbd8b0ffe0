# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Programs that the tests run."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Program = Callable[[], None]


def vserver(logical: str = "web", *, opts: dict[str, Any] | None = None, **values: Any) -> Program:
    """One virtual server; ``opts`` are the words of `pulumi.ResourceOptions`."""

    def program() -> None:
        import pulumi

        from pulumi_netscaler import lb

        given = {"servicetype": "HTTP", "ipv46": "203.0.113.10", "port": 80, **values}
        lb.Lbvserver(logical, **given, opts=pulumi.ResourceOptions(**(opts or {})))

    return program


def shop(*, servicetype: Any = "HTTP", members: int = 2, **values: Any) -> Program:
    """A virtual server, its group with members, and their binding, by output properties."""

    def program() -> None:
        import pulumi_netscaler as netscaler
        from pulumi_netscaler import basic, lb

        group = basic.Servicegroup("shop-group", servicegroupname="shop", servicetype=servicetype)
        rows = [{"ip": f"198.51.100.{number + 1}", "port": 8080} for number in range(members)]
        netscaler.Members("shop-members", servicegroup=group.servicegroupname, members=rows)
        given = {"ipv46": "203.0.113.20", "port": 80, **values}
        front = lb.Lbvserver("shop-front", name="shop", servicetype=servicetype, **given)
        lb.LbvserverServicegroupBinding("shop-binding", name=front.name, servicegroupname=group.servicegroupname)

    return program


def vservers(count: int, **values: Any) -> Program:
    """Many virtual servers."""

    def program() -> None:
        from pulumi_netscaler import lb

        for number in range(count):
            address = f"10.{number // 62500}.{number // 250 % 250}.{number % 250 + 1}"
            lb.Lbvserver(f"v{number}", servicetype="HTTP", ipv46=address, port=80, **values)

    return program
