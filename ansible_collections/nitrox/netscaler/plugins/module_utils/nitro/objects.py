# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""What has to happen to one object: create, update, change, unset, rename, replace, switch on and off. Pure.

Everything that cannot be done is collected as a `Problem`, so that a plan reports all of them before anything is sent.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Optional

from . import catalogue
from .change import Change, Named, called, differences, kept, names, payload_keys, shown
from .desired import Desired, Problem
from .kind import Attribute, Kind, Values
from .order import OBJECTS, REPLACE
from .value import hidden

Staged = tuple[int, Change]
# Did a secret change since it was last written? (object, attribute, value) → None where nobody knows.
SecretChanged = Callable[[Desired, str, Any], Optional[bool]]


def nobody_knows(wanted: Desired, name: str, value: Any) -> bool | None:  # noqa: ARG001
    """Without a memory nothing is known about secrets."""
    return None


@dataclass
class Findings:
    """What a plan comes to while it is made. ``immutable`` says what to do about attributes that cannot change."""

    immutable: str = "refuse"
    secret_changed: SecretChanged = nobody_knows
    problems: list[Problem] = field(default_factory=list)
    uncompared: dict[tuple[str, str], int] = field(default_factory=dict)  # (kind, attribute) → objects
    replaced: set[Named] = field(default_factory=set)


def object_changes(wanted: Desired, observed: Values | None, findings: Findings, *, appears: bool) -> list[Staged]:
    """What brings ``wanted`` about, given what was read. ``appears``: it comes into being with another new object."""
    if observed is None and "add" not in wanted.kind.operations:
        if not appears:
            findings.problems.append(Problem(wanted.path, "does not exist, and NITRO has no way to create it"))
            return []
        observed = {}
    if observed is None:
        return [(OBJECTS, change) for change in creation(wanted, findings)]
    sorted_out = Sorted(wanted, observed, findings)
    if sorted_out.immutable and not sorted_out.refused:
        return _replacement(wanted, observed, sorted_out, findings)
    return [(OBJECTS, change) for change in sorted_out.changes()]


def creation(wanted: Desired, findings: Findings, why: str = "does not exist", **besides: Any) -> list[Change]:
    """Create it; what only an update takes follows in one (PROTOCOL 6.3). ``besides`` are attributes it had before."""
    kind = wanted.kind
    for name in wanted.missing_for_add():
        if name not in besides:
            findings.problems.append(Problem(wanted.path, f"{name} is needed to create it"))
    values = {name: value for name, value in {**besides, **wanted.values}.items() if value is not None}
    write = {name: value for name, value in values.items() if "add" in kind.attributes[name].on or name in kind.keys}
    for name in values.keys() - write.keys():
        twin = _add_name(kind, name)
        if twin and twin not in values:
            write[twin] = values[name]
    after = {name: value for name, value in values.items() if kind.attributes[name].on - {"change"} or name in kind.keys}
    first = _change("create", wanted, write, {}, after, why)
    later = {name: value for name, value in values.items() if name not in write and not _add_name(kind, name)}
    return [first, *_second_step(wanted, later)]


def _second_step(wanted: Desired, later: Values) -> list[Change]:
    kind, changes = wanted.kind, []
    updates = {name: value for name, value in later.items() if "update" in kind.attributes[name].on}
    links = {name: value for name, value in later.items() if "link" in kind.attributes[name].on}
    for verb, values in (("link", links), ("update", updates)):
        if values:
            why = f"{', '.join(values)}: not taken by a create"
            changes.append(_change(verb, wanted, {**payload_keys(kind, wanted.values, verb), **values}, {}, {}, why))
    if "state" in later and wanted.state == "DISABLED":
        changes.append(_switch(wanted, {"state": "ENABLED"}))
    return changes


class Sorted:
    """The attributes of an existing object that differ, sorted by what can be done about them."""

    def __init__(self, wanted: Desired, observed: Values, findings: Findings) -> None:
        self.wanted, self.observed, self.findings = wanted, observed, findings
        self.update: dict[str, Any] = {}
        self.change: dict[str, Any] = {}
        self.link: dict[str, Any] = {}
        self.unset: list[str] = []
        self.immutable: dict[str, Any] = {}
        self.refused = False
        kind = wanted.kind
        for name, value in wanted.values.items():
            if name not in kind.keys and not (kind.state and name == "state"):
                self._sort(kind.attributes[name], value)
        if self.immutable and not (kind.replaceable or findings.immutable == "recreate"):
            self._refuse()

    def _sort(self, attribute: Attribute, value: Any) -> None:
        name, kind = attribute.name, self.wanted.kind
        if attribute.auto and (value is None or value == attribute.auto):
            self._uncompared(name)
            return
        if value is None:
            if self._present(attribute) and not kind.same(name, self.wanted.values, self.observed):
                self.unset.append(name)
            return
        if not self._differs(attribute, value):
            return
        if "update" in attribute.on:
            self.update[name] = value
        elif attribute.get_as and "update" in getattr(kind.attribute(attribute.get_as), "on", ()):
            self.update[attribute.get_as] = value  # a service's ip is changed as ipaddress
        elif "link" in attribute.on:
            self.link[name] = value
        elif "change" in attribute.on and "change" in kind.operations:
            self.change[name] = value
        else:
            self.immutable[name] = value

    def _differs(self, attribute: Attribute, value: Any) -> bool:
        settable = bool(attribute.on & {"add", "update", "link"})
        if hidden(attribute) and settable:
            changed = self.findings.secret_changed(self.wanted, attribute.name, value)
            if changed is None:
                self._uncompared(attribute.name)
            return bool(changed)
        if not self._present(attribute) and "update" not in attribute.on and "link" not in attribute.on:
            return False  # it is not shown, so nobody can tell; and it could not be updated anyway
        return not self.wanted.kind.same(attribute.name, self.wanted.values, self.observed)

    def _uncompared(self, name: str) -> None:
        counted = (self.wanted.kind.name, name)
        self.findings.uncompared[counted] = self.findings.uncompared.get(counted, 0) + 1

    def _present(self, attribute: Attribute) -> bool:
        return attribute.read_name in self.observed or attribute.name in self.observed

    def _refuse(self) -> None:
        self.refused = True
        kind = self.wanted.kind
        for name, value in self.immutable.items():
            before, after = shown(kind, name, self.read(name)), shown(kind, name, value)
            text = f"cannot be changed once it exists: it is {before}, wanted is {after}"
            text += " (with immutable: recreate it is deleted and created again)"
            self.findings.problems.append(Problem(f"{self.wanted.path}.{name}", text))

    def read(self, name: str) -> Any:
        """The attribute as read."""
        attribute = self.wanted.kind.attributes[name]
        return self.observed.get(attribute.read_name, self.observed.get(name))

    def changes(self) -> list[Change]:
        """The changes in place, in their order."""
        wanted, kind = self.wanted, self.wanted.kind
        found = []
        renewed = sorted({name for kind_, name in self._renewed_files()})
        if self.change or renewed:
            payload = {n: v for n, v in wanted.values.items() if v is not None and "change" in kind.attributes[n].on}
            why = differences(kind, self._before(self.change), self.change) or f"{', '.join(renewed)} is replaced"
            found.append(self._changed("change", {**payload_keys(kind, wanted.values, "change"), **payload}, self.change, why))
        found += self._links()
        if self.update:
            write = {**payload_keys(kind, wanted.values, "update"), **self.update, **self._units()}
            found.append(self._changed("update", write, self.update))
        unset = [name for name in self.unset if "unset" in kind.attributes[name].on]
        if unset:
            flags = {**payload_keys(kind, wanted.values, "unset"), **dict.fromkeys(unset, True)}
            found.append(self._changed("unset", flags, dict.fromkeys(unset)))
        if wanted.state and kind.enabled(self.observed) not in (None, wanted.state == "ENABLED"):
            found.append(_switch(wanted, {"state": "DISABLED" if wanted.state == "ENABLED" else "ENABLED"}))
        return found

    def _links(self) -> list[Change]:
        kind, found = self.wanted.kind, []
        undone = [name for name in self.unset if "link" in kind.attributes[name].on]
        for name in [*self.link, *undone]:
            keys = payload_keys(kind, self.wanted.values, "link")
            if self.read(name):
                found.append(self._changed("unlink", keys, {name: None}))
            if name in self.link:
                found.append(self._changed("link", {**keys, name: self.link[name]}, {name: self.link[name]}))
        return found

    def _renewed_files(self) -> Iterable[Named]:
        kind = self.wanted.kind
        if "change" not in kind.operations or not self.findings.replaced:
            return ()
        payload = {name: value for name, value in self.wanted.values.items() if "change" in kind.attributes[name].on}
        return names(kind, payload) & self.findings.replaced

    def _units(self) -> dict[str, Any]:
        """A number that is updated says in which unit, where the object has another one now."""
        kind, found = self.wanted.kind, {}
        for name in self.update:
            unit = kind.attributes[name].unit if name in kind.attributes else None
            if unit:
                now = self.wanted.values.get(unit) or "SEC"
                found.update({unit: now} if str(self.observed.get(unit) or "SEC").upper() != now else {})
        return found

    def _before(self, of: Iterable[str]) -> dict[str, Any]:
        return {name: self.read(name) for name in of}

    def _changed(self, verb: str, write: Values, after: Mapping[str, Any], why: str = "") -> Change:
        before = self._before(after)
        return _change(verb, self.wanted, write, before, after, why or differences(self.wanted.kind, before, after))


def _replacement(wanted: Desired, observed: Values, found: Sorted, findings: Findings) -> list[Staged]:
    """Delete and create again, with everything of it that the document does not mention."""
    kind = wanted.kind
    differs = differences(kind, {name: found.read(name) for name in found.immutable}, found.immutable)
    why = f"{differs}: cannot be changed in place"
    findings.replaced.add((kind.name, called(wanted.values, kind)))
    before = kept(kind, observed)
    besides = {name: value for name, value in before.items() if name not in wanted.values and not _excluded(kind, name, wanted)}
    gone = _change("replace", wanted, identifying(wanted, observed), before, {}, why)
    return [(REPLACE, gone), *((OBJECTS, change) for change in creation(wanted, findings, "is created again", **besides))]


def _excluded(kind: Kind, name: str, wanted: Desired) -> bool:
    return any(name in group and set(group) & set(wanted.values) for group in kind.one_of)


def identifying(wanted: Desired, observed: Values) -> dict[str, Any]:
    """What a DELETE needs: keys, and what the appliance itself gave it (a DNS ``recordid``), else the document's words. What
    is to change goes by what is there now: a neighbour of the old VLAN is to be deleted."""
    kind = wanted.kind
    given = [name for name in kind.delete_args if name not in kind.keys and "add" not in kind.attributes[name].on]
    found = {name: observed.get(kind.attributes[name].read_name) for name in (*kind.keys, *given)}
    for name in (*kind.keys, *kind.delete_args):
        value, seen = wanted.values.get(name), observed.get(kind.attributes[name].read_name)
        if value is not None:
            found[name] = value if seen is None or kind.attributes[name].same(value, seen) else seen
    return {name: value for name, value in found.items() if value is not None}


def rename_change(wanted: Desired) -> Change:
    """Give the old object its new name."""
    main = str(wanted.kind.main_key)
    write = {main: wanted.rename_from, "newname": wanted.values[main]}
    sides = ({main: wanted.rename_from}, {main: wanted.values[main]})
    return _change("rename", wanted, write, *sides, f"it is still called {wanted.rename_from}")


def _switch(wanted: Desired, before: Values) -> Change:
    """Enable or disable, where NITRO does it through another kind in that one's words (gslbservice → service)."""
    verb = "enable" if wanted.state == "ENABLED" else "disable"
    by = wanted.kind.state.get("by")
    carrier = catalogue.kind(by) if by else wanted.kind
    own = payload_keys(wanted.kind, wanted.values, verb)
    write = {str(carrier.main_key): wanted.values[str(wanted.kind.main_key)]} if by else own
    change = _change(verb, wanted, write, before, {"state": wanted.state}, f"state: {before['state']} → {wanted.state}")
    return Change(**{**change.__dict__, "via": by or ""})


def _add_name(kind: Kind, name: str) -> str | None:
    """What a create calls an attribute that only an update knows under this name (a service's ipaddress is its ip)."""
    return next((a.name for a in kind if a.get_as == name and "add" in a.on), None)


def _change(verb: str, wanted: Desired, write: Values, before: Values, after: Values, why: str) -> Change:
    kind = wanted.kind
    needs = names(kind, write) | {(kind.name, called(wanted.values, kind))}
    return Change(verb, kind.name, wanted.key, wanted.name, write, before, after, why, needs=needs)
