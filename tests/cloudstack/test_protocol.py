# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Requests and answers on the wire: signatures, formats, envelopes, errors, paging, sessions."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from typing import Any

import pytest
import requests

from nitrox.cloudstack.signature import sign, spellings
from nitrox.cloudstack.testing import Simulator

from .api import Api, Refused, signature

# published with the developer's guide of CloudStack
PUBLISHED = {
    "apikey": "plgWJfZK4gyS3mOMTVmjUVg-X-jlWlnfaUJ9GAbBbf9EdM-kAYMmAiLqzzq1ElZLYq_u38zCm0bewzGUdP66mg",
    "command": "listUsers",
    "response": "json",
}
PUBLISHED_SECRET = "VDaACYb0LV9eNjTetIOElcVQkvJck_J_QljX_FcHRj87ZKiy0z0ty0ZsYBkoXkY9b7eq1EhwJaw7FF3akA3KBQ"


def test_the_published_signature_comes_out() -> None:
    assert [sign(text, PUBLISHED_SECRET) for text in spellings(PUBLISHED.items())] == ["TTpdDq/7j/J58XCRHomKoQXEQds="]


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("java", [True, False], ids=["tilde escaped", "tilde as it is"])
def test_both_spellings_of_a_tilde_are_signed(api: Api, method: str, java: bool) -> None:
    assert api.send("listZones", keyword="a~b*c d+é", method=method, java=java).status_code == 200


@pytest.mark.parametrize(
    ("change", "status"),
    [
        pytest.param({"signature": "AAAA"}, 401, id="another signature"),
        pytest.param({"signature": None}, 401, id="no signature"),
        pytest.param({"apiKey": "nobody"}, 401, id="unknown key"),
        pytest.param({"name": "changed"}, 401, id="a parameter changed after signing"),
        pytest.param({}, 200, id="as signed"),
    ],
)
def test_credentials_are_checked(api: Api, change: dict[str, Any], status: int) -> None:
    given = {"command": "listZones", "response": "json", "apiKey": api.key, "name": "x"}
    given |= {"signature": signature(given, api.secret)} | change
    answer = requests.get(api.cloud.endpoint, params={k: v for k, v in given.items() if v is not None}, timeout=10)
    assert answer.status_code == status


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        pytest.param({"signatureVersion": "3", "expires": "2001-01-01T00:00:00+0000"}, 401, id="expired"),
        pytest.param({"signatureVersion": "3", "expires": "2999-01-01T00:00:00+0000"}, 200, id="in time"),
        pytest.param({"signatureVersion": "3"}, 401, id="version 3 without expiry"),
        pytest.param({"signatureVersion": "3", "expires": "soon"}, 401, id="no time"),
        pytest.param({"expires": "2001-01-01T00:00:00+0000"}, 200, id="other versions ignore it"),
    ],
)
def test_expiry(api: Api, raw: dict[str, str], status: int) -> None:
    assert api.send("listZones", raw=raw).status_code == status


def test_a_clock_that_has_gone_on_expires_signatures(api: Api) -> None:
    api.cloud.control("POST", "clock", {"advance": 10**9})
    raw = {"signatureVersion": "3", "expires": "2050-01-01T00:00:00+0000"}
    assert api.send("listZones", raw=raw).status_code == 401


def test_xml_is_what_comes_without_asking(api: Api) -> None:
    answer = api.send("listZones", raw={"response": "xml"})
    root = ET.fromstring(answer.content)
    assert (root.tag, answer.headers["Content-Type"]) == ("listzonesresponse", "text/xml; charset=UTF-8")
    assert [root.findtext("count"), len(root.findall("zone"))] == ["2", 2]
    assert root.findtext("zone/securitygroupsenabled") == "false"


def test_json_is_json(api: Api) -> None:
    answer = api.send("listZones")
    assert answer.headers["Content-Type"] == "application/json; charset=UTF-8"
    assert list(answer.json()) == ["listzonesresponse"]


def test_names_of_parameters_and_commands_are_read_without_regard_to_case(api: Api) -> None:
    assert len(api.call("LISTZONES", NetworkType="Basic")["zone"]) == 1


def test_nothing_found_is_an_empty_object(api: Api) -> None:
    assert api.call("listVirtualMachines") == {}


@pytest.mark.parametrize("command", ["bogusCommand", "listLdapConfigurations", ""])
def test_a_command_that_there_is_not(api: Api, command: str) -> None:
    answer = api.send(command)
    assert (answer.status_code, list(answer.json())) == (432, ["errorresponse"])


def test_a_command_of_administrators_is_refused_to_users(cloud: Simulator) -> None:
    with pytest.raises(Refused) as refused:
        Api(cloud, "demo").call("listHosts")
    assert refused.value.code == 401
    assert list(Api(cloud, "demo").send("listHosts").json()) == ["errorresponse"]


def test_finished_jobs_are_forgotten_after_a_day(api: Api) -> None:
    job = api.call("createAffinityGroup", name="apart", type="host affinity")["jobid"]
    assert api.poll(job)["jobstatus"] == 1
    api.cloud.control("POST", "clock", {"advance": 86401})
    with pytest.raises(Refused) as refused:
        api.poll(job)
    assert refused.value.code == 431


@pytest.mark.parametrize(
    ("command", "parameters", "says"),
    [
        pytest.param("createNetwork", {"name": "x"}, "missing parameter", id="missing"),
        pytest.param("listVirtualMachines", {"page": "one", "pagesize": "1"}, "number one", id="no number"),
        pytest.param("listVirtualMachines", {"id": "nobody"}, "entity does not exist", id="unknown id in a list"),
        pytest.param("startVirtualMachine", {"id": "nobody"}, "entity does not exist", id="unknown id in a command"),
        pytest.param("createTags", {"resourceids": "x", "resourcetype": "UserVm", "tags": "a"}, "tags[0].key", id="no map"),
        pytest.param("listTemplates", {"templatefilter": "mine"}, "templatefilter", id="no such filter"),
    ],
)
def test_what_is_wrong_with_parameters_is_431(api: Api, command: str, parameters: dict[str, str], says: str) -> None:
    with pytest.raises(Refused) as refused:
        api.call(command, **parameters)
    assert (refused.value.code, refused.value.cserror) == (431, 4350)
    assert says in refused.value.text


def test_unknown_parameters_are_ignored(api: Api) -> None:
    assert len(api.list("listZones", listitems="true")) == 2


def groups(api: Api, number: int) -> None:
    """So many affinity groups."""
    account = api.cloud.state("account")[0]
    for index in range(number):
        body = {"name": f"g{index:03}", "type": "host affinity", "account": account["name"], "domainid": account["domainid"]}
        api.cloud.cloud.store.add("affinitygroup", **body)


def test_pages_have_the_total(api: Api) -> None:
    groups(api, 7)
    pages = [api.call("listAffinityGroups", page=page, pagesize=3) for page in (1, 2, 3, 4)]
    assert [page["count"] for page in pages] == [7, 7, 7, 7]
    assert [len(page.get("affinitygroup", ())) for page in pages] == [3, 3, 1, 0]


def test_a_page_may_not_be_larger_than_the_default(api: Api) -> None:
    with pytest.raises(Refused, match="pagesize"):
        api.call("listZones", page=1, pagesize=501)
    api.cloud.control("POST", "options", {"page_size": 20})
    groups(api, 25)
    assert len(api.list("listAffinityGroups")) == 20
    with pytest.raises(Refused, match="pagesize"):
        api.call("listZones", page=1, pagesize=21)


def test_calls_beyond_the_rate_are_429(api: Api) -> None:
    api.cloud.control("POST", "options", {"throttle": 2})
    answers = {api.send("listZones").status_code for _call in range(40)}
    assert answers == {200, 429}


def test_the_integration_port_wants_no_key(cloud: Simulator) -> None:
    answer = requests.get(cloud.open_endpoint, params={"command": "listHosts", "response": "json"}, timeout=10)
    assert len(answer.json()["listhostsresponse"]["host"]) == 4


def test_a_session_by_name_and_password(cloud: Simulator) -> None:
    http = requests.Session()
    given = {"command": "login", "username": "admin", "password": "password", "response": "json"}
    answer = http.post(cloud.endpoint, data=given, timeout=10).json()["loginresponse"]
    ask = {"command": "listZones", "response": "json"}
    assert http.get(cloud.endpoint, params=ask, timeout=10).status_code == 401
    assert http.get(cloud.endpoint, params=ask | {"sessionkey": answer["sessionkey"]}, timeout=10).status_code == 200
    wrong = http.post(cloud.endpoint, data=given | {"password": "guess"}, timeout=10)
    assert wrong.status_code == 531


def test_new_keys_replace_the_old_ones(api: Api) -> None:
    user = api.list("listUsers", username="demo")[0]["id"]
    old = Api(api.cloud, "demo")
    keys = api.call("registerUserKeys", id=user)["userkeys"]
    assert old.send("listZones").status_code == 401
    old.key, old.secret = keys["apikey"], keys["secretkey"]
    assert old.send("listZones").status_code == 200


def test_list_apis_describes_commands(api: Api) -> None:
    (found,) = api.list("listApis", name="deployVirtualMachine")
    required = {one["name"] for one in found["params"] if one["required"]}
    assert (found["isasync"], required) == (True, {"zoneid", "templateid", "serviceofferingid"})
    assert len(api.list("listApis")) > 250


def test_capabilities_are_one_object(api: Api) -> None:
    assert api.call("listCapabilities")["capability"]["cloudstackversion"].startswith("4.")


def test_the_page_lists_answered_and_refused_commands(cloud: Simulator) -> None:
    text = requests.get(cloud.url, timeout=10).text
    assert "deployVirtualMachine" in text.split("Refused commands")[0]
    refused = {name for name, about in cloud.control("GET", "commands").items() if not about["answered"]}
    assert all(f"<code>{name}</code>" in text.split("Refused commands")[1] for name in refused)
