# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Reads have three answers; whole collections come page by page, bindings in bulk."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro import catalogue
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.errors import (
    NitroError,
    NotFound,
    NotReady,
    OutcomeUnknown,
    Rejected,
    Unauthorized,
    Unreachable,
)
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.session import Absent, Present, Unknown
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.transport import Answer

from .scripted import MISSING, Scripted, says, session, shows

LB = catalogue.kind("lbvserver")
MEMBER = catalogue.kind("servicegroup_servicegroupmember_binding")
HTML = b"<html><body>Not Found</body></html>"


def test_one_object_costs_one_request_after_the_login() -> None:
    transport = Scripted({"GET lbvserver": says(lbvserver=[{"name": "web", "timeout": "2"}])})
    opened = session(transport)
    assert opened.read(LB, {"name": "web"}) == Present({"name": "web", "timeout": "2"})
    assert opened.read(LB, {"name": "web"}) == Present({"name": "web", "timeout": "2"})
    assert transport.seen == ["POST login", "GET lbvserver/web", "GET lbvserver/web"]
    assert (opened.logins, opened.counts["GET"]) == (1, 2)


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(MISSING, id="404 and 258"),
        pytest.param(says(3248, "Profile does not exist", status=404), id="404 and a code of its own"),
        pytest.param(says(258, "No such resource", status=599), id="the errorcode decides"),
        pytest.param(says(), id="Done without the key"),
        pytest.param(says(lbvserver=[]), id="an empty list"),
    ],
)
def test_absent(answer: Answer) -> None:
    assert session(Scripted({"GET lbvserver": answer})).read(LB, {"name": "web"}) == Absent()


@pytest.mark.parametrize(
    ("answer", "error", "message"),
    [
        pytest.param(Answer(404, {}, HTML), Rejected, "HTML instead of JSON", id="404 of a web server"),
        pytest.param(Answer(404, {}, b""), Rejected, "HTTP status 404 with an empty answer", id="404 without a word"),
        pytest.param(says(status=404), Rejected, "error 0", id="404 without an errorcode"),
        pytest.param(Answer(200, {}, HTML), Rejected, "is this a NetScaler management address", id="some web page"),
        pytest.param(Answer(200, {}, b'{"errorcode": 0, "lbv'), OutcomeUnknown, "no JSON", id="half an answer"),
        pytest.param(Answer(200, {}, b"{}"), OutcomeUnknown, "neither objects nor an errorcode", id="JSON of somebody else"),
        pytest.param(Answer(200, {}, b""), OutcomeUnknown, "neither objects nor an errorcode", id="nothing at all"),
        pytest.param(says(lbvserver="web"), OutcomeUnknown, "neither objects", id="no objects"),
        pytest.param(Answer(302, {"Location": "/login"}, HTML), Rejected, "redirected to /login", id="a redirect"),
        pytest.param(Answer(500, {}, HTML), OutcomeUnknown, "HTTP status 500", id="server error"),
        pytest.param(says(2138, "Not authorized", status=403), Unauthorized, "2138", id="no right to read"),
        pytest.param(says(1030, "Connection with NetScaler lost", status=599), OutcomeUnknown, "1030", id="engine lost"),
        pytest.param(says(446, "Connection limit to CFE exceeded", status=599), NotReady, "446", id="too busy"),
        pytest.param(Answer(503, {}, HTML), NotReady, "HTTP status 503", id="booting"),
        pytest.param(Unreachable("refused"), Unreachable, "refused", id="unreachable"),
        pytest.param(OutcomeUnknown("no answer"), OutcomeUnknown, "no answer", id="no answer"),
    ],
)
def test_unknown_is_not_absent(answer: Any, error: type[NitroError], message: str) -> None:
    found = session(Scripted({"GET lbvserver": answer}), retries=0).read(LB, {"name": "web"})
    assert isinstance(found, Unknown)
    assert type(found.error) is error
    assert message in str(found.error)


def test_a_login_that_fails_makes_a_read_unknown() -> None:
    transport = Scripted({"POST login": says(354, "Invalid username or password", status=401)})
    found = session(transport).read(LB, {"name": "web"})
    assert isinstance(found, Unknown)
    assert isinstance(found.error, Unauthorized)
    assert str(found.error) == "login nsroot: NITRO error 354: Invalid username or password"
    assert transport.seen == ["POST login"]  # never tried again


@pytest.mark.parametrize(
    ("kind", "key", "rows", "path", "expected"),
    [
        pytest.param("nsparam", {}, {"maxconn": "0"}, "nsparam", {"maxconn": "0"}, id="a singleton is one object"),
        pytest.param(
            "nsip",
            {"ipaddress": "192.0.2.9", "td": 5},
            [{"ipaddress": "192.0.2.9", "td": "0"}, {"ipaddress": "192.0.2.9", "td": "5"}],
            "nsip?pagesize=10000&pageno=1",
            {"ipaddress": "192.0.2.9", "td": "5"},
            id="no read by name: all, and the one",
        ),
        pytest.param(
            "dnsaddrec",
            {"hostname": "a.example", "ipaddress": "192.0.2.2"},
            [{"hostname": "a.example", "ipaddress": "192.0.2.1"}, {"hostname": "a.example", "ipaddress": "192.0.2.2"}],
            "dnsaddrec/a.example",
            {"hostname": "a.example", "ipaddress": "192.0.2.2"},
            id="several rows under one name",
        ),
        pytest.param(
            "systemfile",
            {"filename": "a.pem", "filelocation": "/nsconfig/ssl"},
            [{"filename": "a.pem", "filelocation": "/nsconfig/ssl"}],
            "systemfile/a.pem?args=filelocation:%2Fnsconfig%2Fssl",
            {"filename": "a.pem", "filelocation": "/nsconfig/ssl"},
            id="a file in its folder",
        ),
        pytest.param(
            MEMBER.name,
            {"servicegroupname": "sg", "ip": "2001:db8::1", "port": "80"},
            [{"ip": "2001:db8::2", "port": 80}, {"ip": "2001:DB8:0::1", "port": 80}],
            f"{MEMBER.name}/sg",
            {"ip": "2001:DB8:0::1", "port": 80},
            id="a row of a binding",
        ),
        pytest.param(
            "sslvserver_sslcertkey_binding",
            {"vservername": "v", "certkeyname": "c", "ca": False},
            [{"certkeyname": "c", "ca": True}, {"certkeyname": "c"}],
            "sslvserver_sslcertkey_binding/v",
            {"certkeyname": "c"},
            id="a flag that is not shown is not set",
        ),
        pytest.param("interface", {"id": "0/1"}, [{"id": "0/1"}], "interface/0%252F1", {"id": "0/1"}, id="a slash"),
    ],
)
def test_which_row_is_meant(kind: str, key: dict[str, Any], rows: Any, path: str, expected: dict[str, Any]) -> None:
    described = catalogue.kind(kind)
    transport = Scripted({f"GET {kind}": shows(described.wire_name, rows)})
    assert session(transport).read(described, key) == Present(expected)
    assert transport.seen[1:] == [f"GET {path}"]


def test_a_row_that_is_not_among_those_of_its_parent_is_absent() -> None:
    transport = Scripted({f"GET {MEMBER.name}": shows(MEMBER.name, [{"ip": "192.0.2.1", "port": 80}])})
    assert session(transport).read(MEMBER, {"servicegroupname": "sg", "ip": "192.0.2.1", "port": 81}) == Absent()


def test_a_global_binding_is_read_at_its_bind_point() -> None:
    kind = catalogue.kind("responderglobal_responderpolicy_binding")
    transport = Scripted({f"GET {kind.name}": shows(kind.name, [{"policyname": "p", "priority": "10"}])})
    key = {"policyname": "p", "type": "REQ_DEFAULT"}
    assert session(transport).read(kind, key) == Present({"type": "REQ_DEFAULT", "policyname": "p", "priority": "10"})
    assert transport.seen[1] == f"GET {kind.name}?args=type:REQ_DEFAULT&pagesize=10000&pageno=1"


def test_what_cannot_be_read_is_unknown() -> None:
    kind = catalogue.kind("servicegroup_servicegroupmemberlist_binding")
    found = session(Scripted()).read(kind, {"servicegroupname": "sg"})
    assert isinstance(found, Unknown)
    assert "no way to list it" in str(found.error)


def rows(count: int, first: int = 0) -> list[dict[str, str]]:
    return [{"name": f"web{number}"} for number in range(first, first + count)]


@pytest.mark.parametrize(
    ("pages", "expected", "requests"),
    [
        pytest.param([says(lbvserver=rows(2))], 2, 1, id="one short page"),
        pytest.param([says(lbvserver=rows(3)), says(lbvserver=rows(1, 3))], 4, 2, id="stops at the short page"),
        pytest.param([says(lbvserver=rows(3)), says()], 3, 2, id="a full page and nothing behind it"),
        pytest.param([says(lbvserver=rows(3)), says(lbvserver=rows(3))], 3, 2, id="an appliance that ignores the page"),
        pytest.param([says(lbvserver=rows(7))], 7, 1, id="an appliance that does not page"),
        pytest.param([says(278, "Invalid argument [pagesize]", status=599), says(lbvserver=rows(5))], 5, 2, id="or refuses to"),
        pytest.param([says()], 0, 1, id="nothing"),
    ],
)
def test_a_collection_comes_page_by_page(pages: list[Answer], expected: int, requests: int) -> None:
    transport = Scripted({"GET lbvserver": pages})
    assert len(session(transport, page_size=3).read_all(LB)) == expected
    assert len(transport.seen) - 1 == requests


def test_a_page_that_fails_fails_all() -> None:
    transport = Scripted({"GET lbvserver": [says(lbvserver=rows(3)), says(1090, "No such argument", status=400)]})
    with pytest.raises(Rejected, match="1090"):
        session(transport, page_size=3).read_all(LB)


@pytest.mark.parametrize(
    ("answer", "error"),
    [pytest.param(MISSING, NotFound, id="258"), pytest.param(Answer(200, {}, HTML), Rejected, id="HTML")],
)
def test_a_collection_is_never_empty_because_it_could_not_be_read(answer: Answer, error: type[NitroError]) -> None:
    with pytest.raises(error):
        session(Scripted({"GET lbvserver": answer})).read_all(LB)


def member(group: str, address: str) -> dict[str, Any]:
    return {"servicegroupname": group, "ip": address, "port": 80}


def test_the_rows_of_many_parents_cost_one_request() -> None:
    groups = [f"sg{number}" for number in range(100)]
    found = [member("sg1", "192.0.2.1"), member("sg7", "192.0.2.1"), member("other", "192.0.2.1"), member("sg1", "192.0.2.2")]
    transport = Scripted({f"GET {MEMBER.name}": shows(MEMBER.name, found)})
    answer = session(transport, page_size=0).read_bindings(MEMBER, groups)
    assert set(answer) == set(groups)
    assert answer["sg1"] == [found[0], found[3]]
    assert answer["sg2"] == []
    assert transport.seen[1:] == [f"GET {MEMBER.name}?bulkbindings=yes"]


@pytest.mark.parametrize(("answer", "rows"), [(shows(MEMBER.name, [member("a", "192.0.2.1")]), 1), (says(), 0), (MISSING, 0)])
def test_the_rows_of_one_parent_are_read_by_name(answer: Any, rows: int) -> None:
    transport = Scripted({f"GET {MEMBER.name}": answer})
    assert session(transport).read_bindings(MEMBER, ["a"]) == {"a": [member("a", "192.0.2.1")] * rows}
    assert transport.seen[1:] == [f"GET {MEMBER.name}/a"]


def test_all_rows_of_all_parents() -> None:
    transport = Scripted({f"GET {MEMBER.name}": shows(MEMBER.name, [member("a", "192.0.2.1")])})
    assert session(transport).read_bindings(MEMBER, None) == {"a": [member("a", "192.0.2.1")]}


def test_an_old_appliance_without_bulk_reads_is_asked_by_name() -> None:
    refused = says(1095, "Name argument required for binding object", status=400)
    transport = Scripted({f"GET {MEMBER.name}": [refused, refused, says()]})
    assert session(transport).read_bindings(MEMBER, ["a", "b", "c", "d"]) == {"a": [], "b": [], "c": [], "d": []}
    assert transport.seen[3:] == [f"GET {MEMBER.name}/{name}" for name in "abcd"]


def test_rows_that_could_not_be_read_are_not_empty() -> None:
    transport = Scripted({f"GET {MEMBER.name}": says(2138, "Not authorized to execute this command", status=403)})
    with pytest.raises(Unauthorized, match="2138"):
        session(transport).read_bindings(MEMBER, ["a", "b", "c", "d"])
    with pytest.raises(Unauthorized, match="2138"):
        session(transport).read_bindings(MEMBER, ["a"])
