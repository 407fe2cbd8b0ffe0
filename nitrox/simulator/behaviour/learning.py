# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Settings that exist by themselves with another object: what an application firewall profile may learn [I]."""

from __future__ import annotations

from ..context import Context
from ..registry import after, loaded
from ..table import Row, Store

_OWNER, _KIND, _KEY = "appfwprofile", "appfwlearningsettings", "profilename"


@loaded
def complete(store: Store) -> None:
    """A state that was loaded may name profiles only."""
    for row in store.table(_OWNER):
        if not store.table(_KIND).named(row["name"]):
            store.table(_KIND).put({_KEY: row["name"]})


@after("add", _OWNER)
def appear(ctx: Context, row: Row, changes: Row) -> None:
    """With the profile."""
    ctx.table(_KIND).put({_KEY: row["name"]})


@after("delete", _OWNER)
def disappear(ctx: Context, row: Row, changes: Row) -> None:
    """With the profile."""
    for settings in ctx.table(_KIND).named(row["name"]):
        ctx.table(_KIND).remove(settings)
