# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Back ends of a front end, as a user wrote them, and what the swarm makes of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from .answers import Row, questions, swarm
from .errors import Refused, Unknown
from .members import Wanted, members

WORDS = {"members": ("auto", "nodes", "ingress", "tasks"), "transport": ("tcp", "udp", "sctp")}


def asked(services: Mapping[str, Any]) -> list[dict[str, str]]:
    """The requests that tell everything about these back ends; of what can't be one nothing is asked."""
    return questions(str((given or {}).get("service") or name) for name, given in services.items() if _is_mapping(given))


def told(
    services: Mapping[str, Any], results: Iterable[Row], addresses: Mapping[str, str], *, allow_empty: bool
) -> dict[str, Any]:
    """Either ``backends`` (name → ``members``), or why there are none: ``refused`` by what the swarm told, or
    ``unknown`` because the answers do not tell."""
    try:
        wanted = {name: _wanted(name, given) for name, given in services.items()}
        seen = swarm(results, [one.service for one in wanted.values()])
        found = {name: {"members": members(one, seen, addresses, allow_empty=allow_empty)} for name, one in wanted.items()}
    except Unknown as error:
        return {"unknown": str(error)}
    except Refused as error:
        return {"refused": str(error)}
    return {"backends": found}


def _is_mapping(given: Any) -> bool:
    return given is None or isinstance(given, Mapping)


def _wanted(name: str, given: Any) -> Wanted:
    if not _is_mapping(given):
        raise Refused(f"back end {name}: a mapping is wanted")
    row = {word: value for word, value in (given or {}).items() if value is not None}
    strange = [str(word) for word in row if word not in Wanted.__dataclass_fields__]
    if strange:
        known = ", ".join(Wanted.__dataclass_fields__)
        raise Refused(f"back end {name}: unknown word {strange[0]}; known are {known}")
    for word, allowed in WORDS.items():
        if row.get(word, allowed[0]) not in allowed:
            raise Refused(f"back end {name}: {word} is one of {', '.join(allowed)}, not {row[word]}")
    return Wanted(**{**row, "service": str(row.get("service") or name), "port": _port(name, row.get("port"))})


def _port(name: str, given: Any) -> int:
    try:
        port = int(str(given))
    except ValueError:
        port = 0
    if not 1 <= port <= 65535:
        raise Refused(f"back end {name}: port is a number from 1 to 65535, not {given}")
    return port
