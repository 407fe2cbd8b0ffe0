# Copyright (c) 2026, The nitrox authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the module of this name, like all others: see `resource`."""

from __future__ import annotations

from ansible_collections.nitrox.netscaler.plugins.action.resource import ActionModule

__all__ = ["ActionModule"]
