# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""A plan in words. Pure; secrets never appear."""

from __future__ import annotations

from collections.abc import Sequence

from . import catalogue
from .change import Change, shown

SIGNS = {"create": "+", "bind": "+", "delete": "-", "unbind": "-", "replace": "-"}
WITH_CONTENT = ("create", "bind")


def explained(changes: Sequence[Change], notes: Sequence[str]) -> list[str]:
    """One line a change: a sign (+ comes, - goes, ~ changes), what happens, why; then the notes."""
    lines = [line(change) for change in changes if not change.quiet]
    quiet = sum(change.quiet for change in changes)
    if quiet:
        lines.append(f"~ the register of owners: {quiet} entr{'y' if quiet == 1 else 'ies'}")
    return [*lines, *(f"note: {note}" for note in notes)]


def line(change: Change) -> str:
    """ "~ update lbvserver web: lbmethod: ROUNDROBIN → LEASTCONNECTION" """
    text = f"{SIGNS.get(change.verb, '~')} {change.verb} {change.subject}"
    why = _content(change) if change.verb in WITH_CONTENT else change.why
    warnings = "".join(f" [{warning}]" for warning in change.warnings)
    return f"{text}: {why}{warnings}" if why else text + warnings


def _content(change: Change) -> str:
    kind = catalogue.kind(change.kind)
    told = [f"{name} {shown(kind, name, value)}" for name, value in change.after.items() if name not in kind.keys]
    return ", ".join(told)
