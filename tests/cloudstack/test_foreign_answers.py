# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Members and texts of answers that clients nobody here wrote look for."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from nitrox.cloudstack.testing import Simulator

from .api import TIER, Api, Refused


def vpc(api: Api, cidr: str = "10.5.0.0/16") -> dict[str, Any]:
    offering = api.one("listVPCOfferings", name="Default VPC offering")["id"]
    return api.do("createVPC", name="v", displaytext="v", cidr=cidr, zoneid=api.zone(), vpcofferingid=offering)


def test_a_vpc_has_the_cidr_that_was_asked_for(api: Api) -> None:
    assert vpc(api, "10.10.1.0/16")["cidr"] == "10.10.1.0/16"


def test_a_network_says_whose_it_is(api: Api) -> None:
    tier = api.network("t1", TIER, vpcid=vpc(api)["id"], gateway="10.5.1.1", netmask="255.255.255.0")
    assert (api.network()["acltype"], tier["acltype"]) == ("Account", "Account")


def test_offerings_keep_the_tags_of_storage_and_hosts(api: Api) -> None:
    disk = api.call("createDiskOffering", name="d", displaytext="d", disksize=1, tags="eco,backup")["diskoffering"]
    assert disk["tags"] == "eco,backup"
    size = {"cpunumber": 1, "cpuspeed": 500, "memory": 512}
    made = api.call("createServiceOffering", name="s", displaytext="s", tags="eco", hosttags="gpu", **size)["serviceoffering"]
    assert (made["storagetags"], made["hosttags"]) == ("eco", "gpu")


def test_an_egress_rule_that_is_there_is_told_in_the_words_of_cloudstack(api: Api) -> None:
    network = api.network()["id"]
    for protocol, more, words in (
        ("tcp", {}, "There is already a firewall rule specified with protocol = tcp and no ports"),
        ("icmp", {"icmptype": -1, "icmpcode": -1}, "New rule conflicts with existing rule"),
        ("udp", {"startport": 1, "endport": 9}, "The range specified, 1-9, conflicts with rule"),
    ):
        api.do("createEgressFirewallRule", networkid=network, protocol=protocol, **more)
        with pytest.raises(Refused, match=words) as refused:
            api.call("createEgressFirewallRule", networkid=network, protocol=protocol, **more)
        assert refused.value.code == 537


def test_a_free_address_can_be_found_and_taken_by_its_id(api: Api) -> None:
    shown = api.list("listPublicIpAddresses", allocatedonly=False, zoneid=api.zone())
    free = next(row for row in shown if "allocated" not in row)
    assert free["state"] == "Free"
    assert None not in free.values()
    taken = api.do("associateIpAddress", ipaddress=free["ipaddress"], networkid=api.network()["id"])
    assert (taken["id"], taken["state"], "allocated" in taken) == (free["id"], "Allocated", True)


def test_a_vpc_offering_says_whether_it_is_distributed(api: Api) -> None:
    given = {"name": "o", "displaytext": "o", "supportedservices": "Dns,Dhcp"}
    made = api.do("createVPCOffering", **given)
    assert (made["distributedvpcrouter"], made["supportsregionLevelvpc"]) == (False, False)
    capability = {"service": "Connectivity", "capabilitytype": "DistributedRouter", "capabilityvalue": "true"}
    more = {f"servicecapabilitylist[0].{name}": value for name, value in capability.items()}
    assert api.do("createVPCOffering", **given | {"name": "p"}, **more)["distributedvpcrouter"] is True


def test_a_protocol_by_number_keeps_its_ports(api: Api) -> None:
    acl = api.do("createNetworkACLList", name="a", vpcid=vpc(api)["id"])
    rule = api.do("createNetworkACL", aclid=acl["id"], protocol="8", startport=81, endport=81, cidrlist="0.0.0.0/0")
    assert (rule["protocol"], rule["startport"]) == ("8", "81")
    with pytest.raises(Refused, match="no ports"):
        api.job("createNetworkACL", aclid=acl["id"], protocol="all", startport=81)


@pytest.mark.parametrize("username", ["admin", "demo"])
def test_every_account_has_the_default_security_group(cloud: Simulator, username: str) -> None:
    assert [row["name"] for row in Api(cloud, username).list("listSecurityGroups")] == ["default"]


def test_new_accounts_and_projects_have_the_default_security_group(api: Api) -> None:
    person = {"email": "a@example.com", "firstname": "a", "lastname": "b", "password": "c"}
    account = api.call("createAccount", username="u1", **person)["account"]
    project = api.do("createProject", name="p", displaytext="p")
    assert api.one("listSecurityGroups", account="u1", domainid=account["domainid"])["name"] == "default"
    assert api.one("listSecurityGroups", projectid=project["id"])["name"] == "default"
    api.call("deleteProject", id=project["id"])
    assert len(api.cloud.state("securitygroup")) == 3


def test_unknown_key_pairs_are_refused_in_the_words_of_cloudstack(api: Api) -> None:
    with pytest.raises(Refused, match="Not all specified keyparis exist"):
        api.call("deployVirtualMachine", **api.machine_parameters(name="w", keypairs="nobody"))


def test_a_password_that_the_template_does_not_take_fails_in_the_job(api: Api) -> None:
    api.network()
    machine = api.machine()
    job = api.job("resetPasswordForVirtualMachine", id=machine["id"])
    assert job["jobstatus"] == 2
    assert job["jobresult"]["errortext"].endswith("the template is not password enabled")


@pytest.mark.parametrize(
    ("name", "scope", "by"),
    [
        ("use.external.dns", "zone", ("zoneid", "listZones")),
        ("cpu.overprovisioning.factor", "cluster", ("clusterid", "listClusters")),
        ("storage.overprovisioning.factor", "storagepool", ("storageid", "listStoragePools")),
        ("allow.public.user.templates", "account", ("accountid", "listAccounts")),
        ("agent.load.threshold", "global", None),
        ("consoleproxy.sslEnabled", "global", None),
        ("network.loadbalancer.haproxy.stats.visibility", "global", None),
        ("vmware.recycle.hung.wokervm", "global", None),
    ],
)
def test_a_setting_is_known_by_its_name_and_scope(api: Api, name: str, scope: str, by: tuple[str, str] | None) -> None:
    where = {by[0]: api.list(by[1])[0]["id"]} if by else {}
    (found,) = [row for row in api.list("listConfigurations", name=name, **where) if row["name"] == name]
    assert (found["scope"], "id" in found) == (scope, False)  # cloudstack-go reads id as a number
    assert api.call("updateConfiguration", name=name, value="7", **where)["configuration"]["value"] == "7"


def test_a_domain_has_limits_of_its_own(api: Api) -> None:
    domain = api.call("createDomain", name="d")["domain"]["id"]
    assert api.call("updateResourceLimit", domainid=domain, resourcetype=0, max=0)["resourcelimit"]["domain"] == "d"
    limit = api.one("listResourceLimits", domainid=domain, resourcetype=0)
    assert (limit["max"], limit["domainid"], "account" in limit) == (0, domain, False)
    assert api.one("listResourceLimits", resourcetype=0)["max"] == -1
    person = {"email": "a@example.com", "firstname": "a", "lastname": "b", "password": "c"}
    api.call("createAccount", username="u1", domainid=domain, **person)
    with pytest.raises(Refused) as refused:
        api.call("deployVirtualMachine", **api.machine_parameters("Basic", name="w", account="u1", domainid=domain))
    assert refused.value.code == 535


def test_gateways_have_the_defaults_of_cloudstack(api: Api) -> None:
    policies = {"ikepolicy": "aes256-sha1;modp1536", "esppolicy": "aes256-sha1;modp1536", "ipsecpsk": "s3cret"}
    made = api.do("createVpnCustomerGateway", name="g", gateway="10.123.1.1", cidrlist="192.168.123.0/24", **policies)
    assert (made["dpd"], made["forceencap"], made["ikelifetime"], made["esplifetime"]) == (False, False, 86400, 3600)
    place = {"gateway": "10.11.11.1", "netmask": "255.255.255.0", "ipaddress": "10.11.11.2", "vlan": "400"}
    private = api.do("createPrivateGateway", vpcid=vpc(api)["id"], **place)
    assert (private["vlan"], private["state"], private["sourcenatsupported"]) == ("vlan://400", "Ready", False)


def pem() -> tuple[str, str, str]:
    """A certificate, its key and its fingerprint."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "test")])
    now = datetime.datetime.now(datetime.UTC)
    builder = x509.CertificateBuilder(name, name, key.public_key(), 1, now, now + datetime.timedelta(days=1))
    made = builder.sign(key, hashes.SHA256())
    text = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )  # fmt: skip
    digest = made.fingerprint(hashes.SHA1()).hex(":").upper()
    return made.public_bytes(serialization.Encoding.PEM).decode(), text.decode(), digest


def test_a_certificate_shows_its_fingerprint_and_never_its_key(api: Api) -> None:
    certificate, key, digest = pem()
    api.call("uploadSslCert", name="c", certificate=certificate, privatekey=key, password="s3cret")
    account = api.one("listAccounts", name="admin")["id"]
    found = api.one("listSslCerts", accountid=account)
    assert (found["name"], found["fingerprint"], found["certificate"]) == ("c", digest, certificate)
    assert not {"privatekey", "password"} & found.keys()
    assert api.list("listSslCerts", accountid=api.one("listAccounts", name="demo", listall=True)["id"]) == []


def test_a_zone_has_a_token_and_a_basic_one_security_groups(api: Api) -> None:
    made = api.call("createZone", name="z", networktype="Basic", dns1="192.0.2.1", internaldns1="192.0.2.1")["zone"]
    assert made["zonetoken"]
    assert made["securitygroupsenabled"] is True


def test_a_new_region_has_no_portable_addresses(api: Api) -> None:
    made = api.call("addRegion", id=2, name="geneva", endpoint="https://example.com")["region"]
    assert (made["gslbserviceenabled"], made["portableipserviceenabled"]) == (True, False)


def test_templates_can_be_found_by_the_family_of_their_system(api: Api) -> None:
    families = {row["id"]: row["name"] for row in api.list("listOsCategories")}
    kinds = {row["description"]: families[row["oscategoryid"]] for row in api.list("listOsTypes")}
    assert (kinds["Debian GNU/Linux 7(64-bit)"], kinds["CentOS 5.6 (64-bit)"]) == ("Debian", "CentOS")
    assert api.one("listOsCategories", name="CentOS")["id"] in families


def test_a_command_line_learns_the_commands_from_the_cloud(api: Api) -> None:
    known = {one["name"]: one for one in api.list("listApis")}
    deploy = known["deployVirtualMachine"]
    assert (deploy["isasync"], bool(deploy["description"])) == (True, True)
    parameters = {one["name"]: one for one in deploy["params"]}
    assert (parameters["zoneid"]["type"], parameters["zoneid"]["required"], parameters["zoneid"]["related"]) == (
        "uuid", True, "listZones",
    )  # fmt: skip
    assert set(parameters["name"]) >= {"name", "description", "type", "length", "required"}
    members = {one["name"]: one for one in known["listVirtualMachines"]["response"]}
    assert members["state"]["type"] == "string"
    assert "ipaddress" in {one["name"] for one in members["nic"]["response"]}
    assert "startVirtualMachine" in deploy["related"].split(",")
    assert [one["name"] for one in known["deleteVolume"]["response"]][:2] == ["success", "displaytext"]
    assert all(one["response"] for one in known.values())


def test_an_error_is_also_told_in_a_header(api: Api) -> None:
    refused = api.send("createNetwork", name="é")
    assert refused.headers["X-Description"] == refused.json()["createnetworkresponse"]["errortext"]
    assert "X-Description" not in api.send("listZones").headers
    assert "Invalid parameter id value=? due to" in api.send("listZones", id="é").headers["X-Description"]


def test_the_keys_are_told_where_the_container_of_the_suite_tells_them(cloud: Simulator) -> None:
    told = requests.get(f"{cloud.url}/admin.json", timeout=10).json()
    assert (told["apikey"], told["secretkey"], told["username"]) == (cloud.key, cloud.secret, "admin")


def test_no_shared_key_is_in_the_log(cloud: Simulator, api: Api) -> None:
    policies = {"ikepolicy": "aes256-sha1;modp1536", "esppolicy": "aes256-sha1;modp1536", "ipsecpsk": "s3cret"}
    api.do("createVpnCustomerGateway", gateway="10.123.1.1", cidrlist="192.168.123.0/24", **policies)
    assert "s3cret" not in str(cloud.log())


def test_a_session_is_a_cookie_and_a_key(cloud: Simulator) -> None:
    http = requests.Session()
    login = {"command": "login", "username": "admin", "password": "password", "domain": "/", "response": "json"}
    http.post(cloud.endpoint, data=login, timeout=10)
    key = http.cookies["sessionkey"]
    given = {"command": "listZones", "response": "json", "sessionkey": key}
    assert http.get(cloud.endpoint, params=given, timeout=10).json()["listzonesresponse"]["count"] == 2
    assert requests.get(cloud.endpoint, params=given, timeout=10).status_code == 401
    assert requests.post(cloud.endpoint, data={**login, "password": "x"}, timeout=10).status_code == 531
