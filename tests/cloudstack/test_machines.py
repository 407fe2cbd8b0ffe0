# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Machines: how they come, which states they go through, what is refused, how they go."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from nitrox.cloudstack.testing import Simulator

from .api import Api, Refused

DATA = base64.b64encode(b"#cloud-config\n").decode()


def test_a_deployment_answers_with_the_id_and_a_job(api: Api) -> None:
    accepted = api.call("deployVirtualMachine", **api.machine_parameters(name="web1"))
    job = api.poll(accepted["jobid"])
    machine = job["jobresult"]["virtualmachine"]
    assert (job["jobstatus"], job["jobresultcode"], job["jobresulttype"]) == (1, 0, "object")
    assert (job["jobinstancetype"], job["jobinstanceid"], machine["id"]) == ("VirtualMachine", accepted["id"], accepted["id"])
    assert (machine["state"], machine["nic"][0]["isdefault"]) == ("Running", True)


def test_the_states_of_a_slow_deployment(api: Api) -> None:
    api.machine("web0")  # its network is up
    api.cloud.control("POST", "options", {"job_seconds": 30})
    accepted = api.call("deployVirtualMachine", **api.machine_parameters(name="web1"))
    assert api.one("listVirtualMachines", id=accepted["id"])["state"] == "Starting"
    assert (api.poll(accepted["jobid"])["jobstatus"], api.list("listAsyncJobs")[0]["cmd"]) == (0, "deployVirtualMachine")
    api.cloud.control("POST", "clock", {"advance": 31})
    assert api.one("listVirtualMachines", id=accepted["id"])["state"] == "Running"
    stopping = api.call("stopVirtualMachine", id=accepted["id"])
    assert api.one("listVirtualMachines", id=accepted["id"])["state"] == "Stopping"
    starting = api.call("startVirtualMachine", id=accepted["id"])
    api.cloud.control("POST", "clock", {"advance": 31})
    assert api.one("listVirtualMachines", id=accepted["id"])["state"] == "Starting"  # one job after the other
    api.cloud.control("POST", "clock", {"advance": 31})
    assert [api.poll(job["jobid"])["jobstatus"] for job in (stopping, starting)] == [1, 1]


def test_what_runs_cannot_be_started(api: Api) -> None:
    job = api.job("startVirtualMachine", id=api.machine()["id"])
    assert (job["jobstatus"], job["jobresult"]["errorcode"]) == (2, 431)
    assert "already running" in job["jobresult"]["errortext"]


def test_not_started_when_told_so(api: Api) -> None:
    assert api.machine(startvm=False)["state"] == "Stopped"


def test_destroyed_is_recoverable_expunged_is_not(api: Api) -> None:
    machine = api.machine()
    assert api.do("destroyVirtualMachine", id=machine["id"])["state"] == "Destroyed"
    assert api.call("recoverVirtualMachine", id=machine["id"])["virtualmachine"]["state"] == "Stopped"
    api.do("destroyVirtualMachine", id=machine["id"], expunge=True)
    assert api.call("listVirtualMachines", id=machine["id"]) == {}
    with pytest.raises(Refused, match="removed"):
        api.call("startVirtualMachine", id=machine["id"])
    assert api.list("listVolumes") == []


def test_a_destroyed_machine_goes_by_itself_after_a_day(api: Api) -> None:
    machine = api.machine()
    api.do("destroyVirtualMachine", id=machine["id"])
    api.cloud.control("POST", "clock", {"advance": 86401})
    assert api.list("listVirtualMachines", id=machine["id"]) == []


def test_users_neither_see_nor_expunge_destroyed_machines(cloud: Simulator) -> None:
    user, admin = Api(cloud, "demo"), Api(cloud)
    machine = user.machine()
    with pytest.raises(Refused) as refused:
        user.call("destroyVirtualMachine", id=machine["id"], expunge=True)
    assert refused.value.code == 531
    user.do("destroyVirtualMachine", id=machine["id"])
    assert user.list("listVirtualMachines", id=machine["id"]) == []
    assert admin.one("listVirtualMachines", id=machine["id"], listall=True)["state"] == "Destroyed"
    with pytest.raises(Refused, match="already exists"):  # it holds its name until it is expunged
        user.machine()


@pytest.mark.parametrize(
    ("more", "says"),
    [
        pytest.param({"name": "web1"}, "already exists", id="the name is taken"),
        pytest.param({"name": "WEB1"}, "already exists", id="in any case"),
        pytest.param({"name": "web_1"}, "Invalid name", id="no host name"),
        pytest.param({"name": "w" * 64}, "Invalid name", id="too long"),
        pytest.param({"name": "w2", "keypair": "nobody"}, "key pair", id="unknown key pair"),
        pytest.param({"name": "w2", "affinitygroupnames": "nobody"}, "affinity group", id="unknown affinity group"),
        pytest.param({"name": "w2", "userdata": "§"}, "base64", id="user data is not base64"),
        pytest.param({"name": "w2", "ipaddress": "192.0.2.1"}, "not one of network", id="address of another network"),
        pytest.param({"name": "w2", "securitygroupnames": "web"}, "no security groups", id="zone without security groups"),
    ],
)
def test_what_a_deployment_is_refused_for(api: Api, more: dict[str, Any], says: str) -> None:
    api.machine("web1")
    before = api.list("listVirtualMachines")
    with pytest.raises(Refused) as refused:
        api.call("deployVirtualMachine", **api.machine_parameters(**more))
    assert (refused.value.code, says in refused.value.text) == (431, True)
    assert api.list("listVirtualMachines") == before


def test_without_a_name_every_deployment_is_another_machine(api: Api) -> None:
    parameters = api.machine_parameters()
    names = {api.do("deployVirtualMachine", **parameters)["name"] for _time in range(2)}
    assert len(names) == 2


def test_a_wanted_address_is_given_once(api: Api) -> None:
    network = api.network(gateway="10.5.0.1", netmask="255.255.255.0")
    machine = api.machine("web1", networkids=network["id"], ipaddress="10.5.0.77")
    assert machine["nic"][0]["ipaddress"] == "10.5.0.77"
    with pytest.raises(Refused) as refused:
        api.machine("web2", networkids=network["id"], ipaddress="10.5.0.77")
    assert refused.value.code == 533


def test_a_full_network_has_no_address(api: Api) -> None:
    network = api.network(gateway="10.5.0.1", netmask="255.255.255.252")
    api.machine("web1", networkids=network["id"])
    with pytest.raises(Refused) as refused:
        api.machine("web2", networkids=network["id"])
    assert refused.value.code == 533


def test_user_data_comes_back_and_is_limited(api: Api) -> None:
    machine = api.machine(userdata=DATA)
    assert api.call("getVirtualMachineUserData", virtualmachineid=machine["id"])["virtualmachineuserdata"]["userdata"] == DATA
    long = base64.b64encode(b"x" * 5000).decode()
    with pytest.raises(Refused, match="GET"):
        api.call("deployVirtualMachine", method="GET", **api.machine_parameters(name="w2", userdata=long))
    assert api.machine("w2", userdata=long)["state"] == "Running"
    with pytest.raises(Refused, match="bytes"):
        api.machine("w3", userdata=base64.b64encode(b"x" * 32769).decode())


def test_what_needs_a_stopped_machine(api: Api) -> None:
    machine = api.machine()
    medium = api.offering("listServiceOfferings", "Medium Instance")
    with pytest.raises(Refused, match="Running"):
        api.call("changeServiceForVirtualMachine", id=machine["id"], serviceofferingid=medium)
    api.do("stopVirtualMachine", id=machine["id"])
    changed = api.call("changeServiceForVirtualMachine", id=machine["id"], serviceofferingid=medium)["virtualmachine"]
    assert (changed["serviceofferingname"], changed["memory"]) == ("Medium Instance", 1024)


def test_names_and_keywords_choose(api: Api) -> None:
    for name in ("web1", "web10", "db"):
        api.machine(name, displayname=f"the {name}")
    found = {key: [row["name"] for row in api.list("listVirtualMachines", **{key: "web1"})] for key in ("name", "keyword")}
    assert found == {"name": ["web1", "web10"], "keyword": ["web1", "web10"]}
    assert [row["name"] for row in api.list("listVirtualMachines", keyword="the db")] == ["db"]
    assert len(api.list("listVirtualMachines", state="running")) == 3


def test_a_basic_zone_has_security_groups(api: Api) -> None:
    api.call("createSecurityGroup", name="web", description="Web servers")
    api.do(
        "authorizeSecurityGroupIngress", securitygroupname="web", protocol="tcp", startport=80, endport=80, cidrlist="0.0.0.0/0"
    )
    machine = api.machine(zone="Basic", securitygroupnames="web")
    assert [group["name"] for group in machine["securitygroup"]] == ["web"]
    with pytest.raises(Refused) as refused:
        api.call("deleteSecurityGroup", name="web")
    assert refused.value.code == 536
    assert api.machine("plain", zone="Basic")["securitygroup"][0]["name"] == "default"


def test_a_limit_is_a_limit(cloud: Simulator) -> None:
    admin, user = Api(cloud), Api(cloud, "demo")
    domain = admin.list("listDomains")[0]["id"]
    admin.call("updateResourceLimit", account="demo", domainid=domain, resourcetype=0, max=1)
    user.machine("web1")
    with pytest.raises(Refused) as refused:
        user.machine("web2")
    assert (refused.value.code, refused.value.cserror) == (535, 4370)
    assert user.one("listResourceLimits", resourcetype=0)["max"] == 1


def test_volumes_attach_grow_and_go(api: Api) -> None:
    machine = api.machine()
    small = api.offering("listDiskOfferings", "Small")
    volume = api.do("createVolume", name="data", zoneid=api.zone(), diskofferingid=small)
    assert volume["state"] == "Allocated"
    assert api.do("attachVolume", id=volume["id"], virtualmachineid=machine["id"])["state"] == "Ready"
    with pytest.raises(Refused, match="attached"):
        api.call("deleteVolume", id=volume["id"])
    custom = api.offering("listDiskOfferings", "Custom")
    assert api.do("resizeVolume", id=volume["id"], diskofferingid=custom, size=9)["size"] == 9 << 30
    with pytest.raises(Refused, match="shrink"):
        api.call("resizeVolume", id=volume["id"], size=1)
    api.do("detachVolume", id=volume["id"])
    assert api.call("deleteVolume", id=volume["id"]) == {"success": "true"}


def test_a_template_downloads_before_it_is_ready(api: Api) -> None:
    api.cloud.control("POST", "options", {"template_seconds": 60})
    about = {"displaytext": "Golden", "format": "QCOW2", "hypervisor": "KVM", "url": "http://192.0.2.80/x", "zoneid": api.zone()}
    template = api.call("registerTemplate", name="golden", **about)["template"][0]
    assert (template["isready"], "Downloaded" in template["status"]) == (False, True)
    with pytest.raises(Refused, match="not ready"):
        api.call("deployVirtualMachine", **{**api.machine_parameters(), "templateid": template["id"]})
    api.cloud.control("POST", "clock", {"advance": 61})
    assert api.one("listTemplates", templatefilter="self", id=template["id"])["isready"] is True


def test_a_key_pair_in_use_stays(api: Api) -> None:
    api.call("createSSHKeyPair", name="deploy")
    machine = api.machine(keypair="deploy")
    with pytest.raises(Refused) as refused:
        api.call("deleteSSHKeyPair", name="deploy")
    assert refused.value.code == 536
    api.do("destroyVirtualMachine", id=machine["id"], expunge=True)
    assert api.call("deleteSSHKeyPair", name="deploy") == {"success": "true"}
    assert api.list("listSSHKeyPairs") == []


def test_a_key_pair_that_came_by_a_reset_may_go(api: Api) -> None:
    api.call("createSSHKeyPair", name="deploy")
    machine = api.machine(startvm=False)
    assert api.do("resetSSHKeyForVirtualMachine", id=machine["id"], keypair="deploy")["keypairs"] == "deploy"
    assert api.call("deleteSSHKeyPair", name="deploy") == {"success": "true"}


def test_projects_keep_their_own(cloud: Simulator) -> None:
    admin, user = Api(cloud), Api(cloud, "demo")
    project = admin.do("createProject", name="launch", displaytext="The launch")
    machine = admin.machine(projectid=project["id"])
    assert (machine["project"], "account" in machine) == ("launch", False)
    assert admin.list("listVirtualMachines", listall=True) == []
    assert (
        len(admin.list("listVirtualMachines", projectid=project["id"]))
        == len(admin.list("listVirtualMachines", projectid=-1))
        == 1
    )
    with pytest.raises(Refused) as refused:
        user.call("listVirtualMachines", projectid=project["id"])
    assert refused.value.code == 531
    admin.do("addAccountToProject", projectid=project["id"], account="demo")
    assert len(user.list("listVirtualMachines", projectid=project["id"])) == 1
    admin.do("deleteProject", id=project["id"])
    assert cloud.state("virtualmachine") == []


def test_events_tell_what_happened(api: Api) -> None:
    machine = api.machine()
    events = api.list("listEvents", resourceid=machine["id"], type="VM.CREATE")
    assert [event["state"] for event in events] == ["Completed", "Started", "Scheduled"]
    assert {event["parentid"] for event in events[:2]} == {events[2]["id"]}
