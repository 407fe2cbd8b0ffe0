# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""The options of a target: where they come from, and what is said when they are wrong."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.target import Target

GOOD: dict[str, Any] = {"url": "192.0.2.1", "username": "nsroot", "password": "s3cret"}


def target(environment: dict[str, str] | None = None, **options: Any) -> Target:
    return Target.from_options({**GOOD, **options}, environment or {})


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        pytest.param("10.0.0.1", ("https://10.0.0.1",), id="an address means https"),
        pytest.param("https://10.0.0.1:8443/", ("https://10.0.0.1:8443",), id="no slash at the end"),
        pytest.param("http://ns.example", ("http://ns.example",), id="http if said"),
        pytest.param("ns.example:8443", ("https://ns.example:8443",), id="a port without a scheme"),
        pytest.param("2001:db8::1", ("https://[2001:db8::1]",), id="version 6 gets brackets"),
        pytest.param("https://[2001:db8::1]:444", ("https://[2001:db8::1]:444",), id="version 6 with a port"),
        pytest.param("https://ns.example/nitro/v1/config/", ("https://ns.example",), id="the NITRO path is known"),
        pytest.param("https://proxy.example/ns1", ("https://proxy.example/ns1",), id="another path stays"),
        pytest.param("10.0.0.1, 10.0.0.2", ("https://10.0.0.1", "https://10.0.0.2"), id="with commas"),
        pytest.param(["10.0.0.1", "http://b"], ("https://10.0.0.1", "http://b"), id="a list"),
        pytest.param("10.0.0.1,10.0.0.1", ("https://10.0.0.1",), id="each once"),
    ],
)
def test_urls(url: Any, expected: tuple[str, ...]) -> None:
    assert target(url=url).urls == expected


@pytest.mark.parametrize(
    ("options", "environment", "expected"),
    [
        pytest.param({"username": "a"}, {"NETSCALER_USERNAME": "b", "NS_USERNAME": "c"}, "a", id="the option wins"),
        pytest.param({"username": None}, {"NETSCALER_USERNAME": "b", "NS_USERNAME": "c"}, "b", id="then NETSCALER_"),
        pytest.param({"username": ""}, {"NS_USERNAME": "c"}, "c", id="then NS_"),
        pytest.param({"username": None}, {"NS_LOGIN": "d"}, "d", id="and the name that others use"),
    ],
)
def test_where_an_option_comes_from(options: dict[str, Any], environment: dict[str, str], expected: str) -> None:
    assert target(environment, **options).username == expected


def test_everything_from_the_environment() -> None:
    environment = {
        "NETSCALER_URL": "10.0.0.1,10.0.0.2",
        "NETSCALER_TOKEN": "##1",
        "NETSCALER_VALIDATE_CERTS": "no",
        "NETSCALER_TIMEOUT": "5",
        "NETSCALER_RETRIES": "2",
        "NETSCALER_PARTITION": "blue",
    }
    found = Target.from_options({}, environment)
    assert (found.urls, found.token, found.validate_certs) == (("https://10.0.0.1", "https://10.0.0.2"), "##1", False)
    assert (found.timeout, found.retries, found.partition) == (5.0, 2, "blue")


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        pytest.param({"url": "ftp://a"}, "url: 'ftp://a': http or https is wanted", id="scheme"),
        pytest.param({"url": "https://"}, "url: 'https://': this is no address", id="no host"),
        pytest.param({"url": "https://a:port"}, "url: 'https://a:port'", id="port"),
        pytest.param({"timeout": 0}, "timeout: a number above 0 is wanted, not 0", id="timeout"),
        pytest.param({"retries": "many"}, "retries: a number of at least 0 is wanted, not 'many'", id="retries"),
        pytest.param({"validate_certs": "maybe"}, "validate_certs: true or false is wanted, not 'maybe'", id="flag"),
        pytest.param({"instance_ip": "a", "instance_id": "b"}, "only one of instance_ip", id="one instance"),
        pytest.param({"instance_username": "u"}, "go with one of instance_ip", id="an instance's user without instance"),
    ],
)
def test_a_problem_is_named(options: dict[str, Any], problem: str) -> None:
    with pytest.raises(ValueError) as caught:
        target(**options)
    assert problem in str(caught.value)


def test_all_problems_are_named_at_once() -> None:
    with pytest.raises(ValueError) as caught:
        Target.from_options({"timeout": -1}, {})
    for problem in ("url is missing", "username is missing", "password is missing", "timeout: "):
        assert problem in str(caught.value)


def test_a_password_in_the_address_is_refused_and_not_shown() -> None:
    with pytest.raises(ValueError, match="into their own options") as caught:
        target(url="https://nsroot:t0psecret@10.0.0.1")
    assert "t0psecret" not in str(caught.value)


def test_secrets_are_not_in_the_repr_nor_in_the_identity() -> None:
    found = target(token="##token", instance_ip="10.0.0.1", instance_password="inst4nce")
    for secret in ("s3cret", "##token", "inst4nce"):
        assert secret not in repr(found)
    assert found.identity == target(password="other", instance_ip="10.0.0.1").identity
    assert found.identity != target(partition="p", instance_ip="10.0.0.1").identity


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        pytest.param({}, True, id="on by default"),
        pytest.param({"ca_path": "/etc/ca.pem"}, "/etc/ca.pem", id="own CA"),
        pytest.param({"validate_certs": False, "ca_path": "/etc/ca.pem"}, False, id="off"),
    ],
)
def test_verification(options: dict[str, Any], expected: bool | str) -> None:
    assert target(**options).verify == expected


def test_proxies_only_if_wanted() -> None:
    environment = {"https_proxy": "http://p:1", "NO_PROXY": "10.0.0.0/8"}
    assert target(environment).proxies == {}
    assert target(environment, use_proxy=True).proxies == {"https": "http://p:1", "no_proxy": "10.0.0.0/8"}


def test_a_console_is_told_the_instance() -> None:
    prefix = "_MPS_API_PROXY_MANAGED_INSTANCE_"
    found = target(instance_name="ns1", instance_username="u", instance_password="p")
    assert found.instance_headers() == {f"{prefix}NAME": "ns1", f"{prefix}USERNAME": "u", f"{prefix}PASSWORD": "p"}
    assert target().instance_headers() == {}
