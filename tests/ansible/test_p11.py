# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""P11: the front is idempotent, too: run twice, and check mode that predicts exactly what a run does."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from tests.core.converging import apps

from .conftest import Played

if TYPE_CHECKING:
    from tests.conftest import Simulator


def task(data: Any, **more: Any) -> dict[str, Any]:
    options = {"document": data, "owner": "shop", "prune": True}
    return {"name": "Apps", "nitrox.netscaler.config": options, "diff": True, **more}


def test_p11_the_second_run_changes_nothing_and_check_mode_predicts(play: Callable[..., Played], simulator: Simulator) -> None:
    more, less = apps(3), apps(2)
    tasks = [task(data, check_mode=check) for data in (more, more, less) for check in (True, False)]
    played = play(tasks)
    assert played.code == 0, played.output
    assert played.changed == [True, True, False, False, True, True]
    for predicted, real in zip(played.results[::2], played.results[1::2], strict=True):
        assert [predicted[word] for word in ("before", "after", "plan")] == [real[word] for word in ("before", "after", "plan")]
    assert {row["name"] for row in simulator.state()["lbvserver"]} == {"app0", "app1"}
