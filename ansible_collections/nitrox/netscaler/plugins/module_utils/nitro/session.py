# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""A session with one appliance: three-valued reads, whole collections, writes that are never repeated in doubt.

Reads and what did not arrive are repeated with a growing, random pause inside a budget of seconds; so is what the appliance
was not ready for. A write whose answer was lost is raised as `OutcomeUnknown`: read back before deciding (PROTOCOL 7.8).
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from . import answer, observation, wire
from .errors import NitroError, NotFound, Rejected
from .kind import Kind, Values
from .link import Link, Sends, TokenStore
from .observation import Absent, Observation, Present, Row, Unknown
from .retry import Backoff, may_repeat
from .target import Target
from .transport import Transport

FEW = 1  # so many objects are read by name, more with one request for the whole kind
__all__ = ["Absent", "Observation", "Present", "Session", "Target", "Unknown"]


class Session:
    """Logs in when first needed. As a context manager it logs out at the end, unless the token came from outside, is kept
    in ``token_store`` for others, or ``keep`` says so."""

    def __init__(
        self,
        target: Target,
        *,
        transport: Sends | None = None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        random: Callable[[], float] | None = None,
        token_store: TokenStore | None = None,
        keep: bool = False,
    ) -> None:
        self.target = target
        self._keep = keep or token_store is not None
        self._clock, self._sleep, self._random = clock, sleep, random or _dice
        sender = transport or Transport(verify=target.verify, timeout=target.timeout, proxies=target.proxies)
        self._link = Link(target, sender, clock=clock, token_store=token_store)

    def __enter__(self) -> Session:
        return self

    def __exit__(self, *unused: object) -> None:
        self.close()

    def close(self) -> None:
        """Log out, see above, and close the connections. The session can be used again: it logs in anew."""
        self._link.close(keep=self._keep)

    @contextmanager
    def pinned(self) -> Iterator[None]:
        """Within the block nothing is written in another session than the one that is used first: `TargetChanged` is raised
        where the appliance restarted, was replaced or failed over, since what was read need no longer be so."""
        self._link.pin()
        try:
            yield
        finally:
            self._link.pin(on=False)

    @property
    def requests(self) -> list[dict[str, Any]]:
        """The latest requests, secrets masked: ``{"method", "path", "body", "status"}``; no status where no answer came."""
        return list(self._link.log)

    @property
    def counts(self) -> Counter[str]:
        """How many requests were sent in all, by HTTP method."""
        return self._link.counts

    @property
    def logins(self) -> int:
        """How many times this session logged in."""
        return self._link.logins

    @property
    def clock(self) -> Callable[[], float]:
        """The clock of back-offs and time limits, in seconds."""
        return self._clock

    def pause(self, seconds: float) -> None:
        """Wait."""
        self._sleep(seconds)

    def read(self, kind: Kind, key: Values) -> Observation:
        """One object or binding row. Costs one request; never raises a `NitroError`, which comes back inside `Unknown`."""
        named = kind.url_key is not None and key.get(kind.url_key) is not None and "get" in kind.operations
        try:
            found = self._named(kind, key) if named else self.read_all(kind, args=_bind_point(kind, key))
        except NotFound as error:
            return Absent() if named else Unknown(error)
        except NitroError as error:
            return Unknown(error)
        row = observation.matching(kind, key, found, named=named)
        return Absent() if row is None else Present(row)

    def read_all(
        self,
        kind: Kind,
        *,
        args: Values | None = None,
        filter: Values | None = None,  # noqa: A002  # NITRO's own word
        attrs: Iterable[str] = (),
    ) -> list[Row]:
        """All objects of a kind, or the rows of a binding kind of all parents, page by page.

        ``args`` is for global bindings, whose rows the appliance shows for one bind point at a time (``type``). Raises when
        anything failed: an empty list means that there is nothing.
        """
        if "get_all" not in kind.operations:
            raise NitroError(f"{kind.name}: the appliance has no way to list it")
        options = {
            "args": args,
            "filter": filter,
            "attrs": tuple(attrs),
            "bulk": bool(kind.parent or kind.aggregate_of) and kind.url_key is not None,
        }
        try:
            found = self._pages(kind, options)
        except NotFound:
            if kind.is_binding and args:
                return []
            raise
        return [{**(args or {}), **row} for row in found] if args else found

    def read_bindings(self, kind: Kind, parents: Collection[str] | None) -> dict[str, list[Row]]:
        """The rows of a binding kind by parent: by name when few parents are asked for, else all of the appliance at once.

        Every one of ``parents`` is in the result, with an empty list also where it does not exist; ``None`` means all that
        have rows. Global bindings come under "". Raises when anything failed.
        """
        if kind.url_key is None:
            return {"": self.read_all(kind)}
        if parents is not None and (len(parents) <= FEW or "get_all" not in kind.operations):
            return {parent: self._rows_of(kind, parent) for parent in parents}
        try:
            found = self.read_all(kind)
        except Rejected as error:
            if parents is None or error.__class__ is not Rejected:
                raise
            return {parent: self._rows_of(kind, parent) for parent in parents}  # older than 11.1: it has no bulk reads
        grouped: dict[str, list[Row]] = {parent: [] for parent in parents or ()}
        for row in found:
            parent = observation.parent_of(kind, row)
            if parents is None or parent in grouped:
                grouped.setdefault(parent, []).append(row)
        return grouped

    def send(self, request: wire.Request) -> answer.Result:
        """Send a write (or any request). A batch that failed in part is a result; every other failure is raised."""
        return self._exchange(request if request.safe else request.asking_for_warnings())

    def _named(self, kind: Kind, key: Values) -> list[Row]:
        others = {name: key.get(name) for name in kind.get_args if name in kind.keys and name != kind.url_key}
        args = {} if kind.is_binding else {name: value for name, value in others.items() if value not in (None, "")}
        request = wire.get(kind, key[str(kind.url_key)], args=args)
        return observation.rows(kind, self._exchange(request))

    def _rows_of(self, kind: Kind, parent: str) -> list[Row]:
        if "get" not in kind.operations:
            raise NitroError(f"{kind.name}: the appliance has no way to read it")
        try:
            return observation.rows(kind, self._exchange(wire.get(kind, parent)))
        except NotFound:
            return []

    def _pages(self, kind: Kind, options: dict[str, Any]) -> list[Row]:
        size = self.target.page_size if "count" in kind.operations and not kind.singleton else 0
        found: list[Row] = []
        previous: list[Row] | None = None
        for number in range(1, 1_000_000):
            try:
                page = self._page(kind, options, size, number if size else 0)
            except Rejected as error:
                if number == 1 and size and error.__class__ is Rejected and error.errorcode:  # it does not page this kind
                    return self._page(kind, options, 0, 0)
                raise
            if page == previous:  # it ignores the number of the page
                break
            found += page
            if not size or len(page) != size:  # the last page, or all at once
                break
            previous = page
        return found

    def _page(self, kind: Kind, options: dict[str, Any], size: int, number: int) -> list[Row]:
        return observation.rows(kind, self._exchange(wire.get(kind, **options, pagesize=size, pageno=number)))

    def _exchange(self, request: wire.Request) -> answer.Result:
        backoff = Backoff(
            retries=self.target.retries,
            budget=self.target.retry_budget,
            clock=self._clock,
            sleep=self._sleep,
            random=self._random,
        )
        while True:
            try:
                return self._link.exchange(request)
            except NitroError as error:
                if self._hopeless(error) or not may_repeat(error, safe=request.safe) or not backoff.pause():
                    raise

    def _hopeless(self, error: NitroError) -> bool:
        """The only node known is a secondary, and will be one the next time."""
        return len(self.target.urls) == 1 and getattr(error, "errorcode", 0) == answer.NOT_PRIMARY


def _bind_point(kind: Kind, key: Values) -> dict[str, Any] | None:
    """The key of a global binding that its GET wants in ``args`` (PROTOCOL 6.4)."""
    if not kind.is_binding or kind.url_key is not None:
        return None
    names = [name for name in kind.keys if name != kind.bind_key and name in kind.get_args and kind.attributes[name].values]
    return {name: key[name] for name in names if key.get(name)} or None


def _dice() -> float:
    from random import random  # only where something is tried again

    return random()
