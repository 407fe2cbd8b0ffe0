# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""What a payload may contain, by the catalogue (PROTOCOL 7.1, 7.2, 17, 21.1, 21.3)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.kind import Kind

from .refusal import Refusal
from .table import Row
from .typed import convert

_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_#. :@=-]*\Z")
_NAMED = {"name", "servicegroupname", "monitorname", "certkey"}
_LONGEST_NAME = 127


def accepted(kind: Kind, payload: Mapping[str, Any], *operations: str) -> Row:
    """The payload with the catalogue's spelling and typed values.

    Names are case-insensitive, null means "not given" (PROTOCOL 21.1 [L]). Refused: an attribute that does not exist
    (1090), one that none of ``operations`` takes (278, the payload's name in lower case, PROTOCOL 21.3 [L]), a bad value.
    """
    row: Row = {}
    for name, value in payload.items():
        if value is None:
            continue
        attribute = kind.attribute(name)
        if attribute is None:
            raise Refusal(1090, name)
        if attribute.name not in kind.keys and not attribute.on.intersection(operations):
            raise Refusal(278, name.lower())
        row[attribute.name] = convert(attribute, value)
    return row


def require(kind: Kind, row: Mapping[str, Any], operation: str) -> None:
    """Refuse with 1095 when a mandatory attribute of the operation is missing."""
    for attribute in kind:
        if operation in attribute.required and attribute.name not in row and not attribute.secret:
            raise Refusal(1095, attribute.name)


def check_name(kind: Kind, name: Any) -> None:
    """The rule for names of objects (1075) and their length (1106), PROTOCOL 17."""
    if kind.url_key not in _NAMED or kind.is_binding:
        return
    if len(str(name)) > (kind.attributes[kind.url_key].max_length or _LONGEST_NAME):
        raise Refusal(1106, kind.attributes[kind.url_key].max_length or _LONGEST_NAME)
    if not _NAME.match(str(name)):
        raise Refusal(1075)


def one_of(kind: Kind, row: Mapping[str, Any], *, required: bool = True) -> None:
    """Alternatives such as ip and servername: both is 1092, none is 1095 (PROTOCOL 6.4)."""
    for group in kind.one_of:
        given = [name for name in group if row.get(name) not in (None, "")]
        if len(given) > 1 and kind.is_binding:
            raise Refusal(1092, *(_CLI.get(name, name) for name in sorted(given, key=_spoken)))
        if required and not given:
            raise Refusal(1095, *group[:1])


def _spoken(name: str) -> tuple[bool, int]:
    """The order in which messages list alternatives (PROTOCOL Appendix A.2 [L]): names first, shorter ones first."""
    return not name.endswith("name"), len(name)


# Messages use the command line's spelling of argument names (PROTOCOL 6.4).
_CLI = {"ip": "IP", "servername": "serverName", "servicename": "serviceName", "servicegroupname": "serviceGroupName"}
