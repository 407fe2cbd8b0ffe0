# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Addresses, interfaces, rules and DNS records (PROTOCOL 8.6, 21)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from nitrox.simulator.testing import Simulator, running

from .nitro import Nitro


@pytest.fixture(scope="module", name="box")
def _box() -> Iterator[Simulator]:
    with running() as simulator:
        yield simulator


@pytest.fixture(name="nitro")
def _nitro(box: Simulator) -> Nitro:
    box.reset()
    return Nitro(box.url)


def test_an_address_in_two_traffic_domains_is_two_objects(nitro: Nitro) -> None:
    nitro.add("nstrafficdomain", td=5)
    nitro.add("nsip", ipaddress="198.51.100.7", netmask="255.255.255.0", type="SNIP")
    nitro.add("nsip", ipaddress="198.51.100.7", netmask="255.255.255.0", type="VIP", td=5)
    assert [row["td"] for row in nitro.rows("nsip/198.51.100.7?args=td:5")] == ["5"]
    assert nitro.get("nsip/198.51.100.7?args=td:9").errorcode == 946
    assert nitro.delete("nsip/198.51.100.7?args=td:5").status == 200
    assert [row["iptype"] for row in nitro.rows("nsip/198.51.100.7")] == [["SNIP"]]


def test_an_address_that_is_none_is_refused(nitro: Nitro) -> None:
    answer = nitro.post("nsip", {"nsip": {"ipaddress": "300.1.1.1", "netmask": "255.255.255.0"}})
    assert (answer.status, answer.errorcode) == (400, 1110)


def test_an_ipv6_address_shows_its_type_as_iptype(nitro: Nitro) -> None:
    nitro.add("nsip6", ipv6address="2001:db8::5/64", type="SNIP")
    assert nitro.rows("nsip6")[-1]["iptype"] == ["SNIP"]


def test_interfaces_are_there_and_can_be_switched(nitro: Nitro) -> None:
    body = nitro.get("Interface/0%252F1").body
    assert body["Interface"][0]["state"] == "ENABLED"
    assert nitro.post("Interface?action=disable", {"Interface": {"id": "0/1"}}).status == 200
    assert nitro.get("interface/0%252F1").body["Interface"][0]["state"] == "DISABLED"


def test_acls_are_in_the_kernel_after_apply(nitro: Nitro) -> None:
    nitro.add("nsacl", aclname="a", aclaction="ALLOW", srcip=True, srcipval="192.0.2.10", priority=1100)
    assert nitro.rows("nsacl/a")[0]["kernelstate"] == "NOTAPPLIED"
    assert nitro.post("nsacls?action=apply", {"nsacls": {}}).status == 200
    assert nitro.rows("nsacl/a")[0]["kernelstate"] == "APPLIED"


def test_rnat_without_a_name_is_found_by_three_attributes(nitro: Nitro) -> None:
    body = {"rnat": {"network": "192.168.16.0", "netmask": "255.255.240.0", "natip": "172.17.0.2"}}
    assert [nitro.put("rnat", body).status for _time in range(2)] == [200, 200]
    found = nitro.rows("rnat?filter=network:192.168.16.0,netmask:255.255.240.0,natip:172.17.0.2")
    assert [row["natip"] for row in found] == ["172.17.0.2"]


def test_rows_that_a_read_never_shows(nitro: Nitro) -> None:
    nitro.add("vrid", id=7)
    nitro.bind("vrid_interface_binding", id=7, ifnum="1/1")
    assert nitro.rows("vrid_interface_binding/7") == [{"id": "7", "vlan": "1", "flags": "0"}]


@pytest.mark.parametrize("kind", ["dnsaddrec", "dnsmxrec", "dnscnamerec", "dnssrvrec", "dnsaaaarec"])
def test_records_asked_for_without_a_match_are_an_error(nitro: Nitro, kind: str) -> None:
    assert nitro.get(f"{kind}?args=ecssubnet:,type:ADNS").errorcode != 0


def test_records_have_numbers(nitro: Nitro) -> None:
    nitro.add("dnscaarec", domain="example.com", valuestring="ca.example.net")
    number = nitro.rows("dnscaarec/example.com")[0]["recordid"]
    assert nitro.delete(f"dnscaarec/example.com?args=recordid:{number}").status == 200
    assert nitro.get("dnscaarec/example.com").errorcode == 258


@pytest.mark.parametrize(("kind", "attribute"), [("snmpmib", "contact"), ("nshostname", "hostname")])
def test_what_is_always_there_is_updated_without_a_key(nitro: Nitro, kind: str, attribute: str) -> None:
    assert nitro.put(kind, {kind: {attribute: "ops"}}).status == 200
    assert nitro.rows(kind)[0][attribute] == "ops"


def test_every_alarm_is_there(nitro: Nitro) -> None:
    assert nitro.put("snmpalarm/CPU-USAGE", {"snmpalarm": {"trapname": "CPU-USAGE", "time": 10}}).status == 200
    assert nitro.post("snmpalarm?action=disable", {"snmpalarm": {"trapname": "CPU-USAGE"}}).status == 200
    assert nitro.rows("snmpalarm/CPU-USAGE")[0]["state"] == "DISABLED"
