# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""The back end that boots, for real: user data and key, power, forwards, firewall and egress, cables, and nothing left behind."""

from __future__ import annotations

import base64
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from nitrox.cloudstack.nspawn import Nspawn
from nitrox.cloudstack.testing import Simulator, running
from nitrox.nodes import ground
from nitrox.nodes.image import unavailable

from .api import TIER, Api

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(600)]
USER_DATA = "#cloud-config\nwrite_files: [{path: /srv/from_the_cloud, content: shop}]\n"
CONTROLLER = "198.18.0.1"


@dataclass
class Site:
    """A network with two machines behind one public address, ssh of each on ports 2201 and 2202."""

    cloud: Simulator
    api: Api
    machines: Nspawn
    key: Path
    network: dict[str, Any]
    address: dict[str, Any]
    one: dict[str, Any]
    two: dict[str, Any]

    def inside(self, *command: str) -> subprocess.CompletedProcess[str]:
        """Run from the controller's namespace."""
        return subprocess.run(
            ["nsenter", f"--net=/run/netns/{self.machines.controller}", *command], capture_output=True, text=True, check=False
        )

    def ssh(self, port: int, command: str, address: str = "") -> str:
        options = [
            "StrictHostKeyChecking=no",
            "UserKnownHostsFile=/dev/null",
            "ConnectTimeout=2",
            "BatchMode=yes",
            "LogLevel=ERROR",
        ]
        spread = [part for option in options for part in ("-o", option)]
        target = f"root@{address or self.address['ipaddress']}"
        return self.inside("ssh", *spread, "-i", str(self.key), "-p", str(port), target, command).stdout.strip()

    def says(self, port: int, command: str, expected: str, seconds: float = 40, address: str = "") -> bool:
        return ground.wait_for(lambda: self.ssh(port, command, address) == expected, seconds)

    def power(self, command: str, **parameters: Any) -> dict[str, Any]:
        return wait(self.api, command, id=self.one["id"], **parameters)


def wait(api: Api, command: str, **parameters: Any) -> dict[str, Any]:
    """Do it, and wait for as long as a machine may take."""
    job = api.call(command, **parameters)["jobid"]
    assert ground.wait_for(lambda: api.poll(job)["jobstatus"] != 0, 60)
    ended = api.poll(job)
    assert ended["jobstatus"] == 1, ended
    return dict(ended["jobresult"])


def deploy(api: Api, name: str, network: str) -> dict[str, Any]:
    data = base64.b64encode(USER_DATA.encode()).decode()
    wanted = api.machine_parameters(name=name, keypair="mine", userdata=data, networkids=network)
    return dict(wait(api, "deployVirtualMachine", **wanted)["virtualmachine"])


@pytest.fixture(scope="module", name="site")
def _site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    if reason := unavailable():
        pytest.skip(reason)
    key = tmp_path_factory.mktemp("site") / "key"
    ground.run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(key))
    machines = Nspawn()
    try:
        with running(machines=machines) as cloud:
            api = Api(cloud)
            api.call("registerSSHKeyPair", name="mine", publickey=key.with_suffix(".pub").read_text(encoding="utf-8"))
            network = api.network("shop")
            address = wait(api, "associateIpAddress", networkid=network["id"])["ipaddress"]
            one, two = (deploy(api, name, network["id"]) for name in ("one", "two"))
            site = Site(cloud, api, machines, key, network, address, one, two)
            for port, machine in ((2201, one), (2202, two)):
                ports = {"publicport": port, "privateport": 22, "protocol": "tcp", "openfirewall": False}
                wait(api, "createPortForwardingRule", ipaddressid=address["id"], virtualmachineid=machine["id"], **ports)
            assert not site.ssh(2201, "true"), "nothing is let in yet"
            open_ports = {"protocol": "tcp", "startport": 2201, "endport": 2202, "cidrlist": f"{CONTROLLER}/32"}
            wait(api, "createFirewallRule", ipaddressid=address["id"], **open_ports)
            yield site
    finally:
        machines.close()
    assert not ground.namespaces(machines.folder)
    assert not ground.mounts(machines.folder)


def test_user_data_and_key_arrive(site: Site) -> None:
    assert site.says(2201, "cat /srv/from_the_cloud", "shop")
    assert site.says(2202, "hostname", "two")


def test_a_machine_has_the_address_that_the_cloud_says(site: Site) -> None:
    shown = site.ssh(2201, "ip -br -4 addr show eth0")
    assert site.one["nic"][0]["ipaddress"] in shown
    neighbour = site.two["nic"][0]["ipaddress"]
    assert site.ssh(2201, f"timeout 2 bash -c '</dev/tcp/{neighbour}/22' && echo reached") == "reached"


def test_the_firewall_lets_in_only_what_it_names(site: Site) -> None:
    rule = site.api.one("listFirewallRules", ipaddressid=site.address["id"])
    assert site.says(2201, "echo in", "in")
    wait(site.api, "deleteFirewallRule", id=rule["id"])
    assert site.ssh(2201, "echo in") == ""
    narrow = {"protocol": "tcp", "startport": 2202, "endport": 2202, "cidrlist": "0.0.0.0/0"}
    wait(site.api, "createFirewallRule", ipaddressid=site.address["id"], **narrow)
    assert (site.ssh(2201, "echo in"), site.ssh(2202, "echo in")) == ("", "in")
    wait(
        site.api, "createFirewallRule", ipaddressid=site.address["id"], protocol="tcp", startport=2201, endport=2201,
        cidrlist=f"{CONTROLLER}/32",
    )  # fmt: skip
    assert site.ssh(2201, "echo in") == "in"


def reached(site: Site) -> Callable[[], bool]:
    """Can machine one open a connection to a server of the controller?"""
    return lambda: site.ssh(2201, f"timeout 2 bash -c '</dev/tcp/{CONTROLLER}/8999' 2>/dev/null && echo yes") == "yes"


def test_egress_rules_open_the_way_out(site: Site) -> None:
    server = subprocess.Popen(
        ["nsenter", f"--net=/run/netns/{site.machines.controller}", "python3", "-m", "http.server", "8999", "--bind", CONTROLLER],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        time.sleep(1)
        assert not reached(site)()
        wait(site.api, "createEgressFirewallRule", networkid=site.network["id"], protocol="tcp", startport=8999, endport=8999)
        assert ground.wait_for(reached(site), 10)
        rule = site.api.one("listEgressFirewallRules", networkid=site.network["id"])
        wait(site.api, "deleteEgressFirewallRule", id=rule["id"])
        assert not reached(site)()
    finally:
        server.kill()
        server.wait()


def answering(site: Site, address: str, times: int = 6) -> list[str]:
    """Who answers that many requests, in turn; empty for nobody."""
    return [site.inside("curl", "-s", "-m", "2", f"http://{address}/name").stdout.strip() for _turn in range(times)]


def test_a_load_balancer_rule_leads_to_its_members_that_run(site: Site) -> None:
    serve = "mkdir -p /srv/www; hostname >/srv/www/name; cd /srv/www; nohup python3 -m http.server 8080 >/dev/null 2>&1 &"
    for port in (2201, 2202):
        assert site.says(port, f"{serve} echo up", "up")
    api, machines = site.api, [site.one["id"], site.two["id"]]
    address = wait(api, "associateIpAddress", networkid=site.network["id"])["ipaddress"]
    public = address["ipaddress"]
    ports = {"publicport": 80, "privateport": 8080, "algorithm": "roundrobin"}
    rule = wait(api, "createLoadBalancerRule", publicipid=address["id"], name="web", **ports)["loadbalancer"]["id"]
    assert answering(site, public, 1) == [""], "it has no members yet"
    wait(api, "assignToLoadBalancerRule", id=rule, virtualmachineids=machines)
    assert ground.wait_for(lambda: "" not in answering(site, public, 2), 10)
    assert Counter(answering(site, public)) == {"one": 3, "two": 3}
    wait(api, "removeFromLoadBalancerRule", id=rule, virtualmachineids=machines[:1])
    assert answering(site, public, 4) == ["two"] * 4
    wait(api, "assignToLoadBalancerRule", id=rule, virtualmachineids=machines[:1])
    wait(api, "stopVirtualMachine", id=machines[0], forced=True)
    assert answering(site, public, 4) == ["two"] * 4
    wait(api, "startVirtualMachine", id=machines[0])
    assert "" in answering(site, public, 2), "a member that runs is asked again, and this one does not serve yet"
    wait(api, "deleteLoadBalancerRule", id=rule)
    assert answering(site, public, 1) == [""]
    assert site.says(2201, "echo up", "up")
    wait(api, "disassociateIpAddress", id=address["id"])


def test_power(site: Site) -> None:
    assert site.says(2201, "touch /srv/kept && sync && echo kept", "kept")
    site.power("stopVirtualMachine")
    assert site.ssh(2201, "true; echo up") == ""
    assert site.ssh(2202, "echo up") == "up"
    site.power("startVirtualMachine")
    assert site.says(2201, "ls /srv/kept", "/srv/kept")
    before = site.ssh(2201, "stat -c %Y /proc/1")
    site.power("rebootVirtualMachine")
    assert ground.wait_for(lambda: site.ssh(2201, "stat -c %Y /proc/1") not in {"", before}, 40)


def test_a_pulled_cable(site: Site) -> None:
    assert site.says(2202, "echo up", "up")
    site.cloud.control("POST", "link", {"machine": "two", "up": False})
    assert site.ssh(2202, "echo up") == ""
    site.cloud.control("POST", "link", {"machine": "two", "up": True})
    assert site.says(2202, "echo up", "up")


def test_static_nat_and_destruction(site: Site) -> None:
    three = deploy(site.api, "three", site.network["id"])
    taken = wait(site.api, "associateIpAddress", networkid=site.network["id"])["ipaddress"]
    site.api.call("enableStaticNat", ipaddressid=taken["id"], virtualmachineid=three["id"])
    wait(site.api, "createFirewallRule", ipaddressid=taken["id"], protocol="tcp", startport=22, endport=22, cidrlist="0.0.0.0/0")
    assert site.says(22, "hostname", "three", address=taken["ipaddress"])
    spaces = len(ground.namespaces(site.machines.folder))
    wait(site.api, "destroyVirtualMachine", id=three["id"], expunge=True)
    assert site.ssh(22, "hostname", taken["ipaddress"]) == ""
    assert len(ground.namespaces(site.machines.folder)) == spaces - 1


def test_tiers_of_a_vpc_reach_each_other_where_the_acl_says_so(site: Site) -> None:
    api = site.api
    offering = api.offering("listVPCOfferings", "Default VPC offering")
    vpc = wait(
        api, "createVPC", name="plant", displaytext="plant", cidr="10.30.0.0/16", zoneid=api.zone(), vpcofferingid=offering
    )
    acl = wait(api, "createNetworkACLList", name="web", vpcid=vpc["vpc"]["id"])["networkacllist"]
    wait(api, "createNetworkACL", aclid=acl["id"], protocol="tcp", startport=22, endport=22, cidrlist="0.0.0.0/0", number=10)
    inside = {"vpcid": vpc["vpc"]["id"], "netmask": "255.255.255.0", "aclid": acl["id"]}
    tiers = [api.network(name, TIER, gateway=gateway, **inside) for name, gateway in (("a", "10.30.1.1"), ("b", "10.30.2.1"))]
    one, two = (deploy(api, f"in-{tier['name']}", tier["id"]) for tier in tiers)
    address = wait(api, "associateIpAddress", vpcid=vpc["vpc"]["id"])["ipaddress"]
    ports = {"publicport": 22, "privateport": 22, "protocol": "tcp", "networkid": tiers[0]["id"]}
    wait(api, "createPortForwardingRule", ipaddressid=address["id"], virtualmachineid=one["id"], **ports)
    assert site.says(22, "hostname", "in-a", address=address["ipaddress"])
    neighbour = two["nic"][0]["ipaddress"]
    connect = f"timeout 2 bash -c '</dev/tcp/{neighbour}/22' 2>/dev/null && echo reached"
    assert site.says(22, connect, "reached", address=address["ipaddress"])
    closed = wait(api, "createNetworkACLList", name="closed", vpcid=vpc["vpc"]["id"])["networkacllist"]
    wait(api, "replaceNetworkACLList", aclid=closed["id"], networkid=tiers[1]["id"])
    assert site.ssh(22, connect, address["ipaddress"]) == ""
    for machine in (one, two):
        wait(api, "destroyVirtualMachine", id=machine["id"], expunge=True)
    wait(api, "deleteNetwork", id=tiers[1]["id"])
    wait(api, "deleteNetwork", id=tiers[0]["id"])
