# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""`frontends:`: what people are told when a line is wrong, with their own path."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.document import parse, to_data
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.errors import InvalidDocument


def front(**words: Any) -> dict[str, Any]:
    plain = {"address": "203.0.113.10", "backends": {"web": {"members": ["198.51.100.1:8080"]}}}
    return {"frontends": {"shop": {**plain, **words}}}


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        pytest.param({"adress": "x"}, "frontends.shop.adress: unknown word (did you mean address?)", id="unknown word"),
        pytest.param({"address": None}, "frontends.shop: address is missing", id="no address"),
        pytest.param({"port": 0}, "frontends.shop.port: 0: a whole number from 1 to 65535 is wanted", id="port"),
        pytest.param({"port": [80, "x"]}, "frontends.shop.port[1]", id="one of several ports"),
        pytest.param({"protocol": "TCP"}, "frontends.shop: port is missing, TCP has no usual one", id="no usual port"),
        pytest.param({"protocol": "HTPP", "port": 1}, "frontends.shop.protocol: 'HTPP': not an allowed value", id="protocol"),
        pytest.param({"protocol": "HTTPS"}, "frontends.shop: certificate is missing, HTTPS needs one", id="no certificate"),
        pytest.param(
            {"certificate": "c"}, "frontends.shop.certificate: HTTP has no use for a certificate", id="useless certificate"
        ),
        pytest.param(
            {"protocol": "HTTPS", "certificate": {"key": "k"}},
            "frontends.shop.certificate: cert is missing",
            id="a key without certificate",
        ),
        pytest.param(
            {"protocol": "HTTPS", "certificate": [3]}, "frontends.shop.certificate[0]: 3: the name of a certkey", id="a number"
        ),
        pytest.param(
            {"redirect": True}, "frontends.shop.redirect: redirects from HTTP to HTTPS, this frontend is HTTP", id="redirect"
        ),
        pytest.param({"method": "ROUNDROBBIN"}, "frontends.shop.method: 'ROUNDROBBIN': not an allowed value", id="method"),
        pytest.param({"persistence": "cokie"}, "frontends.shop.persistence: 'cokie': not an allowed value", id="persistence"),
        pytest.param(
            {"persistence": {"timeout": 5}}, "frontends.shop.persistence: type is missing", id="persistence without type"
        ),
        pytest.param({"backends": None}, "frontends.shop: backends is missing", id="no back ends"),
        pytest.param({"backends": {"web": 3}}, "frontends.shop.backends.web: 3: a mapping is wanted", id="a number as back end"),
        pytest.param({"backends": {"web": {}}}, "frontends.shop.backends.web: members is missing", id="no members"),
        pytest.param(
            {"backends": {"web": ["192.0.2.1:80", "192.0.2.2:80", {"address": "192.0.2.3", "port": "x"}]}},
            "frontends.shop.backends.web.members[2].port: 'x': a whole number from 1 to 65535 is wanted",
            id="the port of the third member",
        ),
        pytest.param(
            {"backends": {"web": ["192.0.2.300:80"]}}, "members[0].address: '192.0.2.300': not an IP address", id="no address"
        ),
        pytest.param(
            {"backends": {"web": ["192.0.2.1"]}}, "frontends.shop.backends.web.members[0]: port is missing", id="no port"
        ),
        pytest.param(
            {"backends": {"web": ["a b"]}}, "members[0].address: 'a b': neither an address nor a host name", id="nonsense"
        ),
        pytest.param({"backends": {"web": [3]}}, "members[0]: 3: an address with its port", id="a number as member"),
        pytest.param(
            {"backends": {"web": ["192.0.2.1:80", "192.0.2.1:80"]}},
            "frontends.shop.backends.web.members[1]: the same as [0]",
            id="a member twice",
        ),
        pytest.param(
            {"backends": {"web": {"members": [], "method": "TOKEN"}}},
            "without routes method belongs to the frontend",
            id="own method",
        ),
        pytest.param(
            {"backends": {"web": {"members": [], "tls": True, "protocol": "UDP"}}}, "there is no TLS for UDP", id="TLS for UDP"
        ),
        pytest.param(
            {"health_check": {"path": "health"}},
            "frontends.shop.health_check.path: 'health': has to begin with /",
            id="check path",
        ),
        pytest.param(
            {"health_check": {"paht": "/"}}, "health_check.paht: unknown word (did you mean path?)", id="unknown word of a check"
        ),
        pytest.param(
            {"maintenance": {}}, "frontends.shop.maintenance: one of html, text, page, url is wanted", id="empty maintenance"
        ),
        pytest.param({"maintenance": "x" * 9000}, "too long for a responder action", id="a page too long"),
        pytest.param(
            {"attributes": {"gslbvserver": {}}},
            "attributes.gslbvserver: this frontend makes no such objects",
            id="no such objects",
        ),
        pytest.param(
            {"attributes": {"lbvserver": {"lbmetod": 1}}},
            "frontends.shop.attributes.lbvserver.lbmetod: no such attribute",
            id="attribute",
        ),
        pytest.param({"routes": {"a": 1}}, "frontends.shop.routes: a list is wanted, not a mapping", id="routes as a mapping"),
        pytest.param({"routes": [{"path": "/"}]}, "frontends.shop.routes[0]: backend is missing", id="a route to nowhere"),
        pytest.param(
            {"routes": [{"path": "/", "backend": "wbe"}]},
            "routes[0].backend: 'wbe': no such back end (did you mean web?)",
            id="route",
        ),
        pytest.param(
            {"routes": [{"path": "x", "backend": "web"}]},
            "frontends.shop.routes[0].path: 'x': has to begin with /",
            id="route path",
        ),
        pytest.param(
            {"routes": [{"host": "a b", "backend": "web"}]},
            "frontends.shop.routes[0].host: 'a b': a host name is wanted",
            id="host",
        ),
        pytest.param({"routes": [], "default": "wbe"}, "frontends.shop.default: 'wbe': no such back end", id="default"),
        pytest.param({"routes": [], "protocol": "TCP", "port": 1}, "routes need HTTP or HTTPS, not TCP", id="routes for TCP"),
    ],
)
def test_problem(words: dict[str, Any], expected: str) -> None:
    with pytest.raises(InvalidDocument) as caught:
        parse(front(**words))
    assert len(caught.value.problems) == 1, caught.value
    assert expected in str(caught.value.problems[0])


@pytest.mark.parametrize(
    ("frontends", "expected"),
    [
        pytest.param(None, "frontends: frontends by name are wanted, not null", id="null"),
        pytest.param({"shop": 3}, "frontends.shop: 3: a mapping is wanted", id="a number"),
        pytest.param([{"address": "x"}], "frontends[0]: not a legal name", id="no name"),
        pytest.param({"x" * 128: {}}, "128 characters, at most 127 are allowed", id="a long name"),
        pytest.param({"a/b": {}}, "frontends.a/b: 'a/b': not a legal name", id="an illegal name"),
    ],
)
def test_problem_of_all_frontends(frontends: Any, expected: str) -> None:
    with pytest.raises(InvalidDocument) as caught:
        parse({"frontends": frontends})
    assert expected in str(caught.value)
    assert "empty document" not in str(caught.value)


def test_a_catch_all_route_is_the_default_and_there_is_one() -> None:
    assert to_data(parse(front(routes=[{"backend": "web"}])))["csvserver"]["shop"]["bindings"]["lbvserver"] == ["shop-web"]
    with pytest.raises(InvalidDocument, match=r"a second default, the first is web at frontends\.shop\.routes"):
        two = {"a": ["192.0.2.1:1"], "web": ["192.0.2.2:1"]}
        parse(front(backends=two, routes=[{"backend": "web"}, {"backend": "a"}]))
