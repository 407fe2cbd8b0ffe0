# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Where somebody sits and runs playbooks."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from nitrox.cloudstack.testing import Simulator

from .cluster import KEY

TOP = Path(__file__).parents[2]
PLAYBOOKS = TOP / "playbooks/cloudstack"
RECAP = re.compile(r"ok=(\d+)\s+changed=(\d+)\s+unreachable=(\d+)\s+failed=(\d+)")


class Desk:
    """Where somebody runs commands, with the account in the environment."""

    def __init__(self, cloud: Simulator, folder: Path) -> None:
        self.folder, self.cloud = folder, cloud
        (folder / "key.pub").write_text(KEY, encoding="utf-8")
        account = {"CLOUDSTACK_ENDPOINT": cloud.endpoint, "CLOUDSTACK_KEY": cloud.key, "CLOUDSTACK_SECRET": cloud.secret}
        places = {"ANSIBLE_CONFIG": str(TOP / "ansible.cfg"), "ANSIBLE_HOME": str(folder / "home")}
        self.environment = {**os.environ, **account, **places, "ANSIBLE_NOCOLOR": "1"}

    def run(self, command: str, *arguments: str, fails: bool = False) -> str:
        """The output of one of Ansible's commands."""
        with self.start(command, *arguments) as process:
            out, err = process.communicate(timeout=120)
        assert (process.returncode != 0) == fails, out + err
        return out + err

    @contextmanager
    def start(self, command: str, *arguments: str) -> Iterator[subprocess.Popen[str]]:
        """One of Ansible's commands, running; it does not outlive the block."""
        full = [str(Path(sys.executable).parent / command), *arguments]
        pipe = subprocess.PIPE
        with subprocess.Popen(
            full, cwd=TOP, env=self.environment, text=True, start_new_session=True, stdout=pipe, stderr=pipe
        ) as process:
            try:
                yield process
            finally:
                if process.poll() is None:
                    os.killpg(process.pid, signal.SIGKILL)

    def play(self, name: str, *arguments: str, fails: bool = False, **more: Any) -> tuple[int, str]:
        """How many tasks changed something, and the output."""
        text = self.run("ansible-playbook", *self.playbook(name, **more), *arguments, fails=fails)
        recap = RECAP.search(text)
        assert recap is not None, text
        assert self.cloud.secret not in text
        return int(recap[2]), text

    def playbook(self, name: str, **more: Any) -> list[str]:
        """The arguments that play one of the playbooks."""
        variables = {"shop_public_key": str(self.folder / "key.pub"), "drained": str(self.folder / "drained"), **more}
        return [str(PLAYBOOKS / f"{name}.yml"), "-i", str(PLAYBOOKS / "inventory.yml"), "-e", json.dumps(variables)]
