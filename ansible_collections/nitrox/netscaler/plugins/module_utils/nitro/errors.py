# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Everything the core raises, as a tree that says what to do next.

NitroError
├── InvalidDocument      (nothing was sent) every problem of a document at once
├── UnknownKind          (nothing was sent) no such object kind
├── Unreachable          class A: nothing reached the appliance, safe to try again
├── Contended            class A: somebody else is changing the same objects, nothing was written
│   └── TargetChanged      another node, or the same after a restart: what was planned has to be looked at again
├── Rejected             class B: the appliance said no (errorcode, message)
│   ├── NotReady           503, busy, a secondary node: try again later
│   ├── Unauthorized       credentials or session
│   ├── NotFound           the object is not there
│   └── AlreadyExists      the object is there already
├── PartlyDone           class C: some items of a batch were done, others not
└── OutcomeUnknown       class D: sent, no usable answer; read back before deciding
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from .document import Problem


class NitroError(Exception):
    """Base of all. ``failure_class`` is A, B, C or D, or "" where nothing was sent."""

    failure_class: ClassVar[str] = ""


class UnknownKind(NitroError):
    """``name`` is no NITRO object kind; ``nearest`` are the ones that look like it."""

    def __init__(self, name: str, nearest: Sequence[str] = ()) -> None:
        hint = f" (did you mean {' or '.join(nearest)}?)" if nearest else ""
        super().__init__(f"{name}: no such object kind{hint}")
        self.name, self.nearest = name, tuple(nearest)


class InvalidDocument(NitroError):
    """A document was refused offline. ``problems`` has all of them."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        count = len(self.problems)
        lines = "\n".join(f"  {problem}" for problem in self.problems)
        super().__init__(f"{count} problem{'s' * (count != 1)}, nothing was sent:\n{lines}")


class Unreachable(NitroError):
    """No connection, or it broke before the request was sent: the appliance is unchanged."""

    failure_class = "A"


class Contended(NitroError):
    """Others keep changing what is to be changed, or hold the lease for it: nothing was written, safe to try again later."""

    failure_class = "A"


class TargetChanged(Contended):
    """The session with which was planned is gone: the appliance restarted, was replaced, or failed over. This request was
    not sent."""


class OutcomeUnknown(NitroError):
    """The request was sent and no usable answer came: it may or may not have been done."""

    failure_class = "D"


class Rejected(NitroError):
    """A complete answer that says no.

    ``errorcode`` and ``message`` are the appliance's, ``status`` is the HTTP status, ``subject`` says what was tried
    ("lbvserver web"), ``payload`` is the rest of the answer (``failedmembers``, ``response``).
    """

    failure_class = "B"

    def __init__(
        self, subject: str, errorcode: int, message: str, *, status: int = 599, payload: dict[str, Any] | None = None
    ) -> None:
        super().__init__(f"{subject}: NITRO error {errorcode}: {message}")
        self.subject, self.errorcode, self.message, self.status = subject, errorcode, message, status
        self.payload = payload or {}


class NotReady(Rejected):
    """Not now: booting (503), operation in progress (293, 1461), unstable (366), or a secondary node (1028)."""


class Unauthorized(Rejected):
    """Wrong credentials, no right, or the session is gone (PROTOCOL 2.4)."""


class NotFound(Rejected):
    """The object, or its parent, does not exist (PROTOCOL 5.1)."""


class AlreadyExists(Rejected):
    """The object or binding exists already (PROTOCOL 5.2)."""


class PartlyDone(NitroError):
    """A batch stopped or failed in part. ``outcome`` (see `apply.Outcome`) names every item and what became of it."""

    failure_class = "C"

    def __init__(self, message: str, outcome: Any = None) -> None:
        super().__init__(message)
        self.outcome = outcome
