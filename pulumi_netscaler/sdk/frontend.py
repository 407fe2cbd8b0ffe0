# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""A frontend as a component: the short form for people, expanded by the core to ordinary resources."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from weakref import WeakKeyDictionary

import pulumi
from pulumi.runtime.settings import get_monitor

from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro import catalogue
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.desired import Desired
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.document import Document, parse
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.errors import InvalidDocument
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.frontends import expand

from .held import Held
from .resource import NitroResource
from .sets import Bindings

Identity = tuple[str, tuple[str, ...]]
Shared = dict[tuple[str, str], tuple[pulumi.Resource, dict[str, Any]]]
_made: WeakKeyDictionary[Any, dict[str, Shared]] = (
    WeakKeyDictionary()
)  # by the engine's end of a run: one process may have several


class Frontend(pulumi.ComponentResource):
    """An address that answers a protocol, with back ends behind it: the same words as ``frontends:`` of a document.

    ``Frontend("shop", address="203.0.113.10", protocol="HTTPS", certificate="shop", backends=[…])``. Its name is the resource's
    unless ``name`` says otherwise. Every object that it comes to is a resource below it; ``children`` has them by kind and name.
    Outputs may stand for texts (the address, a password); what is looked at to know which objects there are has to be plain.
    """

    def __init__(
        self, resource_name: str, *, name: str | None = None, opts: pulumi.ResourceOptions | None = None, **words: Any
    ) -> None:
        super().__init__("netscaler:index:Frontend", resource_name, {}, opts)
        self.children: dict[tuple[str, str], pulumi.Resource] = {}
        held = Held()
        plain = _expanded(name or resource_name, held.out_of(words))
        document, kinds = _document(plain), held.back_into(plain)
        made: dict[Identity, pulumi.Resource] = {}
        for layer in document.layers():
            for wanted in layer:
                above = [made[one] for one in document.references(wanted) if one in made]
                made[wanted.kind.name, wanted.key] = self._object(wanted, kinds, above)
        for wanted in document.objects:
            self._sets(wanted, kinds, [made[wanted.kind.name, wanted.key], *_named(wanted, document, made)])
        self.address: pulumi.Output[Any] = pulumi.Output.from_input(words.get("address"))
        self.register_outputs({"address": self.address})

    def _object(self, wanted: Desired, kinds: Mapping[str, Any], above: Iterable[pulumi.Resource]) -> pulumi.Resource:
        """The resource of one object; one that another frontend of the program has already is shared."""
        given = _given(kinds, wanted)
        shared = _shared(self._provider_key())
        known = shared.get((wanted.kind.name, _name(wanted)))
        if known is not None and known[1] == given:
            return known[0]
        named = {str(wanted.kind.main_key): _name(wanted)} if wanted.kind.keys else {}
        opts = pulumi.ResourceOptions(parent=self, depends_on=list(above))
        child = NitroResource(self._child(wanted), wanted.kind.name, {**named, **given}, opts=opts)
        shared[wanted.kind.name, _name(wanted)] = (child, given)
        self.children[wanted.kind.name, _name(wanted)] = child
        return child

    def _sets(self, wanted: Desired, kinds: Mapping[str, Any], above: list[pulumi.Resource]) -> None:
        sets = _entry(kinds, wanted).get("bindings") or {}
        for short, rows in sets.items():
            opts = pulumi.ResourceOptions(parent=self, depends_on=above)
            name, kind = f"{self._child(wanted)}-{short}", wanted.kind.name
            child = Bindings(name, parent_kind=kind, parent=_name(wanted), kind=short, rows=rows, opts=opts)
            self.children[f"{wanted.kind.name}.{short}", _name(wanted)] = child

    def _child(self, wanted: Desired) -> str:
        """The name of an object's resource: its own name, where that begins as the frontend's."""
        own, name = self.pulumi_resource_name, _name(wanted) or wanted.kind.name
        return name if name == own or name.startswith((f"{own}-", f"{own}_")) else f"{own}-{name}"

    def _provider_key(self) -> str:
        provider = self.get_provider("pulumi-python::")
        return provider.pulumi_resource_name if provider else ""


def _expanded(name: str, words: Mapping[str, Any]) -> Mapping[str, Any]:
    """Kind → name → attributes. Raises `ValueError` with every problem."""
    found = expand({name: {word: value for word, value in words.items() if value is not None}})
    if found.problems:
        raise ValueError("; ".join(str(problem).removeprefix("frontends.") for problem in found.problems))
    return found.kinds


def _document(kinds: Mapping[str, Any]) -> Document:
    """The objects with their references; what is an output is only its stand-in here."""
    try:
        return parse(kinds)
    except InvalidDocument as error:
        raise ValueError("; ".join(str(problem) for problem in error.problems)) from None


def _name(wanted: Desired) -> str:
    """What it is filed under; "" for what there is one of only."""
    return str(wanted.values.get(wanted.kind.main_key or "", ""))


def _entry(kinds: Mapping[str, Any], wanted: Desired) -> Mapping[str, Any]:
    given = kinds[wanted.kind.name]
    found: Mapping[str, Any] = given[_name(wanted)] if wanted.kind.keys else given
    return found


def _given(kinds: Mapping[str, Any], wanted: Desired) -> dict[str, Any]:
    return {name: value for name, value in _entry(kinds, wanted).items() if name != "bindings"}


def _named(wanted: Desired, document: Document, made: Mapping[Identity, pulumi.Resource]) -> list[pulumi.Resource]:
    """The resources of everything that the rows of an object name."""
    found = [made[one] for one in document.references(wanted) if one in made]
    for name, bound in wanted.bindings.items():
        naming = [attribute for attribute in catalogue.kind(name) if attribute.ref]
        for attribute, row in ((attribute, row) for attribute in naming for row in bound):
            asked = ((kind, (str(row.get(attribute.name)),)) for kind in attribute.ref)
            found += [made[one] for one in asked if one in made]
    return list(dict.fromkeys(found))


def _shared(provider: str) -> Shared:
    """What the frontends of this run have made on one target: two of them may have the same authority's certificate."""
    return _made.setdefault(get_monitor(), {}).setdefault(provider, {})
