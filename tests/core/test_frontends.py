# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""`frontends:`: what a few lines become, and what people are told when a line is wrong."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.document import parse, to_data
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.frontends import expand

WHOLE = """
frontends:
  shop:
    address: 203.0.113.10
    protocol: HTTPS
    redirect: true
    certificate:
      - shop-cert
      - {name: static-cert, sni: true}
    tls: {versions: [TLSv1.2, TLSv1.3], hsts: 31536000}
    method: LEASTCONNECTION
    persistence: {type: cookie, name: SHOP, timeout: 20, backup: source_ip}
    health_check: {path: /health, codes: [200, 204], interval: 5, timeout: 2}
    forwarded_for: true
    timeouts: {client: 180, server: 360}
    maintenance: {html: <h1>Back soon</h1>, retry_after: 60}
    comment: the shop
    backends:
      web:
        members: ["198.51.100.11:8080", "198.51.100.12:8080"]
      api:
        port: 9000
        tls: {ca: inner-ca, name: api.internal}
        persistence: none
        health_check: tcp
        members: [198.51.100.21, {address: app.example.org, weight: 50}, {server: spare, state: DISABLED}]
      static:
        members: ["[2001:db8::5]:80"]
        method: ROUNDROBIN
        maintenance: {url: "https://status.example.org/"}
    routes:
      - {host: shop.example.org, path: /api, backend: api}
      - {host: [static.example.org, "*.cdn.example.org"], backend: static}
      - {path: [/img/, /css/], backend: static, priority: 500}
    default: web
"""


def front(**words: Any) -> dict[str, Any]:
    plain = {"address": "203.0.113.10", "backends": {"web": {"members": ["198.51.100.1:8080"]}}}
    return {"frontends": {"shop": {**plain, **words}}}


def made(data: dict[str, Any]) -> dict[str, Any]:
    return to_data(parse(data))


@pytest.fixture(scope="module")
def whole() -> dict[str, Any]:
    return made(yaml.safe_load(WHOLE))


def test_a_whole_shop_fits_in_forty_lines() -> None:
    assert len(WHOLE.strip().splitlines()) <= 40


def test_without_routes_it_is_one_vserver() -> None:
    assert made(front()) == {
        "servicegroup": {
            "shop-web": {"servicetype": "HTTP", "bindings": {"servicegroupmember": [{"ip": "198.51.100.1", "port": 8080}]}}
        },
        "nsfeature": {"feature": ["LB"]},
        "lbvserver": {
            "shop": {"servicetype": "HTTP", "ipv46": "203.0.113.10", "port": 80, "bindings": {"servicegroup": ["shop-web"]}},
        },
    }


def test_with_routes_a_csvserver_stands_in_front(whole: dict[str, Any]) -> None:
    shop = whole["csvserver"]["shop"]
    assert (shop["servicetype"], shop["ipv46"], shop["port"]) == ("SSL", "203.0.113.10", 443)
    assert [row["priority"] for row in shop["bindings"]["cspolicy"]] == [100, 110, 500]
    assert shop["bindings"]["lbvserver"] == ["shop-web"]
    web = whole["lbvserver"]["shop-web"]
    assert (web["servicetype"], web["ipv46"], web["port"]) == ("HTTP", "0.0.0.0", 0)
    assert web["bindings"]["servicegroup"] == ["shop-web"]


def test_routes_are_policies_by_host_and_by_whole_segments_of_a_path(whole: dict[str, Any]) -> None:
    assert whole["cspolicy"]["shop_shop_example_org_api"] == {
        "rule": 'HTTP.REQ.HOSTNAME.SERVER.EQ("shop.example.org")'
        ' && (HTTP.REQ.URL.PATH.EQ("/api") || HTTP.REQ.URL.PATH.STARTSWITH("/api/"))',
        "action": "shop_api",
    }
    assert whole["csaction"]["shop_api"] == {"targetlbvserver": "shop-api"}
    rules = {policy["rule"] for policy in whole["cspolicy"].values()}
    assert '(HTTP.REQ.HOSTNAME.SERVER.EQ("static.example.org") || HTTP.REQ.HOSTNAME.SERVER.ENDSWITH(".cdn.example.org"))' in rules
    assert '(HTTP.REQ.URL.PATH.STARTSWITH("/img/") || HTTP.REQ.URL.PATH.STARTSWITH("/css/"))' in rules


def test_settings_of_the_frontend_hold_for_every_back_end_that_has_none(whole: dict[str, Any]) -> None:
    vservers = whole["lbvserver"]
    assert {name: vservers[f"shop-{name}"]["lbmethod"] for name in ("web", "api", "static")} == {
        "web": "LEASTCONNECTION",
        "api": "LEASTCONNECTION",
        "static": "ROUNDROBIN",
    }
    cookie = {"persistencetype": "COOKIEINSERT", "timeout": 20, "cookiename": "SHOP"}
    backup = {"persistencebackup": "SOURCEIP", "backuppersistencetimeout": 20}
    assert {**cookie, **backup}.items() <= vservers["shop-web"].items()
    assert vservers["shop-api"]["persistencetype"] == "NONE"


def test_members_by_address_by_name_and_by_server(whole: dict[str, Any]) -> None:
    members = whole["servicegroup"]["shop-api"]["bindings"]["servicegroupmember"]
    assert members == [
        {"ip": "198.51.100.21", "port": 9000},
        {"servername": "app.example.org", "port": 9000, "weight": 50},
        {"servername": "spare", "port": 9000, "state": "DISABLED"},
    ]
    assert whole["server"] == {"app.example.org": {"domain": "app.example.org"}}
    assert whole["servicegroup"]["shop-static"]["bindings"]["servicegroupmember"] == [{"ip": "2001:db8::5", "port": 80}]


def test_a_health_check_is_a_monitor_of_its_own_or_one_that_exists(whole: dict[str, Any]) -> None:
    assert whole["lbmonitor"]["shop-web"] == {
        "type": "HTTP",
        "httprequest": "GET /health",
        "respcode": ["200", "204"],
        "interval": 5,
        "units3": "SEC",
        "resptimeout": 2,
        "units4": "SEC",
    }
    assert whole["servicegroup"]["shop-api"]["bindings"]["lbmonitor"] == ["tcp"]
    assert "shop-api" not in whole["lbmonitor"]


@pytest.mark.parametrize(
    ("check", "expected"),
    [
        pytest.param({"type": "tcp"}, {"type": "TCP"}, id="tcp"),
        pytest.param(
            {"path": "/", "expect": "OK", "host": "a.b"},
            {"type": "HTTP-ECV", "send": "GET /", "recv": "OK", "customheaders": "Host: a.b\r\n"},
            id="content",
        ),
        pytest.param(
            {"port": 8081, "retries": 2},
            {"type": "HTTP", "httprequest": "GET /", "destport": 8081, "retries": 2},
            id="another port",
        ),
    ],
)
def test_health_checks(check: dict[str, Any], expected: dict[str, Any]) -> None:
    assert made(front(health_check=check))["lbmonitor"]["shop-web"] == expected


def test_no_health_check() -> None:
    assert made(front(health_check="none"))["servicegroup"]["shop-web"]["healthmonitor"] == "NO"


def test_tls_towards_a_back_end(whole: dict[str, Any]) -> None:
    assert whole["servicegroup"]["shop-api"]["servicetype"] == "SSL"
    assert whole["sslservicegroup"]["shop-api"] == {
        "serverauth": "ENABLED",
        "commonname": "api.internal",
        "bindings": {"sslcertkey": [{"certkeyname": "inner-ca", "ca": True}]},
    }
    check = made(front(backends={"web": {"members": [], "tls": True}}, health_check={"path": "/"}))
    assert check["lbmonitor"]["shop-web"]["secure"] == "YES"


def test_forwarded_for_and_timeouts(whole: dict[str, Any]) -> None:
    group = whole["servicegroup"]["shop-web"]
    assert (group["cip"], group["cipheader"]) == ("ENABLED", "X-Forwarded-For")
    assert (group["clttimeout"], group["svrtimeout"]) == (180, 360)
    assert whole["csvserver"]["shop"]["clttimeout"] == 180
    assert made(front(forwarded_for="X-Client"))["servicegroup"]["shop-web"]["cipheader"] == "X-Client"


def test_http_is_redirected_by_a_responder_policy(whole: dict[str, Any]) -> None:
    vserver = whole["csvserver"]["shop-redirect"]
    assert (vserver["servicetype"], vserver["ipv46"], vserver["port"]) == ("HTTP", "203.0.113.10", 80)
    assert vserver["bindings"]["responderpolicy"] == [{"policyname": "shop_redirect", "priority": 100, "bindpoint": "REQUEST"}]
    action = whole["responderaction"]["shop_redirect"]
    assert (action["type"], action["responsestatuscode"]) == ("redirect", 301)
    assert action["target"].startswith('"https://" + HTTP.REQ.HOSTNAME.SERVER + HTTP.REQ.URL.PATH_AND_QUERY')
    other = made(front(protocol="HTTPS", port=8443, certificate="c", redirect={"port": 8080, "status": 308}))
    assert '+ ":8443" +' in other["responderaction"]["shop_redirect"]["target"]
    assert other["csvserver"]["shop-redirect"]["port"] == 8080


def test_a_maintenance_page_is_a_backup_that_is_always_up(whole: dict[str, Any]) -> None:
    assert whole["lbvserver"]["shop-web"]["backupvserver"] == "shop-maintenance"
    page = whole["lbvserver"]["shop-maintenance"]
    assert page["bindings"]["responderpolicy"][0]["policyname"] == "shop_maintenance"
    assert whole["servicegroup"]["shop-maintenance"]["healthmonitor"] == "NO"
    target = whole["responderaction"]["shop_maintenance"]["target"]
    assert "HTTP/1.1 503 Service Unavailable\\r\\n" in target
    assert "Content-Length: 18\\r\\n" in target
    assert target.endswith('<h1>Back soon</h1>"')


def test_a_maintenance_url_is_the_vservers_own_redirect(whole: dict[str, Any]) -> None:
    assert whole["lbvserver"]["shop-static"]["redirurl"] == "https://status.example.org/"
    assert "backupvserver" not in whole["lbvserver"]["shop-static"]


def test_long_pages_are_cut_into_literals_that_the_appliance_takes() -> None:
    target = made(front(maintenance='"' * 900))["responderaction"]["shop_maintenance"]["target"]
    assert max(len(part) for part in target.split(" + ")) <= 2 * 200 + 2
    assert target.count('\\"') == 900


def test_a_plain_tls_vserver_gives_its_certificate_to_the_maintenance_page() -> None:
    data = made(front(protocol="HTTPS", certificate="c", maintenance="Back soon"))
    assert data["lbvserver"]["shop-maintenance"]["servicetype"] == "SSL"
    assert data["sslvserver"]["shop-maintenance"]["bindings"]["sslcertkey"] == ["c"]


def test_tls_settings_and_certificates_by_sni(whole: dict[str, Any]) -> None:
    tls = whole["sslvserver"]["shop"]
    assert (tls["tls12"], tls["tls13"], tls["tls1"], tls["ssl3"]) == ("ENABLED", "ENABLED", "DISABLED", "DISABLED")
    assert (tls["hsts"], tls["maxage"], tls["snienable"]) == ("ENABLED", 31536000, "ENABLED")
    assert tls["bindings"]["sslcertkey"] == ["shop-cert", {"certkeyname": "static-cert", "snicert": True}]


def test_only_the_features_in_use_are_asked_for(whole: dict[str, Any]) -> None:
    assert sorted(whole["nsfeature"]["feature"]) == ["CS", "LB", "RESPONDER", "SSL"]


def test_attributes_reach_every_kind_of_object() -> None:
    data = made(
        front(
            attributes={"lbvserver": {"td": 5}, "servicegroup": {"usip": "YES"}},
            backends={"web": {"members": [], "attributes": {"servicegroup": {"maxclient": 7}}}},
        )
    )
    assert data["lbvserver"]["shop"]["td"] == 5
    assert (data["servicegroup"]["shop-web"]["usip"], data["servicegroup"]["shop-web"]["maxclient"]) == ("YES", 7)


def test_several_ports_are_several_vservers() -> None:
    data = made(front(port=[80, 8080]))
    assert {name: vserver["port"] for name, vserver in data["lbvserver"].items()} == {"shop": 80, "shop-8080": 8080}


def test_several_back_ends_without_routes_stand_behind_one_vserver() -> None:
    data = made(front(backends={"blue": {"members": ["192.0.2.1:80"], "weight": 90}, "green": ["192.0.2.2:80"]}))
    assert data["lbvserver"]["shop"]["bindings"]["servicegroup"] == ["shop-blue", "shop-green"]
    assert data["servicegroup"]["shop-blue"]["bindings"]["servicegroupmember"][0]["weight"] == 90


@pytest.mark.parametrize(
    ("protocol", "front_type", "group_type"),
    [
        ("http", "HTTP", "HTTP"),
        ("TCP", "TCP", "TCP"),
        ("SSL_TCP", "SSL_TCP", "TCP"),
        ("UDP", "UDP", "UDP"),
        ("HTTPS", "SSL", "HTTP"),
    ],
)
def test_protocols(protocol: str, front_type: str, group_type: str) -> None:
    certificate = {"certificate": "c"} if "SSL" in front_type else {}
    data = made(front(protocol=protocol, port=1234, **certificate))
    assert data["lbvserver"]["shop"]["servicetype"] == front_type
    assert data["servicegroup"]["shop-web"]["servicetype"] == group_type


def test_names_are_short_enough_and_policies_have_strict_names() -> None:
    name = "1 very-long.name " + "x" * 105
    given = {**front(routes=[{"path": "/a-b.c", "backend": "web"}])["frontends"]["shop"]}
    kinds = expand({name: given}).kinds
    for kind, objects in kinds.items():
        if kind != "nsfeature":
            assert all(len(made_name) <= 127 for made_name in objects)
    (policy,) = kinds["cspolicy"]
    assert policy.replace("_", "").isalnum()
    assert policy.startswith("_1_very_long_name")


def test_the_same_input_gives_the_same_names_in_any_order() -> None:
    routes = [{"path": "/a", "backend": "web"}, {"path": "/b", "backend": "web"}]
    one, other = (expand(front(routes=r)["frontends"]).kinds["cspolicy"] for r in (routes, routes[::-1]))
    assert one == other


def test_a_whole_frontend_is_read_back_as_kinds(whole: dict[str, Any]) -> None:
    assert to_data(parse(whole)) == whole
