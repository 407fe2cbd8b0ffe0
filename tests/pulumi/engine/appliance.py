# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""What tests look at on the appliance: its objects, and the writes that came since the last look."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nitrox.simulator.testing import Simulator

BOOKKEEPING = ("_since",)  # when a row was made


def rows(simulator: Simulator, kind: str) -> list[dict[str, Any]]:
    """The rows of a kind that somebody configured."""
    return [row for row in simulator.state().get(kind, ()) if not row.get("_builtin")]


def names(simulator: Simulator, kind: str = "lbvserver", key: str = "name") -> list[str]:
    return sorted(row[key] for row in rows(simulator, kind))


def content(simulator: Simulator) -> str:
    """The whole configuration as text, the same for two appliances that were configured alike, whatever the order."""
    state = {kind: sorted(map(_plain, several)) for kind, several in simulator.state().items() if several}
    return json.dumps(state, sort_keys=True)


def exactly(simulator: Simulator, kind: str, name: str) -> str:
    """Every byte of one object, the appliance's own bookkeeping included."""
    return json.dumps([row for row in rows(simulator, kind) if name in row.values()], sort_keys=True)


class Writes:
    """``writes = Writes(simulator)``, something happens, ``writes()`` are the write requests since: "POST lbvserver"."""

    def __init__(self, simulator: Simulator) -> None:
        self._simulator = simulator
        self._seen = max((entry["number"] for entry in simulator.log()), default=0)

    def __call__(self) -> list[str]:
        entries = [entry for entry in self._simulator.log() if entry["number"] > self._seen]
        self._seen = max((entry["number"] for entry in entries), default=self._seen)
        return [
            f"{entry['method']} {entry['kind']} {entry['action']}".rstrip()
            for entry in entries
            if entry["method"] != "GET" and entry["kind"] not in ("login", "logout")
        ]


def _plain(row: dict[str, Any]) -> str:
    return json.dumps({name: value for name, value in row.items() if name not in BOOKKEEPING}, sort_keys=True)
