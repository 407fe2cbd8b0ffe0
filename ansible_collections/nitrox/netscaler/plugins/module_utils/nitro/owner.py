# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Who owns what: a registry on the appliance itself, so that the loss of the controller loses nothing.

An owner's registry is a string map ``nitrox_owner_NAME``: it is saved, survives reboots and is synchronised to the secondary
like any other object. A row is an object: key ``KIND/KEY`` (each part percent-encoded), value the salted digests of its
secrets, or "-". The registry is written by the same plan as the objects.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import quote, unquote

from . import catalogue
from .desired import Desired, Problem
from .document import Document
from .errors import InvalidDocument
from .session import Session

MAP, ROWS = "policystringmap", "policystringmap_pattern_binding"
PREFIX = "nitrox_owner_"
NOTHING = "-"
_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,79}\Z")
_ROUNDS = 10_000


@dataclass(frozen=True)
class Registry:
    """What is registered: ``own`` are this owner's rows (key → value), ``others`` the owners of other keys."""

    owner: str
    own: Mapping[str, str] = field(default_factory=dict)
    others: Mapping[str, str] = field(default_factory=dict)

    def secret_changed(self, wanted: Desired, name: str, value: Any) -> bool | None:
        """Is the secret another one than was written last? None where it was never registered."""
        salt, digests = _digests(self.own.get(key_of(wanted), NOTHING))
        return None if name not in digests else not hmac.compare_digest(digests[name], _digest(salt, value))


def read(session: Session, owner: str) -> Registry:
    """The registry of ``owner``. One request. Raises `InvalidDocument` for a name that cannot be one."""
    if not _NAME.match(owner):
        text = "an owner's name has letters, digits, '_', '.' and '-', at most 80, and begins with a letter, digit or '_'"
        raise InvalidDocument([Problem("owner", text, owner)])
    own: dict[str, str] = {}
    others: dict[str, str] = {}
    for name, rows in session.read_bindings(catalogue.kind(ROWS), None).items():
        if name == PREFIX + owner:
            own = {str(row["key"]): str(row.get("value", NOTHING)) for row in rows}
        elif name.startswith(PREFIX):
            others.update({str(row["key"]): name[len(PREFIX) :] for row in rows})
    return Registry(owner, own, others)


def owned(document: Document, registry: Registry, *, prune: bool) -> Document:
    """``document`` with the registry's own object, and with what is to be pruned as objects that are to be gone.

    Raises `InvalidDocument` where an object belongs to another owner.
    """
    declared = {key_of(item): item for item in document.objects if _registrable(item)}
    problems = [
        Problem(item.path, f"belongs to owner {registry.others[key]!r} already") for key, item in declared.items() if key in registry.others
    ]
    if problems:
        raise InvalidDocument(problems)
    stale = [key for key in registry.own if key not in declared] if prune and document.present else []
    gone = {*stale, *(key for key, item in declared.items() if not item.present)}
    values = {key: value for key, value in registry.own.items() if key not in gone}
    values.update({key: _fingerprint(item, registry) for key, item in declared.items() if key not in gone})
    objects = (*document.objects, *_doomed(stale), *_map(registry, values))
    return replace(document, objects=objects)


def key_of(wanted: Desired) -> str:
    """The registry's key of an object."""
    return "/".join(quote(part, safe="") for part in (wanted.kind.name, *wanted.key))


def _registrable(wanted: Desired) -> bool:
    kind = wanted.kind
    return bool(kind.keys) and {"add", "delete"} <= kind.operations and not kind.is_binding


def _doomed(keys: Iterable[str]) -> list[Desired]:
    found = []
    for key in keys:
        name, *parts = (unquote(part) for part in key.split("/"))
        if name not in catalogue.index():
            raise InvalidDocument([Problem("owner", "the registry has a row that is none of this version's", key)])
        kind = catalogue.kind(name)
        values = {attribute: part for attribute, part in zip(kind.keys, parts) if part}  # noqa: B905  # Python 3.9
        found.append(Desired(kind, values, present=False, path=f"{name} {' '.join(parts)}".rstrip()))
    return found


def _map(registry: Registry, values: Mapping[str, str]) -> list[Desired]:
    if not values and not registry.own:
        return []
    name = PREFIX + registry.owner
    rows = tuple({"name": name, "key": key, "value": value} for key, value in sorted(values.items()))
    path = f"owner {registry.owner}"
    return [Desired(catalogue.kind(MAP), {"name": name}, {ROWS: rows}, path=path)]


def _fingerprint(wanted: Desired, registry: Registry) -> str:
    """The row's value: the old one while no secret changed, so that it is not written again."""
    secrets = {name: wanted.values[name] for name in sorted(wanted.kind.secrets) if wanted.values.get(name) is not None}
    old = registry.own.get(key_of(wanted))
    salt, digests = _digests(old or NOTHING)
    if old is not None and set(digests) == set(secrets):
        if not any(registry.secret_changed(wanted, name, value) for name, value in secrets.items()):
            return old
    if not secrets:
        return NOTHING
    salt = os.urandom(8).hex()
    return " ".join([salt, *(f"{name}={_digest(salt, value)}" for name, value in secrets.items())])


def _digests(value: str) -> tuple[str, dict[str, str]]:
    salt, *parts = value.split(" ")
    return salt, dict(part.partition("=")[::2] for part in parts)


def _digest(salt: str, value: Any) -> str:
    return hashlib.pbkdf2_hmac("sha256", str(value).encode(), salt.encode(), _ROUNDS)[:16].hex()
