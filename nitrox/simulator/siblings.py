# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Policy bindings of one virtual server are one command: the policy's own kind decides where it is listed (PROTOCOL 21.3 [L])."""

from __future__ import annotations

from functools import cache
from typing import Any

from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro import catalogue
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.kind import Kind

from .context import Context
from .table import Row

POLICY_KEYS = ("policyname", "policy")


@cache
def siblings(parent: str) -> tuple[str, ...]:
    """The policy bindings of a kind of virtual server that can be bound."""
    if not parent.endswith("vserver"):
        return ()
    kinds = [catalogue.kind(name) for name in catalogue.kind(parent).bindings]
    return tuple(kind.name for kind in kinds if "add" in kind.operations and kind.bind_key in POLICY_KEYS)


def _knows(ctx: Context, kind: Kind, policy: Any) -> bool:
    return any(ctx.find(named, policy) for named in kind.attributes[str(kind.bind_key)].ref)


def by_policy(ctx: Context, kind: Kind, row: Row) -> tuple[Kind, Row]:
    """The binding kind under which this policy is listed, and the row as that kind spells it."""
    if kind.name not in siblings(kind.parent or ""):
        return kind, row
    policy = row.get(str(kind.bind_key))
    if policy is None or _knows(ctx, kind, policy):
        return kind, row
    for name in siblings(kind.parent or ""):
        other = catalogue.kind(name)
        if _knows(ctx, other, policy):
            moved = {key: value for key, value in row.items() if key in other.attributes and key != kind.bind_key}
            return other, {**moved, str(other.bind_key): policy}
    return kind, row
