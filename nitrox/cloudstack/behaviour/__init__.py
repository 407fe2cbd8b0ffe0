# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""What commands do. Each module registers its own; `load` brings them all in."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pathlib import Path


@cache
def load() -> None:
    """Register everything, once."""
    for path in sorted(Path(__file__).parent.glob("[a-z]*.py")):
        import_module(f"{__name__}.{path.stem}")
