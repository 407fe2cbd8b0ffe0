# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""NetScaler for Pulumi: every NITRO kind as a typed resource, over the same core as the Ansible collection.

``lb``, ``cs``, ``basic``, ``ssl`` and so on have the classes of a NITRO package; the usual ones are here as well.
Nothing is loaded before it is used.
"""

from __future__ import annotations

import json
import sys
from functools import cache as _cache  # "cache" is a NITRO package
from importlib import import_module
from pathlib import Path
from typing import Any

_OWN = {
    "Bindings": "sets",
    "Config": "whole",
    "Frontend": "frontend",
    "Members": "sets",
    "NitroResource": "resource",
    "Provider": "target",
    "SavedConfig": "saved",
}
__version__: str


def _class_name(kind: str) -> str:
    return "".join(part.capitalize() for part in kind.split("_"))


def __getattr__(name: str) -> Any:
    if name in _OWN:
        found = getattr(import_module(f".sdk.{_OWN[name]}", __name__), name)
    elif name == "__version__":
        found = import_module("nitrox").__version__
    else:
        package = _usual().get(name)
        found = getattr(import_module(f".{package}", __name__), name) if package else _submodule(name)
    setattr(sys.modules[__name__], name, found)
    return found


@_cache
def _usual() -> dict[str, str]:
    """Class or lookup of an usual kind → its package."""
    listed = json.loads((Path(__file__).parent / "usual.json").read_text(encoding="utf-8"))
    kinds = {kind: package for package, names in listed.items() for kind in names}
    return {word: package for kind, package in kinds.items() for word in (_class_name(kind), f"get_{kind}")}


def _submodule(name: str) -> Any:
    try:
        return import_module(f".{name}", __name__) if not name.startswith("_") else _refuse(name)
    except ModuleNotFoundError as error:
        if error.name != f"{__name__}.{name}":
            raise
        return _refuse(name)


def _refuse(name: str) -> Any:
    raise AttributeError(f"module {__name__!r} has no {name!r}; classes of kinds are in the submodules of their NITRO packages")


def __dir__() -> list[str]:
    return sorted([*_OWN, *_usual(), *_usual().values()])
