# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""What has to hold after every schedule, judged by the appliance's own log and by reads that nothing goes wrong with."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.doubt import settle
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.outcome import Item

from .menu import DESTROYING
from .world import Attempt, World

BOOKKEEPING = ("login", "logout", "nspartition")
TELLING = ("create", "bind", "unbind", "delete", "update", "unset", "rename")  # whose effect a read tells for certain
TIMES = 2  # a write is sent again after its answer was lost and it was found undone, and never a third time


def judge(world: World, attempt: Attempt) -> list[str]:
    """Violations of a run in which things went wrong."""
    found = _nothing_after_an_unknown_read(attempt) + _no_more_than_twice(world, attempt)
    if not world.schedule.names & DESTROYING:
        found += _truthful(world, attempt) + _taken_back(world, attempt)
    return found


def judge_healed(world: World) -> list[str]:
    """Violations after everything works again: at most two more runs, then nothing to do, and nothing foreign touched."""
    first = world.healed()
    problems = [] if first.outcome and first.outcome.ok else [f"a clean run failed: {first.outcome and first.outcome.summary()}"]
    again = world.healed()
    if again.plan:
        problems.append(f"a second clean run still finds something to do: {again.plan.explain()}")
    if "F9" not in world.schedule.names and world.rows("theirs") != world.foreign:
        problems.append("foreign objects were changed")
    return problems


def _writes(attempt: Attempt) -> list[dict[str, Any]]:
    return [one for one in attempt.log if one["method"] != "GET" and one["kind"] not in BOOKKEEPING and not _of_the_lease(one)]


def _was_done(entry: dict[str, Any]) -> bool:
    """What was cut off before it was done has no errorcode."""
    return entry.get("errorcode") == 0


def _of_the_lease(entry: dict[str, Any]) -> bool:
    return "nitrox_lease_" in entry["path"] + json.dumps(entry["body"])


def _nothing_after_an_unknown_read(attempt: Attempt) -> list[str]:
    """A run that raises has written nothing."""
    written = [entry["path"] for entry in _writes(attempt) if _was_done(entry)]
    if attempt.error is None or not written or attempt.plan is not None:
        return []
    return [f"raised {attempt.error!r} after writing {written}"] if not _others(attempt) else []


def _others(attempt: Attempt) -> bool:
    """Two controllers share one log."""
    return sum(entry["kind"] == "login" and _was_done(entry) for entry in attempt.log) > 1


def _no_more_than_twice(world: World, attempt: Attempt) -> list[str]:
    if world.schedule.names & {*DESTROYING, "F6"}:
        return []
    done = Counter((one["method"], one["path"], json.dumps(one["body"])) for one in _writes(attempt) if _was_done(one))
    return [f"{method} {path} was done {count} times" for (method, path, _body), count in done.items() if count > TIMES]


def _truthful(world: World, attempt: Attempt) -> list[str]:
    """Every outcome is what the appliance has: done is there, refused and not tried are not."""
    outcome = attempt.outcome
    if outcome is None or outcome.undone or attempt.killed:
        return []
    last: dict[tuple[str, tuple[str, ...]], Item] = {}
    for item in outcome.items:
        last[item.change.kind, item.change.key] = item
    told = [item for item in last.values() if item.change.verb in TELLING and item.status != "unknown"]
    with world.session() as session:
        verdicts = settle(session, [item.change for item in told])
    lies = [item for item, verdict in zip(told, verdicts, strict=True) if verdict is not item.ok]
    return [f"reported as {item}, which is not so" for item in lies]


def _taken_back(world: World, attempt: Attempt) -> list[str]:
    """What was undone is as before."""
    outcome = attempt.outcome
    unknown = outcome is not None and any(item.status == "unknown" for item in outcome.items)
    if outcome is None or not outcome.undone or unknown or not all(item.ok for item in outcome.undone):
        return []
    now = world.rows("app", "ok")
    return [f"undone, but {kind} is {now[kind]} instead of {rows}" for kind, rows in world.before.items() if now[kind] != rows]
