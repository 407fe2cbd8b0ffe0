# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""The peer's workload: an app is one lbvserver, one servicegroup with five members by address, and their binding (8 objects)."""

from __future__ import annotations

from typing import Any

MEMBERS = 5


def apps(count: int) -> dict[str, Any]:
    """A document of ``count`` apps."""
    return {
        "lbvserver": {
            f"app{n}": {
                "servicetype": "HTTP",
                "ipv46": f"10.{100 + n // 62500}.{n // 250 % 250}.{n % 250 + 1}",
                "port": 80,
                "bindings": {"servicegroup": [f"app{n}"]},
            }
            for n in range(count)
        },
        "servicegroup": {
            f"app{n}": {
                "servicetype": "HTTP",
                "bindings": {
                    "servicegroupmember": [{"ip": f"10.9.{m}.{n % 250 + 1}", "port": 8000 + n // 250} for m in range(MEMBERS)]
                },
            }
            for n in range(count)
        },
    }
