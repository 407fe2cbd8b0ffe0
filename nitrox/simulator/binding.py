# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Commands on bindings: bind by PUT or POST, unbind by DELETE with args (PROTOCOL 6.2, 6.4)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro import catalogue
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.kind import Attribute, Kind

from . import registry
from .alias import stored_as
from .context import Context
from .operations import run_hooks
from .reading import parent_exists, rows_of
from .refusal import Refusal
from .rules import accepted, one_of, require
from .table import Row, fold

_BOUND_MISSING = {"sslcertkey": 1540}  # errorcode where what is to be bound does not exist (PROTOCOL 5.1 [C:2])


def bind(ctx: Context, kind: Kind, payload: Mapping[str, Any]) -> int:
    """PUT or POST. Missing parent or bound object is 258, a repetition is 273 (PROTOCOL 6.2, 7.8)."""
    if "add" not in kind.operations:
        raise Refusal(1240)
    row = accepted(kind, payload, "add")
    if kind.url_key and kind.url_key not in row:
        if ctx.call.name is None:
            raise Refusal(1095, kind.url_key)
        row[kind.url_key] = ctx.call.name
    kind, row = stored_as(ctx, kind, row)
    ctx.kind = kind.name
    one_of(kind, row)
    _check_ends(ctx, kind, row)
    require(kind, row, "add")
    run_hooks(registry.BEFORE, ctx, kind.name, "bind", row, row)
    existing = ctx.table(kind.name).get(row)
    if existing is not None:
        raise Refusal(273)
    ctx.table(kind.name).put(row)
    run_hooks(registry.AFTER, ctx, kind.name, "bind", row, row)
    return 201


def _check_ends(ctx: Context, kind: Kind, row: Row) -> None:
    if kind.url_key and not parent_exists(ctx, kind, row[kind.url_key]):
        code = kind.parent_missing
        raise Refusal(code, kind.url_key, row[kind.url_key]) if code == 258 else Refusal(code)
    bound = kind.bind_key
    if not bound or bound not in row:
        return
    if str(row[bound]).upper().startswith("NOPOLICY"):  # a row that only invokes a label
        return
    refs = [catalogue.kind(name) for name in kind.attributes[bound].ref]
    if refs and not any(_exists(ctx, ref, row[bound]) for ref in refs):
        missing = next((_BOUND_MISSING[ref.name] for ref in refs if ref.name in _BOUND_MISSING), 258)
        raise Refusal(258, bound, row[bound]) if missing == 258 else Refusal(missing)


def _exists(ctx: Context, kind: Kind, name: Any) -> bool:
    if kind.name == "sslcipher" or (not kind.operations & {"add", "import", "create"} and kind.name not in registry.ROWS):
        return True  # a cipher group or a single cipher
    if kind.name in registry.ROWS:
        key = kind.url_key or ""
        return any(fold(None, row.get(key)) == fold(None, name) for row in rows_of(ctx, kind))
    return bool(ctx.table(kind.name).named(name))


def unbind(ctx: Context, kind: Kind, values: Mapping[str, Any]) -> int:
    """DELETE with args; redundant ones are accepted (PROTOCOL 20 #8). What is not bound is 258."""
    if "delete" not in kind.operations:
        raise Refusal(1240)
    wanted: Row = {}
    for name, value in values.items():
        attribute = kind.attribute(name)
        if attribute is None:
            raise Refusal(1090, name)
        wanted[attribute.name] = value
    if kind.url_key and kind.url_key not in wanted:
        raise Refusal(1095, kind.url_key)
    kind, wanted = stored_as(ctx, kind, wanted)
    ctx.kind = kind.name
    if kind.url_key and not parent_exists(ctx, kind, wanted[kind.url_key]):
        code = kind.parent_missing
        raise Refusal(code, kind.url_key, wanted[kind.url_key]) if code == 258 else Refusal(code)
    one_of(kind, wanted, required=False)
    _by_alternative(kind, wanted)
    if kind.row_keys and not any(wanted.get(key) not in (None, "") for key in kind.row_keys):
        raise Refusal(1095, kind.bind_key or kind.row_keys[0])
    row = _bound_row(ctx, kind, wanted)
    run_hooks(registry.BEFORE, ctx, kind.name, "unbind", row, wanted)
    ctx.table(kind.name).remove(row)
    run_hooks(registry.AFTER, ctx, kind.name, "unbind", row, wanted)
    return 200


def _by_alternative(kind: Kind, wanted: Row) -> None:
    """A row named by the other of two alternative names (a group by ``servicename``, PROTOCOL 20 #9)."""
    bound = kind.bind_key
    group = next((group for group in kind.one_of if bound in group), ())
    given = next((name for name in group if name not in kind.keys and wanted.get(name) not in (None, "")), None)
    if bound and bound not in wanted and given:
        wanted[bound] = wanted.pop(given)


def _same_part(part: Attribute, stored: Any, wanted: Any) -> bool:
    """A list (a channel's ``ifnum``) comes in ``args`` as text with commas."""
    left, right = (",".join(map(str, value)) if isinstance(value, list) else value for value in (stored, wanted))
    return fold(part, left) == fold(part, right)


def _bound_row(ctx: Context, kind: Kind, wanted: Row) -> Row:
    table = ctx.table(kind.name)
    parts = [(key, kind.attributes[key]) for key in kind.row_keys if wanted.get(key) not in (None, "") and key in kind.attributes]
    for row in table.of_parent(wanted[kind.url_key]) if kind.url_key else list(table):
        if all(_same_part(part, row.get(key, part.default), wanted[key]) for key, part in parts):
            return row
    shown = next((value for key in kind.row_keys if (value := wanted.get(key))), "")
    raise Refusal(258, kind.bind_key or next(iter(kind.row_keys), "name"), shown)
