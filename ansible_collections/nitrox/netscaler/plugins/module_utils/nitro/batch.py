# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Steps of a plan grouped into requests: array bodies where NITRO takes them (PROTOCOL 9.1). Pure.

A DELETE has one object; so has a rename. Everything else of one layer, kind and verb shares a request, up to a number of
objects and of bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from . import wire
from .change import Change

ITEMS = 1000
BYTES = 1_000_000
SINGLE = frozenset({"delete", "replace", "unbind", "rename"})
Batch = Sequence[Change]


def batches(changes: Iterable[Change], items: int = ITEMS) -> Iterator[Batch]:
    """Changes that travel together, in the order of the plan."""
    for group in (group for unused, group in groupby(changes, key=_together)):
        batch: list[Change] = []
        weight = 0
        for change in group:
            more = _weight(change)
            if batch and (change.verb in SINGLE or len(batch) >= items or weight + more > BYTES):
                yield batch
                batch, weight = [], 0
            batch.append(change)
            weight += more
        yield batch


def size(batch: Batch) -> int:
    """How many requests it takes: a rebind is as many unbinds and one bind."""
    return 1 + len(batch) * (batch[0].verb == "rebind")


def request(batch: Batch) -> wire.Request:
    """The request of a batch; of rebinds the bind, see `unbinds`."""
    first = batch[0]
    kind = first.carrier
    rows = first.write if len(batch) == 1 else [change.write for change in batch]
    if first.verb in ("delete", "replace", "unbind"):
        return wire.delete(kind, first.write)
    if first.verb == "rename":
        main = str(kind.main_key)
        return wire.rename(kind, {main: first.write[main]}, first.write["newname"])
    if first.verb in ("bind", "rebind"):
        return wire.bind(kind, rows)
    simple = {"create": wire.add, "update": wire.update, "unset": wire.unset}
    action = "disable" if first.verb == "drain" else first.verb
    return simple[first.verb](kind, rows) if first.verb in simple else wire.action(kind, action, rows)


def unbinding(change: Change) -> wire.Request:
    """The first half of a rebind."""
    return wire.unbind(change.carrier, change.before)


def _together(change: Change) -> tuple[int, str, str, str]:
    parent = str(change.write.get(change.carrier.url_key or "", "")) if change.verb == "rebind" else ""
    return change.layer, change.verb, change.via or change.kind, parent


def _weight(change: Change) -> int:
    return sum(len(name) + len(str(value)) + 8 for name, value in change.write.items())
