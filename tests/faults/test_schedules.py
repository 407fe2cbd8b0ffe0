# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Random schedules of faults. ``make faults FAULTS=10000 SEED=7`` runs so many; a failure is shrunk to the least of it.

The closing table says how many schedules ran, which faults were really injected, and how many violations there were.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, Phase, given, note, seed, settings

from .menu import Schedule, schedules
from .oracle import judge, judge_healed
from .tally import TALLY
from .world import World

if TYPE_CHECKING:
    from tests.conftest import Simulator

COUNT = int(os.environ.get("FAULTS") or 150)
SEED = int(os.environ.get("SEED") or 20261125)
SETTINGS = settings(
    max_examples=COUNT,
    deadline=None,
    database=None,
    phases=(Phase.generate, Phase.shrink),
    suppress_health_check=list(HealthCheck),
    report_multiple_bugs=False,
)


def test_every_schedule_of_faults_ends_well(start_simulator: Callable[..., Simulator]) -> None:
    """The appliance is as the document says, foreign objects are untouched, every outcome was told truthfully, nothing was
    written after an unknown read, and no write was done more often than allowed."""
    TALLY.seed = SEED
    alone, pair = start_simulator(), start_simulator(ha=True)

    @seed(SEED)
    @SETTINGS
    @given(schedules())
    def check(schedule: Schedule) -> None:
        world = World(pair if "F11" in schedule.names else alone, schedule)
        attempt = world.attempt()
        violations = judge(world, attempt) + judge_healed(world)
        TALLY.count(schedule, attempt, violations)
        note(f"{attempt.error or (attempt.outcome and attempt.outcome.summary()) or 'killed'}")
        assert not violations

    check()
