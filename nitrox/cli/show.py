# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Show plans and outcomes: coloured text on a terminal, plain lines elsewhere, or JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.text import Text

from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro import catalogue
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.document import mask

if TYPE_CHECKING:
    from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.change import Change
    from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.outcome import Item, Outcome
    from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.plan import Plan
    from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.rollback import Rollback

SIGNS = {"+": "green", "-": "red", "~": "yellow"}  # how a line of `Plan.explain` begins
STYLES = {
    "create": "green", "bind": "green", "link": "green", "enable": "green",
    "delete": "red", "unbind": "red", "unlink": "red", "disable": "red", "drain": "yellow", "replace": "magenta",
    "refused": "bold red", "unknown": "bold red", "not_tried": "yellow",
}  # fmt: skip


def console(*, stderr: bool = False) -> Console:
    """Colours only on a terminal, and not with ``NO_COLOR``."""
    return Console(stderr=stderr, highlight=False, soft_wrap=True)


def plan(found: Plan, out: Console) -> None:
    """What would be done, and how many requests that takes."""
    for line in found.explain():
        _say(out, line, SIGNS.get(line[:1], ""))
    if not found:
        _say(out, "Nothing to do: everything is as the document says.")
        return
    count = len([change for change in found.changes if not change.quiet])
    _say(out, f"{_many(count, 'change')}, {_many(found.requests, 'write request')}.")


def outcome(found: Outcome, out: Console) -> None:
    """What became of every step, of every step that was taken back, and in all."""
    for item in found.items:
        if not (item.change.quiet and item.ok):
            _say(out, str(item), STYLES.get(item.status if not item.ok else item.change.verb, ""))
    for item in found.undone:
        _say(out, f"taken back, {item}", STYLES.get(item.status, ""))
    for warning in found.warnings:
        _say(out, f"warning: {warning}", "yellow")
    shown = replace(found, items=tuple(item for item in found.items if not (item.change.quiet and item.ok)))
    _say(out, f"{shown.summary().splitlines()[0]}.")


def rollback(found: Rollback, out: Console) -> None:
    """What would be taken back, and what not."""
    for change in found.steps:
        _say(out, str(change), STYLES.get(change.verb, ""))
    for item in found.left:
        _say(out, str(item), STYLES["not_tried"])
    _say(out, f"{_many(len(found.steps), 'step')} back, {len(found.left)} left alone.")


def plan_data(found: Plan) -> dict[str, Any]:
    """A plan for machines, secrets masked."""
    return {
        "changes": [_change_data(change) for change in found.changes],
        "notes": list(found.notes),
        "requests": found.requests,
    }


def outcome_data(found: Outcome) -> dict[str, Any]:
    """An outcome for machines, secrets masked."""
    return {
        "items": [_item_data(item) for item in found.items],
        "undone": [_item_data(item) for item in found.undone],
        "changed": found.changed,
        "ok": found.ok,
        "saved": found.saved,
        "save_error": found.save_error,
        "warnings": list(found.warnings),
    }


def as_json(data: Mapping[str, Any], out: Console) -> None:
    """One JSON text."""
    _say(out, json.dumps(data, indent=2, default=str))


def _item_data(item: Item) -> dict[str, Any]:
    return {**_change_data(item.change), "status": item.status, "errorcode": item.errorcode, "message": item.message}


def _change_data(change: Change) -> dict[str, Any]:
    kind = catalogue.kind(change.kind)
    return {
        "verb": change.verb,
        "kind": change.kind,
        "name": change.name,
        "key": list(change.key),
        "before": dict(mask(kind, change.before)),
        "after": dict(mask(kind, change.after)),
        "why": change.why,
        "warnings": list(change.warnings),
    }


def _say(out: Console, line: str, style: str = "") -> None:
    out.print(Text(line, style), soft_wrap=True)


def _many(count: int, what: str) -> str:
    return f"{count} {what}{'s' * (count != 1)}"
