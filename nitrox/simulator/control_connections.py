# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""``/_simulator/connections``: clients that open connections through virtual servers, and what became of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from . import traffic
from .appliance import DEFAULT_PARTITION, Appliance
from .connections import label

_WANTED = {"vserver", "count", "seconds", "partition"}
MOST = 1_000_000  # in one request


def opened(appliance: Appliance, body: Mapping[str, Any]) -> dict[str, int]:
    """``vserver``, ``count`` (1), ``seconds`` (until closed), ``partition``. Raises `ValueError`, `LookupError`."""
    unknown = set(body) - _WANTED
    name, count, seconds = body.get("vserver"), body.get("count", 1), body.get("seconds")
    if unknown or not isinstance(name, str):
        raise ValueError(f"vserver is wanted{', not ' + ', '.join(sorted(unknown)) if unknown else ''}")
    if isinstance(count, bool) or not isinstance(count, int) or not 0 < count <= MOST:
        raise ValueError(f"count: a whole number from 1 to {MOST} is wanted, not {count!r}")
    if seconds is not None and (isinstance(seconds, bool) or not isinstance(seconds, (int, float)) or not seconds > 0):
        raise ValueError(f"seconds: a number above 0 is wanted, not {seconds!r}")
    partition = body.get("partition", DEFAULT_PARTITION)
    if partition not in appliance.partitions:
        raise LookupError(f"no such partition: {partition}")
    taken = traffic.connect(appliance, name, count, seconds=seconds, partition=partition)
    return {"opened": taken, "refused": count - taken}


def closed(appliance: Appliance, query: Mapping[str, str]) -> dict[str, int]:
    """The clients finish: all, or those of ``vserver``, at most ``count``. Raises `ValueError`."""
    count = query.get("count")
    if count is not None and not (count.isascii() and count.isdigit()):
        raise ValueError(f"count: a whole number is wanted, not {count!r}")
    return {"closed": traffic.close(appliance, vserver=query.get("vserver"), count=None if count is None else int(count))}


def report(appliance: Appliance, query: Mapping[str, str]) -> dict[str, Any]:
    """Sums, one row for each virtual server and member, and what dropped connections; of one ``vserver`` if given."""
    ledger, wanted = appliance.connections, query.get("vserver", "").lower()
    members = [
        {"partition": partition, "vserver": front[1], "member": label(end), **vars(tally)}
        for (partition, front, end), tally in ledger.tallies.items()
        if wanted in ("", front[1].lower())
    ]
    sums = {name: sum(int(row[name]) for row in members) for name in ("open", "finished", "dropped")}
    drops = [drop for drop in ledger.drops if wanted in ("", drop["vserver"].lower())]
    return {**sums, "refused": ledger.refused, "members": members, "drops": drops}
