# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""A look at an appliance from outside NITRO: for the control endpoint and the page. It is no session that anybody sees."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro import catalogue

from . import reading
from .appliance import DEFAULT_PARTITION, Appliance
from .call import Call
from .context import Context
from .session import Session
from .table import Row


def observer(appliance: Appliance, partition: str = DEFAULT_PARTITION) -> Context:
    """A context in a partition, without a login."""
    now = appliance.clock()
    session = Session("", 0, "", 0.0, now, now, partition=partition)
    return Context(appliance, session, Call("GET", "config"))


def counts(appliance: Appliance, partition: str = DEFAULT_PARTITION) -> list[dict[str, Any]]:
    """Each kind that has objects: how many, and how many of them come from the factory."""
    found = []
    for name, rows in appliance.partition(partition).dump().items():
        builtin = sum(1 for row in rows if row.get("_builtin"))
        found.append({"kind": name, "package": catalogue.kind(name).package, "count": len(rows), "builtin": builtin})
    return found


def shown_rows(appliance: Appliance, kind: str, partition: str = DEFAULT_PARTITION) -> list[Row]:
    """The stored objects of a kind as a GET shows them; what was set comes under ``_set``. Raises `UnknownKind`."""
    ctx = observer(appliance, partition)
    wanted = catalogue.kind(kind)
    found = []
    for row in ctx.table(kind):
        out = reading.render(ctx, wanted, row)
        known = {name for name in row if not name.startswith("_") and name in out}
        out["_set"] = [*(key for key in wanted.keys if key in known), *sorted(known - set(wanted.keys))]
        out["_builtin"] = bool(row.get("_builtin"))
        found.append(out)
    return found


def row_of(appliance: Appliance, kind: str, key: Mapping[str, Any], partition: str = DEFAULT_PARTITION) -> Row:
    """The one stored row that a key, or enough of it, means. Raises `LookupError`."""
    table = appliance.partition(partition).table(kind)
    exact = table.get(key)
    if exact is not None:
        return exact
    found = [row for row in table if all(str(row.get(name)).lower() == str(value).lower() for name, value in key.items())]
    if len(found) != 1:
        raise LookupError(f"{kind} {dict(key)}: {'not there' if not found else f'{len(found)} of them'}")
    return found[0]
