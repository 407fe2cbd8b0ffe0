# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""The traffic path as data for the page: virtual server → policies and actions → groups and services → members.

What hangs on what is in ``topology.json``; states are those that a GET shows. A node is a mapping: kind, name, state ("" where
the kind has none), text, address, role, weight, priority, children.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro import catalogue

from . import reading, views
from .appliance import DEFAULT_PARTITION, Appliance
from .behaviour import health
from .context import Context
from .observer import observer
from .table import Row

Node = dict[str, Any]
LIMIT = 200


@cache
def _facts() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((Path(__file__).parent / "topology.json").read_text(encoding="utf-8"))
    return found


def topology(appliance: Appliance, partition: str = DEFAULT_PARTITION, limit: int = LIMIT) -> dict[str, Any]:
    """``total`` and the first ``limit`` of the virtual servers that no other one sends to, as nodes."""
    ctx = observer(appliance, partition)
    roots = [(kind, row) for kind in _facts()["roots"] for row in ctx.table(kind)]
    targets = _targets(ctx)
    top = [(kind, row) for kind, row in roots if (kind, str(row.get("name")).lower()) not in targets] or roots
    nodes = [_node(ctx, kind, row, ()) for kind, row in top[:limit]]
    return {"total": len(top), "vservers": nodes}


def _targets(ctx: Context) -> set[tuple[str, str]]:
    """The virtual servers that another one sends to."""
    found = set()
    roots = _facts()["roots"]
    for rules in _facts()["bindings"].values():
        for rule in rules:
            pairs = [(rule["kind"], rule["by"]), *([rule["then"]] if "then" in rule else [])]
            for kind, attribute in pairs:
                if kind in roots:
                    found |= {(kind, str(row.get(attribute)).lower()) for row in ctx.table(rule["binding"])}
    for owner, references in _facts()["references"].items():
        for kind, attribute in references:
            if kind in roots:
                found |= {(kind, str(row[attribute]).lower()) for row in ctx.table(owner) if row.get(attribute)}
    return found


def _node(ctx: Context, kind: str, row: Row, path: tuple[tuple[str, str], ...]) -> Node:
    shown = reading.render(ctx, catalogue.kind(kind), row)
    facts = _facts()
    name = str(row.get(catalogue.kind(kind).url_key or "name", ""))
    here = (*path, (kind, name.lower()))
    state = next((str(shown[key]) for key in facts["state"].get(kind, ()) if shown.get(key)), "")
    texts = (str(shown[key]) for key in facts["text"].get(kind, ()) if shown.get(key) not in (None, "", "NONE"))
    found = [*texts, *filter(None, [_clients(ctx, row) if kind == "service" else ""])]
    node: Node = {"kind": kind, "name": name, "state": state, "text": " · ".join(found), "address": _address(kind, shown)}
    children = [] if (kind, name.lower()) in path else [*_bound(ctx, kind, name, here), *_referred(ctx, kind, row, here)]
    return node | {"children": children}


def _address(kind: str, shown: Row) -> str:
    host, port = (str(shown.get(key) or "") for key in _facts()["address"].get(kind, ("", "")))
    if host in ("", "0.0.0.0"):
        return ""
    shown_host = f"[{host}]" if ":" in host else host
    return f"{shown_host}:{'*' if port == '65535' else port}" if port else shown_host


def _bound(ctx: Context, kind: str, name: str, path: tuple[tuple[str, str], ...]) -> list[Node]:
    found = []
    for rule in _facts()["bindings"].get(kind, ()):
        rows = views.rows(ctx, catalogue.kind(rule["binding"]), name)
        if "order" in rule:
            rows = sorted(rows, key=lambda row, by=rule["order"]: int(row.get(by) or 0))  # type: ignore[misc]
        found += [node for row in rows if (node := _bound_node(ctx, rule, row, path)) is not None]
    return found


def _bound_node(ctx: Context, rule: dict[str, Any], row: Row, path: tuple[tuple[str, str], ...]) -> Node | None:
    if not rule["kind"]:
        return _member(ctx, rule["binding"], row)
    child = ctx.find(rule["kind"], row.get(rule["by"]))
    if child is None:
        return None
    node = _node(ctx, rule["kind"], child, path)
    node |= {key: row[key] for key in ("priority", "weight") if row.get(key) is not None}
    if "role" in rule:
        node["role"] = rule["role"]
    if "then" in rule and row.get(rule["then"][1]):
        target = ctx.find(rule["then"][0], row[rule["then"][1]])
        node["children"] += [_node(ctx, rule["then"][0], target, path)] if target is not None else []
    return node


def _member(ctx: Context, binding: str, row: Row) -> Node:
    shown = reading.render(ctx, catalogue.kind(binding), row)
    state = next((str(shown[key]) for key in _facts()["state"].get(binding, ()) if shown.get(key)), "")
    name = str(row.get("servername") or row.get("ip", ""))
    node: Node = {"kind": "servicegroupmember", "name": name, "state": state, "text": _clients(ctx, row)}
    node["address"] = _address(binding, shown)
    return node | {"weight": row.get("weight", 1), "children": []}


def _clients(ctx: Context, row: Row) -> str:
    """The live connections of a service or member, where any were opened."""
    count = health.clients(ctx, row)
    return f"{count} connection{'' if count == 1 else 's'}" if count is not None else ""


def _referred(ctx: Context, kind: str, row: Row, path: tuple[tuple[str, str], ...]) -> list[Node]:
    found = []
    for other, attribute in _facts()["references"].get(kind, ()):
        target = ctx.find(other, row.get(attribute)) if row.get(attribute) else None
        if target is not None:
            node = _node(ctx, other, target, path)
            found.append(node | {"role": "backup"} if attribute.startswith("backup") else node)
    return found
