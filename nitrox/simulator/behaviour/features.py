# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Features and modes (PROTOCOL 12, 8.4, 21.4)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro import catalogue
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.kind import Kind

from ..context import Context
from ..refusal import Refusal
from ..registry import command, shown
from ..table import Row

_FACTS = Path(__file__).parent / "features.json"


@cache
def _facts() -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = json.loads(_FACTS.read_text(encoding="utf-8"))
    return found


def check(ctx: Context, kind: Kind, verb: str) -> None:
    """An object of a disabled feature is accepted with warning 1067 (PROTOCOL 12 [D])."""
    feature = kind.feature
    if feature and verb in ("add", "update") and feature.lower() not in _on(ctx, "nsfeature", "feature"):
        ctx.warn(1067, feature)


def _on(ctx: Context, kind: str, attribute: str) -> set[str]:
    return {str(name).lower() for name in ctx.appliance.partition().table(kind).get({}).get(attribute, ())}  # type: ignore[union-attr]


def _switch(ctx: Context, kind_name: str, payload: Mapping[str, Any], *, enable: bool) -> None:
    kind = catalogue.kind(kind_name)
    attribute = kind.attributes[kind.switches or ""]
    unknown = next((name for name in payload if name.lower() != attribute.name), None)
    if unknown:
        raise Refusal(278, unknown.lower())
    wanted = payload.get(attribute.name)
    names = wanted if isinstance(wanted, list) else str(wanted).replace(" ", ",").split(",") if wanted else []
    if not names:
        raise Refusal(1095, attribute.name)
    aliases = {**{value.lower(): value for value in attribute.values}, **_facts()["aliases"]}
    row = ctx.appliance.partition().table(kind_name).get({}) or ctx.single(kind_name)
    current: list[str] = list(row.get(attribute.name, ()))
    for name in names:
        token = aliases.get(str(name).lower())
        if token is None:
            raise Refusal(1097, attribute.name, name)
        current = [held for held in current if held.lower() != token.lower()]
        current += [token] if enable else []
    row[attribute.name] = current


@command("enable", "nsfeature")
def enable_features(ctx: Context, payload: Mapping[str, Any]) -> None:
    """Switch features on; tokens in any case (PROTOCOL 12 [D])."""
    _switch(ctx, "nsfeature", payload, enable=True)


@command("disable", "nsfeature")
def disable_features(ctx: Context, payload: Mapping[str, Any]) -> None:
    """Switch features off."""
    _switch(ctx, "nsfeature", payload, enable=False)


@command("enable", "nsmode")
def enable_modes(ctx: Context, payload: Mapping[str, Any]) -> None:
    """Switch modes on."""
    _switch(ctx, "nsmode", payload, enable=True)


@command("disable", "nsmode")
def disable_modes(ctx: Context, payload: Mapping[str, Any]) -> None:
    """Switch modes off."""
    _switch(ctx, "nsmode", payload, enable=False)


@shown("nsfeature", "nsmode")
def show_switches(ctx: Context, row: Row, out: Row) -> None:
    """One object: a boolean each, and the list in short upper-case names (PROTOCOL 12, 21.4 [C:1])."""
    name = "feature" if "feature" in row else "mode"
    kind = catalogue.kind("nsfeature" if name == "feature" else "nsmode")
    held = {str(token).lower() for token in row.get(name, ())}
    out.update({a.name: a.name in held for a in kind if a.type == "boolean"})
    out[name] = [str(token) for token in row.get(name, ())]
