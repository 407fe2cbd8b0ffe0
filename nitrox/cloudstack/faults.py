# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Faults on demand: what goes wrong, on which commands, how often.

A fault is a mapping: ``fault`` (see `KINDS`), and optionally ``command`` (a name or a pattern such as ``list*``; default any),
``method``, ``skip`` (let so many matching requests pass first), ``times`` (default 1; 0 = until cleared), and its own parameters.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase
from typing import Any

KINDS = {
    "drop_before": "the connection is cut before anything is done",
    "drop_after": "the command is done, then the connection is cut without an answer",
    "delay": "answered after seconds",
    "reject": "refused with errorcode (also the HTTP status; optional cserrorcode, message); nothing is done",
    "html": "a proxy's page in HTML with status (default 502); nothing is done",
    "bodyless": "status (default 503) without a body; nothing is done",
    "unavailable": "503 for seconds: the management server restarts",
    "xml": "the command is done; the answer is XML although JSON was wanted",
    "garble": "the command is done; the answer is cut in the middle",
    "duplicate": "the command is done twice; the second answer is sent",
    "expired": "401: the signature has expired (clock skew)",
    "revoked": "401: the API key is not known any more",
    "count_high": "a list says that there are more (default 1) than the pages deliver",
    "stale": "a list does not show what was made, and still shows what was removed, in the last seconds (default 5)",
    "job_pending": "the job that starts is done, but so many polls show it pending (0: for ever)",
    "job_hangs": "the job that starts never begins",
    "job_fails": "the job that starts fails with errorcode (530), message, cserrorcode; shape is object, text or none",
    "job_lost": "the job that starts is done, but its id is not known to queryAsyncJobResult",
    "capacity": "the job that starts fails: no host has room (533)",
    "machine_error": "the job that starts fails and leaves the machine in state Error (530)",
    "no_address": "refused: no address is free (533)",
    "name_taken": "refused: the name is taken (431)",
    "limit": "refused: the account's limit is reached (535)",
}
PRESETS: dict[str, dict[str, Any]] = {
    "capacity": {"fault": "job_fails", "errorcode": 533, "message": "Unable to create a deployment: no host has room"},
    "machine_error": {"fault": "job_fails", "errorcode": 530, "message": "Failed to deploy the virtual machine"},
    "no_address": {"fault": "reject", "errorcode": 533, "message": "Unable to acquire an address: none is free"},
    "name_taken": {"fault": "reject", "errorcode": 431, "message": "an object of that name already exists"},
    "limit": {"fault": "reject", "errorcode": 535, "message": "Maximum number of resources for the account has been exceeded"},
    "expired": {"fault": "reject", "errorcode": 401, "message": "the request expired"},
    "revoked": {"fault": "reject", "errorcode": 401, "message": "unable to verify user credentials and/or request signature"},
}
ON_JOBS = {"job_pending", "job_hangs", "job_fails", "job_lost"}
ON_LISTS = {"count_high", "stale"}
_NUMBERS = {"skip", "times", "errorcode", "cserrorcode", "status", "polls", "more"}
_TEXTS = {"command", "method", "message", "shape"}
_SHAPES = ("object", "text", "none")


def _check(fault: Mapping[str, Any]) -> None:
    """Raises `ValueError` for a parameter that is missing, unknown or of another type."""
    unknown = set(fault) - {"fault", "seconds"} - _NUMBERS - _TEXTS
    if unknown:
        raise ValueError(f"no such parameter: {', '.join(sorted(unknown))}")
    needed = {"reject": "errorcode", "delay": "seconds", "unavailable": "seconds"}.get(fault["fault"])
    if needed and fault.get(needed) is None:
        raise ValueError(f"{fault['fault']} needs {needed}")
    for name, value in fault.items():
        number = isinstance(value, (int, float)) and not isinstance(value, bool) and value >= 0
        if name in _TEXTS and not isinstance(value, str):
            raise ValueError(f"{name}: text is wanted, not {value!r}")
        if name in _NUMBERS and not (number and value == int(value)):
            raise ValueError(f"{name}: a whole number from 0 is wanted, not {value!r}")
        if name == "seconds" and not number:
            raise ValueError(f"seconds: a number from 0 is wanted, not {value!r}")
    if fault.get("shape", "object") not in _SHAPES:
        raise ValueError(f"shape must be one of {', '.join(_SHAPES)}, not {fault['shape']!r}")


class Faults:
    """The faults of one cloud, in the order they were added."""

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
            checked.append({"skip": 0, "times": 1, **fault})
        self._planned += checked

    def clear(self) -> None:
        """Forget what is planned."""
        self._planned.clear()

    def planned(self) -> list[dict[str, Any]]:
        """What is still planned."""
        return [dict(fault) for fault in self._planned]

    def strike(self, method: str, command: str, *, is_async: bool) -> dict[str, dict[str, Any]]:
        """The faults that hit this request, by what they do; counts them down."""
        hits: dict[str, dict[str, Any]] = {}
        for fault in list(self._planned):
            if not self._matches(fault, method, command, is_async=is_async):
                continue
            if fault["skip"] > 0:
                fault["skip"] -= 1
                continue
            self.injected[fault["fault"]] = self.injected.get(fault["fault"], 0) + 1
            fault["times"] -= 1
            if fault["times"] == 0:
                self._planned.remove(fault)
            effect = {**PRESETS.get(fault["fault"], {}), **{name: value for name, value in fault.items() if name != "fault"}}
            hits[str(effect.get("fault", fault["fault"]))] = effect | {"named": fault["fault"]}
        return hits

    @staticmethod
    def _matches(fault: Mapping[str, Any], method: str, command: str, *, is_async: bool) -> bool:
        does = PRESETS.get(fault["fault"], fault)["fault"]
        if (does in ON_JOBS and not is_async) or (does in ON_LISTS and not command.lower().startswith("list")):
            return False
        wanted, how = str(fault.get("command", "*")).lower(), str(fault.get("method", "*")).upper()
        return fnmatchcase(command.lower(), wanted) and how in {"*", method}
