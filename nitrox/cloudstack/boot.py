# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""What every cloud has at its start: ``boot.json``, kind → rows, with ids that are the same every time."""

from __future__ import annotations

import copy
import json
import uuid
from functools import cache
from pathlib import Path
from typing import Any

_FILE = Path(__file__).parent / "boot.json"
_SPACE = uuid.UUID("6d9d1c5c-7d0a-5c53-8ad1-b1f5b2b3a9a7")


def identity(kind: str, name: str) -> str:
    """The id of an object of the start."""
    return str(uuid.uuid5(_SPACE, f"{kind}/{name}"))


@cache
def _rows() -> dict[str, list[dict[str, Any]]]:
    data: dict[str, list[dict[str, Any]]] = json.loads(_FILE.read_text(encoding="utf-8"))
    return {kind: [_row(kind, row) for row in rows] for kind, rows in data.items()}


def _row(kind: str, row: dict[str, Any]) -> dict[str, Any]:
    """``"zoneid": "@zone/NAME"`` stands for the id of that object."""
    row = {name: _resolved(value) for name, value in row.items()}
    name = row.pop("_id", None) or row.get("name") or row.get("username") or row.get("description")
    row.setdefault("id", identity(kind, str(name)))
    return row


def _resolved(value: Any) -> Any:
    if isinstance(value, str) and value.startswith("@"):
        kind, _, name = value[1:].partition("/")
        return identity(kind, name)
    return value


def rows(now: str) -> dict[str, list[dict[str, Any]]]:
    """Fresh rows; those that show when they were made get the time."""
    found = copy.deepcopy(_rows())
    for kind, members in found.items():
        if kind not in {"configuration", "ostype", "hypervisor", "pod", "cluster", "zone", "role", "region"}:
            for row in members:
                row.setdefault("created", now)
    return found
