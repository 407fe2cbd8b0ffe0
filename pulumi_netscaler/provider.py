# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Where states find the code that manages a resource.

``__provider`` of every resource in every state is a pickle of `load(name)`: this module's path, the name of that function and
what it takes are a frozen contract. States written by any version are read by all later ones, so nothing here is ever renamed.
"""

from __future__ import annotations

import base64
import pickle
from functools import cache
from typing import Any

from pulumi.dynamic import ResourceProvider

_loaded: dict[str, NitroProvider] = {}
PROTOCOL = 4  # of pickle, for ever: another one would be another text in every state


class NitroProvider(ResourceProvider):
    """What manages the resources of one kind. It carries nothing but its name, so that its pickle is a short reference."""

    serialize_as_secret_always = False  # there is no secret in it, and an encrypted one would slow down every checkpoint
    name = ""

    def __reduce__(self) -> tuple[Any, ...]:
        return (load, (self.name,))


def load(name: str) -> NitroProvider:
    """The provider of a NITRO kind (``lbvserver``), or of one of this package's own resources (``nitrox.Config``).

    A plain function, not a wrapped one: dill would write the code of a wrapper into every state.
    """
    if name not in _loaded:
        from .crud import made  # in the provider process only: a program never runs it

        _loaded[name] = made(name)
    return _loaded[name]


@cache
def reference(name: str) -> str:
    """The text that goes into ``__provider``. The same bytes in every Python, built once a kind."""
    found = NitroProvider()
    found.name = name
    return base64.b64encode(pickle.dumps(found, PROTOCOL)).decode()
