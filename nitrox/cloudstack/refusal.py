# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""What CloudStack says when it refuses: an errorcode, which is the HTTP status too, a cserrorcode and a text."""

from __future__ import annotations

from typing import Any

# errorcodes (HTTP status) and, where the class of the refusal has one, the cserrorcode that goes with it
CSERROR = {401: 9999, 429: 9999, 430: 9999, 431: 4350, 432: 9999, 530: 4250, 531: 4365, 532: 4370, 533: 4325} | {
    534: 4380, 535: 4370, 536: 4375, 537: 4360,
}  # fmt: skip


class Refusal(Exception):
    """``code`` is CloudStack's errorcode. ``shape`` is how a job tells it: ``object``, ``text`` or ``none``."""

    def __init__(self, code: int, text: str, *, cserror: int | None = None, shape: str = "object") -> None:
        super().__init__(text)
        self.code, self.text, self.shape = code, text, shape
        self.cserror = CSERROR.get(code, 9999) if cserror is None else cserror

    def body(self) -> dict[str, Any]:
        """The members of an error envelope."""
        return {"uuidList": [], "errorcode": self.code, "cserrorcode": self.cserror, "errortext": self.text}


def invalid(text: str) -> Refusal:
    """A parameter is wrong, what it names is not there, or a name is taken."""
    return Refusal(431, text)


def denied(text: str) -> Refusal:
    """The caller may not touch that object."""
    return Refusal(531, text)


def exceeded(text: str) -> Refusal:
    """A limit of the account is reached."""
    return Refusal(535, text)


def no_capacity(text: str) -> Refusal:
    """Nothing is left to give: hosts, addresses."""
    return Refusal(533, text)


def in_use(text: str) -> Refusal:
    """Something still hangs on the object."""
    return Refusal(536, text)


def conflict(text: str) -> Refusal:
    """A rule overlaps another one."""
    return Refusal(537, text)


def no_entity(name: str, value: str, command: str) -> Refusal:
    """An id that nothing ever had. Clients look for this wording to tell that an object is gone."""
    return invalid(
        f"Unable to execute API command {command.lower()} due to invalid value. "
        f"Invalid parameter {name} value={value} due to incorrect long value format, or entity does not exist "
        "or due to incorrect parameter annotation for the field in api cmd class."
    )
