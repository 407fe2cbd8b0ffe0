# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Pattern sets, data sets, string maps, URL sets and GSLB (PROTOCOL 5.2, 7.6, 20, 21)."""

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


def test_patterns_are_numbered_and_spelled_with_a_capital(nitro: Nitro) -> None:
    nitro.add("policypatset", name="p")
    for pattern in ("abc", "ABC"):
        nitro.bind("policypatset_pattern_binding", name="p", String=pattern)
    assert [(row["String"], row["index"]) for row in nitro.rows("policypatset_pattern_binding/p")] == [("abc", "1"), ("ABC", "2")]
    again = nitro.put("policypatset_pattern_binding", {"policypatset_pattern_binding": {"name": "p", "String": "abc"}})
    assert again.errorcode == 2867
    assert nitro.delete("policypatset_pattern_binding/p?args=String:abc").status == 200
    assert [row["String"] for row in nitro.rows("policypatset_pattern_binding/p")] == ["ABC"]


@pytest.mark.parametrize("kind", ["policypatset_pattern_binding", "policydataset_value_binding"])
def test_a_missing_set_has_its_own_code(nitro: Nitro, kind: str) -> None:
    answer = nitro.get(f"{kind}/nope")
    assert (answer.status, answer.errorcode) == (404, 2823)


def test_a_data_set_holds_values_of_its_type(nitro: Nitro) -> None:
    nitro.add("policydataset", name="d", type="ipv4")
    nitro.bind("policydataset_value_binding", name="d", value="192.0.2.1")
    wrong = nitro.put("policydataset_value_binding", {"policydataset_value_binding": {"name": "d", "value": "no address"}})
    assert wrong.errorcode == 1097
    again = nitro.put("policydataset_value_binding", {"policydataset_value_binding": {"name": "d", "value": "192.0.2.1"}})
    assert again.errorcode == 2883


def test_a_key_bound_again_replaces_the_row(nitro: Nitro) -> None:
    nitro.add("policystringmap", name="m")
    nitro.bind("policystringmap_pattern_binding", name="m", key="k", value="v1", comment="first")
    nitro.bind("policystringmap_pattern_binding", name="m", key="k", value="v2")
    rows = nitro.rows("policystringmap_pattern_binding/m")
    assert [(row["value"], row.get("comment", "")) for row in rows] == [("v2", "")]


def test_the_deletion_of_a_url_set_works_and_answers_258(nitro: Nitro) -> None:
    nitro.add("policyurlset", name="u")
    assert nitro.delete("policyurlset/u").errorcode == 258
    assert nitro.rows("policyurlset") == []


def test_a_gslb_service_is_switched_through_service(nitro: Nitro) -> None:
    nitro.add("gslbsite", sitename="s", siteipaddress="192.0.2.50")
    nitro.add("gslbservice", servicename="g", ip="192.0.2.60", port=80, servicetype="HTTP", sitename="s")
    assert nitro.rows("gslbservice/g")[0]["ipaddress"] == "192.0.2.60"
    assert nitro.post("service?action=disable", {"service": {"name": "g"}}).status == 200
    assert nitro.rows("gslbservice/g")[0]["state"] == "DISABLED"


def test_a_domain_belongs_to_one_vserver(nitro: Nitro) -> None:
    for name in ("a", "b"):
        nitro.add("gslbvserver", name=name, servicetype="HTTP")
    nitro.bind("gslbvserver_domain_binding", name="a", domainname="www.example.com")
    answer = nitro.put(
        "gslbvserver_domain_binding", {"gslbvserver_domain_binding": {"name": "b", "domainname": "www.example.com"}}
    )
    assert answer.errorcode == 1842
