# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Resources that are one object or one binding row of a NITRO kind."""

from __future__ import annotations

from functools import partial
from typing import Any

from pulumi.dynamic import CheckFailure, CheckResult, CreateResult, DiffResult, ReadResult, UpdateResult

from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro import catalogue
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.desired import Desired
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.kind import Values
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.validate import unmanageable
from pulumi_netscaler import naming

from . import checking, live, secret
from .claims import Identity
from .comparing import difference, engine_lists, moved_keys, removed
from .failure import reported
from .job import Job
from .managed import ADOPTED, GOT, NAME, Managed


class ObjectProvider(Managed):
    """Of the kind whose name it has."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.kind = catalogue.kind(name)

    @reported
    def check(self, _olds: dict[str, Any], news: dict[str, Any]) -> CheckResult:
        """Offline: names, types, values, keys, what a new object needs, and whether two resources want one object."""
        kind = self.kind
        if refusal := unmanageable(kind):
            return self.checked(checking.plain(news), news, [CheckFailure("kind", f"{kind.name}: {refusal}")])
        checked = checking.check_object(kind, checking.plain(news), checking.path)
        if not _olds and not self.adopts(news) and not news.get(GOT):
            checked.problems += checking.check_new(kind, checked, checking.path)
        found = checking.failures(checked.problems)
        self._had(checking.plain(_olds), news)
        if not found and not set(kind.keys) & checked.unknown.keys() and not self.target_failures():
            found += self._claim(checked.values, news)
        return self.checked(checked.whole, news, found)

    @reported
    def diff(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> DiffResult:
        """Offline: what the core's comparison says about the last outputs and the new inputs.

        A change in place is answered with "unknown": then the engine lists the properties itself, in detail, which a preview
        shows and ``replace_on_changes`` needs; this server has no way to hand over a list of ours.
        """
        old, new = self._old(_id, _olds), checking.plain(_news)
        self._had(old, _news)
        unknown = frozenset(name for name, value in new.items() if checking.is_unknown(value))
        known = {name: value for name, value in new.items() if name not in unknown}
        hashes = _olds.get(secret.KEY)
        adopted = bool(_olds.get(ADOPTED))
        found = difference(self.kind, old, known, unknown, partial(secret.changed, hashes), adopted=adopted)
        return DiffResult(engine_lists(found), list(found.replaces), delete_before_replace=found.delete_first)

    @reported
    def create(self, props: dict[str, Any]) -> CreateResult:
        """Create it, together with others that wait. What a lost answer left behind is read back; what exists is an error
        unless it is adopted, or just what would have been created."""
        values = checking.plain(props)
        job = Job(Desired(self.kind, values, path=self._subject(values)), create=True, adopt=self.adopts(props))
        self.appliance.commits.do(job)
        self.appliance.claims.take(self._identity(values))
        adopted = {ADOPTED: True} if job.existed and job.adopt else {}
        return CreateResult(naming.resource_id(self.kind, values), {**self._outs(values), **adopted})

    @reported
    def update(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> UpdateResult:
        """Send what differs on the appliance, unset what is no longer given, rename in place."""
        old, new = self._old(_id, _olds), checking.plain(_news)
        main = self.kind.main_key or ""
        rename_from = str(old[main]) if moved_keys(self.kind, old, new) == [main] else None
        wanted = Desired(self.kind, {**removed(self.kind, old, new), **new}, rename_from=rename_from, path=self._subject(new))
        hashes = _olds.get(secret.KEY)
        job = Job(wanted, hidden_changed=partial(secret.changed, hashes))
        self.appliance.commits.do(job)
        self.appliance.claims.take(self._identity(new))
        adopted = {ADOPTED: True} if _olds.get(ADOPTED) else {}
        return UpdateResult({**self._outs(new), **adopted})

    @reported
    def delete(self, _id: str, _props: dict[str, Any]) -> None:
        """Delete it, unless it is gone already, or another resource of the program has it now. What cannot be deleted goes
        back to its defaults; features and modes stay as they are, since others may need them."""
        values = self._old(_id, _props)
        taken = self.appliance.claims.taken_from(self._identity(values))
        if taken:
            print(f"{self._subject(values)}: kept, the resource {taken!r} has it now")  # noqa: T201  # the engine shows it
        elif not self.kind.switches:
            self.appliance.commits.apart(Job(Desired(self.kind, secret.without(self.kind, values), present=False)))

    @reported
    def read(self, id_: str, props: dict[str, Any]) -> ReadResult:
        """For a refresh the managed attributes as they are now, for a lookup all of them; no id where it is gone."""
        old = self._old(id_, props)
        wanted = Desired(self.kind, old, path=self._subject(old))
        found = live.row(self.appliance.reader([(self.kind.name, wanted.key)]), wanted)
        if found is None:
            return ReadResult("", {})
        keys = {name: old[name] for name in self.kind.keys if name in old}
        if props.get(GOT):
            return ReadResult(id_, {**live.everything(self.kind, found), **keys, GOT: True}, {**keys, GOT: True})
        now = live.managed(self.kind, old, found)
        ours = {name: value for name, value in props.items() if name.startswith("__") and name != "__provider"}
        if now == old:
            return ReadResult(id_, {**now, **ours})
        return ReadResult(id_, {**now, **ours}, now)

    def _had(self, old: Values, news: dict[str, Any]) -> None:
        if old and news.get(NAME) is not None and not self.target_failures():
            self.appliance.claims.had(self._identity(old), str(news[NAME]))

    def _claim(self, values: Values, news: dict[str, Any]) -> list[CheckFailure]:
        name = news.get(NAME)
        if name is None or self.kind.switches or news.get(GOT):
            return []
        other = self.appliance.claims.want(self._identity(values), str(name))
        text = f"{self._subject(values)} is the resource {other!r} already: one object, one resource"
        return [CheckFailure(self.kind.main_key or "", text)] if other else []

    def _old(self, id_: str, props: dict[str, Any]) -> dict[str, Any]:
        """The last state; its keys from the id where it has none (a lookup)."""
        return (
            {**naming.keys_of(self.kind, id_), **checking.plain(props)}
            if not _keyed(self.kind.keys, props)
            else checking.plain(props)
        )

    def _outs(self, values: Values) -> dict[str, Any]:
        hashes = secret.hashes(self.kind, values)
        return {**secret.without(self.kind, values), **({secret.KEY: hashes} if hashes else {})}

    def _identity(self, values: Values) -> Identity:
        return (self.kind.name, self.kind.identity(values))

    def _subject(self, values: Values) -> str:
        return f"{self.kind.name} {' '.join(part for part in self.kind.identity(values) if part)}".rstrip()


def _keyed(keys: tuple[str, ...], props: dict[str, Any]) -> bool:
    return any(props.get(key) is not None for key in keys)
