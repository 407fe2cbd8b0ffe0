# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""How results are printed: what, figure, baseline, ratio, target, and whether it is met."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """One measured value. ``limit`` is the target; ``at_least`` tells its direction. ``baseline`` is (name, value)."""

    what: str
    value: float
    unit: str
    limit: float | None = None
    at_least: bool = False
    baseline: tuple[str, float] | None = None

    @property
    def met(self) -> bool:
        """Is the target met?"""
        return self.limit is None or (self.value >= self.limit if self.at_least else self.value <= self.limit)

    def __str__(self) -> str:
        target = "" if self.limit is None else f"{'≥' if self.at_least else '≤'} {self.limit:g} {self.unit}"
        beside = ""
        if self.baseline:
            name, value = self.baseline
            beside = f"{name}: {value:.3g} {self.unit}, ratio {self.value / value:.2f}"
        verdict = "" if self.limit is None else "met" if self.met else "MISSED"
        return f"{self.what:<52} {self.value:>9.3g} {self.unit:<9} {target:<16} {verdict:<7} {beside}".rstrip()
