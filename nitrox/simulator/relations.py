# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Who names whom: references between kinds, for clean-up on delete and for rename (PROTOCOL 7.6, 21.3)."""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from typing import Any

from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro import catalogue
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.kind import Kind

from .context import Context
from .table import Row


@cache
def referrers() -> dict[str, list[tuple[str, str]]]:
    """Kind → the (kind, attribute) pairs whose values name an object of it."""
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for kind in catalogue.kinds():
        if kind.view:
            continue
        for attribute in kind:
            for named in attribute.ref:
                found[named].append((kind.name, attribute.name))
    return found


def bound_to(ctx: Context, kind: Kind, name: Any) -> list[tuple[str, Row]]:
    """The binding rows, of any kind, in which this object is what is bound."""
    found = []
    for referrer, attribute in referrers().get(kind.name, ()):
        binding = catalogue.kind(referrer)
        if binding.bind_key == attribute and binding.is_binding:
            found += [(referrer, row) for row in ctx.table(referrer).by(attribute, name)]
    return found


def used_by(ctx: Context, kind: Kind, name: Any) -> list[tuple[str, Row]]:
    """The objects (not bindings) that name this object."""
    found = []
    for referrer, attribute in referrers().get(kind.name, ()):
        if not catalogue.kind(referrer).is_binding:
            found += [(referrer, row) for row in ctx.table(referrer).by(attribute, name)]
    return found


def forget(ctx: Context, kind: Kind, name: Any) -> None:
    """Remove the bindings of a deleted object, on both sides."""
    for child in kind.bindings:
        table = ctx.table(child)
        for row in table.of_parent(name):
            table.remove(row)
    for referrer, row in bound_to(ctx, kind, name):
        if catalogue.kind(referrer).binds == kind.name:
            ctx.table(referrer).remove(row)


def rename(ctx: Context, kind: Kind, old: Any, new: Any) -> None:
    """Let everything that names the object follow its new name."""
    for referrer, attribute in referrers().get(kind.name, ()):
        table = ctx.table(referrer)
        for row in table.by(attribute, old):
            table.remove(row)
            row[attribute] = new
            table.put(row)
