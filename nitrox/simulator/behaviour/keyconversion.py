# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""``sslpkcs12`` and ``sslpkcs8`` with ``?action=convert``: keys and certificates in other forms (payloads [D], effect [I])."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.serialization import pkcs12

from .. import rootca
from ..context import Context
from ..refusal import Refusal
from ..registry import command
from ..table import Row
from . import files
from .keytools import CIPHERS, payload_of, private


@command("convert", "sslpkcs12")
def convert_pkcs12(ctx: Context, payload: Mapping[str, Any]) -> dict[str, Any]:
    """``import``: PKCS #12 to PEM; ``export``: a certificate and its key to PKCS #12. One of the two: else 1095 or 1092."""
    values = payload_of("sslpkcs12", payload, "convert")
    take, give = bool(values.get("Import")), bool(values.get("export"))
    if take and give:
        raise Refusal(1092, "export", "import")
    if not (take or give):
        raise Refusal(1095, "import")
    for name in ("pkcs12file",) if take else ("certfile", "keyfile"):
        if not values.get(name):
            raise Refusal(1093, "import" if take else "export", name)
    files.write(ctx, str(values["outfile"]), _unpacked(ctx, values) if take else _packed(ctx, values))
    return {"_unchanged": True}


def _unpacked(ctx: Context, values: Row) -> bytes:
    """The key, encrypted where that is asked for, and the certificates."""
    data = files.content(ctx, str(values["pkcs12file"]))
    try:
        key, certificate, others = pkcs12.load_key_and_certificates(data, str(values["password"]).encode())
    except ValueError:
        raise Refusal(1614) from None
    locked = any(values.get(name) for name in CIPHERS)
    if locked and not values.get("pempassphrase"):
        raise Refusal(1093, "pempassphrase", "des3")
    found = [rootca.certificate_pem(one) for one in (certificate, *others) if one is not None]
    if isinstance(key, rootca.KEYS):
        found.insert(0, rootca.key_pem(key, str(values["pempassphrase"]) if locked else None))
    return b"".join(found)


def _packed(ctx: Context, values: Row) -> bytes:
    key = private(ctx, values["keyfile"], values.get("pempassphrase"))
    try:
        chain = x509.load_pem_x509_certificates(files.content(ctx, str(values["certfile"])))
    except ValueError:
        raise Refusal(1536) from None
    if chain[0].public_key() != key.public_key():
        raise Refusal(1538)
    locked = serialization.BestAvailableEncryption(str(values["password"]).encode())
    return pkcs12.serialize_key_and_certificates(b"netscaler", key, chain[0], chain[1:], locked)


@command("convert", "sslpkcs8")
def convert_pkcs8(ctx: Context, payload: Mapping[str, Any]) -> dict[str, Any]:
    """A key of PEM or DER as PKCS #8, in PEM, not encrypted."""
    values = payload_of("sslpkcs8", payload, "convert")
    key = private(ctx, values["keyfile"], values.get("password"), der=values.get("keyform") == "DER")
    files.write(ctx, str(values["pkcs8file"]), rootca.key_bytes(key, form="PEM", pkcs8=True))
    return {"_unchanged": True}
