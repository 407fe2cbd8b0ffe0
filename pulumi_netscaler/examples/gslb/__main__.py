# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""One name, two sites: DNS answers with the address of a site that is up."""

from __future__ import annotations

import pulumi

from pulumi_netscaler import gslb

config = pulumi.Config()
domain = config.get("domain") or "shop.example.com"
SITES = {"berlin": ("192.0.2.21", "203.0.113.21"), "vienna": ("192.0.2.22", "203.0.113.22")}
local = config.get("local") or "berlin"

vserver = gslb.Gslbvserver("shop", servicetype="HTTP", dnsrecordtype="A", lbmethod="ROUNDROBIN")
gslb.GslbvserverDomainBinding("shop-name", name=vserver.name, domainname=domain, ttl=5)

for name, (siteaddress, address) in SITES.items():
    site = gslb.Gslbsite(name, sitetype="LOCAL" if name == local else "REMOTE", siteipaddress=siteaddress)
    service = gslb.Gslbservice(
        f"shop-{name}", servicename=f"shop-{name}", sitename=site.sitename, ip=address, servicetype="HTTP", port=80
    )
    gslb.GslbvserverGslbserviceBinding(f"shop-{name}", name=vserver.name, servicename=service.servicename)

pulumi.export("name", domain)
