# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""GET: by name, all, args, filter, attrs, count, pages, bulk bindings, umbrellas, reverse views (PROTOCOL 8, 21.2)."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro import catalogue
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.errors import UnknownKind
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.kind import Kind

from . import registry, views
from .context import Context
from .refusal import Refusal
from .table import Row, fold
from .typed import show

_SUMMARY = 6  # attributes that view=summary keeps besides the keys [I]


def read(ctx: Context, kind: Kind) -> dict[str, Any]:
    """The answer's payload: ``{key: rows}``, without the key when there is nothing (PROTOCOL 3 [L])."""
    found = _umbrella(ctx, kind) if kind.aggregate_of else [render(ctx, kind, row) for row in _stored(ctx, kind)]
    found = matching(ctx, found)
    key = kind.wire_name
    if ctx.call.flag("count"):
        return {key: [{"__count": len(found)}]}
    found = _projected(ctx, kind, _paged(ctx, found))
    if not found:
        return {}
    return {key: found[0] if is_object(kind) else found}


def _stored(ctx: Context, kind: Kind) -> list[Row]:
    found = select(ctx, kind)
    return registry.LISTED[kind.name](ctx, found) if kind.name in registry.LISTED else found


def is_object(kind: Kind) -> bool:
    """Singletons answer with an object, everything else with an array (PROTOCOL 3)."""
    return kind.singleton and not kind.keys and kind.name not in ("nshostname", "snmpengineid")


def render(ctx: Context, kind: Kind, row: Row) -> Row:
    """A stored row as the GET shows it."""
    out = show(kind, row)
    if kind.state:
        _show_state(kind, row, out)
    ctx.kind = kind.name
    for hook in registry.SHOWN.get(kind.name, ()):
        hook(ctx, row, out)
    return out


def _show_state(kind: Kind, row: Row, out: Row) -> None:
    """The administrative state, in the field that a GET has it in (PROTOCOL 7.5 [L])."""
    if row.get("state") == "DISABLED":
        out[kind.state["read"]] = kind.state["disabled"][0]
    elif kind.state["read"] == "state":
        out.setdefault("state", "ENABLED")


def select(ctx: Context, kind: Kind) -> list[Row]:
    """The stored rows that a GET asks for. Raises `Refusal` for a missing object or parent."""
    name, args = ctx.call.name, ctx.call.pairs("args")
    for argument in args:
        if kind.attribute(argument) is None:
            raise Refusal(1090, argument)
    if kind.is_binding:
        return _bound(ctx, kind, name, args)
    if kind.name in registry.SELECT:
        return list(registry.SELECT[kind.name](ctx, name, args))
    if name is None:
        everything = rows_of(ctx, kind)
        return _by_args(kind, everything, args) if args else everything
    key = kind.url_key or next(iter(kind.keys), None)
    if "import" in kind.operations and kind.url_key is None:
        raise Refusal(1090, "arguid")  # imported files have no get-by-name (PROTOCOL 8.6 [L])
    if key is None:
        raise Refusal(1090, "name")
    found = [row for row in _named(ctx, kind, key, name) if _matches(kind, row, args)]
    if not found and args.get("td", "0") != "0" and not ctx.table("nstrafficdomain").named(args["td"]):
        raise Refusal(946)  # PROTOCOL 21.7 #15
    if not found:
        raise Refusal(258, key, name)
    return found


def _named(ctx: Context, kind: Kind, key: str, name: str) -> list[Row]:
    if kind.name in registry.VIEW:
        return list(registry.VIEW[kind.name](ctx, name))
    if kind.name not in registry.ROWS:
        return ctx.table(kind.name).named(name)
    attribute = kind.attributes.get(key)
    return [row for row in rows_of(ctx, kind) if fold(attribute, row.get(key)) == fold(attribute, name)]


def rows_of(ctx: Context, kind: Kind) -> list[Row]:
    """All rows of a kind that is not a binding."""
    if kind.name in registry.VIEW:
        return list(registry.VIEW[kind.name](ctx, None))
    source = registry.ROWS.get(kind.name)
    if source is not None:
        return list(source(ctx))
    if not kind.keys and "add" not in kind.operations and (kind.singleton or "update" in kind.operations):
        return [ctx.single(kind.name)]
    return list(ctx.table(kind.name))


def parent_exists(ctx: Context, kind: Kind, name: Any) -> bool:
    """Is the parent of a binding there? Global ones always are."""
    try:
        parent = catalogue.kind(kind.parent or "")
    except UnknownKind:
        return True
    if parent.name in registry.ROWS:
        key = parent.url_key or ""
        return any(fold(None, row.get(key)) == fold(None, name) for row in registry.ROWS[parent.name](ctx))
    if not parent.operations & {"add", "update"} or not parent.keys:
        return True
    return bool(ctx.table(parent.name).named(name))


def _bound(ctx: Context, kind: Kind, name: str | None, args: dict[str, str]) -> list[Row]:
    global_ = kind.url_key is None
    if name is None and not global_:
        own = next((args[key] for key in args if kind.attribute(key) is kind.attributes.get(kind.url_key or "")), None)
        if own is not None:  # the parent in args, as a fallback for names with a slash (PROTOCOL 8.2 [L])
            name = own
        elif not ctx.call.flag("bulkbindings"):
            raise Refusal(1095, message="Name argument required for binding object")
    if name is not None and not global_ and not parent_exists(ctx, kind, name):
        code = kind.parent_missing
        raise Refusal(code, kind.url_key, name) if code == 258 else Refusal(code)
    if kind.name in registry.SELECT:
        return list(registry.SELECT[kind.name](ctx, name, args))
    return [row for row in views.rows(ctx, kind, name) if _matches(kind, row, args)]


def _by_args(kind: Kind, everything: list[Row], args: dict[str, str]) -> list[Row]:
    """A get-all with args that match nothing is an error (PROTOCOL 21.2 [L]); which one is [I]."""
    found = [row for row in everything if _matches(kind, row, args)]
    if not found:
        raise Refusal(258, *next(iter(args.items())))
    return found


def _matches(kind: Kind, row: Row, args: dict[str, str]) -> bool:
    for name, value in args.items():
        attribute = kind.attribute(name)
        if attribute is None or (value == "" and attribute.name not in row):
            continue
        if not attribute.on & {"add", "update"} and attribute.name not in row:
            continue  # a switch of the GET (internal, all, includemembers), not a property
        stored = row.get(attribute.name, attribute.default)
        if fold(attribute, stored) != fold(attribute, value) and str(stored).lower() != value.lower():
            return False
    return True


def matching(ctx: Context, found: list[Row]) -> list[Row]:
    """The rows that ``filter`` leaves."""
    return _filtered(ctx.call.pairs("filter"), found)


def _filtered(wanted: dict[str, str], found: list[Row]) -> list[Row]:
    tests = [(name, _test(value)) for name, value in wanted.items()]
    return [row for row in found if all(_passes(row, name, test) for name, test in tests)] if tests else found


def _test(value: str) -> Callable[[str], bool]:
    if len(value) > 1 and value.startswith("/") and value.endswith("/"):
        try:
            pattern = re.compile(value[1:-1])
        except re.error:
            raise Refusal(1137) from None
        return lambda text: pattern.search(text) is not None
    return lambda text: text == value  # case-sensitive (PROTOCOL 19 #3 [I])


def _passes(row: Row, name: str, test: Callable[[str], bool]) -> bool:
    value = row.get(name, next((row[key] for key in row if key.lower() == name.lower()), None))
    if value is None:
        return test("")
    values = value if isinstance(value, list) else [value]
    return any(test(str(item).lower() if isinstance(item, bool) else str(item)) for item in values)


def _paged(ctx: Context, found: list[Row]) -> list[Row]:
    size, page = ctx.call.query.get("pagesize"), ctx.call.query.get("pageno")
    if size is None:
        return found
    try:
        per_page, number = int(size), int(page or 1)
    except ValueError:
        raise Refusal(1097, "pagesize", size) from None
    if per_page < 1 or number < 1:
        raise Refusal(1097, "pagesize", size)
    return found[(number - 1) * per_page : number * per_page]


def _projected(ctx: Context, kind: Kind, found: list[Row]) -> list[Row]:
    wanted = [name.strip() for name in ctx.call.query.get("attrs", "").split(",") if name.strip()]
    if wanted:
        lowered = {name.lower() for name in wanted}
        return [{key: row[key] for key in row if key.lower() in lowered} for row in found]
    if ctx.call.query.get("view", "").lower() == "summary":
        return [dict(list(row.items())[: len(kind.keys) + _SUMMARY]) for row in found]
    return found


def _umbrella(ctx: Context, kind: Kind) -> list[Row]:
    """``GET A_binding/NAME``: one array for each binding kind of A (PROTOCOL 6.2)."""
    parent = kind.aggregate_of or ""
    children = [catalogue.kind(child) for child in views.listed_once(kind.bindings or _bindings_of(parent))]
    if not kind.url_key:
        return [_nested(ctx, children, None, {})]
    if ctx.call.name is not None:
        if not any(parent_exists(ctx, child, ctx.call.name) for child in children[:1]):
            raise Refusal(258, kind.url_key, ctx.call.name)
        return [_nested(ctx, children, ctx.call.name, {kind.url_key: ctx.call.name})]
    if not ctx.call.flag("bulkbindings"):
        raise Refusal(1095, message="Name argument required for binding object")
    owner = catalogue.kind(parent)
    names = [row.get(owner.url_key or "") for row in rows_of(ctx, owner)]
    return [_nested(ctx, children, name, {kind.url_key: name}) for name in names]


def _bindings_of(parent: str) -> tuple[str, ...]:
    try:
        return catalogue.kind(parent).bindings
    except UnknownKind:
        return ()


def _nested(ctx: Context, children: list[Kind], name: Any, out: Row) -> Row:
    for child in children:
        found = [render(ctx, child, row) for row in views.rows(ctx, child, name)]
        if found:
            out[child.wire_name] = found
    return out
