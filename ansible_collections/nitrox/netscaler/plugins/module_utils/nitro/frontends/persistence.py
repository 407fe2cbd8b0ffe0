# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""``persistence:``: cookie, source address, or any type that NITRO knows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .fields import Fields

TYPES = {"COOKIE": "COOKIEINSERT", "SOURCE_IP": "SOURCEIP", "SSL_SESSION": "SSLSESSION"}  # people's word → NITRO's
WORDS = ("type", "timeout", "name", "backup", "mask")


def persistence(outer: Fields) -> dict[str, Any]:
    """Attributes of lbvserver for the ``persistence`` of ``outer``: a word, or a mapping with ``type`` and details."""
    given = outer.get("persistence")
    if given is None:
        return {}
    if given is False:
        return {"persistencetype": "NONE"}
    if not isinstance(given, Mapping):
        return {"persistencetype": _type(outer.text("persistence"))}
    fields = Fields(given, outer.at("persistence"), outer.out, WORDS)
    values: dict[str, Any] = {
        "persistencetype": _type(fields.needed("type")),
        "timeout": fields.integer("timeout", 0, 1440),
        "cookiename": fields.text("name"),
        "persistmask": fields.text("mask"),
    }
    if fields.has("backup"):
        values["persistencebackup"] = _type(fields.text("backup"))
        values["backuppersistencetimeout"] = fields.integer("timeout", 2, 1440)
    return values


def _type(word: str | None) -> str | None:
    return TYPES.get(word.upper().replace("-", "_"), word) if word else word


def persistence_words(fields: Fields) -> dict[str, str]:
    """Attribute of lbvserver → the path of the user's word for it."""
    names = ("persistencetype", "timeout", "cookiename", "persistencebackup", "backuppersistencetimeout", "persistmask")
    return {name: fields.at("persistence") for name in names}
