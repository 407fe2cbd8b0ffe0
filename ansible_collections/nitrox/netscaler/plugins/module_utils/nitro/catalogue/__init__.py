# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""The catalogue: every NITRO object kind as data, one JSON file a NITRO package, read on first use.

``index.json`` says which package holds a kind. Facts are corrected in the JSON, with the reason beside them (``"why"``).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from ..errors import UnknownKind
from ..kind import Kind

FOLDER = Path(__file__).parent
_shipped: dict[str, dict[str, Any]] = {}


@cache
def index() -> Mapping[str, str]:
    """Kind name → package name, for all kinds."""
    found: dict[str, str] = json.loads((FOLDER / "index.json").read_text(encoding="utf-8"))
    return found


@cache
def _package(name: str) -> Mapping[str, Any]:
    found: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return found


def facts(name: str) -> dict[str, Any]:
    """The raw catalogue entry of one kind, as in the file, with its ``package`` and that one's ``feature``.

    Raises `UnknownKind`, which names the nearest kinds.
    """
    if name in _shipped:
        return _shipped[name]
    try:
        package = index()[name]
    except (KeyError, OSError):
        raise UnknownKind(name, nearest(name)) from None
    found = _package(package)
    return {"package": package, "feature": found.get("feature"), **found["kinds"][name]}


def nearest(name: str) -> list[str]:
    """Up to three kind names that look like ``name``, best first."""
    import difflib  # only where somebody made a mistake

    try:
        known: Iterable[str] = index()
    except OSError:  # shipped to a host without the catalogue: only what came along is known
        known = _shipped
    return difflib.get_close_matches(name.lower(), known, n=3, cutoff=0.6)


@cache
def kind(name: str) -> Kind:
    """The kind of that name (as in NITRO: ``lbvserver``). Raises `UnknownKind`."""
    return Kind.from_facts(name, facts(name))


def kinds() -> Iterator[Kind]:
    """Every kind, sorted by name. Reads all packages (about 0.1 s)."""
    return (kind(name) for name in sorted(index()))


def ship(entries: Mapping[str, dict[str, Any]]) -> None:
    """Use these entries (from `facts`) where the catalogue's files are not on disk: a module that runs on another host."""
    _shipped.update(entries)
    kind.cache_clear()
