# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Signatures (HMAC-SHA1 over the sorted, encoded, lower-cased parameters) and their expiry."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Iterable, Iterator
from datetime import datetime
from urllib.parse import quote

from .refusal import Refusal

Pairs = list[tuple[str, str]]


def spellings(pairs: Iterable[tuple[str, str]]) -> Iterator[str]:
    """What may have been signed: ``~`` escaped, as Java's URLEncoder does it, or left alone, as some clients leave it."""
    ordered = sorted((name, quote(value, safe="*")) for name, value in pairs if name.lower() != "signature")
    text = "&".join(f"{name}={value}" for name, value in ordered).lower()
    yield text.replace("~", "%7e")
    if "~" in text:
        yield text


def sign(text: str, secret: str) -> str:
    """The signature of one spelling."""
    return base64.b64encode(hmac.new(secret.encode(), text.encode(), hashlib.sha1).digest()).decode()


def verify(pairs: Pairs, signature: str, secret: str) -> None:
    """Refuses with 401 a signature that fits no spelling."""
    wanted = signature.encode("utf-8", "replace")
    if not any(hmac.compare_digest(sign(text, secret).encode(), wanted) for text in spellings(pairs)):
        raise Refusal(401, "unable to verify user credentials and/or request signature")


def check_expiry(version: str | None, expires: str | None, now: datetime) -> None:
    """With signatureVersion 3 the request must say until when it is good, and be in time. Refuses with 401."""
    if version != "3":
        return
    if not expires:
        raise Refusal(401, "signatureVersion 3 needs the parameter expires")
    try:
        until = datetime.strptime(expires, "%Y-%m-%dT%H:%M:%S%z")
    except ValueError:
        raise Refusal(401, f"expires is no time: {expires}") from None
    if until < now:
        raise Refusal(401, f"the request expired at {expires}")
