# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""What runs by itself: the command line and the simulator. The core is in the Ansible collection's ``module_utils.nitro``."""

from __future__ import annotations

__version__ = "0.1.0"
