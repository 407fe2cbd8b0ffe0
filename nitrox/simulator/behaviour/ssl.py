# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""The SSL side of virtual servers, services and groups (PROTOCOL 15): implicit objects and the certificates bound to them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro import catalogue

from .. import relations
from ..context import Context
from ..refusal import Refusal
from ..registry import after, before, booted, loaded
from ..table import Row, Store
from .certificates import facts_of

# SSL objects exist with the object of their name (PROTOCOL 15 [D]): owner's kind → SSL kind.
IMPLICIT = {
    **dict.fromkeys(("lbvserver", "csvserver", "vpnvserver", "authenticationvserver", "gslbvserver", "crvserver"), "sslvserver"),
    **dict.fromkeys(("service", "gslbservice"), "sslservice"),
    "servicegroup": "sslservicegroup",
}
CERTIFICATES = ("sslvserver_sslcertkey_binding", "sslservice_sslcertkey_binding", "sslservicegroup_sslcertkey_binding")


@cache
def facts() -> Mapping[str, list[str]]:
    """Protocols that speak SSL, default curves, what a default profile takes over."""
    found: dict[str, list[str]] = json.loads((Path(__file__).parent / "ssl.json").read_text(encoding="utf-8"))
    return found


def _speaks_ssl(owner: str, row: Row) -> bool:
    attribute = catalogue.kind(owner).attributes.get("servicetype")
    default = attribute.default if attribute is not None else None
    protocol = str(row.get("servicetype", default or ("SSL" if owner in ("vpnvserver", "authenticationvserver") else "")))
    return protocol.upper() in facts()["protocols"]


def _appear(store: Store, owner: str, row: Row) -> None:
    kind = catalogue.kind(IMPLICIT[owner])
    key, name = str(kind.url_key), row.get(str(catalogue.kind(owner).url_key))
    if not _speaks_ssl(owner, row) or store.table(kind.name).named(name):
        return
    store.table(kind.name).put({key: name})
    for bound, like in (("sslciphersuite",) * 2, ("sslcipher", "sslciphersuite"), ("ecccurve",) * 2):
        for default in catalogue.kind(f"{kind.name}_{like}_binding").born_with:
            store.table(f"{kind.name}_{bound}_binding").put({key: name, **default})


@after("add", *IMPLICIT)
def appear(ctx: Context, row: Row, changes: Row) -> None:
    """With the owner, if it speaks SSL, and with the default ciphers and curves (PROTOCOL 15 [D])."""
    _appear(ctx.store, ctx.kind, row)


@loaded
def complete(store: Store) -> None:
    """A state that was loaded may name owners only."""
    for owner in IMPLICIT:
        for row in list(store.table(owner)):
            _appear(store, owner, row)


@after("delete", *IMPLICIT)
def disappear(ctx: Context, row: Row, changes: Row) -> None:
    """With the owner."""
    kind = catalogue.kind(IMPLICIT[ctx.kind])
    name = row[str(catalogue.kind(ctx.kind).url_key)]
    stored = ctx.find(kind.name, name)
    if stored is not None and _speaks_ssl(ctx.kind, row):
        ctx.table(kind.name).remove(stored)
        relations.forget(ctx, kind, name)


@after("rename", *IMPLICIT)
def follow(ctx: Context, row: Row, changes: Row) -> None:
    """With the owner; the object itself followed by its reference, its bindings do here."""
    relations.rename(ctx, catalogue.kind(IMPLICIT[ctx.kind]), changes["old"], row[str(catalogue.kind(ctx.kind).url_key)])


@before("bind", *CERTIFICATES)
def bind_certificate(ctx: Context, row: Row, changes: Row) -> None:
    """One plain server certificate of each key type: a new one replaces it (1546 is the remark) [D]; SNI and CA ones are
    besides. One without a key serves nobody: 1547 [I]."""
    if row.get("ca"):
        return
    pair = facts_of(ctx, ctx.find("sslcertkey", row["certkeyname"]) or {})
    if pair.get("_has_key") is False:
        raise Refusal(1547)
    if row.get("snicert"):
        return
    table = ctx.table(ctx.kind)
    for other in table.of_parent(row[str(table.kind.url_key)]):
        if other.get("ca") or other.get("snicert") or other["certkeyname"] == row["certkeyname"]:
            continue
        bound = facts_of(ctx, ctx.find("sslcertkey", other["certkeyname"]) or {})
        if bound.get("publickey") == pair.get("publickey"):
            table.remove(other)
            ctx.warn(1546)


def default_profiles(ctx: Context) -> bool:
    """Are default profiles in force?"""
    return bool(ctx.single("sslparameter").get("_profiles"))


@booted
def put_profiles_in_force(appliance: Any) -> None:
    """``sslparameter.defaultprofile`` takes effect with a save and a reboot (PROTOCOL 20 #22 [C:1])."""
    for name in list(appliance.partitions):
        for row in appliance.partition(name).table("sslparameter"):
            row["_profiles"] = row.get("defaultprofile") == "ENABLED"


@before("update", "sslparameter")
def announce_profiles(ctx: Context, row: Row, changes: Row) -> None:
    """Warning 1120: to be saved and rebooted."""
    if "defaultprofile" in changes:
        ctx.warn(1120)


@before("update", *dict.fromkeys(IMPLICIT.values()))
def leave_it_to_the_profile(ctx: Context, row: Row, changes: Row) -> None:
    """With default profiles the profile decides: 3740 [D]; for which attributes is [I]. A profile must exist (3248)."""
    if default_profiles(ctx) and set(changes) & set(facts()["toggles"]):
        raise Refusal(3740)
    if changes.get("sslprofile") and ctx.find("sslprofile", changes["sslprofile"]) is None:
        raise Refusal(3248)


@after("add", "sslprofile")
def furnish_profile(ctx: Context, row: Row, changes: Row) -> None:
    """A new profile has the default curves [D]."""
    if "YES" in str(row.get("nodefaultbindings", "")).upper():
        return
    for default in catalogue.kind("sslprofile_ecccurve_binding").born_with:
        ctx.table("sslprofile_ecccurve_binding").put({"name": row["name"], **default})


@after("add", "sslhsmkey")
def succeed_as_failure(ctx: Context, row: Row, changes: Row) -> None:
    """The key is there, and the answer says 1665 (exchange G13 [C:2])."""
    ctx.appliance.touch(ctx.session.partition)
    raise Refusal(1665)


@after("delete", "sslhsmkey")
def delete_as_failure(ctx: Context, row: Row, changes: Row) -> None:
    """Likewise."""
    ctx.appliance.touch(ctx.session.partition)
    raise Refusal(1665, message="Internal error while deleting HSM key.")
