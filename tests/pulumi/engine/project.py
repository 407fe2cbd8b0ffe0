# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""An ordinary project folder, run by the CLI in processes of its own that a test may kill."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.pulumi import cli

from .stack import environment

MANIFEST = "name: {project}\nruntime: python\n"


class Project:
    """A folder with ``Pulumi.yaml`` and ``__main__.py``, and a stack in files beside it. ``ours`` False: the folder is there."""

    def __init__(
        self, folder: Path, program: str, *, home: Path, project: str = "shop", ours: bool = True, **variables: Any
    ) -> None:
        self.folder = folder / project
        if ours:
            self.folder.mkdir(parents=True, exist_ok=True)
            (self.folder / "Pulumi.yaml").write_text(MANIFEST.format(project=project), encoding="utf-8")
            self.write(program)
        self.variables = {**os.environ, **environment(home, folder / "state", **variables)}
        self.pulumi("stack", "init", "test")

    def write(self, program: str) -> None:
        """Another program."""
        (self.folder / "__main__.py").write_text(program, encoding="utf-8")

    def pulumi(self, *arguments: str, fails: bool = False) -> str:
        """A command of the CLI that needs no program; what it printed."""
        return self._run(["pulumi", *arguments], fails=fails)

    def run(self, command: str, *arguments: str, fails: bool = False) -> str:
        """preview, up, refresh or destroy, and what it printed."""
        return self._run(self._command(command, *arguments), fails=fails)

    def killed(self, command: str, *arguments: str, when: Callable[[], bool]) -> None:
        """Start a command and kill it with everything it started, as a power failure would, as soon as ``when`` says so."""
        process = subprocess.Popen(
            self._command(command, *arguments), cwd=self.folder, env=self.variables, start_new_session=True,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            while process.poll() is None and not when():
                pass
            assert process.poll() is None, "it ended before it was to be killed"
        finally:
            for pid in reversed([process.pid, *_descendants(process.pid)]):
                _kill(pid)
            process.wait()

    def _command(self, command: str, *arguments: str) -> list[str]:
        yes = [] if command == "preview" else ["--yes", "--skip-preview"]
        return [sys.executable, str(cli.CLIENT), command, "--stack", "test", "--color", "never", *yes, *arguments]

    def _run(self, command: list[str], *, fails: bool) -> str:
        ran = subprocess.run(command, cwd=self.folder, env=self.variables, capture_output=True, text=True, check=False)
        assert (ran.returncode != 0) == fails, ran.stdout + ran.stderr
        return ran.stdout + ran.stderr


def _descendants(pid: int) -> list[int]:
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in task.read_text().split():
            found += [int(child), *_descendants(int(child))]
    return found


def _kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return
