# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""What a factory-new appliance has: users, features, profiles, monitors, files (PROTOCOL 20 #18, 21.5)."""

from __future__ import annotations

import base64
import json
from functools import cache
from pathlib import Path
from typing import Any

from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro import catalogue

from .rootca import factory_files
from .table import Store

_ENUMERATED = {"snmpalarm": "trapname"}  # one row for each value of the key
_DEFAULT_PARTITION_ONLY = {"systemuser", "nsip", "nsrpcnode", "systemfile", "nsfeature", "nsmode", "interface", "sslcertkey"}


@cache
def _objects() -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for path in sorted(Path(__file__).parent.glob("boot*.json")):
        for kind, rows in json.loads(path.read_text(encoding="utf-8")).items():
            found.setdefault(kind, []).extend(rows)
    return found


def _write_files(store: Store) -> None:
    table = store.table("systemfile")
    in_ssl = [("/nsconfig/ssl", name, content) for name, content in factory_files().items()]
    for folder, name, content in [("/nsconfig", "ns.conf", b"#NS14.1\n"), ("/nsconfig", "rc.netscaler", b"\n"), *in_ssl]:
        encoded = base64.b64encode(content).decode()
        table.put({"filename": name, "filelocation": folder, "filecontent": encoded, "_builtin": True})


def kinds_at_boot(*, default: bool) -> set[str]:
    """The kinds of which a partition has objects at boot."""
    everything = {*_objects(), *_ENUMERATED, "systemfile"}
    return everything if default else everything - _DEFAULT_PARTITION_ONLY


def furnish(store: Store, nsip: str, *, default: bool) -> None:
    """Put the factory objects in a store. Those of the box itself are only in the default partition."""
    for kind, rows in _objects().items():
        if not default and kind in _DEFAULT_PARTITION_ONLY:
            continue
        table = store.table(kind)
        for row in rows:
            own = {name: value.replace("{nsip}", nsip) if isinstance(value, str) else value for name, value in row.items()}
            table.put({**own, "_builtin": True} if table.kind.keys else own)
    if default:
        _write_files(store)
    for kind, key in _ENUMERATED.items():
        for value in catalogue.kind(kind).attributes[key].values:
            store.table(kind).put({key: value, "_builtin": True})
