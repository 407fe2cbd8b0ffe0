# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""In which order: creates bottom-up, deletes top-down, each kind in as few layers as its references allow. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from . import catalogue
from .desired import Desired
from .document import Document
from .kind import Kind
from .references import Graph

Identity = tuple[str, tuple[str, ...]]
# The stages of a plan. Nothing is taken away before what replaces it is there, but for what stands in the way.
FEATURES, FREE, REPLACE, OBJECTS, BINDS, UNBINDS, DELETES, OFF = range(8)


def creation(document: Document) -> dict[Identity, int]:
    """(kind name, key) → layer. A layer has objects of one kind, so that one request can create them; what an object names
    is in a layer before it."""
    waiting: dict[Identity, int] = {}
    named_by: dict[Identity, list[Identity]] = {}
    for item in document.objects:
        me = (item.kind.name, item.key)
        targets = set(document.references(item)) - {me}
        waiting[me] = len(targets)
        for target in targets:
            named_by.setdefault(target, []).append(me)
    return _scheduled(waiting, named_by)


def _scheduled(waiting: dict[Identity, int], named_by: Mapping[Identity, Sequence[Identity]]) -> dict[Identity, int]:
    """Take the kinds one after another, those first of which every object that is left is ready."""
    left = Counter(kind for kind, unused in waiting)
    ready: dict[str, list[Identity]] = {}
    for me, count in waiting.items():
        if not count:
            ready.setdefault(me[0], []).append(me)
    layers: dict[Identity, int] = {}
    while ready:
        kind = min(ready, key=lambda name: left[name] - len(ready[name]))
        number = len(set(layers.values())) if not layers else max(layers.values()) + 1
        for me in ready.pop(kind):
            layers[me] = number
            left[kind] -= 1
            for above in named_by.get(me, ()):
                waiting[above] -= 1
                if not waiting[above]:
                    ready.setdefault(above[0], []).append(above)
    return layers


def deletion(doomed: Sequence[Desired]) -> list[list[Desired]]:
    """Layers of one kind each, top-down: what names others goes before them.

    ``doomed`` carry the values as read. What they bind is not known here, so a kind that can bind another one goes first.
    """
    graph = Graph(doomed)
    depth = {id(item): number for number, layer in enumerate(graph.layers()) for item in layer}
    kinds = {item.kind.name: item.kind for item in doomed}
    below = {name: _can_bind(kind, kinds) for name, kind in kinds.items()}
    for item in doomed:
        below[item.kind.name] |= {kind for kind, unused in graph.references(item)} - {item.kind.name}
    layers = []
    while kinds:
        used = {name: sum(name in below[other] for other in kinds if other != name) for name in kinds}
        top = min(kinds, key=lambda name: used[name])
        del kinds[top]
        layers.append(sorted((one for one in doomed if one.kind.name == top), key=lambda one: -depth.get(id(one), 0)))
    return layers


def _can_bind(kind: Kind, among: Mapping[str, Kind]) -> set[str]:
    found: set[str] = set()
    for name in kind.bindings:
        binding = catalogue.kind(name)
        if "add" in binding.operations and binding.url_key and binding.readable:
            found |= {ref for key in binding.row_keys for ref in binding.attributes[key].ref if ref in among}
    return found - {kind.name}
