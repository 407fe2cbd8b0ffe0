# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""What a program says, through Pulumi's own mocks: types, names, outputs, secrets."""

from __future__ import annotations

from typing import Any

import pulumi
import pytest

import pulumi_netscaler as netscaler
from pulumi_netscaler.provider import reference

from .programs import Registered, run

ADDRESS = "203.0.113.10"


def values(registered: Any) -> list[Any]:
    return registered


def test_a_class_is_a_kind() -> None:
    registered = run(lambda: netscaler.Lbvserver("web", servicetype="HTTP", ipv46=ADDRESS, port=80))
    ((type_, name), inputs) = next(iter(registered.resources.items()))
    assert (type_, name) == ("pulumi-python:dynamic/netscaler/lb:Lbvserver", "web")
    assert inputs.pop("__provider") == reference("lbvserver")
    assert inputs == {"name": "web", "servicetype": "HTTP", "ipv46": ADDRESS, "port": 80, "__name": "web"}


def test_any_kind_by_its_name_is_the_same_resource() -> None:
    typed = run(lambda: netscaler.lb.Lbvserver("web", servicetype="HTTP"))
    generic = run(lambda: netscaler.NitroResource("web", kind="lbvserver", attributes={"servicetype": "HTTP"}))
    assert typed.resources == generic.resources


def test_the_logical_name_is_the_name_unless_there_is_one() -> None:
    def program() -> None:
        netscaler.Lbvserver("web", name="shop", servicetype="HTTP")
        netscaler.Servicegroup("web", servicetype="HTTP")
        netscaler.Nsip("vip", ipaddress=ADDRESS, netmask="255.255.255.255")
        netscaler.LbvserverServicegroupBinding("row", name="shop", servicegroupname="web")

    registered = run(program)
    assert registered.of("Lbvserver", "web")["name"] == "shop"
    assert registered.of("Servicegroup", "web")["servicegroupname"] == "web"
    assert "name" not in registered.of("Nsip", "vip")
    assert registered.of("LbvserverServicegroupBinding", "row") == {"name": "shop", "servicegroupname": "web"}


def test_numbers_come_back_as_whole_numbers() -> None:
    found: list[Any] = []

    def program() -> Any:
        web = netscaler.Lbvserver("web", servicetype="HTTP", port=80)
        return web.port.apply(found.append)

    run(program)
    assert found == [80]
    assert type(found[0]) is int


def test_every_output_is_there_also_what_was_not_given() -> None:
    found: list[Any] = []

    def program() -> Any:
        web = netscaler.Lbvserver("web", servicetype="HTTP")
        return pulumi.Output.all(web.servicetype, web.lbmethod, web.name).apply(found.extend)

    run(program)
    assert found == ["HTTP", None, "web"]


def test_a_wrong_output_names_the_nearest() -> None:
    def program() -> None:
        web: Any = netscaler.Lbvserver("web", servicetype="HTTP")
        with pytest.raises(AttributeError, match=r"lbvserver has no attribute lbmetod \(did you mean lbmethod\?\)"):
            _ = web.lbmetod

    run(program)


def test_an_attribute_called_id_has_an_underscore_in_python() -> None:
    found: list[Any] = []

    def program() -> Any:
        vlan = netscaler.Vlan("dmz", id_=5)
        return pulumi.Output.all(vlan.id_, vlan.id).apply(found.extend)

    assert run(program).of("Vlan", "dmz") == {"id": 5}
    assert found == [5, "dmz-id"]
    assert type(found[0]) is int


def test_a_subclass_keeps_the_type() -> None:
    class Web(netscaler.Lbvserver):
        """Somebody's own defaults."""

    registered = run(lambda: Web("web", servicetype="HTTP"))
    assert ("pulumi-python:dynamic/netscaler/lb:Lbvserver", "web") in registered.resources


def test_secrets_of_the_catalogue_are_secrets() -> None:
    def program() -> None:
        netscaler.Systemuser("ops", username="ops", password="planted")
        netscaler.Sslcertkey("web", cert="web.pem", passplain="planted")

    registered = run(program)
    assert registered.secret("Systemuser", "ops") == {"password"}
    assert registered.secret("Sslcertkey", "web") == {"passplain"}


def test_a_document_with_a_secret_is_one_and_any_other_is_not() -> None:
    def program() -> None:
        netscaler.Config("open", document={"lbvserver": {"web": {"servicetype": "HTTP"}}})
        netscaler.Config("closed", document={"systemuser": {"ops": {"password": "planted"}}})
        netscaler.Config("front", document={"frontends": {"shop": {"certificate": {"cert": "a", "key": "planted"}}}})

    registered = run(program)
    assert not registered.secret("Config", "open")
    assert registered.secret("Config", "closed") == {"document"}
    assert registered.secret("Config", "front") == {"document"}


def test_an_explicit_provider_takes_the_options_of_a_target() -> None:
    def program() -> None:
        netscaler.Provider(
            "east", url=["10.0.0.1", "10.0.0.2"], username="nsroot", password="planted", validate_certs=False, adopt=True
        )

    registered = run(program)
    inputs = registered.resources["pulumi:providers:pulumi-python", "east"]
    assert registered.secret("pulumi-python", "east") == {"netscaler:password"}
    del inputs["netscaler:password"]
    assert inputs == {
        "netscaler:url": "10.0.0.1,10.0.0.2",
        "netscaler:username": "nsroot",
        "netscaler:validate_certs": "false",
        "netscaler:adopt": "true",
    }


def test_the_providers_options_are_those_of_the_core() -> None:
    import inspect

    from pulumi_netscaler import options

    taken = set(inspect.signature(netscaler.Provider.__init__).parameters) - {"self", "resource_name", "opts"}
    assert taken == {*options.OPTIONS, "adopt"}


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("Lbvservr", r"module 'pulumi_netscaler.lb' has no 'Lbvservr' \(did you mean Lbvserver\?\)"),
        ("LbmonbindingsServiceBinding", "read-only"),
    ],
)
def test_a_wrong_class_names_the_nearest(name: str, message: str) -> None:
    with pytest.raises(AttributeError, match=message):
        getattr(netscaler.lb, name)


def test_a_wrong_kind_names_the_nearest() -> None:
    with pytest.raises(ValueError, match=r"lbvservr: no such object kind \(did you mean lbvserver"):
        netscaler.NitroResource("web", kind="lbvservr")


def test_members_and_bindings_are_complete_sets() -> None:
    def program() -> None:
        netscaler.Members("web", servicegroup="web", members=[{"ip": "198.51.100.1", "port": 80}])
        netscaler.Bindings("web", parent_kind="lbvserver", parent="web", kind="servicegroup", rows=["web"])
        netscaler.SavedConfig("saved", triggers=[1])

    registered = run(program)
    assert registered.of("Members", "web")["kind"] == "servicegroup_servicegroupmember_binding"
    assert registered.of("Bindings", "web") == {"kind": "lbvserver_servicegroup_binding", "parent": "web", "rows": ["web"]}
    assert {type_ for type_, _name in registered.resources} == {
        f"pulumi-python:dynamic/netscaler:{name}" for name in ("Members", "Bindings", "SavedConfig")
    }


def test_a_lookup_resource_reads_by_its_id() -> None:
    found: list[Any] = []

    def program() -> Any:
        web = netscaler.Lbvserver.get("web", "web")
        return pulumi.Output.all(web.id, web.lbmethod).apply(found.extend)

    registered: Registered = run(program)
    assert registered.of("Lbvserver", "web") == {}
    assert found == ["web", None]
