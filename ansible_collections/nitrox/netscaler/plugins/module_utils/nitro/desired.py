# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""What a document says about one object, and what is wrong with it. Frozen data, no I/O."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from .kind import Kind, Values

Rows = tuple[Values, ...]
MASK = "********"
_LONGEST = 80  # of a value shown in a problem: file contents would drown the message


@dataclass(frozen=True)
class Problem:
    """Something wrong at ``path`` of a document. ``value`` is None where there is none, or where it may be a secret."""

    path: str
    message: str
    value: Any = None

    def __str__(self) -> str:
        if self.value is None:
            return f"{self.path}: {self.message}" if self.path else self.message
        text = repr(self.value)
        text = text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
        return f"{self.path}: {text}: {self.message}"


@dataclass(frozen=True)
class Desired:
    """One object as wanted.

    ``values`` are coerced and include the keys; None means *unset*; what is not in it is not managed. ``bindings`` has, for
    each binding kind that is managed, the complete set of rows (coerced, with the parent's key). ``present`` False means
    that the object is to be gone. A top-level row of a binding kind (`kind.is_binding`) is such an object too: that row is
    wanted (or not), other rows are none of its business. ``path`` is where the user wrote it.
    """

    kind: Kind
    values: Values
    bindings: Mapping[str, Rows] = field(default_factory=dict)
    present: bool = True
    rename_from: str | None = None
    path: str = ""

    @cached_property
    def key(self) -> tuple[str, ...]:
        """Its identity: `Kind.identity`."""
        return self.kind.identity(self.values)

    @cached_property
    def name(self) -> str:
        """What people call it: its key values, "" for a singleton."""
        return " ".join(part for part in self.key if part)

    @cached_property
    def old_key(self) -> tuple[str, ...] | None:
        """The identity under which it is looked for before its renaming; None without ``rename_from``."""
        main = self.kind.main_key
        if self.rename_from is None or main is None:
            return None
        return self.kind.identity({**self.values, main: self.rename_from})

    @property
    def state(self) -> str | None:
        """The wanted administrative state, ENABLED or DISABLED; None where it is not managed."""
        return self.values.get("state") if self.kind.state else None

    def missing_for_add(self) -> tuple[str, ...]:
        """What NITRO needs to create it and the document does not say; alternatives as "ip or servername".

        Not an error of the document: an object that exists need not repeat it.
        """
        missing = [a.name for a in self.kind if "add" in a.required and self.values.get(a.name) is None]
        for group in self.kind.one_of:
            if all(self.values.get(name) is None for name in group):
                missing = [name for name in missing if name not in group] + [" or ".join(group)]
        return tuple(missing)


def shown(value: Any) -> Any:
    """``value`` if it is worth showing in a problem: a scalar."""
    return value if isinstance(value, (str, int, float)) else None


def mask(kind: Kind, values: Values) -> Values:
    """``values`` with every secret replaced by asterisks."""
    secrets = kind.secrets
    return {name: MASK if name in secrets and value is not None else value for name, value in values.items()}
