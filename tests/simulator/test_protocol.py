# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""The protocol itself, whatever the kind: forms of requests, envelopes, queries, names (PROTOCOL 1–3, 6–9, 20, 21)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest

from nitrox.simulator.testing import Simulator, running

from .nitro import Nitro

HTTP_VSERVER = {"name": "v1", "servicetype": "HTTP"}


@pytest.fixture(scope="module", name="box")
def _box() -> Iterator[Simulator]:
    with running() as simulator:
        yield simulator


@pytest.fixture(name="nitro")
def _nitro(box: Simulator) -> Nitro:
    box.reset()
    return Nitro(box.url)


@pytest.mark.parametrize(
    "form", ["NITRO_AUTH_TOKEN={raw}", "NITRO_AUTH_TOKEN={encoded}", "sessionid={raw}", "sessionid={encoded}"]
)
@pytest.mark.parametrize("header", ["Cookie", "Set-Cookie"])
def test_the_token_is_taken_in_every_form_that_clients_send(nitro: Nitro, header: str, form: str) -> None:
    value = form.format(raw=nitro.token, encoded=quote(nitro.token, safe=""))
    assert nitro.get("nsversion", auth=False, headers={header: value}).status == 200


def test_credentials_with_each_request(nitro: Nitro) -> None:
    assert nitro.get("nsversion", auth=False, headers={"X-NITRO-USER": "nsroot", "X-NITRO-PASS": "nsroot"}).status == 200
    wrong = nitro.get("nsversion", auth=False, headers={"X-NITRO-USER": "nsroot", "X-NITRO-PASS": "nope"})
    assert (wrong.status, wrong.errorcode) == (401, 354)
    assert nitro.get("nsversion", auth=False, headers={"Authorization": "Basic bnNyb290Om5zcm9vdA=="}).status == 200


def test_a_request_without_credentials_is_401(nitro: Nitro) -> None:
    answer = nitro.get("lbvserver", auth=False)
    assert (answer.status, answer.reason, answer.errorcode) == (401, "Unauthorized", 1026)


def test_a_login_is_exactly_201_with_the_token_at_the_top(nitro: Nitro) -> None:
    body = {"login": {"username": "nsroot", "password": "nsroot", "timeout": 310.0}}
    answer = nitro.post("login", body, auth=False)
    assert (answer.status, answer.reason) == (201, "Created")
    assert answer.body["sessionid"].startswith("##")
    assert [line.partition("=")[0] for line in answer.headers.getlist("Set-Cookie")] == [
        "SESSID",
        "NITRO_AUTH_TOKEN",
        "sessionid",
    ]


def test_an_idle_session_expires_and_use_refreshes_it(box: Simulator, nitro: Nitro) -> None:
    nitro.token = nitro.post("login", {"login": {"username": "nsroot", "password": "nsroot", "timeout": 10}}, auth=False).body[
        "sessionid"
    ]
    for _step in range(3):
        box.control("POST", "clock", {"advance": 8})
        assert nitro.get("lbvserver").status == 200
    box.control("POST", "clock", {"advance": 15})
    answer = nitro.get("lbvserver")
    assert (answer.status, answer.errorcode) == (401, 444)


def test_a_token_after_logout_is_refused(nitro: Nitro) -> None:
    assert nitro.post("logout", {"logout": {}}).status == 200
    assert nitro.get("lbvserver").status == 401


@pytest.mark.parametrize(
    "content_type",
    ["application/json", "application/json; charset=utf-8", "application/vnd.com.citrix.netscaler.lbvserver+json",
     "application/vnd.com.citrix.netscaler.lbvserver_list+json"],
)  # fmt: skip
def test_content_types_that_clients_send(nitro: Nitro, content_type: str) -> None:
    assert nitro.post("lbvserver", {"lbvserver": HTTP_VSERVER}, headers={"Content-Type": content_type}).status == 201


def test_another_content_type_is_refused(nitro: Nitro) -> None:
    answer = nitro.post("lbvserver", raw='{"lbvserver":{"name":"v1"}}', headers={"Content-Type": "text/plain"})
    assert (answer.status, answer.errorcode) == (400, 1233)


@pytest.mark.parametrize(
    "raw",
    ['{"params":{"warning":"yes",},"lbvserver":{"name":"v1","servicetype":"HTTP",},}',
     '{"lbvserver":[{"name":"v1","servicetype":"HTTP"},]}', '{"LBVSERVER":{"NAME":"v1","ServiceType":"http"}}',
     '{"lbvserver":{"name":"v1","servicetype":"HTTP","comment":null}}'],
    ids=["trailing commas in the envelope", "trailing comma in an array", "names in any case", "null is not given"],
)  # fmt: skip
def test_bodies_that_clients_send(nitro: Nitro, raw: str) -> None:
    assert nitro.post("lbvserver", raw=raw).status in (200, 201, 209), raw
    row = nitro.rows("lbvserver/v1")[0]
    assert row["servicetype"] == "HTTP"
    assert "comment" not in row


def test_a_legacy_form_with_a_space_as_plus(nitro: Nitro) -> None:
    content = json.dumps({"sessionid": nitro.token, "lbvserver": {**HTTP_VSERVER, "comment": "a b"}})
    raw = "object=" + quote(content, safe="").replace("%20", "+")
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    assert nitro.post("", raw=raw, auth=False, headers=headers).status == 201
    assert nitro.rows("lbvserver/v1")[0]["comment"] == "a b"


def test_json_labelled_as_a_form_with_the_type_in_the_body(nitro: Nitro) -> None:
    nitro.add("lbvserver", **HTTP_VSERVER)
    raw = json.dumps({"sessionid": nitro.token, "lbvserver": {"name": "v1", "lbmethod": "ROUNDROBIN"}})
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    assert nitro.put("", raw=raw, auth=False, headers=headers).status == 200
    assert nitro.rows("lbvserver/v1")[0]["lbmethod"] == "ROUNDROBIN"


def test_legacy_removal_of_several(nitro: Nitro) -> None:
    nitro.post("lbvserver", {"lbvserver": [{"name": "a", "servicetype": "HTTP"}, {"name": "b", "servicetype": "HTTP"}]})
    answer = nitro.post("lbvserver", {"params": {"action": "rm"}, "lbvserver": [{"name": "a"}, {"name": "b"}]})
    assert answer.status == 200
    assert nitro.rows("lbvserver") == []


NEW = '{"lbvserver":{"name":"v","servicetype":"HTTP",%s}}'
REFUSALS = {
    "malformed JSON": ("POST", "lbvserver", "{", 400, 1233),
    "a list": ("POST", "lbvserver", "[]", 400, 1233),
    "text for an object": ("POST", "lbvserver", '{"lbvserver": "x"}', 400, 1234),
    "unknown type": ("POST", "nosuchkind", '{"nosuchkind":{"name":"x"}}', 400, 1232),
    "unknown type read": ("GET", "nosuchkind", "", 400, 1232),
    "action that is none": ("POST", "lbvserver?action=change", '{"lbvserver":{"name":"x"}}', 400, 1240),
    "unknown attribute": ("POST", "lbvserver", NEW % '"nosuch":1', 400, 1090),
    "read-only attribute": ("POST", "lbvserver", NEW % '"curstate":"UP"', 599, 278),
    "value not allowed": ("POST", "lbvserver", NEW % '"lbmethod":"NOPE"', 400, 1097),
    "number too large": ("POST", "lbvserver", NEW % '"port":70000', 400, 1108),
    "key missing": ("POST", "lbvserver", '{"lbvserver":{"servicetype":"HTTP"}}', 400, 1095),
    "mandatory attribute missing": ("POST", "lbvserver", '{"lbvserver":{"name":"v"}}', 400, 1095),
    "name that is none": ("POST", "lbvserver", '{"lbvserver":{"name":"-v","servicetype":"HTTP"}}', 400, 1075),
    "update of what is not there": ("PUT", "lbvserver", '{"lbvserver":{"name":"nope","lbmethod":"TOKEN"}}', 404, 258),
    "rename of what is not there": ("POST", "lbvserver?action=rename", '{"lbvserver":{"name":"nope","newname":"x"}}', 404, 258),
    "enable of what is not there": ("POST", "lbvserver?action=enable", '{"lbvserver":{"name":"nope"}}', 404, 258),
}


@pytest.mark.parametrize(("method", "path", "body", "status", "errorcode"), REFUSALS.values(), ids=REFUSALS)
def test_refusals(nitro: Nitro, method: str, path: str, body: str, status: int, errorcode: int) -> None:
    answer = nitro.send(method, path, raw=body)
    assert (answer.status, answer.errorcode) == (status, errorcode), answer.text
    assert answer.body["severity"] == "ERROR"
    assert f'"errorcode": {errorcode}' in answer.text
    assert nitro.rows("lbvserver") == []


def test_an_update_of_what_update_does_not_take_names_it_in_lower_case_and_changes_nothing(nitro: Nitro) -> None:
    nitro.add("lbvserver", **HTTP_VSERVER)
    answer = nitro.put("lbvserver/v1", {"lbvserver": {"name": "v1", "Servicetype": "SSL", "lbmethod": "ROUNDROBIN"}})
    assert (answer.status, answer.reason, answer.message) == (599, "Netscaler specific error", "Invalid argument [servicetype]")
    assert nitro.rows("lbvserver/v1")[0]["lbmethod"] == "LEASTCONNECTION"


def test_state_is_changed_by_actions_only(nitro: Nitro) -> None:
    nitro.add("lbvserver", **HTTP_VSERVER)
    assert nitro.put("lbvserver", {"lbvserver": {"name": "v1", "state": "DISABLED"}}).errorcode == 278
    assert nitro.post("lbvserver?action=disable", {"lbvserver": {"name": "v1"}}).status == 200
    assert nitro.rows("lbvserver/v1")[0]["curstate"] == "OUT OF SERVICE"
    assert nitro.post("lbvserver?action=disable", {"lbvserver": {"name": "v1"}}).status == 200


def test_the_key_in_the_body_decides_over_the_one_in_the_url(nitro: Nitro) -> None:
    nitro.add("lbvserver", **HTTP_VSERVER)
    answer = nitro.put("lbvserver/v1", {"lbvserver": {"name": "NEW", "lbmethod": "ROUNDROBIN"}})
    assert (answer.status, answer.message) == (404, "No such resource [name, NEW]")


@pytest.mark.parametrize("flag", [True, "true"])
def test_unset_returns_to_the_default(nitro: Nitro, flag: Any) -> None:
    nitro.add("lbvserver", **HTTP_VSERVER, lbmethod="ROUNDROBIN", comment="x")
    assert nitro.post("lbvserver?action=unset", {"lbvserver": {"name": "v1", "lbmethod": flag, "comment": flag}}).status == 200
    row = nitro.rows("lbvserver/v1")[0]
    assert row["lbmethod"] == "LEASTCONNECTION"
    assert row.get("comment", "") == ""


def test_unset_of_what_cannot_be_unset_is_refused(nitro: Nitro) -> None:
    nitro.add("lbvserver", **HTTP_VSERVER)
    assert nitro.post("lbvserver?action=unset", {"lbvserver": {"name": "v1", "servicetype": True}}).errorcode == 278


def test_idempotent_add(nitro: Nitro) -> None:
    body = {"lbvserver": {**HTTP_VSERVER, "lbmethod": "ROUNDROBIN"}}
    assert [nitro.post("lbvserver?idempotent=yes", body).status for _time in range(2)] == [200, 200]
    body["lbvserver"]["lbmethod"] = "TOKEN"
    assert nitro.post("lbvserver?idempotent=yes", body).status == 200
    assert nitro.rows("lbvserver/v1")[0]["lbmethod"] == "TOKEN"
    refused = nitro.post("lbvserver?idempotent=yes", {"lbvserver": {"name": "v1", "servicetype": "SSL"}})
    assert (refused.status, refused.errorcode) == (400, 1074)
    assert refused.message == "Invalid value [servicetype, value differs from existing entity and it cant be updated.]"


@pytest.mark.parametrize(
    ("segment", "name"),
    [("a%2520b", "a b"), ("a%20b", "a b"), ("a%2Bb", "a b"), ("a%252Db", "a-b"), ("a%253Ab", "a:b"), ("a:b", "a:b")],
)
def test_names_in_the_path_are_decoded_twice(nitro: Nitro, segment: str, name: str) -> None:
    nitro.add("lbvserver", name=name, servicetype="HTTP")
    assert nitro.rows(f"lbvserver/{segment}")[0]["name"] == name
    assert nitro.delete(f"lbvserver/{segment}").status == 200


@pytest.mark.parametrize("path", ["lbvserver/a/b", "lbvserver/a%2Fb", "/nitro/v1/nothing/lbvserver", "/nitro/v1/"])
def test_what_the_front_end_refuses_is_html(nitro: Nitro, path: str) -> None:
    answer = nitro.get(path)
    assert (answer.status, answer.reason) == (404, "Not Found")
    assert answer.headers["Content-Type"].startswith("text/html")


def test_names_collide_in_any_case_and_are_shown_as_given(nitro: Nitro) -> None:
    nitro.add("lbvserver", name="Web", servicetype="HTTP")
    assert nitro.post("lbvserver", {"lbvserver": {"name": "web", "servicetype": "HTTP"}}).status == 409
    assert nitro.rows("lbvserver/WEB")[0]["name"] == "Web"


@pytest.fixture(name="three")
def _three(nitro: Nitro) -> Nitro:
    rows = [
        {"name": f"v{n}", "servicetype": "HTTP", "lbmethod": "ROUNDROBIN" if n else "TOKEN", "comment": f"no {n}"}
        for n in range(3)
    ]
    assert nitro.post("lbvserver", {"lbvserver": rows}).status == 201
    return nitro


@pytest.mark.parametrize(
    ("query", "names"),
    [
        pytest.param("", ["v0", "v1", "v2"], id="all, in the order of creation"),
        pytest.param("?filter=lbmethod:ROUNDROBIN", ["v1", "v2"], id="filter"),
        pytest.param("?filter=lbmethod:ROUNDROBIN,name:v2", ["v2"], id="filters are all required"),
        pytest.param("?filter=lbmethod:roundrobin", [], id="filter is case-sensitive"),
        pytest.param("?filter=name:%2f%5Ev[12]%2f", ["v1", "v2"], id="pattern"),
        pytest.param("?filter=comment:no%202", ["v2"], id="encoded value"),
        pytest.param("?pagesize=2&pageno=2", ["v2"], id="second page"),
        pytest.param("?pagesize=2&pageno=3", [], id="past the end"),
        pytest.param("?view=detail&filter=name:v1", ["v1"], id="view and filter"),
        pytest.param("?args=lbmethod:token", ["v0"], id="args, enumeration in any case"),
        pytest.param("/v1?args=", ["v1"], id="named with empty args"),
    ],
)
def test_reads(three: Nitro, query: str, names: list[str]) -> None:
    assert [row["name"] for row in three.rows(f"lbvserver{query}")] == names


def test_args_that_match_nothing_are_an_error_where_a_filter_is_not(three: Nitro) -> None:
    assert three.get("route?args=network:10.9.0.0,netmask:255.255.0.0,gateway:10.0.0.1").errorcode == 258
    empty = three.get("lbvserver?filter=name:nope")
    assert (empty.status, sorted(empty.body)) == (200, ["errorcode", "message", "severity"])


def test_count(three: Nitro) -> None:
    assert three.get("lbvserver?view=detail&count=yes&filter=lbmethod:ROUNDROBIN").body["lbvserver"] == [{"__count": 2}]
    assert three.get("lbvserver_servicegroup_binding/nope?count=yes").errorcode == 258


def test_an_array_body_stops_goes_on_or_rolls_back(nitro: Nitro) -> None:
    rows = [{"name": name, "servicetype": "HTTP"} for name in ("a", "a", "b")]
    left = {}
    for mode in ("exit", "continue", "rollback"):
        answer = nitro.post("lbvserver", {"lbvserver": rows}, headers={"X-NITRO-ONERROR": mode})
        assert (answer.status, answer.reason, answer.errorcode) == (207, "Multi Status", 1243)
        left[mode] = ([item["errorcode"] for item in answer.body["response"]], [row["name"] for row in nitro.rows("lbvserver")])
        for name in left[mode][1]:
            nitro.delete(f"lbvserver/{name}")
    assert left == {"exit": ([0, 273], ["a"]), "continue": ([0, 273, 0], ["a", "b"]), "rollback": ([0, 273], [])}


def test_rollback_of_an_update_is_not_supported(nitro: Nitro) -> None:
    answer = nitro.put("lbvserver", {"lbvserver": [{"name": "a", "comment": "x"}]}, headers={"X-NITRO-ONERROR": "rollback"})
    assert answer.errorcode == 1242


def test_ten_thousand_objects_in_one_body(nitro: Nitro) -> None:
    rows = [{"name": f"v{n}", "servicetype": "HTTP"} for n in range(10_000)]
    assert nitro.post("lbvserver", {"lbvserver": rows}).status == 201
    assert nitro.get("lbvserver?count=yes").body["lbvserver"] == [{"__count": 10_000}]


@pytest.mark.parametrize("method", ["PUT", "POST"])
@pytest.mark.parametrize("path", ["{kind}", "{kind}/v1", "{kind}?action=bind"])
def test_all_ways_to_bind(nitro: Nitro, method: str, path: str) -> None:
    nitro.add("lbvserver", **HTTP_VSERVER)
    nitro.add("servicegroup", servicegroupname="g", servicetype="HTTP")
    kind = "lbvserver_servicegroup_binding"
    body = {kind: {"name": "v1", "servicegroupname": "g"}}
    assert nitro.send(method, path.format(kind=kind), body).status in (200, 201)
    assert nitro.send(method, path.format(kind=kind), body).errorcode == 273
    assert [row["servicegroupname"] for row in nitro.rows(f"{kind}/v1")] == ["g"]
    assert nitro.delete(f"{kind}/v1?args=servicegroupname:g,name:v1").status == 200
    assert nitro.delete(f"{kind}/v1?args=servicegroupname:g").errorcode == 258


def test_deleting_a_parent_takes_its_bindings_along(nitro: Nitro) -> None:
    nitro.add("policypatset", name="p")
    nitro.bind("policypatset_pattern_binding", name="p", String="abc")
    assert nitro.delete("policypatset/p").status == 200
    nitro.add("policypatset", name="p")
    assert nitro.rows("policypatset_pattern_binding/p") == []


def test_the_list_of_types(nitro: Nitro) -> None:
    assert "lbvserver" in nitro.get("/nitro/v1/config/").body["configobjects"]["objects"]
    assert "lbvserver" in nitro.get("/nitro/v1/stat/").body["statobjects"]["objects"]


def test_an_error_answer_closes_the_connection(nitro: Nitro) -> None:
    assert nitro.get("lbvserver/nope").headers["Connection"].lower() == "close"


def test_every_kind_answers_its_get_all(nitro: Nitro) -> None:
    from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro import catalogue

    strange = {}
    for kind in catalogue.kinds():
        if "get_all" in kind.operations and not kind.is_binding and not kind.aggregate_of:
            answer = nitro.get(kind.name)
            if answer.status not in (200, 400, 404):
                strange[kind.name] = answer.status
    assert strange == {}
