# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""A machine of a test's network, as its controller sees it: by ssh."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nitrox.nodes import ground
from nitrox.nodes.container import Container

if TYPE_CHECKING:
    from .network import Network


@dataclass
class Node:
    """A machine with a name and an address; `Network.boot` makes it."""

    network: Network
    container: Container
    address: str

    @property
    def name(self) -> str:
        return self.container.name

    @property
    def running(self) -> bool:
        return self.container.running

    def start(self, wait: bool = True) -> None:
        """Power on; with ``wait`` until ssh answers. Raises RuntimeError with the end of the console."""
        self.container.start()
        if wait:
            self.wait()

    def wait(self, seconds: float = 60) -> None:
        """Until ssh answers."""
        if not ground.wait_for(lambda: not self.running or self.answers(), seconds) or not self.running:
            raise RuntimeError(f"node {self.name}: no ssh after {seconds:.0f} s: {self.container.console()}")

    def answers(self) -> bool:
        done = subprocess.run(self.network.ssh(self, "true"), capture_output=True, check=False)
        return done.returncode == 0

    def shell(self, command: str, timeout: float = 60) -> str:
        """Run a shell command on the machine by ssh; returns what it printed. Raises RuntimeError."""
        return ground.run(*self.network.ssh(self, command), timeout=timeout)

    def stop(self, force: bool = True) -> None:
        """Power off: at once, or with ``force=False`` as a shutdown would (some seconds)."""
        self.container.stop(force)

    def destroy(self) -> None:
        """Take the machine and all of its files away."""
        self.container.destroy()
        self.network.forget(self)
