# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""What the suite did, as a closing table."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from .menu import MENU

if TYPE_CHECKING:
    from .menu import Schedule
    from .world import Attempt


class Tally:
    """Of all schedules of a test session."""

    def __init__(self) -> None:
        self.schedules = self.violations = self.seed = 0
        self.planned: Counter[str] = Counter()
        self.struck: Counter[str] = Counter()

    def count(self, schedule: Schedule, attempt: Attempt, violations: list[str]) -> None:
        """Note one schedule. A fault that is planned for later than the run's last request strikes nobody."""
        self.schedules += 1
        self.violations += len(violations)
        for fault in schedule.faults:
            self.planned[fault.name] += 1
            by_simulator = any(attempt.injected[one["fault"]] for one in fault.planned)
            by_us = fault.name == "K2" or (fault.name == "K1" and attempt.killed)
            self.struck[fault.name] += by_simulator or by_us

    def lines(self) -> list[str]:
        """The table; empty where no schedule ran."""
        if not self.schedules:
            return []
        rows = [f"  {name:4} {text:34} {self.planned[name]:>7} {self.struck[name]:>7}" for name, text in MENU.items()]
        return [
            f"{self.schedules} schedules of faults (SEED={self.seed}), {self.violations} violations",
            f"{'planned':>48}  struck",
            *rows,
        ]


TALLY = Tally()
