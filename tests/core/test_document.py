# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Documents: what they may look like, what they become, and that they survive a round trip."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro import document
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.document import MASK, Desired, parse, to_data
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.errors import InvalidDocument

SHOP: dict[str, Any] = {
    "lbvserver": {
        "web": {"servicetype": "http", "ipv46": "203.0.113.10", "port": "80", "bindings": {"servicegroup": ["web"]}},
    },
    "servicegroup": {
        "web": {
            "servicetype": "HTTP",
            "bindings": {
                "servicegroupmember": [{"ip": "198.51.100.11", "port": 8080, "weight": 10}, {"servername": "app", "port": 80}],
                "lbmonitor": ["http-ok"],
            },
        },
    },
    "server": {"app": {"ipaddress": "198.51.100.12", "state": "DISABLED"}},
    "lbmonitor": {"http-ok": {"type": "HTTP", "interval": 5}},
    "nsfeature": {"feature": ["LoadBalancing", "ssl"]},
    "nsparam": {"cookieversion": "1"},
    "responderpolicy": [{"name": "p", "rule": "true", "action": "NOOP"}],
    "responderglobal_responderpolicy_binding": [{"policyname": "p", "priority": 100, "type": "REQ_DEFAULT"}],
    "nsip": [
        {"ipaddress": "192.0.2.1", "netmask": "255.255.255.0"},
        {"ipaddress": "192.0.2.1", "netmask": "255.255.255.0", "td": 1},
    ],
}


def only(data: dict[str, Any], **options: Any) -> Desired:
    (wanted,) = parse(data, **options).objects
    return wanted


def test_an_object_by_name_has_its_key_and_coerced_values() -> None:
    wanted = only({"lbvserver": SHOP["lbvserver"]})
    assert wanted.kind.name == "lbvserver"
    assert wanted.key == ("web",)
    assert wanted.name == "web"
    assert wanted.values == {"name": "web", "servicetype": "HTTP", "ipv46": "203.0.113.10", "port": 80}
    assert wanted.bindings == {"lbvserver_servicegroup_binding": ({"name": "web", "servicegroupname": "web"},)}
    assert wanted.path == "lbvserver.web"


@pytest.mark.parametrize(
    "written",
    [
        pytest.param({"web": {"servicetype": "HTTP"}}, id="by name"),
        pytest.param({"web": {"name": "web", "servicetype": "HTTP"}}, id="by name, with the name repeated"),
        pytest.param([{"name": "web", "servicetype": "HTTP"}], id="as a list"),
    ],
)
def test_shapes_of_objects(written: Any) -> None:
    assert only({"lbvserver": written}).values == {"name": "web", "servicetype": "HTTP"}


@pytest.mark.parametrize("written", [{"web": None}, {"web": {}}, ["web"]], ids=["null", "empty mapping", "a name in a list"])
def test_an_object_may_be_its_name_alone(written: Any) -> None:
    assert only({"lbvserver": written}).values == {"name": "web"}


def test_numbers_may_be_names() -> None:
    assert only({"vlan": {10: {"aliasname": "dmz"}}}).values == {"id": 10, "aliasname": "dmz"}


def test_singletons_stand_without_a_name() -> None:
    wanted = only({"nsparam": {"cookieversion": "1"}})
    assert (wanted.key, wanted.name) == ((), "")


def test_features_are_read_in_their_short_names() -> None:
    assert only({"nsfeature": {"feature": ["LoadBalancing", "ssl"]}}).values == {"feature": ["LB", "SSL"]}


def test_an_alternative_key_beats_the_name_it_is_filed_under() -> None:
    assert only({"ntpserver": {"pool": {"servername": "pool.example.org"}}}).key == ("", "pool.example.org")
    assert only({"ntpserver": {"192.0.2.1": {}}}).key == ("192.0.2.1", "")


def test_null_means_unset_and_an_empty_set_empties() -> None:
    wanted = only({"lbvserver": {"web": {"comment": None, "bindings": {"servicegroup": []}}}})
    assert wanted.values == {"name": "web", "comment": None}
    assert wanted.bindings == {"lbvserver_servicegroup_binding": ()}


def test_bindings_may_be_named_in_full() -> None:
    wanted = only({"lbvserver": {"web": {"bindings": {"lbvserver_servicegroup_binding": ["g"]}}}})
    assert list(wanted.bindings) == ["lbvserver_servicegroup_binding"]


def test_rows_of_a_binding_kind_are_objects_of_their_own() -> None:
    wanted = only({"lbvserver_servicegroup_binding": [{"name": "web", "servicegroupname": "g"}]})
    assert wanted.kind.is_binding
    assert wanted.key == ("web", "g")


def test_global_rows_are_one_complete_set() -> None:
    wanted = parse({"responderglobal_responderpolicy_binding": SHOP["responderglobal_responderpolicy_binding"]})
    assert wanted.objects == ()
    assert wanted.globals == {
        "responderglobal_responderpolicy_binding": ({"policyname": "p", "priority": 100, "type": "REQ_DEFAULT"},)
    }
    assert [(kind.name, parent) for kind, parent, rows in wanted.binding_sets()] == [
        ("responderglobal_responderpolicy_binding", None)
    ]


def test_an_absent_document_needs_only_keys_and_takes_global_rows_one_by_one() -> None:
    gone = parse(
        {"lbvserver": ["web"], "responderglobal_responderpolicy_binding": [{"policyname": "p", "priority": 1}]}, present=False
    )
    assert [(wanted.kind.name, wanted.present) for wanted in gone] == [
        ("lbvserver", False),
        ("responderglobal_responderpolicy_binding", False),
    ]
    assert not gone.globals


def test_renaming_looks_for_the_old_key() -> None:
    wanted = only({"lbvserver": {"shop": {"rename_from": "web"}}})
    assert (wanted.key, wanted.old_key) == (("shop",), ("web",))
    assert only({"lbvserver": {"shop": {}}}).old_key is None


def test_administrative_state_is_apart() -> None:
    assert only({"server": {"app": {"state": "disabled"}}}).state == "DISABLED"
    assert only({"server": {"app": {}}}).state is None
    assert only({"interface": [{"id": "1/1", "state": "DISABLED"}]}).state == "DISABLED"


@pytest.mark.parametrize(
    ("data", "missing"),
    [
        pytest.param({"lbvserver": ["web"]}, ("servicetype",), id="required"),
        pytest.param({"server": ["app"]}, ("ipaddress or domain",), id="one of two"),
        pytest.param({"service": {"s": {"servicetype": "HTTP"}}}, ("port", "ip or servername"), id="both"),
        pytest.param({"server": {"app": {"domain": "app.example.org"}}}, (), id="nothing"),
        pytest.param({"csaction": ["a"]}, ("targetlbvserver or targetvserver or targetvserverexpr",), id="one of three"),
    ],
)
def test_missing_for_add(data: dict[str, Any], missing: tuple[str, ...]) -> None:
    assert only(data).missing_for_add() == missing


def test_a_document_survives_the_round_trip() -> None:
    wanted = parse(SHOP)
    again = parse(to_data(wanted))
    assert {key: (w.values, w.bindings) for key, w in again.by_key.items()} == {
        key: (w.values, w.bindings) for key, w in wanted.by_key.items()
    }
    assert again.globals == wanted.globals


def test_plain_data_reads_like_what_people_write() -> None:
    data = to_data(parse(SHOP))
    assert data["lbvserver"]["web"]["bindings"] == {"servicegroup": ["web"]}
    assert data["servicegroup"]["web"]["bindings"]["servicegroupmember"][1] == {"servername": "app", "port": 80}
    assert data["nsparam"] == {"cookieversion": "1"}
    assert [row.get("td") for row in data["nsip"]] == [None, 1]


def test_secrets_are_masked_on_request() -> None:
    wanted = parse({"systemuser": {"me": {"password": "hunter2"}}})
    assert to_data(wanted)["systemuser"]["me"]["password"] == "hunter2"
    assert to_data(wanted, masked=True)["systemuser"]["me"]["password"] == MASK


def test_ten_thousand_objects_are_read_and_put_in_order() -> None:
    groups = {f"g{n}": {"bindings": {"servicegroupmember": [{"ip": "192.0.2.1", "port": 80}]}} for n in range(5000)}
    wanted = parse(
        {"lbvserver": {f"v{n}": {"bindings": {"servicegroup": [f"g{n}"]}} for n in range(5000)}, "servicegroup": groups}
    )
    assert [len(layer) for layer in wanted.layers()] == [5000, 5000]
    assert wanted.references(wanted.kinds["lbvserver"][7]) == (("servicegroup", ("g7",)),)


def test_parse_is_all_there_is_to_import() -> None:
    assert {"parse", "to_data", "Document", "Desired", "Problem"} <= set(document.__all__)


def test_an_object_of_kinds_and_frontends_is_one_if_equal() -> None:
    front = {"shop": {"address": "203.0.113.10", "backends": {"web": {"members": ["198.51.100.1:80"]}}}}
    both = parse(
        {
            "frontends": front,
            "lbvserver": {"shop": {"ipv46": "203.0.113.10", "comment": "by hand"}},
            "nsfeature": {"feature": ["SSL"]},
        }
    )
    (shop,) = both.kinds["lbvserver"]
    assert shop.values["comment"] == "by hand"
    assert shop.values["servicetype"] == "HTTP"
    assert both.kinds["nsfeature"][0].values == {"feature": ["SSL", "LB"]}
    with pytest.raises(InvalidDocument, match=r"frontends.shop.ipv46: '203.0.113.10': another value than at lbvserver.shop"):
        parse({"frontends": front, "lbvserver": {"shop": {"ipv46": "203.0.113.99"}}})
