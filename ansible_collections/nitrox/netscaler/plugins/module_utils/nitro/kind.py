# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""A NITRO object kind and its attributes: identity, coercion and comparison. Data in, decisions out, no I/O."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from .identity import one_each, part
from .value import Canonical, coerce, number_of, same

Values = Mapping[str, Any]
SECONDS = {"MSEC": 0.001, "SEC": 1, "MIN": 60}


@dataclass(frozen=True)
class Attribute:
    """One attribute of a kind; the fields are those of the catalogue (``catalogue/README.md``).

    ``on`` names the operations whose request takes the attribute. ``get_as`` is its name in a GET where that differs.
    ``shown``: a secret that a GET answers as it is.
    """

    name: str
    type: str = "string"
    items: str = "string"
    wire: str | None = None
    on: frozenset[str] = frozenset()
    required: frozenset[str] = frozenset()
    readonly: bool = False
    immutable: bool = False
    write_only: bool = False
    secret: bool = False
    values: tuple[str, ...] = ()
    values_older: tuple[str, ...] = ()
    default: Any = None
    default_raw: Any = None
    default_by: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    hidden_default: bool = False
    min: float | None = None
    max: float | None = None
    min_length: int | None = None
    max_length: int | None = None
    unit: str | None = None
    get_as: str | None = None
    ref: tuple[str, ...] = ()
    alt: tuple[str, ...] = ()
    ordered: bool = False
    common: bool = False
    legacy: bool = False
    fields: Values = field(default_factory=dict)
    synonyms: Mapping[str, str] = field(default_factory=dict)
    named: str | None = None
    folder: bool = False
    base: str | None = None
    of_binding: str | None = None
    auto: str | None = None
    shown: bool = False
    why: str = ""

    @cached_property
    def spelled(self) -> Mapping[str, str]:
        """Lower-cased value → the spelling that NITRO reads back, for enumerations."""
        known = {value.lower(): value for value in (*self.values_older, *self.values)}
        return known | {word.lower(): value for word, value in self.synonyms.items()}

    @cached_property
    def plain_text(self) -> bool:
        """Text that means what it says: no value list, no default, no folder."""
        return self.type == "string" and not self.values and self.default is None and not self.folder

    @property
    def writable(self) -> bool:
        """Some operation that sets state takes it."""
        return not self.readonly and bool(self.on & {"add", "update", "change", "link"})

    @property
    def read_name(self) -> str:
        """Its name in a GET."""
        return self.get_as or self.name

    def coerce(self, value: Any) -> Canonical:
        """``value`` as NITRO wants it: enumerations in their own spelling, numbers as numbers, arrays as lists.

        Raises `ValueError` with a sentence for people: what is allowed, and the nearest value.
        """
        return coerce(self, value)

    def same(self, desired: Any, observed: Any) -> bool:
        """Do both values mean the same? Enumerations case-blind, other text exact, numbers by value, addresses in
        canonical form, lists as sets unless ``ordered``. A value that is absent in the GET stands for the default."""
        return same(self, desired, observed)


@dataclass(frozen=True)
class Kind:
    """One NITRO object kind.

    ``keys`` identify an object (for a binding: the parent's key first); ``url_key`` is the one in the URL. A binding has
    ``parent`` (kind), ``binds`` (short name of what is bound) and ``bind_key``. ``state`` tells how to read the
    administrative state: ``{"read": attribute, "disabled": [values]}``. ``switches`` names the list attribute of
    ``nsfeature`` and ``nsmode``. ``implicit`` kinds exist by themselves with another object. ``success_codes`` maps an
    operation to the errorcodes with which the appliance reports its success. ``replaceable``: may be deleted and added again
    to change it (a file). ``by_name``: only a GET by name tells all. ``in_place``: what names a row of this binding in an
    update of its parent. ``upsert``: binding a row again replaces it. ``automatic``: rows that come and go by themselves.
    ``feature``: the appliance's feature without which its objects do nothing. ``unmanaged``: why it can be written and yet
    not be kept in a desired state.
    """

    name: str
    package: str
    keys: tuple[str, ...]
    url_key: str | None
    operations: frozenset[str]
    attributes: Mapping[str, Attribute] = field(repr=False)
    actions: Mapping[str, Mapping[str, Any]] = field(default_factory=dict, repr=False)
    delete_args: tuple[str, ...] = ()
    get_args: tuple[str, ...] = ()
    parent: str | None = None
    binds: str | None = None
    bind_key: str | None = None
    aggregate_of: str | None = None
    view: bool = False
    bindings: tuple[str, ...] = field(default=(), repr=False)
    singleton: bool = False
    wire_name: str = ""
    dynamic_routing: bool = False
    state: Mapping[str, Any] = field(default_factory=dict, repr=False)
    parent_missing: int = 258
    success_codes: Mapping[str, tuple[int, ...]] = field(default_factory=dict, repr=False)
    one_of: tuple[tuple[str, ...], ...] = ()
    implicit: bool = False
    switches: str | None = None
    replaceable: bool = False
    by_name: bool = False
    in_place: tuple[str, ...] = ()
    upsert: bool = False
    automatic: tuple[str, ...] = ()
    releases: tuple[str, ...] = ()
    feature: str | None = None
    born_with: tuple[Values, ...] = ()
    unmanaged: str = ""
    why: str = ""

    @classmethod
    def from_facts(cls, name: str, facts: Mapping[str, Any]) -> Kind:
        """Build it from a catalogue entry (`catalogue.facts`)."""
        plain = {key: _frozen(value) for key, value in facts.items() if key != "attributes"}
        plain.setdefault("wire_name", name)
        plain["operations"] = frozenset(facts["operations"])
        attributes = {key: _attribute(key, value) for key, value in facts["attributes"].items()}
        return cls(name=name, attributes=attributes, **plain)

    def __iter__(self) -> Iterator[Attribute]:
        return iter(self.attributes.values())

    def __hash__(self) -> int:
        return hash(self.name)

    @property
    def is_binding(self) -> bool:
        """It binds something to a parent (or globally)."""
        return self.parent is not None

    @property
    def is_global(self) -> bool:
        """A binding without a parent object: it binds to the appliance as a whole."""
        return self.parent is not None and self.url_key is None

    @cached_property
    def main_key(self) -> str | None:
        """The key that people file an object under; None for singletons and global bindings."""
        return self.url_key or (self.keys[0] if self.keys and not self.is_binding else None)

    @property
    def manageable(self) -> bool:
        """It can be brought into a desired state: created, updated or switched."""
        if self.view or self.aggregate_of:
            return False
        return bool(self.operations & {"add", "update"}) or self.switches is not None

    @cached_property
    def row_keys(self) -> tuple[str, ...]:
        """What identifies a binding row within its parent; for other kinds its keys."""
        return tuple(key for key in self.keys if key != self.url_key) if self.is_binding else self.keys

    @cached_property
    def secrets(self) -> frozenset[str]:
        """Names of the attributes that must never be shown."""
        return frozenset(a.name for a in self if a.secret)

    @property
    def readable(self) -> bool:
        """It can be read back (PROTOCOL 8.6 names those that cannot)."""
        return bool(self.operations & {"get", "get_all"})

    @cached_property
    def _spellings(self) -> Mapping[str, str]:
        spelled = {name.lower(): name for name in self.attributes}
        return {alt.lower(): a.name for a in self for alt in a.alt} | spelled

    def attribute(self, name: str) -> Attribute | None:
        """The attribute of that name, in any case and in any spelling that the catalogue knows."""
        canonical = self._spellings.get(name.lower())
        return self.attributes[canonical] if canonical else None

    @cached_property
    def _units(self) -> Mapping[str, str]:
        """Name of a unit attribute → the attribute that it belongs to; both directions for the owner itself."""
        owners = {a.unit: a.name for a in self if a.unit}
        return owners | {name: name for name in owners.values()}

    @cached_property
    def _alternatives(self) -> tuple[tuple[int, ...], ...]:
        """Places in the key of the keys that exclude each other."""
        return tuple(tuple(map(self.keys.index, group)) for group in self.one_of if set(group) <= set(self.keys))

    def identity(self, values: Values) -> tuple[str, ...]:
        """The key values as text: addresses and numbers in canonical form, "" where one is not given or is the default
        (a GET shows ``td`` "0" and ``snicert`` false where the document says nothing). Of alternative keys (a member's
        ``ip`` or ``servername``) the first given one counts."""
        return self.identities(values)[0]

    def identities(self, observed: Values) -> tuple[tuple[str, ...], ...]:
        """Every identity that a row as read answers to: one for each alternative key that it shows. A member bound by
        name is read with its address as well, so a document may mean it by either."""
        texts = []
        for key, attribute, plain in self._key_attributes:
            value = observed.get(key)
            if plain and value.__class__ is str and ":" not in value:  # nearly every key there is
                texts.append(value)
            else:
                texts.append(part(attribute, value))
        if not self._alternatives:
            return (tuple(texts),)
        found = [tuple(texts)]
        for group in self._alternatives:
            found = [one for identity in found for one in one_each(identity, group)]
        return tuple(found)

    @cached_property
    def _key_attributes(self) -> tuple[tuple[str, Attribute, bool], ...]:
        return tuple((key, self.attributes[key], self.attributes[key].plain_text) for key in self.keys)

    def same(self, name: str, desired: Values, observed: Values) -> bool:
        """Does attribute ``name`` mean the same on both sides? Knows values that carry a unit (PROTOCOL 8.3)."""
        attribute = self.attributes[name]
        owner = self._units.get(name)
        if owner is not None and desired.get(owner) is not None:
            return self._same_with_unit(self.attributes[owner], desired, observed)
        value = self.default(attribute, observed) if desired.get(name) is None else desired[name]
        return attribute.same(value, observed.get(attribute.get_as or name, observed.get(name)))

    def default(self, attribute: Attribute, observed: Values) -> Any:
        """What ``attribute`` goes back to when it is unset; None where that is nothing, or nobody knows."""
        for other, defaults in attribute.default_by.items():
            chosen = str(observed.get(self.attributes[other].read_name, "")).upper()
            return defaults.get(chosen, defaults.get(""))
        return attribute.default

    def _same_with_unit(self, attribute: Attribute, desired: Values, observed: Values) -> bool:
        left, right = self._seconds(attribute, desired), self._seconds(attribute, observed)
        if left is None or right is None:
            return attribute.same(desired.get(attribute.name), observed.get(attribute.name))
        return left == right

    def _seconds(self, attribute: Attribute, values: Values) -> float | None:
        value, unit = values.get(attribute.name), values.get(attribute.unit or "") or "SEC"
        number = number_of(attribute.default if value is None else value)
        factor = SECONDS.get(str(unit).upper())
        return None if number is None or factor is None else round(number * factor, 3)

    def enabled(self, observed: Values) -> bool | None:
        """Administrative state of an object as read; None where the kind has none (PROTOCOL 7.5)."""
        shown = observed.get(self.state["read"]) if self.state else None
        if shown is None:
            return None
        return str(shown).upper() not in self.state["disabled"]


def _frozen(value: Any) -> Any:
    return tuple(_frozen(item) for item in value) if isinstance(value, list) else value


def _attribute(name: str, facts: Mapping[str, Any]) -> Attribute:
    plain = {key: _frozen(value) for key, value in facts.items() if key not in ("default", "on", "required")}
    return Attribute(
        name=name,
        default=facts.get("default"),
        on=frozenset(facts.get("on", ())),
        required=frozenset(facts.get("required", ())),
        **plain,
    )
