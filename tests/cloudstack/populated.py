# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""A cloud with one of everything, and a client that does not mind refusals."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from typing import Any

from nitrox.cloudstack.testing import Simulator

from .api import TIER, Api

ANY = "0.0.0.0/0"
TAGGED = {
    "virtualmachine": "UserVm",
    "network": "Network",
    "publicipaddress": "PublicIpAddress",
    "volume": "Volume",
    "vpc": "Vpc",
    "template": "Template",
    "iso": "ISO",
    "firewallrule": "FirewallRule",
    "portforwardingrule": "PortForwardingRule",
    "loadbalancerrule": "LoadBalancer",
    "snapshot": "Snapshot",
    "vmsnapshot": "VMSnapshot",
    "networkacl": "NetworkACL",
    "project": "Project",
}


@dataclass
class Populated:
    """``ids`` maps what there is one of to its id."""

    api: Api
    ids: dict[str, str] = field(default_factory=dict)

    def keep(self, kind: str, made: dict[str, Any]) -> dict[str, Any]:
        """Remember the id of what was made."""
        self.ids[kind] = str(made["id"])
        return made

    def ask(self, command: str, **parameters: Any) -> tuple[int, str, dict[str, Any]]:
        """Status, envelope and members of an answer, whatever they are."""
        answer = self.api.send(command, **parameters)
        ((envelope, members),) = answer.json().items()
        return answer.status_code, envelope, members

    def ids_needed(self, command: str) -> dict[str, Any]:
        """What the list command can't do without."""
        return {
            "listTemplates": {"templatefilter": "all"},
            "listIsos": {"isofilter": "all"},
            "listProjectAccounts": {"projectid": self.ids["project"]},
            "listTrafficTypes": {"physicalnetworkid": self.ids["physicalnetwork"]},
            "listNics": {"virtualmachineid": self.ids["virtualmachine"]},
            "listLoadBalancerRuleInstances": {"id": self.ids["loadbalancerrule"]},
        }.get(command, {})


def populate(cloud: Simulator) -> Populated:
    """Make one of everything."""
    there = Populated(Api(cloud))
    for make in (_keys, _machines, _rules, _disks, _images, _vpc, _rest):
        make(there, there.api, there.ids)
    for kind, name in TAGGED.items():
        tag = {"tags[0].key": "part", "tags[0].value": "web"}
        there.api.do("createTags", resourceids=there.ids[kind], resourcetype=name, **tag)
    return there


def _keys(there: Populated, api: Api, ids: dict[str, str]) -> None:
    there.keep("sshkeypair", api.call("createSSHKeyPair", name="k1")["keypair"])
    text = base64.b64encode(b"#cloud-config").decode()
    there.keep("userdata", api.call("registerUserData", name="u1", userdata=text)["userdata"])
    there.keep("affinitygroup", api.do("createAffinityGroup", name="a1", type="host anti-affinity"))
    there.keep("instancegroup", api.call("createInstanceGroup", name="g1")["instancegroup"])
    group = there.keep("securitygroup", api.call("createSecurityGroup", name="s1")["securitygroup"])["id"]
    ssh = {"protocol": "tcp", "startport": 22, "endport": 22, "cidrlist": ANY}
    api.do("authorizeSecurityGroupIngress", securitygroupid=group, **ssh)
    api.do("authorizeSecurityGroupEgress", securitygroupid=group, protocol="icmp", icmptype=-1, icmpcode=-1, cidrlist=ANY)


def _machines(there: Populated, api: Api, ids: dict[str, str]) -> None:
    network = there.keep("network", api.network("n1"))["id"]
    more = {"keypairs": "k1", "userdataid": ids["userdata"], "affinitygroupids": ids["affinitygroup"], "group": "g1"}
    there.keep("virtualmachine", api.machine("vm1", networkids=network, **more))
    there.keep("basic machine", api.machine("vm2", zone="Basic", securitygroupids=ids["securitygroup"]))


def _rules(there: Populated, api: Api, ids: dict[str, str]) -> None:
    network, machine = ids["network"], ids["virtualmachine"]
    address = there.keep("publicipaddress", api.do("associateIpAddress", networkid=network))["id"]
    nat = there.keep("static nat", api.do("associateIpAddress", networkid=network))["id"]
    api.call("enableStaticNat", ipaddressid=nat, virtualmachineid=machine)
    web = {"protocol": "tcp", "startport": 80, "endport": 90, "cidrlist": "10.0.0.0/8"}
    there.keep("firewallrule", api.do("createFirewallRule", ipaddressid=address, **web))
    api.do("createEgressFirewallRule", networkid=network, protocol="icmp", icmptype=-1, icmpcode=-1)
    forward = {"ipaddressid": address, "protocol": "tcp", "publicport": 22, "privateport": 22, "virtualmachineid": machine}
    there.keep("portforwardingrule", api.do("createPortForwardingRule", **forward))
    balance = {"publicipid": address, "name": "lb1", "algorithm": "roundrobin", "publicport": 443, "privateport": 443}
    rule = there.keep("loadbalancerrule", api.do("createLoadBalancerRule", **balance))["id"]
    api.do("assignToLoadBalancerRule", id=rule, virtualmachineids=machine)


def _disks(there: Populated, api: Api, ids: dict[str, str]) -> None:
    offering = api.offering("listDiskOfferings", "Small")
    volume = there.keep("volume", api.do("createVolume", name="v1", diskofferingid=offering, zoneid=api.zone()))["id"]
    api.do("attachVolume", id=volume, virtualmachineid=ids["virtualmachine"])
    there.keep("snapshot", api.do("createSnapshot", volumeid=volume, name="sn1"))
    daily = {"intervaltype": "DAILY", "maxsnaps": 3, "schedule": "00:01", "timezone": "UTC"}
    there.keep("snapshotpolicy", api.call("createSnapshotPolicy", volumeid=volume, **daily)["snapshotpolicy"])
    there.keep("vmsnapshot", api.do("createVMSnapshot", virtualmachineid=ids["virtualmachine"], name="vs1"))


def _images(there: Populated, api: Api, ids: dict[str, str]) -> None:
    image = {"displaytext": "one", "zoneid": api.zone(), "ostypeid": api.list("listOsTypes")[0]["id"]}
    kind = {"format": "QCOW2", "hypervisor": "KVM", "url": "http://192.0.2.1/t.qcow2"}
    there.keep("template", api.call("registerTemplate", name="t1", **image, **kind)["template"][0])
    there.keep("iso", api.call("registerIso", name="i1", url="http://192.0.2.1/i.iso", **image)["iso"][0])


def _vpc(there: Populated, api: Api, ids: dict[str, str]) -> None:
    offering = api.offering("listVPCOfferings", "Default VPC offering")
    site = {"cidr": "10.30.0.0/16", "zoneid": api.zone(), "vpcofferingid": offering}
    vpc = there.keep("vpc", api.do("createVPC", name="p1", displaytext="p1", **site))["id"]
    acl = there.keep("networkacllist", api.do("createNetworkACLList", name="l1", vpcid=vpc))["id"]
    rule = {"aclid": acl, "protocol": "tcp", "startport": 80, "endport": 81, "cidrlist": ANY}
    there.keep("networkacl", api.do("createNetworkACL", **rule))
    tier = {"gateway": "10.30.1.1", "netmask": "255.255.255.0", "vpcid": vpc, "aclid": acl}
    there.keep("tier", api.network("tier1", TIER, **tier))


def _rest(there: Populated, api: Api, ids: dict[str, str]) -> None:
    there.keep("physicalnetwork", api.list("listPhysicalNetworks")[0])
    project = there.keep("project", api.do("createProject", name="pr1", displaytext="pr1"))["id"]
    api.network("pn1", projectid=project)
    version = api.list("listKubernetesSupportedVersions")[0]["id"]
    large = api.offering("listServiceOfferings", "Large Instance")
    cluster = {"kubernetesversionid": version, "serviceofferingid": large, "size": 1, "zoneid": api.zone()}
    there.keep("kubernetescluster", api.do("createKubernetesCluster", name="c1", description="c1", **cluster))
