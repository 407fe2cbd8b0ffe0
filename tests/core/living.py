# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""An object that lives on a simulated appliance. After each step the same document must plan nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.change import Change
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.converge import converge
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.document import parse
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.kind import Kind
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.observation import Present
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.observe import read_objects
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.plan import Plan
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.session import Session

from . import lives

if TYPE_CHECKING:
    from tests.conftest import Simulator


def settle(session: Session, data: dict[str, Any], *, present: bool = True, **options: Any) -> Plan:
    """Do it, and look again: there must be nothing left to do. Returns what was done."""
    document = parse(data, present=present)
    plan, outcome = converge(session, document, **options)
    assert outcome is not None
    assert outcome.ok, outcome.summary()
    again, _ = converge(session, document, check=True, **options)
    assert not again, again.explain()
    return plan


class Life:
    """One object of a kind, created as `lives.minimal` says. ``created`` is the plan that did it."""

    def __init__(self, session: Session, kind: Kind, **born: Any) -> None:
        self.session, self.kind = session, kind
        if lives.before(kind):
            settle(session, lives.before(kind))
        self.values = {**lives.minimal(kind), **born}
        self.created = settle(session, self.data())

    def data(self, change: dict[str, Any] | None = None) -> dict[str, Any]:
        """The document with this change."""
        return lives.document(self.kind, {**self.values, **(change or {})})

    def step(self, change: dict[str, Any] | None = None, *, present: bool = True, **options: Any) -> Plan:
        """Bring it about, and look again."""
        return settle(self.session, self.data(change), present=present, **options)

    def look(self, change: dict[str, Any] | None = None, **options: Any) -> Plan:
        """What would be done."""
        plan, _ = converge(self.session, parse(self.data(change)), check=True, **options)
        return plan

    def observed(self) -> Mapping[str, Any]:
        """What a GET shows of it."""
        wanted = parse(self.data()).objects[0]
        found = read_objects(self.session, self.kind, {wanted.key: wanted.values})[wanted.key]
        assert isinstance(found, Present), found
        return found.values

    def tampered(self, simulator: Simulator, change: dict[str, Any]) -> None:
        """Somebody else changes it."""
        keys = {name: self.values[name] for name in self.kind.keys if name in self.values}
        simulator.control("POST", "mutate", {"kind": self.kind.name, "key": keys, "set": change})


def attributes_of(changes: tuple[Change, ...]) -> set[str]:
    """The names of all attributes that a plan changes."""
    return {name for change in changes for name in {**change.before, **change.after}}
