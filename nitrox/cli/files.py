# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Read documents: YAML or JSON, several files as one. A key that is given twice is refused, never silently the last one."""

from __future__ import annotations

import sys
from collections.abc import Hashable, Iterable
from pathlib import Path
from typing import Any

import click
import yaml

Loader: type[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Strict(Loader):  # type: ignore[misc] # the C loader where PyYAML has one
    """YAML without surprises: no key twice in a mapping, and what looks like a date stays text."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen: set[Hashable] = set()
        for key_node, _value in node.value:
            key = self.construct_object(key_node, deep=True)
            if isinstance(key, Hashable) and key in seen:
                raise yaml.constructor.ConstructorError(
                    "while reading a mapping", node.start_mark, f"{key!r} is there twice", key_node.start_mark
                )
            seen.add(key)
        mapping: dict[Hashable, Any] = super().construct_mapping(node, deep=deep)
        return mapping


RESOLVERS: dict[str, list[tuple[str, Any]]] = Loader.yaml_implicit_resolvers
Strict.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in RESOLVERS.items()
}


def read(paths: Iterable[str]) -> dict[str, Any]:
    """The documents of ``paths`` ("-" is standard input) as one. Raises `click.ClickException` that names file and line."""
    whole: dict[str, Any] = {}
    for path in paths:
        for kind, objects in _load(path).items():
            whole[kind] = _joined(kind, whole[kind], objects, path) if kind in whole else objects
    return whole


def _load(path: str) -> dict[str, Any]:
    name = "standard input" if path == "-" else path
    try:
        text = sys.stdin.read() if path == "-" else Path(path).read_text(encoding="utf-8")
        data = yaml.load(text, Loader=Strict)  # JSON is YAML, too
    except (OSError, UnicodeDecodeError) as error:
        raise click.ClickException(f"{name}: {getattr(error, 'strerror', None) or error}") from None
    except yaml.YAMLError as error:
        raise click.ClickException(f"{name}: {_one_line(error)}") from None
    if data is None:
        raise click.ClickException(f"{name}: empty document")
    if not isinstance(data, dict):
        raise click.ClickException(f"{name}: a mapping of kinds to objects is wanted")
    return data


def _one_line(error: yaml.YAMLError) -> str:
    mark = getattr(error, "problem_mark", None)
    where = f"line {mark.line + 1}, column {mark.column + 1}: " if mark else ""
    return where + str(getattr(error, "problem", None) or error).replace("\n", " ")


def _joined(kind: str, left: Any, right: Any, path: str) -> Any:
    if isinstance(left, dict) and isinstance(right, dict):
        twice = sorted(str(name) for name in left.keys() & right.keys())
        if twice:
            raise click.ClickException(f"{path}: {kind}.{twice[0]} is in another file, too")
        return {**left, **right}
    if isinstance(left, list) and isinstance(right, list):
        return [*left, *right]
    raise click.ClickException(f"{path}: {kind} is a list in one file and a mapping in another")
