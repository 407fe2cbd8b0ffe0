# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""What an answer of the appliance means: a `Result`, or one of the errors (PROTOCOL 3 to 5). Pure.

The errorcode decides, the HTTP status only where there is none. An answer that is no NITRO answer never means "absent": a
read could not tell, and of a write nobody knows whether it was done.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .errors import AlreadyExists, NitroError, NotFound, NotReady, OutcomeUnknown, Rejected, Unauthorized
from .transport import Answer
from .wire import Request

SESSION_GONE = frozenset({352, 444, 471, 1026, 1027})
REFUSED_USER = frozenset({269, 354, 355, 371, 1034, 1045, 1046, 1047, 1244, 2138, 3816})
NOT_READY = frozenset({293, 366, 445, 446, 1028, 1461, 10020})
NOT_FOUND = frozenset({258, 344, 351, 373, 461, 462, 463, 538, 1540, 2054, 2097, 2626, 2755, 2823, 3087, 3093, 3104})
NOT_FOUND |= frozenset({3168, 3187, *range(3377, 3383), 3248, 3441})
EXISTS = frozenset({273, 433, 1335, 1642, 1842, 2133, 2631, 2632, 2753, 2867, 2883, 3118})
ENGINE_LOST = frozenset({459, 1030, 1031, 1032, 1056})  # the web server runs, the engine behind it did not answer
NOT_PROPAGATED = frozenset({347, 349, 457, 458})  # done on the primary, the secondary follows by synchronisation
BULK_FAILED = frozenset({1241, 1243})
NOT_ATTEMPTED = (1265, "command not attempted for configuration")
NOT_PRIMARY = 1028
DONE = (0, "Done")

_CLASSES: tuple[tuple[frozenset[int], type[Rejected]], ...] = (
    (SESSION_GONE | REFUSED_USER, Unauthorized),
    (NOT_READY, NotReady),
    (NOT_FOUND, NotFound),
    (EXISTS, AlreadyExists),
)


@dataclass(frozen=True)
class Result:
    """A usable answer.

    ``items`` has one ``(errorcode, message)`` for each object of the request, in its order. ``warnings`` are the appliance's
    doubts about something that it did. ``payload`` is the whole body.
    """

    status: int = 200
    errorcode: int = 0
    message: str = "Done"
    severity: str = "NONE"
    payload: Mapping[str, Any] = field(default_factory=dict)
    items: tuple[tuple[int, str], ...] = (DONE,)
    warnings: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """Every item was done."""
        return all(code == 0 for code, unused in self.items)


def parse(request: Request, answer: Answer) -> Result:
    """The result; raises `Rejected` and its subclasses, or `OutcomeUnknown` where the answer says nothing certain.

    A batch that failed in part is a result, with its failures in ``items``.
    """
    if not answer.body.strip():
        return _empty(request, answer)
    payload = _decoded(request, answer)
    code, message = _code(payload), str(payload.get("message") or "")
    severity = str(payload.get("severity") or ("ERROR" if code else "NONE")).upper()
    found = Result(answer.status, code, message, severity, payload, warnings=_warnings(answer))
    if code in BULK_FAILED and isinstance(payload.get("response"), list):
        return _bulk(request, found)
    if code == 0 and answer.status < 400 and answer.status != 503:
        return _done(request, found)
    if code in request.success_codes or code in NOT_PROPAGATED or (severity == "WARNING" and answer.status < 400):
        return _done(request, found, f"{code} - {message}")
    raise rejection(request, code, message or f"HTTP status {answer.status}", answer.status, payload)


def rejection(
    request: Request, code: int, message: str, status: int = 599, payload: Mapping[str, Any] | None = None
) -> NitroError:
    """The error for a refusal with this errorcode; 0 means that the answer had none and the status has to decide."""
    if code in ENGINE_LOST or (code == 0 and status >= 500 and status != 503):
        return OutcomeUnknown(f"{request.subject}: NITRO error {code}: {message} (HTTP status {status}): the outcome is unknown")
    found: type[Rejected] = next((class_ for codes, class_ in _CLASSES if code in codes), Rejected)
    if status == 503:
        found = NotReady
    elif code == 0 and status in (401, 403):
        found = Unauthorized
    elif code == 0 and status == 409:
        found = AlreadyExists
    return found(request.subject, code, message, status=status, payload=dict(payload or {}))


def _empty(request: Request, answer: Answer) -> Result:
    """Writes are often answered with a status alone."""
    if 200 <= answer.status < 300:
        return _done(request, Result(answer.status, warnings=_warnings(answer)))
    raise rejection(request, 0, f"HTTP status {answer.status} with an empty answer", answer.status)


def _done(request: Request, found: Result, *warnings: str) -> Result:
    said = tuple(dict.fromkeys((*found.warnings, *warnings)))
    if found.errorcode == NOT_PRIMARY or any(warning.startswith(f"{NOT_PRIMARY} ") for warning in said):
        message = found.message if found.errorcode else said[0].partition(" - ")[2]
        raise rejection(request, NOT_PRIMARY, message, found.status)
    items = (DONE,) * request.items
    return Result(found.status, 0, found.message, found.severity, found.payload, items, said)


def _decoded(request: Request, answer: Answer) -> dict[str, Any]:
    try:
        payload = json.loads(answer.body)
    except ValueError:
        raise _not_nitro(request, answer) from None
    if not isinstance(payload, dict):
        raise _not_nitro(request, answer)
    return payload


def _not_nitro(request: Request, answer: Answer) -> NitroError:
    """Not a NITRO answer. A refusal by status is certain: the web server itself, or a proxy before it, said no."""
    html = answer.body.lstrip()[:1] == b"<"
    what = "answered HTML instead of JSON" if html else "the answer is no JSON"
    where = f"; redirected to {answer.headers['Location']}" if answer.headers.get("Location") else ""
    message = f"{what} (HTTP status {answer.status}){where}; is this a NetScaler management address?"
    if 300 <= answer.status < 500 or answer.status == 503 or (request.safe and html and answer.status < 500):
        return rejection(request, 0, message, answer.status)
    return OutcomeUnknown(f"{request.subject}: {message}")


def _bulk(request: Request, found: Result) -> Result:
    items = [_item(entry) for entry in found.payload["response"][: request.items]]
    missing = request.items - len(items)
    if missing and request.headers.get("X-NITRO-ONERROR") == "continue":
        raise OutcomeUnknown(f"{request.subject}: {len(items)} answers for {request.items} objects: the outcome is unknown")
    items += [NOT_ATTEMPTED] * missing
    if len(items) == 1 and items[0][0]:
        raise rejection(request, *items[0], found.status, found.payload)
    return Result(found.status, found.errorcode, found.message, found.severity, found.payload, tuple(items), found.warnings)


def _item(entry: Any) -> tuple[int, str]:
    if not isinstance(entry, dict):
        return (1239, "no NITRO answer for this object")
    code, message = _code(entry), str(entry.get("message") or "")
    warned = str(entry.get("severity") or "").upper() == "WARNING" or code in NOT_PROPAGATED
    return (0, message) if warned and code != NOT_PRIMARY else (code, message)


def _code(payload: Mapping[str, Any]) -> int:
    try:
        return int(payload.get("errorcode") or 0)
    except (TypeError, ValueError):
        return 0


def _warnings(answer: Answer) -> tuple[str, ...]:
    said = answer.headers.get("X-NITRO-WARNING")
    return (said.strip(),) if said else ()
