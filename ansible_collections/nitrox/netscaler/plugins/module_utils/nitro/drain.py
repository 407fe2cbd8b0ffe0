# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Let connections finish before a member, a group or a service is removed (PROTOCOL 7.5, 20).

A drain is a graceful disable with a delay. It ends when the appliance says that the last connection is closed, or when the
delay is over. All drains of a plan run at the same time, after everything new is bound.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any, Optional

from . import catalogue, wire
from .change import Change
from .errors import NitroError
from .kind import Kind
from .observation import Row
from .plan import Plan
from .session import Session

POLL = 1.0  # seconds between two looks
SLACK = 5.0  # seconds that the appliance may take to notice that the delay is over
LEAVING = ("GOING", "TRANSITION", "TROFS")  # how states begin in which connections still finish
COUNTERS = ("svrestablishedconn", "curclntconnections")
Tell = Optional[Callable[[str], None]]


def drained(plan: Plan, seconds: int) -> Plan:
    """``plan``, in which what is removed and can drain does so first, for up to ``seconds``."""
    leaving = [change for change in plan.changes if _drains(change)]
    if not leaving:
        return plan
    gone = {change.gives for change in leaving if change.verb == "delete"}
    loosened = [change for change in plan.changes if change.verb == "unbind" and change.needs & gone]
    layer = min(change.layer for change in (*leaving, *loosened))
    first = [change for change in plan.changes if change.layer < layer]
    later = [replace(change, layer=change.layer + 1) for change in plan.changes if change.layer >= layer]
    drains = sorted((_drain(change, layer, seconds) for change in leaving), key=lambda change: change.via or change.kind)
    return replace(plan, changes=(*first, *drains, *later))


def _drains(change: Change) -> bool:
    if change.verb not in ("delete", "unbind"):
        return False
    kind = catalogue.kind(change.kind)
    carrier = _carrier(kind)
    graceful = carrier.attributes.get("graceful")
    ready = graceful is not None and "disable" in graceful.on and (kind.in_place or not kind.is_binding) and kind.name != "server"
    return bool(ready) and kind.enabled(change.write if kind.is_binding else change.before) is not False


def _carrier(kind: Kind) -> Kind:
    return catalogue.kind(kind.parent or kind.name)


def _drain(change: Change, layer: int, seconds: int) -> Change:
    kind = catalogue.kind(change.kind)
    row = {name: change.write[name] for name in (kind.url_key or "", *kind.in_place)} if kind.is_binding else change.write
    write = {**row, "graceful": "YES", "delay": seconds}
    why = f"its connections may finish, for up to {seconds} s"
    sides: tuple[dict[str, Any], dict[str, Any]] = ({"state": "ENABLED"}, {"state": "DISABLED"})
    via = kind.parent if kind.is_binding else ""
    return Change("drain", kind.name, change.key, change.name, write, *sides, why, layer, via=via or "", needs=change.needs)


def wait(session: Session, changes: Sequence[Change], *, clock: Callable[[], float], tell: Tell = None) -> dict[str, int]:
    """Wait until what was told to drain has done so. Subject → connections that are still open after the longest delay."""
    ends = clock() + max(int(change.write["delay"]) for change in changes) + SLACK
    left = dict.fromkeys((change.subject for change in changes), 0)
    while left:
        with suppress(NitroError):  # the next look may tell; the removal that follows tells for certain
            left = _leaving(session, changes)
        if not left or clock() >= ends:
            break
        if tell:
            tell(f"draining {len(left)}, {sum(left.values())} connections open")
        session.pause(POLL)
    return left


def _leaving(session: Session, changes: Iterable[Change]) -> dict[str, int]:
    """Subject → open connections of what is still on its way out."""
    seen: dict[tuple[str, str], list[Row]] = {}
    found: dict[str, int] = {}
    for change in changes:
        carrier = change.carrier
        name = str(change.write[str(carrier.main_key)])
        if (carrier.name, name) not in seen:
            seen[carrier.name, name] = _counters(session, carrier, name)
        rows = [row for row in seen[carrier.name, name] if _is_of(row, change)]
        if any(str(row.get("state", "")).upper().startswith(LEAVING) for row in rows):
            found[change.subject] = sum(_open(row) for row in rows)
    return found


def _counters(session: Session, kind: Kind, name: str) -> list[Row]:
    """Of a group the counters of its members, of a service its own."""
    answer = session.send(wire.get(kind, name, stat=True, statbindings=True)).payload.get(kind.name) or {}
    row = answer[0] if isinstance(answer, list) else answer
    return list(row.get("servicegroupmember") or ()) if kind.name == "servicegroup" else [row]


def _is_of(row: Row, change: Change) -> bool:
    """A member is called ``group?server?port`` there."""
    if "servername" not in change.write:
        return True
    _group, *rest = str(row.get("servicegroupname", "")).split("?")
    return rest[:2] == [str(change.write["servername"]), str(change.write["port"])]


def _open(row: Row) -> int:
    return max((int(row[name]) for name in COUNTERS if str(row.get(name, "")).isdigit()), default=0)
