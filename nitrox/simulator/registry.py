# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Where hand-written behaviour hooks in. Each file in ``behaviour/`` registers functions here when it is imported.

=========  ====================================================================================================
decorator  the function
=========  ====================================================================================================
before     ``(ctx, row, changes)`` runs before ``verb`` is done; may raise `Refusal` or edit ``changes``.
           add/bind: ``row`` is the new row (also in ``changes``); update: the stored row and what is to be set;
           delete/unbind: the row and {}; unset: the row and the attributes to unset
after      ``(ctx, row, changes)`` runs when it is done
command    ``(ctx, payload) -> dict | None`` replaces ``verb`` altogether; what it returns is added to the answer,
           but ``_status`` (the HTTP status) and ``_unchanged`` (the configuration did not change)
shown      ``(ctx, row, out)`` edits what a GET shows of a row
rows       ``(ctx) -> list of rows`` stands for the table of a kind that is not stored (sessions, views, clocks)
view       ``(ctx, name or None) -> list of rows`` stands for the table of a kind, or for the rows of a binding kind of one
           parent (of all parents for None); unlike ``rows`` it need not make what is not asked for
listed     ``(ctx, rows) -> rows`` edits the list of stored rows that a GET found (switches in ``args``)
select     ``(ctx, name, args) -> list of rows`` answers a GET of the kind; for a binding after its parent was found
loaded     ``(store)`` completes a partition's store after a state was loaded into it
booted     ``(appliance)`` runs when the box has booted
failed_over ``(appliance)`` runs when a pair has swapped its roles
stat       ``(ctx, name) -> list of rows | one row`` answers ``/nitro/v1/stat/KIND``
=========  ====================================================================================================

Verbs: add update unset delete rename enable disable bind unbind, and any other action in lower case.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Hook = Callable[..., Any]

BEFORE: dict[tuple[str, str], list[Hook]] = {}
AFTER: dict[tuple[str, str], list[Hook]] = {}
COMMAND: dict[tuple[str, str], Hook] = {}
SHOWN: dict[str, list[Hook]] = {}
ROWS: dict[str, Hook] = {}
VIEW: dict[str, Hook] = {}
LISTED: dict[str, Hook] = {}
DELETABLE = {"systemfile"}  # kinds whose factory objects may be deleted
STAT: dict[str, Hook] = {}
SELECT: dict[str, Hook] = {}
LOADED: list[Hook] = []
BOOTED: list[Hook] = []
FAILED_OVER: list[Hook] = []


def before(verb: str, *kinds: str) -> Callable[[Hook], Hook]:
    """See the module."""
    return _listed(BEFORE, verb, kinds)


def after(verb: str, *kinds: str) -> Callable[[Hook], Hook]:
    """See the module."""
    return _listed(AFTER, verb, kinds)


def command(verb: str, *kinds: str) -> Callable[[Hook], Hook]:
    """See the module."""

    def register(hook: Hook) -> Hook:
        COMMAND.update({(kind, verb): hook for kind in kinds})
        return hook

    return register


def shown(*kinds: str) -> Callable[[Hook], Hook]:
    """See the module."""

    def register(hook: Hook) -> Hook:
        for kind in kinds:
            SHOWN.setdefault(kind, []).append(hook)
        return hook

    return register


def rows(*kinds: str) -> Callable[[Hook], Hook]:
    """See the module."""

    def register(hook: Hook) -> Hook:
        ROWS.update(dict.fromkeys(kinds, hook))
        return hook

    return register


def view(*kinds: str) -> Callable[[Hook], Hook]:
    """See the module."""

    def register(hook: Hook) -> Hook:
        VIEW.update(dict.fromkeys(kinds, hook))
        return hook

    return register


def listed(*kinds: str) -> Callable[[Hook], Hook]:
    """See the module."""

    def register(hook: Hook) -> Hook:
        LISTED.update(dict.fromkeys(kinds, hook))
        return hook

    return register


def select(*kinds: str) -> Callable[[Hook], Hook]:
    """See the module."""

    def register(hook: Hook) -> Hook:
        SELECT.update(dict.fromkeys(kinds, hook))
        return hook

    return register


def loaded(hook: Hook) -> Hook:
    """See the module."""
    LOADED.append(hook)
    return hook


def booted(hook: Hook) -> Hook:
    """See the module."""
    BOOTED.append(hook)
    return hook


def failed_over(hook: Hook) -> Hook:
    """See the module."""
    FAILED_OVER.append(hook)
    return hook


def stat(*kinds: str) -> Callable[[Hook], Hook]:
    """See the module."""

    def register(hook: Hook) -> Hook:
        STAT.update(dict.fromkeys(kinds, hook))
        return hook

    return register


def _listed(hooks: dict[tuple[str, str], list[Hook]], verb: str, kinds: tuple[str, ...]) -> Callable[[Hook], Hook]:
    def register(hook: Hook) -> Hook:
        for kind in kinds:
            hooks.setdefault((kind, verb), []).append(hook)
        return hook

    return register
