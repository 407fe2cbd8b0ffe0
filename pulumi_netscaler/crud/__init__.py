# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""What runs in the provider process: check, diff, create, read, update and delete, each a thin use of the core."""

from __future__ import annotations

from importlib import import_module
from typing import cast

from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.errors import UnknownKind
from pulumi_netscaler.provider import NitroProvider

from .failure import shortened

_OWN = {
    "nitrox.Bindings": ("sets", "SetProvider"),
    "nitrox.Config": ("whole", "ConfigProvider"),
    "nitrox.SavedConfig": ("saved", "SavedProvider"),
}


def made(name: str) -> NitroProvider:
    """The provider of that name (`provider.load`)."""
    module, class_ = _OWN.get(name, ("objects", "ObjectProvider"))
    made_by = getattr(import_module(f".{module}", __name__), class_)
    try:
        return cast(NitroProvider, made_by(name))
    except UnknownKind as error:
        text = f"{error}; if a resource of the state is meant, install the version of netscaler-nitrox that made it"
        raise shortened(text) from None
