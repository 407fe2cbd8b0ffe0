# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""The base of every resource: any NITRO kind by its name, with its attributes under their own names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self

import pulumi

from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro import catalogue
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.kind import Kind
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.validate import unmanageable
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.value import nearest
from pulumi_netscaler import naming, provider

Attributes = Mapping[str, Any]


class Managed(pulumi.CustomResource):
    """A resource with its provider. Not `pulumi.dynamic.Resource`: that one pickles its provider again for every resource,
    one frame deeper each time, and dies near the thousandth."""

    def __init__(
        self,
        type_: str,
        name: str,
        properties: Attributes,
        opts: pulumi.ResourceOptions | None,
        *,
        provided_by: str,
        adopt: bool | None = None,
    ) -> None:
        inputs: dict[str, Any] = {**properties, "__name": name, "__provider": provider.reference(provided_by)}
        if adopt is not None:
            inputs["__adopt"] = adopt
        super().__init__(type_, name, inputs, opts)

    def translate_input_property(self, prop: str) -> str:
        """Python's name of an attribute → NITRO's."""
        return naming.wire_name(prop)

    def translate_output_property(self, prop: str) -> str:
        """NITRO's name of an attribute → Python's."""
        return naming.python_name(prop)


class ObjectResource(Managed):
    """One object or binding row. Every attribute of its kind is an output; those that are not given are None."""

    def _declare(
        self, name: str, kind: Kind, attributes: dict[str, Any], adopt: bool | None, opts: pulumi.ResourceOptions | None
    ) -> None:
        self.__dict__["_kind"] = kind
        given = {word: value for word, value in attributes.items() if value is not None}
        secrets = kind.secrets & {naming.wire_name(word) for word in given}
        for word in given:
            if naming.wire_name(word) in secrets:
                given[word] = pulumi.Output.secret(given[word])
        if not (opts and opts.id) and _is_named(kind, given):
            given = {naming.python_name(str(kind.main_key)): name, **given}
        hidden = pulumi.ResourceOptions(additional_secret_outputs=["__secrets"]) if secrets else None
        super().__init__(
            naming.token(kind),
            name,
            given,
            pulumi.ResourceOptions.merge(opts, hidden) if hidden else opts,
            provided_by=kind.name,
            adopt=adopt,
        )

    if not TYPE_CHECKING:  # the stubs know the attributes

        def __getattr__(self, name: str) -> Any:
            """An attribute that was not given: an output that is None."""
            kind = self.__dict__.get("_kind")
            if kind is None or name.startswith("_"):
                raise AttributeError(name)
            if naming.wire_name(name) in kind.attributes:
                return pulumi.Output.from_input(None)
            near = nearest(name, kind.attributes)
            raise AttributeError(f"{kind.name} has no attribute {name}" + (f" (did you mean {near}?)" if near else ""))

    @classmethod
    def _got(cls, name: str, kind: Kind, id_: pulumi.Input[str], opts: pulumi.ResourceOptions | None) -> Self:
        """The resource of an object that exists, read and not managed."""
        found = cls.__new__(cls)
        wanted = {naming.python_name(attribute): None for attribute in kind.attributes}
        found.__dict__["_kind"] = kind
        options = pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(id=id_))
        Managed.__init__(found, naming.token(kind), name, {**wanted, "__get": True}, options, provided_by=kind.name)
        return found


class NitroResource(ObjectResource):
    """One object, or one binding row, of any NITRO kind.

    ``NitroResource("web", kind="lbvserver", attributes={"servicetype": "HTTP"})`` is the same as ``lb.Lbvserver("web",
    servicetype="HTTP")``: the same type, the same state. The name of the object is the resource's own unless it is given.
    """

    def __init__(
        self,
        resource_name: str,
        kind: str,
        attributes: Attributes | None = None,
        *,
        adopt: bool | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        self._declare(resource_name, _manageable(kind), dict(attributes or {}), adopt, opts)

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> pulumi.Output[Any]: ...


class TypedResource(ObjectResource):
    """The base of the classes that are made from the catalogue: ``NITRO_KIND`` says of what kind."""

    NITRO_KIND = ""

    def __init__(
        self, resource_name: str, /, *, adopt: bool | None = None, opts: pulumi.ResourceOptions | None = None, **attributes: Any
    ) -> None:
        self._declare(resource_name, _manageable(self.NITRO_KIND), attributes, adopt, opts)

    @classmethod
    def get(cls, resource_name: str, id: pulumi.Input[str], opts: pulumi.ResourceOptions | None = None) -> Self:  # noqa: A002  # Pulumi's own word
        """An object that exists and that this program does not manage, with all its attributes. The id is its name; of a
        composite key its parts, joined by slashes."""
        return cls._got(resource_name, _manageable(cls.NITRO_KIND), id, opts)


def _manageable(name: str) -> Kind:
    """The kind, or `ValueError` with the reason why there can be no resource of it."""
    from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.errors import UnknownKind

    try:
        kind = catalogue.kind(name)
    except UnknownKind as error:
        raise ValueError(str(error)) from None
    refusal = unmanageable(kind)
    if refusal:
        raise ValueError(f"{name}: {refusal}")
    return kind


def _is_named(kind: Kind, given: Attributes) -> bool:
    """Is it known by a name that is not given? Binding rows are not; nor is what has a number or an address for a key."""
    main = kind.main_key
    if main is None or kind.is_binding or kind.singleton or naming.python_name(main) in given:
        return False
    attribute = kind.attributes[main]
    others = {name for group in kind.one_of if main in group for name in group}
    is_name = attribute.named is not None or main.endswith("name")
    return is_name and attribute.type == "string" and not any(given.get(name) is not None for name in others)
