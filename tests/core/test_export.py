# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""An appliance as a document: what is in it, what is not, and that a plan of it is empty for every kind there is."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro import catalogue
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.converge import converge
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.document import parse, to_data
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.errors import InvalidDocument, Rejected
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.export import FACTS, Export, Secret, export

from . import lives
from .converging import done, opened

if TYPE_CHECKING:
    from nitrox.simulator.testing import Simulator

SHOP: dict[str, Any] = {
    "server": {"db": {"ipaddress": "198.51.100.40"}},
    "lbvserver": {
        "web": {"servicetype": "HTTP", "ipv46": "203.0.113.10", "port": 80, "bindings": {"servicegroup": ["web"]}},
        "off": {"servicetype": "HTTP", "ipv46": "203.0.113.11", "port": 80, "state": "DISABLED"},
    },
    "lbmonitor": {"slow": {"type": "HTTP", "interval": 1, "units3": "MIN"}},
    "service": {"one": {"ip": "198.51.100.11", "servicetype": "HTTP", "port": 80, "bindings": {"lbmonitor": ["http"]}}},
    "servicegroup": {
        "web": {
            "servicetype": "HTTP",
            "bindings": {
                "servicegroupmember": [{"ip": "198.51.100.12", "port": 80, "weight": 10}, {"servername": "db", "port": 80}],
                "lbmonitor": ["slow"],
            },
        }
    },
}
SECRETS = {
    "systemuser": {"bob": {"password": "Planted-1!"}},
    "snmpcommunity": [{"communityname": "Planted-2", "permissions": "GET"}],
}
NO_CONFIGURATION = json.loads(FACTS.read_text(encoding="utf-8"))["not_configuration"]
NAMELESS = {"snmpcommunity"}  # its name is a secret, see below
KINDS = [kind for kind in lives.kinds() if kind.name not in {*NO_CONFIGURATION, *NAMELESS}]


def exported(simulator: Simulator, kinds: list[str] | None = None, **options: Any) -> Export:
    with opened(simulator) as session:
        return export(session, kinds, **options)


def data(simulator: Simulator, kinds: list[str] | None = None, **options: Any) -> dict[str, Any]:
    return to_data(exported(simulator, kinds, **options).document)


def left_to_do(simulator: Simulator, document: dict[str, Any]) -> list[str]:
    with opened(simulator) as session:
        plan, _ = converge(session, parse(document), check=True)
    return plan.explain()


def test_a_new_appliance_is_an_empty_document(simulator: Simulator) -> None:
    found = exported(simulator)
    assert to_data(found.document) == {}
    assert found.factory["lbmonitor"] == 19
    assert found.unreadable == {}


def test_with_factory_the_appliances_own_objects_come_too_and_plan_to_nothing(simulator: Simulator) -> None:
    document = data(simulator, factory=True)
    assert "nsroot" in document["systemuser"]
    assert left_to_do(simulator, document) == []


def test_what_was_configured_comes_back_without_defaults(simulator: Simulator) -> None:
    done(simulator, SHOP)
    document = data(simulator)
    assert left_to_do(simulator, document) == []
    web = document["lbvserver"]["web"]
    assert set(web) == {"servicetype", "ipv46", "port", "clttimeout", "bindings"}
    assert web["bindings"] == {"servicegroup": ["web"]}
    assert document["lbvserver"]["off"]["state"] == "DISABLED"
    assert document["lbmonitor"]["slow"]["units3"] == "MIN"


def test_members_and_services_say_what_their_authors_said(simulator: Simulator) -> None:
    done(simulator, SHOP)
    document = data(simulator)
    members = document["servicegroup"]["web"]["bindings"]["servicegroupmember"]
    assert members == [{"ip": "198.51.100.12", "port": 80, "weight": 10}, {"servername": "db", "port": 80}]
    assert document["service"]["one"]["ip"] == "198.51.100.11"
    assert set(document["server"]) == {"db"}, "servers made for an address come back with what uses them"


def test_features_and_modes_come_once_somebody_changed_them(simulator: Simulator) -> None:
    done(simulator, {"nsfeature": {"feature": ["RESPONDER"]}})
    assert data(simulator) == {"nsfeature": {"feature": ["LB", "CS", "SSL", "WL", "RESPONDER"]}}
    assert left_to_do(simulator, data(simulator)) == []


def test_an_appliance_is_the_same_again_from_its_document(simulator: Simulator) -> None:
    done(simulator, SHOP)
    before = data(simulator)
    simulator.reset()
    done(simulator, before)
    assert data(simulator) == before


def test_a_selection_reads_only_what_it_names(simulator: Simulator) -> None:
    done(simulator, SHOP)
    before = simulator.count("GET", "responderpolicy")
    assert set(data(simulator, ["lbvserver", "servicegroup"])) == {"lbvserver", "servicegroup"}
    assert "bindings" not in data(simulator, ["lbvserver"], bindings=False)["lbvserver"]["web"]
    assert simulator.count("GET", "responderpolicy") == before


def test_secrets_are_named_and_never_shown(simulator: Simulator) -> None:
    done(simulator, SECRETS)
    found = exported(simulator)
    assert Secret("systemuser", "bob", "password") in found.secrets
    assert Secret("snmpcommunity", "", "communityname") in found.secrets
    assert "Planted" not in repr(found)
    assert "snmpcommunity" not in to_data(found.document)
    assert left_to_do(simulator, to_data(found.document)) == []


def test_facts_name_kinds_and_attributes_that_there_are() -> None:
    facts = json.loads(FACTS.read_text(encoding="utf-8"))
    assert all(catalogue.kind(name).manageable for section in facts.values() for name in section)
    for section in ("factory_values", "learned", "defaults"):
        named = [(catalogue.kind(name), word) for name, rule in facts[section].items() for word in rule]
        assert not [(kind.name, word) for kind, word in named if word not in kind.attributes]


def test_a_kind_that_cannot_be_exported_is_refused_with_its_reason(simulator: Simulator) -> None:
    with pytest.raises(InvalidDocument, match="systemfile: a file"):
        exported(simulator, ["systemfile"])
    with pytest.raises(InvalidDocument, match="comes with its parent: export lbvserver"):
        exported(simulator, ["lbvserver_servicegroup_binding"])


def test_a_refused_read_fails_what_was_asked_for_and_is_noted_otherwise(simulator: Simulator) -> None:
    fault = {"fault": "reject", "method": "GET", "kind": "lbvserver", "errorcode": 1097, "times": 0}
    simulator.faults(fault)
    assert "1097" in exported(simulator).unreadable["lbvserver"]
    with pytest.raises(Rejected):
        exported(simulator, ["lbvserver"])


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_every_kind_plans_to_nothing(simulator: Simulator, kind: Any) -> None:
    document: dict[str, Any] = dict(lives.before(kind))
    for name, own in lives.document(kind, lives.minimal(kind)).items():
        document[name] = [*document[name], *own] if isinstance(document.get(name), list) else own
    done(simulator, document)
    found = to_data(exported(simulator, [kind.name], factory=True).document)
    assert found[kind.name]
    assert left_to_do(simulator, found) == []
