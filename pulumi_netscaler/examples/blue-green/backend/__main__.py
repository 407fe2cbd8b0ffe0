# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""One colour: the stack's name. Its servers get traffic once the front's stack says so."""

from __future__ import annotations

import pulumi

import pulumi_netscaler as netscaler
from pulumi_netscaler import basic

colour = pulumi.get_stack()
servers = pulumi.Config().require_object("servers")

group = basic.Servicegroup(f"shop-{colour}", servicetype="HTTP")
netscaler.Members(f"shop-{colour}", servicegroup=group.servicegroupname, members=[{"ip": ip, "port": 8080} for ip in servers])

pulumi.export("servicegroup", group.servicegroupname)
