# Copyright (c) 2026, The nitrox authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which facts of the catalogue a task needs, for a module that is shipped to a host without the collection."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from .nitro import catalogue
from .nitro.document import Document

Facts = dict[str, dict[str, Any]]
REGISTRY = ("policystringmap",)  # where an owner's registry is kept on the appliance


def named_kinds(module: str, options: Mapping[str, Any], document: Document | None) -> set[str]:
    """The kinds that a task is about. ``document`` is what its options ask for, None for modules that only read."""
    names = {module, str(options.get("kind") or ""), *(options.get("kinds") or ())}
    if document is not None:
        names |= {*document.kinds, *document.globals}
        names |= {name for wanted in document for name in wanted.bindings}
    if options.get("owner"):
        names |= {*REGISTRY, "systemfile"}
    return {name for name in names if name in catalogue.index()}


def facts_for(names: Iterable[str]) -> Facts:
    """The entries of these kinds, of their bindings and parents, and of everything that those name."""
    found: Facts = {}
    for name in names:
        _add(found, name)
        for near in (*found[name].get("bindings", ()), found[name].get("parent")):
            if near:
                _add(found, near)
    for entry in list(found.values()):
        for attribute in entry["attributes"].values():
            for named in attribute.get("ref", ()):
                _add(found, named)
    return found


def _add(found: Facts, name: str) -> None:
    if name in catalogue.index() and name not in found:
        found[name] = catalogue.facts(name)
