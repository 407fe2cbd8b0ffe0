# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Lookups: what is on the appliance, read while the program runs."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

import pulumi

from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro import catalogue
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.desired import Desired
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.errors import NitroError
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.kind import Kind
from pulumi_netscaler import options

from .target import Provider


def lookup(
    kind: Kind, keys: tuple[Any, ...], named: Mapping[str, Any], opts: pulumi.InvokeOptions | None
) -> pulumi.Output[dict[str, Any]]:
    """All readable attributes of the object with these keys, without secrets. Fails where there is no such object.

    ``opts.provider`` may be a `Provider`; else the stack's configuration and the environment say where to look.
    """
    wanted = {**dict(zip(kind.keys, keys, strict=False)), **named}
    missing = [name for name in wanted if name not in kind.keys] if kind.keys else list(wanted)
    if missing or len(keys) > len(kind.keys) or (kind.keys and not wanted):
        raise TypeError(f"get_{kind.name}: its keys are wanted: {', '.join(kind.keys) or 'none'}")
    provider = opts.provider if opts else None
    given = provider.given if isinstance(provider, Provider) else _configured()
    where = pulumi.Output.all(**given) if given else pulumi.Output.from_input({})
    what = pulumi.Output.all(**wanted) if wanted else pulumi.Output.from_input({})
    return pulumi.Output.all(where, what).apply(lambda both: asyncio.to_thread(_read, kind.name, both[1], both[0]))


def _configured() -> dict[str, Any]:
    config = pulumi.Config(options.NAMESPACE)

    def get(name: str) -> Any:
        option = name.partition(":")[2]
        return config.get_secret(option) if option in options.SECRETS else config.get(option)

    return options.collected(get)


def _read(kind_name: str, values: dict[str, Any], given: dict[str, Any]) -> dict[str, Any]:
    from pulumi_netscaler.crud import live
    from pulumi_netscaler.crud.appliance import appliance
    from pulumi_netscaler.crud.failure import line

    kind = catalogue.kind(kind_name)
    wanted = Desired(kind, values)
    subject = f"{kind.name} {wanted.name}".rstrip()
    try:
        found = live.row(appliance(options.target(given)).reader([(kind.name, wanted.key)]), wanted)
    except (NitroError, ValueError) as error:
        raise LookupError(f"{subject}: {line(error)}") from None
    if found is None:
        raise LookupError(f"{subject}: there is none on the appliance")
    return live.everything(kind, found)
