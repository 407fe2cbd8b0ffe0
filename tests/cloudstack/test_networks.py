# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Networks, public addresses, the rules on them, VPCs, tags: states, conflicts, what hangs on what."""

from __future__ import annotations

from typing import Any

import pytest

from .api import TIER, Api, Refused


@pytest.fixture(name="front")
def _front(api: Api) -> dict[str, Any]:
    return api.network("front", gateway="10.5.0.1", netmask="255.255.255.0")


@pytest.fixture(name="machine")
def _machine(api: Api, front: dict[str, Any]) -> dict[str, Any]:
    return api.machine("web1", networkids=front["id"])


@pytest.fixture(name="address")
def _address(api: Api, machine: dict[str, Any], front: dict[str, Any]) -> dict[str, Any]:
    return api.do("associateIpAddress", networkid=front["id"])


def refused(api: Api, command: str, **parameters: Any) -> int:
    """The errorcode of a refusal, at once or by the job."""
    with pytest.raises(Refused) as caught:
        members = api.call(command, **parameters)
        job = api.poll(members["jobid"])
        assert job["jobstatus"] == 2, job
        raise Refused({**job["jobresult"], "cserrorcode": 0})
    return int(caught.value.code)


def test_a_network_is_implemented_by_its_first_machine(api: Api, front: dict[str, Any]) -> None:
    assert (front["state"], front["cidr"], front["type"]) == ("Allocated", "10.5.0.0/24", "Isolated")
    api.machine("web1", networkids=front["id"])
    assert api.one("listNetworks", id=front["id"])["state"] == "Implemented"
    assert [row["issourcenat"] for row in api.list("listPublicIpAddresses", associatednetworkid=front["id"])] == [True]


def test_a_network_is_seen_coming_up_and_a_failure_leaves_it_as_it_was(api: Api, front: dict[str, Any]) -> None:
    def state() -> str:
        return str(api.one("listNetworks", id=front["id"])["state"])

    api.cloud.control("POST", "options", {"job_seconds": 30})
    job = api.call("deployVirtualMachine", **api.machine_parameters(name="web1", networkids=front["id"]))["jobid"]
    assert state() == "Implementing"
    api.cloud.control("POST", "jobs", {"job": job, "fault": "job_fails"})
    assert (state(), api.poll(job)["jobstatus"]) == ("Allocated", 2)
    jobs = [
        api.call("deployVirtualMachine", **api.machine_parameters(name=name, networkids=front["id"]))["jobid"]
        for name in ("web2", "web3")
    ]
    seen = [state()]
    for _step in range(2):
        api.cloud.control("POST", "clock", {"advance": 31})
        seen.append(state())
    assert (seen, [api.poll(one)["jobstatus"] for one in jobs]) == (["Implementing", "Implemented", "Implemented"], [1, 1])
    assert [row["issourcenat"] for row in api.list("listPublicIpAddresses", associatednetworkid=front["id"])] == [True]


def test_a_network_with_a_machine_stays(api: Api, front: dict[str, Any], machine: dict[str, Any]) -> None:
    job = api.job("deleteNetwork", id=front["id"])
    assert (job["jobstatus"], job["jobresultcode"], job["jobresult"]["errorcode"]) == (2, 530, 530)
    api.do("destroyVirtualMachine", id=machine["id"], expunge=True)
    assert api.job("deleteNetwork", id=front["id"])["jobresult"] == {"success": True}
    assert (api.list("listNetworks", zoneid=api.zone()), api.list("listPublicIpAddresses")) == ([], [])


def test_names_of_networks_may_be_the_same(api: Api, front: dict[str, Any]) -> None:
    assert api.network("front")["id"] != front["id"]


@pytest.mark.parametrize(
    "more",
    [
        pytest.param({"gateway": "10.5.0.1"}, id="gateway without netmask"),
        pytest.param({"gateway": "10.5.0", "netmask": "255.255.255.0"}, id="no address"),
        pytest.param({"offering": TIER}, id="an offering for VPCs"),
        pytest.param({"offering": "DefaultSharedNetworkOffering"}, id="shared without addresses"),
    ],
)
def test_what_a_network_is_refused_for(api: Api, more: dict[str, str]) -> None:
    with pytest.raises(Refused) as caught:
        api.network("x", **more)
    assert caught.value.code == 431


def test_every_association_takes_another_address(api: Api, front: dict[str, Any]) -> None:
    first, second = (api.do("associateIpAddress", networkid=front["id"]) for _time in range(2))
    assert (first["issourcenat"], second["issourcenat"]) == (True, False)
    assert first["ipaddress"] != second["ipaddress"]
    wanted = api.do("associateIpAddress", networkid=front["id"], ipaddress="198.18.0.200")
    assert wanted["ipaddress"] == "198.18.0.200"
    assert refused(api, "associateIpAddress", networkid=front["id"], ipaddress="198.18.0.200") == 431


def test_the_address_of_a_network_in_use_stays(api: Api, front: dict[str, Any], address: dict[str, Any]) -> None:
    nat = api.one("listPublicIpAddresses", associatednetworkid=front["id"], issourcenat=True)
    assert refused(api, "disassociateIpAddress", id=nat["id"]) == 431
    assert api.do("disassociateIpAddress", id=address["id"]) == {"success": True}
    assert [row["id"] for row in api.list("listPublicIpAddresses")] == [nat["id"]]


def test_a_pool_without_addresses(api: Api, front: dict[str, Any]) -> None:
    ranges = api.cloud.state("vlaniprange")[0]
    api.cloud.control("POST", "mutate", {"kind": "vlaniprange", "id": ranges["id"], "set": {"endip": "198.18.0.10"}})
    assert len(api.list("listPublicIpAddresses", allocatedonly=False)) == 1
    api.do("associateIpAddress", networkid=front["id"])
    assert refused(api, "associateIpAddress", networkid=front["id"]) == 533


def test_overlapping_rules_conflict(api: Api, machine: dict[str, Any], address: dict[str, Any]) -> None:
    opened = {"ipaddressid": address["id"], "protocol": "tcp", "startport": 80, "endport": 90, "cidrlist": "198.51.100.0/24"}
    rule = api.do("createFirewallRule", **opened)
    assert (rule["state"], rule["cidrlist"], rule["startport"]) == ("Active", "198.51.100.0/24", 80)
    assert refused(api, "createFirewallRule", **{**opened, "startport": 85, "endport": 85}) == 537
    api.do("createFirewallRule", **{**opened, "cidrlist": "203.0.113.0/24"})
    forward = {"ipaddressid": address["id"], "protocol": "tcp", "publicport": 80, "privateport": 8080}
    api.do("createPortForwardingRule", **forward, virtualmachineid=machine["id"], openfirewall=False)
    assert refused(api, "createPortForwardingRule", **forward, virtualmachineid=machine["id"], openfirewall=False) == 537
    balance = {"publicipid": address["id"], "name": "shop", "algorithm": "roundrobin", "publicport": 80, "privateport": 8080}
    assert refused(api, "createLoadBalancerRule", **balance) == 537
    assert refused(api, "enableStaticNat", ipaddressid=address["id"], virtualmachineid=machine["id"]) == 537


def test_numbers_of_ports_come_as_text_where_the_server_sends_text(
    api: Api, machine: dict[str, Any], address: dict[str, Any]
) -> None:
    forward = {"ipaddressid": address["id"], "protocol": "tcp", "publicport": 2201, "privateport": 22}
    rule = api.do("createPortForwardingRule", **forward, virtualmachineid=machine["id"])
    assert (rule["publicport"], rule["publicendport"], rule["privateendport"]) == ("2201", "2201", "22")
    assert [one["startport"] for one in api.list("listFirewallRules")] == [2201]  # opened with it
    api.do("deletePortForwardingRule", id=rule["id"])
    assert api.list("listFirewallRules") == []


def test_static_nat(api: Api, machine: dict[str, Any], address: dict[str, Any]) -> None:
    assert api.call("enableStaticNat", ipaddressid=address["id"], virtualmachineid=machine["id"]) == {"success": "true"}
    found = api.one("listPublicIpAddresses", id=address["id"])
    assert (found["isstaticnat"], found["virtualmachinename"], found["vmipaddress"]) == (True, "web1", "10.5.0.2")
    assert api.one("listVirtualMachines", id=machine["id"])["publicip"] == address["ipaddress"]
    api.do("disableStaticNat", ipaddressid=address["id"])
    assert api.one("listPublicIpAddresses", id=address["id"])["isstaticnat"] is False


def test_members_of_a_balancer(api: Api, machine: dict[str, Any], address: dict[str, Any]) -> None:
    balance = {"publicipid": address["id"], "name": "shop", "algorithm": "roundrobin", "publicport": 80, "privateport": 8080}
    rule = api.do("createLoadBalancerRule", **balance)
    api.do("assignToLoadBalancerRule", id=rule["id"], virtualmachineids=machine["id"])
    assert refused(api, "assignToLoadBalancerRule", id=rule["id"], virtualmachineids=machine["id"]) == 431
    assert [one["name"] for one in api.list("listLoadBalancerRuleInstances", id=rule["id"])] == ["web1"]
    assert api.do("updateLoadBalancerRule", id=rule["id"], algorithm="leastconn")["algorithm"] == "leastconn"
    api.do("destroyVirtualMachine", id=machine["id"], expunge=True)
    assert api.list("listLoadBalancerRuleInstances", id=rule["id"]) == []


def test_a_vpc_with_tiers_and_acls(api: Api) -> None:
    offering = api.offering("listVPCOfferings", "Default VPC offering")
    vpc = api.do("createVPC", name="plant", displaytext="plant", cidr="10.30.0.0/16", zoneid=api.zone(), vpcofferingid=offering)
    acl = api.do("createNetworkACLList", name="web", vpcid=vpc["id"])
    rule = {"aclid": acl["id"], "protocol": "tcp", "startport": 443, "endport": 443, "cidrlist": "0.0.0.0/0"}
    assert [api.do("createNetworkACL", **rule)["number"] for _time in range(2)] == [1, 2]
    assert refused(api, "createNetworkACL", **rule, number=2) == 431
    inside = {"vpcid": vpc["id"], "netmask": "255.255.255.0", "offering": TIER}
    tier = api.network("web", gateway="10.30.1.1", aclid=acl["id"], **inside)
    assert (tier["vpcname"], tier["aclname"], tier["state"]) == ("plant", "web", "Implemented")
    for gateway in ("10.31.1.1", "10.30.1.1"):  # outside of the VPC; that of another tier
        with pytest.raises(Refused):
            api.network("other", gateway=gateway, **inside)
    assert api.job("deleteNetworkACLList", id=acl["id"])["jobstatus"] == 2
    assert refused(api, "deleteVPC", id=vpc["id"]) == 536
    api.do("replaceNetworkACLList", aclid=api.one("listNetworkACLLists", name="default_allow")["id"], networkid=tier["id"])
    api.do("deleteNetworkACLList", id=acl["id"])
    api.do("deleteNetwork", id=tier["id"])
    api.do("deleteVPC", id=vpc["id"])
    assert (api.list("listVPCs"), api.list("listPublicIpAddresses")) == ([], [])


def test_an_address_of_a_vpc_leads_into_a_tier(api: Api) -> None:
    offering = api.offering("listVPCOfferings", "Default VPC offering")
    vpc = api.do("createVPC", name="plant", displaytext="plant", cidr="10.30.0.0/16", zoneid=api.zone(), vpcofferingid=offering)
    tier = api.network("web", TIER, gateway="10.30.1.1", netmask="255.255.255.0", vpcid=vpc["id"])
    machine = api.machine("plc1", networkids=tier["id"])
    address = api.do("associateIpAddress", vpcid=vpc["id"])
    assert refused(api, "createFirewallRule", ipaddressid=address["id"], protocol="tcp", startport=80) == 431
    forward = {"ipaddressid": address["id"], "protocol": "tcp", "publicport": 443, "privateport": 8443}
    rule = api.do("createPortForwardingRule", **forward, virtualmachineid=machine["id"], networkid=tier["id"])
    assert (rule["networkid"], rule["vmguestip"]) == (tier["id"], "10.30.1.2")


@pytest.mark.parametrize("spelling", ["UserVm", "uservm", "VirtualMachine", "user-vm"])
def test_tags_of_any_spelling(api: Api, spelling: str) -> None:
    machine = api.machine()
    tag = {"resourceids": machine["id"], "resourcetype": spelling}
    api.do("createTags", **tag, **{"tags[0].key": "part", "tags[0].value": "web"})
    assert [(one["key"], one["value"]) for one in api.list("listTags", resourceid=machine["id"])] == [("part", "web")]
    again = api.job("createTags", **tag, **{"tags[0].key": "part", "tags[0].value": "db"})
    assert (again["jobstatus"], again["jobresult"]["errorcode"]) == (2, 431)
    chosen = api.list("listVirtualMachines", **{"tags[0].key": "part", "tags[0].value": "web"})
    assert [one["tags"][0]["resourcetype"] for one in chosen] == ["UserVm"]
    api.do("deleteTags", **tag, **{"tags[0].key": "part"})
    assert api.one("listVirtualMachines", id=machine["id"])["tags"] == []


def test_tags_of_an_address_are_only_keys_and_values(api: Api, address: dict[str, Any]) -> None:
    tags = {"tags[0].key": "purpose", "tags[0].value": "entry"}
    api.do("createTags", resourceids=address["id"], resourcetype="publicipaddress", **tags)
    assert api.one("listPublicIpAddresses", id=address["id"])["tags"] == [{"key": "purpose", "value": "entry"}]


def test_objects_of_others_are_not_touched(api: Api, front: dict[str, Any]) -> None:
    user = Api(api.cloud, "demo")
    assert user.list("listNetworks", zoneid=api.zone()) == []
    assert refused(user, "deleteNetwork", id=front["id"]) == 531
    assert api.list("listNetworks", listall=True, zoneid=api.zone())[0]["id"] == front["id"]
