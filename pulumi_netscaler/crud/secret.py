# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Values that cannot be read back: whether one changed is told by a salted, slow hash in the resource's outputs."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from typing import Any

from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.desired import Desired
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.document import Document
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.kind import Kind, Values
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.objects import SecretChanged
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.register import digest
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.value import hidden

KEY = "__secrets"


def hashes(kind: Kind, values: Values) -> dict[str, str]:
    """Attribute → "salt:hash", of the values that cannot be read back."""
    return {a.name: _hashed(os.urandom(8).hex(), values[a.name]) for a in kind if hidden(a) and values.get(a.name) is not None}


def changed(known: Any, name: str, value: Any) -> bool:
    """Is this another value than the one of which ``known`` (from `hashes`) has the hash?"""
    from hmac import compare_digest

    found = known.get(name) if isinstance(known, Mapping) else None
    if not isinstance(found, str):
        return True
    return not compare_digest(found, _hashed(found.partition(":")[0], value))


def document_hashes(document: Document) -> dict[str, dict[str, str]]:
    """ "kind name" → `hashes`, of every object that has such values."""
    found = {f"{one.kind.name} {one.name}": hashes(one.kind, one.values) for one in document.objects}
    return {label: known for label, known in found.items() if known}


def document_changed(known: Any) -> SecretChanged:
    """The same question for the objects of a document, of which ``known`` has the hashes."""

    def ask(wanted: Desired, name: str, value: Any) -> bool:
        found = known.get(f"{wanted.kind.name} {wanted.name}") if isinstance(known, Mapping) else None
        return changed(found, name, value)

    return ask


def without(kind: Kind, values: Values) -> dict[str, Any]:
    """The values but for those that cannot be read back."""
    names: Iterable[str] = {a.name for a in kind if hidden(a)}
    return {name: value for name, value in values.items() if name not in names}


def _hashed(salt: str, value: Any) -> str:
    plain = int(value) if isinstance(value, float) and value.is_integer() else value  # the engine makes floats of numbers
    return f"{salt}:{digest(salt, plain)}"
