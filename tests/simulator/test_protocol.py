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
