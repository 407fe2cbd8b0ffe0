# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""What the integration suite of the ngine_io.cloudstack collection asks of hosts, storage, providers and routers."""

from __future__ import annotations

import pytest

from .api import TIER, Api, Refused

ADVANCED = "Sandbox-simulator-advanced"
CERTIFICATE = "-----BEGIN CERTIFICATE-----\nnothing\n-----END CERTIFICATE-----"


def test_the_site_has_the_names_of_the_cloud_that_the_suite_is_run_against(api: Api) -> None:
    assert {row["name"] for row in api.list("listPods")} == {"POD0-adv", "POD0-basic"}
    assert {row["name"] for row in api.list("listClusters")} == {"C0-adv", "C0-basic"}
    assert {row["name"] for row in api.list("listStoragePools")} == {"PS0-adv", "PS0-basic"}


def host(api: Api, **more: str) -> dict[str, object]:
    pod, cluster = api.one("listPods", name="POD0-basic"), api.one("listClusters", name="C0-basic")
    given = {"zoneid": pod["zoneid"], "podid": pod["id"], "clusterid": cluster["id"], "hypervisor": "Simulator", **more}
    (made,) = api.call("addHost", url="http://sim/c0-basic/h2", username="root", password="x", **given)["host"]
    return dict(made)


def test_a_host_is_added_tagged_put_out_of_service_and_deleted(api: Api) -> None:
    made = host(api, hosttags="perf,gpu")
    about = (made["clustername"], made["podname"], made["state"], made["resourcestate"], made["hosttags"])
    assert made["clustertype"] == "CloudManaged"
    assert about == ("C0-basic", "POD0-basic", "Up", "Enabled", "perf,gpu")

    changed = api.call("updateHost", id=made["id"], hosttags="perf,gpu,x2", allocationstate="Disable")["host"]
    assert (changed["hosttags"], changed["resourcestate"]) == ("perf,gpu,x2", "Disabled")
    assert "allocationstate" not in changed

    with pytest.raises(Refused, match="maintenance"):
        api.call("deleteHost", id=made["id"])
    api.do("prepareHostForMaintenance", id=made["id"])
    assert api.call("deleteHost", id=made["id"]) == {"success": "true"}
    assert made["id"] not in {row["id"] for row in api.list("listHosts")}


def test_a_pool_is_made_disabled_maintained_and_deleted(api: Api) -> None:
    pod, cluster = api.one("listPods", name="POD0-adv"), api.one("listClusters", name="C0-adv")
    where = {"zoneid": pod["zoneid"], "podid": pod["id"], "clusterid": cluster["id"]}
    url = "rbd://admin:SECRET@ceph-mons.example/poolname"
    pool = api.call("createStoragePool", name="ps1", url=url, scope="cluster", provider="DefaultPrimary", **where)["storagepool"]
    assert (pool["type"], pool["ipaddress"], pool["path"], pool["scope"]) == ("RBD", "ceph-mons.example", "poolname", "CLUSTER")
    assert (pool["state"], "url" in pool) == ("Up", False)

    assert api.call("updateStoragePool", id=pool["id"], enabled=False)["storagepool"]["state"] == "Disabled"
    assert api.call("updateStoragePool", id=pool["id"], enabled=True, tags="eco,ssd")["storagepool"]["tags"] == "eco,ssd"
    with pytest.raises(Refused, match="maintenance"):
        api.call("deleteStoragePool", id=pool["id"])
    assert api.do("enableStorageMaintenance", id=pool["id"])["state"] == "Maintenance"
    assert api.do("cancelStorageMaintenance", id=pool["id"])["state"] == "Up"
    api.do("enableStorageMaintenance", id=pool["id"])
    api.call("deleteStoragePool", id=pool["id"])
    assert api.list("listStoragePools", name="ps1") == []


def test_providers_of_storage_are_known_and_an_image_store_names_one(api: Api) -> None:
    assert {"name": "DefaultPrimary", "type": "PRIMARY"} in api.call("listStorageProviders", type="primary")["dataStoreProvider"]
    zone = api.zone()
    with pytest.raises(Refused, match="provider"):
        api.call("addImageStore", name="is1", url="nfs://host/share", provider="DNE", zoneid=zone)
    made = api.call("addImageStore", name="is1", url="nfs://host/share", provider="NFS", zoneid=zone)["imagestore"]
    assert (made["providername"], made["protocol"], made["zonename"], made["scope"]) == ("NFS", "nfs", ADVANCED, "ZONE")
    assert "provider" not in made
    api.call("deleteImageStore", id=made["id"])
    assert api.list("listImageStores", name="is1") == []


def test_a_physical_network_comes_with_providers_that_can_be_enabled(api: Api) -> None:
    network = api.do("createPhysicalNetwork", name="net01", zoneid=api.zone(), tags="overlay")
    assert (network["tags"], network["state"]) == ("overlay", "Disabled")
    assert "tags" not in api.do("updatePhysicalNetwork", id=network["id"], tags="")
    providers = {row["name"]: row for row in api.list("listNetworkServiceProviders", physicalnetworkid=network["id"])}
    assert {"VirtualRouter", "VpcVirtualRouter", "InternalLbVm"} <= set(providers)
    assert {row["state"] for row in providers.values()} == {"Disabled"}

    provider = providers["VirtualRouter"]["id"]
    element = api.one("listVirtualRouterElements", nspid=provider)
    assert element["enabled"] is False
    assert api.do("configureVirtualRouterElement", id=element["id"], enabled=True)["enabled"] is True
    assert api.do("updateNetworkServiceProvider", id=provider, state="Enabled")["state"] == "Enabled"
    inner = api.one("listInternalLoadBalancerElements", nspid=providers["InternalLbVm"]["id"])
    assert api.do("configureInternalLoadBalancerElement", id=inner["id"], enabled=True) == {**inner, "enabled": True}


def test_ranges_end_somewhere_and_have_a_vlan(api: Api) -> None:
    zone = api.zone()
    pod = api.call("createPod", name="p", zoneid=zone, gateway="10.9.0.1", netmask="255.255.255.0", startip="10.9.0.10")["pod"]
    assert (pod["startip"], pod["endip"]) == (["10.9.0.10"], ["10.9.0.254"])
    about = {"zoneid": zone, "gateway": "10.2.4.1", "netmask": "255.255.255.0", "startip": "10.2.4.10", "vlan": "98"}
    made = api.call("createVlanIpRange", **about, forvirtualnetwork=True)["vlan"]
    assert (made["vlan"], made["forsystemvms"], "physicalnetworkid" in made) == ("vlan://98", False, True)
    about = {**about, "gateway": "10.2.5.1", "startip": "10.2.5.10"}
    assert api.call("createVlanIpRange", **about, forsystemvms=True)["vlan"]["forsystemvms"] is True
    shown = api.list("listPublicIpAddresses", allocatedonly=False, zoneid=zone, ipaddress="10.2.4.10")
    assert (len(shown), api.list("listPublicIpAddresses", allocatedonly=False, zoneid=zone, ipaddress="10.2.5.10")) == (1, [])


def test_a_network_that_is_up_has_a_router_and_so_has_a_vpc(api: Api) -> None:
    network = api.network()
    assert api.list("listRouters", networkid=network["id"], listall=True) == []
    api.machine("web1", networkids=[network["id"]])
    router = api.one("listRouters", networkid=network["id"], listall=True)
    assert (router["state"], router["guestnetworkid"], router["zonename"]) == ("Running", network["id"], ADVANCED)
    assert router["guestipaddress"] == network["gateway"]

    offering = api.one("listVPCOfferings", name="Default VPC offering")["id"]
    vpc = api.do("createVPC", name="v", displaytext="v", cidr="10.5.0.0/16", zoneid=api.zone(), vpcofferingid=offering)
    tier = api.network("t1", TIER, vpcid=vpc["id"], gateway="10.5.1.1", netmask="255.255.255.0")
    assert [row["id"] for row in api.list("listRouters", vpcid=vpc["id"])] == [
        row["id"] for row in api.list("listRouters", networkid=tier["id"])
    ]
    assert len(api.list("listRouters", forvpc=False)) == 1


def test_a_router_is_stopped_resized_started_and_goes_until_its_network_is_restarted(api: Api) -> None:
    network = api.network()
    api.machine("web1", networkids=[network["id"]])
    router = api.one("listRouters", networkid=network["id"])
    system = api.list("listServiceOfferings", issystem=True)[0]["id"]
    with pytest.raises(Refused, match="stop it first"):
        api.call("changeServiceForRouter", id=router["id"], serviceofferingid=system)
    assert api.do("stopRouter", id=router["id"])["state"] == "Stopped"
    assert api.call("changeServiceForRouter", id=router["id"], serviceofferingid=system)["router"]["serviceofferingid"] == system
    assert api.do("startRouter", id=router["id"])["state"] == "Running"
    assert api.do("rebootRouter", id=router["id"])["id"] == router["id"]

    api.do("destroyRouter", id=router["id"])
    assert api.list("listRouters", networkid=network["id"]) == []
    api.do("restartNetwork", id=network["id"])
    assert api.one("listRouters", networkid=network["id"])["id"] != router["id"]


def test_an_internal_load_balancer_has_a_machine_from_its_first_member_on(api: Api) -> None:
    offering = api.one("listVPCOfferings", name="Default VPC offering")["id"]
    vpc = api.do("createVPC", name="v", displaytext="v", cidr="10.5.0.0/16", zoneid=api.zone(), vpcofferingid=offering)
    place = {"vpcid": vpc["id"], "gateway": "10.5.1.1", "netmask": "255.255.255.0"}
    tier = api.network("t1", "DefaultIsolatedNetworkOfferingForVpcNetworksWithInternalLB", **place)
    ports = {"sourceport": 80, "instanceport": 8080, "algorithm": "roundrobin", "scheme": "Internal"}
    balancer = api.do("createLoadBalancer", name="lb", networkid=tier["id"], sourceipaddressnetworkid=tier["id"], **ports)
    machine = api.machine("web1", networkids=[tier["id"]])
    assert api.list("listInternalLoadBalancerVMs", networkid=tier["id"]) == []

    api.do("assignToLoadBalancerRule", id=balancer["id"], virtualmachineids=machine["id"])
    inner = api.one("listInternalLoadBalancerVMs", networkid=tier["id"], vpcid=vpc["id"], listall=True)
    assert (inner["state"], inner["guestipaddress"]) == ("Running", balancer["sourceipaddress"])
    assert api.do("stopInternalLoadBalancerVM", id=inner["id"])["state"] == "Stopped"
    assert api.do("startInternalLoadBalancerVM", id=inner["id"])["state"] == "Running"
    api.do("deleteLoadBalancer", id=balancer["id"])
    assert api.list("listInternalLoadBalancerVMs", networkid=tier["id"]) == []


def test_what_is_no_certificate_is_refused(api: Api) -> None:
    with pytest.raises(Refused, match="PEM"):
        api.call("uploadSslCert", name="c", certificate=CERTIFICATE, privatekey="x")
    assert api.list("listSslCerts") == []
