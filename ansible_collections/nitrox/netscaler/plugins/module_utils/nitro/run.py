# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Do steps, batch by batch, and know what became of each: per-item answers, read back after a lost one, once more at most."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING, Optional

from .answer import EXISTS, NOT_ATTEMPTED, NOT_FOUND, Result, rejection
from .batch import ITEMS, Batch, batches, request, unbinding
from .change import Change, Named
from .doubt import settle
from .drain import wait
from .errors import Contended, NitroError, NotFound, NotReady, OutcomeUnknown, Rejected, Unauthorized, Unreachable
from .outcome import DONE, NOT_TRIED, REFUSED, RESOLVED, UNKNOWN, Item, failed_item
from .session import Session

if TYPE_CHECKING:
    from .journal import Journal

Progress = Optional[Callable[[int, int, str], None]]
MAKES = frozenset({"create", "rename", "replace"})  # what others need
BRINGS = frozenset({"create", "bind", "rebind"})
TAKES = frozenset({"delete", "replace", "unbind"})
TWICE = "sent twice, the answer was lost both times, and it was not done"


class Run:
    """One pass over ``changes``. ``keep_going`` goes on after a failure with everything that does not depend on it;
    otherwise nothing is tried after the layer with the failure. ``items`` fills up in the order of the changes.
    ``journal`` is told of every request before and after."""

    def __init__(
        self,
        session: Session,
        changes: Sequence[Change],
        *,
        keep_going: bool,
        progress: Progress = None,
        items: int = ITEMS,
        journal: Journal | None = None,
    ) -> None:
        self.session, self.changes, self.keep_going, self.size = session, changes, keep_going, items
        self._journal = journal
        self.items: list[Item] = []
        self.warnings: list[str] = []
        self.error: NitroError | None = None
        self._progress = progress
        self._stopped = ""
        self._failed: set[Named] = set()
        self._short: set[Named] = set()  # sets of rows (binding kind, parent) to which something could not be bound

    def all(self) -> None:
        """Do them all, as far as possible. Raises nothing of the appliance's: every failure is in ``items``."""
        for layer in (layer for unused, layer in groupby(self.changes, key=lambda change: change.layer)):
            failed = False
            for batch in batches(layer, self.size):
                items = self._batch(batch)
                self.items += items
                failed = failed or not all(item.ok for item in items)
                first = batch[0]
                self._tell(f"{first.verb} {first.subject if len(batch) == 1 else first.kind}")
            if failed and not self.keep_going:
                self._stopped = self._stopped or "an earlier step failed"

    def _batch(self, batch: Batch) -> list[Item]:
        reasons = {id(change): self._obstacle(change) for change in batch}
        ready = [change for change in batch if not reasons[id(change)]]
        if self._journal and ready:
            self._journal.sending(ready)
        found = {id(item.change): item for item in (self._attempt(ready) if ready else ())}
        items = [found.get(id(change)) or Item(change, NOT_TRIED, 0, reasons[id(change)]) for change in batch]
        if self._journal and ready:
            self._journal.finished(items)
        for item in items:
            if not item.ok:
                self._note_failure(item)
        return items

    def _obstacle(self, change: Change) -> str:
        """Why a step is not worth trying; "" if it is."""
        if self._stopped:
            return self._stopped
        if change.verb == "unbind" and (change.kind, change.gives[1]) in self._short:
            return "it is kept, since what replaces it could not be bound"
        lost = sorted(change.needs & self._failed)
        return f"it depends on {' '.join(lost[0])}, which failed" if lost else ""

    def _note_failure(self, item: Item) -> None:
        change = item.change
        if change.verb in MAKES:
            self._failed.add(change.gives)
        elif change.verb == "delete":
            self._failed.add(("delete", change.subject))
        elif change.verb in ("bind", "rebind"):
            self._short.add((change.kind, change.gives[1]))
            self._failed.add((change.kind, change.name))
        if self.error is None and item.errorcode:
            self.error = rejection(request([change]), item.errorcode, item.message)

    def _attempt(self, batch: Batch, *, again: bool = False) -> list[Item]:
        if batch[0].verb == "rebind":
            return self._rebind(batch, again=again)
        items = self._send(batch, again=again)
        return self._drained(items) if batch[0].verb == "drain" and not again else items

    def _drained(self, items: list[Item]) -> list[Item]:
        """Wait for those that drain; who was not done in time has its number of open connections told."""
        waiting = [item.change for item in items if item.ok]
        left = wait(self.session, waiting, clock=self.session.clock, tell=self._tell) if waiting else {}
        late = {subject: f"{count} connections were open when the delay was over" for subject, count in left.items()}
        return [replace(item, message=late.get(item.change.subject, item.message)) if item.ok else item for item in items]

    def _tell(self, text: str) -> None:
        if self._progress:
            self._progress(len(self.items), len(self.changes), text)

    def _rebind(self, batch: Batch, *, again: bool) -> list[Item]:
        """Unbind one by one, then bind all that are free now."""
        items: list[Item] = []
        free: list[Change] = []
        for change in batch:
            error = self._freed(change)
            if error is None:
                free.append(change)
            else:
                items.append(self._failure(change, error))
        return items + (self._send(free, again=again) if free else [])

    def _freed(self, change: Change) -> NitroError | None:
        """Unbinding again after a lost answer does no harm: not bound is what is wanted."""
        for last in (False, True):
            try:
                self.session.send(unbinding(change))
            except NotFound:
                return None
            except OutcomeUnknown as error:
                if last:
                    return error
            except NitroError as error:
                return error
            else:
                return None
        return None

    def _send(self, batch: Batch, *, again: bool) -> list[Item]:
        try:
            result = self.session.send(request(batch))
        except OutcomeUnknown as error:
            return self._in_doubt(batch, error, again=again)
        except Rejected as error:
            return self._rejected(batch, error)
        except NitroError as error:
            return [self._failure(change, error) for change in batch]
        self.warnings += result.warnings
        return self._answered(batch, result)

    def _answered(self, batch: Batch, result: Result) -> list[Item]:
        """Per-item answers. What is there already, or gone already, may be just what is wanted: read back and compare."""
        items: list[Item | None] = []
        clashes: list[tuple[int, Change, int, str]] = []
        for number, (change, (code, message)) in enumerate(zip(batch, result.items, strict=True)):
            if (code in EXISTS and change.verb in BRINGS) or (code in NOT_FOUND and change.verb in TAKES):
                clashes.append((number, change, code, message))
                items.append(None)
            else:
                items.append(_item(change, code, message))
        verdicts = settle(self.session, [change for unused, change, *rest in clashes]) if clashes else []
        for (number, change, code, message), verdict in zip(clashes, verdicts, strict=True):
            items[number] = _compared(change, code, message, verdict)
        return [item for item in items if item is not None]

    def _rejected(self, batch: Batch, error: Rejected) -> list[Item]:
        """One refusal for the whole request. Of an array some objects may be there all the same: read back."""
        code, message = error.errorcode, error.message
        if isinstance(error, (Unauthorized, NotReady)):
            self._stopped = self._stopped or str(error)
            return [self._failure(change, error) for change in batch]
        if len(batch) == 1:
            return self._answered(batch, Result(items=((code or 1, message),))) if code else [self._failure(batch[0], error)]
        items = [_compared(change, code, message, v) for change, v in zip(batch, settle(self.session, batch), strict=True)]
        self.error = self.error or error
        return items

    def _in_doubt(self, batch: Batch, error: OutcomeUnknown, *, again: bool) -> list[Item]:
        """Read back, then decide: what was not done is sent once more, and never a third time."""
        verdicts = settle(self.session, batch)
        items = [self._settled(change, v, error) for change, v in zip(batch, verdicts, strict=True) if v is not False]
        missing = [change for change, verdict in zip(batch, verdicts, strict=True) if verdict is False]
        if not missing:
            return items
        if again:
            self.error = self.error or error
            return items + [Item(change, NOT_TRIED, 0, TWICE) for change in missing]
        return items + self._attempt(missing, again=True)

    def _settled(self, change: Change, verdict: bool | NitroError, error: OutcomeUnknown) -> Item:
        if verdict is True:
            return Item(change, RESOLVED, 0, "the answer was lost; read back, it was done")
        self.error = self.error or error
        if isinstance(verdict, (Unreachable, Unauthorized)):
            self._stopped = self._stopped or str(verdict)
        return Item(change, UNKNOWN, 0, f"the answer was lost, and reading back failed: {verdict}")

    def _failure(self, change: Change, error: NitroError) -> Item:
        self.error = self.error or error
        if isinstance(error, (Contended, Unreachable)):
            self._stopped = self._stopped or str(error)
        return failed_item(change, error)


def _item(change: Change, code: int, message: str) -> Item:
    if code == 0:
        return Item(change, DONE)
    return Item(change, NOT_TRIED if code == NOT_ATTEMPTED[0] else REFUSED, code, message)


def _compared(change: Change, code: int, message: str, verdict: bool | NitroError) -> Item:
    if verdict is True:
        return Item(change, RESOLVED, 0, "read back, it is as wanted")
    if verdict is False:
        return Item(change, REFUSED, code, message)
    return Item(change, UNKNOWN, code, f"{message}; reading back failed: {verdict}")
