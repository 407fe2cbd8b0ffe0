# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Documents that replace: what they do not name goes back to its default. Pure."""

from __future__ import annotations

from dataclasses import replace

from .desired import Desired
from .document import Document
from .observe import Observed


def replaced(document: Document, observed: Observed) -> Document:
    """``document`` with null for every attribute that it does not name, can be unset, and is not at its known default."""
    return replace(document, objects=tuple(_replaced(item, observed) for item in document.objects))


def _replaced(item: Desired, observed: Observed) -> Desired:
    kind = item.kind
    if not item.present or kind.is_binding or kind.switches:
        return item
    found = observed.values(kind, item.key)
    if found is None:
        return item
    blank = {
        attribute.name: None
        for attribute in kind
        if attribute.name not in item.values
        and attribute.default is not None
        and "unset" in attribute.on
        and not kind.same(attribute.name, {attribute.name: attribute.default}, found)
    }
    return replace(item, values={**item.values, **blank})
