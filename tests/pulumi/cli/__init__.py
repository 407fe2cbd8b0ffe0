# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""The Pulumi CLI that the tests drive: where it is, or why it is not there. ``python -m tests.pulumi.cli`` builds it."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from pathlib import Path

HERE = Path(__file__).parent
CLIENT = HERE / "pulumi-client"


def folder() -> Path:
    """Where the CLI that ``go.mod`` pins is, or will be: outside the tree, shared by all checkouts."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache").expanduser()
    pinned = hashlib.sha256((HERE / "go.mod").read_bytes()).hexdigest()[:16]
    return cache / "netscaler-nitrox" / "pulumi" / pinned


def missing() -> str:
    """Why there is no CLI to test with; "" where there is one."""
    if (folder() / "pulumi").is_file():
        return ""
    how = "make pulumi-cli builds it" if shutil.which("go") else "make pulumi-cli builds it where Go is, and Go is not here"
    return f"no Pulumi CLI in {folder()}: {how}"


def build() -> str:
    """Build it where it is not yet. Returns why that could not be done, "" where it is there now."""
    if not missing():
        return ""
    if not shutil.which("go"):
        return "the Pulumi CLI is built with Go, and Go is not here"
    code = subprocess.call([HERE / "build", folder()])
    return f"the Pulumi CLI could not be built (exit code {code}, see above)" if code else ""
