# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Identity, units, administrative state and spellings of real kinds."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro import catalogue

MEMBER = catalogue.kind("servicegroup_servicegroupmember_binding")
MONITOR = catalogue.kind("lbmonitor")


@pytest.mark.parametrize(
    ("kind", "desired", "observed"),
    [
        pytest.param("lbvserver", {"name": "web"}, {"name": "web", "td": "0"}, id="by name"),
        pytest.param("nsip", {"ipaddress": "192.0.2.1"}, {"ipaddress": "192.0.2.1", "td": "0"}, id="the default domain is shown"),
        pytest.param("nsip6", {"ipv6address": "2001:DB8::1/64"}, {"ipv6address": "2001:db8:0::1/64"}, id="IPv6 in two spellings"),
        pytest.param(
            "lbmonitor", {"monitorname": "m", "type": "http"}, {"monitorname": "m", "type": "HTTP"}, id="case of a value list"
        ),
        pytest.param(
            "systemfile",
            {"filename": "a.cert", "filelocation": "/nsconfig/ssl/"},
            {"filename": "a.cert", "filelocation": "/nsconfig/ssl"},
            id="a slash at the end of a folder",
        ),
        pytest.param(
            "sslvserver_sslcertkey_binding",
            {"vservername": "v", "certkeyname": "c"},
            {"vservername": "v", "certkeyname": "c", "ca": False, "snicert": "false"},
            id="booleans that are shown as false",
        ),
        pytest.param(
            "servicegroup_servicegroupmember_binding",
            {"servicegroupname": "g", "ip": "192.0.2.1", "port": 80},
            {"servicegroupname": "g", "ip": "192.0.2.1", "port": "80", "servername": "192.0.2.1"},
            id="a member by address also has a server name",
        ),
        pytest.param(
            "route",
            {"network": "10.0.0.0", "netmask": "255.0.0.0", "gateway": "192.0.2.1"},
            {"network": "10.0.0.0", "netmask": "255.0.0.0", "gateway": "192.0.2.1", "td": "0", "ownergroup": "DEFAULT_NG"},
            id="defaults in a composite key",
        ),
    ],
)
def test_identity_is_that_of_the_object_as_read(kind: str, desired: dict[str, Any], observed: dict[str, Any]) -> None:
    assert catalogue.kind(kind).identity(desired) == catalogue.kind(kind).identity(observed)


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        pytest.param("lbvserver", {"name": "web"}, {"name": "Web"}, id="names are exact"),
        pytest.param("nsip", {"ipaddress": "192.0.2.1", "td": 1}, {"ipaddress": "192.0.2.1", "td": 2}, id="traffic domains"),
        pytest.param(
            "sslvserver_sslcertkey_binding",
            {"vservername": "v", "certkeyname": "c", "ca": True},
            {"vservername": "v", "certkeyname": "c"},
            id="one certificate as authority and as server",
        ),
        pytest.param(
            "servicegroup_servicegroupmember_binding",
            {"ip": "192.0.2.1", "port": 80},
            {"ip": "192.0.2.1", "port": 81},
            id="one member on two ports",
        ),
    ],
)
def test_identity_tells_apart(kind: str, one: dict[str, Any], other: dict[str, Any]) -> None:
    assert catalogue.kind(kind).identity(one) != catalogue.kind(kind).identity(other)


def test_a_member_as_read_answers_to_its_address_and_to_its_name() -> None:
    row = {"servicegroupname": "g", "ip": "192.0.2.1", "port": "80", "servername": "app1"}
    assert MEMBER.identities(row) == (("g", "192.0.2.1", "80", ""), ("g", "", "80", "app1"))
    assert MEMBER.identity({"servicegroupname": "g", "servername": "app1", "port": 80}) in MEMBER.identities(row)


def test_a_row_without_alternatives_has_one_identity() -> None:
    kind = catalogue.kind("servicegroup_lbmonitor_binding")
    assert kind.identities({"servicegroupname": "g", "monitor_name": "m"}) == (("g", "m"),)


@given(st.integers(1, 300))
def test_sixty_seconds_are_a_minute(minutes: int) -> None:
    desired = {"interval": minutes * 60, "units3": "SEC"}
    observed = {"interval": str(minutes), "units3": "MIN"}
    assert MONITOR.same("interval", desired, observed)
    assert MONITOR.same("units3", desired, observed)
    assert not MONITOR.same("interval", {**desired, "interval": minutes * 60 + 1}, observed)


@pytest.mark.parametrize(
    ("name", "desired", "observed", "expected"),
    [
        pytest.param("interval", {"interval": 5}, {"interval": "5", "units3": "SEC"}, True, id="no unit means seconds"),
        pytest.param("interval", {"interval": 5}, {"interval": "5", "units3": "MIN"}, False, id="other unit, other time"),
        pytest.param(
            "resptimeout", {"resptimeout": 2, "units4": "SEC"}, {"resptimeout": "2000", "units4": "MSEC"}, True, id="milliseconds"
        ),
        pytest.param(
            "units3", {"units3": "MIN"}, {"interval": "5", "units3": "SEC"}, False, id="a unit alone is compared as it is"
        ),
        pytest.param("interval", {"interval": 5}, {"interval": "soon", "units3": "SEC"}, False, id="an answer that is no number"),
    ],
)
def test_units(name: str, desired: dict[str, Any], observed: dict[str, Any], expected: bool) -> None:
    assert MONITOR.same(name, desired, observed) is expected


def test_an_attribute_is_read_under_its_name_in_a_get() -> None:
    service = catalogue.kind("service")
    assert service.same("ip", {"ip": "192.0.2.1"}, {"ipaddress": "192.0.2.1"})
    assert not service.same("ip", {"ip": "192.0.2.1"}, {"ipaddress": "192.0.2.2"})


@pytest.mark.parametrize(
    ("kind", "observed", "expected"),
    [
        pytest.param("lbvserver", {"curstate": "OUT OF SERVICE"}, False, id="a vserver shows it in curstate"),
        pytest.param("lbvserver", {"curstate": "DOWN"}, True, id="down is not disabled"),
        pytest.param("server", {"state": "DISABLED"}, False, id="a server shows it in state"),
        pytest.param("service", {"svrstate": "GOING OUT OF SERVICE"}, False, id="a draining service"),
        pytest.param("lbvserver", {}, None, id="not told"),
        pytest.param("csaction", {"state": "DISABLED"}, None, id="a kind without state"),
    ],
)
def test_administrative_state(kind: str, observed: dict[str, Any], expected: bool | None) -> None:
    assert catalogue.kind(kind).enabled(observed) is expected


def test_attributes_are_found_in_any_spelling() -> None:
    assert catalogue.kind("lbmonitor").attribute("snmpoid") is catalogue.kind("lbmonitor").attribute("Snmpoid")
    assert catalogue.kind("lbvserver").attribute("LBMethod") is catalogue.kind("lbvserver").attributes["lbmethod"]
    assert catalogue.kind("lbvserver").attribute("lbmetod") is None


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("lbvserver", True),
        ("nsfeature", True),
        ("sslvserver", True),
        ("lbvserver_binding", False),
        ("cspolicy_csvserver_binding", False),
        ("ping", False),
    ],
)
def test_manageable(kind: str, expected: bool) -> None:
    assert catalogue.kind(kind).manageable is expected


def test_what_files_an_object_and_what_identifies_a_row() -> None:
    assert catalogue.kind("lbmonitor").main_key == "monitorname"
    assert catalogue.kind("nsparam").main_key is None
    assert MEMBER.row_keys == ("ip", "port", "servername")
    assert catalogue.kind("responderglobal_responderpolicy_binding").is_global
    assert not MEMBER.is_global
