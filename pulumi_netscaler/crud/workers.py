# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""More resources at a time: the dynamic provider's server has four threads, whatever ``--parallel`` says.

Its pool grows when it is told to. It is not told by a public interface, so this finds the pool through the frame of its own
worker and leaves everything as it is where that does not work. NETSCALER_WORKERS says how many (4 leaves it alone).
"""

from __future__ import annotations

import os
import sys
from concurrent.futures import ThreadPoolExecutor

WORKERS = 32


def widen() -> int:
    """Call it from within a provider method. Returns how many threads the pool may have now, 0 where it was not found."""
    try:
        wanted = int(os.environ.get("NETSCALER_WORKERS") or WORKERS)
        pool = _pool()
        if pool is None:
            return 0
        if 0 < pool._max_workers < wanted:
            pool._max_workers = wanted
        return int(pool._max_workers)
    except (AttributeError, TypeError, ValueError):  # another Python may keep it elsewhere
        return 0


def _pool() -> ThreadPoolExecutor | None:
    frame = sys._getframe()
    while frame.f_back is not None:
        frame = frame.f_back
        if frame.f_code.co_name == "_worker" and frame.f_globals.get("__name__") == "concurrent.futures.thread":
            found = frame.f_locals["executor_reference"]()
            return found if isinstance(found, ThreadPoolExecutor) else None
    return None
