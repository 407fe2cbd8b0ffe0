# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Show plans and outcomes: coloured text on a terminal, plain lines elsewhere, or JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.text import Text

from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro import catalogue
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.document import mask

if TYPE_CHECKING:
    from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.outcome import Outcome
    from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.change import Change
    from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.plan import Plan

STYLES = {
    "create": "green", "bind": "green", "link": "green", "enable": "green",
    "delete": "red", "unbind": "red", "unlink": "red", "disable": "red", "replace": "magenta",
    "refused": "bold red", "unknown": "bold red", "not_tried": "yellow",
}  # fmt: skip
QUIET = {"soft_wrap": True, "highlight": False, "markup": False}


def console(*, stderr: bool = False) -> Console:
    """Colours only on a terminal, and not with ``NO_COLOR``."""
    return Console(stderr=stderr, highlight=False, soft_wrap=True)


def plan(found: Plan, out: Console) -> None:
    """What would be done, and how many requests that takes."""
    for line in found.explain():
        out.print(Text(line, STYLES.get(line.split(" ", 1)[0].rstrip(":"), "")), **QUIET)
    if not found:
        out.print("Nothing to do: everything is as the document says.", **QUIET)
        return
    count = len([change for change in found.changes if not change.quiet])
    out.print(f"{_many(count, 'change')}, {_many(found.requests, 'write request')}.", **QUIET)


def outcome(found: Outcome, out: Console) -> None:
    """What became of every step."""
    for item in found.items:
        line = f"{item.status.replace('_', ' '):9} {item.change.verb} {item.change.subject}"
        line += f": {item.errorcode} {item.message}".rstrip() if item.errorcode or item.message else ""
        out.print(Text(line, STYLES.get(item.status, "")), **QUIET)
    out.print(f"{counted(found)}{', saved' if found.saved else ''}.", **QUIET)


def counted(found: Outcome) -> str:
    """ "3 done, 1 refused" """
    statuses = [item.status for item in found.items]
    return (
        ", ".join(f"{statuses.count(status)} {status.replace('_', ' ')}" for status in dict.fromkeys(statuses)) or "Nothing to do"
    )


def plan_data(found: Plan) -> dict[str, Any]:
    """A plan for machines, secrets masked."""
    return {
        "changes": [_change_data(change) for change in found.changes],
        "notes": list(found.notes),
        "requests": found.requests,
    }


def outcome_data(found: Outcome) -> dict[str, Any]:
    """An outcome for machines, secrets masked."""
    items = [
        {**_change_data(item.change), "status": item.status, "errorcode": item.errorcode, "message": item.message}
        for item in found.items
    ]
    return {"items": items, "changed": found.changed, "ok": found.ok, "saved": found.saved}


def as_json(data: Mapping[str, Any], out: Console) -> None:
    """One JSON text."""
    out.print(json.dumps(data, indent=2, default=str), **QUIET)


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


def _many(count: int, what: str) -> str:
    return f"{count} {what}{'s' * (count != 1)}"
