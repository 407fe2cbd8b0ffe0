# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""The traffic path as data for the page: vserver → policies → groups and services → members, with their states."""

from __future__ import annotations

from typing import Any

from .appliance import Appliance


def topology(appliance: Appliance) -> list[dict[str, Any]]:
    """One node for each vserver of the default partition."""
    return []
