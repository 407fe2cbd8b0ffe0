# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""An answer as bytes: envelope, status line and headers (PROTOCOL 1.1, 3, 8.4)."""

from __future__ import annotations

import json
from typing import Any

from .engine import Answer

REASONS = {
    200: "OK", 201: "Created", 207: "Multi Status", 209: "X-NITRO-WARNING", 400: "Bad Request", 401: "Unauthorized",
    403: "Forbidden", 404: "Not Found", 405: "Method Not Allowed", 406: "Not Acceptable", 409: "Conflict",
    503: "Service Unavailable", 599: "Netscaler specific error",
}  # fmt: skip
HEADERS = {
    "Server": "Apache",
    "X-Frame-Options": "SAMEORIGIN",
    "Expires": "Thu, 19 Nov 1981 08:52:00 GMT",
    "Cache-Control": "no-store, no-cache, must-revalidate",
    "Pragma": "no-cache",
    "Feature-Policy": "camera 'none'; microphone 'none'; geolocation 'none'",
    "Referrer-Policy": "no-referrer",
    "X-XSS-Protection": "1; mode=block",
    "X-Content-Type-Options": "nosniff",
}
JSON = "application/json; charset=utf-8"
HTML = "text/html; charset=iso-8859-1"


def body_of(answer: Answer, method: str, *, done_body: bool) -> bytes:
    """The JSON envelope. A write that succeeded is mostly answered with an empty body (PROTOCOL 3 [L])."""
    if answer.code == 0 and method != "GET" and not answer.payload and not done_body:
        return b""
    severity = "NONE" if answer.code == 0 else "ERROR"
    envelope: dict[str, Any] = {"errorcode": answer.code, "message": answer.message, "severity": severity, **answer.payload}
    return ("{ " + json.dumps(envelope, ensure_ascii=False)[1:-1] + " }").encode()


def warn(answer: Answer, *, wanted: bool) -> dict[str, str]:
    """Turn a success with warnings into 209 with a header, where they were asked for (PROTOCOL 8.4, 20 #25)."""
    if not wanted or not answer.warnings or answer.code:
        return {}
    answer.status = 209
    code, text = answer.warnings[0]
    return {"X-NITRO-WARNING": f"{code} - {text}"}


def html(status: int) -> bytes:
    """What Apache answers itself (PROTOCOL 1 [L])."""
    reason = REASONS.get(status, "Error")
    return (
        '<!DOCTYPE HTML PUBLIC "-//IETF//DTD HTML 2.0//EN">\n<html><head>\n'
        f"<title>{status} {reason}</title>\n</head><body>\n<h1>{reason}</h1>\n</body></html>\n"
    ).encode()
