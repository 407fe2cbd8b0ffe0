# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""What an apply is about to do and what it has done, on disk, so that it can be taken back after the controller died.

A journal is a file of JSON lines, mode 0600, in a folder of mode 0700: first what is wanted and all steps, then before each
request which steps it carries, after it what became of them, at last how it ended. No secret is in it: steps and document
are written without them. The last `KEPT` ended journals of an owner stay.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple

from . import catalogue
from .change import Change
from .desired import Desired
from .document import Document, to_data
from .errors import NitroError
from .kind import Kind, Values
from .outcome import Item
from .target import Target

VERSION = 1
KEPT = 15
LONGEST_END = 200  # bytes of a last line
SUFFIX = ".jsonl"
STATUSES = ("done", "resolved", "refused", "not_tried", "unknown")


class BadJournal(NitroError):
    """The file is no journal, is damaged, is of a newer release, or of another appliance or owner. Nothing was sent."""


class Journal:
    """A journal that is being written. `sending` and `finished` are called by the one that does the steps."""

    def __init__(self, path: Path, changes: Sequence[Change], header: Mapping[str, Any]) -> None:
        self.path = path
        self._numbers = {id(change): number for number, change in enumerate(changes)}
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        self._file = os.fdopen(descriptor, "w", encoding="utf-8")
        self._line({**header, "changes": [_change_data(change) for change in changes]})

    def sending(self, batch: Sequence[Change]) -> None:
        """These steps are sent next."""
        self._line({"sending": self._of(batch)})

    def finished(self, items: Sequence[Item]) -> None:
        """This became of them."""
        known = [item for item in items if id(item.change) in self._numbers]
        self._line({"finished": [[self._numbers[id(item.change)], item.status] for item in known]})

    def end(self, how: str) -> None:
        """It is over; ``how`` in a word or two. Old journals of the same owner are removed."""
        self._line({"end": how})
        self._file.close()
        ended = [path for path in recent(self.path.parent) if _has_ended(path)]
        for path in ended[KEPT:]:
            path.unlink(missing_ok=True)

    def _of(self, batch: Iterable[Change]) -> list[int]:
        return [self._numbers[id(change)] for change in batch if id(change) in self._numbers]

    def _line(self, data: Mapping[str, Any]) -> None:
        self._file.write(json.dumps(data, separators=(",", ":"), default=str) + "\n")
        self._file.flush()
        os.fsync(self._file.fileno())


class Place(NamedTuple):
    """Where the journals of an owner (or of nobody, "") for a target are."""

    folder: Path
    target: Target
    owner: str = ""

    def opened(self, document: Document, changes: Sequence[Change]) -> Journal:
        """A new journal. Raises `OSError` where it cannot be written."""
        folder = self.of_owner
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        header = {
            "nitrox_journal": VERSION,
            "target": _named(self.target),
            "owner": self.owner,
            "started": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
            "present": document.present,
            "document": to_data(without_secrets(document)),
        }
        return Journal(folder / f"{time.time_ns()}-{os.getpid()}{SUFFIX}", changes, header)

    @property
    def of_owner(self) -> Path:
        """The folder of this owner's journals."""
        return self.folder / _identity(self.target) / (self.owner or "-")

    def journals(self) -> list[Path]:
        """All of them, the latest first."""
        return recent(self.of_owner)

    def checked(self, record: Record) -> Record:
        """``record`` if it is of this place. Raises `BadJournal` otherwise."""
        if record.target != _named(self.target):
            raise BadJournal(f"{record.path}: is of {record.target}, not of {_named(self.target)}; nothing was sent")
        if record.owner != self.owner:
            names = [name or "nobody" for name in (record.owner, self.owner)]
            raise BadJournal(f"{record.path}: is of owner {names[0]}, not of {names[1]}; nothing was sent")
        return record


@dataclass(frozen=True)
class Record:
    """A journal as read. ``done`` and ``doubtful`` are numbers of ``changes``: known to be done, and sent without a word
    about what became of it. ``end`` is "" where the apply was cut off."""

    path: Path
    target: str
    owner: str
    started: str
    present: bool
    document: Mapping[str, Any]
    changes: tuple[Change, ...]
    done: frozenset[int] = frozenset()
    doubtful: frozenset[int] = frozenset()
    end: str = ""


def recent(folder: Path) -> list[Path]:
    """The journals in a folder, the latest first; none where there is no folder."""
    return sorted(folder.glob(f"*{SUFFIX}"), key=lambda path: path.name, reverse=True)


def _has_ended(path: Path) -> bool:
    """By its last line alone: journals of large documents are long."""
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - LONGEST_END))
        return file.read().rpartition(b"\n{")[2].startswith(b'"end":')


def read(path: Path) -> Record:
    """Raises `BadJournal`. A last line that was cut off in the middle is as if it had not been written."""
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise BadJournal(f"{path}: cannot be read: {getattr(error, 'strerror', None) or error}") from error
    parsed = [_parsed(path, number, line) for number, line in enumerate(lines[:-1])]
    if not parsed:
        raise BadJournal(f"{path}: is empty, or was cut off before anything was sent")
    record = _header(path, parsed[0])
    for number, entry in enumerate(parsed[1:]):
        record = _entry(record, number + 2, entry)
    return record


def without_secrets(document: Document) -> Document:
    """``document`` without the attributes that must never be shown."""
    rows = {name: _bare_rows(name, found) for name, found in document.globals.items()}
    return replace(document, objects=tuple(_bare_object(one) for one in document.objects), globals=rows)


def _bare_object(one: Desired) -> Desired:
    return replace(
        one, values=_bare(one.kind, one.values), bindings={name: _bare_rows(name, rows) for name, rows in one.bindings.items()}
    )


def _bare_rows(name: str, rows: Iterable[Values]) -> tuple[Values, ...]:
    return tuple(_bare(catalogue.kind(name), row) for row in rows)


def _bare(kind: Kind, values: Values) -> Values:
    hidden = kind.secrets
    return {name: value for name, value in values.items() if name not in hidden} if hidden else values


def _change_data(change: Change) -> dict[str, Any]:
    kind = catalogue.kind(change.kind)
    sides = {name: _bare(kind, getattr(change, name)) for name in ("write", "before", "after")}
    plain = {"verb": change.verb, "kind": change.kind, "key": change.key, "name": change.name, "layer": change.layer}
    rows = {name: _bare_rows(name, several) for name, several in change.rows.items()}
    rest = {"via": change.via, "quiet": change.quiet, "rows": rows}
    return {**plain, **sides, **{name: value for name, value in rest.items() if value}}


def _named(target: Target) -> str:
    return " ".join((*target.urls, *((f"partition {target.partition}",) if target.partition else ())))


def _identity(target: Target) -> str:
    return "".join(letter if letter.isalnum() or letter in ".-" else "_" for letter in _named(target))[:120]


def _parsed(path: Path, number: int, line: str) -> dict[str, Any]:
    try:
        found = json.loads(line)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise BadJournal(f"{path}: line {number + 1} is damaged; nothing was sent")
    return found


def _header(path: Path, data: Mapping[str, Any]) -> Record:
    version = data.get("nitrox_journal")
    if version.__class__ is not int:
        raise BadJournal(f"{path}: is no journal of nitrox")
    if version != VERSION:
        raise BadJournal(f"{path}: was written by a newer release of nitrox (version {version}, this one knows {VERSION})")
    try:
        changes = tuple(_change(one) for one in data["changes"])
        target, owner, started = (str(data[name]) for name in ("target", "owner", "started"))
        return Record(path, target, owner, started, bool(data["present"]), dict(data["document"]), changes)
    except (KeyError, TypeError, ValueError, NitroError) as error:
        raise BadJournal(f"{path}: line 1 is damaged ({error}); nothing was sent") from error


def _change(data: Mapping[str, Any]) -> Change:
    kind = catalogue.kind(str(data["kind"])).name
    write, before, after = (dict(data[name]) for name in ("write", "before", "after"))
    return Change(
        str(data["verb"]),
        kind,
        tuple(data["key"]),
        str(data["name"]),
        write,
        before,
        after,
        layer=int(data["layer"]),
        via=str(data.get("via", "")),
        quiet=bool(data.get("quiet")),
        rows={catalogue.kind(name).name: [dict(row) for row in rows] for name, rows in data.get("rows", {}).items()},
    )


def _entry(record: Record, number: int, data: Mapping[str, Any]) -> Record:
    try:
        if "sending" in data:
            return replace(record, doubtful=record.doubtful | _numbers(record, data["sending"]))
        if "finished" in data:
            told = {int(number): STATUSES.index(status) for number, status in data["finished"]}
            done = {number for number, status in told.items() if STATUSES[status] in ("done", "resolved")}
            doubtful = {number for number, status in told.items() if STATUSES[status] == "unknown"}
            known = _numbers(record, told)
            return replace(record, done=record.done | done, doubtful=(record.doubtful - known) | doubtful)
        return replace(record, end=str(data["end"]))
    except (KeyError, TypeError, ValueError) as error:
        raise BadJournal(f"{record.path}: line {number} is damaged ({error}); nothing was sent") from error


def _numbers(record: Record, given: Iterable[Any]) -> frozenset[int]:
    found = frozenset(int(one) for one in given)
    if found and not 0 <= min(found) <= max(found) < len(record.changes):
        raise ValueError("there is no such step")
    return found
