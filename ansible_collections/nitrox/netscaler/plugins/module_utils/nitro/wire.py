# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Every NITRO request, spelled: method, path, query and body (PROTOCOL 6 to 9). Pure, and no word about how it is sent.

Bodies use the catalogue's spelling of kinds and attributes; a value of ``None`` is left out, as NITRO would read it so.
``rows`` is one mapping, or a list of them for an array body. Nothing here is ever sent with ``idempotent=yes``: what it
does with immutable attributes and with kinds that have no update differs from kind to kind (PROTOCOL 7.7).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any, Union

from . import encode
from .kind import Kind, Values
from .value import canonical_text

Rows = Union[Values, Sequence[Values]]
CONFIG = "/nitro/v1/config"
STAT = "/nitro/v1/stat"
HIDDEN = "********"
CREDENTIALS = frozenset({"password", "new_password", "secret", "sessionid"})


@dataclass(frozen=True)
class Request:
    """One request, ready to send.

    ``path`` goes into the request line as it is. ``items`` counts the objects of an array body, ``subject`` names for people
    what it is about ("lbvserver web"), ``safe`` marks a read, ``success_codes`` are errorcodes that mean success for this
    kind and operation (catalogue), ``secrets`` the lower-case names of what must never be shown.
    """

    method: str
    path: str
    body: Mapping[str, Any] | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    subject: str = ""
    kind: str = ""
    items: int = 1
    safe: bool = False
    success_codes: tuple[int, ...] = ()
    secrets: frozenset[str] = frozenset()

    def masked(self) -> dict[str, Any]:
        """``{"method", "path", "body"}`` for logs and results, without any secret."""
        shown = {"method": self.method, "path": _masked_path(self.path, self.secrets)}
        return shown if self.body is None else {**shown, "body": _masked(self.body, self.secrets)}

    def asking_for_warnings(self) -> Request:
        """The same write, with the appliance asked to say what it has doubts about (PROTOCOL 8.4)."""
        return replace(self, path=f"{self.path}{'&' if '?' in self.path else '?'}warning=yes")


def get(
    kind: Kind,
    name: Any = None,
    *,
    args: Values | None = None,
    filter: Values | None = None,  # noqa: A002  # NITRO's own word
    attrs: Iterable[str] = (),
    count: bool = False,
    pagesize: int = 0,
    pageno: int = 0,
    bulk: bool = False,
    umbrella: bool = False,
    stat: bool = False,
    statbindings: bool = False,
) -> Request:
    """Read one object or all of a kind (PROTOCOL 8.1).

    ``filter`` narrows what is listed; ``args`` are for kinds that want them to identify a row or a bind point. ``bulk`` reads
    the bindings of all parents, ``umbrella`` all kinds of bindings of the kind, ``stat`` its counters, ``statbindings``
    also those of what is bound."""
    flags = (("count", count), ("bulkbindings", bulk), ("statbindings", statbindings))
    parts = (
        ("args", encode.pairs(_spelled(kind, args or {}))),
        ("filter", encode.pairs(_spelled(kind, filter or {}))),
        ("attrs", ",".join(attrs)),
        *((flag, "yes" if wanted else "") for flag, wanted in flags),
        *((part, str(number or "")) for part, number in (("pagesize", pagesize), ("pageno", pageno))),
    )
    path = (STAT if stat else CONFIG) + _type_path(kind) + ("_binding" if umbrella else "")
    path += ("" if name is None else f"/{encode.segment(name)}") + encode.query(parts)
    subject = f"{kind.name} {encode.text('' if name is None else name)}".rstrip()
    return Request("GET", path, subject=subject, kind=kind.name, safe=True, secrets=secrets(kind))


def add(kind: Kind, rows: Rows, *, on_error: str = "continue") -> Request:
    """Create: ``POST /T``."""
    return _write("POST", kind, rows, operation="add", on_error=on_error)


def update(kind: Kind, rows: Rows, *, on_error: str = "continue") -> Request:
    """Change attributes in place: ``PUT /T``, the key inside the body."""
    return _write("PUT", kind, rows, operation="update", on_error=on_error)


def unset(kind: Kind, rows: Rows, *, on_error: str = "continue") -> Request:
    """Back to the default: keys ride along with their values, every other attribute is only named, whatever its value here."""
    flags = [_unset_row(kind, row) for row in _listed(rows)]
    return _write("POST", kind, flags if _many(rows) else flags[0], operation="unset", action="unset", on_error=on_error)


def action(kind: Kind, verb: str, rows: Rows, *, on_error: str = "continue") -> Request:
    """``enable``, ``disable``, ``change``, ``link``, ``import`` …: ``POST /T?action=…`` in the catalogue's spelling.

    Kinds such as ``reboot`` are a plain POST.
    """
    query = kind.actions.get(verb, {}).get("query", verb)
    return _write("POST", kind, rows, operation=verb, action=query, on_error=on_error)


def rename(kind: Kind, key: Values | str, newname: str) -> Request:
    """Give an object another name."""
    old = {str(kind.url_key): key} if isinstance(key, str) else dict(key)
    return _write("POST", kind, {**old, "newname": newname}, operation="rename", action="rename", on_error="exit")


def delete(kind: Kind, values: Values) -> Request:
    """Remove one object; ``values`` has its keys and whatever else is known of it (a monitor's ``type``)."""
    named, args = _identity(kind, values)
    path = CONFIG + _type_path(kind) + named + encode.query([("args", encode.pairs(args))])
    codes = tuple(kind.success_codes.get("delete", ()))
    subject = _subject(kind, values)
    return Request("DELETE", path, subject=subject, kind=kind.name, success_codes=codes, secrets=secrets(kind))


def bind(kind: Kind, rows: Rows, *, on_error: str = "continue") -> Request:
    """Bind rows: ``PUT /A_B_binding``, the parent's key inside each row."""
    return _write("PUT", kind, rows, operation="add", on_error=on_error)


def unbind(kind: Kind, row: Values) -> Request:
    """Undo one binding."""
    return delete(kind, row)


def save(*, all_partitions: bool = False) -> Request:
    """Running configuration to disk (PROTOCOL 11)."""
    body = {"nsconfig": {"all": True} if all_partitions else {}}
    return Request("POST", f"{CONFIG}/nsconfig?action=save", body, subject="nsconfig save", kind="nsconfig")


def login(username: str, password: str, *, console: bool = False, cloud: bool = False) -> Request:
    """Open a session (PROTOCOL 2.2, 16.1). Repeating it changes nothing, hence ``safe``."""
    who = {"ID": username, "Secret": password} if cloud else {"username": username, "password": password}
    path = "/nitro/v2/config/login" if console else f"{CONFIG}/login"
    return Request("POST", path, {"login": who}, subject=f"login {username}", kind="login", safe=True, secrets=CREDENTIALS)


def logout(*, console_token: str = "") -> Request:
    """Close the session whose token comes along; a Console wants it in the body."""
    path = "/nitro/v2/config/logout" if console_token else f"{CONFIG}/logout"
    body = {"logout": {"sessionid": console_token} if console_token else {}}
    return Request("POST", path, body, subject="logout", kind="logout", safe=True, secrets=CREDENTIALS)


def switch_partition(name: str) -> Request:
    """Move the session into a partition; with any other attribute it is refused (PROTOCOL 14)."""
    body = {"nspartition": {"partitionname": name}}
    path = f"{CONFIG}/nspartition?action=Switch"
    return Request("POST", path, body, subject=f"nspartition {name}", kind="nspartition", safe=True)


def role() -> Request:
    """The node's own part in a high availability pair (PROTOCOL 13)."""
    return Request("GET", f"{CONFIG}/hanode/0", subject="hanode 0", kind="hanode", safe=True)


@cache
def secrets(kind: Kind) -> frozenset[str]:
    """Lower-case names, in every spelling, of the kind's secret attributes."""
    return frozenset(name.lower() for a in kind if a.secret for name in (a.name, *a.alt))


def _write(method: str, kind: Kind, rows: Rows, *, operation: str, on_error: str, action: str | None = None) -> Request:
    listed = _listed(rows)
    spelled = [_spelled(kind, row) for row in listed]
    content: Any = spelled if _many(rows) else spelled[0]
    body = {"routerDynamicRouting": {kind.wire_name: content}} if kind.dynamic_routing else {kind.wire_name: content}
    path = CONFIG + _type_path(kind) + encode.query([("action", action or "")])
    return Request(
        method,
        path,
        body,
        headers={"X-NITRO-ONERROR": on_error} if _many(rows) else {},
        subject=_subject(kind, listed[0]) if len(listed) == 1 else f"{kind.name} ({len(listed)} objects)",
        kind=kind.name,
        items=len(listed),
        success_codes=tuple(kind.success_codes.get(operation, ())),
        secrets=secrets(kind),
    )


def _many(rows: Rows) -> bool:
    return not isinstance(rows, Mapping)


def _listed(rows: Rows) -> list[Values]:
    found = [rows] if isinstance(rows, Mapping) else list(rows)
    if not found:
        raise ValueError("a request needs at least one object")
    return found


def _type_path(kind: Kind) -> str:
    return f"/routerDynamicRouting/{kind.wire_name}" if kind.dynamic_routing else f"/{kind.name}"


def _spelled(kind: Kind, values: Values) -> dict[str, Any]:
    """Attribute names in the catalogue's spelling; others stay, for the appliance to judge."""
    spelled = {}
    for name, value in values.items():
        if value is not None:
            attribute = kind.attribute(name)
            spelled[attribute.name if attribute else name] = value
    return spelled


def _unset_row(kind: Kind, row: Values) -> dict[str, Any]:
    return {name: value if name in kind.keys else True for name, value in row.items()}


def _identity(kind: Kind, values: Values) -> tuple[str, dict[str, Any]]:
    """The name in the path and the arguments that say which object is meant (PROTOCOL 6.4).

    Keys come first, since they are what other arguments depend on; one of each group of alternatives; flags that are not
    set say nothing and are left out.
    """
    known = {name: value for name, value in _spelled(kind, values).items() if value is not False and value != ""}
    named = f"/{encode.segment(known[kind.url_key])}" if kind.url_key and kind.url_key in known else ""
    keys = [key for key in kind.keys if key != kind.url_key and (key in kind.delete_args or kind.is_binding)]
    left_out = _superfluous(kind, known)
    names = [name for name in dict.fromkeys((*keys, *kind.delete_args)) if name != kind.url_key and name not in left_out]
    return named, {name: known[name] for name in names if name in known}


def _superfluous(kind: Kind, known: Values) -> set[str]:
    """Alternatives that must not be said: a row as read names a member twice, by address and by server.

    Where both are the same the first one counts, else the later one: the address of a named server is only derived.
    """
    left_out: set[str] = set()
    for group in kind.one_of:
        given = [name for name in group if name in known]
        if len(given) > 1:
            one = len({canonical_text(str(known[name])).lower() for name in given}) == 1
            left_out |= set(given) - {given[0] if one else given[-1]}
    return left_out


def _subject(kind: Kind, values: Values) -> str:
    key = [encode.text(values[name]) for name in kind.keys if values.get(name) not in (None, "", False)]
    return " ".join([kind.name, *key])


def _masked(value: Any, names: frozenset[str]) -> Any:
    if isinstance(value, Mapping):
        return {k: HIDDEN if k.lower() in names and v is not True else _masked(v, names) for k, v in value.items()}
    return [_masked(item, names) for item in value] if isinstance(value, (list, tuple)) else value


def _masked_path(path: str, names: frozenset[str]) -> str:
    if not names or "?" not in path:
        return path
    wanted = "|".join(re.escape(name) for name in sorted(names))
    return re.sub(rf"(?i)([=,](?:{wanted}):)[^,&]*", rf"\g<1>{HIDDEN}", path)
