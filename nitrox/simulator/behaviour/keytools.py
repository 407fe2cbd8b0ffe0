# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""``sslrsakey``, ``sslcertreq`` and ``sslcert`` with ``?action=create`` make real files (PROTOCOL 20 #18 [CPX]).

So do ``sslecdsakey`` and ``ssldhparam``: their payloads are documented [D], that they behave alike is [I].
"""

from __future__ import annotations

import base64
import json
import re
import textwrap
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
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


CIPHERS = ("des", "des3", "aes256")
_CURVES = {"P_256": ec.SECP256R1, "P_384": ec.SECP384R1}


def payload_of(kind_name: str, payload: Mapping[str, Any], verb: str = "create") -> Row:
    """What a tool was given, checked."""
    kind = catalogue.kind(kind_name)
    values = accepted(kind, payload, verb)
    require(kind, values, verb)
    return values


def private(ctx: Context, path: Any, passphrase: Any = None, *, der: bool = False) -> rootca.PrivateKey:
    """The key in a file: 1614 for a wrong passphrase, 1537 for what is no key."""
    data = files.content(ctx, str(path))
    encrypted = b"ENCRYPTED" in data
    if encrypted and not passphrase:
        raise Refusal(1614)
    load = serialization.load_der_private_key if der else serialization.load_pem_private_key
    try:
        key = load(data, str(passphrase).encode() if encrypted else None)
    except (ValueError, TypeError):
        raise Refusal(1614 if encrypted else 1537) from None
    if not isinstance(key, rootca.KEYS):
        raise Refusal(1537)
    return key


def _write_key(ctx: Context, values: Row, key: rootca.PrivateKey) -> None:
    encrypted = any(values.get(name) for name in CIPHERS)
    if encrypted and not values.get("password"):
        raise Refusal(1093, "password", "aes256")
    password = str(values["password"]) if encrypted else None
    form, pkcs8 = str(values.get("keyform", "PEM")), bool(values.get("pkcs8"))
    files.write(ctx, str(values["keyfile"]), rootca.key_bytes(key, form=form, pkcs8=pkcs8, password=password))


@command("create", "sslrsakey")
def create_key(ctx: Context, payload: Mapping[str, Any]) -> dict[str, Any]:
    """A new RSA key in a file."""
    values = payload_of("sslrsakey", payload)
    _write_key(ctx, values, rootca.private_key(max(1024, int(values["bits"]))))
    return {"_unchanged": True}


@command("create", "sslecdsakey")
def create_ecdsa_key(ctx: Context, payload: Mapping[str, Any]) -> dict[str, Any]:
    """A new key on a curve in a file; file and curve are needed (1095 [I])."""
    values = payload_of("sslecdsakey", payload)
    missing = next((name for name in ("keyfile", "curve") if not values.get(name)), None)
    if missing:
        raise Refusal(1095, missing)
    _write_key(ctx, values, ec.generate_private_key(_CURVES[str(values["curve"])]()))
    return {"_unchanged": True}


@command("create", "ssldhparam")
def create_parameters(ctx: Context, payload: Mapping[str, Any]) -> dict[str, Any]:
    """Diffie-Hellman parameters in a file: the smallest published group of at least so many bits; a search takes minutes [I]."""
    values = payload_of("ssldhparam", payload)
    bits = next(size for size in sorted(_groups()) if size >= int(values.get("bits", 1024)))
    content = _der(0x30, _integer(_groups()[bits]) + _integer(int(values.get("gen", 2))))
    text = "\n".join(textwrap.wrap(base64.b64encode(content).decode(), 64))
    pem = f"-----BEGIN DH PARAMETERS-----\n{text}\n-----END DH PARAMETERS-----\n"
    files.write(ctx, str(values["dhfile"]), pem.encode())
    return {"_unchanged": True}


def _der(tag: int, content: bytes) -> bytes:
    """Tag, length, content: PKCS #3 is two integers in a sequence."""
    size = len(content)
    length = bytes([size]) if size < 128 else size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, *([] if size < 128 else [0x80 | len(length)])]) + length + content


def _integer(value: int) -> bytes:
    return _der(0x02, value.to_bytes(value.bit_length() // 8 + 1, "big"))


@cache
def _groups() -> dict[int, int]:
    """Bits → prime, of RFC 2409 and RFC 3526."""
    facts = json.loads(Path(__file__).with_name("dhgroups.json").read_text(encoding="utf-8"))
    return {int(bits): int("".join(digits), 16) for bits, digits in facts.items()}


@command("create", "sslcertreq")
def create_request(ctx: Context, payload: Mapping[str, Any]) -> dict[str, Any]:
    """A signing request for a key."""
    values = payload_of("sslcertreq", payload)
    key = private(ctx, values.get("keyfile", ""), values.get("pempassphrase"))
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
    values = payload_of("sslcert", payload)
    try:
        request = x509.load_pem_x509_csr(files.content(ctx, str(values["reqfile"])))
    except ValueError:
        raise Refusal(1536) from None
    root = str(values["certtype"]).upper() == "ROOT_CERT"
    key = private(ctx, values.get("keyfile" if root else "cakey", ""), values.get("pempassphrase"))
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
