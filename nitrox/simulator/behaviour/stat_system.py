# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Statistics of the box: processors, memory, disks, protocols, its role in a pair, global counters.

Objects, not lists, but for ``systemcpu`` (PROTOCOL 3, 20 #21 [C:3]); ``nsglobalcntr`` as in 8.1 and exchange B14 [D].
"""

from __future__ import annotations

import re

from ..context import Context
from ..refusal import Refusal
from ..registry import command, stat
from ..statistics import SAMPLE, Activity, Flow, fields, flow, seed_of
from ..table import Row
from .nsconfig import stamp
from .stat import facts, projected

_REQUESTS = 120.0  # a second, through the whole box [I]
_HEARTBEATS = 5  # a second: hellointerval is 200 ms [D]
_MOST_COUNTERS = 12
_COUNTER = re.compile(r"[A-Za-z0-9_]+\Z")


def box(ctx: Context) -> Flow:
    """The traffic of the whole box since it booted or its statistics were cleared."""
    seconds = ctx.now() - max(ctx.appliance.started, ctx.appliance.activity.since)
    return flow(max(0.0, seconds) // SAMPLE * SAMPLE, _REQUESTS, seed_of(ctx.appliance.name))


def uptime(ctx: Context) -> float:
    """Seconds."""
    return max(0.0, ctx.now() - ctx.appliance.started)


@stat(*facts()["objects"])
def objects(ctx: Context, name: str | None) -> Row:
    """One object a type."""
    type_ = ctx.call.type_name.lower()
    return projected(ctx, fields(facts()["objects"][type_], box(ctx)) | _of_the_box(ctx, type_))


def _of_the_box(ctx: Context, type_: str) -> Row:
    if type_ not in ("ns", "system"):
        return {}
    since = {"starttime": stamp(ctx.appliance.started), "timesincestart": _duration(uptime(ctx))}
    return since | (_role(ctx) if type_ == "ns" else {})


def _duration(seconds: float) -> str:
    days, rest = divmod(int(seconds), 86400)
    return f"{days} days, {rest // 3600:02}:{rest // 60 % 60:02}:{rest % 60:02}"


def _role(ctx: Context) -> Row:
    appliance = ctx.appliance
    own = appliance.partition().table("hanode").get({"id": 0}) or {}
    wanted = str(own.get("hastatus", "ENABLED")).upper()
    role = "Primary" if appliance.primary else "Secondary"
    return {
        "hacurstate": "DISABLED" if wanted == "DISABLED" else "UP",
        "hacurmasterstate": "STAYSECONDARY" if wanted == "STAYSECONDARY" and not appliance.primary else role,
        "transtime": stamp(appliance.started),
    }


@stat("hanode")
def hanode(ctx: Context, name: str | None) -> Row:
    """One object; ``hacurstatus`` tells whether the rest means anything (PROTOCOL 13 [C:3], 20 #21)."""
    paired = ctx.appliance.peer is not None or any(int(row["id"]) for row in ctx.appliance.partition().table("hanode"))
    beats = int(uptime(ctx)) * _HEARTBEATS if ctx.appliance.peer else 0
    rate = _HEARTBEATS if beats else 0
    traffic = {"hatotpktrx": str(beats), "hapktrxrate": rate, "hatotpkttx": str(beats), "hapkttxrate": rate}
    failures = {"haerrsyncfailure": "0", "haerrproptimeout": "0"}
    return projected(ctx, {"hacurstatus": "YES" if paired else "NO", **_role(ctx), **traffic, **failures})


@stat("systemcpu")
def processors(ctx: Context, name: str | None) -> list[Row]:
    """A list; each load is text (PROTOCOL 20 #21)."""
    moving = box(ctx)
    found = [{"id": str(number), "percpuuse": str(int(load * (1 + moving.swing / 4)))} for number, load in ((0, 8), (1, 4))]
    found = found if name is None else [row for row in found if row["id"] == name]
    if not found:
        raise Refusal(258, "id", name)
    return found


@stat("nscapacity")
def capacity(ctx: Context, name: str | None) -> Row:
    """As in ``config`` (PROTOCOL 20 #21): an exporter reads it under ``stat``."""
    bandwidth = str(ctx.single("nscapacity").get("bandwidth", 1000))
    return {"maxbandwidth": "10000", "minbandwidth": "10", "actualbandwidth": bandwidth, "bandwidth": bandwidth}


@stat("nsglobalcntr")
def counters(ctx: Context, name: str | None) -> Row:
    """``args=counters:a;b``, at most 12; decimal strings (PROTOCOL 8.1 [D], 21.4 [C:1]). Any name is answered [I]."""
    wanted = [part for key, value in ctx.call.pairs("args").items() for part in (*_named(key), *value.split(";")) if part]
    if not wanted:
        raise Refusal(1095, "counters")
    if len(wanted) > _MOST_COUNTERS:
        raise Refusal(1112, "counters")
    bad = next((part for part in wanted if not _COUNTER.match(part)), None)
    if bad is not None:
        raise Refusal(1097, "counters", bad)
    return {part: _counter(ctx, part) for part in wanted}


def _named(key: str) -> list[str]:
    return [] if key.lower() == "counters" else [key]


def _counter(ctx: Context, name: str) -> str:
    if name == "sys_cur_duration_sincestart":
        return str(int(uptime(ctx)))
    moving = box(ctx)
    if "_tot_" in name:
        return str(int(moving.total if name.startswith("http_") else moving.total * (1 + seed_of(name) % 9)))
    return str(int(moving.rate)) if "_cur_" in name else "0"


@command("clear", "nsstats")
def clear(ctx: Context, payload: Row) -> Row:
    """Traffic counters start again (PROTOCOL 16.3 [D]); nothing is configured."""
    ctx.appliance.activity = Activity(since=ctx.now())
    return {"_unchanged": True}
