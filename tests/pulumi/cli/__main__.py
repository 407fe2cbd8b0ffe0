# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Build the Pulumi CLI into the cache. With ``--optional`` a machine that cannot is no failure: it only says so."""

from __future__ import annotations

import sys

from . import build, folder

problem = build()
print(problem or f"Pulumi CLI: {folder()}")
sys.exit(1 if problem and "--optional" not in sys.argv else 0)
