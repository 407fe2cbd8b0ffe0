# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""One thing to do, or to wait for."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Step:
    """``verb`` an object: create, update, start, tag, remove, or wait, which sends nothing."""

    verb: str
    kind: str
    name: str
    command: str = ""
    parameters: dict[str, Any] = field(default_factory=dict, repr=False)
    why: str = ""

    @property
    def about(self) -> str:
        """The object in words."""
        return f"{self.kind} {self.name}"

    @property
    def is_sent(self) -> bool:
        """Does it change something, or is it only waited for?"""
        return self.verb != "wait"

    def shown(self) -> dict[str, str]:
        """For results and logs."""
        return {"verb": self.verb, "kind": self.kind, "name": self.name, **({"why": self.why} if self.why else {})}
