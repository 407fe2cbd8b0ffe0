# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""A shop behind one address: ``/api`` goes to its own servers, everything else to the web servers."""

from __future__ import annotations

import pulumi

import pulumi_netscaler as netscaler

config = pulumi.Config()
address = config.get("address") or "203.0.113.10"
web = config.get_object("web") or ["198.51.100.11:8080", "198.51.100.12:8080"]
api = config.get_object("api") or ["198.51.100.21:9000"]

shop = netscaler.Frontend(
    "shop",
    address=address,
    protocol="HTTP",
    port=80,
    method="LEASTCONNECTION",
    persistence={"type": "cookie", "name": "SHOP", "timeout": 20},
    health_check={"path": "/health", "codes": [200], "interval": 5},
    backends={"web": {"members": web}, "api": {"members": api, "persistence": "none"}},
    routes=[{"path": "/api", "backend": "api"}],
    default="web",
)

pulumi.export("url", f"http://{address}/")
