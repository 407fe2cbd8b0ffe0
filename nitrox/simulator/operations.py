# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Commands on objects: add, update, unset, delete, rename, enable, disable and other actions (PROTOCOL 6.1, 7)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro import catalogue
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.kind import Attribute, Kind

from . import registry, relations
from .context import Context
from .refusal import Refusal
from .rules import accepted, check_name, one_of, require
from .table import Row, fold
from .typed import convert

Payload = Mapping[str, Any]
DIFFERS = "value differs from existing entity and it cant be updated."
SWITCHED_AS = {"service": "gslbservice"}  # by the action on a service of its name (PROTOCOL 21.3 [L])
MANDATORY_DELETE_ARGS = {"lbmonitor": "type", "systemfile": "filelocation"}  # PROTOCOL 6.4 [C:3]


def run_hooks(hooks: dict[tuple[str, str], list[registry.Hook]], ctx: Context, kind: str, verb: str, *values: Any) -> None:
    """Call what is registered for a kind and verb."""
    for hook in hooks.get((kind, verb), ()):
        hook(ctx, *values)


def add(ctx: Context, kind: Kind, payload: Payload, *, idempotent: bool = False) -> int:
    """POST. Returns the HTTP status: 201, or 200 for the idempotent form (PROTOCOL 7.7 [D])."""
    row = accepted(kind, payload, "add", *(("update",) if idempotent else ()))
    alternatives = {name for group in kind.one_of for name in group}
    missing = next((key for key in kind.keys[:1] if key not in row and key not in alternatives), None)
    if missing:
        raise Refusal(1095, missing)
    check_name(kind, row.get(kind.url_key or ""))
    existing = ctx.table(kind.name).get(row)
    if existing is not None:
        if not idempotent:
            key = next((name for name in kind.keys if name in row), None)
            raise Refusal(273, key, row[key]) if key else Refusal(273)
        _reconcile(ctx, kind, existing, row)
        return 200
    require(kind, row, "add")
    one_of(kind, row)
    run_hooks(registry.BEFORE, ctx, kind.name, "add", row, row)
    ctx.table(kind.name).put(row)
    run_hooks(registry.AFTER, ctx, kind.name, "add", row, row)
    return 200 if idempotent else 201


def _reconcile(ctx: Context, kind: Kind, existing: Row, row: Row) -> None:
    """The idempotent form on an existing object is a set of what differs (PROTOCOL 7.7)."""
    if "update" not in kind.operations:
        raise Refusal(1074, "set command not present for this resource")
    changes = {}
    for name, value in row.items():
        attribute = kind.attributes[name]
        if name in kind.keys or attribute.same(value, existing.get(name)):
            continue
        if "update" not in attribute.on and not attribute.secret:
            raise Refusal(1074, name, DIFFERS)
        if "update" in attribute.on:
            changes[name] = value
    if changes:
        apply_changes(ctx, kind, existing, changes)


def apply_changes(ctx: Context, kind: Kind, row: Row, changes: Row) -> None:
    """Set attributes of a stored row, with the hooks of an update."""
    run_hooks(registry.BEFORE, ctx, kind.name, "update", row, changes)
    row.update(changes)
    ctx.table(kind.name).changed(row)
    run_hooks(registry.AFTER, ctx, kind.name, "update", row, changes)


def locate(ctx: Context, kind: Kind, values: Payload, name: str | None = None) -> Row:
    """The stored row that a command means: by its key in the body, else by the name in the URL (PROTOCOL 21.3 [L])."""
    if not kind.keys and "add" in kind.operations and not len(ctx.table(kind.name)):
        raise Refusal(258)
    if not kind.keys:
        return ctx.single(kind.name)
    key = kind.url_key or kind.keys[0]
    wanted = values.get(key, name)
    if wanted is None and kind.operations & {"add", "delete"}:
        raise Refusal(1095, key)
    if wanted is None:  # update-only: the one that is there (snmpmib, nshostname)
        return next(iter(ctx.table(kind.name)), None) or ctx.table(kind.name).put({})
    names = [*kind.keys, *(part for part in kind.delete_args if "update" not in kind.attributes[part].on)]
    given = [(kind.attributes[part], values[part]) for part in names if part in values]
    for row in ctx.table(kind.name).named(wanted):
        if all(_same_part(kind, row, part, value) for part, value in given):
            return row
    raise Refusal(258, key, wanted)


def _same_part(kind: Kind, row: Row, part: Attribute, value: Any) -> bool:
    """Does a part of the identity agree? What only DELETE knows (a switch such as deletefromdevice) always does."""
    if part.name not in kind.keys and part.name not in row:
        return True
    stored = row.get(part.name, part.default)
    if isinstance(stored, list):  # args carry one of its elements, or all of them
        return fold(part, value) in {fold(part, one) for one in (*stored, ",".join(str(one) for one in stored))}
    return fold(part, stored) == fold(part, value)


def update(ctx: Context, kind: Kind, payload: Payload) -> int:
    """PUT: partial; only the key is 1094 (PROTOCOL 7.2)."""
    if "update" not in kind.operations:
        raise Refusal(1073)
    values = accepted(kind, payload, "update")
    row = locate(ctx, kind, values, ctx.call.name)
    changes = {name: value for name, value in values.items() if name not in kind.keys}
    if not changes:
        raise Refusal(1094)
    apply_changes(ctx, kind, row, changes)
    return 200


def unset(ctx: Context, kind: Kind, payload: Payload) -> int:
    """``?action=unset``: flagged attributes return to their defaults (PROTOCOL 7.3)."""
    if "unset" not in kind.operations:
        raise Refusal(1240)
    keys, flagged = _flags(kind, payload)
    row = locate(ctx, kind, keys, ctx.call.name)
    if not flagged:
        raise Refusal(1094)
    run_hooks(registry.BEFORE, ctx, kind.name, "unset", row, flagged)
    for name in flagged:
        row.pop(name, None)
    ctx.table(kind.name).changed(row)
    run_hooks(registry.AFTER, ctx, kind.name, "unset", row, flagged)
    return 200


def _flags(kind: Kind, payload: Payload) -> tuple[Row, Row]:
    keys: Row = {}
    flagged: Row = {}
    for name, value in payload.items():
        attribute = kind.attribute(name)
        if attribute is None:
            raise Refusal(1090, name)
        if attribute.name in kind.keys:
            keys[attribute.name] = convert(attribute, value)
        elif "unset" not in attribute.on:
            raise Refusal(278, name.lower())
        elif value is not None and str(value).lower() != "false":
            flagged[attribute.name] = value
    return keys, flagged


def delete(ctx: Context, kind: Kind, values: Payload) -> int:
    """DELETE by name and args, or a legacy remove with the key in the body. Missing is 404/258 (PROTOCOL 7.6)."""
    if "delete" not in kind.operations:
        raise Refusal(1240)
    wanted = {attribute.name: value for name, value in values.items() if (attribute := kind.attribute(name))}
    unknown = next((name for name in values if kind.attribute(name) is None), None)
    if unknown is not None:
        raise Refusal(1090, unknown)
    mandatory = MANDATORY_DELETE_ARGS.get(kind.name)
    if mandatory and mandatory not in wanted:
        raise Refusal(1095, mandatory)
    row = locate(ctx, kind, wanted)
    remove(ctx, kind, row, wanted)
    return 200


def remove(ctx: Context, kind: Kind, row: Row, wanted: Payload | None = None) -> None:
    """Take a stored object away, with the hooks of a delete, and its bindings with it."""
    run_hooks(registry.BEFORE, ctx, kind.name, "delete", row, wanted or {})
    if row.get("_builtin") and kind.name not in registry.DELETABLE:
        raise Refusal(257)
    ctx.table(kind.name).remove(row)
    if kind.keys:
        relations.forget(ctx, kind, row.get(kind.url_key or kind.keys[0]))
    run_hooks(registry.AFTER, ctx, kind.name, "delete", row, wanted or {})


def rename(ctx: Context, kind: Kind, payload: Payload) -> int:
    """``?action=rename``: target there is 273, source missing is 258 (PROTOCOL 7.4)."""
    if "rename" not in kind.operations:
        raise Refusal(1240)
    values = accepted(kind, payload, "rename")
    new = values.pop("newname", None)
    if new is None:
        raise Refusal(1095, "newname")
    check_name(kind, new)
    key, table = kind.url_key or kind.keys[0], ctx.table(kind.name)
    row = locate(ctx, kind, values, ctx.call.name)
    old = row[key]
    if fold(None, old) != fold(None, new) and table.named(new):
        raise Refusal(273, key, new)
    table.remove(row)
    row[key] = new
    table.put(row)
    relations.rename(ctx, kind, old, new)
    run_hooks(registry.AFTER, ctx, kind.name, "rename", row, {"old": old})
    return 200


def switch(ctx: Context, kind: Kind, verb: str, payload: Payload) -> int:
    """``?action=enable|disable``. Repeating it is Done (PROTOCOL 7.5)."""
    if verb not in kind.operations:
        raise Refusal(1240)
    values = accepted(kind, payload, verb)
    row = _switched(ctx, kind, values)
    run_hooks(registry.BEFORE, ctx, kind.name, verb, row, values)
    row["state"] = "ENABLED" if verb == "enable" else "DISABLED"
    run_hooks(registry.AFTER, ctx, kind.name, verb, row, values)
    return 200


def _switched(ctx: Context, kind: Kind, values: Row) -> Row:
    try:
        return locate(ctx, kind, values, ctx.call.name)
    except Refusal:
        found = ctx.find(SWITCHED_AS[kind.name], values.get("name")) if kind.name in SWITCHED_AS else None
        if found is None:
            raise
        return found


def act(ctx: Context, kind: Kind, verb: str, payload: Payload) -> int:
    """Any other action. Without a behaviour of its own it checks the payload and is Done [I]."""
    values = accepted(kind, payload, verb) if _payload_known(kind, verb) else {}
    if verb == "import":
        return _import(ctx, kind, values)
    if verb == "change":
        row = locate(ctx, kind, values, ctx.call.name)
        apply_changes(ctx, kind, row, {name: value for name, value in values.items() if name not in kind.keys})
    return 200


def _payload_known(kind: Kind, verb: str) -> bool:
    return any(verb in attribute.on for attribute in kind)


def _import(ctx: Context, kind: Kind, values: Row) -> int:
    table = ctx.table(kind.name)
    existing = table.get(values)
    if existing is not None and not values.get("overwrite"):
        raise Refusal(273, *([kind.keys[0], values.get(kind.keys[0])] if kind.keys else []))
    values.pop("overwrite", None)
    table.put(values)
    run_hooks(registry.AFTER, ctx, kind.name, "import", values, values)
    return 200


def kind_of(name: str, *, below: bool = False) -> Kind:
    """The kind of a type name in a URL or body, in any case; ``below``: of the routing process. Refused with 1232 (PROTOCOL
    19 #8 [D])."""
    lowered = name.lower()
    if lowered not in catalogue.index() or catalogue.kind(lowered).dynamic_routing != below:
        raise Refusal(1232)
    return catalogue.kind(lowered)
