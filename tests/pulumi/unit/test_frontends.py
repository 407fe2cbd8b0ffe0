# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""The component: the words of ``frontends:``, as typed resources below one."""

from __future__ import annotations

from typing import Any

import pulumi
import pytest

import pulumi_netscaler as netscaler

from .programs import run

SHOP: dict[str, Any] = {
    "protocol": "HTTP",
    "backends": {"web": {"members": ["198.51.100.11:8080"]}, "api": {"members": ["198.51.100.21:9000"]}},
    "routes": [{"path": "/api", "backend": "api"}],
    "default": "web",
}
AUTHORITY = "-----BEGIN CERTIFICATE-----\nQQ==\n-----END CERTIFICATE-----\n"


def test_every_object_is_a_resource() -> None:
    registered = run(lambda: netscaler.Frontend("shop", address="203.0.113.10", **SHOP))
    kinds = {type_.rpartition(":")[2] for type_, _name in registered.resources}
    assert {"Frontend", "Csvserver", "Lbvserver", "Servicegroup", "Csaction", "Cspolicy", "Bindings", "Nsfeature"} <= kinds
    assert registered.of("Csvserver", "shop")["ipv46"] == "203.0.113.10"
    assert registered.of("Bindings", "shop-web-servicegroup")["rows"] == ["shop-web"]


def test_the_address_may_be_an_output() -> None:
    registered = run(lambda: netscaler.Frontend("shop", address=pulumi.Output.from_input("203.0.113.10"), **SHOP))
    assert registered.of("Csvserver", "shop")["ipv46"] == "203.0.113.10"


def test_an_output_whose_value_is_needed_is_named() -> None:
    def program() -> None:
        with pytest.raises(ValueError, match=r"certificate\.key: an output cannot stand here"):
            netscaler.Frontend(
                "shop",
                address="203.0.113.10",
                protocol="HTTPS",
                certificate={"cert": AUTHORITY, "key": pulumi.Output.secret("planted")},
                backends={"web": {"members": ["198.51.100.11:8080"]}},
            )

    run(program)


def test_a_wrong_word_names_the_nearest() -> None:
    def program() -> None:
        with pytest.raises(ValueError, match=r"shop.adress: unknown word \(did you mean address\?\)"):
            netscaler.Frontend("shop", adress="203.0.113.10", **SHOP)

    run(program)


def test_a_frontend_of_another_name_than_its_resource() -> None:
    registered = run(lambda: netscaler.Frontend("east", name="shop", address="203.0.113.10", **SHOP))
    assert registered.of("Csvserver", "east-shop")["name"] == "shop"


def test_what_two_frontends_share_is_one_resource() -> None:
    def program() -> None:
        netscaler.Frontend("one", address="203.0.113.10", **SHOP)
        netscaler.Frontend("two", address="203.0.113.11", **SHOP)

    registered = run(program)
    assert len([name for type_, name in registered.resources if type_.endswith(":Csvserver")]) == 2
    assert len([name for type_, name in registered.resources if type_.endswith(":Nsfeature")]) == 1
