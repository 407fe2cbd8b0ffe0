# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Sets of binding rows, with one request for all of one parent kind (PROTOCOL 6.2).

``GET <parent>_binding`` nests the rows of each binding kind. A kind that is nowhere in the answer may have no rows, or be one
that this release does not nest: it is read by itself.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from . import catalogue
from .errors import Rejected
from .kind import Kind
from .observation import Row
from .session import Session

Sets = dict[Kind, dict[str, list[Row]]]  # binding kind → parent's name → its rows


def own_sets(kind: Kind) -> Iterator[Kind]:
    """The binding kinds that are bound on the side of this kind."""
    for name in kind.bindings:
        binding = catalogue.kind(name)
        if "add" in binding.operations and not binding.view:
            yield binding


def read_sets(session: Session, wanted: Mapping[Kind, Collection[str]]) -> Sets:
    """The rows of these binding kinds (not global ones) for these parents: each parent asked for is in the result.

    Raises when anything could not be read.
    """
    of_parent: dict[str, dict[Kind, Collection[str]]] = {}
    for kind, parents in wanted.items():
        of_parent.setdefault(str(kind.parent), {})[kind] = parents
    found: Sets = {}
    for parent, kinds in of_parent.items():
        nested = _nested(session, parent, kinds) if len(kinds) > 1 else {}
        for kind, names in kinds.items():
            found[kind] = nested.get(kind) or session.read_bindings(kind, names)
    return found


def _nested(session: Session, parent: str, kinds: Mapping[Kind, Collection[str]]) -> Sets:
    """Of ``kinds`` those that the umbrella of their parent kind shows; none where it has no umbrella, or refuses."""
    umbrella = f"{parent}_binding"
    if umbrella not in catalogue.index():
        return {}
    names = list(dict.fromkeys(name for several in kinds.values() for name in several))
    try:
        rows = session.read_bindings(catalogue.kind(umbrella), names)
    except Rejected:
        return {}
    found: Sets = {}
    for kind, several in kinds.items():
        sets = {name: [each for row in rows[name] for each in row.get(kind.wire_name, ())] for name in several}
        if any(sets.values()):
            found[kind] = sets
    return found
