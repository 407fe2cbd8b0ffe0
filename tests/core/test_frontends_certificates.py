# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""`frontends:`: certificates from PEM text and from files, their chains and their renewal."""

from __future__ import annotations

import base64
from typing import Any

from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.document import parse, to_data

CERT = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"
CA = "-----BEGIN CERTIFICATE-----\nCCCC\n-----END CERTIFICATE-----\n"
ROOT = "-----BEGIN CERTIFICATE-----\nDDDD\n-----END CERTIFICATE-----\n"
KEY = "-----BEGIN PRIVATE KEY-----\nBBBB\n-----END PRIVATE KEY-----\n"


def front(**words: Any) -> dict[str, Any]:
    plain = {"address": "203.0.113.10", "backends": {"web": {"members": ["198.51.100.1:8080"]}}}
    return {"frontends": {"shop": {**plain, **words}}}


def made(data: dict[str, Any]) -> dict[str, Any]:
    return to_data(parse(data))


def test_pem_text_becomes_files_certkeys_and_a_linked_chain() -> None:
    data = made(front(protocol="HTTPS", certificate={"cert": CERT, "key": KEY, "chain": CA + ROOT}))
    pair = data["sslcertkey"]["shop"]
    files = data["systemfile"]
    assert base64.b64decode(files[pair["key"]]["filecontent"]).decode() == KEY
    assert files[pair["cert"]]["filelocation"] == "/nsconfig/ssl"
    first = data["sslcertkey"][pair["linkcertkeyname"]]
    assert base64.b64decode(files[first["cert"]]["filecontent"]).decode() == CA
    root = data["sslcertkey"][first["linkcertkeyname"]]
    assert base64.b64decode(files[root["cert"]]["filecontent"]).decode() == ROOT
    assert "linkcertkeyname" not in root


def test_a_chain_may_stand_behind_the_certificate_as_acme_clients_write_it() -> None:
    apart = made(front(protocol="HTTPS", certificate={"cert": CERT, "key": KEY, "chain": [CA]}))
    assert made(front(protocol="HTTPS", certificate={"cert": CERT + CA, "key": KEY})) == apart


def test_a_renewed_certificate_is_a_new_file_under_the_old_certkey() -> None:
    old = made(front(protocol="HTTPS", certificate={"cert": CERT, "key": KEY}))
    new = made(front(protocol="HTTPS", certificate={"cert": CERT.replace("AAAA", "EEEE"), "key": KEY}))
    assert list(old["sslcertkey"]) == list(new["sslcertkey"]) == ["shop"]
    assert not set(old["systemfile"]) & set(new["systemfile"])


def test_two_frontends_share_one_authority() -> None:
    certificate = {"cert": CERT, "key": KEY, "chain": CA}
    one = front(protocol="HTTPS", certificate=certificate)["frontends"]["shop"]
    other = {**one, "address": "203.0.113.11", "certificate": {**certificate, "cert": ROOT}}
    data = made({"frontends": {"a": one, "b": other}})
    assert sorted(data["sslcertkey"])[:2] == ["a", "b"]
    assert len(data["sslcertkey"]) == 3


def test_files_on_the_appliance_are_only_named() -> None:
    data = made(front(protocol="HTTPS", certificate={"cert": "shop.pem", "key": "shop.key", "password": "secret"}))
    assert data["sslcertkey"]["shop"] == {"cert": "shop.pem", "key": "shop.key", "passplain": "secret"}
    assert "systemfile" not in data
