# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Every relation is seen from both ends: all views of the catalogue, walked (PROTOCOL 6.2, 21.2, 21.3)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro import catalogue
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.errors import UnknownKind
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.kind import Kind
from nitrox.simulator import registry, views
from nitrox.simulator.behaviour import load
from nitrox.simulator.testing import Simulator

from .nitro import Nitro

load()
# A short old name stands for several relations, all by the same code: one stored kind for each view is walked.
WALKED = {
    kind.name: views.mirrors(kind.name)
    for kind in catalogue.kinds()
    if kind.view and views.mirrors(kind.name) and kind.name not in registry.VIEW and kind.name not in registry.ROWS
}
PACKAGES = sorted({catalogue.kind(name).package for name in WALKED})


def value_of(kind_name: str, key: str | None, number: int) -> Any:
    """What does for the attribute of a row."""
    attribute = catalogue.kind(kind_name).attributes[str(key)]
    if attribute.values:
        return attribute.values[0]
    if attribute.type == "integer":
        return number
    return f"192.0.2.{number % 250}" if "ip" in attribute.name else f"x{number}"


def stored_row(name: str, number: int) -> dict[str, Any]:
    """A minimal row of a stored kind."""
    kind = catalogue.kind(name)
    row = {key: value_of(name, key, number + place) for place, key in enumerate((kind.url_key, kind.bind_key)) if key}
    return {**row, "priority": 7} if "priority" in kind.attributes else row


def parent_of(name: str, key: Any) -> dict[str, Any] | None:
    """The object that a view is asked of."""
    try:
        kind = catalogue.kind(catalogue.kind(name).parent or "")
    except UnknownKind:
        return None
    return {"kind": kind.name, "add": {kind.url_key or kind.keys[0]: key}} if kind.keys else None


def front_of(view: Kind, stored: str, row: dict[str, Any]) -> dict[str, Any] | None:
    """The object that the view names, where the relation is stored under its SSL side."""
    kind = catalogue.kind(stored)
    if not views.owns(view, kind):
        return None
    front = catalogue.kind(view.binds or "")
    return {"kind": front.name, "add": {str(front.url_key): row[str(kind.url_key)]}}


def walk(package: str) -> Iterator[tuple[int, str, str]]:
    names = [name for name in WALKED if catalogue.kind(name).package == package]
    for number, name in enumerate(names):
        yield number * 2 + 1, name, WALKED[name][0]


@pytest.mark.parametrize("package", PACKAGES)
def test_what_is_bound_is_seen_from_the_other_side(nitro: Nitro, box: Simulator, package: str) -> None:
    missing, known = [], []
    for number, name, stored in walk(package):
        view, row = catalogue.kind(name), stored_row(stored, number)
        parent = row.get(views.key_of(view, catalogue.kind(stored)) or "", "")
        owner = parent_of(name, parent)
        for change in filter(None, (owner, front_of(view, stored, row), {"kind": stored, "add": row})):
            if change not in known:
                known.append(change)
                box.control("POST", "mutate", change)
        answer = nitro.get(f"{name}/{parent}" if view.url_key else name)
        found = answer.body.get(view.wire_name, [])
        if not found or (view.url_key and str(found[0].get(view.url_key)) != str(parent)):
            missing.append(f"{name} of {stored}: {answer.status} {answer.text}")
    assert not missing, "\n".join(missing)


def test_the_walk_is_not_empty() -> None:
    assert len(WALKED) > 450


@pytest.mark.parametrize(
    ("policy", "kind"), [("cspolicy", "csvserver"), ("responderpolicy", "lbvserver"), ("rewritepolicy", "csvserver")]
)
def test_where_a_policy_is_bound(nitro: Nitro, policy: str, kind: str) -> None:
    key = catalogue.kind(policy).keys[0]
    nitro.add(kind, name="v", servicetype="HTTP")
    action = {"responderpolicy": "NOOP", "rewritepolicy": "NOREWRITE"}.get(policy)
    nitro.add(policy, **{key: "p", "rule": "true"}, **({"action": action} if action else {}))
    nitro.bind(f"{kind}_{policy}_binding", name="v", policyname="p", priority=7)
    found = nitro.rows(f"{policy}_{kind}_binding/p")[0]
    assert found["priority"] == "7"
    words = found["boundto"].split(" ")
    assert words == ["v"] if policy == "cspolicy" else (words[0], words[2]) == ("REQ", "v")
    assert nitro.delete(f"{policy}/p").errorcode == 1070
    nitro.delete(f"{kind}/v")
    assert nitro.rows(f"{policy}_{kind}_binding/p") == []
    assert nitro.delete(f"{policy}/p").status == 200


def test_an_ssl_policy_is_seen_at_the_virtual_server_of_its_own_kind_only(nitro: Nitro) -> None:
    for kind, name in (("lbvserver", "lb"), ("csvserver", "cs")):
        nitro.add(kind, name=name, servicetype="SSL")
        nitro.add("sslpolicy", name=f"p-{name}", rule="true", action="NOOP")
        nitro.bind("sslvserver_sslpolicy_binding", vservername=name, policyname=f"p-{name}", priority=7)
    assert [row["priority"] for row in nitro.rows("sslpolicy_lbvserver_binding/p-lb")] == ["7"]
    assert [row["boundto"].split(" ")[-1] for row in nitro.rows("sslpolicy_csvserver_binding/p-cs")] == ["cs"]
    assert nitro.rows("sslpolicy_csvserver_binding/p-lb") == nitro.rows("sslpolicy_lbvserver_binding/p-cs") == []


def test_a_policy_of_a_label_is_listed_under_its_short_name_too(nitro: Nitro) -> None:
    nitro.add("rewritepolicylabel", labelname="l", transform="http_req")
    nitro.add("rewritepolicy", name="p", rule="true", action="NOREWRITE")
    nitro.bind("rewritepolicylabel_rewritepolicy_binding", labelname="l", policyname="p", priority=7)
    assert [row["policyname"] for row in nitro.rows("rewritepolicylabel_policybinding_binding/l")] == ["p"]
    assert set(nitro.rows("rewritepolicylabel_binding/l")[0]) == {"labelname", "rewritepolicylabel_rewritepolicy_binding"}


def test_what_names_its_parent_is_listed_under_it(nitro: Nitro) -> None:
    nitro.add("gslbsite", sitename="s", siteipaddress="192.0.2.50")
    nitro.add("gslbservice", servicename="g", ip="192.0.2.60", port=80, servicetype="HTTP", sitename="s")
    nitro.add("gslbvserver", name="v", servicetype="HTTP")
    nitro.bind("gslbvserver_gslbservice_binding", name="v", servicename="g")
    nitro.bind("gslbvserver_domain_binding", name="v", domainname="www.example.com")
    assert nitro.rows("gslbsite_gslbservice_binding/s")[0]["servicename"] == "g"
    assert nitro.rows("gslbdomain/www.example.com")[0]["name"] == "www.example.com"
    assert nitro.rows("gslbdomain_gslbvserver_binding/www.example.com")[0]["vservername"] == "v"
    assert nitro.rows("gslbdomain_gslbservice_binding/www.example.com")[0]["servicename"] == "g"
    assert nitro.rows("gslbvserver_service_binding/v")[0]["servicename"] == "g"


def test_an_umbrella_lists_a_row_once(nitro: Nitro) -> None:
    nitro.add("csvserver", name="c", servicetype="HTTP")
    nitro.add("cspolicy", policyname="p", rule="true")
    nitro.bind("csvserver_cspolicy_binding", name="c", policyname="p", priority=1)
    assert set(nitro.rows("csvserver_binding/c")[0]) == {"name", "csvserver_cspolicy_binding"}
    assert set(nitro.rows("cspolicy_binding/p")[0]) == {"policyname", "cspolicy_csvserver_binding"}
