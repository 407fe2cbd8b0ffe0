# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""`frontends:` on an appliance: everything that it expands to is accepted, and a second run finds nothing to do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

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
