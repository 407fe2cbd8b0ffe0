# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""The plan: what is wanted, less what is there, as ordered steps with their reasons. Pure.

The same plan is check mode, diff mode, a preview and what `apply` does. Stages: features; what has to make room; objects
bottom-up; rows bound, then unbound; objects deleted top-down. Raises before anything is written: the error of a read that
could not tell, or `InvalidDocument` with everything that cannot be done.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from .batch import batches, size
from .change import ROW_VERBS, VERBS, Change, Named, called, kept, masked_sides
from .desired import Desired, Problem
from .document import Document
from .errors import InvalidDocument
from .explain import explained
from .kind import Kind, Values
from .objects import Findings, SecretChanged, Sorted, identifying, nobody_knows, object_changes, rename_change
from .observation import Absent
from .order import BINDS, DELETES, OBJECTS, REPLACE, Identity, creation, deletion
from .rows import set_changes, single_changes
from .switches import switch_changes

if TYPE_CHECKING:
    from .observe import Observed

__all__ = ["Change", "Plan", "make_plan"]
Placed = tuple[int, int, Change]  # stage, order within it, change


@dataclass(frozen=True)
class Plan:
    """Changes in the order in which they are done; ``notes`` say what was not compared."""

    changes: tuple[Change, ...] = ()
    notes: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.changes)

    def __len__(self) -> int:
        return len(self.changes)

    def explain(self) -> list[str]:
        """One line a change, for people, without secrets; then the notes."""
        return explained(self.changes, self.notes)

    def diff(self) -> dict[str, Any]:
        """``{"before": …, "after": …}``: kind → name → attributes, only what changes, secrets masked."""
        before, after = masked_sides(change for change in self.changes if not change.quiet)
        return {"before": before, "after": after}

    @cached_property
    def requests(self) -> int:
        """How many writes `apply` sends if nothing goes wrong (saving not included)."""
        return sum(size(batch) for batch in batches(self.changes))


def noted(plan: Plan, notes: Sequence[str]) -> Plan:
    """``plan`` with more notes."""
    return replace(plan, notes=(*plan.notes, *notes)) if notes else plan


def make_plan(
    document: Document,
    observed: Observed,
    *,
    immutable: str = "refuse",
    secret_changed: SecretChanged = nobody_knows,
) -> Plan:
    """The steps from ``observed`` to ``document``.

    ``immutable``: "refuse" reports an attribute that cannot be changed in place as a problem, "recreate" deletes and creates
    the object. ``secret_changed`` tells of values that cannot be read whether they changed since they were written.
    """
    findings = Findings(immutable, secret_changed)
    findings.problems += [_nothing(one.kinds, one.name, one.path) for one in observed.missing]
    placed = [*_objects(document, observed, findings), *_deletes(document, observed)]
    placed += _rows(document, observed, findings)
    if findings.problems:
        raise InvalidDocument(findings.problems)
    return Plan(_layered(placed), _notes(findings))


def _objects(document: Document, observed: Observed, findings: Findings) -> list[Placed]:
    layers = creation(document)
    new: set[Identity] = set()
    placed: list[Placed] = []
    for wanted in sorted(document.objects, key=lambda one: layers.get((one.kind.name, one.key), 0)):
        values = None if wanted.kind.is_binding else observed.values(wanted.kind, wanted.key)
        layer = layers.get((wanted.kind.name, wanted.key), 0)
        if wanted.kind.switches:
            placed += [(stage, 0, change) for stage, change in switch_changes(wanted, values)]
        elif wanted.kind.is_binding or (not wanted.present and "delete" in wanted.kind.operations):
            continue
        elif not wanted.present:
            placed += [(OBJECTS, layer, change) for change in _unset_all(wanted, values, findings)]
        else:
            placed += _one(wanted, values, observed, findings, layer, new, document)
    return placed


def _one(
    wanted: Desired,
    values: Values | None,
    observed: Observed,
    findings: Findings,
    layer: int,
    new: set[Identity],
    document: Document,
) -> Iterator[Placed]:
    old = observed.values(wanted.kind, wanted.old_key) if wanted.old_key else None
    if old is not None and values is not None:
        text = f"cannot be renamed from {wanted.rename_from}: both exist"
        findings.problems.append(Problem(wanted.path, text))
        return
    if old is not None:
        yield OBJECTS, layer, rename_change(wanted)
        values = {**old, str(wanted.kind.main_key): wanted.values[str(wanted.kind.main_key)]}
    appears = wanted.kind.implicit and bool(new.intersection(document.references(wanted)))
    if wanted.kind.implicit and values is None and set(wanted.values) <= set(wanted.kind.keys):
        return  # only there to carry bindings
    if values is None:
        new.add((wanted.kind.name, wanted.key))
    for stage, change in object_changes(wanted, values, findings, appears=appears):
        yield stage, -layer if stage == REPLACE else layer, change


def _unset_all(wanted: Desired, values: Values | None, findings: Findings) -> list[Change]:
    """What cannot be deleted goes back to its defaults, as far as the document names it (PROTOCOL 6.1)."""
    if values is None:
        return []
    kind = wanted.kind
    names = [name for name in wanted.values if name in kind.keys or "unset" in kind.attributes[name].on]
    blank = replace(wanted, values={name: wanted.values[name] if name in kind.keys else None for name in names}, present=True)
    return Sorted(blank, values, findings).changes()


def _deletes(document: Document, observed: Observed) -> list[Placed]:
    doomed: list[Desired] = []
    for wanted in document.objects:
        if wanted.present or wanted.kind.switches or wanted.kind.is_binding or "delete" not in wanted.kind.operations:
            continue
        values = observed.values(wanted.kind, wanted.key)
        if values is not None:
            named = {a.name: values[a.read_name] for a in wanted.kind if a.ref and values.get(a.read_name)}
            whole = {**named, **kept(wanted.kind, values), **identifying(wanted, values)}
            doomed.append(replace(wanted, values=whole, bindings={}))
    layers = deletion(doomed)
    return [(DELETES, number, _deletion(wanted)) for number, layer in enumerate(layers) for wanted in layer]


def _deletion(wanted: Desired) -> Change:
    kind = wanted.kind
    write = {key: wanted.values[key] for key in (*kind.keys, *kind.delete_args) if key in wanted.values}
    return Change("delete", kind.name, wanted.key, wanted.name, write, kept(kind, wanted.values), {}, "is to be gone")


def _rows(document: Document, observed: Observed, findings: Findings) -> list[Placed]:
    replaced = frozenset(findings.replaced)
    order = creation(document)
    found: list[Placed] = []
    for kind, parent, rows in document.binding_sets():
        if parent is not None and not parent.present:
            continue
        there = observed.rows.get((kind.name, ""), ()) if parent is None else _rows_of(kind, parent, observed, document, replaced)
        renewed = parent is not None and _named(parent) in replaced  # then there is nothing to make room for
        layer = order.get((parent.kind.name, parent.key), 0) if parent is not None else len(order)
        found += [
            (stage, layer, change)
            for stage, change in set_changes(kind, rows, there, replaced=frozenset() if renewed else replaced)
        ]
    for wanted in document.objects:
        if wanted.kind.is_binding:
            there = observed.rows.get((wanted.kind.name, str(wanted.values.get(wanted.kind.url_key or "", ""))), ())
            changes = single_changes(wanted.kind, wanted.values, there, present=wanted.present)
            found += [(stage, len(order), change) for stage, change in changes]
    return _by_kind(found)


def _rows_of(kind: Kind, parent: Desired, seen: Observed, document: Document, replaced: frozenset[Named]) -> Sequence[Values]:
    """What is bound to a parent when its set is brought about: to a new one what it has by itself."""
    name = str(parent.values.get(str(parent.kind.main_key), ""))
    if _named(parent) in replaced or (kind.born_with and _is_new(parent, seen, document)):
        bare = str(parent.values.get("nodefaultbindings")).upper() == "YES"
        return [{str(kind.url_key): name, **row} for row in kind.born_with if not bare]
    there = seen.rows.get((kind.name, name), ())
    if there or not parent.rename_from:
        return there
    return [{**row, str(kind.url_key): name} for row in seen.rows.get((kind.name, parent.rename_from), ())]


def _named(parent: Desired) -> Named:
    return (parent.kind.name, called(parent.values, parent.kind))


def _is_new(parent: Desired, seen: Observed, document: Document) -> bool:
    """Does it come into being with this plan, by itself or with its owner?"""
    if parent.kind.implicit:
        return any(isinstance(seen.objects.get(owner), Absent) for owner in document.references(parent))
    return seen.values(parent.kind, parent.key) is None and not parent.rename_from


def _by_kind(placed: Sequence[Placed]) -> list[Placed]:
    """One place for each binding kind, that of its topmost parent, so that one request can bind all of them."""
    place: dict[tuple[int, str], int] = {}
    for stage, layer, change in placed:
        place[stage, change.kind] = max(layer, place.get((stage, change.kind), 0))
    numbers = {key: number for number, key in enumerate(sorted(place, key=lambda key: (key[0], place[key], key[1])))}
    return [(stage, numbers[stage, change.kind], change) for stage, unused, change in placed]


def _layered(placed: Sequence[Placed]) -> tuple[Change, ...]:
    """In order, with layers numbered from 0."""

    def place(one: Placed) -> tuple[int, int, int, str]:
        stage, layer, change = one
        verbs = ROW_VERBS if stage == BINDS else VERBS
        return stage, layer, verbs.index(change.verb) if change.verb in verbs else 0, change.via or change.kind

    ordered = sorted(placed, key=place)
    numbers: dict[tuple[int, int], int] = {}
    return tuple(replace(change, layer=numbers.setdefault((stage, layer), len(numbers))) for stage, layer, change in ordered)


def _nothing(kinds: tuple[str, ...], name: str, path: str) -> Problem:
    return Problem(path, f"there is no {' or '.join(kinds)} of that name, neither in the document nor on the appliance", name)


def _notes(findings: Findings) -> tuple[str, ...]:
    return tuple(
        f"{kind}: {name} cannot be read back and was not compared ({count} object{'s' * (count != 1)})"
        for (kind, name), count in sorted(findings.uncompared.items())
    )
