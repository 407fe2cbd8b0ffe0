# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""``python -m nitrox.cli``."""

from __future__ import annotations

from . import main

main()
