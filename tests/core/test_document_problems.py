# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Every way in which a document can be wrong, with the words that people get to read."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.document import Problem, parse
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.errors import InvalidDocument


def problems(data: Any, *, present: bool = True) -> list[str]:
    with pytest.raises(InvalidDocument) as caught:
        parse(data, present=present)
    return [str(problem) for problem in caught.value.problems]


def vserver(**values: Any) -> dict[str, Any]:
    return {"lbvserver": {"web": values}}


def group(*rows: Any, short: str = "servicegroupmember") -> dict[str, Any]:
    return {"servicegroup": {"web": {"bindings": {short: list(rows)}}}}


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        pytest.param({}, "empty document", id="empty document"),
        pytest.param({"lbvserver": {}}, "empty document", id="a document without objects"),
        pytest.param(None, "a mapping of object kinds is wanted, not null", id="null document"),
        pytest.param([], "a mapping of object kinds is wanted, not a list", id="a list on top"),
        pytest.param(
            {"lbvserver": 3},
            "lbvserver: 3: a mapping of objects by name, or a list, is wanted, not this",
            id="a number for objects",
        ),
        pytest.param(
            {"lbvserver": None}, "lbvserver: a mapping of objects by name, or a list, is wanted, not null", id="null for objects"
        ),
        pytest.param(
            {"lbvserver": {"web": 3}},
            "lbvserver.web: 3: a mapping of attributes is wanted, not this",
            id="a number for attributes",
        ),
        pytest.param({"lbvserver": [3]}, "lbvserver[0]: 3: a mapping of attributes is wanted, not this", id="a number in a list"),
        pytest.param(
            {"lbvserver": {True: {}}},
            "lbvserver.True: True: a name in quotes is wanted, not a boolean",
            id="a YAML boolean as name",
        ),
        pytest.param({"nsparam": [1]}, "nsparam: a mapping of attributes is wanted, not a list", id="a list for a singleton"),
        pytest.param({"lbvservr": {}}, "lbvservr: no such object kind (did you mean lbvserver", id="unknown kind"),
        pytest.param({True: {}}, "True: no such object kind", id="a boolean as kind"),
        pytest.param(
            {"lbvserver_binding": {}},
            "lbvserver_binding: an overview of all bindings of lbvserver: use the single",
            id="an overview",
        ),
        pytest.param(
            {"cspolicy_csvserver_binding": []}, "reverse view, read-only: bind it on the side of csvserver", id="a reverse view"
        ),
        pytest.param({"ping": {}}, "ping: cannot be brought into a desired state (its operations: ping)", id="an action"),
        pytest.param({"login": {}}, "login: cannot be read back", id="a kind that cannot be read"),
        pytest.param(
            vserver(lbmetod="X"),
            "lbvserver.web.lbmetod: no such attribute of lbvserver (did you mean lbmethod?)",
            id="unknown attribute",
        ),
        pytest.param(
            {"lbvserver": {"web": {3: "x"}}}, "lbvserver.web.3: the name of an attribute is wanted", id="a number as attribute"
        ),
        pytest.param(
            vserver(lbmethod="LEASTCONECTION"),
            "lbvserver.web.lbmethod: 'LEASTCONECTION': not an allowed value: allowed are AUDITLOGHASH",
            id="unknown value",
        ),
        pytest.param(vserver(lbmethod="LEASTCONECTION"), "(did you mean LEASTCONNECTION?)", id="nearest value"),
        pytest.param(vserver(curstate="UP"), "lbvserver.web.curstate: read-only, it cannot be set", id="read-only"),
        pytest.param(
            vserver(newname="x"), "lbvserver.web.newname: to rename an object, write its new name and rename_from", id="newname"
        ),
        pytest.param(
            {"server": {"a": {"graceful": "YES"}}}, "belongs to the operation disable", id="an argument of an operation"
        ),
        pytest.param(
            {"servicegroup": {"web": {"weight": 3}}},
            "servicegroup.web.weight: belongs to the bindings (servicegroup_servicegroupmember_binding)",
            id="a member's attribute at the group",
        ),
        pytest.param(vserver(port="eighty"), "lbvserver.web.port: 'eighty': a whole number is wanted", id="wrong type"),
        pytest.param(vserver(port=[80]), "lbvserver.web.port: a whole number is wanted, not a list", id="a list for a number"),
        pytest.param(vserver(port=99999), "lbvserver.web.port: 99999: out of range: 0 to 65535", id="out of range"),
        pytest.param(
            vserver(state=True),
            "lbvserver.web.state: True: true is a boolean, text is wanted (YAML reads on, off",
            id="a YAML boolean",
        ),
        pytest.param(
            vserver(state="OFF"), "lbvserver.web.state: 'OFF': not an allowed value: allowed are DISABLED, ENABLED", id="state"
        ),
        pytest.param(
            vserver(lbmethod="TOKEN", LBMethod="TOKEN"), "lbvserver.web.LBMethod: given twice, as lbmethod as well", id="twice"
        ),
        pytest.param(
            vserver(servicetype=None), "lbvserver.web.servicetype: null means unset, and NITRO cannot unset", id="not unsettable"
        ),
        pytest.param({"lbvserver": [{"servicetype": "HTTP"}]}, "lbvserver[0]: name is missing", id="no key"),
        pytest.param({"lbvserver": [{"name": None}]}, "lbvserver[0].name: null, but it identifies the object", id="null key"),
        pytest.param({"lbmonitor": {"m": {}}}, "lbmonitor.m: type is missing", id="half of a composite key"),
        pytest.param({"ntpserver": [{"minpoll": 5}]}, "ntpserver[0]: serverip or servername is missing", id="neither key"),
        pytest.param(
            {"lbvserver": {"a": {"name": "b"}}}, "lbvserver.a.name: 'b': it is filed under the name 'a'", id="two names"
        ),
        pytest.param(vserver(name="a/b"), "it is filed under the name 'web'", id="another name inside"),
        pytest.param(
            {"lbvserver": ["a/b"]}, "'a/b': not a legal name: letters, digits and _ # . space : @ = -", id="an illegal name"
        ),
        pytest.param(
            {"policypatset": ["a-b"]},
            "policypatset[0].name: 'a-b': not a legal name: letters, digits and _ are allowed",
            id="3856",
        ),
        pytest.param(
            {"systemfile": [{"filename": "x" * 64, "filelocation": "/x"}]}, "64 characters, at most 63 are allowed", id="too long"
        ),
        pytest.param(
            {"lbvserver": [{"name": "a"}, {"name": "a"}]}, "lbvserver[1]: the same object as lbvserver[0]", id="two with one name"
        ),
        pytest.param(
            {"server": {"a": {"ipaddress": "192.0.2.1", "domain": "x.y"}}}, "ipaddress and domain exclude each other", id="both"
        ),
        pytest.param(vserver(rename_from=3), "lbvserver.web.rename_from: 3: the old name is wanted", id="rename_from a number"),
        pytest.param({"nsparam": {"rename_from": "x"}}, "nsparam.rename_from: NITRO cannot rename nsparam", id="not renameable"),
        pytest.param(
            vserver(bindings=[]), "lbvserver.web.bindings: a mapping of complete sets is wanted, not a list", id="bindings a list"
        ),
        pytest.param(vserver(bindings={"servicegrop": []}), "no such binding (did you mean servicegroup?)", id="unknown binding"),
        pytest.param(
            {"server": {"a": {"bindings": {"qqq": []}}}}, "server has no such binding: there are none", id="no bindings at all"
        ),
        pytest.param(
            vserver(bindings={"servicegroup": "web"}), "a list with the complete set ([] empties it) is wanted", id="not a list"
        ),
        pytest.param(
            vserver(bindings={"servicegroup": None}),
            "a list with the complete set ([] empties it) is wanted, not null",
            id="null set",
        ),
        pytest.param(
            vserver(bindings={"servicegroup": ["a"], "lbvserver_servicegroup_binding": ["a"]}),
            "given twice",
            id="one binding in two words",
        ),
        pytest.param(group({"port": 80}), "servicegroupmember[0]: ip or servername is missing", id="a row without key"),
        pytest.param(
            group({"ip": "192.0.2.1", "servername": "a", "port": 1}),
            "ip and servername exclude each other: give one",
            id="both of a row",
        ),
        pytest.param(
            group({"ip": "2001:db8::1", "port": 80}, {"ip": "2001:DB8:0::1", "port": "80"}),
            "servicegroup.web.bindings.servicegroupmember[1]: the same as [0]",
            id="two rows with one identity",
        ),
        pytest.param(
            group({"ip": "192.0.2.1", "port": 80, "servicegroupname": "x"}),
            "belongs to another object, this one is 'web'",
            id="foreign row",
        ),
        pytest.param(
            group({"ip": "192.0.2.1", "prt": 80}), "servicegroupmember[0].prt: no such attribute", id="unknown attribute of a row"
        ),
        pytest.param(group(None), "servicegroupmember[0]: a mapping of attributes is wanted, not null", id="null row"),
        pytest.param(group({"members": []}, short="servicegroupmemberlist"), "cannot be read back", id="a write-only binding"),
        pytest.param(
            {"responderglobal_responderpolicy_binding": [{"policyname": "p"}]}, "[0]: priority is missing", id="an incomplete row"
        ),
        pytest.param(
            {"responderglobal_responderpolicy_binding": {}}, "a list with the complete set", id="global rows as a mapping"
        ),
        pytest.param(
            {"nsfeature": {"feature": ["LB", "SLL"]}}, "nsfeature.feature: 'SLL' is not an allowed value", id="an unknown feature"
        ),
    ],
)
def test_problem(data: Any, expected: str) -> None:
    found = problems(data)
    assert len(found) == 1
    assert expected in found[0]


def test_all_problems_are_reported_at_once() -> None:
    found = problems(
        {"lbvservr": {}, **vserver(lbmetod=1, port="x", bindings={"servicegroup": ["a", "a", None]}), "server": [{}]}
    )
    assert len(found) == 6


def test_nothing_is_sent_and_it_says_so() -> None:
    with pytest.raises(InvalidDocument, match=r"^2 problems, nothing was sent:\n  lbvserver.web"):
        parse(vserver(a=1, b=2))


def test_secrets_are_not_shown() -> None:
    (found,) = problems({"systemuser": {"me": {"password": ["hunter2"]}}})
    assert "hunter2" not in found
    (found,) = problems({"systemuser": {"me": {"passwort": "hunter2"}}})
    assert "hunter2" not in found


def test_long_values_are_cut() -> None:
    (found,) = problems(vserver(lbmethod="x" * 10_000))
    assert len(found) < 1000


def test_an_absent_document_is_validated_as_well() -> None:
    assert problems({"lbvserver": {"web": {"lbmetod": 1}}}, present=False)
    assert problems({}, present=False) == ["empty document"]


@pytest.mark.parametrize("name", ["a b", "a:b", "a@b=c#d.e-f", "_x", "0", "2001:db8::1"])
def test_legal_names(name: str) -> None:
    assert parse({"lbvserver": {name: {}}}).objects[0].values["name"] == name


def test_a_problem_in_words() -> None:
    assert str(Problem("a.b", "wrong", 3)) == "a.b: 3: wrong"
    assert str(Problem("a.b", "wrong")) == "a.b: wrong"
    assert str(Problem("", "wrong")) == "wrong"
