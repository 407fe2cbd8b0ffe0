# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Who names whom: layers, circles, and what has to exist outside of a document."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.document import Document, parse
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.errors import InvalidDocument


def named(document: Document, kind: str, name: str) -> set[str]:
    (wanted,) = (wanted for wanted in document.kinds[kind] if wanted.name.startswith(name))
    return {f"{kind} {' '.join(filter(None, key))}" for kind, key in document.references(wanted)}


def position(document: Document) -> dict[str, int]:
    return {f"{w.kind.name} {w.name}": number for number, layer in enumerate(document.layers()) for w in layer}


@pytest.mark.parametrize(
    ("data", "kind", "expected"),
    [
        pytest.param({"lbvserver": {"a": {"backupvserver": "b"}, "b": {}}}, "lbvserver", {"lbvserver b"}, id="an attribute"),
        pytest.param(
            {"servicegroup": {"a": {"bindings": {"lbmonitor": ["m"]}}}, "lbmonitor": {"m": {"type": "HTTP"}}},
            "servicegroup",
            {"lbmonitor m HTTP"},
            id="a binding row",
        ),
        pytest.param(
            {"sslvserver": {"a": {}}, "csvserver": ["a"]}, "sslvserver", {"csvserver a"}, id="a kind that exists with another"
        ),
        pytest.param(
            {
                "sslcertkey": {"a": {"cert": "x.cert", "key": "/nsconfig/ssl/x.key"}},
                "systemfile": [
                    {"filename": "x.cert", "filelocation": "/nsconfig/ssl/"},
                    {"filename": "x.key", "filelocation": "/nsconfig/ssl"},
                    {"filename": "x.cert", "filelocation": "/var/tmp"},
                ],
            },
            "sslcertkey",
            {"systemfile x.cert /nsconfig/ssl", "systemfile x.key /nsconfig/ssl"},
            id="files by their path",
        ),
        pytest.param(
            {
                "lbvserver_servicegroup_binding": [{"name": "a", "servicegroupname": "g"}],
                "lbvserver": ["a"],
                "servicegroup": ["g"],
            },
            "lbvserver_servicegroup_binding",
            {"lbvserver a", "servicegroup g"},
            id="a row on its own names both sides",
        ),
        pytest.param(
            {
                "responderpolicy": {"a": {"rule": 'HTTP.REQ.URL.CONTAINS_ANY("bad_words")'}},
                "policypatset": ["bad_words", "other"],
            },
            "responderpolicy",
            {"policypatset bad_words"},
            id="a pattern set in an expression",
        ),
        pytest.param({"lbvserver": {"a": {"backupvserver": "elsewhere"}}}, "lbvserver", set(), id="nothing of this document"),
    ],
)
def test_references(data: dict[str, Any], kind: str, expected: set[str]) -> None:
    assert named(parse(data), kind, "a") == expected


def test_layers_are_bottom_up() -> None:
    place = position(
        parse(
            {
                "csvserver": {"cs": {"bindings": {"cspolicy": [{"policyname": "p", "priority": 1}]}}},
                "cspolicy": {"p": {"rule": "true", "action": "a"}},
                "csaction": {"a": {"targetlbvserver": "v"}},
                "lbvserver": {"v": {"bindings": {"servicegroup": ["g"]}}},
                "servicegroup": ["g"],
            }
        )
    )
    order = ["servicegroup g", "lbvserver v", "csaction a", "cspolicy p", "csvserver cs"]
    assert [place[name] for name in order] == sorted(place[name] for name in order)
    assert len(set(place.values())) == len(order)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        pytest.param(
            {"lbvserver": {"a": {"backupvserver": "b"}, "b": {"backupvserver": "a"}, "c": {"backupvserver": "a"}}},
            r"^1 problem, .*\n  lbvserver.a: refers to itself: lbvserver a → lbvserver b → lbvserver a$",
            id="two in a circle, one above",
        ),
        pytest.param({"lbvserver": {"a": {"backupvserver": "a"}}}, "lbvserver a → lbvserver a", id="one that names itself"),
        pytest.param(
            {"lbvserver": {w: {"backupvserver": v} for w, v in ("ab", "ba", "cd", "dc")}}, "^2 problems", id="two circles"
        ),
    ],
)
def test_circles_are_problems(data: dict[str, Any], message: str) -> None:
    with pytest.raises(InvalidDocument, match=message):
        parse(data)


def test_a_circle_through_bindings_is_none() -> None:
    row = {"priority": 1, "invoke": True, "labeltype": "policylabel"}
    rows = [{**row, "policyname": "p", "invoke_labelname": "two"}]
    wanted = parse(
        {
            "responderpolicylabel": {
                "one": {"bindings": {"responderpolicy": [{**rows[0]}]}},
                "two": {"bindings": {"responderpolicy": [{**rows[0], "invoke_labelname": "one"}]}},
            },
            "responderpolicy": {"p": {"rule": "true", "action": "NOOP"}},
        }
    )
    assert sum(len(layer) for layer in wanted.layers()) == 3
    assert not named(wanted, "responderpolicylabel", "one")


def test_external_are_the_bound_objects_that_the_document_does_not_declare() -> None:
    wanted = parse(
        {
            "servicegroup": {
                "g": {"bindings": {"lbmonitor": ["tcp", "mine"], "servicegroupmember": [{"servername": "app", "port": 1}]}},
                "h": {"bindings": {"lbmonitor": ["tcp"], "servicegroupmember": [{"ip": "192.0.2.1", "port": 1}]}},
            },
            "lbmonitor": {"mine": {"type": "TCP"}},
        }
    )
    assert {(found.kinds, found.name, found.path) for found in wanted.external()} == {
        (("lbmonitor",), "tcp", "servicegroup.g.bindings.lbmonitor"),
        (("server",), "app", "servicegroup.g.bindings.servicegroupmember"),
    }


def test_global_rows_have_external_objects_too() -> None:
    wanted = parse({"responderglobal_responderpolicy_binding": [{"policyname": "p", "priority": 1}]})
    assert [(found.kinds, found.name) for found in wanted.external()] == [(("responderpolicy",), "p")]
