# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Answers on the wire: one envelope, as XML, which is the default, or as JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any
from xml.sax.saxutils import escape

_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # in XML, also as a character reference
_NO_NAME = re.compile(r"[^\w.-]", re.ASCII)  # in an element's name; keys of details are anything
JSON, XML = "application/json; charset=UTF-8", "text/xml; charset=UTF-8"
VERSION = "4.22.0.0"


def encode(envelope: str, members: dict[str, Any], *, as_json: bool) -> bytes:
    """The body of an answer."""
    if as_json:
        return json.dumps({envelope: members}, separators=(",", ":"), ensure_ascii=False).encode()
    inner = "".join(_elements(members))
    head = '<?xml version="1.0" encoding="UTF-8"?>'
    return f'{head}<{envelope} cloud-stack-version="{VERSION}">{inner}</{envelope}>'.encode()


def _elements(members: dict[str, Any]) -> Iterator[str]:
    for name, value in members.items():
        name = _NO_NAME.sub("_", name) if name[:1].isalpha() or name[:1] == "_" else f"_{_NO_NAME.sub('_', name)}"
        for item in value if isinstance(value, list) else [value]:
            yield f"<{name}>{_content(item)}</{name}>"


def _content(value: Any) -> str:
    if isinstance(value, dict):
        return "".join(_elements(value))
    if isinstance(value, bool):
        return str(value).lower()
    return escape(_FORBIDDEN.sub("\ufffd", "" if value is None else str(value)))
