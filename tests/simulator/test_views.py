# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Every relation is seen from both ends: all views of the catalogue, walked (PROTOCOL 6.2, 21.2, 21.3)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro import catalogue
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.errors import UnknownKind
from nitrox.simulator import registry, views
from nitrox.simulator.behaviour import load

from .nitro import Nitro

load()
# Relations that more than one short name stands for would only repeat the same code: one stored kind for each view is walked.
WALKED = {
    kind.name: views.mirrors(kind.name)
    for kind in catalogue.kinds()
    if kind.view and views.mirrors(kind.name) and kind.name not in registry.VIEW and kind.name not in registry.ROWS
}
PACKAGES = sorted({catalogue.kind(name).package for name in WALKED})


def end(kind_name: str | None, key: str | None) -> str:
    """A name that does for an object of that kind."""
    return "192.0.2.7" if key and "ip" in key else "7" if kind_name in ("vlan", "vxlan", "bridgegroup", "vrid", "vrid6") else "x7"


def stored_row(name: str) -> dict[str, Any]:
    """A minimal row of a stored kind."""
    kind = catalogue.kind(name)
    row = {key: value for key, value in ((kind.url_key, end(kind.parent, kind.url_key)), (kind.bind_key, "b7")) if key}
    return {**row, "priority": 7} if "priority" in kind.attributes else row


def parents(name: str, key: str) -> dict[str, list[dict[str, Any]]]:
    """The object that a view is asked of."""
    try:
        kind = catalogue.kind(catalogue.kind(name).parent or "")
    except UnknownKind:
        return {}
    return {kind.name: [{kind.url_key or kind.keys[0]: key}]} if kind.keys else {}


def walk(package: str) -> Iterator[tuple[str, str]]:
    for name, stored in WALKED.items():
        if catalogue.kind(name).package == package:
            yield name, stored[0]


@pytest.mark.parametrize("package", PACKAGES)
def test_what_is_bound_is_seen_from_the_other_side(nitro: Nitro, box: Any, package: str) -> None:
    missing = []
    for name, stored in walk(package):
        view, row = catalogue.kind(name), stored_row(stored)
        parent = str(row.get(views.key_of(view, catalogue.kind(stored)) or "", ""))
        box.control("PUT", "state", {stored: [row], **parents(name, parent)})
        nitro = Nitro(box.url)
        answer = nitro.get(f"{name}/{parent}" if view.url_key else name)
        found = answer.body.get(view.wire_name, [])
        if not found or (view.url_key and str(found[0].get(view.url_key)) != parent):
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
