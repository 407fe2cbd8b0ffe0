# Copyright (c) 2026, The nitrox authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Failures in the words of a playbook: one line that says what, where and what to do; the details beside it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .nitro.errors import (
    AlreadyExists,
    Contended,
    InvalidDocument,
    NitroError,
    NotReady,
    OutcomeUnknown,
    PartlyDone,
    Rejected,
    Unauthorized,
    Unreachable,
)

ADVICE: tuple[tuple[type[NitroError], str], ...] = (
    (Unauthorized, "check username and password (or token), and the rights of that user"),
    (NotReady, "nothing was done; try again when the appliance is ready"),
    (AlreadyExists, "somebody else created it meanwhile; run the task again"),
    (Contended, "run the task again"),
    (Unreachable, "nothing was changed; check url, network and certificate"),
    (OutcomeUnknown, "it may or may not have been done; run the task again, it reads before it writes"),
)
SHOWN = 3


class Failure(Exception):
    """The task failed. ``result`` is what the user gets: ``msg`` and facts."""

    def __init__(self, msg: str, **facts: Any) -> None:
        super().__init__(msg)
        self.result: dict[str, Any] = {"failed": True, "changed": False, "msg": msg, **facts}


def failure(error: NitroError, **facts: Any) -> Failure:
    """``error`` for people. ``facts`` are added to the result."""
    if isinstance(error, InvalidDocument):
        return _invalid(error, facts)
    text = " ".join(str(error).split())
    advice = next((words for kind, words in ADVICE if isinstance(error, kind) and words not in text), "")
    found: dict[str, Any] = {"failure_class": error.failure_class}
    if isinstance(error, Rejected):
        found |= {"errorcode": error.errorcode, "nitro_message": error.message, "http_status": error.status}
    if isinstance(error, PartlyDone) and error.outcome is not None:
        found |= outcome_facts(error.outcome)
    return Failure(f"{text.rstrip('.')}. {advice[:1].upper()}{advice[1:]}." if advice else text, **found, **facts)


def outcome_facts(outcome: Any) -> dict[str, Any]:
    """What became of every step, for the result of a task that was done in part."""
    items = [
        {
            "verb": item.change.verb,
            "object": item.change.subject,
            "status": item.status,
            **({"errorcode": item.errorcode} if item.errorcode else {}),
            **({"message": item.message} if item.message else {}),
        }
        for item in outcome.items
    ]
    refused = next((item for item in items if item.get("errorcode")), {})
    found: dict[str, Any] = {"outcome": items, "changed": outcome.changed}
    if refused:
        found |= {"errorcode": refused["errorcode"], "nitro_message": refused.get("message", "")}
    return found


def _invalid(error: InvalidDocument, facts: Mapping[str, Any]) -> Failure:
    texts = [str(problem) for problem in error.problems]
    more = len(texts) - SHOWN
    first = "; ".join(texts[:SHOWN]) + (f"; and {more} more, see problems" if more > 0 else "")
    count = f"{len(texts)} problem{'s' * (len(texts) != 1)}"
    return Failure(f"{count}, nothing was sent: {first}", problems=texts, **facts)
