# Copyright (c) 2026, The nitrox authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One login for a whole run of ansible-playbook, shared by its worker processes and ended with it.

The session's token lies in a file of mode 0600 in Ansible's own folder for the run (mode 0700, removed at the end). The
first worker that needs a session logs in while others that want the same wait for it.
"""

from __future__ import annotations

import atexit
import fcntl
import hashlib
import json
import os
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any

from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro import wire
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.errors import NitroError
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.session import Session, Target

PREFIX = "nitrox-"
FAREWELL = {"timeout": 5.0, "retries": 0, "username": "", "password": "", "partition": ""}  # logging out must not delay the end
_watched: set[str] = set()


class SharedLogin:
    """A token store (see `link.TokenStore`) in ``folder``, for everybody with the same target and credentials.

    `get` without an answer means: log in now, everybody waits for you. `release` when that did not work out.
    """

    def __init__(self, folder: str, target: Target) -> None:
        # The folder's name is random for each run, so the digest tells nothing about the password.
        secret = "\n".join((folder, target.identity, target.password))
        self.path = Path(folder) / f"{PREFIX}{hashlib.sha256(secret.encode()).hexdigest()[:24]}.json"
        self._target = target
        self._lock: IO[bytes] | None = None

    def get(self) -> str | None:
        """What was put last, or None; then the caller is the one to log in."""
        found = self._read()
        if found is None and self._lock is None:
            self._lock = self.path.with_suffix(".lock").open("wb")
            fcntl.flock(self._lock, fcntl.LOCK_EX)
            found = self._read()
            if found is not None:
                self.release()
        return found

    def put(self, token: str) -> None:
        """Keep ``token``; whoever waits goes on."""
        fresh = self.path.with_suffix(f".{os.getpid()}")
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump({"token": token, "target": {**asdict(self._target), **FAREWELL}}, file)
        fresh.replace(self.path)
        self.release()

    def drop(self) -> None:
        """The token is no longer valid."""
        self.path.unlink(missing_ok=True)

    def release(self) -> None:
        """Let others try."""
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def _read(self) -> str | None:
        try:
            token: str = json.loads(self.path.read_text(encoding="utf-8"))["token"]
        except FileNotFoundError:
            return None
        return token


def log_out_at_exit(folder: str) -> None:
    """When this very process ends, end the sessions whose tokens lie in ``folder``. Processes that it forks do not."""
    if folder not in _watched:
        _watched.add(folder)
        atexit.register(_log_out, Path(folder), os.getpid())


def _log_out(folder: Path, owner: int) -> None:
    for path in folder.glob(f"{PREFIX}*.json") if os.getpid() == owner else ():
        kept: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        token, _space, url = kept["token"].partition(" ")
        target = Target(**{**kept["target"], "urls": (url,), "token": token})
        try:
            Session(target).send(wire.logout(console_token=token if target.behind_console else ""))
        except NitroError:
            continue  # the appliance ends it when it has been idle for long enough
