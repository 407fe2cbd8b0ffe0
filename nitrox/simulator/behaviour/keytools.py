# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""``sslrsakey``, ``sslcertreq`` and ``sslcert`` with ``?action=create`` make real files (PROTOCOL 20 #18 [CPX])."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.x509.oid import NameOID

from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro import catalogue

from .. import rootca
from ..context import Context
from ..refusal import Refusal
from ..registry import command
from ..rules import accepted, require
from ..table import Row
from . import files

_SUBJECT = {
    "countryname": NameOID.COUNTRY_NAME,
    "statename": NameOID.STATE_OR_PROVINCE_NAME,
    "localityname": NameOID.LOCALITY_NAME,
    "organizationname": NameOID.ORGANIZATION_NAME,
    "organizationunitname": NameOID.ORGANIZATIONAL_UNIT_NAME,
    "commonname": NameOID.COMMON_NAME,
    "emailaddress": NameOID.EMAIL_ADDRESS,
}


def _values(kind_name: str, payload: Mapping[str, Any]) -> Row:
    kind = catalogue.kind(kind_name)
    values = accepted(kind, payload, "create")
    require(kind, values, "create")
    return values


def _private(ctx: Context, path: Any, passphrase: Any = None) -> rootca.PrivateKey:
    data = files.content(ctx, str(path))
    encrypted = b"ENCRYPTED" in data
    if encrypted and not passphrase:
        raise Refusal(1614)
    try:
        key = serialization.load_pem_private_key(data, str(passphrase).encode() if encrypted else None)
    except (ValueError, TypeError):
        raise Refusal(1614 if encrypted else 1537) from None
    if not isinstance(key, rootca.PrivateKey):
        raise Refusal(1537)
    return key


@command("create", "sslrsakey")
def create_key(ctx: Context, payload: Mapping[str, Any]) -> dict[str, Any]:
    """A new RSA key in a file."""
    values = _values("sslrsakey", payload)
    key = rootca.private_key(max(1024, int(values["bits"])))
    encrypted = any(values.get(name) for name in ("des", "des3", "aes256"))
    if encrypted and not values.get("password"):
        raise Refusal(1093, "password", "aes256")
    files.write(ctx, str(values["keyfile"]), rootca.key_pem(key, str(values["password"]) if encrypted else None))
    return {"_unchanged": True}


@command("create", "sslcertreq")
def create_request(ctx: Context, payload: Mapping[str, Any]) -> dict[str, Any]:
    """A signing request for a key."""
    values = _values("sslcertreq", payload)
    key = _private(ctx, values.get("keyfile", ""), values.get("pempassphrase"))
    subject = x509.Name([x509.NameAttribute(oid, str(values[name])) for name, oid in _SUBJECT.items() if name in values])
    builder = x509.CertificateSigningRequestBuilder().subject_name(subject)
    names = [name.strip().removeprefix("DNS:") for name in re.split(r"[,\s]+", str(values.get("subjectaltname", ""))) if name]
    if names:
        builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName(name) for name in names]), critical=False)
    files.write(ctx, str(values["reqfile"]), builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
    return {"_unchanged": True}


@command("create", "sslcert")
def create_certificate(ctx: Context, payload: Mapping[str, Any]) -> dict[str, Any]:
    """A certificate for a request: self-signed for ROOT_CERT, else signed by the given CA."""
    values = _values("sslcert", payload)
    try:
        request = x509.load_pem_x509_csr(files.content(ctx, str(values["reqfile"])))
    except ValueError:
        raise Refusal(1536) from None
    root = str(values["certtype"]).upper() == "ROOT_CERT"
    key = _private(ctx, values.get("keyfile" if root else "cakey", ""), values.get("pempassphrase"))
    issuer = (
        request.subject if root else x509.load_pem_x509_certificate(files.content(ctx, str(values.get("cacert", "")))).subject
    )
    public: Any = request.public_key()
    authority = str(values["certtype"]).upper() in ("ROOT_CERT", "INTM_CERT")
    names = [found.value for found in request.extensions if isinstance(found.value, x509.SubjectAlternativeName)]
    days = int(values.get("days", 365))
    certificate = rootca.signed(request.subject, public, issuer, key, days=days, ca=authority, names=names)
    files.write(ctx, str(values["certfile"]), rootca.certificate_pem(certificate))
    return {"_unchanged": True}
