# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Every request as NITRO wants it spelled (PROTOCOL 6 to 9)."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro import catalogue, wire

MEMBER = "servicegroup_servicegroupmember_binding"
CERTIFICATE = "sslvserver_sslcertkey_binding"


def path(request: wire.Request) -> str:
    """The path below the configuration of version 1."""
    return request.path.removeprefix("/nitro/v1/config/")


@pytest.mark.parametrize(
    ("kind", "name", "options", "expected"),
    [
        pytest.param("lbvserver", None, {}, "lbvserver", id="all"),
        pytest.param("lbvserver", "web a", {}, "lbvserver/web%2520a", id="one"),
        pytest.param("lbvserver", None, {"count": True}, "lbvserver?count=yes", id="count"),
        pytest.param("lbvserver", "w", {"attrs": ["name", "lbmethod"]}, "lbvserver/w?attrs=name,lbmethod", id="projection"),
        pytest.param("lbvserver", None, {"pagesize": 10, "pageno": 3}, "lbvserver?pagesize=10&pageno=3", id="page"),
        pytest.param("lbvserver", "w", {"umbrella": True}, "lbvserver_binding/w", id="umbrella of one"),
        pytest.param("lbvserver", None, {"umbrella": True, "bulk": True}, "lbvserver_binding?bulkbindings=yes", id="umbrella"),
        pytest.param(MEMBER, None, {"bulk": True}, f"{MEMBER}?bulkbindings=yes", id="the rows of all parents"),
        pytest.param(MEMBER, "sg", {"filter": {"ip": "::1"}}, f"{MEMBER}/sg?filter=ip:%3A%3A1", id="bindings use filter"),
        pytest.param(
            "systemfile",
            "a.pem",
            {"args": {"filelocation": "/nsconfig/ssl"}},
            "systemfile/a.pem?args=filelocation:%2Fnsconfig%2Fssl",
            id="a file needs its folder",
        ),
        pytest.param(
            "responderglobal_responderpolicy_binding",
            None,
            {"args": {"type": "REQ_DEFAULT"}, "filter": {"policyname": "p", "priority": 1}},
            "responderglobal_responderpolicy_binding?args=type:REQ_DEFAULT&filter=policyname:p,priority:1",
            id="a global bind point by args, the row by filter",
        ),
        pytest.param("bgprouter", None, {}, "routerDynamicRouting/bgpRouter", id="dynamic routing has a path of its own"),
    ],
)
def test_get(kind: str, name: str | None, options: dict[str, Any], expected: str) -> None:
    request = wire.get(catalogue.kind(kind), name, **options)
    assert (request.method, path(request), request.body, request.safe) == ("GET", expected, None, True)


def test_counters_are_read_below_stat() -> None:
    assert wire.get(catalogue.kind("lbvserver"), "web", stat=True).path == "/nitro/v1/stat/lbvserver/web"


@pytest.mark.parametrize(
    ("kind", "values", "expected"),
    [
        pytest.param("lbvserver", {"name": "web", "servicetype": "HTTP"}, "lbvserver/web", id="by name, nothing else"),
        pytest.param("lbmonitor", {"monitorname": "m", "type": "HTTP"}, "lbmonitor/m?args=type:HTTP", id="monitor needs type"),
        pytest.param("nsip", {"ipaddress": "192.0.2.1", "td": 5}, "nsip/192.0.2.1?args=td:5", id="address and traffic domain"),
        pytest.param(
            "route",
            {"network": "192.0.2.0", "netmask": "255.255.255.0", "gateway": "192.0.2.1", "distance": 1},
            "route/192.0.2.0?args=gateway:192.0.2.1,netmask:255.255.255.0",
            id="a route by all that it is",
        ),
        pytest.param("sslkeyfile", {"name": "k 1"}, "sslkeyfile?args=name:k%201", id="nameless kinds have only arguments"),
        pytest.param(
            "systemfile",
            {"filename": "a", "filelocation": "/nsconfig/ssl", "filecontent": "eA=="},
            "systemfile/a?args=filelocation:%2Fnsconfig%2Fssl",
            id="a file in its folder",
        ),
        pytest.param("sslcertkey", {"certkey": "c", "cert": "c.pem"}, "sslcertkey/c", id="options of a delete only if given"),
    ],
)
def test_delete(kind: str, values: dict[str, Any], expected: str) -> None:
    request = wire.delete(catalogue.kind(kind), values)
    assert (request.method, path(request), request.body, request.safe) == ("DELETE", expected, None, False)


@pytest.mark.parametrize(
    ("kind", "row", "expected"),
    [
        pytest.param(
            MEMBER, {"servicegroupname": "sg", "ip": "10.0.0.1", "port": 80, "weight": 3}, "ip:10.0.0.1,port:80", id="ip"
        ),
        pytest.param(MEMBER, {"servicegroupname": "sg", "servername": "a", "port": 80}, "port:80,servername:a", id="server"),
        pytest.param(
            MEMBER,
            {"servicegroupname": "sg", "ip": "10.0.0.1", "servername": "10.0.0.1", "port": 80},
            "ip:10.0.0.1,port:80",
            id="as read, bound by address: never both",
        ),
        pytest.param(
            MEMBER,
            {"servicegroupname": "sg", "ip": "10.0.0.1", "servername": "web01", "port": 80},
            "port:80,servername:web01",
            id="as read, bound by server: the address is derived",
        ),
        pytest.param(
            "lbvserver_servicegroup_binding",
            {"name": "sg", "servicegroupname": "g", "servicename": "g"},
            "servicegroupname:g",
            id="a group is not also named as a service",
        ),
        pytest.param(
            CERTIFICATE,
            {"vservername": "sg", "certkeyname": "c", "ca": False, "snicert": True},
            "certkeyname:c,snicert:true",
            id="flags that are not set say nothing",
        ),
        pytest.param(
            "aaagroup_intranetip6_binding",
            {"groupname": "sg", "numaddr": 4, "intranetip6": "2001:db8::"},
            "intranetip6:2001%3Adb8%3A%3A,numaddr:4",
            id="prerequisites first",
        ),
        pytest.param(
            "policydataset_value_binding",
            {"endrange": "9", "value": "1", "name": "sg"},
            "value:1,endrange:9",
            id="what is bound before what depends on it",
        ),
        pytest.param("policypatset_pattern_binding", {"name": "sg", "string": "a,b"}, "String:a%2Cb", id="catalogue's spelling"),
    ],
)
def test_unbind_says_which_row_and_no_more(kind: str, row: dict[str, Any], expected: str) -> None:
    assert path(wire.unbind(catalogue.kind(kind), row)) == f"{kind}/sg?args={expected}"


def test_a_global_binding_is_undone_without_a_name() -> None:
    kind = catalogue.kind("responderglobal_responderpolicy_binding")
    request = wire.unbind(kind, {"policyname": "p", "type": "REQ_DEFAULT", "priority": 10})
    assert path(request) == f"{kind.name}?args=policyname:p,type:REQ_DEFAULT,priority:10"


WEB = {"name": "web", "servicetype": "HTTP"}


@pytest.mark.parametrize(
    ("request_", "method", "expected", "body"),
    [
        pytest.param(wire.add(catalogue.kind("lbvserver"), WEB), "POST", "lbvserver", {"lbvserver": WEB}, id="add"),
        pytest.param(
            wire.update(catalogue.kind("lbvserver"), {"name": "web", "timeout": 5, "comment": None}),
            "PUT",
            "lbvserver",
            {"lbvserver": {"name": "web", "timeout": 5}},
            id="update: what is not given is left out",
        ),
        pytest.param(
            wire.unset(catalogue.kind("lbvserver"), {"name": "web", "comment": None, "timeout": 3}),
            "POST",
            "lbvserver?action=unset",
            {"lbvserver": {"name": "web", "comment": True, "timeout": True}},
            id="unset: keys with values, the rest as flags",
        ),
        pytest.param(
            wire.rename(catalogue.kind("lbvserver"), "old", "new"),
            "POST",
            "lbvserver?action=rename",
            {"lbvserver": {"name": "old", "newname": "new"}},
            id="rename",
        ),
        pytest.param(
            wire.action(catalogue.kind("nsfeature"), "enable", {"feature": ["LB", "SSL"]}),
            "POST",
            "nsfeature?action=enable",
            {"nsfeature": {"feature": ["LB", "SSL"]}},
            id="features are enabled",
        ),
        pytest.param(
            wire.action(catalogue.kind("sslcertkey"), "change", {"certkey": "c", "cert": "n.pem", "nodomaincheck": True}),
            "POST",
            "sslcertkey?action=update",
            {"sslcertkey": {"certkey": "c", "cert": "n.pem", "nodomaincheck": True}},
            id="change is called update on the wire",
        ),
        pytest.param(
            wire.action(catalogue.kind("sslkeyfile"), "import", {"name": "k", "src": "http://192.0.2.1/k"}),
            "POST",
            "sslkeyfile?action=Import",
            {"sslkeyfile": {"name": "k", "src": "http://192.0.2.1/k"}},
            id="import has a capital letter",
        ),
        pytest.param(
            wire.action(catalogue.kind("reboot"), "reboot", {"warm": True}),
            "POST",
            "reboot",
            {"reboot": {"warm": True}},
            id="commands are a plain POST",
        ),
        pytest.param(
            wire.update(catalogue.kind("interface"), {"id": "0/1", "speed": "AUTO"}),
            "PUT",
            "interface",
            {"Interface": {"id": "0/1", "speed": "AUTO"}},
            id="the body's key in the wire's spelling",
        ),
        pytest.param(
            wire.add(catalogue.kind("bgprouter"), {"localAS": 65000}),
            "POST",
            "routerDynamicRouting/bgpRouter",
            {"routerDynamicRouting": {"bgpRouter": {"localAS": 65000}}},
            id="dynamic routing is nested",
        ),
        pytest.param(
            wire.bind(catalogue.kind("policypatset_pattern_binding"), {"name": "p", "STRING": "a"}),
            "PUT",
            "policypatset_pattern_binding",
            {"policypatset_pattern_binding": {"name": "p", "String": "a"}},
            id="binds are a PUT without a name",
        ),
        pytest.param(wire.save(), "POST", "nsconfig?action=save", {"nsconfig": {}}, id="save"),
        pytest.param(
            wire.save(all_partitions=True), "POST", "nsconfig?action=save", {"nsconfig": {"all": True}}, id="save everything"
        ),
        pytest.param(
            wire.switch_partition("p"),
            "POST",
            "nspartition?action=Switch",
            {"nspartition": {"partitionname": "p"}},
            id="partition, only its name",
        ),
    ],
)
def test_writes(request_: wire.Request, method: str, expected: str, body: dict[str, Any]) -> None:
    assert (request_.method, path(request_), request_.body) == (method, expected, body)
    assert "idempotent" not in request_.path


def test_an_array_body_says_what_to_do_on_errors() -> None:
    rows = [{"name": f"web{number}", "servicetype": "HTTP"} for number in range(20)]
    request = wire.add(catalogue.kind("lbvserver"), rows, on_error="exit")
    assert request.headers == {"X-NITRO-ONERROR": "exit"}
    assert (request.items, request.subject) == (20, "lbvserver (20 objects)")
    assert request.body == {"lbvserver": rows}


def test_a_single_object_is_no_array_and_has_no_such_header() -> None:
    request = wire.add(catalogue.kind("lbvserver"), WEB)
    assert (request.items, request.headers, request.subject) == (1, {}, "lbvserver web")


def test_nothing_to_send_is_an_error_of_the_caller() -> None:
    with pytest.raises(ValueError, match="at least one object"):
        wire.add(catalogue.kind("lbvserver"), [])


def test_success_in_disguise_comes_from_the_catalogue() -> None:
    assert wire.delete(catalogue.kind("policyurlset"), {"name": "u"}).success_codes == (258,)
    assert wire.add(catalogue.kind("sslhsmkey"), {"hsmkeyname": "h"}).success_codes == (1665,)
    assert wire.delete(catalogue.kind("lbvserver"), WEB).success_codes == ()


@pytest.mark.parametrize(
    "request_",
    [
        pytest.param(wire.login("nsroot", "s3cret"), id="login"),
        pytest.param(wire.login("nsroot", "s3cret", cloud=True), id="login at the cloud's console"),
        pytest.param(wire.logout(console_token="s3cret"), id="logout from a console"),
        pytest.param(wire.add(catalogue.kind("systemuser"), [{"username": "u", "password": "s3cret"}]), id="array body"),
        pytest.param(wire.add(catalogue.kind("systemuser"), {"username": "u", "PassWord": "s3cret"}), id="odd spelling"),
        pytest.param(wire.delete(catalogue.kind("sslhsmkey"), {"hsmkeyname": "h", "password": "s3cret"}), id="in the path"),
    ],
)
def test_secrets_are_masked(request_: wire.Request) -> None:
    shown = json.dumps(request_.masked())
    assert "s3cret" not in shown
    assert wire.HIDDEN in shown
    assert "s3cret" in json.dumps([request_.path, request_.body])


def test_masking_leaves_the_rest_readable() -> None:
    request = wire.add(catalogue.kind("systemuser"), {"username": "u", "password": "s3cret"})
    body = {"systemuser": {"username": "u", "password": wire.HIDDEN}}
    assert request.masked() == {"method": "POST", "path": "/nitro/v1/config/systemuser", "body": body}


def test_a_write_can_ask_for_warnings() -> None:
    assert path(wire.add(catalogue.kind("lbvserver"), WEB).asking_for_warnings()) == "lbvserver?warning=yes"
    assert path(wire.save().asking_for_warnings()) == "nsconfig?action=save&warning=yes"
