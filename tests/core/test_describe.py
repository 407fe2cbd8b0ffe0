# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""A kind in words, and the search over all attributes."""

from __future__ import annotations

import pytest

from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro import catalogue
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.describe import WIDTH, describe, search


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        pytest.param("lbvserver", "lbvserver: object, NITRO package lb\nKeys: name\n", id="what it is"),
        pytest.param("lbvserver", "Operations: add, count, delete, disable, enable", id="operations"),
        pytest.param("lbvserver", "Administrative state: state: ENABLED | DISABLED (read from curstate)", id="state"),
        pytest.param("lbvserver", "integer; 0 to 1440; default 2", id="limits and default"),
        pytest.param("lbvserver", "required; set at creation only", id="flags"),
        pytest.param("lbvserver", "names lbvserver", id="references"),
        pytest.param("lbvserver", "Read only: activeservices", id="read-only attributes"),
        pytest.param("lbvserver", "row: order, servicegroupname, servicename, weight", id="rows of a binding"),
        pytest.param("lbmonitor", "unit in units3", id="units"),
        pytest.param("server", "One of: ipaddress | domain", id="alternatives"),
        pytest.param("systemuser", "secret", id="secrets"),
        pytest.param("nsfeature", "switches of the appliance", id="switches"),
        pytest.param("nsparam", "nsparam: one of a kind", id="singletons"),
        pytest.param("sslvserver", "exists with the object of its name", id="implicit kinds"),
        pytest.param("servicegroup_lbmonitor_binding", "binding of lbmonitor to servicegroup", id="bindings"),
        pytest.param("responderglobal_responderpolicy_binding", "global binding of responderpolicy", id="global bindings"),
        pytest.param("cspolicy_csvserver_binding", "In documents: not possible, a reverse view", id="views"),
        pytest.param("lbvserver_binding", "all bindings of lbvserver in one read", id="overviews"),
    ],
)
def test_description_of(kind: str, expected: str) -> None:
    assert " ".join(expected.split()) in " ".join(describe(catalogue.kind(kind)).split())


def test_every_kind_can_be_described_within_the_width() -> None:
    for kind in catalogue.kinds():
        text = describe(kind)
        assert text.startswith(f"{kind.name}: ")
        longest = max(text.splitlines(), key=len)
        assert len(longest) <= WIDTH or " " not in longest.strip()[WIDTH:], kind.name


def test_search_finds_names_and_values() -> None:
    found = search("cookie")
    assert ("lbvserver", "cookiename") in {(hit.kind, hit.attribute) for hit in found}
    (values,) = [hit for hit in found if (hit.kind, hit.attribute) == ("lbvserver", "persistencetype")]
    assert values.text == "COOKIEINSERT"


def test_search_puts_the_kind_of_that_name_first_and_what_cannot_be_managed_last() -> None:
    found = search("lbvserver")
    assert (found[0].kind, found[0].attribute) == ("lbvserver", "")
    managed = [catalogue.kind(hit.kind).manageable and catalogue.kind(hit.kind).readable for hit in found]
    assert managed == sorted(managed, reverse=True)


def test_search_without_a_match_is_empty() -> None:
    assert search("no-such-thing") == []
