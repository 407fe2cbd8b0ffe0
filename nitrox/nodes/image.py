# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""The root file system of the nodes: built once by mmdebstrap into a cache outside the tree, read-only afterwards."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

SUITE = "bookworm"
PACKAGES = (
    *("systemd", "systemd-sysv", "dbus", "openssh-server", "python3", "python3-apt", "iproute2", "procps", "ca-certificates"),
    *("openssl", "docker.io", "iptables", "busybox-static", "zookeeper", "openjdk-17-jre-headless", "cloud-init"),
)
NEEDED = ("mmdebstrap", "systemd-nspawn", "ip", "nsenter", "unshare", "ssh", "ssh-keygen")
FORM = 1  # raise it when the build changes in another way than by its packages
# Nothing of the packages starts by itself: what runs on a node is what a role started.
DISABLED = ("docker.service", "docker.socket", "containerd.service", "apt-daily.timer", "apt-daily-upgrade.timer")


def unavailable() -> str:
    """Why no node can run here; empty where they can."""
    if not sys.platform.startswith("linux") or os.geteuid() != 0:
        return "real nodes need root on Linux"
    missing = [tool for tool in NEEDED if shutil.which(tool) is None]
    if missing:
        return f"real nodes need {', '.join(missing)} (Debian: mmdebstrap systemd-container iproute2 openssh-client)"
    trial = "ip link add nitrox-trial type veth && mount -t tmpfs none /mnt && mkdir /mnt/{l,u,w,m} && "
    overlay = "mount -t overlay none /mnt/m -o lowerdir=/mnt/l,upperdir=/mnt/u,workdir=/mnt/w"
    tried = subprocess.run(
        ["unshare", "--net", "--mount", "bash", "-c", trial + overlay], capture_output=True, text=True, check=False
    )
    return f"real nodes need mounts and network namespaces: {tried.stderr.strip()}" if tried.returncode else ""


def cache() -> Path:
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "netscaler-nitrox/nodes"


def location() -> Path:
    """The folder of the root file system that these packages make."""
    recipe = "\n".join((str(FORM), SUITE, *PACKAGES, *DISABLED))
    return cache() / hashlib.sha256(recipe.encode()).hexdigest()[:16]


def image() -> Path:
    """The root file system, built where it is not there yet (three minutes, 900 MB). Raises RuntimeError with apt's words."""
    folder = location()
    folder.parent.mkdir(parents=True, exist_ok=True)
    with (folder.parent / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two test runs build once
        if not folder.is_dir():
            build(folder)
    return folder


def build(folder: Path) -> None:
    unfinished = folder.with_suffix(".unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    sys.stderr.write(f"building the nodes' root file system in {folder} (once, some minutes)\n")
    hooks = [
        f'--customize-hook=chroot "$1" systemctl disable {" ".join(DISABLED)}',
        '--customize-hook=rm -f "$1"/etc/ssh/ssh_host_*',
    ]
    command = [
        "unshare",
        "--mount",
        "mmdebstrap",
        "--quiet",
        "--mode=root",
        "--variant=minbase",
        f"--include={','.join(PACKAGES)}",
        *hooks,
        SUITE,
    ]
    done = subprocess.run([*command, str(unfinished), *sources()], capture_output=True, text=True, check=False)
    if done.returncode:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise RuntimeError(f"mmdebstrap {SUITE}: {done.stderr.strip()[-600:]}")
    unfinished.rename(folder)


def sources() -> list[str]:
    """The host's own list where it is one of this suite, so that a mirror at hand is used; otherwise mmdebstrap's default."""
    for path in (Path("/etc/apt/sources.list.d/debian.sources"), Path("/etc/apt/sources.list")):
        if path.is_file() and SUITE in path.read_text(encoding="utf-8"):
            return [str(path)]
    return []
