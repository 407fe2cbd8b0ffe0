# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""From errors of the core to what Pulumi shows: one line that names the resource, what was said, and the cure."""

from __future__ import annotations

import functools
import os
import sys
from collections.abc import Callable, Iterable
from typing import ParamSpec, TypeVar

from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.answer import EXISTS
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.errors import (
    InvalidDocument,
    NitroError,
    Rejected,
    Unauthorized,
    Unreachable,
)
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.outcome import Item

P = ParamSpec("P")
T = TypeVar("T")
ADOPT = "adopt=True takes it over, an alias or the old logical name keeps a resource that was only renamed"
LOGIN = "check netscaler:username and netscaler:password (or NETSCALER_USERNAME and NETSCALER_PASSWORD)"
REACH = "check netscaler:url (or NETSCALER_URL) and the way to it, then run it again: nothing was changed"


class NetScalerError(Exception):
    """What a provider method raises: its text is all that people need."""


# The server prints the class with its module unless that is this one; nobody needs to read our module names.
NetScalerError.__module__ = "builtins"


class Exists(NitroError):
    """It is there already, and nobody said that it may be taken over."""

    def __init__(self, subject: str, differs: str = "") -> None:
        super().__init__(f"{subject}: exists already{f' ({differs})' if differs else ''}: {ADOPT}")


def reported(method: Callable[P, T]) -> Callable[P, T]:
    """A provider method whose errors end as one line: the server answers with the whole traceback of what it meets."""

    @functools.wraps(method)
    def call(*arguments: P.args, **named: P.kwargs) -> T:
        try:
            return method(*arguments, **named)
        except NetScalerError:
            _shorten()
            raise
        except (NitroError, ValueError) as error:
            raise shortened(line(error)) from None

    return call


def line(error: Exception) -> str:
    """An error as one line, with its cure where there is a known one."""
    if isinstance(error, InvalidDocument):
        return "; ".join(map(str, error.problems))
    text = " ".join(str(error).split())
    if isinstance(error, Unauthorized):
        return f"{text}: {LOGIN}"
    if isinstance(error, Unreachable):
        return f"{text}: {REACH}"
    if isinstance(error, Rejected) and error.errorcode in EXISTS:
        return f"{text}: {ADOPT}"
    return text


def told(items: Iterable[Item]) -> str:
    """The steps of one resource that are not as wanted."""
    return "; ".join(f"{item}: {ADOPT}" if item.errorcode in EXISTS else str(item) for item in items if not item.ok)


def shortened(text: str) -> NetScalerError:
    """The error to raise with this text."""
    _shorten()
    return NetScalerError(text)


def _shorten() -> None:
    """No frames of ours in the answer, in the process that does nothing but serve; NETSCALER_DEBUG keeps them."""
    main = getattr(sys.modules.get("__main__"), "__spec__", None)
    if main is not None and main.name == "pulumi.dynamic.__main__" and not os.environ.get("NETSCALER_DEBUG"):
        sys.tracebacklimit = 0
