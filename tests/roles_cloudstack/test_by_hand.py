# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Each kind of object is deleted by hand in turn: exactly that one comes back. What others add is left alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from ansible_collections.nitrox.netscaler.plugins.module_utils.cloudstack.client import Client
from nitrox.cloudstack.testing import Simulator

from .cluster import build, client, description, in_vpc, mine, objects

Deed = Callable[[Client, Simulator], object]


def row(cloud: Simulator, kind: str, **which: Any) -> dict[str, Any]:
    """The first object of a kind that is so."""
    return next(one for one in mine(cloud, kind) if all(one.get(name) == value for name, value in which.items()))


def gone(command: str, kind: str, **which: Any) -> Deed:
    """Deleted by its id."""
    return lambda api, cloud: api.write(command, id=row(cloud, kind, **which)["id"])


def machine(api: Client, cloud: Simulator) -> None:
    api.write("destroyVirtualMachine", id=row(cloud, "virtualmachine", name="shop-web-2")["id"], expunge=True)


def key(api: Client, _cloud: Simulator) -> None:
    api.write("deleteSSHKeyPair", name="spare")


def static_nat(api: Client, cloud: Simulator) -> None:
    api.write("disableStaticNat", ipaddressid=row(cloud, "publicipaddress", isstaticnat=True)["id"])


def tag_of(kind: str, what: str, *keys: str, **which: Any) -> Deed:
    """Tags taken away, all or some."""

    def deed(api: Client, cloud: Simulator) -> None:
        tags = [{"key": name} for name in keys]
        api.write("deleteTags", resourcetype=what, resourceids=[row(cloud, kind, **which)["id"]], tags=tags)

    return deed


def acl_rule(api: Client, cloud: Simulator) -> None:
    api.write("deleteNetworkACL", id=row(cloud, "networkacl", number=2, aclid=row(cloud, "networkacllist")["id"])["id"])


def another_acl(api: Client, cloud: Simulator) -> None:
    other = next(one for one in cloud.state("networkacllist") if one["name"] == "default_deny")
    api.write("replaceNetworkACLList", aclid=other["id"], networkid=row(cloud, "network")["id"])


def no_acl(api: Client, cloud: Simulator) -> None:
    another_acl(api, cloud)
    api.write("deleteNetworkACLList", id=row(cloud, "networkacllist")["id"])


ANYWHERE: dict[str, tuple[Deed, dict[str, int]]] = {
    "machine": (machine, {"create machine": 1, "tag machine": 1, "create forward": 1}),  # it takes its forward with it
    "forward": (gone("deletePortForwardingRule", "portforwardingrule"), {"create forward": 1}),
    "static NAT": (static_nat, {"create static_nat": 1}),
    "key pair": (key, {"create key": 1}),
    "affinity group": (gone("deleteAffinityGroup", "affinitygroup", name="spare"), {"create affinity": 1}),
    "all tags of a machine": (tag_of("virtualmachine", "UserVm", name="shop-web-1"), {"tag machine": 1}),
    "one tag of a machine": (tag_of("virtualmachine", "UserVm", "nitrox-form", name="shop-web-1"), {"tag machine": 1}),
    "tag of an address": (tag_of("publicipaddress", "PublicIpAddress", isstaticnat=True), {"tag address": 1}),
}
ISOLATED: dict[str, tuple[Deed, dict[str, int]]] = {
    "address": (
        gone("disassociateIpAddress", "publicipaddress", isstaticnat=True),
        {"create address": 1, "tag address": 1, "create firewall": 2, "create static_nat": 1},
    ),
    "firewall rule": (gone("deleteFirewallRule", "firewallrule", traffictype="Ingress"), {"create firewall": 1}),
    "egress rule": (gone("deleteEgressFirewallRule", "firewallrule", traffictype="Egress"), {"create egress": 1}),
}
VPC: dict[str, tuple[Deed, dict[str, int]]] = {
    "address": (
        gone("disassociateIpAddress", "publicipaddress", isstaticnat=True),
        {"create address": 1, "tag address": 1, "create static_nat": 1},
    ),
    "rule of the ACL": (acl_rule, {"create acl": 1}),
    "ACL of the tier": (another_acl, {"update network": 1}),
    "list of the ACL": (no_acl, {"create acllist": 1, "create acl": 3, "update network": 1}),
}
CASES = [
    pytest.param(wanted, deed, again, id=f"{name} {where}")
    for where, wanted, cases in (
        ("in an isolated network", description(), {**ANYWHERE, **ISOLATED}),
        ("in a VPC", in_vpc(3), {**ANYWHERE, **VPC}),
    )
    for name, (deed, again) in cases.items()
]


@pytest.mark.parametrize(("wanted", "deed", "again"), CASES)
def test_what_is_deleted_comes_back_and_nothing_else(
    cloud: Simulator, wanted: dict[str, Any], deed: Deed, again: dict[str, int]
) -> None:
    build(cloud, wanted)
    before, kept = objects(cloud), {one["id"] for one in mine(cloud, "virtualmachine")}
    api = client(cloud)
    deed(api, cloud)
    api.close()
    steps = build(cloud, wanted).steps
    assert Counter(f"{step.verb} {step.kind}" for step in steps) == again
    assert objects(cloud) == before
    assert len(kept & {one["id"] for one in mine(cloud, "virtualmachine")}) == len(kept) - (deed is machine)
    assert build(cloud, wanted).steps == []


@pytest.mark.parametrize(
    ("wanted", "deeds", "again"),
    [
        (description(), ["Network"], {"network", "egress"}),
        (in_vpc(), ["Network"], {"network"}),
        (in_vpc(), ["Network", "NetworkACLList", "VPC"], {"vpc", "acllist", "acl", "network"}),
    ],
    ids=["isolated network", "tier of a VPC", "VPC"],
)
def test_what_holds_the_others_comes_back(cloud: Simulator, wanted: dict[str, Any], deeds: list[str], again: set[str]) -> None:
    empty = {**wanted, "groups": [], "addresses": []}
    build(cloud, empty)
    before = objects(cloud)
    api = client(cloud)
    for kind in deeds:
        api.write(f"delete{kind}", id=row(cloud, kind.lower())["id"])
        assert mine(cloud, kind.lower()) == []
    api.close()
    assert {step.kind for step in build(cloud, empty).steps} == again
    assert objects(cloud) == before
    assert build(cloud, empty).steps == []


def second_address(api: Client, cloud: Simulator) -> None:
    api.write("addIpToNic", nicid=row(cloud, "nic", virtualmachineid=row(cloud, "virtualmachine", name="shop-web-1")["id"])["id"])


def second_card(api: Client, cloud: Simulator) -> None:
    ours = row(cloud, "network")
    given = {"zoneid": ours["zoneid"], "networkofferingid": ours["networkofferingid"]}
    other = api.write("createNetwork", name="backup", displaytext="backup", gateway="10.99.0.1", netmask="255.255.255.0", **given)
    api.write(
        "addNicToVirtualMachine",
        networkid=other["network"]["id"],
        virtualmachineid=row(cloud, "virtualmachine", name="shop-web-1")["id"],
    )


def tag_of_others(api: Client, cloud: Simulator) -> None:
    machine_id = row(cloud, "virtualmachine", name="shop-web-1")["id"]
    api.write("createTags", resourcetype="UserVm", resourceids=[machine_id], tags={"owner": "us"})


@pytest.mark.parametrize("deed", [second_address, second_card, tag_of_others])
def test_what_others_add_to_a_machine_is_left_alone(cloud: Simulator, deed: Deed) -> None:
    before = build(cloud)
    api = client(cloud)
    deed(api, cloud)
    api.close()
    writes = cloud.writes()
    again = build(cloud)
    assert ([one["address"] for one in again.machines], again.steps) == ([one["address"] for one in before.machines], [])
    assert cloud.writes() == writes


FIREWALL_ONLY = {"name": "admin", "firewall": [{"ports": [443, 8443], "cidrs": ["192.0.2.0/24"]}]}


def lost_tag(cloud: Simulator, address: str) -> None:
    """An address loses its tags."""
    api = client(cloud)
    identity = row(cloud, "publicipaddress", ipaddress=address)["id"]
    api.write("deleteTags", resourcetype="PublicIpAddress", resourceids=[identity])
    api.close()


@pytest.mark.parametrize("shows_rules", [True, False], ids=["hasrules", "a cloud without hasrules"])
@pytest.mark.parametrize("purpose", ["front", "ssh", "admin"])
def test_an_address_that_lost_its_tag_is_known_by_what_it_does(
    cloud: Simulator, purpose: str, shows_rules: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed = Client.list

    def older(self: Client, command: str, item: str, **parameters: Any) -> list[dict[str, Any]]:
        hidden = set() if shows_rules else {"hasrules"}
        return [{name: one[name] for name in one.keys() - hidden} for one in listed(self, command, item, **parameters)]

    monkeypatch.setattr(Client, "list", older)
    wanted = description()
    wanted["addresses"].insert(0, FIREWALL_ONLY)
    before = build(cloud, wanted).addresses
    lost_tag(cloud, before[purpose])
    again = build(cloud, wanted)
    assert again.orphans == []
    assert ([(step.verb, step.name) for step in again.steps], again.addresses) == ([("tag", purpose)], before)
    assert cloud.count("associateIpAddress") == 3
    assert build(cloud, wanted).steps == []


def test_an_address_that_lets_in_something_else_is_not_taken(cloud: Simulator) -> None:
    """A person's address without a tag, that leads nowhere: it does part of what is wanted, and more."""
    wanted = description()
    wanted["addresses"].append(FIREWALL_ONLY)
    first = build(cloud, wanted).addresses["admin"]
    api = client(cloud)
    more = {"protocol": "tcp", "startport": 25, "endport": 25, "cidrlist": "0.0.0.0/0"}
    api.write("createFirewallRule", ipaddressid=row(cloud, "publicipaddress", ipaddress=first)["id"], **more)
    api.close()
    lost_tag(cloud, first)
    again = build(cloud, wanted)
    assert again.addresses["admin"] != first
    assert row(cloud, "publicipaddress", ipaddress=first)
    assert {int(one["startport"]) for one in mine(cloud, "firewallrule") if one.get("ipaddress") == first} == {25, 443, 8443}
    assert build(cloud, wanted).steps == []


def test_an_address_that_lost_its_tag_serves_one_purpose(cloud: Simulator) -> None:
    wanted = description(1)
    wanted["addresses"].append({"name": "also", "forwards": [{"port": 2201, "to": "shop-web-1", "to_port": 22}]})
    wanted["addresses"] += [FIREWALL_ONLY, {**FIREWALL_ONLY, "name": "likewise"}]
    before = build(cloud, wanted).addresses
    for purpose in ("ssh", "also", "admin", "likewise"):
        lost_tag(cloud, before[purpose])
    again = build(cloud, wanted)
    assert {(step.verb, step.kind) for step in again.steps if step.kind == "address"} == {("tag", "address")}
    assert sorted(again.addresses.values()) == sorted(before.values())
    assert len(mine(cloud, "publicipaddress")) == 6
    assert build(cloud, wanted).steps == []
