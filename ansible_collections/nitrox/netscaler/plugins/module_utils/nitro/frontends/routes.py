# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""``routes:``: by host and path to a back end, as content switching actions and policies."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ..value import called, nearest
from .fields import Fields, fingerprint, identifier, literal

if TYPE_CHECKING:
    from .backend import Backend
    from .frontend import Frontend

WORDS = ("host", "path", "backend", "priority", "name", "rule")
HOST = "HTTP.REQ.HOSTNAME.SERVER"  # without the port; what is asked of it ignores case
PATH = "HTTP.REQ.URL.PATH"
FIRST_PRIORITY, STEP = 100, 10
_HOST_NAME = re.compile(r"(\*\.)?[A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9_])?")


class Routes:
    """The routes of one frontend. They are tried in the order in which they are written."""

    def __init__(self, frontend: Frontend, backends: Mapping[str, Backend]) -> None:
        self.frontend, self.backends, self.out = frontend, backends, frontend.out
        self._default: tuple[str, str] | None = None

    def bindings(self) -> dict[str, list[Any]]:
        """Add actions and policies; the bindings of the csvserver."""
        fields = self.frontend.fields
        if fields.has("default"):
            self._default = (fields.at("default"), fields.text("default") or "")
        given = fields.get("routes")
        if not isinstance(given, (list, tuple)):
            self.out.problem(fields.at("routes"), f"a list is wanted, not {called(given)}", given)
            return {}
        rows = [self._route(number, item, f"{fields.at('routes')}[{number}]") for number, item in enumerate(given)]
        bindings: dict[str, list[Any]] = {"cspolicy": [row for row in rows if row]}
        if self._default is not None:
            backend = self._backend(*self._default)
            bindings["lbvserver"] = [{"lbvserver": backend.name}] if backend else []
        return bindings

    def _route(self, number: int, given: Any, path: str) -> dict[str, Any] | None:
        if not isinstance(given, Mapping):
            self.out.problem(path, f"a mapping is wanted, not {called(given)}", given)
            return None
        fields = Fields(given, path, self.out, WORDS)
        word = fields.needed("backend")
        rule, label = self._rule(fields)
        if word is None:
            return None
        if rule is None:
            self._catch_all(fields, word)
            return None
        backend = self._backend(fields.at("backend"), word)
        if backend is None:
            return None
        name = identifier(self.frontend.name, fields.text("name") or label)
        action = identifier(self.frontend.name, backend.word)
        self.out.put("csaction", action, {"targetlbvserver": backend.name}, backend.fields.path)
        self.out.put("cspolicy", name, {"rule": rule, "action": action}, path, {"rule": path, "policyname": path})
        priority = fields.integer("priority", 1, 2147483647, FIRST_PRIORITY + STEP * number)
        return {"policyname": name, "priority": priority}

    def _catch_all(self, fields: Fields, word: str) -> None:
        """A route without conditions is the default."""
        if self._default is not None and self._default[1] != word:
            self.out.problem(fields.path, f"a second default, the first is {self._default[1]} at {self._default[0]}")
        else:
            self._default = (fields.at("backend"), word)

    def _rule(self, fields: Fields) -> tuple[str | None, str]:
        """(expression or None where everything matches, a name for it)."""
        if fields.has("rule"):
            rule = fields.text("rule") or ""
            return rule, f"rule_{fingerprint(rule)}"
        hosts = [self._host(path, str(host)) for path, host in fields.listing("host")]
        paths = [self._path(path, str(prefix)) for path, prefix in fields.listing("path")]
        conditions = [_any(hosts), _any(paths)]
        words = [str(item) for word in ("host", "path") for unused, item in fields.listing(word)]
        label = "_".join(word.replace("*", "any").strip("/") or "root" for word in words[:2])
        if len(words) > 2:
            label += f"_{fingerprint(*words)}"
        return " && ".join(condition for condition in conditions if condition) or None, label

    def _host(self, path: str, host: str) -> str:
        if not _HOST_NAME.fullmatch(host):
            self.out.problem(path, "a host name is wanted (*.example.org for all below it)", host)
        return f"{HOST}.ENDSWITH({literal(host[1:])})" if host.startswith("*.") else f"{HOST}.EQ({literal(host)})"

    def _path(self, path: str, prefix: str) -> str:
        """By whole segments: /api matches /api and /api/…, not /apifoo."""
        if not prefix.startswith("/"):
            self.out.problem(path, "has to begin with /", prefix)
        if prefix.endswith("/"):
            return f"{PATH}.STARTSWITH({literal(prefix)})"
        return f"({PATH}.EQ({literal(prefix)}) || {PATH}.STARTSWITH({literal(prefix + '/')}))"

    def _backend(self, path: str, word: str) -> Backend | None:
        if word not in self.backends:
            near = nearest(word, self.backends)
            self.out.problem(path, "no such back end" + (f" (did you mean {near}?)" if near else ""), word)
        return self.backends.get(word)


def _any(conditions: list[str]) -> str:
    return conditions[0] if len(conditions) == 1 else f"({' || '.join(conditions)})" if conditions else ""
