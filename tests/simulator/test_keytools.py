# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Keys on curves, Diffie-Hellman parameters, and keys and certificates in other forms: real files, usable afterwards."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs12

from .certificates import pem
from .nitro import Nitro
from .uploads import put


def content(nitro: Nitro, name: str) -> bytes:
    row = nitro.rows(f"systemfile/{name}?args=filelocation:%2Fnsconfig%2Fssl")[0]
    return base64.b64decode(row["filecontent"])


def run(nitro: Nitro, kind: str, action: str, **values: Any) -> tuple[int, int]:
    answer = nitro.post(f"{kind}?action={action}", {kind: values})
    return answer.status, answer.errorcode


def key_of(data: bytes, password: bytes | None = None) -> Any:
    return serialization.load_pem_private_key(data, password)


@pytest.mark.parametrize(("curve", "name"), [("P_256", "secp256r1"), ("P_384", "secp384r1")])
def test_a_key_on_a_curve_is_made_and_serves_a_certificate(nitro: Nitro, curve: str, name: str) -> None:
    assert run(nitro, "sslecdsakey", "create", keyfile="e.key", curve=curve) == (200, 0)
    assert content(nitro, "e.key").startswith(b"-----BEGIN EC PRIVATE KEY-----")
    key = key_of(content(nitro, "e.key"))
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    assert key.curve.name == name
    request = {"reqfile": "e.req", "keyfile": "e.key", "countryname": "CH", "statename": "ZH", "organizationname": "Example"}
    assert run(nitro, "sslcertreq", "create", **request) == (200, 0)
    signer = {"cacert": "ns-root.cert", "cakey": "ns-root.key", "caserial": "ns-root.srl"}
    assert run(nitro, "sslcert", "create", certfile="e.cert", reqfile="e.req", certtype="SRVR_CERT", **signer) == (200, 0)
    nitro.add("sslcertkey", certkey="made", cert="e.cert", key="e.key")
    assert nitro.rows("sslcertkey/made")[0]["publickey"] == "id-ecPublicKey"


@pytest.mark.parametrize(
    ("values", "code"),
    [
        pytest.param({"curve": "P_256"}, 1095, id="no file"),
        pytest.param({"keyfile": "e.key"}, 1095, id="no curve"),
        pytest.param({"keyfile": "e.key", "curve": "P_999"}, 1097, id="no such curve"),
        pytest.param({"keyfile": "e.key", "curve": "P_256", "aes256": True}, 1093, id="no password"),
        pytest.param({"keyfile": "ns-root.key", "curve": "P_256"}, 1642, id="already there"),
    ],
)
def test_a_key_on_a_curve_that_cannot_be_made(nitro: Nitro, values: dict[str, Any], code: int) -> None:
    assert run(nitro, "sslecdsakey", "create", **values)[1] == code


def test_keys_are_encrypted_and_of_the_form_that_is_asked_for(nitro: Nitro) -> None:
    assert run(nitro, "sslecdsakey", "create", keyfile="a.key", curve="P_256", aes256=True, password="hidden-word") == (200, 0)
    assert key_of(content(nitro, "a.key"), b"hidden-word").key_size == 256
    assert run(nitro, "sslecdsakey", "create", keyfile="b.key", curve="P_256", keyform="DER") == (200, 0)
    assert serialization.load_der_private_key(content(nitro, "b.key"), None)
    assert run(nitro, "sslrsakey", "create", keyfile="c.key", bits=1024, pkcs8=True) == (200, 0)
    assert content(nitro, "c.key").startswith(b"-----BEGIN PRIVATE KEY-----")


@pytest.mark.parametrize(("bits", "found"), [(None, 1024), (512, 768), (1024, 1024), (2048, 2048)])
def test_parameters_are_a_published_group_of_at_least_so_many_bits(nitro: Nitro, bits: int | None, found: int) -> None:
    given = {"bits": bits} if bits else {}
    assert run(nitro, "ssldhparam", "create", dhfile="dh.pem", gen="2", **given) == (200, 0)
    prime, generator = integers(content(nitro, "dh.pem"))
    assert (prime.bit_length(), generator) == (found, 2)
    assert pow(4, (prime - 1) // 2, prime) == 1  # four is a square: a check that the number is the prime it should be


def integers(parameters: bytes) -> list[int]:
    """The numbers in a PEM file of PKCS #3."""
    head, *lines, tail = parameters.decode().splitlines()
    assert (head, tail) == ("-----BEGIN DH PARAMETERS-----", "-----END DH PARAMETERS-----")
    _tag, data, rest = element(base64.b64decode("".join(lines)))
    assert rest == b""
    found = []
    while data:
        tag, value, data = element(data)
        assert tag == 2
        found.append(int.from_bytes(value, "big"))
    return found


def element(data: bytes) -> tuple[int, bytes, bytes]:
    """Tag, content and what follows."""
    size, start = data[1], 2
    if size >= 128:
        start = 2 + size - 128
        size = int.from_bytes(data[2:start], "big")
    return data[0], data[start : start + size], data[start + size :]


def test_a_pkcs12_file_becomes_pem_that_makes_a_pair(nitro: Nitro) -> None:
    certificate = x509.load_pem_x509_certificate(pem("leaf-cert"))
    locked = serialization.BestAvailableEncryption(b"hidden-word")
    packed = pkcs12.serialize_key_and_certificates(b"web", key_of(pem("leaf-key")), certificate, None, locked)
    put(nitro, web_pfx=packed)
    given = {"outfile": "web.pem", "pkcs12file": "web.pfx", "import": True}
    assert run(nitro, "sslpkcs12", "convert", **given, password="wrong") == (599, 1614)
    assert run(nitro, "sslpkcs12", "convert", **given, password="hidden-word") == (200, 0)
    made = content(nitro, "web.pem")
    assert x509.load_pem_x509_certificate(made) == certificate
    assert key_of(made).public_key() == certificate.public_key()
    nitro.add("sslcertkey", certkey="web", cert="web.pem", key="web.pem")
    assert run(nitro, "sslpkcs12", "convert", **given, password="hidden-word") == (599, 1642)


def test_the_key_of_a_pkcs12_file_is_encrypted_where_that_is_asked_for(nitro: Nitro) -> None:
    put(nitro, web_pfx=pkcs12.serialize_key_and_certificates(b"web", key_of(pem("leaf-key")), None, None, locked_by("p")))
    given = {"outfile": "web.pem", "pkcs12file": "web.pfx", "import": True, "password": "p", "des3": True}
    assert run(nitro, "sslpkcs12", "convert", **given) == (400, 1093)
    assert run(nitro, "sslpkcs12", "convert", **given, pempassphrase="hidden-word") == (200, 0)
    assert key_of(content(nitro, "web.pem"), b"hidden-word").key_size == 2048


def locked_by(password: str) -> serialization.KeySerializationEncryption:
    return serialization.BestAvailableEncryption(password.encode())


def test_a_pair_is_exported_to_a_pkcs12_file(nitro: Nitro) -> None:
    put(nitro, web_pem="leaf-cert", web_key="leaf-key-encrypted", other_pem="other-cert")
    given = {"outfile": "web.pfx", "export": True, "password": "hidden-word", "keyfile": "web.key"}
    assert run(nitro, "sslpkcs12", "convert", **given, certfile="web.pem") == (599, 1614)
    assert run(nitro, "sslpkcs12", "convert", **given, certfile="other.pem", pempassphrase="secret") == (599, 1538)
    assert run(nitro, "sslpkcs12", "convert", **given, certfile="web.pem", pempassphrase="secret") == (200, 0)
    key, certificate, _more = pkcs12.load_key_and_certificates(content(nitro, "web.pfx"), b"hidden-word")
    assert certificate == x509.load_pem_x509_certificate(pem("leaf-cert"))
    assert key is not None
    assert key.public_key() == certificate.public_key()
    nitro.add("sslcertkey", certkey="web", cert="web.pfx", inform="PFX", password=True, passplain="hidden-word")


@pytest.mark.parametrize(
    ("values", "code"),
    [
        pytest.param({}, 1095, id="neither"),
        pytest.param({"import": True, "export": True}, 1092, id="both"),
        pytest.param({"import": True}, 1093, id="import of nothing"),
        pytest.param({"export": True, "certfile": "ns-root.cert"}, 1093, id="export without a key"),
        pytest.param({"import": True, "pkcs12file": "nope"}, 1647, id="not there"),
    ],
)
def test_a_conversion_that_cannot_be_done(nitro: Nitro, values: dict[str, Any], code: int) -> None:
    assert run(nitro, "sslpkcs12", "convert", outfile="out.pem", password="p", **values)[1] == code


def test_a_key_is_converted_to_pkcs8(nitro: Nitro) -> None:
    put(nitro, e_key="leaf-key-encrypted")
    assert run(nitro, "sslpkcs8", "convert", pkcs8file="e.p8", keyfile="e.key") == (599, 1614)
    assert run(nitro, "sslpkcs8", "convert", pkcs8file="e.p8", keyfile="e.key", password="secret") == (200, 0)
    assert content(nitro, "e.p8").startswith(b"-----BEGIN PRIVATE KEY-----")
    assert key_of(content(nitro, "e.p8")).private_numbers() == key_of(pem("leaf-key")).private_numbers()
    assert run(nitro, "sslecdsakey", "create", keyfile="d.key", curve="P_256", keyform="DER") == (200, 0)
    assert run(nitro, "sslpkcs8", "convert", pkcs8file="d.p8", keyfile="d.key", keyform="DER") == (200, 0)
    assert key_of(content(nitro, "d.p8")).key_size == 256


def test_tools_change_no_configuration(nitro: Nitro) -> None:
    run(nitro, "sslecdsakey", "create", keyfile="e.key", curve="P_256")
    run(nitro, "ssldhparam", "create", dhfile="dh.pem", bits=768)
    assert nitro.get("nsconfig").body["nsconfig"]["configchanged"] is False
