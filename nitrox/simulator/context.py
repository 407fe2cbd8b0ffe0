# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""What a command runs in: the appliance, the session and its partition, the call, and the warnings so far."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import Any

from .appliance import Appliance
from .call import Call
from .refusal import text_of
from .session import Session
from .table import Row, Store, Table

_BOX = (
    "system",
    "nspartition",
    "hanode",
    "nsfeature",
    "nsversion",
    "nshardware",
    "nslicense",
    "nscapacity",
    "nsrpcnode",
    "nshostname",
)
_OF_PARTITIONS = ("systemfile", "systembackup")


@cache
def of_the_box(kind: str) -> bool:
    """Is there one table of that kind for all partitions (users, partitions, roles, licences)?"""
    return kind.startswith(_BOX) and kind not in _OF_PARTITIONS


@dataclass
class Context:
    """Handed to every hook."""

    appliance: Appliance
    session: Session
    call: Call
    warnings: list[tuple[int, str]] = field(default_factory=list)
    kind: str = ""  # the kind of the object or row at hand

    @property
    def store(self) -> Store:
        """The tables of the session's partition."""
        return self.appliance.partition(self.session.partition)

    def table(self, kind: str) -> Table:
        """One table of the session's partition."""
        return (self.appliance.partition() if of_the_box(kind) else self.store).table(kind)

    def find(self, kind: str, name: Any) -> Row | None:
        """The object of that kind with that name, or None."""
        rows = self.table(kind).named(name)
        return rows[0] if rows else None

    def single(self, kind: str) -> Row:
        """The one row of a singleton, made on first use."""
        table = self.table(kind)
        return next(iter(table), None) or table.put({})

    def now(self) -> float:
        """The appliance's clock, seconds."""
        return self.appliance.clock()

    def warn(self, code: int, *arguments: object) -> None:
        """The command succeeds with a remark (PROTOCOL 8.4)."""
        self.warnings.append((code, text_of(code, *arguments)))
