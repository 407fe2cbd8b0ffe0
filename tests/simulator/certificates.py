# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Real certificates and keys for tests, made once a process: a CA, a leaf it signed, and another pair."""

from __future__ import annotations

import datetime
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID


@cache
def _key(name: str) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


@cache
def certificate(name: str, common_name: str, issuer: str, issuer_name: str, *, ca: bool = False) -> x509.Certificate:
    """A certificate for the key ``name``, signed by the key ``issuer``."""
    now = datetime.datetime.now(datetime.UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(_name(common_name))
        .issuer_name(_name(issuer_name))
        .public_key(_key(name).public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=90))
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
        .sign(_key(issuer), hashes.SHA256())
    )


@cache
def pem(what: str) -> bytes:
    """PEM of ``leaf-cert``, ``leaf-key``, ``leaf-key-encrypted`` (passphrase "secret"), ``other-…`` or ``ca-cert``."""
    encoding, form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    name, _, part = what.partition("-")
    if part == "cert":
        names = {"leaf": "www.example.com", "other": "other.example.com", "ca": "Example CA"}
        return certificate(name, names[name], "ca", "Example CA", ca=name == "ca").public_bytes(encoding)
    encryption: serialization.KeySerializationEncryption = serialization.NoEncryption()
    if part == "key-encrypted":
        encryption, form = serialization.BestAvailableEncryption(b"secret"), serialization.PrivateFormat.TraditionalOpenSSL
    return _key(name).private_bytes(encoding, form, encryption)
