# Copyright (c) 2026, The nitrox authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading and saving: the modules that need no document."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from .front_document import Task
from .front_failure import Failure
from .nitro import catalogue, wire
from .nitro.desired import Desired, Problem, mask
from .nitro.document import Document, to_data
from .nitro.errors import InvalidDocument, UnknownKind
from .nitro.export import declared
from .nitro.kind import Kind
from .nitro.observation import Present, Row, Unknown
from .nitro.session import FEW, Session
from .nitro.sets import read_sets

Result = dict[str, Any]
Rows = list[Row]


def config_info(task: Task, session: Session) -> Result:
    """Objects of some kinds as the appliance shows them, and as a document that would bring them back."""
    names = [str(name) for name in task.options.get("names") or ()]
    kinds = _kinds(task.options["kinds"])
    sets = _binding_kinds(kinds, task.options.get("bindings") or ())
    objects = {kind.name: _objects(session, kind, names) for kind in kinds}
    read = read_sets(session, {kind: _names(parent, objects[parent]) for parent, kind in sets if objects[parent]})
    rows = {kind.name: read.get(kind, {}) for unused, kind in sets}
    found: dict[str, Any] = {name: _masked(name, several) for name, several in objects.items()}
    bound = {kind.name: _masked(kind.name, [row for one in rows[kind.name].values() for row in one]) for unused, kind in sets}
    document = Document(tuple(_desired(kind, row, sets, rows) for kind in kinds for row in objects[kind.name] if kind.manageable))
    result = {"changed": False, "objects": {**found, **bound}, "document": to_data(document) if document.objects else {}}
    query = task.options.get("query")
    return {**result, "result": _queried(query, result["objects"])} if query else result


def _queried(query: str, data: Any) -> Any:
    import jmespath

    try:
        return jmespath.search(query, data)
    except jmespath.exceptions.JMESPathError as error:
        raise Failure(f"query: {' '.join(str(error).split())}") from error


def _kinds(names: Collection[str]) -> list[Kind]:
    found, problems = [], []
    for name in dict.fromkeys(names):
        try:
            found.append(catalogue.kind(name))
        except UnknownKind as error:
            problems.append(Problem("kinds", str(error)))
    if problems:
        raise InvalidDocument(problems)
    return found


def _binding_kinds(kinds: list[Kind], words: Collection[str]) -> list[tuple[str, Kind]]:
    """(parent kind, binding kind) of each binding asked for by its short name."""
    known = {(kind.name, name): catalogue.kind(name) for kind in kinds for name in kind.bindings}
    readable = [(parent, one) for (parent, unused), one in known.items() if one.operations & {"get", "get_all"}]
    found = [(parent, one) for parent, one in readable if one.binds in words or one.name in words]
    unknown = [word for word in words if not any(word in (one.binds, one.name) for unused, one in found)]
    if unknown:
        short = ", ".join(sorted({str(one.binds) for unused, one in readable})) or "nothing"
        problems = [Problem("bindings", f"none of the kinds has such a binding; there are {short}", word) for word in unknown]
        raise InvalidDocument(problems)
    return found


def _objects(session: Session, kind: Kind, names: list[str]) -> Rows:
    main = kind.main_key
    if not names or main is None:
        return session.read_all(kind)
    if len(names) > FEW or "get" not in kind.operations:
        return [row for row in session.read_all(kind) if str(row.get(main)) in names]
    answers = [session.read(kind, {main: name}) for name in names]
    for answer in answers:
        if isinstance(answer, Unknown):
            raise answer.error
    return [answer.values for answer in answers if isinstance(answer, Present)]


def _names(kind: str, rows: Rows) -> list[str]:
    return [str(row.get(str(catalogue.kind(kind).main_key))) for row in rows]


def _masked(kind: str, rows: Rows) -> Rows:
    return [dict(mask(catalogue.kind(kind), row)) for row in rows]


def _desired(kind: Kind, row: Row, sets: list[tuple[str, Kind]], rows: Mapping[str, Mapping[str, Rows]]) -> Desired:
    """What would bring the object back. Secrets are left out: a masked one would be taken for a new one."""
    name = str(row.get(str(kind.main_key)))
    bound = {one.name: tuple(declared(one, each) for each in rows[one.name].get(name, ())) for p, one in sets if p == kind.name}
    return Desired(kind, declared(kind, row), bound)


def save(task: Task, session: Session) -> Result:
    """Save the running configuration, if something in it is not saved yet."""
    seen = session.read(catalogue.kind("nsconfig"), {})
    if isinstance(seen, Unknown):
        raise seen.error
    unsaved = not isinstance(seen, Present) or str(seen.values.get("configchanged", True)).lower() != "false"
    changed = unsaved or bool(task.options["force"])
    if changed and not task.check:
        session.send(wire.save())
    return {"changed": changed, "saved": changed and not task.check}
