# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Run all benchmarks, or those named: see AREAS. Exits with 1 when a target is missed."""

from __future__ import annotations

import importlib
import os
import platform
import sys

AREAS = ("loading", "serving", "clouding", "converging", "looping", "scaling", "pulumi")


def main() -> int:
    """Print each figure as it comes."""
    print(f"{os.cpu_count()} cores, Python {platform.python_version()}, {platform.system()}", flush=True)
    missed = 0
    for area in sys.argv[1:] or AREAS:
        for figure in importlib.import_module(f"{__package__}.{area}").figures():
            print(figure, flush=True)
            missed += not figure.met
    return int(missed > 0)


if __name__ == "__main__":
    sys.exit(main())
