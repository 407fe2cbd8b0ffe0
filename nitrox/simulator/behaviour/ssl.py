# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""The SSL side of virtual servers, services and groups, their certificates and ciphers (PROTOCOL 8.6, 15, 20 #14–15, #22)."""

from __future__ import annotations

from typing import Any

from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro import catalogue

from .. import relations
from ..context import Context
from ..refusal import Refusal
from ..registry import after, before, rows
from ..table import Row

# SSL objects exist with the object of their name (PROTOCOL 15 [D]): owner's kind → SSL kind.
IMPLICIT = {
    **dict.fromkeys(("lbvserver", "csvserver", "vpnvserver", "authenticationvserver", "gslbvserver", "crvserver"), "sslvserver"),
    "service": "sslservice",
    "servicegroup": "sslservicegroup",
}
CERTIFICATES = "sslvserver_sslcertkey_binding"
# The typed GET of these is empty; the rows are listed under another kind (PROTOCOL 8.6 [L]).
LISTED_AS = {
    "sslprofile_sslciphersuite_binding": "sslprofile_sslcipher_binding",
    "sslvserver_sslcipher_binding": "sslvserver_sslciphersuite_binding",
    "sslservice_sslcipher_binding": "sslservice_sslciphersuite_binding",
    "sslservicegroup_sslcipher_binding": "sslservicegroup_sslciphersuite_binding",
}
CIPHERS = [name for pair in LISTED_AS.items() for name in pair if not name.startswith("sslprofile")]


def _speaks_ssl(owner: str, row: Row) -> bool:
    attribute = catalogue.kind(owner).attributes.get("servicetype")
    default = attribute.default if attribute is not None else None
    protocol = str(row.get("servicetype", default or ("SSL" if owner in ("vpnvserver", "authenticationvserver") else "")))
    return ("SSL" in protocol.upper() and protocol.upper() != "SSL_BRIDGE") or protocol.upper() in ("DTLS", "QUIC", "HTTP_QUIC")


@after("add", *IMPLICIT)
def appear(ctx: Context, row: Row, changes: Row) -> None:
    """With the owner, if it speaks SSL, and with the default ciphers."""
    owner = catalogue.kind(ctx.kind)
    if not _speaks_ssl(owner.name, row):
        return
    kind = catalogue.kind(IMPLICIT[owner.name])
    key = str(kind.url_key)
    name = row[str(owner.url_key)]
    ctx.table(kind.name).put({key: name})
    ctx.table(f"{kind.name}_sslciphersuite_binding").put(
        {key: name, "ciphername": "DEFAULT" if key == "vservername" else "DEFAULT_BACKEND"}
    )


@after("delete", *IMPLICIT)
def disappear(ctx: Context, row: Row, changes: Row) -> None:
    """With the owner."""
    kind = catalogue.kind(IMPLICIT[ctx.kind])
    name = row[str(catalogue.kind(ctx.kind).url_key)]
    stored = ctx.find(kind.name, name)
    if stored is not None:
        ctx.table(kind.name).remove(stored)
        relations.forget(ctx, kind, name)


@after("rename", *IMPLICIT)
def follow(ctx: Context, row: Row, changes: Row) -> None:
    """With the owner; the object itself followed by its reference, its bindings do here."""
    relations.rename(ctx, catalogue.kind(IMPLICIT[ctx.kind]), changes["old"], row[str(catalogue.kind(ctx.kind).url_key)])


@before("bind", CERTIFICATES)
def bind_certificate(ctx: Context, row: Row, changes: Row) -> None:
    """One plain server certificate: a new one replaces it (1546 is the remark) [D]; SNI and CA ones are besides."""
    if row.get("ca") or row.get("snicert"):
        return
    table = ctx.table(CERTIFICATES)
    for other in table.of_parent(row["vservername"]):
        if not other.get("ca") and not other.get("snicert") and other["certkeyname"] != row["certkeyname"]:
            table.remove(other)
            ctx.warn(1546)


@before("bind", *CIPHERS)
def bind_cipher(ctx: Context, row: Row, changes: Row) -> None:
    """Not while default profiles are in force (3740 [D])."""
    if ctx.single("sslparameter").get("_profiles"):
        raise Refusal(3740)


@rows(*LISTED_AS)
def listed_elsewhere(ctx: Context) -> list[Row]:
    """See `LISTED_AS`."""
    return []


@after("bind", *LISTED_AS)
def list_elsewhere(ctx: Context, row: Row, changes: Row) -> None:
    """See `LISTED_AS`."""
    ctx.table(LISTED_AS[ctx.kind]).put(dict(row))


@after("unbind", *LISTED_AS)
def unlist_elsewhere(ctx: Context, row: Row, changes: Row) -> None:
    """See `LISTED_AS`."""
    _drop(ctx, LISTED_AS[ctx.kind], row)


@after("unbind", *[name for name in LISTED_AS.values() if name != "sslprofile_sslcipher_binding"])
def unlist_here(ctx: Context, row: Row, changes: Row) -> None:
    """What was bound under the other name goes as well."""
    _drop(ctx, next(name for name, listed in LISTED_AS.items() if listed == ctx.kind), row)


def _drop(ctx: Context, kind: str, row: Row) -> None:
    stored: Any = ctx.table(kind).get(row)
    if stored is not None:
        ctx.table(kind).remove(stored)


@after("add", "sslhsmkey")
def succeed_as_failure(ctx: Context, row: Row, changes: Row) -> None:
    """The key is there, and the answer says 1665 (exchange G13 [C:2])."""
    raise Refusal(1665)


@after("delete", "sslhsmkey")
def delete_as_failure(ctx: Context, row: Row, changes: Row) -> None:
    """Likewise."""
    raise Refusal(1665, message="Internal error while deleting HSM key.")
