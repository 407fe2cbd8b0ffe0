# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""The shape of a description: fields, their types and defaults, from ``schema.json``."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

Problem = Callable[[str], None]


@cache
def sections() -> dict[str, dict[str, dict[str, Any]]]:
    """Section → field → what it takes."""
    read: dict[str, dict[str, dict[str, Any]]] = json.loads((Path(__file__).parent / "schema.json").read_text(encoding="utf-8"))
    return read


def shaped(section: str, given: Any, where: str, problem: Problem) -> dict[str, Any]:
    """A section with defaults for what is not given. Tells ``problem`` of everything that is wrong."""
    fields = sections()[section]
    if not isinstance(given, Mapping):
        problem(f"{where}: a mapping is wanted, not {type(given).__name__}")
        given = {}
    for name in given.keys() - fields.keys():
        problem(f"{where}: there is no {name}; there are {', '.join(sorted(fields))}")
    return {name: _field(given.get(name), rule, f"{where}.{name}", problem) for name, rule in fields.items()}


def _field(value: Any, rule: Mapping[str, Any], where: str, problem: Problem) -> Any:
    if value is None or value == "":
        if rule.get("required"):
            problem(f"{where} is needed")
            return 0 if rule["type"] == "int" else ""
        value = rule.get("default", [] if rule.get("list") else None)
        if value is None:
            return None
    if not rule.get("list"):
        return _one(value, rule, where, problem)
    items = value if isinstance(value, (list, tuple)) else [value]
    return [_one(item, rule, f"{where}[{index}]", problem) for index, item in enumerate(items)]


def _one(value: Any, rule: Mapping[str, Any], where: str, problem: Problem) -> Any:
    kind = rule["type"]
    if kind in sections():
        return shaped(kind, value, where, problem)
    try:
        read = _READ[kind](value)
    except (ValueError, TypeError) as error:
        problem(f"{where}: {error}")
        return _READ[kind]("1") if kind in {"int", "ports"} else ""
    if read not in rule.get("values", [read]):
        problem(f"{where}: {value} is none of {', '.join(rule['values'])}")
    return read


def _text(value: Any) -> str:
    if isinstance(value, (Mapping, list, bool)):
        raise ValueError(f"text is wanted, not {type(value).__name__}")
    return str(value)


def _whole(value: Any) -> int:
    if isinstance(value, bool) or not str(value).isdecimal():
        raise ValueError(f"a whole number from 0 is wanted, not {value}")
    return int(str(value))


def _flag(value: Any) -> bool:
    text = str(value).lower()  # templates of older Ansible make texts of it
    if text not in {"true", "false"}:
        raise ValueError(f"true or false is wanted, not {value}")
    return text == "true"


def _ports(value: Any) -> tuple[int, int]:
    first, _dash, last = str(value).partition("-")
    start, end = _whole(first.strip()), _whole((last or first).strip())
    if not 0 < start <= end <= 65535:
        raise ValueError(f"{value} is no port or range of ports")
    return start, end


def _tags(value: Any) -> dict[str, str]:
    if not isinstance(value, Mapping):
        raise ValueError("a mapping is wanted")
    return {str(key): str(item) for key, item in value.items()}


_READ: dict[str, Callable[[Any], Any]] = {"str": _text, "int": _whole, "bool": _flag, "ports": _ports, "tags": _tags}
