# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Where behaviour is registered: by command, by plain verb, by kind for what is shown and filtered."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from .catalogue import Command
from .store import Row

if TYPE_CHECKING:
    from .call import Call
    from .cloud import Cloud

View = Callable[["Cloud", Row, dict[str, Any]], None]
Filter = Callable[["Call", list[Row]], list[Row]]
HANDLERS: dict[str, Callable[..., Any]] = {}
PLAIN: dict[str, Callable[..., Any]] = {}
VIEWS: dict[str, View] = {}
FILTERS: dict[tuple[str, str], Filter] = {}


def command(*names: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """The function behind commands."""

    def register(function: Callable[..., Any]) -> Callable[..., Any]:
        HANDLERS.update(dict.fromkeys(names, function))
        return function

    return register


def plain(verb: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """The function behind commands that only say what they do."""

    def register(function: Callable[..., Any]) -> Callable[..., Any]:
        PLAIN[verb] = function
        return function

    return register


def view(kind: str) -> Callable[[View], View]:
    """Completes what is shown of an object of that kind."""

    def register(function: View) -> View:
        VIEWS[kind] = function
        return function

    return register


def chosen_by(kind: str, *parameters: str) -> Callable[[Filter], Filter]:
    """What a parameter of a list selects, where comparing a member is not enough."""

    def register(function: Filter) -> Filter:
        FILTERS.update({(kind, parameter): function for parameter in parameters})
        return function

    return register


def known(command: Command) -> bool:
    """Is there something behind that command?"""
    return command.name in HANDLERS or command.verb in PLAIN or bool(command.lists)
