# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""The same service on every appliance of the list ``appliances`` (mappings of name and url) in the stack's configuration."""

from __future__ import annotations

import pulumi

import pulumi_netscaler as netscaler
from pulumi_netscaler import basic, lb

config = pulumi.Config()
appliances: list[dict[str, str]] = config.require_object("appliances")
password = config.require_secret("password")

for appliance in appliances:
    name = appliance["name"]
    target = netscaler.Provider(name, url=appliance["url"], username=config.get("username") or "nsroot", password=password)
    opts = pulumi.ResourceOptions(provider=target)
    group = basic.Servicegroup(f"{name}-web", servicegroupname="web", servicetype="HTTP", opts=opts)
    members = [{"ip": ip, "port": 8080} for ip in ("198.51.100.11", "198.51.100.12")]
    netscaler.Members(f"{name}-web", servicegroup=group.servicegroupname, members=members, opts=opts)
    vserver = lb.Lbvserver(f"{name}-web", name="web", servicetype="HTTP", ipv46=appliance["address"], port=80, opts=opts)
    lb.LbvserverServicegroupBinding(f"{name}-web", name=vserver.name, servicegroupname=group.servicegroupname, opts=opts)
