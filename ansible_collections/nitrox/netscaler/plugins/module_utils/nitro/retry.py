# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""When to try again, and how long to wait (PROTOCOL 5.3, 7.8). The clock, the sleep and the dice come from outside."""

from __future__ import annotations

from collections.abc import Callable

from .errors import NitroError, NotReady, OutcomeUnknown, Unreachable

FIRST = 0.5  # seconds
LONGEST = 8.0


def may_repeat(error: NitroError, *, safe: bool) -> bool:
    """Can the same request be sent again after this error?

    Yes where it did not arrive or the appliance was not ready for it, and for every read (``safe``) whose answer was lost.
    Never for a write in doubt, and never for what was refused for good.
    """
    return isinstance(error, (Unreachable, NotReady)) or (safe and isinstance(error, OutcomeUnknown))


class Backoff:
    """Waits between the attempts of one request: exponential with full jitter, at most ``retries`` times, within ``budget``
    seconds in all, counted from the first attempt."""

    def __init__(
        self,
        *,
        retries: int,
        budget: float,
        clock: Callable[[], float],
        sleep: Callable[[float], None],
        random: Callable[[], float],
    ) -> None:
        self._left, self._clock, self._sleep, self._random = retries, clock, sleep, random
        self._ends, self._ceiling = clock() + budget, FIRST

    def pause(self) -> bool:
        """Wait; False, at once, when it is time to give up."""
        wait = self._ceiling * self._random()
        if self._left <= 0 or self._clock() + wait > self._ends:
            return False
        self._left -= 1
        self._ceiling = min(self._ceiling * 2, LONGEST)
        self._sleep(wait)
        return True
