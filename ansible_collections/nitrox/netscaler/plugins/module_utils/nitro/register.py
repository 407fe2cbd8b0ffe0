# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""The register of an owner: which objects are its own, kept on the appliance itself.

A string map is the place, because it is part of the saved configuration and of the HA sync, does nothing by itself, takes
rows of any text in array bodies, and binding a row again replaces it (PROTOCOL 20). The map ``nitrox_owner_<owner>`` has a
row for each object: the key is "<kind> <key> …" with each part percent-encoded, the value a short JSON text with a salted
hash of each secret that was written.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import quote, unquote

from . import catalogue
from .desired import Desired, Problem
from .errors import InvalidDocument
from .observation import Absent, Unknown
from .session import Session

PREFIX = "nitrox_owner_"
MAP, ROW = "policystringmap", "policystringmap_pattern_binding"
VERSION = 1
LONGEST = 127 - len(PREFIX)  # of an owner's name (PROTOCOL 17)
ROUNDS = 20_000  # of the hash: about 10 ms, so that a short password is not guessed from a register that others may read
Identity = tuple[str, tuple[str, ...]]


class Register(NamedTuple):
    """As read: is the map there, what is ours (identity → value of the row), and whose the rest is."""

    owner: str
    exists: bool
    ours: Mapping[Identity, str]
    others: Mapping[Identity, str]

    def secret_changed(self, wanted: Desired, name: str, value: Any) -> bool | None:
        """Is ``value`` another one than was written last? True as well where it was never written by this owner."""
        entry = parsed(self.ours.get((wanted.kind.name, wanted.key), ""))
        known = entry["secrets"].get(name)
        from hmac import compare_digest  # loaded only here, as in `digest`

        return known is None or not compare_digest(str(known), digest(entry["salt"], value))


def read(session: Session, owner: str) -> Register:
    """One request, and one more while the register is empty. Raises where it could not be read, and `InvalidDocument` where
    a newer release wrote it."""
    name = map_name(owner)
    rows = session.read_bindings(catalogue.kind(ROW), None)
    found = {row_name: of for row_name, of in rows.items() if row_name.startswith(PREFIX)}
    ours = {identity(str(row["key"])): str(row.get("value", "")) for row in found.pop(name, [])}
    newer = [f"{kind} {' '.join(key)}" for (kind, key), value in ours.items() if _version(value) > VERSION]
    if newer:
        message = f"a newer release of nitrox wrote the register entry of {newer[0]}; use that one"
        raise InvalidDocument([Problem("owner", message, owner)])
    others = {identity(str(row["key"])): whose[len(PREFIX) :] for whose, of in found.items() for row in of}
    if ours:
        return Register(owner, True, ours, others)
    seen = session.read(catalogue.kind(MAP), {"name": name})
    if isinstance(seen, Unknown):
        raise seen.error
    return Register(owner, not isinstance(seen, Absent), ours, others)


def map_name(owner: str) -> str:
    """The string map of an owner. Raises `InvalidDocument` for a name that NITRO would refuse."""
    if not owner or not owner.isascii() or not owner.replace("_", "a").isalnum() or len(owner) > LONGEST:
        raise InvalidDocument([Problem("owner", f"up to {LONGEST} letters, digits and _ are allowed", owner)])
    return PREFIX + owner


def row_key(of: Identity) -> str:
    """ "lbvserver my%20web" """
    return " ".join(quote(part, safe="") or "-" for part in (of[0], *of[1]))


def identity(text: str) -> Identity:
    """The object that a row means; for a row that is none of ours a kind that does not exist."""
    name, *parts = ["" if part == "-" else unquote(part) for part in text.split(" ")]
    return name, tuple(parts)


def parsed(text: str) -> dict[str, Any]:
    """The value of an entry, with a salt; a damaged one counts as a new one, so its secrets are written again."""
    entry = _decoded(text)
    secrets = entry.get("secrets")
    return {"secrets": secrets if isinstance(secrets, dict) else {}, "salt": str(entry.get("salt") or os.urandom(8).hex())}


def text(entry: Mapping[str, Any]) -> str:
    """The value of a row."""
    return json.dumps({"v": VERSION, **entry}, separators=(",", ":"))


def digest(salt: str, value: Any) -> str:
    """What an entry keeps of a secret."""
    from hashlib import pbkdf2_hmac  # its OpenSSL takes as long to load as half of the core

    found = pbkdf2_hmac("sha256", str(value).encode(), salt.encode(), ROUNDS)
    return found.hex()[:32]


def _decoded(value: str) -> dict[str, Any]:
    try:
        found = json.loads(value)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _version(value: str) -> int:
    found = _decoded(value).get("v")
    return found if found.__class__ is int else VERSION
