# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""The seam to a back end that boots machines: what it is told, and that jobs wait for it and fail with it."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Iterator

import pytest

from nitrox.cloudstack.machines import Machine, Memory, Network, Work
from nitrox.cloudstack.refusal import Refusal
from nitrox.cloudstack.testing import Simulator, running

from .api import Api


class Recording(Memory):
    """Remembers what it was told; a start waits for ``may_start`` and fails when there is a ``problem``."""

    def __init__(self) -> None:
        self.started: list[Machine] = []
        self.networks: dict[str, Network] = {}
        self.destroyed: list[str] = []
        self.may_start = True
        self.problem = ""

    def start(self, machine: Machine) -> Work:
        self.started.append(machine)
        return self._boot()

    async def _boot(self) -> None:
        while not self.may_start:
            await asyncio.sleep(0.005)
        if self.problem:
            raise Refusal(530, self.problem)

    def network(self, network: Network) -> Work:
        self.networks[network.name] = network
        return None

    def destroy(self, machine: str) -> Work:
        self.destroyed.append(machine)
        return None


@pytest.fixture(name="backend")
def _backend() -> Recording:
    return Recording()


@pytest.fixture(name="booting")
def _booting(backend: Recording) -> Iterator[Simulator]:
    with running(machines=backend) as simulator:
        yield simulator


def finished(api: Api, job: str) -> int:
    """The status of a job once it is no longer pending; the loop of the simulator runs between two polls."""
    for _poll in range(500):
        status = int(api.poll(job)["jobstatus"])
        if status:
            return status
    raise AssertionError("the job never ended")


def test_a_machine_is_started_with_all_that_it_needs(backend: Recording, booting: Simulator) -> None:
    api = Api(booting)
    pair = api.call("createSSHKeyPair", name="deploy")["keypair"]
    network = api.network("front", gateway="10.5.0.1", netmask="255.255.255.0")
    data = base64.b64encode(b"#!/bin/sh").decode()
    more = {"networkids": network["id"], "keypair": "deploy", "userdata": data, "name": "web1"}
    assert finished(api, api.call("deployVirtualMachine", **api.machine_parameters(**more))["jobid"]) == 1
    (machine,) = backend.started
    assert (machine.name, machine.template, machine.memory, machine.user_data) == (
        "web1",
        "Debian 12 (64-bit)",
        512,
        b"#!/bin/sh",
    )
    assert machine.keys[0].startswith("ssh-rsa ")
    assert (machine.nics[0].address, machine.nics[0].gateway) == ("10.5.0.2", "10.5.0.1")
    assert pair["privatekey"] not in repr(machine)


def test_a_job_waits_for_the_back_end(backend: Recording, booting: Simulator) -> None:
    api = Api(booting)
    backend.may_start = False
    job = api.call("deployVirtualMachine", **api.machine_parameters(name="web1"))["jobid"]
    assert {api.poll(job)["jobstatus"] for _poll in range(5)} == {0}
    assert api.one("listVirtualMachines")["state"] == "Starting"
    backend.may_start = True
    assert finished(api, job) == 1


def test_a_job_fails_with_the_back_end(backend: Recording, booting: Simulator) -> None:
    api = Api(booting)
    backend.problem = "no root file system"
    job = api.call("deployVirtualMachine", **api.machine_parameters(name="web1"))["jobid"]
    assert finished(api, job) == 2
    assert api.poll(job)["jobresult"]["errortext"] == "no root file system"
    assert api.one("listVirtualMachines")["state"] == "Error"


def test_networks_are_told_as_they_shall_be(backend: Recording, booting: Simulator) -> None:
    api = Api(booting)
    network = api.network("front", gateway="10.5.0.1", netmask="255.255.255.0")
    deployed = api.call("deployVirtualMachine", **api.machine_parameters(name="web1", networkids=network["id"]))
    assert finished(api, deployed["jobid"]) == 1
    address = api.do("associateIpAddress", networkid=network["id"])
    api.do("createFirewallRule", ipaddressid=address["id"], protocol="tcp", startport=22, endport=22, cidrlist="198.51.100.0/24")
    forward = {"ipaddressid": address["id"], "protocol": "tcp", "publicport": 2201, "privateport": 22, "openfirewall": False}
    rule = api.do("createPortForwardingRule", **forward, virtualmachineid=deployed["id"])
    told = backend.networks["front"]
    assert [(one.address, one.ports, one.to_address, one.to_port) for one in told.forwards] == [
        (address["ipaddress"], (2201, 2201), "10.5.0.2", 22)
    ]
    assert [(one.direction, one.ports, one.sources) for one in told.rules] == [("ingress", (22, 22), ("198.51.100.0/24",))]
    assert (told.source_nat != "", told.egress_open) == (True, False)
    api.do("deletePortForwardingRule", id=rule["id"])
    assert backend.networks["front"].forwards == ()
    api.do("destroyVirtualMachine", id=deployed["id"], expunge=True)
    assert backend.destroyed == [deployed["id"]]
