# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Make a certificate authority and a certificate of the shop in a folder, unless they are there.

Needs the library that Ansible itself needs (cryptography). Prints "made" or "there".
"""

from __future__ import annotations

import datetime
import sys
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

HOSTS = ("shop.example.com", "static.example.com")


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _certificate(subject: str, key: rsa.RSAPrivateKey, issuer: rsa.RSAPrivateKey, *, ca: bool) -> bytes:
    now = datetime.datetime.now(datetime.UTC)
    names = x509.SubjectAlternativeName([x509.DNSName(host) for host in ((subject,) if ca else HOSTS)])
    builder = (
        x509.CertificateBuilder()
        .subject_name(_name(subject))
        .issuer_name(_name("Example CA"))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(days=3650 if ca else 90))
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
    )
    builder = builder if ca else builder.add_extension(names, critical=False)
    return builder.sign(issuer, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)


def main(folder: Path) -> None:
    """Make what is missing."""
    if all((folder / name).exists() for name in ("ca.pem", "shop.pem", "shop.key")):
        print("there")
        return
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    authority, own = (rsa.generate_private_key(public_exponent=65537, key_size=2048) for _key in range(2))
    form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "ca.pem").write_bytes(_certificate("Example CA", authority, authority, ca=True))
    (folder / "shop.pem").write_bytes(_certificate(HOSTS[0], own, authority, ca=False))
    (folder / "shop.key").touch(mode=0o600)
    (folder / "shop.key").write_bytes(own.private_bytes(*form))
    print("made")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
