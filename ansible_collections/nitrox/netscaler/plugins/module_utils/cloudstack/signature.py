# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""How a request is spelt and signed: CloudStack's rules, nothing else."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote, quote_plus


def spelt(parameters: Mapping[str, Any]) -> dict[str, str]:
    """Parameters as text. ``None``, empty lists and empty maps are left out; maps and lists of maps become ``tags[0].key``."""
    flat: dict[str, str] = {}
    for name, value in parameters.items():
        if value is None or value in ([], {}, ()):
            continue
        if isinstance(value, Mapping):
            value = [{"key": key, "value": item} for key, item in sorted(value.items())]
        if isinstance(value, Sequence) and not isinstance(value, str) and isinstance(value[0], Mapping):
            flat |= {f"{name}[{index}].{key}": _text(item) for index, one in enumerate(value) for key, item in one.items()}
        else:
            flat[name] = _text(value)
    return flat


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return ",".join(map(_text, value)) if isinstance(value, (list, tuple)) else str(value)


def signed(parameters: Mapping[str, str], secret: str) -> str:
    """The body of a request with its signature. A tilde is escaped, as Java's encoder on the other side does it."""
    text = "&".join(f"{name}={_encoded(parameters[name])}" for name in sorted(parameters)).lower()
    digest = hmac.new(secret.encode(), text.encode(), hashlib.sha1).digest()
    return encoded({**parameters, "signature": base64.b64encode(digest).decode()})


def encoded(parameters: Mapping[str, str]) -> str:
    """The body of a request."""
    return "&".join(f"{quote_plus(name)}={quote_plus(value)}" for name, value in parameters.items())


def _encoded(value: str) -> str:
    return quote(value, safe="*").replace("~", "%7E")


def fingerprint(public_key: str) -> str:
    """What CloudStack shows of a public key: MD5 in pairs of hexadecimal digits. Raises `ValueError` where it is none."""
    parts = public_key.split()
    if len(parts) < 2 or not parts[0].startswith(("ssh-", "ecdsa-", "sk-")):
        raise ValueError("no OpenSSH public key")
    digest = hashlib.md5(base64.b64decode(parts[1], validate=True), usedforsecurity=False).hexdigest()
    return ":".join(digest[index : index + 2] for index in range(0, 32, 2))
