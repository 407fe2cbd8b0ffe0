# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""One call in, one answer out: finds the command that a call means and runs it, once or for each item of an array."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro import catalogue
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.kind import Kind

from . import behaviour, binding, operations, reading, registry
from .context import Context
from .refusal import TEXTS, Refusal, text_of

_ACTION_NAMES = {"update": "change", "rm": "delete", "remove": "delete", "set": "update"}
_CHANGING = {
    "add",
    "update",
    "unset",
    "delete",
    "rename",
    "enable",
    "disable",
    "link",
    "unlink",
    "change",
    "import",
    "apply",
    "clear",
}
_NO_CONFIGURATION = {"systemfile", "systemsession", "systembackup"}  # done, but no part of ns.conf
ROUTING = "routerDynamicRouting"  # kinds of the routing process are nested in it (PROTOCOL 15 [C:1])
_ENVELOPE = {"params", "sessionid", "session", "warning", "onerror"}


@dataclass
class Answer:
    """What goes back: status, the payload beside errorcode/message/severity, and the error if there is one."""

    status: int = 200
    payload: dict[str, Any] = field(default_factory=dict)
    code: int = 0
    message: str = "Done"
    warnings: list[tuple[int, str]] = field(default_factory=list)
    html: bool = False


def execute(ctx: Context, fail_items: Mapping[int, int] | None = None) -> Answer:
    """Run a call. ``fail_items``: item number → errorcode to refuse it with (a planned fault)."""
    behaviour.load()
    version = ctx.appliance.version
    try:
        answer = _dispatch(ctx, dict(fail_items or {}))
    except Refusal as refusal:
        answer = Answer(refusal.status, refusal.payload, refusal.code, refusal.message)
    if ctx.appliance.version != version:
        behaviour.settle(ctx)
    answer.warnings = ctx.warnings
    return answer


def _dispatch(ctx: Context, fail_items: dict[int, int]) -> Answer:
    call = ctx.call
    if call.group == "stat":
        return _stat(ctx)
    if not call.type_name:
        if call.method == "GET":
            return Answer(payload={"configobjects": {"objects": sorted(catalogue.index())}})
        raise Refusal(1232)
    if call.type_name in ("macroapi", "batchapi"):
        return behaviour.run_several(ctx, call.type_name, fail_items)
    kind = operations.kind_of(call.kind_name, below=call.sub_type != "")
    if call.method == "GET":
        behaviour.check_access(ctx, kind, "show", {kind.url_key or "": call.name or ""})
        found = reading.read(ctx, kind)
        return Answer(payload={ROUTING: found} if found and kind.dynamic_routing else found)
    if call.method == "DELETE":
        run_one(ctx, kind, "delete", _named(ctx, kind))
        return Answer(200)
    if call.method not in ("POST", "PUT"):
        raise Refusal(1237, status=405)
    return run_items(ctx, kind, verb_of(ctx, kind), _items(ctx, kind), fail_items)


def _stat(ctx: Context) -> Answer:
    call = ctx.call
    if call.method != "GET":
        raise Refusal(1237, status=405)
    name = call.type_name.lower()
    if not name:
        return Answer(payload={"statobjects": {"objects": sorted(registry.STAT)}})
    hook = registry.STAT.get(name)
    if hook is None:
        raise Refusal(1232)
    behaviour.check_stat(ctx, name, call.name)
    found = hook(ctx, call.name)
    key = "Interface" if name == "interface" else name
    return Answer(payload={key: found} if found else {})


def verb_of(ctx: Context, kind: Kind) -> str:
    """The command that a POST or PUT means. Refused with 1240 (PROTOCOL 6.1 [L])."""
    action = ctx.call.action
    if not action:
        plain = next((verb for verb, how in kind.actions.items() if how.get("query", verb) is None), None)
        if plain and ctx.call.method == "POST":
            return plain
        return "update" if ctx.call.method == "PUT" and not kind.is_binding else "add"
    if kind.is_binding and action in ("bind", "add"):
        return "add"
    if action == "unbind":
        return "delete"
    legacy = action in _ACTION_NAMES and "action" not in ctx.call.query
    verb = _ACTION_NAMES[action] if legacy and action != "update" else action
    known = {str(how.get("query")).lower(): verb for verb, how in kind.actions.items()}
    verb = known.get(verb, verb)
    if verb in kind.operations or (legacy and verb in ("add", "delete", "update")) or (kind.name, verb) in registry.COMMAND:
        return verb
    raise Refusal(1240)


def _items(ctx: Context, kind: Kind) -> list[Mapping[str, Any]] | Mapping[str, Any]:
    wanted, body = {kind.name, kind.wire_name.lower()}, ctx.call.body
    if kind.dynamic_routing:
        body = next((value for key, value in body.items() if key == ROUTING and isinstance(value, dict)), {})
    content = next((value for key, value in body.items() if key.lower() in wanted), None)
    if content is None:
        if any(key not in _ENVELOPE for key in ctx.call.body):
            raise Refusal(1232)
        content = {}
    if isinstance(content, dict):
        return content
    if isinstance(content, list) and content and all(isinstance(item, dict) for item in content):
        return content
    raise Refusal(1234)


def _named(ctx: Context, kind: Kind) -> dict[str, Any]:
    values: dict[str, Any] = dict(ctx.call.pairs("args"))
    key = kind.url_key or (kind.keys[0] if kind.keys else None)
    if ctx.call.name is not None and key:
        values[key] = ctx.call.name
    return values


def run_items(
    ctx: Context, kind: Kind, verb: str, items: list[Mapping[str, Any]] | Mapping[str, Any], fail_items: dict[int, int]
) -> Answer:
    """Run a command for one payload, or for an array of them (PROTOCOL 9.1)."""
    if isinstance(items, Mapping):
        status, extra = run_one(ctx, kind, verb, items, fail_items.get(0))
        return Answer(status, extra)
    mode = ctx.call.on_error
    if mode == "rollback" and verb != "add":
        raise Refusal(1242)
    return bulk(ctx, mode, ((kind, verb, item) for item in items), fail_items)


def bulk(
    ctx: Context,
    mode: str,
    steps: Iterator[tuple[Kind, str, Mapping[str, Any]]],
    fail_items: dict[int, int],
    response: str = "response",
) -> Answer:
    """Commands one after another: exit stops at the first failure, continue goes on, rollback undoes all."""
    before = copy.deepcopy(ctx.store.dump()) if mode == "rollback" else None
    results: list[dict[str, Any]] = []
    failed, status = False, 200
    for number, (kind, verb, item) in enumerate(steps):
        try:
            status, _extra = run_one(ctx, kind, verb, item, fail_items.get(number))
            results.append({"errorcode": 0, "message": "Done", "severity": "NONE"})
        except Refusal as refusal:
            failed = True
            text = TEXTS.get(refusal.code, refusal.message)  # published bulk answers carry the bare text (PROTOCOL 9.1 [D])
            results.append({"errorcode": refusal.code, "message": text, "severity": "ERROR"})
            if mode != "continue":
                break
    if not failed:
        return Answer(status)
    if before is not None:
        ctx.store.load(before)
    return Answer(207, {response: results}, 1243, text_of(1243))


def run_one(
    ctx: Context, kind: Kind, verb: str, payload: Mapping[str, Any], refuse: int | None = None
) -> tuple[int, dict[str, Any]]:
    """Run one command. Returns the HTTP status and what the answer carries besides Done."""
    if refuse is not None:
        raise Refusal(refuse)
    if not ctx.appliance.primary:
        if verb in _CHANGING and (code := int(ctx.appliance.options["secondary_errorcode"])):
            raise Refusal(code)
        ctx.warn(1028)
    behaviour.check_access(ctx, kind, verb, payload)
    behaviour.check_feature(ctx, kind, verb)
    ctx.kind = kind.name
    hook = registry.COMMAND.get((kind.name, verb))
    extra: dict[str, Any] = {}
    if hook is not None:
        extra = hook(ctx, payload) or {}
        status = extra.pop("_status", 201 if verb == "add" else 200)
        if extra.pop("_unchanged", False):
            return status, extra
    else:
        status = _generic(ctx, kind, verb, payload)
    if verb in _CHANGING and kind.name not in _NO_CONFIGURATION:
        ctx.appliance.touch(ctx.session.partition)
    return status, extra


def _generic(ctx: Context, kind: Kind, verb: str, payload: Mapping[str, Any]) -> int:
    if kind.is_binding and verb in ("add", "delete"):
        return binding.bind(ctx, kind, payload) if verb == "add" else binding.unbind(ctx, kind, payload)
    if verb == "add":
        if "add" not in kind.operations:
            raise Refusal(1088)
        return operations.add(ctx, kind, payload, idempotent=ctx.call.flag("idempotent"))
    named = {"update": operations.update, "unset": operations.unset, "delete": operations.delete, "rename": operations.rename}
    if verb in named:
        return named[verb](ctx, kind, payload)
    if verb in ("enable", "disable"):
        return operations.switch(ctx, kind, verb, payload)
    return operations.act(ctx, kind, verb, payload)
