# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Resources that are one complete set of binding rows: of an object, or of the appliance as a whole."""

from __future__ import annotations

from typing import Any

from pulumi.dynamic import CheckFailure, CheckResult, CreateResult, DiffResult, ReadResult, UpdateResult
from pulumi.output import Unknown

from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro import catalogue
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.desired import Desired, Rows
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.errors import UnknownKind
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.kind import Kind
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.observation import Absent
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.observe import observe
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.rows import compare
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.validate import unmanageable
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.value import nearest

from . import checking, live
from .commit import document
from .failure import reported
from .job import Job
from .managed import NAME, Managed


class SetProvider(Managed):
    """``kind`` is the binding kind, ``parent`` the name of the object (none for a global set), ``rows`` the complete set. The
    resource may call parent and rows otherwise (``__words``: ``Members`` has ``servicegroup`` and ``members``)."""

    @reported
    def check(self, _olds: dict[str, Any], news: dict[str, Any]) -> CheckResult:
        """Offline: the kind, every row, and whether two resources want the same set."""
        parent, rows = _words(news)
        inputs = {**checking.plain(news), **_hidden(news)}
        if checking.is_unknown(news.get("kind")):
            return self.checked(inputs, news, [])
        kind, refusal = _kind(news)
        if kind is None:
            return self.checked(inputs, news, [CheckFailure("kind", refusal)])
        given = news.get(rows)
        known = None if checking.is_unknown(news.get(parent)) else str(news.get(parent, ""))
        failed: list[CheckFailure] = []
        if not isinstance(given, Unknown):
            inputs[rows], problems = checking.check_rows(kind, given or [], known, rows)
            failed = checking.failures(problems)
        if kind.url_key and news.get(parent) is None:
            failed.append(CheckFailure(parent, f"the name of the {kind.parent} is missing"))
        if not failed and known is not None and not self.target_failures():
            failed += self._claim(kind, known, parent, news)
        return self.checked(inputs, news, failed)

    @reported
    def diff(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> DiffResult:
        """Offline: another set is another resource; rows are compared one by one, in any order."""
        parent, rows = _words(_news)
        moved = [name for name in ("kind", parent) if _olds.get(name) != _news.get(name)]
        if moved:
            return DiffResult(changes=True, replaces=moved, delete_before_replace=False)
        kind, refusal = _kind(_olds)
        if kind is None:
            raise ValueError(refusal)
        if _news.get(NAME) is not None:
            self.appliance.claims.had((kind.name, (str(_olds.get(parent, "")),)), str(_news[NAME]))
        if checking.is_unknown(_news.get(rows)):
            return DiffResult(changes=None, replaces=[], delete_before_replace=False)
        same = _same(kind, _olds, _news)
        return DiffResult(changes=False if same else None, replaces=[], delete_before_replace=False)

    @reported
    def create(self, props: dict[str, Any]) -> CreateResult:
        """Bind what is missing, then unbind what is not in the set."""
        return CreateResult(self._apply(props), _outs(props))

    @reported
    def update(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> UpdateResult:
        """As for `create`."""
        self._apply(_news)
        return UpdateResult(_outs(_news))

    @reported
    def delete(self, _id: str, _props: dict[str, Any]) -> None:
        """Unbind the rows that the set had; others that came meanwhile stay. A parent that is gone took them along."""
        kind, job = _job(_props)
        if self.appliance.claims.taken_from((kind.name, (job.parent,))):
            return
        self.appliance.commits.apart(*(Job(Desired(kind, row, present=False)) for row in job.rows))

    @reported
    def read(self, id_: str, props: dict[str, Any]) -> ReadResult:
        """The set as it is now, each row with the attributes that the program gives."""
        kind, job = _job(props)
        reader = self.appliance.reader(job.identities)
        wanted = job.wanted
        if wanted is not None and not kind.is_global and isinstance(reader.read(wanted.kind, wanted.values), Absent):
            return ReadResult("", {})
        there = observe(reader, document([job])).rows.get((kind.name, job.parent), ())
        found = compare(kind, job.rows, there)
        if not (found.missing or found.extra or found.differing):
            return ReadResult(id_, _outs(props))
        now = [dict(row) for row, unused in found.kept] + [live.managed(kind, row, old) for row, old, unused in found.differing]
        now += [_shown(kind, row) for row in found.extra]
        bare = [{name: value for name, value in row.items() if name != kind.url_key} for row in now]
        outs = {**_outs(props), _words(props)[1]: bare}
        return ReadResult(id_, outs, {name: value for name, value in outs.items() if name != "__words"} | _hidden(props))

    def _apply(self, props: dict[str, Any]) -> str:
        kind, job = _job(props)
        self.appliance.commits.do(job)
        self.appliance.claims.take((kind.name, (job.parent,)))
        return f"{kind.name}/{job.parent}" if job.parent else kind.name

    def _claim(self, kind: Kind, parent: str, word: str, news: dict[str, Any]) -> list[CheckFailure]:
        other = self.appliance.claims.want((kind.name, (parent,)), str(news[NAME])) if news.get(NAME) is not None else ""
        return [CheckFailure(word, f"the resource {other!r} has this set of {kind.name} already")] if other else []


def _words(properties: dict[str, Any]) -> tuple[str, str]:
    parent, rows = properties.get("__words") or ("parent", "rows")
    return str(parent), str(rows)


def _kind(properties: dict[str, Any]) -> tuple[Kind | None, str]:
    """The binding kind, or why there is none."""
    try:
        kind = catalogue.kind(str(properties.get("kind", "")))
    except UnknownKind as error:
        return None, str(error)
    if not kind.is_binding:
        close = nearest(kind.name, kind.bindings)
        return None, f"{kind.name} is no binding" + (f" (did you mean {close}?)" if close else "")
    refusal = unmanageable(kind)
    return (None, f"{kind.name}: {refusal}") if refusal else (kind, "")


def _job(properties: dict[str, Any]) -> tuple[Kind, Job]:
    kind, refusal = _kind(properties)
    if kind is None:
        raise ValueError(refusal)
    parent, rows = _words(properties)
    name = str(properties.get(parent, ""))
    whole = _rows(kind, name, properties.get(rows) or [])
    if kind.is_global:
        return kind, Job(None, binding=kind, rows=whole)
    above = catalogue.kind(str(kind.parent))
    wanted = Desired(above, {str(above.main_key): name}, bindings={kind.name: whole}, path=f"{above.name}.{name}")
    return kind, Job(wanted, binding=kind, rows=whole)


def _rows(kind: Kind, parent: str, rows: list[Any]) -> Rows:
    """The rows with their parent's key, coerced: numbers come as floats."""
    found = []
    for row in rows:
        whole = {**({kind.url_key: parent} if kind.url_key else {}), **row}
        found.append(checking.check_object(kind, whole, checking.path).values)
    return tuple(found)


def _same(kind: Kind, old: dict[str, Any], new: dict[str, Any]) -> bool:
    parent, rows = _words(new)
    name = str(new.get(parent, ""))
    before, after = (_rows(kind, name, side.get(rows) or []) for side in (old, new))
    if len(before) != len(after):
        return False
    found = compare(kind, after, before)
    named = {kind.identity(row): row.keys() for row in before}
    more = any(row.keys() - named.get(kind.identity(row), row.keys()) for row in after)
    return not (found.missing or found.extra or found.differing or more)


def _outs(properties: dict[str, Any]) -> dict[str, Any]:
    return {**checking.plain(properties), **({"__words": properties["__words"]} if properties.get("__words") else {})}


def _hidden(properties: dict[str, Any]) -> dict[str, Any]:
    return {name: properties[name] for name in ("__words", NAME) if properties.get(name) is not None}


def _shown(kind: Kind, row: Any) -> dict[str, Any]:
    """A row that somebody else bound, as it would be written."""
    from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.change import kept

    return kept(kind, row)
