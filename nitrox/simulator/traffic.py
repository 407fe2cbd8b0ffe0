# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Live connections: who gets them, and what cuts them (PROTOCOL 7.5, 10).

=====================================================  =====================================================================
removed, unbound, its virtual server disabled          dropped at once [I]
disabled, or down                                      dropped at once, unless ``downstateflush`` of its service or group is
                                                       DISABLED: then they finish [D]
disabled with a delay                                  they may finish; the rest is dropped when the delay is over [D]
disabled gracefully                                    likewise, and out of service as soon as the last one finished [D]
reboot; failover                                       dropped; kept by the peer where ``connfailover`` is on [D]
renamed                                                they stay
=====================================================  =====================================================================

Clients go where the weighted number of connections is the least, among what is UP (the default method [D]). A content
switching virtual server sends to all its targets alike: no policy is evaluated [I].
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterator, Mapping
from typing import Any

from .appliance import Appliance
from .behaviour import health
from .connections import MEMBER, Batch, Key, endpoint
from .context import Context
from .observer import observer
from .table import Row

Path = tuple[Key, ...]
Way = tuple[Path, Key, int]  # path, endpoint, weight
FRONTS = ("csvserver", "lbvserver")
BOUND = {MEMBER: ("lbvserver_servicegroup_binding", "servicegroupname"), "service": ("lbvserver_service_binding", "servicename")}
_DEPTH = 4  # backups of backups that are followed


def connect(appliance: Appliance, name: str, count: int, *, seconds: float | None, partition: str) -> int:
    """Open connections through a virtual server; returns how many were taken. Raises `LookupError` when it is not there."""
    ctx = observer(appliance, partition)
    front = next(((kind, row) for kind in FRONTS if (row := ctx.find(kind, name)) is not None), None)
    if front is None:
        raise LookupError(f"no such virtual server: {name}")
    known = (front[0], str(front[1]["name"]))
    serves = appliance.primary and not appliance.off and appliance.clock() >= appliance.booting_until
    ways = list(_ways(ctx, *front)) if serves else []
    ledger = appliance.connections
    ledger.used = True
    if not ways:
        ledger.refused += count
        return 0
    until = None if seconds is None else ctx.now() + seconds
    for (path, end, _weight), share in zip(ways, _shares(ctx, ways, count), strict=True):
        if share:
            ledger.open(Batch(partition, known, path, end, share, until))
    return count


def _ways(ctx: Context, kind: str, row: Row, depth: int = 0) -> Iterator[Way]:
    """The paths from a virtual server to what is UP behind it; to its backup's when it is not up itself."""
    own = (kind, str(row["name"]))
    state = health.cs_state(ctx, row) if kind == "csvserver" else health.lb_state(ctx, row)
    if state != health.UP:
        backup = ctx.find(kind, row["backupvserver"]) if row.get("backupvserver") else None
        if backup is not None and depth < _DEPTH:
            yield from _ways(ctx, kind, backup, depth + 1)
    elif kind == "lbvserver":
        yield from (((own,), end, weight) for end, weight in _endpoints(ctx, own[1]))
    else:
        for name in health.cs_targets(ctx, own[1]):
            target = ctx.find("lbvserver", name)
            ways = _ways(ctx, "lbvserver", target) if target is not None else iter(())
            yield from (((own, *path), end, weight) for path, end, weight in ways)


def _endpoints(ctx: Context, vserver: str) -> Iterator[tuple[Key, int]]:
    for bound in ctx.table("lbvserver_service_binding").of_parent(vserver):
        service = ctx.find("service", bound.get("servicename"))
        if service is not None and health.service_state(ctx, service) == health.UP:
            yield endpoint(service), int(bound.get("weight", 1))
    for bound in ctx.table("lbvserver_servicegroup_binding").of_parent(vserver):
        group = ctx.find("servicegroup", bound.get("servicegroupname"))
        for member in health.members_of(ctx, group["servicegroupname"]) if group is not None else ():
            if health.member_state(ctx, member, group) == health.UP:
                yield endpoint(member), int(member.get("weight", 1))


def _shares(ctx: Context, ways: list[Way], count: int) -> list[int]:
    """How many of ``count`` go each way: one after another to the least loaded for its weight."""
    ledger, now = ctx.appliance.connections, ctx.now()
    load = [ledger.at(ctx.session.partition, end, now) for _path, end, _weight in ways]
    heap = [((load[number] + 1) / way[2], number) for number, way in enumerate(ways)]
    heapq.heapify(heap)
    shares = [0] * len(ways)
    for _one in range(count):
        _load, number = heap[0]
        shares[number] += 1
        heapq.heapreplace(heap, ((load[number] + shares[number] + 1) / ways[number][2], number))
    return shares


def close(appliance: Appliance, *, vserver: str | None = None, count: int | None = None) -> int:
    """Let clients finish: all, those of one virtual server, or so many. Returns how many did."""
    closed = 0
    for batch in appliance.connections:
        if vserver is not None and batch.front[1].lower() != vserver.lower():
            continue
        if count is None or closed < count:
            closed += appliance.connections.finish(batch, None if count is None else count - closed)
    return closed


def settle(appliance: Appliance, request: Mapping[str, Any] | None = None) -> None:
    """Count what has finished and what was cut. ``request`` is what was just done; without it only time has passed."""
    ledger = appliance.connections
    if request is None and appliance.clock() < ledger.due:
        return
    contexts = {name: observer(appliance, name) for name in appliance.partitions}
    ledger.due = math.inf
    for batch in ledger:
        ctx = contexts.get(batch.partition)
        if ctx is None:
            ledger.drop(batch, why="the partition is gone", request=request or {}, at=appliance.clock())
        else:
            ledger.due = min(ledger.due, _settle(ctx, batch, request))


def _settle(ctx: Context, batch: Batch, request: Mapping[str, Any] | None) -> float:
    """Returns when the batch ends by itself; never, if it ended now."""
    ledger, now = ctx.appliance.connections, ctx.now()
    state, at, why = _state(ctx, batch)
    if state == CUT and batch.lives(at):
        by = batch.leaving if why == _OVER else request
        ledger.drop(batch, why=why, request=by or request or {}, at=at)
        return math.inf
    if not batch.lives(now):
        ledger.finish(batch)
        return math.inf
    if state != LEAVING or not batch.leaving:
        batch.leaving = dict(request or {}) if state == LEAVING else {}
    return min(at if state == LEAVING else math.inf, math.inf if batch.until is None else batch.until)


def request_of(ctx: Context) -> dict[str, Any]:
    """The request at hand, and its number in the request log."""
    call = ctx.call
    path = call.type_name + (f"/{call.name}" if call.name is not None else "")
    query = "&".join(f"{name}={call.query[name]}" for name in ("action", "args") if name in call.query)
    return {"request": f"{call.method} {path}" + (f"?{query}" if query else ""), "number": ctx.appliance.logged + 1}


CUT, LEAVING, STAYS = "cut", "leaving", "stays"
_OVER = "the delay is over"
State = tuple[str, float, str]  # what becomes of a batch; since when, or when it must go; why


def _state(ctx: Context, batch: Batch) -> State:
    now = ctx.now()
    for kind, name in batch.path:
        row = ctx.find(kind, name)
        if row is None:
            return CUT, now, f"{kind} {name} is gone"
        if row.get("state") == "DISABLED" and _flushes(row):
            return CUT, now, f"{kind} {name} is disabled"
    kind, name = batch.endpoint[:2]
    binding, key = BOUND[kind]
    owner = ctx.find(kind, name)
    if owner is None:
        return CUT, now, f"{kind} {name} is gone"
    if ctx.table(binding).get({"name": batch.path[-1][1], key: name}) is None:
        return CUT, now, f"{kind} {name} is unbound"
    return _member(ctx, batch, owner) if kind == MEMBER else _serving(ctx, owner, owner, health.service_state(ctx, owner))


def _flushes(row: Row) -> bool:
    return str(row.get("downstateflush", "ENABLED")).upper() == "ENABLED"


def _member(ctx: Context, batch: Batch, group: Row) -> State:
    key = dict(zip(("servicegroupname", "servername", "ip", "port"), batch.endpoint[1:], strict=True))
    member = ctx.table(health.MEMBERS).get(key)
    if member is None:
        return CUT, ctx.now(), "the member is gone"
    if health.gone(ctx, member):
        return CUT, min(ctx.now(), float(member.get("_trofs_until", ctx.now()))), _OVER
    return _serving(ctx, member, group, health.member_state(ctx, member, group))


def _serving(ctx: Context, row: Row, owner: Row, state: str) -> State:
    """What the state of an endpoint means for its connections."""
    now = ctx.now()
    rows = (row, owner, ctx.find("server", row.get("servername")))
    disabled = [one for one in rows if one is not None and one.get("state") == "DISABLED"]
    end = min([float(one["_trofs_until"]) for one in disabled if "_trofs_until" in one], default=math.inf)
    if state == health.GOING:
        return LEAVING, end, ""
    if state == health.UP or not _flushes(owner):
        return STAYS, now, ""
    if state == health.DOWN:
        return CUT, now, "it is down"
    if any("_trofs_until" not in one and not one.get("_graceful") for one in disabled):
        return CUT, now, "it is disabled"
    return CUT, min(now, end), _OVER
