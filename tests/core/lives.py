# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Minimal legal objects of any kind, made up from the catalogue: what a create needs, and one change to it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro import catalogue
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.kind import Attribute, Kind

# What the catalogue's types do not tell: values by kind and attribute, and attributes that go together.
SAMPLES: dict[str, dict[str, Any]] = json.loads(Path(__file__).with_name("lives.json").read_text(encoding="utf-8"))
ADDRESS = ("ip", "ipaddress", "ipv46", "network", "gateway", "nameserver", "siteipaddress", "serverip", "address")


def kinds() -> Iterator[Kind]:
    """Every kind whose objects come and go."""
    for kind in catalogue.kinds():
        if kind.manageable and kind.readable and not kind.is_binding and {"add", "delete"} <= kind.operations:
            yield kind


def minimal(kind: Kind) -> dict[str, Any]:
    """What a create needs."""
    sample = SAMPLES.get(kind.name, {})
    needed = {a.name for a in kind if "add" in a.required} | {key for key in kind.keys if key == kind.main_key}
    for group in kind.one_of:
        chosen = next((name for name in group if name in sample), group[0])
        needed = (needed - set(group)) | {chosen}
    return {name: value(kind.attributes[name]) for name in sorted(needed)} | {
        name: given for name, given in sample.items() if name not in "=~"
    }


def before(kind: Kind) -> dict[str, Any]:
    """What has to be there first."""
    found: dict[str, Any] = SAMPLES.get(kind.name, {}).get("=", {})
    return found


def document(kind: Kind, values: dict[str, Any]) -> dict[str, Any]:
    """One object as a document has it."""
    return {kind.name: [values] if kind.keys else values}


def changed(kind: Kind) -> dict[str, Any]:
    """One attribute with another value than `minimal` gives it, as the appliance would show it; {} if there is none."""
    sample = SAMPLES.get(kind.name, {})
    if "~" in sample:
        found: dict[str, Any] = sample["~"]
        return found
    given = minimal(kind)
    for attribute in sorted(kind, key=lambda a: (a.name != "comment", not a.values, a.name)):
        if _free(kind, attribute) and attribute.name not in given:
            for candidate in _candidates(attribute):
                if not attribute.same(candidate, None):
                    return {attribute.name: candidate}
    return next(({name: "false"} for name in ("rule", "expression") if name in given and _free(kind, kind.attributes[name])), {})


def value(attribute: Attribute) -> Any:
    """Some legal value."""
    return next(iter(_candidates(attribute)))


def _free(kind: Kind, attribute: Attribute) -> bool:
    if attribute.name in kind.keys or attribute.ref or attribute.secret or attribute.write_only or attribute.readonly:
        return False
    return "update" in attribute.on and not attribute.of_binding and attribute.unit is None


def _candidates(attribute: Attribute) -> Iterator[Any]:
    if attribute.type == "array":
        for item in _items(attribute, attribute.items):
            yield [item]
    else:
        yield from _items(attribute, attribute.type)


def _items(attribute: Attribute, type_: str) -> Iterator[Any]:
    if attribute.values:
        yield from attribute.values
    elif type_ in ("integer", "number"):
        low = int(attribute.min if attribute.min is not None else 1)
        yield from (number for number in (low + 1, low) if attribute.max is None or number <= attribute.max)
    elif type_ == "boolean":
        yield True
    elif attribute.name in ADDRESS or "ipaddress" in attribute.name:
        yield "198.51.100.7"
    elif "netmask" in attribute.name:
        yield "255.255.255.0"
    else:
        yield ("sample_" + attribute.name)[: attribute.max_length or 31].ljust(attribute.min_length or 1, "x")
