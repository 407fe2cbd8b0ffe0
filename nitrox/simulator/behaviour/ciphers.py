# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Cipher groups and what is bound of them (PROTOCOL 8.6, 20 #14–15, #22)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ..context import Context
from ..refusal import Refusal
from ..registry import after, before, rows, select, shown
from ..table import Row
from .ssl import default_profiles

# The typed GET of these is empty; the rows are listed under another kind (PROTOCOL 8.6 [L]).
LISTED_AS = {
    "sslprofile_sslciphersuite_binding": "sslprofile_sslcipher_binding",
    "sslvserver_sslcipher_binding": "sslvserver_sslciphersuite_binding",
    "sslservice_sslcipher_binding": "sslservice_sslciphersuite_binding",
    "sslservicegroup_sslcipher_binding": "sslservicegroup_sslciphersuite_binding",
}
_OTHER = {listed: name for name, listed in LISTED_AS.items()}
ALL = tuple(name for pair in LISTED_AS.items() for name in pair)
OF_OWNERS = tuple(name for name in ALL if not name.startswith("sslprofile"))
CURVES = ("sslvserver_ecccurve_binding", "sslservice_ecccurve_binding", "sslservicegroup_ecccurve_binding")
_SUITE = re.compile(r"(SSL[23]?|TLS1(\.[0-3])?)-", re.IGNORECASE)


@before("bind", *OF_OWNERS, *CURVES)
@before("unbind", *OF_OWNERS, *CURVES)
def leave_it_to_the_profile(ctx: Context, row: Row, changes: Row) -> None:
    """Not while default profiles are in force (3740 [D])."""
    if default_profiles(ctx):
        raise Refusal(3740)


@before("bind", *ALL)
def check_cipher(ctx: Context, row: Row, changes: Row) -> None:
    """A group, or a suite by its name; a suite that this build does not know is let pass [I]. Listed once only."""
    name = row.get("ciphername")
    if name is None:
        raise Refusal(1095, "ciphername")
    if ctx.find("sslcipher", name) is None and not _SUITE.match(str(name)):
        raise Refusal(258, "cipherName", name)
    if ctx.kind in LISTED_AS and ctx.table(LISTED_AS[ctx.kind]).get(row) is not None:
        raise Refusal(273)


@rows(*LISTED_AS)
def listed_elsewhere(ctx: Context) -> list[Row]:
    """See `LISTED_AS`."""
    return []


@select(*LISTED_AS)
def read_nothing(ctx: Context, name: str | None, args: Mapping[str, str]) -> list[Row]:
    """A plain or filtered GET is empty, one with args is refused (PROTOCOL 8.6 [L])."""
    if args:
        raise Refusal(278, next(iter(args)))
    return []


@after("bind", *LISTED_AS)
def list_elsewhere(ctx: Context, row: Row, changes: Row) -> None:
    """See `LISTED_AS`."""
    ctx.table(LISTED_AS[ctx.kind]).put(dict(row))


@after("bind", *LISTED_AS.values())
def list_under_both(ctx: Context, row: Row, changes: Row) -> None:
    """The same relation may be unbound under its other name."""
    ctx.table(_OTHER[ctx.kind]).put(dict(row))


@after("unbind", *ALL)
def unlist(ctx: Context, row: Row, changes: Row) -> None:
    """What was bound under either name goes."""
    _drop(ctx, LISTED_AS.get(ctx.kind) or _OTHER[ctx.kind], row)


def _drop(ctx: Context, kind: str, row: Row) -> None:
    stored: Any = ctx.table(kind).get(row)
    if stored is not None:
        ctx.table(kind).remove(stored)


@shown("sslvserver_sslciphersuite_binding", "sslservice_sslciphersuite_binding", "sslservicegroup_sslciphersuite_binding")
def describe(ctx: Context, row: Row, out: Row) -> None:
    """What the listing says of a cipher or group."""
    group = ctx.find("sslcipher", row.get("ciphername"))
    if group is not None:
        out.setdefault("description", "Predefined Cipher Alias" if group.get("_builtin") else "User Created Cipher Group")
