# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""The SSL side of virtual servers, services and groups, ciphers, imported files (PROTOCOL 8.6, 15, 20, 21)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from nitrox.simulator.testing import Simulator, running

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


@pytest.mark.parametrize(
    ("owner", "kind", "key", "values"),
    [
        ("lbvserver", "sslvserver", "name", {"servicetype": "SSL_TCP", "ipv46": "192.0.2.1", "port": 443}),
        ("csvserver", "sslvserver", "name", {"servicetype": "SSL", "ipv46": "192.0.2.1", "port": 443}),
        ("vpnvserver", "sslvserver", "name", {"servicetype": "SSL", "ipv46": "192.0.2.1", "port": 443}),
        ("authenticationvserver", "sslvserver", "name", {"servicetype": "SSL", "ipv46": "192.0.2.1", "port": 443}),
        ("service", "sslservice", "name", {"servicetype": "SSL", "ip": "192.0.2.9", "port": 443}),
        ("servicegroup", "sslservicegroup", "servicegroupname", {"servicetype": "SSL"}),
    ],
)
def test_an_ssl_object_comes_is_renamed_and_goes_with_its_owner(
    nitro: Nitro, owner: str, kind: str, key: str, values: dict[str, Any]
) -> None:
    assert nitro.get(f"{kind}/x").status == 404
    nitro.add(owner, **{key: "x"}, **values)
    assert len(nitro.rows(f"{kind}/x")) == 1
    assert {row["ecccurvename"] for row in nitro.rows(f"{kind}_ecccurve_binding/x")} == {"P_224", "P_256", "P_384", "P_521"}
    if owner != "vpnvserver":
        assert nitro.post(f"{owner}?action=rename", {owner: {key: "x", "newname": "y"}}).status == 200
        assert nitro.get(f"{kind}/x").status == 404
        assert len(nitro.rows(f"{kind}_ecccurve_binding/y")) == 4
        assert nitro.delete(f"{owner}/y").status == 200
    else:
        assert nitro.delete(f"{owner}/x").status == 200
    assert nitro.rows(kind) == []


def test_a_plain_vserver_has_no_ssl_side(nitro: Nitro) -> None:
    nitro.add("lbvserver", name="plain", servicetype="HTTP")
    assert nitro.get("sslvserver/plain").status == 404
    assert (nitro.get(f"{BINDING}/plain").status, nitro.get(f"{BINDING}/plain").errorcode) == (404, 461)


def test_a_loaded_state_gets_its_ssl_side(box: Simulator, nitro: Nitro) -> None:
    box.control("PUT", "state", {"lbvserver": [VSERVER]})
    assert len(Nitro(box.url).rows("sslvserver/v443")) == 1


def test_an_ssl_object_is_updated_and_unset(nitro: Nitro) -> None:
    nitro.add("lbvserver", **VSERVER)
    assert nitro.put("sslvserver", {"sslvserver": {"vservername": "v443", "tls11": "disabled", "hsts": "ENABLED"}}).status == 200
    row = nitro.rows("sslvserver/v443")[0]
    assert (row["tls11"], row["hsts"], row["tls12"]) == ("DISABLED", "ENABLED", "ENABLED")
    assert nitro.post("sslvserver?action=unset", {"sslvserver": {"vservername": "v443", "tls11": True}}).status == 200
    assert nitro.rows("sslvserver/v443")[0]["tls11"] == "ENABLED"
    assert nitro.put("sslvserver", {"sslvserver": {"vservername": "v443", "sslprofile": "nope"}}).errorcode == 3248


def test_one_plain_certificate_replaces_the_other_and_sni_and_ca_ones_are_besides(nitro: Nitro) -> None:
    nitro.add("lbvserver", **VSERVER)
    pair(nitro, "one", "leaf")
    pair(nitro, "two", "other")
    put(nitro, ca_pem="ca-cert")
    nitro.add("sslcertkey", certkey="ca", cert="ca.pem")
    nitro.bind(BINDING, vservername="v443", certkeyname="one")
    nitro.bind(BINDING, vservername="v443", certkeyname="one", snicert=True)
    nitro.bind(BINDING, vservername="v443", certkeyname="ca", ca=True, ocspcheck="Optional")
    replacing = nitro.put(f"{BINDING}?warning=yes", {BINDING: {"vservername": "v443", "certkeyname": "two"}})
    assert (replacing.status, replacing.headers["X-NITRO-WARNING"]) == (
        209, "1546 - Current certificate replaces the previous binding",
    )  # fmt: skip
    found = [(row["certkeyname"], row["ca"], row["snicert"]) for row in nitro.rows(f"{BINDING}/v443")]
    assert sorted(found) == [("ca", True, False), ("one", False, True), ("two", False, False)]
    assert nitro.put(BINDING, {BINDING: {"vservername": "v443", "certkeyname": "two"}}).errorcode == 273
    assert nitro.put(BINDING, {BINDING: {"vservername": "v443", "certkeyname": "ca"}}).errorcode == 1547
    assert nitro.put(BINDING, {BINDING: {"vservername": "v443", "certkeyname": "nope"}}).errorcode == 1540
    assert nitro.put(BINDING, {BINDING: {"vservername": "nope", "certkeyname": "two"}}).errorcode == 461
    assert {row["vservername"] for row in nitro.rows("sslcertkey_sslvserver_binding/two")} == {"v443"}


def test_ciphers_are_bound_under_two_names_and_listed_under_one(nitro: Nitro) -> None:
    nitro.add("lbvserver", **VSERVER)
    suites = "sslvserver_sslciphersuite_binding"
    nitro.bind("sslvserver_sslcipher_binding", vservername="v443", ciphername="HIGH")
    assert nitro.rows("sslvserver_sslcipher_binding/v443") == []
    assert nitro.get("sslvserver_sslcipher_binding/v443?args=ciphername:HIGH").errorcode == 278
    assert [row["ciphername"] for row in nitro.rows(f"{suites}/v443")] == ["DEFAULT", "HIGH"]
    umbrella = nitro.rows("sslvserver_binding/v443")[0]
    assert [row["ciphername"] for row in umbrella[suites]] == ["DEFAULT", "HIGH"]
    assert "sslvserver_sslcipher_binding" not in umbrella
    assert nitro.put(suites, {suites: {"vservername": "v443", "ciphername": "HIGH"}}).errorcode == 273
    assert nitro.put(suites, {suites: {"vservername": "v443", "ciphername": "nope"}}).errorcode == 258
    nitro.bind(suites, vservername="v443", ciphername="TLS1.2-ECDHE-RSA-AES256-GCM-SHA384")
    assert nitro.delete("sslvserver_sslcipher_binding/v443?args=ciphername:DEFAULT").status == 200
    assert nitro.delete(f"{suites}/v443?args=ciphername:HIGH").status == 200
    assert [row["ciphername"] for row in nitro.rows(f"{suites}/v443")] == ["TLS1.2-ECDHE-RSA-AES256-GCM-SHA384"]
    assert nitro.get(f"{suites}/nope").errorcode == 461


def test_ciphers_of_a_profile_are_spelled_cipheraliasname(nitro: Nitro) -> None:
    nitro.add("sslprofile", name="p")
    nitro.bind("sslprofile_sslcipher_binding", name="p", ciphername="HIGH", cipherpriority=1)
    nitro.bind("sslprofile_sslciphersuite_binding", name="p", ciphername="TLS1.2-AES-256-SHA256", cipherpriority=2)
    rows = nitro.rows("sslprofile_sslcipher_binding/p?filter=cipheraliasname:HIGH")
    assert [(row["cipheraliasname"], row["cipherpriority"]) for row in rows] == [("HIGH", "1")]
    assert len(nitro.rows("sslprofile_binding/p")[0]["sslprofile_sslcipher_binding"]) == 2
    assert nitro.rows("sslprofile_sslciphersuite_binding/p") == []
    assert nitro.get("sslprofile_sslcipher_binding/nope").errorcode == 3248


def test_cipher_groups(nitro: Nitro) -> None:
    assert {"DEFAULT", "HIGH", "MEDIUM"} <= {row["ciphergroupname"] for row in nitro.rows("sslcipher")}
    assert nitro.delete("sslcipher/HIGH").errorcode == 257
    nitro.add("sslcipher", ciphergroupname="mine")
    assert nitro.get("sslcipher_sslciphersuite_binding/mine").body == {"errorcode": 0, "message": "Done", "severity": "NONE"}
    nitro.bind("sslcipher_sslciphersuite_binding", ciphergroupname="mine", ciphername="TLS1.2-AES-256-SHA256", cipherpriority=1)
    assert len(nitro.rows("sslcipher_sslciphersuite_binding/mine")) == 1
    assert nitro.get("sslcipher_sslciphersuite_binding/nope").status == 404
    nitro.add("lbvserver", **VSERVER)
    nitro.bind("sslvserver_sslciphersuite_binding", vservername="v443", ciphername="mine")


def test_default_profiles_are_in_force_after_save_and_reboot(box: Simulator, nitro: Nitro) -> None:
    nitro.add("lbvserver", **VSERVER)
    binding = "sslvserver_sslciphersuite_binding"
    nitro.put("sslparameter", {"sslparameter": {"defaultprofile": "ENABLED"}})
    nitro.bind(binding, vservername="v443", ciphername="HIGH")
    nitro.post("nsconfig?action=save", {"nsconfig": {}})
    nitro.post("reboot", {"reboot": {"warm": True}})
    after = Nitro(box.url)
    refused = after.put(binding, {binding: {"vservername": "v443", "ciphername": "MEDIUM"}})
    assert (refused.status, refused.errorcode) == (599, 3740)
    assert after.put("sslvserver", {"sslvserver": {"vservername": "v443", "tls11": "DISABLED"}}).errorcode == 3740
    body = {"vservername": "v443", "sslprofile": "ns_default_ssl_profile_frontend"}
    assert after.put("sslvserver", {"sslvserver": body}).status == 200


@pytest.mark.parametrize("kind", ["sslkeyfile", "sslcertfile", "ssldhfile", "sslcrlfile", "sslcertbundle"])
def test_imported_files_have_no_get_by_name(nitro: Nitro, kind: str) -> None:
    put(nitro, x_key="leaf-key")
    assert nitro.post(f"{kind}?action=Import", {kind: {"name": "k1", "src": "local:x.key"}}).status == 200
    named = nitro.get(f"{kind}/k1")
    assert (named.status, named.message) == (400, "No such argument [arguid]")
    assert [row["name"] for row in nitro.rows(kind)] == ["k1"]
    assert nitro.delete(f"{kind}?args=name:k1").status == 200
    assert nitro.rows(kind) == []


def test_an_hsm_key_is_added_and_deleted_in_spite_of_the_answer(nitro: Nitro) -> None:
    body = {"hsmkeyname": "h1", "hsmtype": "KEYVAULT", "key": "h1.key", "keystore": "ks"}
    added = nitro.post("sslhsmkey", {"sslhsmkey": body})
    assert (added.status, added.message) == (599, "Internal error while adding HSM key.")
    assert len(nitro.rows("sslhsmkey/h1")) == 1
    assert nitro.delete("sslhsmkey/h1").message == "Internal error while deleting HSM key."
    assert nitro.get("sslhsmkey/h1").status == 404
