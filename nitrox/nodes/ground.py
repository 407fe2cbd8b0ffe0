# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""What the kernel keeps of nodes: processes, mounts, namespaces, control groups; and how all of it goes away again.

Each network has a folder in `/run/netscaler-nitrox-nodes` and holds a lock in it. A folder whose lock is free belongs to a
process that has died: whoever comes next takes away what it left.
"""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from .image import cache

PLACE = Path("/run/netscaler-nitrox-nodes")
PREFIX = "nitrox"
_CLONE_NEWNET = 0x40000000  # os.setns is there from Python 3.12


def run(*command: str, text: str | None = None, timeout: float = 60) -> str:
    """Run to its end. Raises RuntimeError with what it said."""
    done = subprocess.run(command, input=text, capture_output=True, text=True, timeout=timeout, check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)}: exit {done.returncode}: {(done.stderr or done.stdout).strip()[-2000:]}")
    return done.stdout


@contextlib.contextmanager
def claimed() -> Iterator[Path]:
    """A folder for one network; at the end, however it comes, nothing is left of it."""
    with _turn():
        sweep()
        number = next(number for number in range(1, 1000) if not (PLACE / str(number)).exists())
        folder = PLACE / str(number)
        folder.mkdir()
        lock = (folder / "lock").open("w")
        fcntl.flock(lock, fcntl.LOCK_EX)
    try:
        place = cache() / f"run-{number}"
        place.mkdir(parents=True, exist_ok=True)
        (folder / "store").symlink_to(place)
        yield folder
    finally:
        with _turn():
            clear(folder)
        lock.close()


@contextlib.contextmanager
def _turn() -> Iterator[None]:
    """One process at a time makes or takes away folders: a new one has no lock for a moment."""
    PLACE.mkdir(mode=0o700, exist_ok=True)
    place = os.open(PLACE, os.O_RDONLY)
    try:
        fcntl.flock(place, fcntl.LOCK_EX)
        yield
    finally:
        os.close(place)


def sweep() -> None:
    """Take away what networks of dead processes left. To be called in one's turn."""
    for folder in sorted(PLACE.iterdir()):
        with contextlib.suppress(OSError), (folder / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            clear(folder)


def clear(folder: Path) -> None:
    """End what runs there, then unmount, delete the namespaces and the folder; what is gone already is fine."""
    for record in sorted(folder.glob("*.pid")):
        end(record)
    for point in mounts(folder):
        subprocess.run(["umount", "--lazy", point], check=False, capture_output=True)
    for name in namespaces(folder):
        subprocess.run(["ip", "netns", "del", name], check=False, capture_output=True)
    shutil.rmtree(store(folder), ignore_errors=True)
    shutil.rmtree(folder, ignore_errors=True)


def store(folder: Path) -> Path:
    """Where the machines' own files are: in the cache, as the folder itself may lie in memory."""
    return (folder / "store").resolve()


def name_of(folder: Path, what: str) -> str:
    """The name of a namespace or machine of this network."""
    return f"{PREFIX}{folder.name}-{what}"


def namespace(name: str) -> str:
    """Make a network namespace with nothing but a loopback device; returns its name."""
    run("ip", "netns", "add", name)
    run("ip", "-n", name, "link", "set", "lo", "up")
    return name


def listening(name: str, host: str, port: int) -> socket.socket:
    """A listening TCP socket in a namespace. A thread goes there for it, as namespaces are a thread's."""

    def make() -> socket.socket:
        with Path(f"/run/netns/{name}").open("rb") as space:
            if ctypes.CDLL(None, use_errno=True).setns(space.fileno(), _CLONE_NEWNET):
                raise OSError(ctypes.get_errno(), f"cannot enter the namespace {name}")
        return socket.create_server((host, port))

    with ThreadPoolExecutor(1) as thread:
        return thread.submit(make).result()


def namespaces(folder: Path) -> list[str]:
    listed = Path("/run/netns")
    return sorted(path.name for path in listed.glob(f"{name_of(folder, '')}*")) if listed.is_dir() else []


def mounts(folder: Path) -> list[str]:
    """Mount points below the folder, the innermost first."""
    points = [line.split()[1] for line in Path("/proc/self/mounts").read_text(encoding="utf-8").splitlines()]
    return [point for point in reversed(points) if point.startswith(f"{folder}/")]


def alive(pid: int) -> bool:
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] != "Z"
    return False


def remember(record: Path, pid: int) -> None:
    """Write down a process so that also another one can end it, and only it: its start time tells it from a later one."""
    record.write_text(f"{pid} {started(pid)}", encoding="utf-8")


def started(pid: int) -> str:
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[19]
    return ""


def end(record: Path) -> None:
    pid, begun = [*record.read_text(encoding="utf-8").split(), "", ""][:2]
    if pid and begun and started(int(pid)) == begun:
        inner = first_child(int(pid))
        for victim in filter(None, (inner, int(pid))):
            with contextlib.suppress(ProcessLookupError):
                os.kill(victim, signal.SIGKILL)
        wait_for(lambda: not alive(int(pid)), 10)
    record.unlink(missing_ok=True)


def first_child(pid: int) -> int:
    """The machine's own process 1 behind systemd-nspawn: with it all of the machine ends."""
    with contextlib.suppress(OSError):
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="utf-8").split()
        return int(children[0]) if children else 0
    return 0


def wait_for(condition: object, seconds: float) -> bool:
    """Ask until it is so, or until the time is over; returns the last answer."""
    assert callable(condition)
    deadline = time.monotonic() + seconds
    while not (answer := bool(condition())) and time.monotonic() < deadline:
        time.sleep(0.05)
    return answer
