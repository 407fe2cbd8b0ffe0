# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""How text gets into a NITRO URL (PROTOCOL 8.1, 8.2). Pure.

The appliance's web server decodes a path once and NITRO decodes it again, so a path segment is encoded twice. Values in a
query are decoded once; the colons and commas that separate them stay literal.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote


def text(value: Any) -> str:
    """A value as NITRO spells it outside JSON: booleans in lower case, whole numbers without a fraction, lists with commas."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, (list, tuple)):
        return ",".join(text(item) for item in value)
    return str(value)


def segment(value: Any) -> str:
    """``value`` as one path segment: ``LA/1`` becomes ``LA%252F1``."""
    once = quote(text(value), safe="")
    if not once.strip("."):  # HTTP libraries and servers remove "." and ".." from paths, and then another object is meant
        once = once.replace(".", "%2E")
    return quote(once, safe="")


def pairs(values: Mapping[str, Any]) -> str:
    """``{"ip": "2001:db8::1", "port": 80}`` becomes ``ip:2001%3Adb8%3A%3A1,port:80``, in the order given."""
    return ",".join(f"{name}:{quote(text(value), safe='')}" for name, value in values.items())


def query(parts: Sequence[tuple[str, str]]) -> str:
    """``?a=b&c=d`` out of parts whose values are spelled already, or nothing."""
    spelled = "&".join(f"{name}={value}" for name, value in parts if value)
    return f"?{spelled}" if spelled else ""
