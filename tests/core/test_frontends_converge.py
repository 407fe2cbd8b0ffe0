# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""`frontends:` on an appliance: everything that it expands to is accepted, and a second run finds nothing to do."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from cryptography.hazmat.primitives import serialization

from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.converge import converge
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.document import parse
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.session import Session, Target
from tests.simulator.certificates import certificate, pem

from .test_frontends import WHOLE

if TYPE_CHECKING:
    from nitrox.simulator.testing import Simulator


def renewed() -> str:
    """A certificate for the same name with another key."""
    made = certificate("other", "www.example.com", "ca", "Example CA")
    return made.public_bytes(serialization.Encoding.PEM).decode()


def shop(**certificate_words: str) -> dict[str, Any]:
    data: dict[str, Any] = yaml.safe_load(WHOLE)
    mine = data["frontends"]["shop"]
    words = {name: pem(what).decode() for name, what in (("cert", "leaf-cert"), ("key", "leaf-key"), ("chain", "ca-cert"))}
    mine["certificate"] = [{**words, **certificate_words}]
    mine["backends"]["api"]["tls"] = True
    return {**data, "server": {"spare": {"ipaddress": "198.51.100.99"}}}


def run(simulator: Simulator, data: dict[str, Any], **options: Any) -> list[tuple[str, str]]:
    target = Target.from_options({"url": simulator.url, "username": "nsroot", "password": "nsroot"}, {})
    with Session(target) as session:
        plan, outcome = converge(session, parse(data, **options))
    assert outcome is not None
    assert [(item.change.kind, item.change.name, item.message) for item in outcome.items if item.status != "done"] == []
    return [(change.verb, change.kind) for change in plan.changes]


def test_a_whole_shop_is_made_once(simulator: Simulator) -> None:
    assert run(simulator, shop())
    assert run(simulator, shop()) == []


def test_a_renewed_certificate_is_updated_in_place(simulator: Simulator) -> None:
    run(simulator, shop())
    new = shop(cert=renewed(), key=pem("other-key").decode())
    changes = run(simulator, new)
    assert ("change", "sslcertkey") in changes
    assert {verb for verb, kind in changes} == {"create", "change"}
    assert {kind for verb, kind in changes if verb == "create"} == {"systemfile"}
    assert run(simulator, new) == []


def test_a_new_member_is_one_bind(simulator: Simulator) -> None:
    run(simulator, shop())
    more = shop()
    more["frontends"]["shop"]["backends"]["web"]["members"].append("198.51.100.13:8080")
    assert run(simulator, more) == [("bind", "servicegroup_servicegroupmember_binding")]


def test_a_whole_shop_is_taken_down(simulator: Simulator) -> None:
    run(simulator, shop())
    changes = run(simulator, shop(), present=False)
    assert ("delete", "csvserver") in changes
    assert run(simulator, shop(), present=False) == []


def shops(count: int) -> dict[str, Any]:
    """So many frontends with routes, redirects, health checks, persistence and a maintenance page, but no certificates."""
    given: dict[str, Any] = yaml.safe_load(WHOLE)
    one = {name: value for name, value in given["frontends"]["shop"].items() if name not in ("certificate", "redirect")}
    one.update(protocol="HTTP", port=80)
    one["backends"]["api"]["tls"] = True
    made = {f"shop{n}": {**one, "address": f"203.0.113.{n + 1}"} for n in range(count)}
    return {**given, "frontends": made, "server": {"spare": {"ipaddress": "198.51.100.99"}}}


def requests(simulator: Simulator, data: dict[str, Any]) -> tuple[dict[str, int], dict[str, int]]:
    """Reads and writes of a run by kind."""
    before = simulator.counters()["requests"]
    run(simulator, data)
    after = simulator.counters()["requests"]
    new = Counter((method, kind) for method, kinds in after.items() for kind, n in kinds.items() for _ in range(n))
    new -= Counter((method, kind) for method, kinds in before.items() for kind, n in kinds.items() for _ in range(n))
    reads = {kind: n for (method, kind), n in new.items() if method == "GET"}
    return reads, {kind: n for (method, kind), n in new.items() if method != "GET" and kind not in ("login", "logout")}


@pytest.mark.parametrize("count", [2, 60])
def test_the_number_of_requests_does_not_grow_with_the_number_of_frontends(simulator: Simulator, count: int) -> None:
    """One read and one write for each kind; the bindings of one parent kind count as one read. Where something is written
    it is read once more right before. Virtual servers are made in two layers, because one is the backup of the other."""
    reads, writes = requests(simulator, shops(count))
    assert set(reads.values()) == {2}
    assert {kind for kind, n in writes.items() if n > 1} == {"lbvserver"}
    assert writes["lbvserver"] == 2
    reads, writes = requests(simulator, shops(count))
    assert set(reads.values()) == {1}
    assert {kind for kind in reads if kind.endswith("_binding")} == {
        "csvserver_binding",
        "lbvserver_binding",
        "servicegroup_binding",
    }
    assert not writes
