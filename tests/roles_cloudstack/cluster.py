# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""A cluster to build in tests, and time that only passes when somebody waits."""

from __future__ import annotations

from collections import Counter
from typing import Any

from ansible_collections.nitrox.netscaler.plugins.module_utils.cloudstack.client import Account, Client
from ansible_collections.nitrox.netscaler.plugins.module_utils.cloudstack.converge import Report, converge
from nitrox.cloudstack.testing import Simulator

ZONE = "Sandbox-simulator-advanced"
KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f admin@example"
SPARE = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIB8eHRwbGhkYFxYVFBMSERAPDg0MCwoJCAcGBQQDAgEA spare@example"
OFFICE = "198.51.100.0/24"
KIND = {"offering": "Small Instance", "template": "Debian 12 (64-bit)"}
BOOT = {"defaultGuestNetwork", "default_allow", "default_deny"}
MADE = (
    "network",
    "vpc",
    "virtualmachine",
    "publicipaddress",
    "firewallrule",
    "portforwardingrule",
    "sshkeypair",
    "affinitygroup",
    "networkacllist",
)


def description(count: int = 3, **more: Any) -> dict[str, Any]:
    """An isolated network with machines in two groups, a static NAT address, and one with forwards."""
    return {
        "name": "shop",
        "zone": ZONE,
        "network": {"cidr": "10.20.0.0/23"},
        "keys": [{"name": "shop", "public_key": KEY}, {"name": "spare", "public_key": SPARE}],
        "affinity": [{"name": "shop-apart"}, {"name": "spare", "type": "host affinity"}],
        "egress": [{"ports": [80, 443], "to": ["0.0.0.0/0"]}],
        "addresses": [
            {"name": "front", "firewall": [{"ports": [80, "8000-8010"], "cidrs": [OFFICE]}], "static_nat": "shop-lb-1"},
            {"name": "ssh", "firewall": [{"ports": ["2201-2400"], "cidrs": ["192.0.2.0/24", OFFICE]}]},
        ],
        "groups": [
            {"name": "lb", "count": 1, **KIND, "addresses": ["10.20.0.10"]},
            {
                "name": "web", "count": count, **KIND, "key": "shop",
                "affinity": ["shop-apart"], "user_data": "#cloud-config\n", "tags": {"role": "web"},
                "forward": [{"address": "ssh", "port": 2201, "to_port": 22}],
            },
        ],
        **more,
    }  # fmt: skip


def in_vpc(count: int = 2) -> dict[str, Any]:
    """The same in a VPC."""
    wanted = description(count)
    acl = [{"ports": [80, 443]}, {"protocol": "all", "traffic": "egress"}]
    for address in wanted["addresses"]:
        del address["firewall"]
    return {**wanted, "egress": [], "vpc": {"cidr": "10.20.0.0/16", "acl": acl}}


class Clock:
    """Time of the client and of the simulator; both stand still but for waiting."""

    def __init__(self, cloud: Simulator) -> None:
        self.cloud, self.now = cloud, 0.0

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        """Wait: nothing really does."""
        self.now += seconds
        self.cloud.control("POST", "clock", {"advance": seconds})


def client(cloud: Simulator, user: str = "admin") -> Client:
    """A client of one user, the administrator unless told otherwise."""
    clock = Clock(cloud)
    account = Account(cloud.endpoint, *cloud.credentials(user), timeout=5.0)
    return Client(account, clock=clock, sleep=clock.sleep, patience=60.0)


def build(cloud: Simulator, wanted: dict[str, Any] | None = None, *, user: str = "admin", **how: Any) -> Report:
    """Converge with a client of its own, as each run of a playbook has one."""
    one = client(cloud, user)
    try:
        return converge(one, wanted or description(), **{"patience": 60.0, **how})
    finally:
        one.close()


def objects(cloud: Simulator) -> Counter[str]:
    """How many of each kind there are that somebody made: tags, too, but no boot objects and no network of the zone."""
    return Counter({kind: number for kind in MADE if (number := len(mine(cloud, kind)))})


def mine(cloud: Simulator, kind: str) -> list[dict[str, Any]]:
    """The rows of a kind that the start does not have."""
    return [row for row in cloud.state(kind) if row.get("name") not in BOOT]


def names(cloud: Simulator) -> list[str]:
    """The machines that there are."""
    return sorted(row["name"] for row in mine(cloud, "virtualmachine"))


def reads(calls: Counter[str]) -> int:
    """How many calls were lists."""
    return sum(number for command, number in calls.items() if command.startswith("list"))


def polls(calls: Counter[str]) -> int:
    """How many calls asked for a job."""
    return calls["queryAsyncJobResult"]


def let_go(cloud: Simulator) -> None:
    """The management server is restarted: jobs that hung go on. Until then nothing can be done to their objects by anybody."""
    cloud.control("POST", "jobs", {"job": "all"})
