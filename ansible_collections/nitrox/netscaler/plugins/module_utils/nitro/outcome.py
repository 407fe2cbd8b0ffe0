# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""What became of every step of a plan. Data; never "probably"."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from .change import Change
from .errors import Contended, NitroError, PartlyDone, Rejected, Unreachable

DONE, RESOLVED, REFUSED, NOT_TRIED, UNKNOWN = "done", "resolved", "refused", "not_tried", "unknown"


@dataclass(frozen=True)
class Item:
    """One step. ``status``: done; resolved (it is as wanted, found out by reading back); refused (with the appliance's
    ``errorcode`` and ``message``); not_tried (``message`` says why); unknown (reading back failed too)."""

    change: Change
    status: str
    errorcode: int = 0
    message: str = ""

    @property
    def ok(self) -> bool:
        """It is as wanted."""
        return self.status in (DONE, RESOLVED)

    def __str__(self) -> str:
        code = f"NITRO error {self.errorcode}: " if self.errorcode else ""
        told = f": {code}{self.message}" if self.message else ""
        return f"{self.status.replace('_', ' ')}: {self.change.verb} {self.change.subject}{told}"


@dataclass(frozen=True)
class Outcome:
    """Of a whole plan. ``undone`` are the steps that took back what was done (``on_error="undo"``); ``saved`` says whether the
    configuration was saved, ``save_error`` why not. ``error`` is the first failure as an exception."""

    items: tuple[Item, ...] = ()
    undone: tuple[Item, ...] = ()
    saved: bool = False
    save_error: str = ""
    warnings: tuple[str, ...] = ()
    error: NitroError | None = None

    @property
    def ok(self) -> bool:
        """Everything is as wanted, and saved if that was asked for."""
        return not self.save_error and all(item.ok for item in self.items)

    @property
    def changed(self) -> bool:
        """The appliance is, or may be, another than before."""
        touched = sum(item.status in (DONE, RESOLVED, UNKNOWN) for item in self.items)
        restored = sum(item.ok for item in self.undone)
        return touched > restored

    @property
    def failed(self) -> tuple[Item, ...]:
        """The steps that were refused or whose fate is unknown."""
        return tuple(item for item in self.items if item.status in (REFUSED, UNKNOWN))

    def summary(self) -> str:
        """ "3 done, 1 refused, 2 not tried; saved", then one line for each failure."""
        counts = Counter(item.status for item in self.items)
        told = ", ".join(f"{counts[s]} {s.replace('_', ' ')}" for s in (DONE, RESOLVED, REFUSED, UNKNOWN, NOT_TRIED) if counts[s])
        parts = [told or "nothing to do"]
        if self.undone:
            back = sum(item.ok for item in self.undone)
            parts.append(f"{back} of {len(self.undone)} taken back")
        if self.saved or self.save_error:
            parts.append("saved" if self.saved else f"not saved: {self.save_error}")
        problems = [str(item) for item in (*self.failed, *(item for item in self.undone if not item.ok))]
        return "\n  ".join(["; ".join(parts), *problems])

    def failure(self) -> NitroError | None:
        """None when all is well; the error itself when nothing was changed; else `PartlyDone` with this outcome."""
        if self.ok:
            return None
        if self.error is not None and not self.changed and len(self.failed) <= 1:
            return self.error
        return PartlyDone(self.summary(), self)


def failed_item(change: Change, error: NitroError) -> Item:
    """The step that ended with ``error``: not tried where nothing arrived, refused where the appliance said no."""
    if isinstance(error, Rejected):
        return Item(change, REFUSED, error.errorcode, error.message)
    return Item(change, NOT_TRIED if isinstance(error, (Contended, Unreachable)) else UNKNOWN, 0, str(error))
