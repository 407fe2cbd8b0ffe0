# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""The resource that is a whole document: one plan, few requests, every object in the preview."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from pulumi.dynamic import CheckFailure, CheckResult, CreateResult, DiffResult, ReadResult, UpdateResult
from pulumi.output import Unknown

from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.apply import ON_ERROR
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.desired import Desired, Problem
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.document import Document, parse
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.errors import InvalidDocument
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.observe import observe
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.plan import make_plan
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.register import map_name

from . import checking, documents, secret
from .converging import converge, existing
from .failure import reported
from .managed import NAME, Managed

FOUND = "__found"
CHOICES = {"on_error": ON_ERROR, "immutable": ("refuse", "recreate")}


class ConfigProvider(Managed):
    """``document`` is what the program gives, ``objects`` the list of what is in it."""

    @reported
    def check(self, _olds: dict[str, Any], news: dict[str, Any]) -> CheckResult:
        """Offline: the whole document, every problem at once, with its path."""
        inputs = checking.plain(news)
        problems = _option_problems(news)
        document: Document | None = None
        if not isinstance(news.get("document"), Unknown):
            document, wrong = documents.read(news.get("document"))
            problems += [Problem(f"document.{one.path}".rstrip("."), one.message, one.value) for one in wrong]
        failures = checking.failures(problems)
        if document is not None:
            inputs["objects"] = documents.listed(document)
            failures += self._claim(document, news)
        return self.checked(inputs, news, failures)

    @reported
    def diff(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> DiffResult:
        """Offline: the core's plan from the old document to the new one, and what a refresh has found."""
        old = parse(_olds["document"])
        for one in old.objects if _news.get(NAME) is not None else ():
            self.appliance.claims.had((one.kind.name, one.key), str(_news[NAME]))
        unknown = checking.is_unknown(_news.get("document"))
        changes = bool(_olds.get("drift")) or unknown or _olds.get("owner") != _news.get("owner")
        return DiffResult(changes=changes or _differs(old, _olds, _news), replaces=[], delete_before_replace=False)

    @reported
    def create(self, props: dict[str, Any]) -> CreateResult:
        """Converge to it. What exists is changed as well, but it is remembered and survives the resource."""
        document = parse(props["document"])
        found = existing(self.appliance.session, document)
        self._converge(document, props)
        return CreateResult(str(props.get(NAME) or "config"), _outs(document, props, found))

    @reported
    def update(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> UpdateResult:
        """Converge to the new document; what it no longer has is unset, unbound, deleted (``prune=False``: left alone)."""
        old, new = parse(_olds["document"]), parse(_news["document"])
        fresh = replace(new, objects=tuple(one for one in new.objects if (one.kind.name, one.key) not in old.by_key))
        found = frozenset(_olds.get(FOUND) or ()) | existing(self.appliance.session, fresh)
        gone = () if _news.get("prune") is False else self._free(documents.dropped(new, old, found), _news)
        self._converge(documents.completed(new, old), _news, gone, _olds.get(secret.KEY))
        return UpdateResult(_outs(new, _news, found))

    @reported
    def delete(self, _id: str, _props: dict[str, Any]) -> None:
        """Delete what is in it, but for what was there before it. What cannot be deleted goes back to its defaults."""
        old = parse(_props["document"])
        gone = [
            one
            for one in documents.dropped(None, old, frozenset(_props.get(FOUND) or ()))
            if not self.appliance.claims.taken_from((one.kind.name, one.key))
        ]
        if gone:
            self._converge(Document(tuple(gone), present=False), {**_props, "on_error": "continue"})

    @reported
    def read(self, id_: str, props: dict[str, Any]) -> ReadResult:
        """What differs now, as lines of a plan under ``drift``."""
        document = parse(props["document"])
        observed = observe(self.appliance.session, document)
        if documents.absent(document, observed):
            return ReadResult("", {})
        outs = {name: value for name, value in props.items() if name not in ("drift", "__provider")}
        try:
            plan = make_plan(document, observed, immutable="recreate", secret_changed=lambda *_: False)
        except InvalidDocument as error:
            return ReadResult(id_, {**outs, "drift": [str(problem) for problem in error.problems]})
        return ReadResult(id_, {**outs, "drift": [str(change) for change in plan.changes]} if plan else outs)

    def _converge(self, document: Document, props: dict[str, Any], gone: Iterable[Desired] = (), hashes: Any = None) -> None:
        try:
            changed = secret.document_changed(hashes)
            converge(self.appliance.session, document, tuple(gone), props, changed, adopt=self.adopts(props))
        finally:
            self.appliance.forget()
        for one in document.objects:
            self.appliance.claims.take((one.kind.name, one.key))

    def _free(self, gone: Iterable[Desired], news: dict[str, Any]) -> list[Desired]:
        """Those that no other resource of the program wants."""
        name = str(news.get(NAME))
        return [one for one in gone if not self.appliance.claims.other((one.kind.name, one.key), name)]

    def _claim(self, document: Document, news: dict[str, Any]) -> list[CheckFailure]:
        if news.get(NAME) is None or self.target_failures():
            return []
        found = []
        for one in document.objects:
            if one.kind.keys:
                other = self.appliance.claims.want((one.kind.name, one.key), str(news[NAME]))
                text = f"is the resource {other!r} already: one object, one resource"
                found += [CheckFailure(f"document.{one.path}", text)] if other else []
        return found


def _differs(old: Document, olds: dict[str, Any], news: dict[str, Any]) -> bool:
    if checking.is_unknown(news.get("document")):
        return True
    new = parse(news["document"])
    if news.get("prune") is not False and documents.dropped(new, old, frozenset(olds.get(FOUND) or ())):
        return True
    if documents.says_more(new, old):
        return True
    secret_changed = secret.document_changed(olds.get(secret.KEY))
    try:
        return bool(make_plan(documents.completed(new, old), documents.as_observed(old), secret_changed=secret_changed))
    except InvalidDocument:  # what cannot be changed in place, or is new: the real plan will tell
        return True


def _option_problems(news: dict[str, Any]) -> list[Problem]:
    problems = [
        Problem(name, f"one of {', '.join(words)} is wanted", news[name])
        for name, words in CHOICES.items()
        if isinstance(news.get(name), str) and news[name] not in words
    ]
    try:
        if isinstance(news.get("owner"), str):
            map_name(news["owner"])
    except InvalidDocument as error:
        problems += error.problems
    return problems


def _outs(document: Document, props: dict[str, Any], found: frozenset[str]) -> dict[str, Any]:
    outs = {name: value for name, value in checking.plain(props).items() if name != "drift"}
    hashes = secret.document_hashes(document)
    return {**outs, **({FOUND: sorted(found)} if found else {}), **({secret.KEY: hashes} if hashes else {})}
