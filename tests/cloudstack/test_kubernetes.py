# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Kubernetes clusters of the cloud: nodes, sizes, versions; and the balancer that a shared network needs."""

from __future__ import annotations

from typing import Any

import pytest

from .api import TIER, Api, Refused


def wanted(api: Api, version: str = "1.33.1", **more: Any) -> dict[str, Any]:
    """What a small cluster needs."""
    versions = {one["semanticversion"]: one["id"] for one in api.list("listKubernetesSupportedVersions")}
    offering = api.offering("listServiceOfferings", "Large Instance")
    about = {"name": "shop", "description": "shop", "zoneid": api.zone(), "serviceofferingid": offering, "size": 2}
    return {**about, "kubernetesversionid": versions[version], **more}


def test_a_cluster_lives_and_dies(api: Api) -> None:
    cluster = api.do("createKubernetesCluster", **wanted(api))
    assert (cluster["state"], len(cluster["virtualmachines"]), cluster["cpunumber"]) == ("Running", 3, "6")
    assert cluster["endpoint"].endswith(":6443/")
    assert len(api.do("scaleKubernetesCluster", id=cluster["id"], size=3)["virtualmachines"]) == 4
    assert len(api.do("scaleKubernetesCluster", id=cluster["id"], size=1)["virtualmachines"]) == 2
    versions = {one["semanticversion"]: one["id"] for one in api.list("listKubernetesSupportedVersions")}
    upgraded = api.do("upgradeKubernetesCluster", id=cluster["id"], kubernetesversionid=versions["1.34.0"])
    assert upgraded["kubernetesversionname"] == "v1.34.0"
    api.do("stopKubernetesCluster", id=cluster["id"])
    assert api.one("listKubernetesClusters")["state"] == "Stopped"
    assert "server: https://" in api.call("getKubernetesClusterConfig", id=cluster["id"])["clusterconfig"]["configdata"]
    api.do("deleteKubernetesCluster", id=cluster["id"])
    assert api.list("listVirtualMachines") == []


def test_what_a_cluster_is_refused_for(api: Api) -> None:
    cluster = api.do("createKubernetesCluster", **wanted(api, "1.32.5"))
    versions = {one["semanticversion"]: one["id"] for one in api.list("listKubernetesSupportedVersions")}
    with pytest.raises(Refused, match="one minor"):
        api.call("upgradeKubernetesCluster", id=cluster["id"], kubernetesversionid=versions["1.34.0"])
    small = api.offering("listServiceOfferings", "Small Instance")
    with pytest.raises(Refused, match="too small"):
        api.call("createKubernetesCluster", **{**wanted(api), "serviceofferingid": small})


def test_several_control_nodes_on_a_shared_network_need_a_balancer(api: Api) -> None:
    shared = {"gateway": "10.9.0.1", "netmask": "255.255.255.0", "startip": "10.9.0.10", "endip": "10.9.0.99"}
    network = api.network("shared", "DefaultSharedNetworkOffering", **shared)
    more = {"networkid": network["id"], "controlnodes": 3}
    with pytest.raises(Refused, match="externalloadbalanceripaddress"):
        api.call("createKubernetesCluster", **wanted(api, **more))
    cluster = api.do("createKubernetesCluster", **wanted(api, **more, externalloadbalanceripaddress="192.0.2.7"))
    assert (cluster["endpoint"], len(cluster["virtualmachines"])) == ("https://192.0.2.7:6443/", 5)


def test_versions_come_and_go(api: Api) -> None:
    made = api.call("addKubernetesSupportedVersion", semanticversion="1.35.0", mincpunumber=2, minmemory=2048)
    version = made["kubernetessupportedversion"]
    assert (version["name"], version["state"]) == ("1.35.0", "Enabled")
    api.call("updateKubernetesSupportedVersion", id=version["id"], state="Disabled")
    with pytest.raises(Refused, match="not enabled"):
        api.call("createKubernetesCluster", **{**wanted(api), "kubernetesversionid": version["id"]})
    api.do("deleteKubernetesSupportedVersion", id=version["id"])
    with pytest.raises(Refused, match="semantic"):
        api.call("addKubernetesSupportedVersion", semanticversion="latest", mincpunumber=2, minmemory=2048)


def test_an_internal_balancer_has_members(api: Api) -> None:
    offering = api.offering("listVPCOfferings", "Default VPC offering")
    vpc = api.do("createVPC", name="p", displaytext="p", cidr="10.30.0.0/16", zoneid=api.zone(), vpcofferingid=offering)
    inside = {"gateway": "10.30.1.1", "netmask": "255.255.255.0", "vpcid": vpc["id"]}
    tier = api.network("web", f"{TIER}WithInternalLB", **inside)
    machine = api.machine("web1", networkids=tier["id"])
    ports = {"sourceport": 80, "instanceport": 8080, "algorithm": "roundrobin", "scheme": "Internal"}
    balancer = api.do("createLoadBalancer", name="in", networkid=tier["id"], sourceipaddressnetworkid=tier["id"], **ports)
    assert balancer["loadbalancerrule"][0]["instanceport"] == 8080
    api.do("assignToLoadBalancerRule", id=balancer["id"], virtualmachineids=machine["id"])
    members = api.one("listLoadBalancers")["loadbalancerinstance"]
    assert [(one["name"], one["ipaddress"]) for one in members] == [("web1", "10.30.1.2")]
