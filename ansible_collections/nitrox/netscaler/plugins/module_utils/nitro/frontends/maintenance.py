# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""``maintenance:``: what to answer while no member of a back end is up.

A page is served by a backup vserver that is always up: its service has no health check and is never reached, because a
responder policy answers every request before. A ``url`` is the vserver's own redirect.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .fields import Expansion, Fields, entity, fingerprint, identifier, literal

WORDS = ("html", "text", "page", "url", "status", "retry_after")
REASONS = {200: "OK", 404: "Not Found", 429: "Too Many Requests", 500: "Internal Server Error", 503: "Service Unavailable"}
NEVER_REACHED = {"ip": "192.0.2.1", "port": 80}  # TEST-NET-1
LONGEST_LITERAL = 200  # the expression language takes 255 characters in one literal
LONGEST_TARGET = 8000  # and 8191 in a responder action's target


class Maintenance:
    """The maintenance pages of one frontend; equal ones share their objects."""

    def __init__(self, name: str, out: Expansion) -> None:
        self.name, self.out = name, out
        self._first = ""

    def of(self, outer: Fields, servicetype: str, certificates: list[dict[str, Any]]) -> dict[str, Any]:
        """Attributes of an lbvserver of ``servicetype`` for the ``maintenance`` of ``outer``; adds what they need."""
        given = outer.get("maintenance")
        if given is None:
            return {}
        if isinstance(given, str):
            given = {"html": given}
        at = outer.at("maintenance")
        if not isinstance(given, Mapping):
            self.out.problem(at, "the page's text, or a mapping with one of html, text, page, url is wanted", given)
            return {}
        if servicetype not in ("HTTP", "SSL"):
            self.out.problem(at, f"needs HTTP or HTTPS, not {servicetype}")
            return {}
        fields = Fields(given, at, self.out, WORDS)
        chosen = [word for word in ("html", "text", "page", "url") if fields.has(word)]
        if len(chosen) != 1:
            self.out.problem(at, "one of html, text, page, url is wanted")
            return {}
        if chosen == ["url"]:
            return {"redirurl": fields.text("url")}
        return {"backupvserver": self._vserver(self._action(fields, chosen[0]), fields, servicetype, certificates)}

    def _action(self, fields: Fields, word: str) -> dict[str, Any]:
        status = fields.integer("status", 200, 599, 503) or 503
        content = fields.text(word) or ""
        if word == "page":
            return {"type": "respondwithhtmlpage", "htmlpage": content, "responsestatuscode": status}
        type_ = "text/html" if word == "html" else "text/plain"
        answer = _answer(content, type_, status, fields.integer("retry_after", 0, 86400))
        if len(answer) > LONGEST_TARGET:
            message = "too long for a responder action: import it as responderhtmlpage and name it as page"
            self.out.problem(fields.at(word), f"{len(content)} characters are {message}")
        return {"type": "respondwith", "target": answer}

    def _vserver(self, action: dict[str, Any], fields: Fields, servicetype: str, certificates: list[dict[str, Any]]) -> str:
        """Add the vserver that answers; its name. The first page of a frontend has the plain name."""
        mark = fingerprint(servicetype, repr(sorted(action.items())))
        self._first = self._first or mark
        suffix = "" if mark == self._first else mark
        name, policy, at = entity(self.name, "maintenance", suffix), identifier(self.name, "maintenance", suffix), fields.path
        self.out.feature("RESPONDER")
        self.out.put("responderaction", policy, action, at)
        self.out.put("responderpolicy", policy, {"rule": "true", "action": policy}, at)
        group = {"servicetype": "HTTP", "healthmonitor": "NO", "bindings": {"servicegroupmember": [NEVER_REACHED]}}
        self.out.put("servicegroup", name, group, at)
        rows = [{"policyname": policy, "priority": 100, "bindpoint": "REQUEST"}]
        bindings = {"servicegroup": [name], "responderpolicy": rows}
        values = {"servicetype": servicetype, "ipv46": "0.0.0.0", "port": 0, "bindings": bindings}  # not addressable
        self.out.put("lbvserver", name, values, at)
        if certificates:
            self.out.put("sslvserver", name, {"bindings": {"sslcertkey": certificates}}, at)
        return name


def _answer(content: str, type_: str, status: int, retry_after: int | None) -> str:
    """A whole HTTP answer as an expression."""
    lines = [
        f"HTTP/1.1 {status} {REASONS.get(status, 'Status')}",
        f"Content-Type: {type_}; charset=utf-8",
        f"Content-Length: {len(content.encode())}",
        "Cache-Control: no-store",
        "Connection: close",
    ]
    if retry_after is not None:
        lines.append(f"Retry-After: {retry_after}")
    whole = "\r\n".join([*lines, "", content])
    return " + ".join(literal(whole[start : start + LONGEST_LITERAL]) for start in range(0, len(whole), LONGEST_LITERAL))
