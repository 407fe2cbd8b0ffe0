# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Whatever is wrong with a manager's API, the members that are there stay.

One play has a front end for each way to fail, each with an engine of its own that fails in this way the second time.
"""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from .docker_api import Docker, Raw, listening
from .fronts import Play, members, names, netscaler, roles, told, written

if TYPE_CHECKING:
    from nitrox.simulator.testing import Simulator

PAGE = "<html>proxy</html>"
# Name → what is answered wrongly, with what, and what the person is told. Only what ansible.builtin.uri has a part in; the rest
# needs no play.
FAILURES: dict[str, tuple[str, Raw, str]] = {
    "lost": ("nodes", Raw(0), "the list of nodes:"),
    "empty": ("tasks", Raw(200), "what came back is no JSON: nothing"),
    "page": ("services", Raw(200, PAGE, "text/html"), "what came back is no JSON: <html>"),
    "cut": ("tasks", Raw(200, '[{"ID": "task1", "Ser'), "no JSON"),
    "short": ("nodes", Raw(200, "[]", promised=50), "the list of nodes:"),
    "late": ("tasks", Raw(200, "[]", late=4), "the tasks of service web:"),
    "closed": ("socket", Raw(0), "service web: Request failed"),
}


def hosts(simulator: Simulator, engines: dict[str, Docker]) -> dict[str, Any]:
    """A NetScaler of the inventory for each failure; all are the simulated one."""
    found = {}
    for number, (name, engine) in enumerate(engines.items()):
        frontend = {"address": f"203.0.113.{10 + number}", "protocol": "HTTP", "port": 80}
        mine = {"swarm_frontend_name": name, "swarm_frontend_frontend": frontend, "swarm_frontend_docker": engine.url}
        found[f"ns-{name}"] = netscaler(simulator, **mine, swarm_frontend_timeout=2)
    return found


@pytest.mark.timeout(600)
def test_no_failure_of_docker_takes_members_away(play_here: Play, simulator: Simulator, tmp_path: Path) -> None:
    wanted = {"swarm_frontend_service": "web", "swarm_frontend_port": 80, "swarm_frontend_allow_empty": True}
    play = [{**roles(wanted)[0], "hosts": "all"}]
    with ExitStack() as stack:
        engines = {name: stack.enter_context(listening(tmp_path / name)) for name in FAILURES}
        machines = hosts(simulator, engines)
        play_here(play, hosts=machines).some()
        assert names(simulator, "lbvserver") == FAILURES.keys()
        for name, (what, raw, _) in FAILURES.items():
            engines[name].instead = {what: raw}
            engines[name].tasks = []  # what does tell says that nothing runs
        (tmp_path / "closed").unlink()
        writes = written(simulator)
        output = told(play_here(play, hosts=machines))
    reasons = {name: output.partition(f"fatal: [ns-{name}]")[2].partition("fatal: [")[0] for name in FAILURES}
    silent = {name: reason for name, reason in reasons.items() if FAILURES[name][2] not in reason}
    assert not silent
    assert written(simulator) == writes
    assert {len(members(simulator, f"{name}-web")) for name in FAILURES} == {2}
