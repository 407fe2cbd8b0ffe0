# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Hand-written behaviour, one file an area. Every rule names its PROTOCOL section and grade."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.kind import Kind

    from ..context import Context
    from ..engine import Answer


@cache
def load() -> None:
    """Import every file of this folder; each registers its hooks."""
    for module in pkgutil.iter_modules(__path__):
        importlib.import_module(f"{__name__}.{module.name}")


def run_several(ctx: Context, api: str, fail_items: dict[int, int]) -> Answer:
    """``macroapi`` and ``batchapi``."""
    from . import several as area

    run: Callable[[Context, dict[int, int]], Answer] = area.macroapi if api == "macroapi" else area.batchapi
    return run(ctx, fail_items)


def check_feature(ctx: Context, kind: Kind, verb: str) -> None:
    """Warn with 1067 when the kind's feature is off."""
    from . import features

    features.check(ctx, kind, verb)


def check_access(ctx: Context, kind: Kind, verb: str, payload: Mapping[str, Any]) -> None:
    """Refuse what the user's command policies or the partition do not allow."""
    from . import access

    access.check(ctx, kind, verb, payload)


def check_stat(ctx: Context, type_: str, name: str | None) -> None:
    """Refuse statistics that the user's command policies do not allow."""
    from . import access

    access.check_stat(ctx, type_, name)


def settle(ctx: Context) -> None:
    """Live connections follow what the command at hand has changed."""
    if ctx.appliance.connections:
        from .. import traffic

        traffic.settle(ctx.appliance, traffic.request_of(ctx))


__all__: list[Any] = ["check_access", "check_feature", "check_stat", "load", "run_several", "settle"]
