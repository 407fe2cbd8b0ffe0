# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""The page at ``/``: what there is, how to get in, and which commands are answered and which are refused."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from .catalogue import Command, commands, kinds
from .registry import known

if TYPE_CHECKING:
    from .cloud import Cloud

_STYLE = (
    "body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:70rem;padding:0 1rem;color:#222}"
    "h2{margin-top:2rem}td,th{padding:.15rem 1rem .15rem 0;text-align:left;vertical-align:top}code{font-size:.95em}"
    ".no{color:#a33}@media(prefers-color-scheme:dark){body{background:#181818;color:#ddd}.no{color:#e88}}"
)


def page(cloud: Cloud) -> str:
    """The page as HTML."""
    users = "".join(
        f"<tr><td>{escape(row['username'])}<td><code>{escape(row['apikey'])}</code><td><code>/_simulator/state?kind=user</code>"
        for row in cloud.store.rows("user")
        if row.get("apikey")
    )
    counts = "".join(f"<tr><td>{kind}<td>{cloud.store.count(kind)}" for kind in kinds() if cloud.store.count(kind))
    answered = [one for one in commands().values() if known(one)]
    refused = [one for one in commands().values() if not known(one)]
    return (
        f"<!doctype html><html lang=en><meta charset=utf-8><title>CloudStack simulator</title><style>{_STYLE}</style>"
        f"<h1>CloudStack simulator</h1><p>API: <code>{escape(cloud.url)}/client/api</code>. "
        f"Control: <code>/_simulator</code>.</p>"
        f"<h2>Users</h2><table><tr><th>user<th>API key<th>secret key{users}</table>"
        f"<h2>Objects</h2><table>{counts}</table>"
        f"<h2>Answered commands ({len(answered)})</h2>{_groups(answered)}"
        f"<h2 class=no>Refused commands</h2><p>Every other command is refused with errorcode 432, as CloudStack does with "
        f"a command that it does not have. Known by name and refused ({len(refused)}):</p>{_groups(refused) or '<p>none</p>'}"
    )


def _groups(found: list[Command]) -> str:
    groups: dict[str, list[str]] = {}
    for one in sorted(found, key=lambda command: command.name):
        groups.setdefault(one.group, []).append(f"<code>{one.name}</code>{' (job)' if one.is_async else ''}")
    rows = "".join(f"<tr><th>{group.replace('_', ' ')}<td>{', '.join(names)}" for group, names in sorted(groups.items()))
    return f"<table>{rows}</table>" if rows else ""
