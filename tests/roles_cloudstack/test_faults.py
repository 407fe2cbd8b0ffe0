# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Every creating call goes wrong in every way: the next run ends with the cluster, nothing is double, nothing is left over."""

from __future__ import annotations

import contextlib
from typing import Any

import pytest

from ansible_collections.nitrox.netscaler.plugins.module_utils.cloudstack.errors import Incomplete
from nitrox.cloudstack.testing import Simulator

from .cluster import build, description, in_vpc, let_go, mine, objects

SYNCHRONOUS = ("createNetwork", "registerSSHKeyPair", "enableStaticNat")
JOBS = (
    "createAffinityGroup", "createEgressFirewallRule", "deployVirtualMachine", "createTags", "associateIpAddress",
    "createFirewallRule", "createPortForwardingRule",
)  # fmt: skip
TAGS_OF_MACHINES = 2  # calls of createTags before those for addresses
VPC_ONLY = ("createVPC", "createNetworkACLList", "createNetworkACL")
ANY_CALL: dict[str, dict[str, Any]] = {
    "answer lost after it was done": {"fault": "drop_after"},
    "connection cut before it is done": {"fault": "drop_before"},
    "answer cut in the middle": {"fault": "garble"},
    "answer in XML": {"fault": "xml"},
    "page of a proxy": {"fault": "html"},
    "quota": {"fault": "limit"},
    "conflict": {"fault": "reject", "errorcode": 537, "message": "overlaps"},
    "name taken": {"fault": "name_taken"},
    "503 without a body": {"fault": "bodyless", "times": 2},
    "503 for a while": {"fault": "unavailable", "seconds": 8},
    "done twice": {"fault": "duplicate"},
}
ANY_JOB: dict[str, dict[str, Any]] = {
    "failed with an object": {"fault": "job_fails", "errorcode": 533, "message": "no room"},
    "failed with a text": {"fault": "job_fails", "shape": "text"},
    "failed without a result": {"fault": "job_fails", "shape": "none"},
    "pending in polls for ever": {"fault": "job_pending"},
    "never begins": {"fault": "job_hangs"},
    "id not known": {"fault": "job_lost"},
}
OF_ONE: dict[str, dict[str, dict[str, Any]]] = {
    "deployVirtualMachine": {
        "no host has room": {"fault": "capacity"},
        "the machine is left in Error": {"fault": "machine_error"},
        "every second answer lost": {"fault": "drop_after", "skip": 1},
    },
    "associateIpAddress": {
        "no address is free": {"fault": "no_address"},
        "second answer lost": {"fault": "drop_after", "skip": 1},
    },
    "createTags": {
        f"of an address, {name}": {**fault, "skip": TAGS_OF_MACHINES} for name, fault in {**ANY_CALL, **ANY_JOB}.items()
    },
}
SAME = {
    "answer cut in the middle",
    "answer in XML",
    "503 without a body",
}  # as a lost answer, only said otherwise: the long suite
CLEAN = {
    "network": 1, "virtualmachine": 2, "publicipaddress": 3, "firewallrule": 5, "portforwardingrule": 1, "sshkeypair": 2,
    "affinitygroup": 2,
}  # fmt: skip
CLEAN_VPC = {**{kind: number for kind, number in CLEAN.items() if kind != "firewallrule"}, "vpc": 1, "networkacllist": 1}
CASES = [
    pytest.param(command, fault, id=f"{command}: {name}", marks=[pytest.mark.e2e] if name in SAME else [])
    for commands, faults in (((*SYNCHRONOUS, *JOBS, *VPC_ONLY), ANY_CALL), ((*JOBS, *VPC_ONLY), ANY_JOB))
    for command in commands
    for name, fault in faults.items()
] + [
    pytest.param(command, fault, id=f"{command}: {name}") for command, faults in OF_ONE.items() for name, fault in faults.items()
]

IN_VPC = [
    pytest.param(command, fault, id=f"{command}: {name}")
    for command in ("createNetwork", "associateIpAddress", "enableStaticNat", "createPortForwardingRule")
    for name, fault in {**ANY_CALL, **(ANY_JOB if command in JOBS else {})}.items()
]


def rerun(cloud: Simulator, wanted: dict[str, Any], command: str, fault: dict[str, Any], clean: dict[str, int]) -> None:
    """A run that meets the fault, then one that does not: the cluster is there, once."""
    cloud.faults({**fault, "command": command})
    with contextlib.suppress(Incomplete):
        build(cloud, wanted, patience=30.0)
    assert cloud.control("GET", "faults")["injected"], "the fault was not met"
    cloud.clear_faults()
    let_go(cloud)
    build(cloud, wanted, patience=30.0)
    assert objects(cloud) == clean
    assert build(cloud, wanted).steps == []


@pytest.mark.parametrize(
    ("command", "fault"), [(command, fault) for command in (*SYNCHRONOUS, *JOBS) for fault in ("drop_after", "garble", "html")]
)
def test_what_is_found_done_is_told(cloud: Simulator, command: str, fault: str) -> None:
    """After any lost answer a run tells every step that was done, once; with ``html`` none was done before it was sent again."""
    expected = sorted((step.verb, step.about) for step in build(cloud, description(1)).steps)
    cloud.reset()
    cloud.faults({"fault": fault, "command": command})
    assert sorted((step.verb, step.about) for step in build(cloud, description(1)).steps) == expected


@pytest.mark.parametrize("fault", ["drop_after", "drop_before", "garble", "html", "duplicate"])
def test_a_machine_is_started_whatever_became_of_the_answer(cloud: Simulator, fault: str) -> None:
    """The cloud refuses to start what runs, so a start in doubt is looked after, not sent again."""
    build(cloud, description(1))
    cloud.control("POST", "mutate", {"kind": "virtualmachine", "name": "shop-web-1", "set": {"state": "Stopped"}})
    cloud.faults({"fault": fault, "command": "startVirtualMachine"})
    assert [(step.verb, step.about) for step in build(cloud, description(1)).steps] == [("start", "machine shop-web-1")]
    assert {row["state"] for row in mine(cloud, "virtualmachine")} == {"Running"}
    assert build(cloud, description(1)).steps == []


@pytest.mark.parametrize("wanted", [description(1), in_vpc(1)], ids=["isolated network", "VPC"])
def test_every_call_that_makes_something_is_in_the_table(cloud: Simulator, wanted: dict[str, Any]) -> None:
    build(cloud, wanted)
    assert cloud.writes().keys() <= {*SYNCHRONOUS, *JOBS, *VPC_ONLY}
    resources = [entry["parameters"]["resourcetype"] for entry in cloud.log() if entry["command"] == "createTags"]
    assert resources == ["UserVm"] * TAGS_OF_MACHINES + ["PublicIpAddress"] * 2


@pytest.mark.e2e
@pytest.mark.parametrize(("command", "fault"), IN_VPC)
def test_a_rerun_converges_in_a_vpc(cloud: Simulator, command: str, fault: dict[str, Any]) -> None:
    rerun(cloud, in_vpc(1), command, fault, CLEAN_VPC)


@pytest.mark.parametrize(("command", "fault"), CASES)
def test_a_rerun_converges(cloud: Simulator, command: str, fault: dict[str, Any]) -> None:
    wanted, clean = (in_vpc(1), CLEAN_VPC) if command in VPC_ONLY else (description(1), CLEAN)
    rerun(cloud, wanted, command, fault, clean)
