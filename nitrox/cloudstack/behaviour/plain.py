# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Commands that need no code of their own: make, change and delete a row of their kind from the parameters."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from nitrox.cloudstack.call import Call
from nitrox.cloudstack.catalogue import Parameter, kinds
from nitrox.cloudstack.jobs import Accepted, Steps
from nitrox.cloudstack.parameters import Given
from nitrox.cloudstack.registry import plain
from nitrox.cloudstack.store import Row
from nitrox.cloudstack.views import show

Dress = Callable[[Call, Row], None]
DRESSED: dict[str, Dress] = {}
CLEARED: dict[str, Dress] = {}
_NOT_MEMBERS = {"account", "domainid", "projectid", "id", "customid", "enable", "tags"}


def dressed(kind: str) -> Callable[[Dress], Dress]:
    """What a new or changed row of that kind gets besides its parameters. It may refuse."""

    def register(function: Dress) -> Dress:
        DRESSED[kind] = function
        return function

    return register


def cleared(kind: str) -> Callable[[Dress], Dress]:
    """What is done before a row of that kind is deleted. It may refuse."""

    def register(function: Dress) -> Dress:
        CLEARED[kind] = function
        return function

    return register


def members(call: Call) -> dict[str, Any]:
    """The parameters that become members of the row."""
    owned = kinds()[call.command.kind].owned
    kept = {"domainid"} if not owned else set()
    if call.command.parameters.get("tags", Parameter("tags", "map")).type not in {"map", "maps"}:
        kept.add("tags")  # of storage or hosts, not those of createTags
    names = [name for name in call.command.parameters if name not in _NOT_MEMBERS or name in kept]
    return dict(call.sent(*names))


def make(call: Call) -> Row:
    """A new row."""
    kind = call.command.kind
    owner = call.owner() if kinds()[kind].owned else {}
    row = call.store.add(kind, **owner, **members(call), created=call.cloud.now_text())
    try:
        _dress(call, row)
    except Exception:
        call.store.remove(row)
        raise
    return row


def _dress(call: Call, row: Row) -> None:
    if row.kind in DRESSED:
        DRESSED[row.kind](call, row)


def answer(call: Call, row: Row) -> dict[str, Any]:
    """The object under the key of the command."""
    return {call.command.answers or row.kind: show(call.cloud, row)}


@plain("create")
def create(call: Call) -> Any:
    """Make a row."""
    if call.command.is_async:
        return _create_in_a_job(call)
    row = make(call)
    return row, answer(call, row)


def _create_in_a_job(call: Call) -> Steps:
    row = make(call)
    yield Accepted(row, undo=lambda: call.store.remove(row), new=True)
    yield None
    return answer(call, row)


@plain("update")
def update(call: Call) -> Any:
    """Change a row."""
    row = call.need()
    if call.command.is_async:
        return _update_in_a_job(call, row)
    _change(call, row)
    return row, answer(call, row)


def _change(call: Call, row: Row) -> None:
    before = dict(row)
    call.store.update(row, **members(call), **_emptied(call))
    try:
        _dress(call, row)
    except Exception:
        call.store.update(row, **{name: None for name in row if name not in before} | before)
        raise


def _emptied(call: Call) -> dict[str, None]:
    """Lists that were sent without a value: they are taken away."""
    blank = call.given.blank if isinstance(call.given, Given) else set()
    found = [name for name in blank & call.command.parameters.keys() if name not in call.given]
    return {name: None for name in found if name == "tags" or call.command.parameters[name].type == "list"}


def _update_in_a_job(call: Call, row: Row) -> Steps:
    yield Accepted(row)
    yield None
    _change(call, row)
    return answer(call, row)


@plain("delete")
def delete(call: Call) -> Any:
    """Delete a row."""
    row = call.need()
    if call.command.is_async:
        return _delete_in_a_job(call, row)
    _clear(call, row)
    return row, {"success": True}


def _clear(call: Call, row: Row) -> None:
    if row.kind in CLEARED:
        CLEARED[row.kind](call, row)
    call.store.remove(row)


def _delete_in_a_job(call: Call, row: Row) -> Steps:
    yield Accepted(row)
    yield None
    _clear(call, row)
    return {"success": True}
