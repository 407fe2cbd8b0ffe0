# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""The factory's own authority: ns-root and the server certificate it signed, made once a process (PROTOCOL 20 #18 [C:1])."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

YEAR = datetime.timedelta(days=365)
PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
PublicKey = rsa.RSAPublicKey | ec.EllipticCurvePublicKey
KEYS = (rsa.RSAPrivateKey, ec.EllipticCurvePrivateKey)


def private_key(bits: int = 2048) -> rsa.RSAPrivateKey:
    """A new RSA key."""
    return rsa.generate_private_key(public_exponent=65537, key_size=bits)


def key_pem(key: PrivateKey, password: str | None = None) -> bytes:
    """As the appliance writes it: BEGIN RSA PRIVATE KEY, or BEGIN EC PRIVATE KEY."""
    return key_bytes(key, form="PEM", password=password)


def key_bytes(key: PrivateKey, *, form: str, pkcs8: bool = False, password: str | None = None) -> bytes:
    """A key in a file of form PEM or DER; the latter is never encrypted in the old format."""
    layout = serialization.PrivateFormat.PKCS8 if pkcs8 else serialization.PrivateFormat.TraditionalOpenSSL
    locked: serialization.KeySerializationEncryption = serialization.NoEncryption()
    if password is not None and (pkcs8 or form == "PEM"):
        locked = serialization.BestAvailableEncryption(password.encode())
    return key.private_bytes(serialization.Encoding.DER if form == "DER" else serialization.Encoding.PEM, layout, locked)


def certificate_pem(certificate: x509.Certificate) -> bytes:
    """PEM of a certificate."""
    return certificate.public_bytes(serialization.Encoding.PEM)


def named(common_name: str) -> x509.Name:
    """A subject in the factory's style."""
    parts = ((NameOID.COUNTRY_NAME, "US"), (NameOID.ORGANIZATION_NAME, "NetScaler"), (NameOID.COMMON_NAME, common_name))
    return x509.Name([x509.NameAttribute(oid, text) for oid, text in parts])


def signed(
    subject: x509.Name,
    public_key: PublicKey,
    issuer: x509.Name,
    key: PrivateKey,
    *,
    days: int = 365,
    ca: bool = False,
    names: Sequence[x509.SubjectAlternativeName] = (),
) -> x509.Certificate:
    """A certificate for ``public_key``, signed with ``key``."""
    now = datetime.datetime.now(datetime.UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public_key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=days))
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
    )
    for extension in names:
        builder = builder.add_extension(extension, critical=False)
    return builder.sign(key, hashes.SHA256())


@cache
def factory_files() -> dict[str, bytes]:
    """File name in /nsconfig/ssl → content."""
    root, own = private_key(), private_key()
    root_name = named("default")
    root_certificate = signed(root_name, root.public_key(), root_name, root, days=3650, ca=True)
    own_certificate = signed(named("ns-server"), own.public_key(), root_name, root, days=3650)
    return {
        "ns-root.cert": certificate_pem(root_certificate),
        "ns-root.key": key_pem(root),
        "ns-root.srl": b"02\n",
        "ns-server.cert": certificate_pem(own_certificate),
        "ns-server.key": key_pem(own),
    }
