# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Apache Libcloud's compute and load balancer drivers, unmodified, against the simulator."""

from __future__ import annotations

from typing import Any

import pytest

from nitrox.cloudstack.testing import Simulator

pytest.importorskip("libcloud", reason="the clients' extra is not installed")


def connected(driver: Any, cloud: Simulator) -> Any:
    """A driver for the cloud, as the root admin."""
    found = driver(cloud.key, cloud.secret, secure=False, host=cloud.host, port=cloud.port, path="/client/api")
    found.connection.poll_interval = 0.01
    return found


@pytest.fixture(name="compute")
def _compute(cloud: Simulator) -> Any:
    from libcloud.compute.drivers.cloudstack import CloudStackNodeDriver

    return connected(CloudStackNodeDriver, cloud)


@pytest.fixture(name="network")
def _network(compute: Any) -> Any:
    offerings = {offering.name: offering for offering in compute.ex_list_network_offerings()}
    offering = offerings["DefaultIsolatedNetworkOfferingWithSourceNatService"]
    return compute.ex_create_network("front", "front", offering, compute.list_locations()[0], "10.9.0.1", "255.255.255.0")


@pytest.fixture(name="node")
def _node(compute: Any, network: Any) -> Any:
    zone = compute.list_locations()[0]
    image = compute.list_images(location=zone)[0]
    return compute.create_node(
        name="web1", size=compute.list_sizes()[0], image=image, location=zone, networks=[network], ex_start_vm=True
    )


def test_a_node_lives_and_dies(compute: Any, node: Any) -> None:
    assert (node.name, node.state, node.private_ips) == ("web1", "running", ["10.9.0.2"])
    assert compute.ex_stop(node) == "Stopped"
    assert compute.ex_get_node(node.id).state == "stopped"
    assert compute.ex_change_node_size(node, compute.list_sizes()[1])
    assert compute.ex_get_node(node.id).extra["size_name"] == "Medium Instance"
    assert compute.ex_start(node) == "Running"
    assert compute.reboot_node(node) is True
    assert compute.destroy_node(node, ex_expunge=True) is True
    assert compute.list_nodes() == []


def test_a_node_with_keys_groups_and_user_data(compute: Any, network: Any, cloud: Simulator) -> None:
    pair = compute.create_key_pair("deploy")
    assert "PRIVATE KEY" in pair.private_key
    group = compute.ex_create_affinity_group("apart", compute.ex_list_affinity_group_types()[0])
    node = compute.create_node(
        name="web1",
        size=compute.list_sizes()[0],
        image=compute.list_images(location=compute.list_locations()[0])[0],
        networks=[network],
        ex_keyname="deploy",
        ex_userdata="#!/bin/sh",
        ex_affinity_groups=[group],
    )
    machine = cloud.state("virtualmachine")[0]
    assert node.state == "stopped"  # the driver starts nothing unless it is told
    assert (machine["keypairs"], machine["_affinitygroups"]) == ("deploy", [group.id])
    compute.destroy_node(node, ex_expunge=True)
    assert compute.ex_delete_affinity_group(group) is True
    assert compute.delete_key_pair(pair) is True


def test_addresses_and_rules(compute: Any, network: Any, node: Any) -> None:
    address = compute.ex_allocate_public_ip(location=compute.list_locations()[0], network_id=network.id)
    forward = compute.ex_create_port_forwarding_rule(node, address, 22, 2201, "TCP", openfirewall=False)
    assert [(rule.public_port, rule.private_port) for rule in compute.ex_list_port_forwarding_rules()] == [("2201", "22")]
    rule = compute.ex_create_firewall_rule(address, "198.51.100.0/24", "TCP", start_port=80, end_port=80)
    assert [found.cidr_list for found in compute.ex_list_firewall_rules()] == ["198.51.100.0/24"]
    egress = compute.ex_create_egress_firewall_rule(network.id, "10.9.0.0/24", "TCP", 1, 65535)
    assert len(compute.ex_list_egress_firewall_rules()) == 1
    assert compute.ex_delete_egress_firewall_rule(egress) is True
    assert compute.ex_delete_firewall_rule(rule) is True
    assert compute.ex_delete_port_forwarding_rule(node, forward) is True
    assert compute.ex_release_public_ip(address) is True


def test_volumes_and_snapshots(compute: Any, node: Any) -> None:
    volume = compute.create_volume(5, "data", location=compute.list_locations()[0])
    assert compute.attach_volume(node, volume) is True
    assert {found.extra["volume_type"] for found in compute.list_volumes(node)} == {"ROOT", "DATADISK"}
    assert compute.detach_volume(volume) is True
    root = next(found for found in compute.list_volumes() if found.extra["volume_type"] == "ROOT")
    snapshot = compute.create_volume_snapshot(root)
    assert [found.id for found in compute.list_snapshots()] == [snapshot.id]
    assert compute.destroy_volume_snapshot(snapshot) is True
    assert compute.destroy_volume(volume) is True


def test_tags_and_security_groups(compute: Any, node: Any) -> None:
    assert compute.ex_create_tags([node.id], "UserVm", {"part": "web"}) is True
    assert compute.ex_get_node(node.id).extra["tags"] == {"part": "web"}
    assert compute.ex_delete_tags([node.id], "UserVm", ["part"]) is True
    compute.ex_create_security_group("web", description="Web servers")
    compute.ex_authorize_security_group_ingress("web", "TCP", "0.0.0.0/0", 443, 443)
    groups = {group["name"]: group for group in compute.ex_list_security_groups()}
    assert set(groups) == {"default", "web"}
    assert groups["web"]["ingressrule"][0]["startport"] == 443
    assert compute.ex_delete_security_group("web") == "true"


def test_a_vpc_with_an_acl(compute: Any) -> None:
    zone = compute.list_locations()[0]
    vpc = compute.ex_create_vpc("10.8.0.0/16", "plant", "plant", compute.ex_list_vpc_offerings()[0], zone.id)
    acl = compute.ex_create_network_acllist("plant-web", vpc.id, "web")
    rule = compute.ex_create_network_acl("TCP", acl.id, "0.0.0.0/0", 443, 443)
    assert rule.id in {found.id for found in compute.ex_list_network_acl()}
    assert compute.ex_delete_vpc(vpc) is True
    assert compute.ex_list_vpcs() == []


def test_what_there_is(compute: Any, node: Any) -> None:
    assert compute.ex_limits()["max_instances"] == -1
    assert "Debian GNU/Linux 12 (64-bit)" in {kind["description"] for kind in compute.ex_list_os_types()}
    assert compute.ex_list_projects() == []
    assert [nic.ip_address for nic in compute.ex_list_nics(node)] == ["10.9.0.2"]


def test_a_balancer_with_members(cloud: Simulator, compute: Any, network: Any, node: Any) -> None:
    from libcloud.loadbalancer.base import Algorithm, Member
    from libcloud.loadbalancer.drivers.cloudstack import CloudStackLBDriver

    driver = connected(CloudStackLBDriver, cloud)
    member = Member(node.id, node.private_ips[0], 8080)
    balancer = driver.create_balancer(
        "shop", [member], port=80, private_port=8080, algorithm=Algorithm.ROUND_ROBIN, network_id=network.id
    )
    assert [found.ip for found in balancer.list_members()] == ["10.9.0.2"]
    assert driver.get_balancer(balancer.id).port == "80"
    assert driver.balancer_detach_member(balancer, member) is True
    assert driver.destroy_balancer(balancer) is None
    assert driver.list_balancers() == []
