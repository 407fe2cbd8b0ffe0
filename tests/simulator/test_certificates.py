# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Certificate and key pairs: parsing, chains, updates, expiry (PROTOCOL 15, 20 #19, 21.10)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.serialization import pkcs12

from nitrox.simulator.testing import Simulator, running

from .certificates import pem
from .nitro import Nitro
from .uploads import pair, put

VSERVER = {"name": "v443", "servicetype": "SSL", "ipv46": "192.0.2.43", "port": 443}
BINDING = "sslvserver_sslcertkey_binding"


@pytest.fixture(scope="module", name="box")
def _box() -> Iterator[Simulator]:
    with running() as simulator:
        yield simulator


@pytest.fixture(name="nitro")
def _nitro(box: Simulator) -> Nitro:
    box.reset()
    return Nitro(box.url)


def add(nitro: Nitro, **values: Any) -> tuple[int, int]:
    answer = nitro.post("sslcertkey", {"sslcertkey": {"certkey": "c", **values}})
    return answer.status, answer.errorcode


def test_a_pair_shows_what_its_certificate_says(nitro: Nitro) -> None:
    pair(nitro, "web", "leaf")
    row = nitro.rows("sslcertkey/web")[0]
    assert (row["cert"], row["key"], row["status"], row["publickeysize"], row["version"]) == (
        "web.pem",
        "web.key",
        "Valid",
        2048,
        3,
    )
    assert (row["subject"], row["issuer"]) == (" CN=www.example.com", " CN=Example CA")
    assert row["clientcertnotafter"].endswith(" GMT")
    assert row["daystoexpiration"] in (89, 90)
    assert (row["signaturealg"], row["publickey"]) == ("sha256WithRSAEncryption", "rsaEncryption")
    assert (row["expirymonitor"], row["notificationperiod"]) == ("ENABLED", "30")
    assert not {"passplain", "password", "_until", "linkcertkeyname"} & set(row)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"cert": "nope", "key": "l.key"}, (599, 1647)),
        ({"cert": "l.pem", "key": "nope"}, (599, 1647)),
        ({"cert": "l.pem", "key": "o.key"}, (599, 1538)),
        ({"cert": "l.key"}, (599, 1536)),
        ({"cert": "l.pem", "key": "l.pem"}, (599, 1537)),
        ({"cert": "l.pem", "key": "e.key"}, (599, 1614)),
        ({"cert": "l.pem", "key": "e.key", "passplain": "wrong"}, (599, 1614)),
        ({"cert": "l.pem", "key": "e.key", "passplain": "secret"}, (201, 0)),
        ({"cert": "/nsconfig/ssl/l.pem", "key": "/nsconfig/ssl/l.key"}, (201, 0)),
        ({"cert": "l.der", "key": "k.der", "inform": "DER"}, (201, 0)),
        ({"cert": "l.pfx", "inform": "PFX", "passplain": "wrong"}, (599, 1614)),
        ({"cert": "l.pfx", "inform": "PFX", "passplain": "secret"}, (201, 0)),
        ({"cert": "l.pem"}, (201, 0)),
        ({"key": "l.key"}, (400, 1095)),
    ],
    ids=[
        "no certificate file", "no key file", "mismatch", "no certificate", "no key", "no passphrase", "wrong passphrase",
        "passphrase", "absolute paths", "DER", "PFX with a wrong password", "PFX", "without a key", "no certificate given",
    ],
)  # fmt: skip
def test_adding_a_pair(nitro: Nitro, values: dict[str, Any], expected: tuple[int, int]) -> None:
    put(nitro, l_pem="leaf-cert", l_key="leaf-key", o_key="other-key", e_key="leaf-key-encrypted", **other_forms())
    assert add(nitro, **values) == expected
    assert nitro.get("sslcertkey/c").status == (200 if expected[1] == 0 else 404)


def other_forms() -> dict[str, str | bytes]:
    certificate = x509.load_pem_x509_certificate(pem("leaf-cert"))
    key: Any = serialization.load_pem_private_key(pem("leaf-key"), None)
    der, form = serialization.Encoding.DER, serialization.PrivateFormat.PKCS8
    packed = pkcs12.serialize_key_and_certificates(b"c", key, certificate, None, serialization.BestAvailableEncryption(b"secret"))
    private = key.private_bytes(der, form, serialization.NoEncryption())
    return {"l_der": certificate.public_bytes(der), "k_der": private, "l_pfx": packed}


def test_the_same_content_has_one_name_only(nitro: Nitro) -> None:
    pair(nitro, "one", "leaf")
    put(nitro, copy_pem="leaf-cert", copy_key="leaf-key")
    answer = nitro.post("sslcertkey", {"sslcertkey": {"certkey": "two", "cert": "copy.pem", "key": "copy.key"}})
    assert (answer.status, answer.message) == (409, "Resource already exists [certkeyName Contents, one]")
    pair(nitro, "three", "other")
    body = {"certkey": "three", "cert": "copy.pem", "key": "copy.key", "nodomaincheck": True}
    assert nitro.post("sslcertkey?action=update", {"sslcertkey": body}).errorcode == 273


def test_a_bundle_brings_its_issuers_and_links_them(nitro: Nitro) -> None:
    put(nitro, b_pem=pem("leaf-cert") + pem("ca-cert"), b_key="leaf-key")
    nitro.add("sslcertkey", certkey="b", cert="b.pem", key="b.key", bundle="YES")
    rows = {row["certkey"]: row for row in nitro.rows("sslcertkey")}
    assert rows["b"]["linkcertkeyname"] == "b_ic1"
    assert rows["b_ic1"]["subject"] == " CN=Example CA"


def test_an_update_keeps_links_and_bindings_and_a_mismatch_changes_nothing(nitro: Nitro) -> None:
    pair(nitro, "web", "leaf")
    put(nitro, ca_pem="ca-cert", o_pem="other-cert", o_key="other-key")
    nitro.add("sslcertkey", certkey="ca", cert="ca.pem")
    nitro.post("sslcertkey?action=link", {"sslcertkey": {"certkey": "web", "linkcertkeyname": "ca"}})
    nitro.add("lbvserver", **VSERVER)
    nitro.bind(BINDING, vservername="v443", certkeyname="web")
    before = nitro.rows("sslcertkey/web")[0]
    for refused in ({"cert": "o.pem"}, {"cert": "o.pem", "key": "o.key"}):  # another key; another domain
        assert nitro.post("sslcertkey?action=update", {"sslcertkey": {"certkey": "web", **refused}}).status == 599
        assert nitro.rows("sslcertkey/web")[0] == before
    body = {"certkey": "web", "cert": "o.pem", "key": "o.key", "nodomaincheck": True}
    assert nitro.post("sslcertkey/web?action=update", {"sslcertkey": body}).status == 200
    after = nitro.rows("sslcertkey/web")[0]
    assert (after["cert"], after["subject"], after["linkcertkeyname"]) == ("o.pem", " CN=other.example.com", "ca")
    assert [row["certkeyname"] for row in nitro.rows(f"{BINDING}/v443")] == ["web"]
    assert nitro.post("sslcertkey?action=update", {"sslcertkey": {"certkey": "web"}}).status == 200  # the same files again


def test_a_put_changes_the_monitoring_of_expiry_only(nitro: Nitro) -> None:
    pair(nitro, "web", "leaf")
    body = {"certkey": "web", "expirymonitor": "ENABLED", "notificationperiod": 60}
    assert nitro.put("sslcertkey", {"sslcertkey": body}).status == 200
    assert nitro.rows("sslcertkey/web")[0]["notificationperiod"] == "60"
    refused = nitro.put("sslcertkey", {"sslcertkey": {"certkey": "web", "cert": "other.pem"}})
    assert (refused.status, refused.message) == (599, "Invalid argument [cert]")


def test_links(nitro: Nitro) -> None:
    pair(nitro, "web", "leaf")
    pair(nitro, "other", "other")
    put(nitro, ca_pem="ca-cert")
    nitro.add("sslcertkey", certkey="ca", cert="ca.pem")

    def link(to: str) -> int:
        return nitro.post("sslcertkey?action=link", {"sslcertkey": {"certkey": "web", "linkcertkeyname": to}}).errorcode

    assert (link("web"), link("nope"), link("other")) == (1543, 1540, 1548)
    assert nitro.post("sslcertkey?action=unlink", {"sslcertkey": {"certkey": "web"}}).errorcode == 1545
    assert link("ca") == 0
    assert nitro.rows("sslcertkey/web")[0]["linkcertkeyname"] == "ca"
    assert nitro.delete("sslcertkey/ca").errorcode == 1541
    assert nitro.post("sslcertkey?action=unlink", {"sslcertkey": {"certkey": "web"}}).status == 200
    assert "linkcertkeyname" not in nitro.rows("sslcertkey/web")[0]
    assert nitro.delete("sslcertkey/ca").status == 200


def test_a_bound_pair_is_in_use_and_its_files_go_when_asked_for(nitro: Nitro) -> None:
    pair(nitro, "web", "leaf")
    nitro.add("lbvserver", **VSERVER)
    nitro.bind(BINDING, vservername="v443", certkeyname="web")
    refused = nitro.delete("sslcertkey/web")
    assert (refused.status, refused.errorcode) == (599, 1541)
    nitro.delete("lbvserver/v443")
    assert nitro.delete("sslcertkey/web?args=deletefromdevice:true").status == 200
    assert nitro.get("systemfile/web.pem?args=filelocation:%2Fnsconfig%2Fssl").status == 404


def test_a_pair_expires_by_the_clock(box: Simulator, nitro: Nitro) -> None:
    pair(nitro, "web", "leaf")
    box.control("POST", "clock", {"advance": 91 * 86400})
    row = Nitro(box.url).rows("sslcertkey/web")[0]
    assert (row["status"], row["daystoexpiration"]) == ("Expired", 0)


def test_the_factory_pair_is_there_and_stays(nitro: Nitro) -> None:
    row = nitro.rows("sslcertkey/ns-server-certificate")[0]
    assert (row["cert"], row["status"]) == ("ns-server.cert", "Valid")
    assert nitro.delete("sslcertkey/ns-server-certificate").errorcode == 257
