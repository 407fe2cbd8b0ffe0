# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Faults on demand: what goes wrong, on which requests, how often.

A fault is a mapping: ``fault`` (see `KINDS`), and optionally ``method``, ``kind`` (as in the URL; "*" any), ``action``,
``after`` (let so many requests of any sort pass first, from when it is planned), ``skip`` (then so many that match), ``times``
(default 1; 0 = until cleared), and its own parameters. Without a matcher ``after: k`` strikes at request k exactly, from 0.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

KINDS = {
    "refuse": "the connection is cut before the request is read; parameter: seconds, then the listener closes for that time",
    "drop_before": "the connection is cut before anything is done",
    "drop_after": "the command is done, then the connection is cut without an answer",
    "reject": "refused with errorcode (and optional status, message); nothing is done",
    "fail_item": "item number `item` (from 0) of an array body is refused with errorcode",
    "garble": "the command is done; the answer is cut in the middle of the JSON",
    "html": "answered in HTML with status (default 503); nothing is done",
    "unavailable": "503 while booting; parameter: seconds, else for `times` requests",
    "delay": "answered after seconds",
    "expire": "all sessions expire before the request",
    "reboot": "reboots before the request: unsaved configuration and sessions are lost",
    "fail_over": "the pair fails over before the request",
    "empty": "the box is replaced by a factory-new one before the request",
    "hang_before": "nothing is done and never an answer, until the client gives up; parameter: seconds, then it is cut",
    "hang_after": "the command is done at once, but never an answer; parameter: seconds, then it is cut",
    "drift": "a change behind the client's back before the request; parameter: change, as for mutate, or a list of them",
    "duplicate": "the command is done twice; the second answer is sent",
}
_NUMBERS = {"after", "skip", "times", "errorcode", "status", "item"}
_TEXTS = {"method", "kind", "action", "message"}
_NEEDED = {"reject": "errorcode", "fail_item": "errorcode", "delay": "seconds", "drift": "change"}


def _check(fault: Mapping[str, Any]) -> None:
    """Raises `ValueError` for a parameter that is missing, unknown or of another type."""
    unknown = set(fault) - {"fault", "seconds", "change"} - _NUMBERS - _TEXTS
    if unknown:
        raise ValueError(f"no such parameter: {', '.join(sorted(unknown))}")
    needed = _NEEDED.get(fault["fault"])
    if needed and fault.get(needed) is None:
        raise ValueError(f"{fault['fault']} needs {needed}")
    change = fault.get("change", {})
    if not all(isinstance(one, Mapping) for one in (change if isinstance(change, list) else [change])):
        raise ValueError(f"change: a mapping or a list of them is wanted, not {change!r}")
    for name, value in fault.items():
        number = isinstance(value, (int, float)) and not isinstance(value, bool) and value >= 0
        if name in _TEXTS and not isinstance(value, str):
            raise ValueError(f"{name}: text is wanted, not {value!r}")
        if name in _NUMBERS and not (number and value == int(value)):
            raise ValueError(f"{name}: a whole number from 0 is wanted, not {value!r}")
        if name == "seconds" and not number:
            raise ValueError(f"seconds: a number from 0 is wanted, not {value!r}")


class Faults:
    """The faults of one appliance, in the order they were added."""

    def __init__(self) -> None:
        self._planned: list[dict[str, Any]] = []
        self.injected: dict[str, int] = {}

    def add(self, faults: Iterable[Mapping[str, Any]]) -> None:
        """Plan faults. Raises `ValueError` with what is wrong."""
        checked = []
        for fault in faults:
            if not isinstance(fault, Mapping) or fault.get("fault") not in KINDS:
                raise ValueError(f"fault must be one of {', '.join(KINDS)}: {fault}")
            _check(fault)
            checked.append({"after": 0, "skip": 0, "times": 1, **fault})
        self._planned += checked

    def clear(self) -> None:
        """Forget what is planned."""
        self._planned.clear()

    def planned(self) -> list[dict[str, Any]]:
        """What is still planned."""
        return [dict(fault) for fault in self._planned]

    def strike(self, method: str, kind: str, action: str) -> list[dict[str, Any]]:
        """The faults that hit this request; counts them down."""
        hits = []
        for fault in list(self._planned):
            if fault["after"] > 0:
                fault["after"] -= 1
                continue
            if not self._matches(fault, method, kind, action):
                continue
            if fault["skip"] > 0:
                fault["skip"] -= 1
                continue
            hits.append(dict(fault))
            self.injected[fault["fault"]] = self.injected.get(fault["fault"], 0) + 1
            fault["times"] -= 1
            if fault["times"] == 0:
                self._planned.remove(fault)
        return hits

    @staticmethod
    def _matches(fault: Mapping[str, Any], method: str, kind: str, action: str) -> bool:
        wanted = (fault.get("method", "*"), fault.get("kind", "*"), fault.get("action", "*"))
        return all(
            want == "*" or str(want).lower() == has.lower() for want, has in zip(wanted, (method, kind, action), strict=True)
        )
