# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""The numbers behind ``/nitro/v1/stat``: plausible, moved by the appliance's clock alone, and counters never go back.

Which fields a type has is in ``behaviour/stat.json``; the size of the numbers is ours [I]. Counters are decimal strings;
rates, percentages and ports are numbers (PROTOCOL 8.3 [V], 20 #21 [C:3]).
"""

from __future__ import annotations

import math
import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

SAMPLE = 7.0  # seconds between two readings of the appliance's own counters [I]
_PERIOD, _SWING = 900.0, 0.4
_FORMULA = re.compile(r"(counter|rate|gauge|percent)\*([\d.]+)\Z")
Key = tuple[str, str, str]


@dataclass(frozen=True)
class Flow:
    """Traffic so far: requests in total, and per second now."""

    total: float
    rate: float
    swing: float = 0.0


@dataclass
class Activity:
    """Since when each entity exists, and for how long it has carried traffic. Keys: partition, type, name."""

    births: dict[Key, float] = field(default_factory=dict)
    served: dict[Key, tuple[float, float]] = field(default_factory=dict)
    since: float = 0.0  # when the statistics were cleared

    def seconds(self, key: Key, now: float, since: float, *, up: bool) -> float:
        """Seconds of service; they grow only while the entity is up. ``since`` is for what was there at the start."""
        born = max(self.births.get(key, since), self.since)
        seen, served = self.served.get(key, (born, 0.0))
        if up:
            served += max(0.0, now - seen)
        self.served[key] = (max(now, seen), served)
        return served // SAMPLE * SAMPLE


def seed_of(name: str) -> int:
    """A number of its own for every name, the same in each run."""
    return zlib.crc32(name.lower().encode())


def flow(seconds: float, mean: float, seed: int) -> Flow:
    """Traffic that swings around ``mean`` requests a second, after so many seconds; the integral of the rate."""
    wave, phase = 2 * math.pi / _PERIOD, seed % 628 / 100
    swing = math.sin(wave * seconds + phase)
    total = mean * (seconds + _SWING / wave * (math.cos(phase) - math.cos(wave * seconds + phase)))
    return Flow(total, mean * (1 + _SWING * swing) if seconds else 0.0, swing)


def still(moving: Flow) -> Flow:
    """The same totals with no traffic now."""
    return Flow(moving.total, 0.0, moving.swing)


def fields(facts: Mapping[str, Any], moving: Flow) -> dict[str, Any]:
    """The fields of one type. A fact is a literal value, or ``counter*N``, ``rate*N``, ``gauge*N`` (N for each request, of
    the total, of the rate) or ``percent*N`` (swings around N)."""
    return {name: _value(fact, moving) for name, fact in facts.items()}


def _value(fact: Any, moving: Flow) -> Any:
    formula = _parsed(fact) if isinstance(fact, str) else None
    if formula is None:
        return fact
    how, factor = formula
    if how == "counter":
        return str(int(moving.total * factor))
    if how == "rate":
        return int(moving.rate * factor)
    if how == "gauge":
        return str(int(moving.rate * factor))
    return round(min(100.0, factor * (1 + moving.swing / 10)), 2)


@cache
def _parsed(fact: str) -> tuple[str, float] | None:
    match = _FORMULA.match(fact)
    return (match.group(1), float(match.group(2))) if match else None
