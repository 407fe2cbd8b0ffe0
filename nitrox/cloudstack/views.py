# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""What is shown of an object: its members, those of what it refers to, whose it is, its tags."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from .catalogue import kinds
from .registry import VIEWS
from .store import Row

if TYPE_CHECKING:
    from .cloud import Cloud


def show(cloud: Cloud, row: Row) -> dict[str, Any]:
    """The object as answers have it. Members without a value are left out."""
    kind = kinds()[row.kind]
    shown = {name: value for name, value in row.items() if name[0] != "_" and value is not None}
    for name, (of, members) in kind.joins.items():
        other = cloud.store.find(of, shown[name]) if name in shown else None
        if other is not None:
            shown.update({to: other[source] for to, source in members.items() if other.get(source) is not None})
    if kind.owned and row.get("projectid"):
        shown.pop("account", None)
    if kind.tags:
        shown["tags"] = tags(cloud, row)
    complete = VIEWS.get(row.kind)
    if complete is not None:
        complete(cloud, row, shown)
    for name in kind.strings:
        if name in shown:
            shown[name] = str(shown[name])
    for name in kind.hidden:
        shown.pop(name, None)
    return shown


def show_all(cloud: Cloud, rows: Iterable[Row]) -> list[dict[str, Any]]:
    """Several of them."""
    return [show(cloud, row) for row in rows]


def tags(cloud: Cloud, row: Row) -> list[dict[str, Any]]:
    """The tags of an object."""
    return [show(cloud, tag) for tag in cloud.store.where("tag", resourceid=row.id)]
