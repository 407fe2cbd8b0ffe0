# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Configuration as the command line spells it: ns.conf, differences, and what command policies look at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro import catalogue
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.errors import UnknownKind
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.kind import Kind

HEADER = "#NS14.1 Build 51.80"
_NOT_IN_IT = {"systemfile", "systembackup", "sslciphersuite", "snmpalarm"}
# Stored under two names; the other one is written.
_NOT_IN_IT |= {"sslprofile_sslciphersuite_binding", "sslvserver_sslcipher_binding"}
_NOT_IN_IT |= {"sslservice_sslcipher_binding", "sslservicegroup_sslcipher_binding"}
Tables = Mapping[str, list[dict[str, Any]]]


def noun(kind: Kind) -> str:
    """``lb vserver`` for lbvserver."""
    name = kind.name
    return f"{kind.package} {name[len(kind.package) :]}" if name.startswith(kind.package) and name != kind.package else name


def text(tables: Tables) -> str:
    """A partition's configuration as the text of ns.conf, secrets masked."""
    return "\n".join([HEADER, *lines(tables), ""])


def lines(tables: Tables) -> Iterator[str]:
    """One command a row: objects first, then bindings. Factory objects, read-only kinds and routing are not in it."""
    kinds = [kind for name in tables if name not in _NOT_IN_IT and not (kind := catalogue.kind(name)).dynamic_routing]
    for kind in sorted(kinds, key=lambda one: one.is_binding):
        for row in tables[kind.name]:
            command = _switches(kind, row) if kind.switches else _binding(kind, row) if kind.is_binding else _object(kind, row)
            if command:
                yield command


def _switches(kind: Kind, row: Mapping[str, Any]) -> str:
    held = row.get(kind.switches or "", ())
    return f"enable {noun(kind)} {' '.join(map(str, held))}" if held else ""


def _object(kind: Kind, row: Mapping[str, Any]) -> str:
    added = bool(kind.operations & {"add", "import"}) and not row.get("_builtin")
    if not added and "update" not in kind.operations:
        return ""
    key = kind.url_key or next(iter(kind.keys), "")
    arguments = _arguments(kind, row, key)
    if not added and not arguments:
        return ""
    return " ".join(part for part in ("add" if added else "set", noun(kind), _word(row, key), *arguments) if part)


def _binding(kind: Kind, row: Mapping[str, Any]) -> str:
    try:
        parent = noun(catalogue.kind(kind.parent or ""))
    except UnknownKind:
        parent = kind.parent or ""
    return " ".join(
        part for part in ("bind", parent, _word(row, kind.url_key), *_arguments(kind, row, kind.url_key or "")) if part
    )


def _arguments(kind: Kind, row: Mapping[str, Any], key: str) -> list[str]:
    found = []
    for name, value in row.items():
        attribute = kind.attributes.get(name)
        if attribute is None or name == key or attribute.readonly or value is None:
            continue
        shown = ["********"] if attribute.secret else value if isinstance(value, list) else [value]
        found.append(f"-{name} {' '.join(quoted(item) for item in shown)}")
    return found


def _word(row: Mapping[str, Any], key: str | None) -> str:
    return quoted(row[key]) if key and key in row else ""


def quoted(value: Any) -> str:
    """A word of the command line."""
    word = ("YES" if value else "NO") if isinstance(value, bool) else str(value)
    return '"' + word.replace('"', '\\"') + '"' if not word or " " in word or '"' in word else word
