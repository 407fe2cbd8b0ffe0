# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""One Debian machine: systemd-nspawn over the image, in the network namespace that its network made for it."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from tests.nodes import ground
from tests.nodes.image import image

if TYPE_CHECKING:
    from tests.nodes.network import Network

# The host has control groups of version 1: systemd mounts them read-only in a container, and runc then starts nothing.
GROUPS_UNIT = """[Unit]
Description=Writable control groups for containers
DefaultDependencies=no
Before=sysinit.target
[Service]
Type=oneshot
ExecStart=/bin/sh -c 'for d in /sys/fs/cgroup/*; do mount -o remount,bind,rw "$d" || true; done'
[Install]
WantedBy=sysinit.target
"""
NSPAWN = (
    *("systemd-nspawn", "--quiet", "--boot", "--register=no", "--keep-unit", "--capability=all", "--console=pipe"),
    *("--system-call-filter=add_key keyctl bpf", "--resolv-conf=off", "--timezone=off", "--link-journal=no"),
)
SETTINGS = {"SYSTEMD_NSPAWN_UNIFIED_HIERARCHY": "0", "SYSTEMD_NSPAWN_API_VFS_WRITABLE": "yes"}


@dataclass
class Node:
    """A machine with a name and an address; `network.boot` makes it. It can be stopped, started and destroyed at any time."""

    network: Network
    name: str
    address: str
    user_data: str = ""
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    @property
    def namespace(self) -> str:
        return ground.name_of(self.network.folder, self.name)

    @property
    def tree(self) -> Path:
        """The root file system as the machine sees it; files may be put here also while it is off."""
        return self.network.folder / f"{self.name}.root"

    @property
    def store(self) -> Path:
        return self.network.store / self.name

    @property
    def running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def create(self) -> None:
        """Lay out the file system, with the network's key for root, and the user data where cloud-init looks."""
        for folder in (self.tree, self.store / "upper", self.store / "work", self.store / "docker"):
            folder.mkdir(parents=True)
        layers = f"lowerdir={image()},upperdir={self.store / 'upper'},workdir={self.store / 'work'}"
        ground.run("mount", "-t", "overlay", self.namespace, "-o", layers, str(self.tree))
        self.write("etc/hostname", f"{self.name}\n")
        self.write("etc/hosts", f"127.0.0.1 localhost\n{self.address} {self.name}\n")
        self.write("etc/machine-id", "")
        self.write("root/.ssh/authorized_keys", self.network.public_key, mode=0o600)
        self.write("etc/systemd/system/container-groups.service", GROUPS_UNIT)
        wanted = self.tree / "etc/systemd/system/sysinit.target.wants"
        wanted.mkdir(parents=True, exist_ok=True)
        (wanted / "container-groups.service").symlink_to("/etc/systemd/system/container-groups.service")
        ground.run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(self.tree / "etc/ssh/ssh_host_ed25519_key"))
        if self.user_data:
            self.write("var/lib/cloud/seed/nocloud/user-data", self.user_data)
            self.write("var/lib/cloud/seed/nocloud/meta-data", f"instance-id: {self.namespace}\nlocal-hostname: {self.name}\n")
        else:
            self.write("etc/cloud/cloud-init.disabled", "")

    def write(self, path: str, content: str, mode: int = 0o644) -> None:
        """Put a file into the machine."""
        target = self.tree / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(content, encoding="utf-8")
        target.chmod(mode)

    def start(self, wait: bool = True) -> None:
        """Power on; with ``wait`` until ssh answers. Raises RuntimeError with the end of the console."""
        console = (self.network.folder / f"{self.name}.console").open("ab")
        place = [f"--directory={self.tree}", f"--machine={self.namespace}", f"--hostname={self.name}"]
        network = f"--network-namespace-path=/run/netns/{self.namespace}"
        docker = f"--bind={self.store / 'docker'}:/var/lib/docker"  # overlayfs cannot lie on overlayfs
        with console:
            self.process = subprocess.Popen(
                [*NSPAWN, *place, network, docker], env={**os.environ, **SETTINGS},
                stdin=subprocess.DEVNULL, stdout=console, stderr=console, start_new_session=True,
            )  # fmt: skip
        ground.remember(self.record, self.process.pid)
        if wait:
            self.wait()

    @property
    def record(self) -> Path:
        return self.network.folder / f"{self.name}.pid"

    def wait(self, seconds: float = 60) -> None:
        """Until ssh answers."""
        if not ground.wait_for(lambda: not self.running or self.answers(), seconds) or not self.running:
            console = (self.network.folder / f"{self.name}.console").read_text(encoding="utf-8", errors="replace")
            raise RuntimeError(f"node {self.name}: no ssh after {seconds:.0f} s: {console[-1500:]}")

    def answers(self) -> bool:
        done = subprocess.run(self.network.ssh(self, "true"), capture_output=True, check=False)
        return done.returncode == 0

    def shell(self, command: str, timeout: float = 60) -> str:
        """Run a shell command on the machine by ssh; returns what it printed. Raises RuntimeError."""
        return ground.run(*self.network.ssh(self, command), timeout=timeout)

    def stop(self, force: bool = True) -> None:
        """Power off: at once, or with ``force=False`` as a shutdown would (some seconds)."""
        if self.process and not force:
            self.process.send_signal(signal.SIGTERM)
            ground.wait_for(lambda: not self.running, 20)
        if self.record.exists():
            ground.end(self.record)
        if self.process:
            self.process.wait(10)

    def destroy(self) -> None:
        """Take the machine and all of its files away."""
        self.stop()
        ground.run("umount", "--lazy", str(self.tree))
        shutil.rmtree(self.store)
        self.network.forget(self)
