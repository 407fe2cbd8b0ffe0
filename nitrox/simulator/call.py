# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""A NITRO call, read from an HTTP request: path, query and body in all the forms that clients use (PROTOCOL 1, 8, 20, 21)."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote, unquote_plus

from .refusal import FrontEndRefusal, Refusal

_PREFIX = "/nitro/v1/"
_VENDOR = "application/vnd.com.citrix.netscaler."
_TRAILING_COMMA = re.compile(r'("(?:[^"\\]|\\.)*")|,(\s*[}\]])')
_SLASHED = re.compile("%2f", re.IGNORECASE)


@dataclass(frozen=True)
class Call:
    """One command, or several of one sort. ``type_name`` is as in the URL or body; ``body`` is the whole JSON object."""

    method: str
    group: str  # "config" or "stat"
    type_name: str = ""
    name: str | None = None
    sub_type: str = ""
    query: Mapping[str, str] = field(default_factory=dict)
    body: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def kind_name(self) -> str:
        """The kind that is named: below ``routerDynamicRouting`` the one there (PROTOCOL 15 [C:1])."""
        return self.sub_type or self.type_name

    @property
    def action(self) -> str:
        """The action in lower case, from ``?action=`` or the legacy envelope (PROTOCOL 1.2)."""
        params = self.body.get("params")
        legacy = params.get("action") if isinstance(params, dict) else None
        return str(self.query.get("action") or legacy or "").lower()

    @property
    def on_error(self) -> str:
        """exit, continue or rollback (PROTOCOL 9.1)."""
        params = self.body.get("params")
        legacy = params.get("onerror") if isinstance(params, dict) else None
        return str(self.headers.get("X-NITRO-ONERROR") or legacy or "exit").lower()

    def flag(self, name: str) -> bool:
        """Is a yes/no query parameter (or its legacy form in ``params``) set?"""
        params = self.body.get("params")
        value = self.query.get(name) or (params.get(name) if isinstance(params, dict) else None)
        return str(value).lower() in ("yes", "true")

    @property
    def wants_warnings(self) -> bool:
        """Warnings were asked for (PROTOCOL 8.4)."""
        return self.flag("warning") or str(self.headers.get("X-NITRO-WARNING", "")).lower() == "yes"

    def pairs(self, name: str) -> dict[str, str]:
        """A ``k:v,k2:v2`` query parameter as a dict (``args``, ``filter``); values decoded once."""
        raw = self.query.get(name) or ""
        if raw and ":" not in raw:
            raw = unquote(raw)
        found = {}
        for part in re.split(r"[,;]", raw) if raw else []:
            key, colon, value = part.partition(":")
            if key:
                found[unquote(key).strip()] = unquote_plus(value) if colon else ""
        return found


def read(method: str, target: str, headers: Mapping[str, str], body: bytes) -> Call:
    """Read a call. ``target`` is the raw path with its query. Raises `Refusal`, or `FrontEndRefusal` where Apache answers."""
    path, _, raw_query = target.partition("?")
    if not path.startswith(_PREFIX):
        raise FrontEndRefusal()
    group, *segments = path[len(_PREFIX) :].rstrip("/").split("/")
    if group not in ("config", "stat"):
        raise FrontEndRefusal()
    query = _query(raw_query)
    content = _body(body, headers.get("Content-Type", "")) if method in ("POST", "PUT") or body else {}
    type_name, sub_type, name = _segments(segments)
    if not type_name and method in ("POST", "PUT"):
        type_name = next((key for key in content if key not in ("params", "sessionid", "session")), "")
    return Call(method, group, type_name, name, sub_type, query, content, headers)


def _segments(segments: list[str]) -> tuple[str, str, str | None]:
    if segments and segments[0].lower() == "routerdynamicrouting" and len(segments) > 1:
        sub = unquote(segments[1])
        return segments[0], sub, _name(segments[2]) if len(segments) > 2 else None
    if len(segments) > 2:
        raise FrontEndRefusal()
    type_name = unquote(segments[0]) if segments else ""
    return type_name, "", _name(segments[1]) if len(segments) > 1 else None


def _name(segment: str) -> str:
    """Path segments are decoded twice; a slash after one round never reaches NITRO (PROTOCOL 8.2 [L])."""
    once = unquote(segment)
    if "/" in once:
        raise FrontEndRefusal()
    twice = unquote_plus(once)
    if _SLASHED.search(twice):
        raise Refusal(1074, "interface", twice)
    return twice


def _query(raw: str) -> dict[str, str]:
    found = {}
    for part in raw.split("&") if raw else []:
        key, _, value = part.partition("=")
        key = unquote(key).lower()
        found[key] = value if key in ("args", "filter") else unquote_plus(value)
    return found


def _body(body: bytes, content_type: str) -> Mapping[str, Any]:
    text = body.decode("utf-8", "replace").strip()
    kind = content_type.partition(";")[0].strip().lower()
    if kind == "application/x-www-form-urlencoded" and not text.startswith("{"):
        fields = dict(part.partition("=")[::2] for part in text.split("&"))
        text = unquote_plus(fields.get("object", ""))
    elif text and kind not in ("application/json", "application/x-www-form-urlencoded") and not kind.startswith(_VENDOR):
        raise Refusal(1233)  # no or another content type: not documented (PROTOCOL 1.2 [I])
    if not text:
        return {}
    content = _json(text)
    if not isinstance(content, dict):
        raise Refusal(1233)
    return content


def _json(text: str) -> Any:
    """JSON, with the trailing commas that the older SDKs send (PROTOCOL 20 #4)."""
    try:
        return json.loads(text)
    except ValueError:
        pass
    try:
        return json.loads(_TRAILING_COMMA.sub(lambda match: match.group(1) or match.group(2), text))
    except ValueError:
        raise Refusal(1233) from None
