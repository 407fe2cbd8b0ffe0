# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""What other modules for CloudStack are known to get wrong, one test each."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ansible_collections.nitrox.netscaler.plugins.module_utils.cloudstack import options
from ansible_collections.nitrox.netscaler.plugins.module_utils.cloudstack.errors import Incomplete, Invalid
from ansible_collections.nitrox.netscaler.plugins.module_utils.cloudstack.hosts import hosts
from nitrox.cloudstack.testing import Simulator

from .cluster import build, client, description, mine, polls

GIVEN = {"state": "present", "validate_certs": True, "ca_path": None, "api_timeout": 5, "retry_for": 5, "job_timeout": 5}


def test_every_defect_has_a_test() -> None:
    """There are 19 of them, and the number of each is in the name of a test here."""
    numbers = {int(name.split("_")[1]) for name in globals() if name.startswith("test_") and name.split("_")[1].isdigit()}
    assert numbers == set(range(1, 20))


def test_1_a_job_that_failed_with_a_text_is_a_failure(cloud: Simulator) -> None:
    cloud.faults(
        {"fault": "job_fails", "command": "deployVirtualMachine", "shape": "text", "message": "no room", "errorcode": 533}
    )
    with pytest.raises(Incomplete, match=r"machine shop-lb-1: \w+: CloudStack error 533: no room"):
        build(cloud)


@pytest.mark.parametrize("fault", [{"fault": "job_fails", "shape": "none"}, {"fault": "job_hangs"}])
def test_2_a_job_without_a_result_ends_the_wait(cloud: Simulator, fault: dict[str, Any]) -> None:
    cloud.faults({**fault, "command": "deployVirtualMachine"})
    with pytest.raises(Incomplete, match=r"machine shop-lb-1: .*(no reason given|did not end after 30 seconds \(job )"):
        build(cloud, patience=30.0)
    assert cloud.count("queryAsyncJobResult") < 30
    assert cloud.count("deployVirtualMachine") == 4  # the others were made nevertheless


def test_3_reads_are_repeated(cloud: Simulator) -> None:
    cloud.faults(
        {"fault": "drop_before", "command": "list*", "times": 3}, {"fault": "html", "command": "listNetworks", "times": 2}
    )
    assert len(build(cloud).machines) == 4


def test_4_a_lost_answer_costs_no_address(cloud: Simulator) -> None:
    cloud.faults({"fault": "drop_after", "command": "associateIpAddress"})
    build(cloud)
    assert len(mine(cloud, "publicipaddress")) == 3  # two and the source NAT
    assert cloud.count("associateIpAddress") == 2


def test_5_more_tags_on_an_address_do_no_harm(cloud: Simulator) -> None:
    address = build(cloud).addresses["front"]
    row = next(row for row in mine(cloud, "publicipaddress") if row["ipaddress"] == address)
    api = client(cloud)
    api.write("createTags", resourcetype="PublicIpAddress", resourceids=[row["id"]], tags={"a": "1", "owner": "us"})
    api.close()
    again = build(cloud)
    assert (again.steps, again.addresses["front"]) == ([], address)


def test_6_addresses_are_known_again(cloud: Simulator) -> None:
    addresses = [build(cloud).addresses for run in range(3)]
    assert addresses[0] == addresses[1] == addresses[2]
    assert cloud.count("associateIpAddress") == 2


def test_7_a_changed_destination_is_a_change(cloud: Simulator) -> None:
    build(cloud)
    wanted = description()
    wanted["egress"][0]["to"] = ["203.0.113.0/24"]
    assert [(step.verb, step.kind) for step in build(cloud, wanted).steps] == [("remove", "egress")] * 2 + [
        ("create", "egress")
    ] * 2
    assert {row["destcidrlist"] for row in mine(cloud, "firewallrule") if row["traffictype"] == "Egress"} == {"203.0.113.0/24"}


def test_8_changed_ports_and_sources_are_changes(cloud: Simulator) -> None:
    build(cloud)
    wanted = description()
    wanted["addresses"][0]["firewall"][0] = {"ports": [81], "cidrs": ["203.0.113.0/24"]}
    build(cloud, wanted)
    found = {(row["startport"], row["cidrlist"]) for row in mine(cloud, "firewallrule") if row["traffictype"] == "Ingress"}
    assert {(int(port), cidrs) for port, cidrs in found if int(port) < 1000} == {(81, "203.0.113.0/24")}
    assert build(cloud, wanted).steps == []


def test_8_changed_protocols_and_public_ports_are_changes(cloud: Simulator) -> None:
    build(cloud)
    wanted = description()
    wanted["addresses"][1]["firewall"][0]["protocol"] = "udp"
    wanted["groups"][1]["forward"][0] |= {"port": 2301, "protocol": "udp"}
    build(cloud, wanted)
    assert {(row["protocol"], int(row["publicport"])) for row in mine(cloud, "portforwardingrule")} == {
        ("udp", port) for port in (2301, 2302, 2303)
    }
    assert "udp" in {row["protocol"] for row in mine(cloud, "firewallrule")}
    assert build(cloud, wanted).steps == []


def test_9_a_lost_answer_makes_no_second_machine(cloud: Simulator) -> None:
    cloud.faults({"fault": "drop_after", "command": "deployVirtualMachine", "times": 2})
    build(cloud)
    assert sorted(row["name"] for row in mine(cloud, "virtualmachine")) == ["shop-lb-1", "shop-web-1", "shop-web-2", "shop-web-3"]
    assert cloud.count("deployVirtualMachine") == 4


def test_10_no_variable_switches_the_check_of_certificates_off(monkeypatch: pytest.MonkeyPatch) -> None:
    for value in ("true", "false"):
        monkeypatch.setenv("CLOUDSTACK_DANGEROUS_NO_TLS_VERIFY", value)
        assert options.account({**GIVEN, "api_url": "https://cloud.example/client/api"}).verify is True
    assert options.account({**GIVEN, "validate_certs": False, "api_url": "https://cloud.example/client/api"}).verify is False


def test_11_neither_keys_nor_user_data_are_in_results(cloud: Simulator) -> None:
    given: dict[str, Any] = {
        **GIVEN,
        "cluster": description(),
        "api_url": cloud.endpoint,
        "api_key": cloud.key,
        "api_secret": cloud.secret,
    }
    given["cluster"]["groups"][0]["user_data"] = "password: swordfish"
    texts: list[str] = []
    result = options.execute(given, check=False, progress=texts.append)
    assert result["changed"]
    shown = json.dumps(result) + "".join(texts) + repr(options.account(given))
    assert not [secret for secret in (cloud.key, cloud.secret, "swordfish") if secret in shown]


@pytest.mark.parametrize("fault", [{"fault": "revoked"}, {"fault": "html"}, {"fault": "drop_before"}])
def test_11_nor_in_failures(cloud: Simulator, fault: dict[str, Any]) -> None:
    cloud.faults({**fault, "command": "list*", "times": 0})
    given = {**GIVEN, "cluster": description(), "retry_for": 0}
    given |= {"api_url": cloud.endpoint, "api_key": cloud.key, "api_secret": cloud.secret}
    texts: list[str] = []
    result = options.execute(given, check=False, progress=texts.append)
    assert result["failed"]
    shown = json.dumps(result) + "".join(texts)
    assert not [secret for secret in (cloud.key, cloud.secret, "signature=") if secret in shown]


def test_12_a_twin_elsewhere_does_not_matter(cloud: Simulator) -> None:
    api = client(cloud)
    zone = next(row for row in api.list("listZones", "zone") if row["networktype"] == "Basic")
    template = api.list("listTemplates", "template", templatefilter="featured", zoneid=zone["id"])[0]
    offering = api.list("listServiceOfferings", "serviceoffering")[0]
    kind = {"zoneid": zone["id"], "templateid": template["id"], "serviceofferingid": offering["id"]}
    api.write("deployVirtualMachine", name="shop-web-1", displayname="shop-web-1", **kind)
    api.close()
    report = build(cloud)
    assert len(report.machines) == 4
    assert report.foreign == []
    build(cloud, present=False)
    assert [row["zoneid"] for row in mine(cloud, "virtualmachine")] == [zone["id"]]


@pytest.mark.parametrize(
    ("field", "value", "text"),
    [
        ("offering", "Large Instance", "offering is Small Instance, not Large Instance"),
        ("template", "Debian 13 (64-bit)", r"template is Debian 12 \(64-bit\), not Debian 13"),
        ("key", "spare", "key is shop, not spare"),
        ("affinity", [], "affinity is shop-apart, not none"),
        ("user_data", "#CLOUD-config\n", "user_data or root_disk has changed"),
        ("addresses", ["10.20.0.50"], "address is 10.20.*, not 10.20.0.50"),
    ],
)
def test_13_what_can_not_be_changed_is_said(cloud: Simulator, field: str, value: Any, text: str) -> None:
    build(cloud, description(1))
    before = cloud.writes()
    wanted = description(1)
    wanted["groups"][1][field] = value
    with pytest.raises(Invalid, match=f"machine shop-web-1: {text}.*: name it in replace"):
        build(cloud, wanted)
    assert cloud.writes() == before


def test_13_a_changed_network_is_said(cloud: Simulator) -> None:
    build(cloud, description(1))
    before = cloud.writes()
    wanted = description(1, network={"cidr": "10.20.0.0/24"})
    with pytest.raises(Invalid, match=r"network shop has 10.20.0.0/23, not 10.20.0.0/24: that can't change"):
        build(cloud, wanted)
    assert cloud.writes() == before


def test_14_destroyed_means_gone(cloud: Simulator) -> None:
    build(cloud, description(2))
    build(cloud, description(1))
    assert "shop-web-2" not in {row["name"] for row in mine(cloud, "virtualmachine")}
    build(cloud, description(2))


def test_14_who_may_not_expunge_is_told(cloud: Simulator) -> None:
    build(cloud, description(2), user="demo")
    with pytest.raises(Incomplete, match=r"machine shop-web-2: .*only an administrator may expunge.*expunge: false"):
        build(cloud, description(1), user="demo")
    build(cloud, {**description(1), "expunge": False}, user="demo")
    assert build(cloud, {**description(1), "expunge": False}, user="demo").steps == []


def test_15_every_list_is_read_to_its_end(cloud: Simulator) -> None:
    wanted = description(1)
    wanted["addresses"] += [{"name": f"more-{number}"} for number in range(25)]
    wanted["addresses"][1]["firewall"][0]["ports"] = list(range(2201, 2240))
    build(cloud, wanted)
    cloud.control("POST", "options", {"page_size": 20})
    cloud.faults({"fault": "count_high", "command": "listFirewallRules"})
    assert build(cloud, wanted).steps == []


def test_16_a_tilde_is_signed_as_the_cloud_does_it(cloud: Simulator) -> None:
    wanted = description(1, tags={"home": "~ops/a*b c+d=é&f"})
    build(cloud, wanted)
    assert {tag["value"] for tag in cloud.state("tag") if tag["key"] == "home"} == {"~ops/a*b c+d=é&f"}
    assert build(cloud, wanted).steps == []


def test_17_tags_stay_texts_in_the_inventory(cloud: Simulator) -> None:
    odd = {"a": "yes", "b": "01", "c": "a: b", "name": "x", "d": "{{ lookup('pipe', 'id') }}"}
    build(cloud, description(1, tags=odd))
    api = client(cloud)
    found = hosts(api, "shop")
    api.close()
    assert [host.name for host in found] == ["shop-lb-1", "shop-web-1"]
    assert {name: found[1].variables["cloudstack_tags"][name] for name in odd} == odd
    assert found[1].groups == ["shop_machines", "shop_web"]
    assert found[1].variables["ansible_port"] == 2201
    assert sum(api.counts.values()) == 3


def test_18_a_forward_is_led_elsewhere_without_a_gap(cloud: Simulator) -> None:
    build(cloud)
    wanted = description()
    wanted["groups"][1]["forward"][0]["to_port"] = 2222
    report = build(cloud, wanted)
    assert [(step.verb, step.kind) for step in report.steps] == [("update", "forward")] * 3
    assert cloud.count("deletePortForwardingRule") == 0
    assert report.calls["listVirtualMachines"] == 1


def test_19_a_failed_deletion_is_a_failure(cloud: Simulator) -> None:
    build(cloud)
    cloud.faults({"fault": "job_fails", "command": "destroyVirtualMachine", "message": "the agent is away"})
    with pytest.raises(Incomplete, match="the agent is away"):
        build(cloud, present=False)
    build(cloud, present=False)
    assert mine(cloud, "virtualmachine") == []


def test_19_an_offering_without_a_size_is_refused_before_anything_is_made(cloud: Simulator) -> None:
    api = client(cloud)
    api.write("createServiceOffering", name="Custom", displaytext="of any size")
    api.close()
    wanted = description(1)
    wanted["groups"][0]["offering"] = "Custom"
    with pytest.raises(Invalid, match="serviceoffering Custom leaves the size to be given"):
        build(cloud, wanted)
    assert cloud.writes() == {"createServiceOffering": 1}


def test_a_job_is_asked_only_where_the_lists_do_not_tell(cloud: Simulator) -> None:
    assert polls(build(cloud, {**description(9), "addresses": [], "groups": description(9)["groups"][:1]}).calls) == 0


def test_reads_that_are_repeated_say_so(cloud: Simulator) -> None:
    cloud.faults({"fault": "unavailable", "command": "listZones", "seconds": 9})
    given = {**GIVEN, "cluster": description(0, groups=[], addresses=[]), "api_url": cloud.endpoint, "retry_for": 0}
    texts: list[str] = []
    api = client(cloud)
    api.progress = texts.append
    api.list("listZones", "zone")
    api.close()
    assert [text.partition("; ")[2] for text in texts] == [f"it is asked again in {pause} seconds" for pause in (1, 2, 4, 8)]
    assert {text.split(":")[0] for text in texts} == {"listZones"}
    cloud.faults({"fault": "bodyless", "command": "listZones", "times": 0})
    given |= {"api_key": cloud.key, "api_secret": cloud.secret, "retry_for": 2}
    options.execute(given, check=False, progress=texts.append)
    assert texts[4].startswith("listZones: HTTP 503")


def test_progress_says_what_is_waited_for(cloud: Simulator) -> None:
    cloud.control("POST", "options", {"job_seconds": 20})
    texts: list[str] = []
    build(cloud, {**description(2)}, progress=texts.append)
    cloud.control("POST", "options", {"job_seconds": 0})
    assert "machines: waiting for machine shop-lb-1, machine shop-web-1, machine shop-web-2" in "\n".join(texts)
