# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""One step of a plan, as data; and what it means for people. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from posixpath import join, normpath
from typing import Any

from . import catalogue
from .desired import MASK, mask
from .kind import Attribute, Kind, Values
from .value import listed

VERBS = ("rename", "create", "change", "unlink", "link", "update", "unset", "enable", "disable")
ROW_VERBS = ("unbind", "rebind", "bind", "update", "enable", "disable")
Named = tuple[str, str]  # kind name, what others call the object


@dataclass(frozen=True)
class Change:
    """One step.

    ``verb``: create update change unset rename enable disable drain link unlink bind rebind unbind replace delete;
    ``replace`` is the deletion of an object that a later ``create`` brings back, ``drain`` a disable that waits. ``write`` is
    what the request carries, ``before`` and ``after`` what differs (both complete for objects that come or go). ``via`` is
    the kind whose request does it, where that is another one. ``needs`` are the objects without which it makes no sense;
    ``layer`` orders steps. ``quiet`` marks bookkeeping that a diff does not show. ``rows``: of a deletion what goes with the
    object, binding kind → rows.
    """

    verb: str
    kind: str
    key: tuple[str, ...] = ()
    name: str = ""
    write: Values = field(default_factory=dict, repr=False)
    before: Values = field(default_factory=dict, repr=False)
    after: Values = field(default_factory=dict, repr=False)
    why: str = ""
    layer: int = 0
    warnings: tuple[str, ...] = ()
    via: str = ""
    needs: frozenset[Named] = frozenset()
    quiet: bool = False
    rows: Mapping[str, Sequence[Values]] = field(default_factory=dict, repr=False)

    @property
    def subject(self) -> str:
        """ "lbvserver web" """
        return f"{self.kind} {self.name}".rstrip()

    @property
    def carrier(self) -> Kind:
        """The kind whose request does it."""
        return catalogue.kind(self.via or self.kind)

    @property
    def gives(self) -> Named:
        """The object that is at stake: for a row its parent."""
        kind = catalogue.kind(self.kind)
        if kind.is_binding:
            return (kind.parent or "", str((self.write or self.before).get(kind.url_key or "", "")))
        return (self.kind, called({**self.before, **self.after, **self.write}, kind) or self.name)

    def __str__(self) -> str:
        return f"{self.verb} {self.subject}" + (f": {self.why}" if self.why else "")


def called(values: Values, kind: Kind) -> str:
    """What others call the object: its main key, for a file the whole path."""
    name = str(values.get(kind.main_key or "", ""))
    folder = next((a.name for a in kind if a.folder), None)
    return normpath(join(str(values.get(folder) or ""), name)) if folder else name


def names(kind: Kind, values: Values) -> frozenset[Named]:
    """Every object that these values name."""
    found: set[Named] = set()
    for attribute in kind:
        value = values.get(attribute.name)
        if not attribute.ref or value is None or attribute.readonly:
            continue
        for one in listed(value):
            target = normpath(join(attribute.base, str(one))) if attribute.base else str(one)
            found.update((name, target) for name in attribute.ref)
    return frozenset(found)


def shown(kind: Kind, name: str, value: Any) -> str:
    """A value for people; never a secret."""
    attribute = kind.attributes.get(name)
    if attribute is not None and attribute.secret:
        return MASK
    if value is None:
        return "not set"
    text = ", ".join(str(one) for one in value) if isinstance(value, (list, tuple)) else str(value)
    return text if len(text) <= 60 else f"{text[:60]}…"


def differences(kind: Kind, before: Values, after: Values) -> str:
    """ "lbmethod: ROUNDROBIN → LEASTCONNECTION, timeout: 2 → 5" """
    return ", ".join(
        f"{name}: {shown(kind, name, before.get(name))} → {shown(kind, name, value)}" for name, value in after.items()
    )


def kept(kind: Kind, observed: Values, operation: str = "add") -> dict[str, Any]:
    """What of an object as read has to be written to get it again: what ``operation`` takes and is no default."""
    found: dict[str, Any] = {}
    for attribute in kind:
        value = observed.get(attribute.read_name, observed.get(attribute.name))
        if value in (None, "", [], False) or (attribute.secret and not attribute.shown):
            continue
        wanted = attribute.name in kind.keys or (operation in attribute.on and not attribute.same(None, value))
        if wanted and _legal(attribute, value):
            found[attribute.name] = value
    for group in kind.one_of:  # a row as read names a member twice
        for name in [name for name in group if name in found][1:]:
            del found[name]
    return found


def _legal(attribute: Attribute, value: Any) -> bool:
    """A GET shows a 0 for what is not set, also where no request may say 0."""
    try:
        attribute.coerce(value)
    except ValueError:
        return False
    return True


def masked_sides(changes: Iterable[Change]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Both sides of a diff: kind → name → attributes, only what changes, secrets masked."""
    sides: tuple[dict[str, Any], dict[str, Any]] = ({}, {})
    for change in changes:
        kind = catalogue.kind(change.kind)
        before, after = dict(mask(kind, change.before)), dict(mask(kind, change.after))
        for name in kind.secrets & before.keys() & after.keys():
            after[name] = f"{MASK} (new)"
        for side, values in zip(sides, (before, after), strict=True):
            if values:
                _entry(side, change.kind, change.name).update(values)
    return sides


def _entry(side: dict[str, Any], kind: str, name: str) -> dict[str, Any]:
    objects: dict[str, Any] = side.setdefault(kind, {})
    entry: dict[str, Any] = objects.setdefault(name, {}) if name else objects
    return entry


def payload_keys(kind: Kind, values: Mapping[str, Any], operation: str) -> dict[str, Any]:
    """The key attributes that a request of ``operation`` carries."""
    keys = [name for name in kind.keys if operation in kind.attributes[name].on or name == kind.main_key]
    return {name: values[name] for name in keys if values.get(name) not in (None, "")}
