# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""What is wrong is said in one message, and nothing has been made then."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ansible_collections.nitrox.netscaler.plugins.module_utils.cloudstack.client import Account, Client
from ansible_collections.nitrox.netscaler.plugins.module_utils.cloudstack.converge import converge
from ansible_collections.nitrox.netscaler.plugins.module_utils.cloudstack.errors import CloudError, Invalid, Unreachable
from ansible_collections.nitrox.netscaler.plugins.module_utils.cloudstack.wanted import parse
from nitrox.cloudstack.testing import Simulator

from .cluster import Clock, build, client, description, in_vpc

Change = Callable[[dict[str, Any]], object]


@pytest.mark.parametrize(
    ("change", "text"),
    [
        (lambda one: one.update(zone="Zurich"), "no zone Zurich; there are Sandbox-simulator-advanced, Sandbox"),
        (lambda one: one.update(project="x"), "there is no project x; there are none"),
        (lambda one: one["groups"][0].update(offering="Tiny"), "there is no serviceoffering Tiny; there are "),
        (lambda one: one["groups"][0].update(template="BeOS"), "there is no template BeOS; there are "),
        (lambda one: one["network"].update(offering="none"), "there is no networkoffering none; there are "),
        (lambda one: one["groups"][1].update(key="nobody"), "there is no key nobody"),
        (lambda one: one["network"].update(cidr="10.20.0.0/29"), "network 10.20.0.0/29 has room for 5 machines, not for 6"),
        (lambda one: one["groups"][0].update(addresses=["10.99.0.1"]), "shop-lb-1: 10.99.0.1 is none of the addresses"),
    ],
)  # fmt: skip
def test_what_the_cloud_does_not_have(cloud: Simulator, change: Change, text: str) -> None:
    wanted = description(5)
    change(wanted)
    with pytest.raises(Invalid) as caught:
        build(cloud, wanted)
    assert text in str(caught.value)
    assert cloud.writes() == {}


@pytest.mark.parametrize(
    ("change", "text"),
    [
        (lambda one: one.update(name="Shop_1"), "cluster Shop_1: a name has at most 32"),
        (lambda one: one.update(colour="red"), "cluster: there is no colour; there are addresses, affinity"),
        (lambda one: one.pop("zone"), "cluster.zone is needed"),
        (lambda one: one["groups"][0].update(count="many"), "cluster.groups[0].count: a whole number from 0 is wanted, not many"),
        (lambda one: one["groups"].append(one["groups"][0]), "group lb is there twice"),
        (lambda one: one["groups"][0].update(count=2), "group lb: 2 machines and 1 addresses"),
        (lambda one: one["groups"][1].update(affinity=["x"]), "group web: affinity x is not in the list"),
        (lambda one: one["groups"][1].update(user_data="x" * 30000), "group web: user_data is longer than 24576 bytes"),
        (
            lambda one: one["addresses"][0].update(static_nat="shop-db-1"),
            "address front leads to shop-db-1, and there is no such",
        ),
        (lambda one: one["egress"][0].update(ports=["90-80"]), "90-80 is no port or range of ports"),
        (lambda one: one["network"].update(cidr="10.20.0.300/24"), "network: 10.20.0.300/24 is no CIDR"),
        (lambda one: one["egress"][0].update(to=["everywhere"]), "everywhere is no CIDR"),
        (lambda one: one["egress"][0].update(protocol="gre"), "gre is none of tcp, udp, icmp, all"),
        (lambda one: one["keys"][0].update(public_key="x"), "key shop: public_key is no OpenSSH public key"),
        (
            lambda one: one["addresses"][1].update(forwards=[{"port": 2201, "to": "shop-lb-1"}]),
            "tcp port 2201 leads to two places",
        ),
        (lambda one: one.update(vpc={"cidr": "10.20.0.0/16"}), "in a VPC the rules are vpc.acl"),
        (lambda one: one.update(replace=["shop-web-9"]), "replace: there is no machine shop-web-9"),
    ],
)
def test_what_makes_no_sense(change: Change, text: str) -> None:
    wanted = description()
    change(wanted)
    with pytest.raises(Invalid) as caught:
        parse(wanted)
    assert text in str(caught.value)


def test_everything_wrong_is_in_one_message(cloud: Simulator) -> None:
    wanted = description()
    wanted["groups"][0]["offering"] = "Tiny"
    wanted["groups"][1]["template"] = "BeOS"
    with pytest.raises(Invalid, match=r"Tiny.*; .*BeOS"):
        build(cloud, wanted)


def test_a_wrong_key(cloud: Simulator) -> None:
    clock = Clock(cloud)
    wrong = Client(Account(cloud.endpoint, cloud.key, "no secret"), clock=clock, sleep=clock.sleep)
    with pytest.raises(Invalid, match="CloudStack refuses the API key, or its clock differs from ours"):
        converge(wrong, description())
    assert wrong.counts == {"listZones": 1}
    wrong.close()


def test_nobody_there(cloud: Simulator) -> None:
    clock = Clock(cloud)
    nobody = Client(Account("http://127.0.0.1:1/client/api"), clock=clock, sleep=clock.sleep, patience=30)
    with pytest.raises(Unreachable, match="gives no usable answer"):
        converge(nobody, description())
    assert clock.now <= 30
    nobody.close()


def test_overlapping_networks(cloud: Simulator) -> None:
    build(cloud)
    other = description(name="other", keys=[], groups=[], addresses=[])
    before = cloud.writes()
    with pytest.raises(Invalid, match=r"network: 10.20.0.0/23 overlaps with 10.20.0.0/23 of network shop"):
        build(cloud, other)
    assert cloud.writes() == before
    other["network"]["may_overlap"] = True
    build(cloud, other)


def test_a_tier_outside_of_its_vpc(cloud: Simulator) -> None:
    wanted = in_vpc()
    wanted["vpc"]["cidr"] = "10.50.0.0/16"
    with pytest.raises(Invalid, match=r"network: 10.20.0.0/23 is not in the VPC's 10.50.0.0/16"):
        build(cloud, wanted)
    assert cloud.writes() == {}


def test_a_network_of_that_name_that_others_made(cloud: Simulator) -> None:
    api = client(cloud)
    zone = next(row for row in api.list("listZones", "zone") if row["networktype"] == "Advanced")
    offering = api.list("listNetworkOfferings", "networkoffering", name="DefaultIsolatedNetworkOfferingWithSourceNatService")[0]
    api.write("createNetwork", name="shop", displaytext="mine", zoneid=zone["id"], networkofferingid=offering["id"])
    api.close()
    with pytest.raises(Invalid, match="network shop was not made by this cluster"):
        build(cloud)
    assert cloud.writes() == {"createNetwork": 1}
    build(cloud, present=False)
    assert len([row for row in cloud.state("network") if row["name"] == "shop"]) == 1


def test_teardown_refuses_while_others_use_the_network(cloud: Simulator) -> None:
    build(cloud)
    cloud.control("POST", "mutate", {"kind": "virtualmachine", "name": "shop-lb-1", "set": {"name": "guest", "_name": "guest"}})
    for tag in [row for row in cloud.state("tag") if row["key"] == "nitrox" and row["value"] == "shop"]:
        cloud.control("POST", "mutate", {"kind": "tag", "id": tag["id"], "remove": True})
    before = cloud.writes()
    with pytest.raises(CloudError, match="network shop has machines that this cluster did not make: guest"):
        build(cloud, present=False)
    assert cloud.writes() == before
