# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Resource classes from the catalogue, made when they are first asked for."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from functools import cache, partial
from typing import Any

import pulumi

from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro import catalogue
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.kind import Attribute, Kind
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.validate import unmanageable
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.value import nearest
from pulumi_netscaler import naming

from .resource import TypedResource

GET = "get_"


@cache
def resource_class(name: str) -> type[TypedResource]:
    """The class of a kind's resources."""
    kind = catalogue.kind(name)
    space = {
        "NITRO_KIND": name,
        "__doc__": f"{name} of the NITRO package {kind.package}; ``nitrox describe {name}`` prints its attributes.",
        "__module__": f"pulumi_netscaler.{naming.module_name(kind.package)}",
        "__annotations__": {a.name: pulumi.Output[_numbers(a)] for a in kind if _numbers(a)},  # type: ignore[misc]  # made at run time
    }
    return type(naming.class_name(name), (TypedResource,), space)


def lazily(package: str) -> tuple[Callable[[str], Any], Callable[[], list[str]]]:
    """``__getattr__`` and ``__dir__`` of the submodule of a NITRO package: its classes, and ``get_…`` for lookups."""
    return partial(_found, package), partial(_names, package)


def _found(package: str, name: str) -> Any:
    module = f"pulumi_netscaler.{naming.module_name(package)}"
    kinds = naming.classes(package)
    kind_name = name[len(GET) :] if name.startswith(GET) else kinds.get(name, "")
    if kind_name not in kinds.values():
        near = nearest(name, kinds) if not name.startswith("_") else ""
        raise AttributeError(f"module {module!r} has no {name!r}" + (f" (did you mean {near}?)" if near else ""))
    kind = catalogue.kind(kind_name)
    if refusal := unmanageable(kind):
        raise AttributeError(f"{module}.{name}: {refusal}")
    found = _lookup(kind) if name.startswith(GET) else resource_class(kind_name)
    setattr(sys.modules[module], name, found)
    return found


def _names(package: str) -> list[str]:
    kinds = [name for name in naming.classes(package).values() if not unmanageable(catalogue.kind(name))]
    return sorted([*map(naming.class_name, kinds), *(f"{GET}{name}" for name in kinds)])


def _lookup(kind: Kind) -> Callable[..., Any]:
    from .lookup import lookup  # most programs look nothing up

    def get(*keys: Any, opts: pulumi.InvokeOptions | None = None, **named: Any) -> pulumi.Output[dict[str, Any]]:
        return lookup(kind, keys, named, opts)

    get.__name__ = get.__qualname__ = f"{GET}{kind.name}"
    get.__doc__ = f"All attributes of the {kind.name} with these keys ({', '.join(kind.keys) or 'none'}), as they are now."
    return get


def _numbers(attribute: Attribute) -> Any:
    """The type of what would come back as a float: Pulumi has no other numbers. None for everything else."""
    if attribute.type == "integer":
        return int
    return Sequence[int] if attribute.type == "array" and attribute.items == "integer" else None
