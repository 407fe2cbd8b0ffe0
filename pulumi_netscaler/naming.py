# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""How kinds, attributes and objects are called in Pulumi: class names, type tokens, Python names, resource ids. Pure."""

from __future__ import annotations

import ast
import keyword
from collections.abc import Mapping
from functools import cache
from typing import Any
from urllib.parse import quote, unquote

from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro import catalogue
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.kind import Attribute, Kind, Values

TOKEN = "pulumi-python:dynamic/netscaler"
# Members of a resource class, and words of our constructors: a NITRO attribute of that name gets an underscore behind it.
TAKEN = frozenset({*keyword.kwlist, "id", "urn", "get", "opts", "adopt"})


def class_name(kind: str) -> str:
    """``lbvserver_servicegroup_binding`` → ``LbvserverServicegroupBinding``."""
    return "".join(part[:1].upper() + part[1:] for part in kind.split("_"))


@cache
def classes(package: str) -> Mapping[str, str]:
    """Class name → kind name, of every kind of a NITRO package."""
    return {class_name(name): name for name, where in catalogue.index().items() if where == package}


@cache
def packages() -> frozenset[str]:
    """The NITRO packages, under the names of their submodules (`module_name`)."""
    return frozenset(map(module_name, catalogue.index().values()))


def module_name(package: str) -> str:
    """The submodule that has the classes of a NITRO package."""
    return package.lower()


def token(kind: Kind) -> str:
    """The Pulumi type of a kind's resources. A frozen contract: states name it."""
    return f"{TOKEN}/{module_name(kind.package)}:{class_name(kind.name)}"


def python_name(attribute: str) -> str:
    """What an attribute is called in Python."""
    return f"{attribute}_" if attribute in TAKEN else attribute


def wire_name(name: str) -> str:
    """The attribute's own name, from its Python name."""
    return name[:-1] if name.endswith("_") and name[:-1] in TAKEN else name


def resource_id(kind: Kind, values: Values) -> str:
    """The id of an object: its keys, each fit for a URL, joined by slashes; of a singleton the kind's name."""
    parts = [quote(part, safe=":@") for part in kind.identity(values)]
    return "/".join(parts).rstrip("/") or kind.name


def keys_of(kind: Kind, id_: str) -> dict[str, Any]:
    """The key attributes in an id; the opposite of `resource_id`."""
    if not kind.keys:
        return {}
    parts = [unquote(part) for part in id_.split("/")]
    return {name: _key(kind.attributes[name], part) for name, part in zip(kind.keys, parts, strict=False) if part}


def _key(attribute: Attribute, text: str) -> Any:
    try:
        return ast.literal_eval(text) if attribute.type == "array" else text
    except (SyntaxError, ValueError):  # one thing is a list of one
        return text
