# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""DNS records (PROTOCOL 21.2, 21.3)."""

from __future__ import annotations

import zlib

from ..context import Context
from ..registry import after, before, shown
from ..table import Row

NUMBERED = ("dnscaarec", "dnstxtrec")


@before("add", *NUMBERED)
def number(ctx: Context, row: Row, changes: Row) -> None:
    """The appliance gives each record a number by which GET and DELETE can name it (PROTOCOL 21.3 [C:1])."""
    content = "/".join(str(row.get(name, "")) for name in ("domain", "tag", "valuestring", "String"))
    row["recordid"] = zlib.crc32(content.encode()) % 65536 + 1


@shown(*NUMBERED)
def show_record(ctx: Context, row: Row, out: Row) -> None:
    """With its number."""
    out["recordid"] = str(row.get("recordid", ""))


@after("add", "dnsnameserver")
def resolver(ctx: Context, row: Row, changes: Row) -> None:
    """A name server is tried over UDP unless it says otherwise [I]."""
    row.setdefault("type", "UDP")


@shown("dnsnameserver")
def show_resolver(ctx: Context, row: Row, out: Row) -> None:
    """It answers."""
    out["nameserverstate"] = "UP" if row.get("state", "ENABLED") == "ENABLED" else "OUT OF SERVICE"
