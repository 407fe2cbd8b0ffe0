# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""What is wrong with a call is said before anything is made, and nothing of it stays."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from nitrox.cloudstack.testing import running

from .populated import Populated, populate

WRONG: dict[str, tuple[str, dict[str, Any]]] = {
    "a protocol that there is not, in a security group": (
        "authorizeSecurityGroupIngress",
        {"securitygroupid": "@securitygroup", "protocol": "bogus", "startport": 1, "endport": 2, "cidrlist": "0.0.0.0/0"},
    ),
    "a protocol that there is not, in an ACL": ("createNetworkACL", {"aclid": "@networkacllist", "protocol": "bogus"}),
    "a protocol that there is not, of a balancer": (
        "createLoadBalancerRule",
        {
            "publicipid": "@publicipaddress",
            "name": "x",
            "algorithm": "source",
            "publicport": 9,
            "privateport": 9,
            "protocol": "x",
        },
    ),
    "a protocol that a balancer can't change to": ("updateLoadBalancerRule", {"id": "@loadbalancerrule", "protocol": "bogus"}),
    "an ACL rule before the first": ("createNetworkACL", {"aclid": "@networkacllist", "protocol": "all", "number": 0}),
    "egress from elsewhere": (
        "createEgressFirewallRule",
        {"networkid": "@network", "protocol": "tcp", "startport": 1, "endport": 2, "cidrlist": "192.168.0.0/16"},
    ),
    "a port that there is not": ("updatePortForwardingRule", {"id": "@portforwardingrule", "privateport": 70000}),
    "a range that is none": ("updatePortForwardingRule", {"id": "@portforwardingrule", "privateport": 9, "privateendport": 8}),
    "an isolated network in a basic zone": (
        "createNetwork",
        {"name": "x", "zoneid": "@basic zone", "networkofferingid": "@isolated"},
    ),
    "an offering in use": ("deleteNetworkOffering", {"id": "@isolated"}),
    "a format that there is not": (
        "registerTemplate",
        {"name": "x", "displaytext": "x", "format": "ZX81", "hypervisor": "KVM", "url": "http://192.0.2.1/x"},
    ),
    "a hypervisor that there is not": (
        "registerTemplate",
        {"name": "x", "displaytext": "x", "format": "QCOW2", "hypervisor": "Bogus", "url": "http://192.0.2.1/x"},
    ),
    "no URL": ("registerIso", {"name": "x", "displaytext": "x", "url": "somewhere", "zoneid": "@basic zone"}),
    "a device that is taken": ("attachVolume", {"id": "@loose", "virtualmachineid": "@virtualmachine", "deviceid": 0}),
}

DEPLOYED: dict[str, dict[str, Any]] = {
    "a root disk smaller than its template": {"rootdisksize": 1},
    "a MAC address that is none": {"macaddress": "zz"},
    "a custom disk without a size": {"diskofferingid": "@custom"},
    "a template of another zone": {"zoneid": "@basic zone", "templateid": "@template", "networkids": ""},
    "an address outside of the network": {"ipaddress": "192.0.2.9"},
    "a key pair that there is not": {"keypair": "nobody's"},
}


@pytest.fixture(scope="module", name="there")
def _there() -> Iterator[Populated]:
    with running() as cloud:
        there = populate(cloud)
        api = there.api
        custom = api.offering("listDiskOfferings", "Custom")
        made = api.do("createVolume", name="loose", diskofferingid=custom, zoneid=api.zone(), size=1)
        there.ids |= {"basic zone": api.zone("Basic"), "custom": custom, "loose": made["id"]}
        there.ids["isolated"] = api.one("listNetworks", id=there.ids["network"])["networkofferingid"]
        yield there


def filled(there: Populated, parameters: dict[str, Any]) -> dict[str, Any]:
    """``@kind`` stands for the id of that object."""
    return {name: there.ids[text[1:]] if str(text).startswith("@") else text for name, text in parameters.items()}


def objects(there: Populated) -> dict[str, Any]:
    """Everything, without what the simulator notes for itself."""
    state = there.api.cloud.control("GET", "state")
    shown = {kind: [{name: row[name] for name in row if name[0] != "_"} for row in rows] for kind, rows in state.items()}
    return {kind: rows for kind, rows in shown.items() if kind not in {"event", "asyncjob"}}


@pytest.mark.parametrize("what", WRONG)
def test_it_is_refused_and_nothing_has_changed(there: Populated, what: str) -> None:
    before = objects(there)
    command, parameters = WRONG[what]
    status, _, members = there.ask(command, **filled(there, parameters))
    assert (status, members["cserrorcode"]) == (431, 4350), members
    assert objects(there) == before


@pytest.mark.parametrize("what", DEPLOYED)
def test_no_machine_comes_of_it(there: Populated, what: str) -> None:
    before = objects(there)
    given = there.api.machine_parameters(name="web9", networkids=there.ids["network"])
    status, _, members = there.ask("deployVirtualMachine", **given | filled(there, DEPLOYED[what]))
    assert (status, members["cserrorcode"]) == (431, 4350), members
    assert objects(there) == before
