# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Lists: whose objects, which of them, which page."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from .call import Call, Hits
from .catalogue import Command, kinds
from .refusal import denied, invalid
from .registry import FILTERS
from .store import Row
from .views import show_all

# parameters that choose how much is told, not what; or whose meaning is in `visible` and `_matching`
_SILENT = {
    "account",
    "accumulate",
    "allocatedonly",
    "available",
    "details",
    "domainid",
    "id",
    "ids",
    "isofilter",
    "isrecursive",
    "keyword",
    "listall",
    "listsystemvms",
    "page",
    "pagesize",
    "projectid",
    "retrieveonlyresourcecount",
    "showcapacities",
    "showicon",
    "showremoved",
    "showunique",
    "tags",
    "templatefilter",
}
_SHOWN = {"canusefordeploy", "displaynetwork", "displayvm", "displayvolume", "fordisplay"}  # true unless an object says otherwise


def listed(call: Call) -> dict[str, Any]:
    """The answer of a list command: ``count`` and the items of one page; nothing at all when nothing matches."""
    kind = call.command.kind or call.command.lists.lower()
    found = matching(call, visible(call, kind))
    return tampered(page(call, found, call.command.lists), call.hits, call.command)


def tampered(members: dict[str, Any], hits: Hits, command: Command) -> dict[str, Any]:
    """An answer with a count that is too high, where a fault says so."""
    if "count_high" in hits and command.lists:
        return {**members, "count": int(members.get("count", 0)) + int(hits["count_high"].get("more", 1))}
    return members


def page(call: Call, rows: list[Row], key: str) -> dict[str, Any]:
    """One page of the rows, as shown. Refuses with 431 a page that is too large."""
    return portion(call, rows, key, lambda part: show_all(call.cloud, part))


def portion(call: Call, items: list[Any], key: str, told: Callable[[list[Any]], list[Any]] = list) -> dict[str, Any]:
    """One page of what is no row; ``told`` turns what is on it into what is sent. Refuses with 431."""
    most = int(call.cloud.options["page_size"])
    size, number = (call.number(name) if name in call.command.parameters else None for name in ("pagesize", "page"))
    number = number or 1
    if size is not None and (size > most or size < 1):
        raise invalid(f"The parameter pagesize must be between 1 and {most}, not {size}")
    if number < 1:
        raise invalid(f"The parameter page must be at least 1, not {number}")
    start = (number - 1) * (size or most)
    if not items:
        return {}
    part = [] if call.flag("retrieveonlyresourcecount") else told(items[start : start + (size or most)])
    return {"count": len(items), key: part} if part else {"count": len(items)}


def visible(call: Call, kind: str) -> list[Row]:
    """The objects of a kind that this call is about, before any other filter."""
    rows = _pool(call, kind)
    if not kinds()[kind].owned:
        return rows
    if call.has("projectid"):
        return [row for row in rows if _of_project(call, row)]
    if call.has("account"):
        account = call.named_account()
        mine = (account["name"], account["domainid"])
        return [row for row in rows if (row.get("account"), row.get("domainid")) == mine and not row.get("projectid")]
    rows = [row for row in rows if not row.get("projectid") or call.has("id") or call.has("ids")]
    if call.has("domainid"):
        return _of_domain(call, rows)
    if call.has("id") or call.has("ids") or call.flag("listall"):
        return [row for row in rows if call.may_use(row)]
    account = call.caller.account
    mine = (account["name"], account["domainid"])
    return [row for row in rows if (row.get("account"), row.get("domainid")) == mine or _shared(row)]


def usable(call: Call, kind: str) -> list[Row]:
    """All objects of a kind that the caller may use, in whichever project they are."""
    return [row for row in _pool(call, kind) if call.may_use(row)]


def _shared(row: Row) -> bool:
    return bool(row.get("acltype") == "Domain" or row.get("_shared"))


def _pool(call: Call, kind: str) -> list[Row]:
    stale = call.hits.get("stale")
    rows = _by_id(call, kind) if call.has("id") or call.has("ids") else list(call.store.rows(kind))
    if stale is None:
        return rows
    since = call.cloud.clock() - float(stale.get("seconds", 5))
    return [row for row in rows if row.born <= since] + [row for row in call.store.buried(kind, since) if row.born <= since]


def _by_id(call: Call, kind: str) -> list[Row]:
    """An id that nothing ever had is refused (431); one that is gone is just not found."""
    rows = []
    for name, keys in (("id", [call.text("id")] if call.has("id") else []), ("ids", call.names("ids"))):
        for key in keys:
            row = call.store.find(kind, key)
            if row is not None:
                rows.append(row)
            elif call.store.was(key) is None:
                call.lookup(name, key, ())
    return rows


def _of_project(call: Call, row: Row) -> bool:
    wanted = call.text("projectid")
    if wanted == "-1":
        return call.in_project(row["projectid"]) if row.get("projectid") else call.may_use(row)
    project = call.need("projectid")
    if not call.in_project(project.id):
        raise denied(f"{call.caller.account['name']} is no member of project {project['name']}")
    return row.get("projectid") == project.id


def _of_domain(call: Call, rows: Iterable[Row]) -> list[Row]:
    domain = call.need("domainid").id
    wanted = call.domains(domain) if call.flag("isrecursive") else {domain}
    return [row for row in rows if row.get("domainid") in wanted and call.may_use(row)]


def matching(call: Call, rows: list[Row]) -> list[Row]:
    """Those that every parameter of the call selects."""
    kind = rows[0].kind if rows else call.command.kind or call.command.lists.lower()
    for name in call.given:
        special = FILTERS.get((kind, name))  # also without rows: it may refuse the parameter
        if special is not None:
            rows = special(call, rows)
        elif name in call.command.parameters and name not in _SILENT:
            member = call.command.filters.get(name, name)
            wanted = _wanted(call, name)
            rows = [row for row in rows if _is(row.get(member, name in _SHOWN or None), wanted)]
    rows = mentioning(rows, call.text("keyword"))
    return _tagged(call, rows) if call.has("tags") else rows


def _wanted(call: Call, name: str) -> Any:
    parameter = call.command.parameters[name]
    if parameter.type == "id" and parameter.kinds:
        return call.need(name).id
    return call.typed(name)


def _is(value: Any, wanted: Any) -> bool:
    if isinstance(wanted, bool):
        return bool(value) is wanted
    if isinstance(wanted, list):
        return not wanted or str(value).lower() in {str(one).lower() for one in wanted}
    return value is not None and str(value).lower() == str(wanted).lower()


def mentioning(rows: list[Row], keyword: str) -> list[Row]:
    """Those with the keyword in a name, a text or an address."""
    names = ("name", "displayname", "displaytext", "ipaddress", "username")
    return [row for row in rows if any(keyword.lower() in str(row.get(name, "")).lower() for name in names)] if keyword else rows


def _tagged(call: Call, rows: list[Row]) -> list[Row]:
    wanted = [(entry.get("key", "").lower(), entry.get("value")) for entry in call.maps("tags")]
    return [row for row in rows if all(_has_tag(call, row, key, value) for key, value in wanted)]


def _has_tag(call: Call, row: Row, key: str, value: str | None) -> bool:
    return any(
        tag["key"].lower() == key and (value is None or tag.get("value", "").lower() == value.lower())
        for tag in call.store.where("tag", resourceid=row.id)
    )
