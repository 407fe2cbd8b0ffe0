# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""macroapi (PROTOCOL 9.2) and batchapi (PROTOCOL 9.3): commands on several kinds in one request."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.kind import Kind

from .. import reading
from ..context import Context
from ..engine import Answer, bulk
from ..operations import kind_of
from ..refusal import Refusal
from . import check_access, settle

_ENVELOPE = {"params", "sessionid", "session"}
Step = tuple[Kind, str, Mapping[str, Any]]


def macroapi(ctx: Context, fail_items: dict[int, int]) -> Answer:
    """One operation on several kinds, in document order. 201 for add, 200 else, 207 with ``response[]`` [D]."""
    verb = {"": "add", "remove": "delete", "rm": "delete"}.get(ctx.call.action, ctx.call.action)
    if ctx.call.method == "PUT":
        verb = "update"
    elif ctx.call.method != "POST":
        raise Refusal(1237, status=405)
    if verb not in ("add", "update", "delete"):
        raise Refusal(1240)
    answer = bulk(ctx, ctx.call.on_error, _macro_steps(ctx, verb), fail_items)
    if answer.code == 0:
        answer.status = 201 if verb == "add" else 200
    return answer


def _macro_steps(ctx: Context, verb: str) -> Iterator[Step]:
    steps: list[Step] = []
    for name, content in ctx.call.body.items():
        if name in _ENVELOPE:
            continue
        kind = kind_of(name)
        items = content if isinstance(content, list) else [content]
        if not all(isinstance(item, dict) for item in items):
            raise Refusal(1234)
        bound = "add" if kind.is_binding and verb == "update" else verb
        steps += [(kind, bound, item) for item in items]
    return iter(steps)


def batchapi(ctx: Context, fail_items: dict[int, int]) -> Answer:
    """A list of commands; ``?action=GET`` reads [C:2]."""
    entries = ctx.call.body.get("batchapi")
    if ctx.call.method != "POST" or not isinstance(entries, list):
        raise Refusal(1234)
    if ctx.call.action == "get":
        return Answer(payload={"batchapi": [_read(ctx, entry) for entry in entries]})
    steps = [_step(entry) for entry in entries]
    answer = bulk(ctx, ctx.call.on_error, _settling(ctx, steps), fail_items, response="batchapi")
    if answer.code == 0:
        answer.status, answer.payload = 201, {"batchapi": [{"errorcode": 0, "message": "Done"} for step in steps]}
    return answer


def _settling(ctx: Context, steps: list[Step]) -> Iterator[Step]:
    """What one step takes away and the next brings back was away."""
    for step in steps:
        yield step
        settle(ctx)


def _step(entry: Any) -> Step:
    if not isinstance(entry, dict) or "type" not in entry:
        raise Refusal(1234)
    verb = str(entry.get("action", "ADD")).lower()
    verb = {"remove": "delete", "rm": "delete", "set": "update", "bind": "add", "unbind": "delete"}.get(verb, verb)
    properties = entry.get("properties", {})
    return kind_of(str(entry["type"])), verb, properties if isinstance(properties, dict) else {}


def _read(ctx: Context, entry: Any) -> dict[str, Any]:
    kind = kind_of(str(entry.get("type", "")) if isinstance(entry, dict) else "")
    check_access(ctx, kind, "show", {})
    wanted = entry.get("query_params", {}).get("filter", {})
    query = {"filter": ",".join(f"{name}:{value}" for name, value in wanted.items())} if wanted else {}
    call = replace(ctx.call, method="GET", type_name=kind.name, name=None, query=query)
    return reading.read(Context(ctx.appliance, ctx.session, call), kind)
