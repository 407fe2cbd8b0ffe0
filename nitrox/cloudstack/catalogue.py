# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""The commands and the kinds of objects, as data: ``commands/*.json`` and ``kinds.json``.

A command: ``params`` (name → type, with ``!`` when it is required), ``group``; ``async`` when it answers with a job; ``lists``
is the key of the items of a list; ``verb`` and ``kind`` name the behaviour that needs no code (`nitrox.cloudstack.behaviour.
plain`), ``event`` the event that it leaves. Types: text, number, flag, list, map, maps, ``id KIND`` and ``ids KIND``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

_HERE = Path(__file__).parent


@dataclass(frozen=True)
class Parameter:
    """One parameter: its type, the kinds that an id may be of, and whether it must be there."""

    name: str
    type: str
    kinds: tuple[str, ...] = ()
    required: bool = False


@dataclass(frozen=True)
class Command:
    """One command of the API."""

    name: str
    group: str
    parameters: Mapping[str, Parameter]
    is_async: bool = False
    lists: str = ""
    kind: str = ""
    verb: str = ""
    event: str = ""
    answers: str = ""
    admin: bool = False
    filters: Mapping[str, str] = field(default_factory=dict)

    @property
    def envelope(self) -> str:
        """The one key of the answer."""
        return f"{self.name.lower()}response"


@dataclass(frozen=True)
class Kind:
    """One kind of object: whose it is, how it is called, what is shown of the objects that it refers to and not of itself."""

    name: str
    noun: str
    owned: bool = False
    tags: str = ""
    index: tuple[str, ...] = ()
    joins: Mapping[str, tuple[str, Mapping[str, str]]] = field(default_factory=dict)
    strings: tuple[str, ...] = ()
    event: str = ""
    hidden: tuple[str, ...] = ()


def _parameter(name: str, spec: str) -> Parameter:
    kind, *rest = spec.split()
    return Parameter(name, kind, tuple(word for word in rest if word != "!"), "!" in rest)


@cache
def commands() -> dict[str, Command]:
    """Every known command by its lower-case name."""
    found: dict[str, Command] = {}
    for path in sorted((_HERE / "commands").glob("*.json")):
        data: dict[str, dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
        for name, entry in data.items():
            entry = dict(entry)
            parameters = {key: _parameter(key, spec) for key, spec in entry.pop("params", {}).items()}
            is_async = entry.pop("async", False)
            found[name.lower()] = Command(name, entry.pop("group", path.stem), parameters, is_async, **entry)
    return found


def _joins(data: Mapping[str, Any]) -> dict[str, tuple[str, Mapping[str, str]]]:
    return {name: (spec["kind"], spec["shows"]) for name, spec in data.items()}


@cache
def kinds() -> dict[str, Kind]:
    """Every kind by its name. What ``*`` joins is joined by all that do not say otherwise."""
    data: dict[str, Any] = json.loads((_HERE / "kinds.json").read_text(encoding="utf-8"))
    everybody = _joins(data.pop("*")["joins"])
    found = {}
    for name, entry in data.items():
        joins = {key: spec for key, spec in {**everybody, **_joins(entry.get("joins", {}))}.items() if spec[1]}
        found[name] = Kind(
            name,
            entry.get("noun", name),
            entry.get("owned", False),
            entry.get("tags", ""),
            tuple(entry.get("index", ())),
            joins,
            tuple(entry.get("strings", ())),
            entry.get("event", ""),
            tuple(entry.get("hidden", ())),
        )
    return found
