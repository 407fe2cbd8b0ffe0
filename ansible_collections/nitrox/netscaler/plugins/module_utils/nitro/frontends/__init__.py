# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""`frontends:`, the short form for people. It expands to ordinary kinds; nothing else in the core knows about it.

A frontend is an address that answers a protocol, back ends with members behind it, and routes by host and path between
them. Without routes it is one load balancing vserver; with routes a content switching vserver in front of one
(non-addressable) load balancing vserver a back end. `KNOWN` has the words of a frontend.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..value import called
from .fields import ENTITY, LONGEST_NAME, Expansion, Fields
from .frontend import KNOWN, Frontend

__all__ = ["KNOWN", "Expansion", "expand"]


def expand(given: Any, path: str = "frontends") -> Expansion:
    """Expand ``given`` (name → frontend, or a list of frontends with ``name``) to kinds. Problems are collected, not raised."""
    out = Expansion()
    if isinstance(given, (list, tuple)):
        entries = [(f"{path}[{number}]", _name(item), item) for number, item in enumerate(given)]
    elif isinstance(given, Mapping):
        entries = [(f"{path}.{name}", name, item) for name, item in given.items()]
    else:
        out.problem(path, f"frontends by name are wanted, not {'null' if given is None else called(given)}", given)
        return out
    for at, name, item in entries:
        if not isinstance(item, Mapping):
            out.problem(at, f"a mapping is wanted, not {'null' if item is None else called(item)}", item)
        elif not isinstance(name, str) or not ENTITY.fullmatch(name):
            out.problem(at, "not a legal name: letters, digits and _ # . space : @ = - are allowed", name)
        elif len(name) > LONGEST_NAME:
            out.problem(at, f"{len(name)} characters, at most {LONGEST_NAME} are allowed", name)
        else:
            Frontend(name, Fields(item, at, out, KNOWN), out).expand()
    return out


def _name(item: Any) -> Any:
    return item.get("name") if isinstance(item, Mapping) else None
