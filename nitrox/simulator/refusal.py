# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""How the appliance says no: errorcode, text and HTTP status (PROTOCOL 3, 4.4, 5, Appendix A)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

TEXTS: dict[int, str] = {
    int(code): text for code, text in json.loads((Path(__file__).parent / "texts.json").read_text(encoding="utf-8")).items()
}
_UNAUTHORIZED = {352, 354, 355, 444, 450, 471, 1026, 1027, 1244}
_FORBIDDEN = {269, 371, 2138}
_NOT_FOUND = {258, 344, 351, 461, 462, 463, 1540, 2626, 2823, 3087, 3248, 3441, 775, 946}
WARNINGS = {1028, 1044, 1067, 1120, 1125, 1180}


def status_of(code: int) -> int:
    """The HTTP status under which an errorcode is answered (PROTOCOL 4.2 [L], 4.4 [I])."""
    if code == 0:
        return 200
    if code in _UNAUTHORIZED:
        return 401
    if code in _FORBIDDEN:
        return 403
    if code in _NOT_FOUND:
        return 404
    if code == 273:
        return 409
    if 1024 <= code <= 1183 or 1232 <= code <= 1240 or code == 1266:
        return 400
    return 207 if code == 1243 else 599


def text_of(code: int, *arguments: object) -> str:
    """The message of an errorcode, with its arguments in brackets (PROTOCOL 3, Appendix A.2 [L])."""
    base = TEXTS.get(code, "Internal error")
    return f"{base} [{', '.join(str(argument) for argument in arguments)}]" if arguments else base


class Refusal(Exception):
    """The command is refused. ``arguments`` go in the message's brackets, ``payload`` beside it in the answer."""

    def __init__(
        self,
        code: int,
        *arguments: object,
        message: str | None = None,
        status: int | None = None,
        payload: dict[str, Any] | None = None,
    ) -> None:
        self.code = code
        self.message = text_of(code, *arguments) if message is None else message
        self.status = status_of(code) if status is None else status
        self.payload = payload or {}
        super().__init__(self.message)


class FrontEndRefusal(Exception):
    """Refused by the web server before NITRO saw it: answered in HTML (PROTOCOL 1, 8.2 [L])."""

    def __init__(self, status: int = 404) -> None:
        self.status = status
        super().__init__(str(status))
