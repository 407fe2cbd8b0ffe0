# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Changes behind the client's back, for tests of drift: rows are written as they are, no command runs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro import catalogue
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.kind import Kind

from . import registry, relations
from .appliance import DEFAULT_PARTITION, Appliance
from .observer import observer, row_of
from .table import Row
from .typed import convert

_WAYS = ("add", "set", "remove")


def mutate(appliance: Appliance, body: Mapping[str, Any]) -> None:
    """``kind``, ``partition`` and one of: ``add`` (a row); ``key`` and ``set`` (attributes; null takes one away); ``key`` and
    ``remove``. Names that begin with "_" are the simulator's own, such as ``_health`` of a member.

    Raises `ValueError` and `Refusal` for what is wrong, `LookupError` for what is not there.
    """
    ways = [way for way in _WAYS if body.get(way) not in (None, False)]
    unknown = set(body) - {"kind", "key", "partition", *_WAYS}
    if unknown or len(ways) != 1 or not isinstance(body.get("kind"), str):
        raise ValueError(
            f"kind and one of {', '.join(_WAYS)} are wanted" + (f", not {', '.join(sorted(unknown))}" if unknown else "")
        )
    partition = body.get("partition", DEFAULT_PARTITION)
    if partition not in appliance.partitions:
        raise LookupError(f"no such partition: {partition}")
    kind = catalogue.kind(body["kind"].lower())
    if ways[0] == "add":
        _add(appliance, partition, kind, _typed(kind, body["add"]))
    else:
        row = row_of(appliance, kind.name, _typed(kind, body.get("key") or {}), partition)
        _remove(appliance, partition, kind, row) if ways[0] == "remove" else _set(
            appliance, partition, kind, row, _typed(kind, body["set"])
        )
    appliance.touch(partition)


def _typed(kind: Kind, values: Any) -> Row:
    if not isinstance(values, dict):
        raise ValueError(f"a mapping is wanted, not {type(values).__name__}")
    found: Row = {}
    for name, value in values.items():
        attribute = kind.attribute(name)
        if attribute is None and not name.startswith("_"):
            raise ValueError(f"{kind.name} has no attribute {name}")
        found[attribute.name if attribute else name] = value if attribute is None or value is None else convert(attribute, value)
    return found


def _add(appliance: Appliance, partition: str, kind: Kind, row: Row) -> None:
    store = appliance.partition(partition)
    if store.table(kind.name).get(row) is not None:
        raise ValueError(f"{kind.name} {row}: already there")
    store.table(kind.name).put(row)
    for hook in registry.LOADED:
        hook(store)


def _remove(appliance: Appliance, partition: str, kind: Kind, row: Row) -> None:
    ctx = observer(appliance, partition)
    ctx.table(kind.name).remove(row)
    if kind.keys:
        relations.forget(ctx, kind, row.get(kind.url_key or kind.keys[0]))


def _set(appliance: Appliance, partition: str, kind: Kind, row: Row, changes: Row) -> None:
    table = appliance.partition(partition).table(kind.name)
    moved = any(name in kind.keys for name in changes)
    if moved:
        table.remove(row)
    row.update(changes)
    for name in [name for name, value in changes.items() if value is None]:
        del row[name]
    table.put(row) if moved else table.changed(row)
