# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Parameters of a request: decoded, names without regard to case, indexed ones gathered, types checked."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from .catalogue import Command
from .refusal import invalid

_INDEXED = re.compile(r"^([^\[\]]+)\[(\d+)\](?:\.(.+))?$")
Parameters = dict[str, Any]


class Given(Parameters):
    """The parameters that have a value, and in ``blank`` the names of those that were sent without one."""

    def __init__(self) -> None:
        super().__init__()
        self.blank: set[str] = set()


def gather(pairs: Iterable[tuple[str, str]]) -> Parameters:
    """``name[0].key=value`` becomes a list of mappings under the name; the rest stays text. The last of a kind wins."""
    plain = Given()
    indexed: dict[str, dict[int, dict[str, str]]] = {}
    for name, value in pairs:
        match = _INDEXED.match(name)
        if match:
            base, index, key = match.groups()
            indexed.setdefault(base.lower(), {}).setdefault(int(index), {})[key or ""] = value
        elif value != "":
            plain[name.lower()] = value
        else:
            plain.blank.add(name.lower())
    for base, items in indexed.items():
        plain[base] = [items[index] for index in sorted(items)]
    return plain


def check(command: Command, given: Parameters) -> None:
    """Refuses with 431 when something required is missing or is not of its type. What nobody knows is ignored."""
    for parameter in command.parameters.values():
        value = given.get(parameter.name)
        if value is None:
            if parameter.required:
                raise invalid(f"Unable to execute API command {command.name.lower()} due to missing parameter {parameter.name}")
            continue
        if parameter.type in {"map", "maps"} or (parameter.type == "list" and isinstance(value, list)):
            _check_map(parameter.name, value)
        elif isinstance(value, list):
            raise invalid(f"{parameter.name}: one value is wanted, not a map")
        elif parameter.type == "number" and not _whole(value):
            raise invalid(f"Unable to parse the number {value} for parameter {parameter.name}")


def _check_map(name: str, value: Any) -> None:
    if not isinstance(value, list):
        raise invalid(f"{name}: a map is wanted, spelt {name}[0].key=value")


def _whole(value: str) -> bool:
    return bool(re.fullmatch(r"[+-]?\d{1,18}", value.strip(), re.ASCII))
