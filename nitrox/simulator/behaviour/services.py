# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Services, their default monitor, and what binds them (PROTOCOL 5.2, 21.2, 21.3, exchanges D4, F1)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from ..context import Context
from ..refusal import Refusal
from ..registry import after, before, shown, view
from ..table import Row
from . import health
from .servers import check_ip, drop_implicit, server_for

MONITORS = {"service_lbmonitor_binding": "name", "servicegroup_lbmonitor_binding": "servicegroupname"}
_PROTOCOLS = json.loads((Path(__file__).parent / "protocols.json").read_text(encoding="utf-8"))
DATAGRAM = frozenset(_PROTOCOLS["datagram"])
_TIMEOUTS: dict[str, tuple[int, int]] = {
    name: (client, server) for client, server, names in _PROTOCOLS["timeouts"] for name in names
}


def timeouts(servicetype: object) -> tuple[int, int]:
    """Client and server timeout that a protocol has by default, seconds (PROTOCOL 21.7 #11)."""
    return _TIMEOUTS.get(str(servicetype), (120, 120))


def default_monitor(servicetype: object) -> str:
    """The monitor of what has none."""
    return "ping-default" if str(servicetype) in DATAGRAM or servicetype == "ANY" else "tcp-default"


@before("add", "service")
def add_service(ctx: Context, row: Row, changes: Row) -> None:
    """By address or server; 2305 where another service has the endpoint (PROTOCOL 5.2 [D])."""
    given = row.pop("ipaddress", None)
    if "ip" in row or given is not None:
        ip = check_ip("IP", row.get("ip", given))
        row["servername"] = server_for(ctx, ip, row.get("td", 0))["name"]
        row["ip"] = ip
    else:
        server = ctx.find("server", row.get("servername"))
        if server is None:
            raise Refusal(258, "serverName", row.get("servername"))
        row["servername"], row["ip"] = server["name"], server.get("ipaddress", "0.0.0.0")
    for other in ctx.table("service").by("servername", row["servername"]):
        if other.get("port") == row.get("port") and other.get("servicetype") == row.get("servicetype"):
            raise Refusal(2305)
    row["_since"] = ctx.now()


@before("update", "service")
def update_service(ctx: Context, row: Row, changes: Row) -> None:
    """``ipaddress`` in a PUT moves the service to the server of that address (PROTOCOL 7.2 [C:3]; how is [I])."""
    if "ipaddress" not in changes:
        return
    ip = check_ip("IPAddress", changes.pop("ipaddress"))
    if ip != row.get("ip"):
        changes.update({"ip": ip, "servername": server_for(ctx, ip, row.get("td", 0))["name"], "_left": row["servername"]})


@after("update", "service")
def left_server(ctx: Context, row: Row, changes: Row) -> None:
    """The server that it left goes if it was only there for it [I]."""
    left = row.pop("_left", None)
    if left is not None:
        drop_implicit(ctx, left)


@after("add", "service")
def monitor_service(ctx: Context, row: Row, changes: Row) -> None:
    """It carries the default monitor (PROTOCOL 21.3 [C:1])."""
    _put_default(ctx, "service_lbmonitor_binding", row["name"], row)


@after("add", "servicegroup")
def monitor_group(ctx: Context, row: Row, changes: Row) -> None:
    """Likewise."""
    _put_default(ctx, "servicegroup_lbmonitor_binding", row["servicegroupname"], row)


def _put_default(ctx: Context, kind: str, name: Any, owner: Row) -> None:
    if str(owner.get("nodefaultbindings", "NO")).upper() != "YES":
        monitor = default_monitor(owner.get("servicetype"))
        ctx.table(kind).put({MONITORS[kind]: name, "monitor_name": monitor, "_default": True})


@before("bind", *MONITORS)
def bind_monitor(ctx: Context, row: Row, changes: Row) -> None:
    """Another one replaces the default (PROTOCOL 21.3 [C:1])."""
    table = ctx.table(ctx.kind)
    for other in table.of_parent(row[MONITORS[ctx.kind]]):
        if other.get("_default"):
            table.remove(other)


@after("unbind", *MONITORS)
def unbind_monitor(ctx: Context, row: Row, changes: Row) -> None:
    """Without any, the default comes back (PROTOCOL 21.3 [C:1])."""
    key = MONITORS[ctx.kind]
    owner = ctx.find("service" if key == "name" else "servicegroup", row[key])
    if owner is not None and not ctx.table(ctx.kind).of_parent(row[key]):
        _put_default(ctx, ctx.kind, row[key], owner)


@shown("service_lbmonitor_binding", "servicegroup_lbmonitor_binding")
def show_monitor_row(ctx: Context, row: Row, out: Row) -> None:
    """State and counters of the probes."""
    enabled = row.get("monstate", "ENABLED") == "ENABLED"
    out.update({"weight": str(row.get("weight", 1)), "monstate": "ENABLED" if enabled else "DISABLED"})
    if ctx.kind == "service_lbmonitor_binding":
        out.update({"monitor_state": "UP", "totalprobes": "0", "failedprobes": "0"})
        out.update(
            {"totalfailedprobes": "0", "responsetime": "0", "monstatcode": 0, "lastresponse": "Success", "dup_weight": "1"}
        )


@before("delete", "service")
def delete_service(ctx: Context, row: Row, wanted: Row) -> None:
    """Bound ones go too, unless lbparameter.allowboundsvcremoval forbids it (1325 [D])."""
    check_removal(ctx, ctx.table("lbvserver_service_binding").by("servicename", row["name"]))


def check_removal(ctx: Context, bound: list[Row]) -> None:
    """Refuse the removal of what is bound where the appliance is set so."""
    if bound and str(ctx.single("lbparameter").get("allowboundsvcremoval", "ENABLED")).upper() == "DISABLED":
        raise Refusal(1325)


@after("delete", "service")
def deleted_service(ctx: Context, row: Row, wanted: Row) -> None:
    """A server that was made for it goes along [I]."""
    drop_implicit(ctx, row.get("servername"))


@shown("service")
def show_service(ctx: Context, row: Row, out: Row) -> None:
    """State, and timeouts of its protocol (exchange D4)."""
    client, server = timeouts(row.get("servicetype"))
    out.setdefault("clttimeout", client)
    out.setdefault("svrtimeout", server)
    out["svrstate"] = health.service_state(ctx, row)
    out["ipaddress"] = row.get("ip", "0.0.0.0")
    out.pop("ip", None)
    health.show_times(ctx, row, out)


@view("svcbindings")
def vservers_of_service(ctx: Context, name: Any) -> list[Row]:
    """At least one row while the service exists (PROTOCOL 21.2 [L])."""
    found = []
    for service in ctx.table("service") if name is None else ctx.table("service").named(name):
        bound = ctx.table("lbvserver_service_binding").by("servicename", service["name"])
        base = {"servicename": service["name"], "ipaddress": service.get("ip"), "port": service.get("port")}
        base["svrstate"] = health.service_state(ctx, service)
        found += [{**base, "vservername": row["name"]} for row in bound] or [base]
    return found


@shown("lbvserver_service_binding")
def show_bound_service(ctx: Context, row: Row, out: Row) -> None:
    """Exchange F7 [D]."""
    service = ctx.find("service", row.get("servicename")) or {}
    ip, port = service.get("ip", "0.0.0.0"), service.get("port", 0)
    out.update({"stateflag": "536936451", "ipv46": ip, "port": port, "servicetype": service.get("servicetype", "HTTP")})
    out.update({"curstate": health.service_state(ctx, service), "weight": str(row.get("weight", 1)), "dynamicweight": "0"})
    out.update({"cookieipport": "", "vserverid": f"mcw{row.get('weight', 1)}", "vsvrbindsvcip": ip, "vsvrbindsvcport": port})
    out["preferredlocation"] = ""
