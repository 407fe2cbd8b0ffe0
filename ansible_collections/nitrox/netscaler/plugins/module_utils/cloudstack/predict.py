# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""What a run would do, without doing it: plan, take away what would be removed, plan again."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy

from .seen import Row, Seen
from .step import Step
from .work import Phase


def predicted(phases: Sequence[Phase], seen: Seen) -> list[Step]:
    """The steps of all phases, each once. ``seen`` stays as it is."""
    ahead = copy(seen)
    ahead.rows, ahead.predicting = dict(seen.rows), True
    found: dict[tuple[str, str], Step] = {}
    for phase in phases:
        steps = [step for step in phase.plan(ahead) if step.is_sent]
        while new := [step for step in steps if (step.verb, step.about) not in found]:
            found |= {(step.verb, step.about): step for step in new}
            if not [step for step in new if _forget(ahead, step)]:
                break
            steps = [step for step in phase.plan(ahead) if step.is_sent]
    return list(found.values())


def _forget(ahead: Seen, step: Step) -> bool:
    """Take away what a step removes, and of a machine what leads to it. Was it one of these?"""
    if step.verb == "remove":
        ahead.rows = {
            kind: [_without_nat(row, step) for row in rows if not _goes(row, step)] for kind, rows in ahead.rows.items()
        }
    elif step.verb == "untag":
        ahead.rows = {**ahead.rows, "machine": [_without_tags(row, step) for row in ahead.rows["machine"]]}
    return step.verb in {"remove", "untag"}


def _goes(row: Row, step: Step) -> bool:
    gone = step.parameters.get("id")
    leads = "publicport" in row and row.get("virtualmachineid") == gone
    return gone is not None and (row.get("id") == gone or leads)


def _without_nat(row: Row, step: Step) -> Row:
    if not row.get("isstaticnat"):
        return row
    gone = row["id"] == step.parameters.get("ipaddressid") or row.get("virtualmachineid") == step.parameters.get("id")
    return {**row, "isstaticnat": False} if gone else row


def _without_tags(row: Row, step: Step) -> Row:
    if row["id"] not in step.parameters["resourceids"]:
        return row
    return {**row, "tags": [tag for tag in row.get("tags") or () if tag["key"] not in step.parameters["tags"]]}
