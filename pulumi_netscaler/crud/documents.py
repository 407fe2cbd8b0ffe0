# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Documents that are resources: what is in one, what a newer one drops, and what a plan from the one to the other says. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from pulumi.output import Unknown

from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro import catalogue
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.desired import Desired, Problem, mask
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.document import Document, parse
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.errors import InvalidDocument
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.kind import Kind, Values
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.observation import Absent, Observation, Present
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.observe import Identity, Observed
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.value import hidden


def read(data: Any) -> tuple[Document | None, list[Problem]]:
    """The document, or what is wrong with it. What is not known yet is left out, and so is every complaint about an object of
    which something is not known."""
    unknown: list[str] = []
    known = _known(data, "", unknown)
    try:
        return parse(known), []
    except InvalidDocument as error:
        return None, [problem for problem in error.problems if not _excused(problem, unknown)]


def listed(document: Document) -> dict[str, Any]:
    """ "lbvserver web" → its attributes and bindings, secrets masked: every object, for a preview."""
    found: dict[str, Any] = {}
    for wanted in document.objects:
        shown = dict(mask(wanted.kind, {name: value for name, value in wanted.values.items() if name not in wanted.kind.keys}))
        for name, rows in wanted.bindings.items():
            kind = catalogue.kind(name)
            shown[kind.binds or name] = [_row(kind, row) for row in rows]
        found[f"{wanted.kind.name} {wanted.name}".rstrip()] = shown
    for name, rows in document.globals.items():
        found[name] = [_row(catalogue.kind(name), row) for row in rows]
    return found


def as_observed(document: Document) -> Observed:
    """The appliance as it would be if just this document were there: what the last state says."""
    objects: dict[Identity, Observation] = {}
    rows: dict[tuple[str, str], tuple[Values, ...]] = {}
    for wanted in document.objects:
        if wanted.kind.is_binding:
            continue
        objects[wanted.kind.name, wanted.key] = Present(_read(wanted))
        parent = str(wanted.values.get(str(wanted.kind.main_key), ""))
        rows.update({(name, parent): bound for name, bound in wanted.bindings.items()})
    rows.update({(name, ""): bound for name, bound in document.globals.items()})
    return Observed(objects, {key: tuple(map(dict, bound)) for key, bound in rows.items()})


def completed(new: Document, old: Document) -> Document:
    """The new document, with null for every attribute and an empty list for every set that the old one had and it has not."""
    objects = tuple(_completed(wanted, old.by_key.get((wanted.kind.name, wanted.key))) for wanted in new.objects)
    dropped = {name: () for name in old.globals if name not in new.globals}
    return replace(new, objects=objects, globals={**new.globals, **dropped})


def dropped(new: Document | None, old: Document, spared: frozenset[str]) -> tuple[Desired, ...]:
    """Deletions of what the old document had and the new one has not. ``spared`` was there before; features stay on, since
    others may need them."""
    kept = new.by_key if new else {}
    gone = [one for identity, one in old.by_key.items() if identity not in kept and not one.kind.switches]
    rows = [(catalogue.kind(name), row) for name, bound in old.globals.items() for row in bound] if new is None else []
    doomed = [replace(one, bindings={}, present=False, rename_from=None) for one in gone if label(one) not in spared]
    return (*doomed, *(Desired(kind, row, present=False) for kind, row in rows))


def says_more(new: Document, old: Document) -> bool:
    """Does the new document manage something that the old one did not? Nobody knows how that is now."""
    for wanted in new.objects:
        before = old.by_key.get((wanted.kind.name, wanted.key))
        if before is None or wanted.values.keys() - before.values.keys() or wanted.bindings.keys() - before.bindings.keys():
            return True
    return bool(new.globals.keys() - old.globals.keys())


def label(wanted: Desired) -> str:
    """ "lbvserver web" """
    return f"{wanted.kind.name} {wanted.name}".rstrip()


def absent(document: Document, observed: Observed) -> bool:
    """Is nothing of it left?"""
    own = [one for one in document.objects if one.kind.keys and not one.kind.is_binding and not one.kind.implicit]
    return bool(own) and all(isinstance(observed.objects.get((one.kind.name, one.key)), Absent) for one in own)


def _completed(wanted: Desired, old: Desired | None) -> Desired:
    if old is None or wanted.kind.is_binding or wanted.kind.switches:
        return wanted
    kind = wanted.kind
    gone = [name for name in old.values if name not in wanted.values and "unset" in kind.attributes[name].on]
    sets: dict[str, Any] = {name: () for name in old.bindings if name not in wanted.bindings}
    return replace(wanted, values={**wanted.values, **dict.fromkeys(gone)}, bindings={**wanted.bindings, **sets})


def _read(wanted: Desired) -> dict[str, Any]:
    """As a GET would show it."""
    kind = wanted.kind
    shown = {name: value for name, value in wanted.values.items() if value is not None and not hidden(kind.attributes[name])}
    if wanted.state:
        words = kind.state["disabled"]
        shown[kind.state["read"]] = "ENABLED" if wanted.state == "ENABLED" else words[0]
    return shown


def _row(kind: Kind, row: Values) -> Any:
    shown = {name: value for name, value in mask(kind, row).items() if name != kind.url_key}
    return shown[kind.bind_key] if kind.bind_key and set(shown) == {kind.bind_key} else dict(shown)


def _known(data: Any, path: str, unknown: list[str]) -> Any:
    if isinstance(data, Mapping):
        found = {name: _known(value, f"{path}.{name}" if path else str(name), unknown) for name, value in data.items()}
        return {name: value for name, value in found.items() if not isinstance(value, Unknown)}
    if isinstance(data, (list, tuple)):
        items = [_known(value, f"{path}[{number}]", unknown) for number, value in enumerate(data)]
        return [item for item in items if not isinstance(item, Unknown)]
    if isinstance(data, Unknown):
        unknown.append(path)
    return data


def _excused(problem: Problem, unknown: list[str]) -> bool:
    """Is it about an object of which something is not known yet?"""
    above = [path.rpartition(".")[0] for path in unknown]
    return any(problem.path == path or path.startswith(f"{problem.path}.") or problem.path == "" for path in (*above, *unknown))
