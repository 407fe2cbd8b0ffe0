# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""The address that users see. ``pulumi config set active green`` and ``pulumi up``: green is bound before blue is unbound."""

from __future__ import annotations

import pulumi

import pulumi_netscaler as netscaler
from pulumi_netscaler import lb

config = pulumi.Config()
active = config.get("active") or "blue"
backend = pulumi.StackReference(f"organization/netscaler-blue-green-backend/{active}")

vserver = lb.Lbvserver("shop", servicetype="HTTP", ipv46=config.get("address") or "203.0.113.30", port=80)
netscaler.Bindings(
    "shop",
    parent_kind="lbvserver",
    parent=vserver.name,
    kind="lbvserver_servicegroup_binding",
    rows=[{"servicegroupname": backend.require_output("servicegroup")}],
)

pulumi.export("active", active)
