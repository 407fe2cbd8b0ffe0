# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""What one resource asks of the appliance: a desired object or set, and what may be done where it exists already."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.change import Change, kept
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.desired import Desired, Rows
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.errors import NitroError
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.kind import Kind, Values
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.objects import Findings, Sorted
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.observe import Observed
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.outcome import Item
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.rows import compare

from .claims import Identity
from .failure import Exists


@dataclass(eq=False)
class Job:
    """``wanted`` is an object, a single row, or the parent of one complete set of rows; a set without a parent object is
    ``rows`` of ``binding``. ``create`` says that it should not be there yet, ``adopt`` that it may. ``hidden_changed`` tells
    whether a value that cannot be read differs from the one written last."""

    wanted: Desired | None
    create: bool = False
    adopt: bool = False
    binding: Kind | None = None
    rows: Rows = ()
    hidden_changed: Callable[[str, Any], bool] = lambda _name, _value: True  # what was never written is new
    existed: bool = False
    items: list[Item] = field(default_factory=list)
    error: Exception | None = None
    done: threading.Event = field(default_factory=threading.Event)

    @property
    def identity(self) -> Identity:
        """Of the object that is written to."""
        if self.wanted is None:
            return (self.binding.name if self.binding else "", ())
        return (self.wanted.kind.name, self.wanted.key)

    @property
    def identities(self) -> set[Identity]:
        """All that is read for it; for a row and a set, the rows of the parent count as one."""
        found = {self.identity}
        if self.wanted and self.wanted.old_key:
            found.add((self.wanted.kind.name, self.wanted.old_key))
        if self.binding is not None:
            found.add((self.binding.name, (self.parent,)))
        return found

    @property
    def parent(self) -> str:
        """Of a set: the name of the object that it is bound to."""
        if self.wanted is None:
            return ""
        return str(self.wanted.values.get(str(self.wanted.kind.main_key), ""))

    @property
    def subject(self) -> str:
        """ "lbvserver web" """
        if self.wanted is None:
            return self.binding.name if self.binding else ""
        return f"{self.wanted.kind.name} {self.wanted.name}".rstrip()

    def owns(self, change: Change) -> bool:
        """Is this step of a plan done for this job?"""
        if self.binding is None:
            return (change.kind, change.key) == self.identity
        return change.kind == self.binding.name and (self.wanted is None or change.gives[1] == self.parent)

    def obstacle(self, observed: Observed) -> NitroError | None:
        """Why nothing may be written, given what was read. Raises the error of a read that could not tell."""
        wanted = self.wanted
        if wanted is None or not wanted.present:
            return None
        if wanted.kind.is_binding:
            return self._row_obstacle(wanted, observed)
        found = observed.values(wanted.kind, wanted.key)
        if self.binding is not None:
            there = found is not None or wanted.kind.implicit
            return None if there else NitroError(f"{self.subject}: does not exist, so nothing can be bound to it")
        self.existed = found is not None
        if found is None or not self.create or self.adopt or "add" not in wanted.kind.operations or wanted.kind.implicit:
            return None
        differs = unlike(wanted, found)
        return Exists(self.subject, differs) if differs else None

    def _row_obstacle(self, wanted: Desired, observed: Observed) -> NitroError | None:
        rows = observed.rows.get((wanted.kind.name, str(wanted.values.get(wanted.kind.url_key or "", ""))), ())
        found = compare(wanted.kind, [wanted.values], rows)
        self.existed = not found.missing
        if not self.create or self.adopt or not found.differing:
            return None
        return Exists(self.subject, f"with another {', '.join(found.differing[0][2])}")


def unlike(wanted: Desired, found: Values) -> str:
    """In what an object that is there is not what a create would have made of it, in words; "" where it is just that."""
    kind = wanted.kind
    sorted_out = Sorted(wanted, found, Findings("recreate", lambda _wanted, _name, _value: False))
    told = {name for change in sorted_out.changes() for name in change.after} | set(sorted_out.immutable)
    if told:
        return f"with another {', '.join(sorted(told))}"
    said = set(wanted.values) | {kind.attributes[name].read_name for name in wanted.values}
    more = {name for name, value in kept(kind, found).items() if name not in said and _tells(kind, name, value)}
    return f"and has {', '.join(sorted(more))} besides" if more else ""


def _tells(kind: Kind, name: str, value: Any) -> bool:
    """Is a value of this attribute somebody's wish? Where no default is known, only words are: not the numbers, addresses and
    masks that an appliance shows by itself."""
    attribute = kind.attributes[name]
    if name in kind.keys or name == "state":
        return False
    return attribute.default is not None or (attribute.plain_text and any(map(str.isalpha, str(value))) and value != "none")
