# Copyright (c) 2026, The nitrox authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Results as a person wants to read them: what changed, before and after, and the object itself."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from ansible.module_utils.common.yaml import HAS_YAML, yaml_dump

from .front_document import Task
from .front_failure import failure, outcome_facts
from .nitro.desired import Desired, mask
from .nitro.observation import Absent, Present
from .nitro.observe import Observed
from .nitro.outcome import Outcome
from .nitro.plan import Plan
from .nitro.session import Session

Result = dict[str, Any]


def changes(task: Task, plan: Plan, outcome: Outcome | None) -> Result:
    """What a plan did, or in check mode would do. Raises `Failure` where something went wrong."""
    sides = plan.diff()
    result: Result = {
        "changed": bool(plan) if outcome is None else outcome.changed,
        "plan": plan.explain(),
        "before": sides["before"],
        "after": sides["after"],
    }
    if task.diff:
        result["diff"] = readable(sides)
    if outcome is None:
        return result
    problem = outcome.failure()
    if problem is not None:
        told = failure(problem)
        told.result = {**result, **told.result, **outcome_facts(outcome), "saved": outcome.saved}
        raise told
    if task.options.get("save"):
        result["saved"] = outcome.saved
    if outcome.warnings:
        result["warnings"] = list(outcome.warnings)
    return result


def readable(sides: Mapping[str, Any]) -> dict[str, str]:
    """Both sides of a difference as YAML text."""
    return {
        "before": _text(sides["before"]),
        "after": _text(sides["after"]),
        "before_header": "on the appliance",
        "after_header": "as declared",
    }


def _text(side: Mapping[str, Any]) -> str:
    if not side:
        return ""
    if not HAS_YAML:
        return json.dumps(side, indent=2, sort_keys=True, ensure_ascii=False) + "\n"
    dumped: str = yaml_dump(_plain(side), default_flow_style=False, sort_keys=True, allow_unicode=True, width=120)
    return dumped


def _plain(data: Any) -> Any:
    if isinstance(data, Mapping):
        return {str(key): _plain(value) for key, value in data.items()}
    return [_plain(value) for value in data] if isinstance(data, (list, tuple)) else data


def current(session: Session, desired: Desired, observed: Observed, plan: Plan, *, done: bool) -> Result:
    """The object under its kind's name: as read before if nothing changed, as read back if something did, and in check
    mode as it would be. Left out where it is gone, or where it could not be read back."""
    kind = desired.kind
    if not desired.present:
        return {}
    if done:
        found = session.read(kind, desired.values)
        if isinstance(found, Present):
            return {kind.name: dict(mask(kind, found.values))}
        return {} if isinstance(found, Absent) else {"warnings": [f"{kind.name} {desired.name}: done, but not read back"]}
    seen = observed.objects.get((kind.name, desired.key))
    values = dict(seen.values) if isinstance(seen, Present) else {}
    for change in plan.changes:
        if change.kind == kind.name and change.key == desired.key:
            values.update(change.after)
    shown = values or (dict(desired.values) if kind.is_binding else {})
    return {kind.name: dict(mask(kind, shown))} if shown else {}
