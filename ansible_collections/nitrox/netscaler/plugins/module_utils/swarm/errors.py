# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Everything that is raised here.

SwarmError
├── Unknown   the answers do not tell: nothing may be concluded from them, another manager or a later moment may tell
└── Refused   the swarm told, and what it told makes no members; asking again does not help
"""

from __future__ import annotations


class SwarmError(Exception):
    """See above."""


class Unknown(SwarmError):
    """See above."""


class Refused(SwarmError):
    """See above."""
