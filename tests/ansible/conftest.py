# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Run playbooks as users do, and modules in process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

pytest.importorskip("ansible", reason="the ansible extra is not installed")

from ansible_collections.nitrox.netscaler.plugins.module_utils import front
from ansible_collections.nitrox.netscaler.plugins.module_utils.front_document import Task
from ansible_collections.nitrox.netscaler.plugins.module_utils.front_spec import argument_spec
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.session import Session

if TYPE_CHECKING:
    from nitrox.simulator.testing import Simulator

TOP = Path(__file__).parents[2]
HERE = Path(__file__).parent
Tasks = list[dict[str, Any]]
Result = dict[str, Any]


@dataclass(frozen=True)
class Played:
    """What a run of ansible-playbook printed, and the results of its tasks (of a loop item by item)."""

    code: int
    output: str
    results: list[Result]

    @property
    def last(self) -> Result:
        return self.results[-1]

    @property
    def changed(self) -> list[bool]:
        return [result["changed"] for result in self.results]


def ansible_playbook(folder: Path, playbook: Path, *options: str, **environment: str) -> Played:
    """Run a playbook with nothing of the user's own configuration."""
    record = folder / "record.jsonl"
    record.unlink(missing_ok=True)
    own = {
        "ANSIBLE_COLLECTIONS_PATH": str(TOP),
        "ANSIBLE_CALLBACK_PLUGINS": str(HERE / "callback"),
        "ANSIBLE_CALLBACKS_ENABLED": "record",
        "ANSIBLE_HOME": str(folder / "home"),
        "ANSIBLE_NOCOLOR": "1",
        "ANSIBLE_LOCALHOST_WARNING": "false",
        "ANSIBLE_INVENTORY_UNPARSED_WARNING": "false",
        "RECORD": str(record),
    }
    command = [sys.executable, "-m", "ansible", "playbook", str(playbook), *options]
    done = subprocess.run(command, cwd=folder, env={**os.environ, **own, **environment}, capture_output=True, text=True)
    lines = record.read_text(encoding="utf-8").splitlines() if record.exists() else []
    return Played(done.returncode, done.stdout + done.stderr, [json.loads(line) for line in lines])


@pytest.fixture
def play(tmp_path: Path, simulator: Simulator) -> Callable[..., Played]:
    """Run these tasks in one play for the simulator: ``play(tasks, "-D", hosts={...}, variables={...})``."""

    def run(tasks: Tasks, *options: str, hosts: Mapping[str, Any] | None = None, **variables: Any) -> Played:
        target = {"netscaler_url": simulator.url, "netscaler_username": "nsroot", "netscaler_password": "nsroot"}
        inventory = {"all": {"hosts": {"netscaler1": {"ansible_connection": "local"}, **(hosts or {})}}}
        (tmp_path / "inventory.yml").write_text(yaml.safe_dump(inventory), encoding="utf-8")
        content = [{"hosts": "netscaler1", "gather_facts": False, "vars": {**target, **variables}, "tasks": tasks}]
        (tmp_path / "play.yml").write_text(yaml.safe_dump(content), encoding="utf-8")
        return ansible_playbook(tmp_path, tmp_path / "play.yml", "-i", str(tmp_path / "inventory.yml"), *options)

    return run


@pytest.fixture
def do(simulator: Simulator) -> Callable[..., Result]:
    """Do one task in process, as the action plugin does; its result, also of a failure."""
    session = Session(front.target({"url": simulator.url, "username": "nsroot", "password": "nsroot", "retries": 0}))

    def run(module: str, *, check: bool = False, **options: Any) -> Result:
        defaults = {name: one.get("default") for name, one in argument_spec(module).items()}
        try:
            return front.execute(Task(module, {**defaults, **options}, check, diff=True), session)
        except front.Failure as problem:
            return problem.result

    return run
