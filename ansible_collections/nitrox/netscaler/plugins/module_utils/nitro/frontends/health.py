# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""``health_check:``: the name of a monitor that exists, or what a new one shall look at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .fields import Fields

WORDS = ("type", "path", "method", "host", "codes", "expect", "port", "interval", "timeout", "retries", "down_time", "attributes")


@dataclass(frozen=True)
class HealthCheck:
    """``name`` of the monitor to bind, its attributes if it is to be made, or ``off``. ``words``: attribute → user's path."""

    name: str | None = None
    values: Mapping[str, Any] | None = None
    off: bool = False
    path: str = ""
    words: Mapping[str, str] = field(default_factory=dict)


def health_check(outer: Fields, servicetype: str, name: str, *, secure: bool) -> HealthCheck:
    """Read ``health_check`` of ``outer`` for a group of ``servicetype``; a new monitor is called ``name``."""
    given = outer.get("health_check")
    at = outer.at("health_check")
    if given is None:
        return HealthCheck(path=at)
    if given is False or given == "none":
        return HealthCheck(off=True, path=at)
    if not isinstance(given, Mapping):
        return HealthCheck(outer.text("health_check"), path=at)
    fields = Fields(given, at, outer.out, WORDS)
    http = servicetype in ("HTTP", "SSL")
    type_ = (fields.text("type") or ("HTTP" if http or fields.has("path") else "TCP")).upper()
    values: dict[str, Any] = {"type": type_, "secure": "YES" if secure and type_ != "PING" else None}
    if type_ == "HTTP":
        values |= _http(fields)
    values |= {
        "destport": fields.integer("port", 1, 65535),
        **_seconds(fields, "interval", "interval", "units3"),
        **_seconds(fields, "timeout", "resptimeout", "units4"),
        **_seconds(fields, "down_time", "downtime", "units2"),
        "retries": fields.integer("retries", 1, 127),
        **fields.mapping("attributes"),
    }
    words = {"type": "type", "respcode": "codes", "httprequest": "path", "resptimeout": "timeout", "interval": "interval"}
    return HealthCheck(name, values, path=at, words={attribute: fields.at(word) for attribute, word in words.items()})


def _http(fields: Fields) -> dict[str, Any]:
    path = fields.text("path", "/") or "/"
    if not path.startswith("/"):
        fields.out.problem(fields.at("path"), "has to begin with /", path)
    method = (fields.text("method", "GET") or "GET").upper()
    codes = [str(code) for unused, code in fields.listing("codes")]
    host = fields.text("host")
    headers = {"customheaders": f"Host: {host}\r\n" if host else None}
    if fields.has("expect"):
        return {"type": "HTTP-ECV", "send": f"{method} {path}", "recv": fields.text("expect"), **headers}
    return {"httprequest": f"{method} {path}", "respcode": codes or None, **headers}


def _seconds(fields: Fields, word: str, attribute: str, unit: str) -> dict[str, Any]:
    number = fields.integer(word, 1, 20939)
    return {} if number is None else {attribute: number, unit: "SEC"}
