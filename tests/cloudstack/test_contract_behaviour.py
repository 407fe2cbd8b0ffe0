# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""What objects do, and whose they are: templates, ACLs, limits, room, domains; answers that can always be read."""

from __future__ import annotations

import base64
import xml.etree.ElementTree as ET
from typing import Any

import pytest
import requests

from .api import TIER, Api, Refused


def refusal(api: Api, command: str, **parameters: Any) -> tuple[int, str]:
    """Code and text of a call that must fail, at once or in its job."""
    try:
        answer = api.call(command, **parameters)
    except Refused as refused:
        return refused.code, refused.text
    job = api.poll(answer["jobid"])
    assert job["jobstatus"] == 2, job
    return job["jobresultcode"], job["jobresult"]["errortext"]


def user(api: Api, name: str, kind: int, domain: str) -> Api:
    """A user of an account of its own."""
    person = {"username": name, "firstname": name, "lastname": name, "email": f"{name}@example.com", "password": "p"}
    account = api.call("createAccount", **person, accounttype=kind, domainid=domain)["account"]
    keys = api.call("registerUserKeys", id=account["user"][0]["id"])["userkeys"]
    other = Api(api.cloud)
    other.key, other.secret = keys["apikey"], keys["secretkey"]
    return other


def vpc(api: Api, **more: Any) -> dict[str, Any]:
    offering = api.offering("listVPCOfferings", "Default VPC offering")
    site = {"name": "plant", "displaytext": "plant", "cidr": "10.30.0.0/16", "vpcofferingid": offering}
    return api.do("createVPC", **site, zoneid=api.zone(), **more)


@pytest.fixture(name="rule")
def _rule(api: Api) -> dict[str, Any]:
    acl = api.do("createNetworkACLList", name="web", vpcid=vpc(api)["id"])
    ports = {"protocol": "tcp", "startport": 80, "endport": 81, "cidrlist": "0.0.0.0/0"}
    return api.do("createNetworkACL", aclid=acl["id"], **ports)


@pytest.mark.parametrize("source", ["volumeid", "snapshotid"])
def test_a_template_of_a_disk(api: Api, source: str) -> None:
    machine = api.machine(startvm=False)
    root = api.one("listVolumes", virtualmachineid=machine["id"])
    ids = {"volumeid": root["id"], "snapshotid": api.do("createSnapshot", volumeid=root["id"])["id"]}
    about = {"name": "golden", "displaytext": "golden", "ostypeid": api.list("listOsTypes")[0]["id"]}
    made = api.do("createTemplate", **about, **{source: ids[source]})
    assert (made["isready"], made["size"], made["zoneid"]) == (True, root["size"], api.zone())
    assert api.machine("web2", templateid=made["id"])["templatename"] == "golden"


@pytest.mark.parametrize("command", ["extractTemplate", "extractVolume"])
def test_an_extraction_needs_a_mode_that_there_is(api: Api, command: str) -> None:
    machine = api.machine(startvm=False)
    kind = {"extractTemplate": machine["templateid"], "extractVolume": api.one("listVolumes")["id"]}[command]
    assert refusal(api, command, id=kind, mode="PIGEON", zoneid=api.zone())[0] == 431
    assert api.do(command, id=kind, mode="HTTP_DOWNLOAD", zoneid=api.zone())["url"].startswith("http")


def test_a_rule_of_an_acl_keeps_what_is_not_sent(api: Api, rule: dict[str, Any]) -> None:
    changed = api.do("updateNetworkACLItem", id=rule["id"], cidrlist="10.0.0.0/8")
    assert changed == {**rule, "cidrlist": "10.0.0.0/8"}


def test_acls_are_whose_the_vpc_is(api: Api, rule: dict[str, Any]) -> None:
    other = Api(api.cloud, "demo")
    assert {one["name"] for one in other.list("listNetworkACLLists", listall=True)} == {"default_allow", "default_deny"}
    assert rule["id"] not in [one["id"] for one in other.list("listNetworkACLs", listall=True)]
    for command, key in (("deleteNetworkACL", rule["id"]), ("deleteNetworkACLList", rule["aclid"])):
        assert refusal(other, command, id=key)[0] == 531


def test_acls_of_a_vpc_in_a_project_are_found_by_the_vpc(api: Api) -> None:
    project = api.do("createProject", name="line", displaytext="line")["id"]
    site = vpc(api, projectid=project)["id"]
    acl = api.do("createNetworkACLList", name="web", vpcid=site)["id"]
    names = ["default_allow", "default_deny", "web"]
    assert sorted(one["name"] for one in api.list("listNetworkACLLists", vpcid=site)) == names
    assert sorted(one["name"] for one in api.list("listNetworkACLLists")) == names[:2]
    assert api.list("listNetworkACLLists", projectid=project)[0]["id"] == acl


def test_only_tiers_have_acls(api: Api) -> None:
    network = api.network()["id"]
    assert refusal(api, "createNetworkACL", networkid=network, protocol="all")[0] == 431


def test_tags_are_whose_the_object_is(api: Api) -> None:
    tag = {"resourceids": api.network()["id"], "resourcetype": "Network", "tags[0].key": "a", "tags[0].value": "b"}
    api.do("createTags", **tag)
    assert [one["value"] for one in api.list("listTags")] == ["b"]
    assert Api(api.cloud, "demo").list("listTags", listall=True) == []


def test_tags_of_what_is_nobodys_are_of_who_made_them(api: Api) -> None:
    project = api.do("createProject", name="line", displaytext="line")["id"]
    for key, kind in ((api.zone(), "Zone"), (project, "Project")):
        api.do("createTags", resourceids=key, resourcetype=kind, **{"tags[0].key": "a", "tags[0].value": "b"})
        assert api.one("listTags", resourceid=key)["account"] == "admin"


@pytest.mark.parametrize(("kind", "most"), [(8, 1), (9, 512), (0, 1), (2, 1)], ids=["cores", "memory", "machines", "disks"])
def test_limits_of_machines(api: Api, kind: int, most: int) -> None:
    other = Api(api.cloud, "demo")
    account = api.one("listAccounts", name="demo")
    api.call("updateResourceLimit", account="demo", domainid=account["domainid"], resourcetype=kind, max=most)
    other.machine("web1")
    assert refusal(other, "deployVirtualMachine", **other.machine_parameters(name="web2"))[0] == 535
    assert [one["name"] for one in other.list("listVirtualMachines")] == ["web1"]


def test_accounts_tell_what_they_have_and_may_have(api: Api) -> None:
    account = api.one("listAccounts", name="demo")
    assert (account["vmtotal"], account["vmlimit"], account["vmavailable"]) == (0, "Unlimited", "Unlimited")
    api.call("updateResourceLimit", account="demo", domainid=account["domainid"], resourcetype=0, max=3)
    Api(api.cloud, "demo").machine()
    account = api.one("listAccounts", name="demo")
    assert (account["vmtotal"], account["vmlimit"], account["vmavailable"]) == (1, "3", "2")
    assert (account["vmrunning"], account["vmstopped"], account["memorytotal"]) == (1, 0, 512)


def test_hosts_in_maintenance_take_no_machines(api: Api) -> None:
    for host in api.list("listHosts", zoneid=api.zone()):
        api.do("prepareHostForMaintenance", id=host["id"])
    code, text = refusal(api, "deployVirtualMachine", **api.machine_parameters(name="web1"))
    assert (code, "no host has room" in text) == (533, True)
    assert api.one("listVirtualMachines")["state"] == "Error"


def test_a_machine_larger_than_any_host_finds_no_room(api: Api) -> None:
    sizes = {"cpunumber": 4096, "cpuspeed": 1000, "memory": 1024}
    offering = api.call("createServiceOffering", name="huge", displaytext="huge", **sizes)["serviceoffering"]
    wanted = {**api.machine_parameters(name="web1"), "serviceofferingid": offering["id"]}
    assert refusal(api, "deployVirtualMachine", **wanted)[0] == 533


def test_the_first_user_and_the_root_domain_stay(api: Api) -> None:
    admin = api.one("listUsers", username="admin")
    assert refusal(api, "deleteUser", id=admin["id"])[0] == 531
    assert refusal(api, "deleteDomain", id=admin["domainid"], cleanup=True)[0] == 536
    assert api.one("listUsers", username="admin") == admin


def test_domain_administrators_see_their_domain(api: Api) -> None:
    west = api.call("createDomain", name="west")["domain"]["id"]
    south = api.call("createDomain", name="south", parentdomainid=west)["domain"]["id"]
    ruler, member = user(api, "ruler", 2, west), user(api, "member", 0, south)
    seen = {
        who: [{one.get("name", one.get("username")) for one in calls.list(command)} for command in WHO]
        for who, calls in {"ruler": ruler, "member": member}.items()
    }
    assert seen["ruler"] == [{"ruler", "member"}, {"ruler", "member"}, {"west", "south"}]
    assert seen["member"] == [{"member"}, {"member"}, {"south"}]


WHO = ("listAccounts", "listUsers", "listDomains")


@pytest.mark.parametrize(("method", "size", "fits"), [("GET", 2048, True), ("GET", 6000, False), ("POST", 32768, True)])
def test_user_data_in_a_url_is_short(api: Api, method: str, size: int, fits: bool) -> None:
    data = base64.b64encode(b"x" * size).decode()
    answer = api.send("registerUserData", method=method, name="setup", userdata=data)
    assert answer.status_code == (200 if fits else 431)


def test_a_setting_that_is_a_number_stays_one(api: Api) -> None:
    assert refusal(api, "updateConfiguration", name="vm.userdata.max.length", value="much")[0] == 431
    assert api.call("updateConfiguration", name="vm.userdata.max.length", value="64")["configuration"]["value"] == "64"
    data = base64.b64encode(b"x" * 65).decode()
    assert refusal(api, "deployVirtualMachine", **api.machine_parameters(userdata=data))[0] == 431


def test_a_machine_is_seen_going(api: Api) -> None:
    machine = api.machine(startvm=False)
    api.cloud.control("POST", "options", {"job_seconds": 10})
    job = api.call("destroyVirtualMachine", id=machine["id"], expunge=True)["jobid"]
    states = []
    while api.poll(job)["jobstatus"] == 0:
        states += [one["state"] for one in api.list("listVirtualMachines", id=machine["id"])]
        api.cloud.control("POST", "clock", {"advance": 10.5})
    assert states == ["Expunging"]


def test_a_day_that_is_none_is_refused(api: Api) -> None:
    assert refusal(api, "listEvents", startdate="yesterday")[0] == 431
    api.network()
    assert api.list("listEvents", startdate="2001-01-01 00:00:00")
    assert api.list("listEvents", startdate="2999-01-01") == []


def test_a_page_where_none_can_be_asked_for_is_ignored(api: Api) -> None:
    assert api.call("listHypervisors", page="many")["count"] == 2


def test_an_unknown_job_is_told_as_an_unknown_id(api: Api) -> None:
    code, text = refusal(api, "queryAsyncJobResult", jobid="nothing")
    assert (code, text.partition(" due to ")[0]) == (431, "Unable to execute API command queryasyncjobresult")
    assert "Invalid parameter jobid value=nothing due to incorrect long value format, or entity does not exist" in text


@pytest.mark.parametrize("text", ["a\x00b", "\x0b", "\ufffe"], ids=["NUL", "tab", "no character"])
def test_xml_can_be_parsed_whatever_is_in_it(api: Api, text: str) -> None:
    answer = api.send("createNetwork", raw={"response": "xml"}, name=text, zoneid=text, networkofferingid=text)
    assert (answer.status_code, ET.fromstring(answer.content).findtext("errorcode")) == (431, "431")


def test_keys_of_details_are_names_in_xml(api: Api) -> None:
    machine = api.machine(**{"details[0].2 cpus <": "x"})
    found = requests.get(api.cloud.open_endpoint, params={"command": "listVirtualMachines"}, timeout=10)
    assert ET.fromstring(found.content).findtext("virtualmachine/id") == machine["id"]


def test_a_tier_is_deleted_before_its_acl(api: Api, rule: dict[str, Any]) -> None:
    acl = api.one("listNetworkACLLists", id=rule["aclid"])
    inside = {"gateway": "10.30.1.1", "netmask": "255.255.255.0", "vpcid": acl["vpcid"], "aclid": acl["id"]}
    tier = api.network("web", TIER, **inside)
    assert refusal(api, "deleteNetworkACLList", id=acl["id"])[0] == 530
    api.do("deleteNetwork", id=tier["id"])
    assert api.do("deleteNetworkACLList", id=acl["id"]) == {"success": True}
