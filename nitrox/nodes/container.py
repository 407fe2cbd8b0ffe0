# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""One Debian machine: systemd-nspawn over the image, in a network namespace that somebody made for it."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from . import ground
from .image import image

# systemd mounts control groups of version 1 read-only in a container, and runc then starts nothing. Links to them are left out.
_GROUPS_SCRIPT = """#!/bin/sh -e
for group in /sys/fs/cgroup/*; do
    if [ ! -L "$group" ] && mountpoint -q "$group"; then mount -o remount,bind,rw "$group"; fi
done
"""
_GROUPS_UNIT = """[Unit]
Description=Writable control groups for containers
DefaultDependencies=no
Before=sysinit.target
[Service]
Type=oneshot
ExecStart=/usr/local/sbin/container-groups
[Install]
WantedBy=sysinit.target
"""
# Its network is there before it starts, and root is who logs in.
_CLOUD = "datasource_list: [NoCloud]\nnetwork: {config: disabled}\ndisable_root: false\nmanage_etc_hosts: false\nlocale: false\n"
_NSPAWN = (
    *("systemd-nspawn", "--quiet", "--boot", "--register=no", "--keep-unit", "--capability=all", "--console=pipe"),
    *("--system-call-filter=add_key keyctl bpf", "--resolv-conf=off", "--timezone=off", "--link-journal=no"),
)
_UNIFIED = Path("/sys/fs/cgroup/cgroup.controllers")


@dataclass
class Container:
    """A machine of one folder of `ground`. It can be stopped, started and destroyed at any time.

    ``name`` is unique in the folder, ``namespace`` the network namespace that it lives in (of `ground.name_of`).
    """

    folder: Path
    name: str
    namespace: str
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    @property
    def tree(self) -> Path:
        """The root file system as the machine sees it; files may be put here also while it is off."""
        return self.folder / f"{self.name}.root"

    @property
    def store(self) -> Path:
        return ground.store(self.folder) / self.name

    @property
    def record(self) -> Path:
        return self.folder / f"{self.name}.pid"

    @property
    def running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def create(self, hostname: str, address: str, *, keys: str, user_data: bytes = b"") -> None:
        """Lay out the file system. ``keys`` are lines of authorized_keys for root; without user data cloud-init is off."""
        for folder in (self.tree, self.store / "upper", self.store / "work", self.store / "docker"):
            folder.mkdir(parents=True)
        layers = f"lowerdir={image()},upperdir={self.store / 'upper'},workdir={self.store / 'work'}"
        ground.run("mount", "-t", "overlay", self.namespace, "-o", layers, str(self.tree))
        self.write("etc/hostname", f"{hostname}\n")
        self.write("etc/hosts", f"127.0.0.1 localhost\n{address} {hostname}\n")
        self.write("etc/machine-id", "")
        self.write("root/.ssh/authorized_keys", keys, mode=0o600)
        if not _UNIFIED.exists():
            self.write("usr/local/sbin/container-groups", _GROUPS_SCRIPT, mode=0o755)
            self.write("etc/systemd/system/container-groups.service", _GROUPS_UNIT)
            wanted = self.tree / "etc/systemd/system/sysinit.target.wants"
            wanted.mkdir(parents=True, exist_ok=True)
            (wanted / "container-groups.service").symlink_to("/etc/systemd/system/container-groups.service")
        ground.run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(self.tree / "etc/ssh/ssh_host_ed25519_key"))
        self._seed(hostname, user_data)

    def _seed(self, hostname: str, user_data: bytes) -> None:
        """Put the user data where cloud-init looks for it."""
        if not user_data:
            self.write("etc/cloud/cloud-init.disabled", "")
            return
        self.write("etc/cloud/cloud.cfg.d/90_nodes.cfg", _CLOUD)
        self.write("var/lib/cloud/seed/nocloud/user-data", user_data, mode=0o600)
        self.write("var/lib/cloud/seed/nocloud/meta-data", f"instance-id: {self.namespace}\nlocal-hostname: {hostname}\n")

    def write(self, path: str, content: str | bytes, mode: int = 0o644) -> None:
        """Put a file into the machine."""
        target = self.tree / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content.encode() if isinstance(content, str) else content)
        target.chmod(mode)

    def start(self) -> None:
        """Power on. Returns at once: it boots in the background, its console goes to a file."""
        place = [f"--directory={self.tree}", f"--machine={self.namespace}"]
        network = f"--network-namespace-path=/run/netns/{self.namespace}"
        docker = f"--bind={self.store / 'docker'}:/var/lib/docker"  # overlayfs cannot lie on overlayfs
        groups = {"SYSTEMD_NSPAWN_UNIFIED_HIERARCHY": str(int(_UNIFIED.exists())), "SYSTEMD_NSPAWN_API_VFS_WRITABLE": "yes"}
        with (self.folder / f"{self.name}.console").open("ab") as console:
            self.process = subprocess.Popen(
                [*_NSPAWN, *place, network, docker], env={**os.environ, **groups},
                stdin=subprocess.DEVNULL, stdout=console, stderr=console, start_new_session=True,
            )  # fmt: skip
        ground.remember(self.record, self.process.pid)

    def console(self) -> str:
        """The end of what it has said on its console."""
        return (self.folder / f"{self.name}.console").read_text(encoding="utf-8", errors="replace")[-1500:]

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
        """Take the machine and all of its files away; its namespace stays."""
        self.stop()
        ground.run("umount", "--lazy", str(self.tree))
        self.tree.rmdir()
        shutil.rmtree(self.store)
