# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Certificate and key pairs: real parsing, matching, chains (PROTOCOL 15, 20 #19, exchanges G6–G10)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.serialization import pkcs12

from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro import catalogue

from .. import relations
from ..context import Context
from ..operations import locate
from ..refusal import Refusal
from ..registry import after, before, command, shown
from ..rules import accepted
from ..table import Row
from . import files

_KIND = "sslcertkey"
_DAY = 86400
_SHORT = {"countryName": "C", "stateOrProvinceName": "ST", "localityName": "L", "organizationName": "O", "commonName": "CN"}
_SHORT |= {"organizationalUnitName": "OU", "emailAddress": "emailAddress"}
_FILES = ("cert", "key", "inform", "passplain", "password", "bundle")


@before("add", _KIND)
def add_pair(ctx: Context, row: Row, changes: Row) -> None:
    """The files must be there and fit; the same content has one name only (exchange G8 [L])."""
    facts, chain = read_pair(ctx, row)
    _refuse_the_same(ctx, facts, row)
    row.update(facts)
    if str(row.get("bundle", "NO")).upper() == "YES":
        _add_chain(ctx, row, chain)


def _refuse_the_same(ctx: Context, facts: Row, row: Row) -> None:
    same = [other for other in ctx.table(_KIND).by("_digest", facts["_digest"]) if other is not row]
    if same:
        raise Refusal(273, "certkeyName Contents", same[0]["certkey"])


def _add_chain(ctx: Context, row: Row, chain: list[x509.Certificate]) -> None:
    """The issuers in a bundle become ``NAME_ic1``, ``NAME_ic2``, … and are linked [D]; known ones keep their names [I]."""
    below = row
    for number, certificate in enumerate(chain, 1):
        facts = certificate_facts(certificate, has_key=False)
        known: list[Row] = ctx.table(_KIND).by("_digest", facts["_digest"])
        issuer = known[0] if known else {"certkey": f"{row['certkey']}_ic{number}", "cert": row["cert"], **facts}
        ctx.table(_KIND).put(issuer)
        below["linkcertkeyname"] = issuer["certkey"]
        if below is not row:
            ctx.table(_KIND).changed(below)
        below = issuer


@command("change", _KIND)
def change_pair(ctx: Context, payload: Mapping[str, Any]) -> None:
    """``?action=update``: other files behind the same name; links and bindings survive, a mismatch changes nothing (20 #19)."""
    kind = catalogue.kind(_KIND)
    values = accepted(kind, payload, "change")
    row = locate(ctx, kind, values, ctx.call.name)
    files_now = {name: values.get(name, row.get(name)) for name in _FILES if name in values or name in row}
    facts, _chain = read_pair(ctx, files_now)
    before: Any = facts_of(ctx, row).get("_domains", facts["_domains"])
    if not values.get("nodomaincheck") and not set(facts["_domains"]) & set(before):
        raise Refusal(1536)  # another domain; the code is not published [I]
    _refuse_the_same(ctx, facts, row)
    row.update({**files_now, **facts})
    ctx.table(_KIND).changed(row)


@command("link", _KIND)
def link(ctx: Context, payload: Mapping[str, Any]) -> None:
    """To the certificate of its issuer: 1543, 1540, 1548 [D]."""
    kind = catalogue.kind(_KIND)
    values = accepted(kind, payload, "link")
    row = locate(ctx, kind, values, ctx.call.name)
    name = values.get("linkcertkeyname")
    if name is None:
        raise Refusal(1095, "linkcertkeyname")
    if str(name).lower() == str(row["certkey"]).lower():
        raise Refusal(1543)
    issuer = ctx.find(_KIND, name)
    if issuer is None:
        raise Refusal(1540)
    if facts_of(ctx, issuer).get("subject") != facts_of(ctx, row).get("issuer"):
        raise Refusal(1548)
    if row.get("linkcertkeyname") == issuer["certkey"]:
        raise Refusal(273)
    row["linkcertkeyname"] = issuer["certkey"]
    ctx.table(_KIND).changed(row)


@command("unlink", _KIND)
def unlink(ctx: Context, payload: Mapping[str, Any]) -> None:
    """1545 without a link [D]."""
    kind = catalogue.kind(_KIND)
    row = locate(ctx, kind, accepted(kind, payload, "unlink"), ctx.call.name)
    if row.pop("linkcertkeyname", None) is None:
        raise Refusal(1545)
    ctx.table(_KIND).changed(row)


@before("delete", _KIND)
def delete_pair(ctx: Context, row: Row, wanted: Row) -> None:
    """Bound to something, or linked by another: 1541 [D]."""
    if row.get("_builtin"):
        raise Refusal(257)
    bound = relations.bound_to(ctx, catalogue.kind(_KIND), row["certkey"])
    if bound or ctx.table(_KIND).by("linkcertkeyname", row["certkey"]):
        raise Refusal(1541)
    if relations.used_by(ctx, catalogue.kind(_KIND), row["certkey"]):
        raise Refusal(1541)


@after("delete", _KIND)
def delete_files(ctx: Context, row: Row, wanted: Row) -> None:
    """The files go as well where that was asked for [D]."""
    when = str(wanted.get("deletecertkeyfilesonremoval") or row.get("deletecertkeyfilesonremoval") or "NO").upper()
    expired = float(row.get("_until", ctx.now())) < ctx.now()
    if not (when == "ALWAYS" or (when == "IF_EXPIRED" and expired) or str(wanted.get("deletefromdevice")).lower() == "true"):
        return
    for name in ("cert", "key"):
        stored = files.find(ctx, str(row.get(name, "")))
        if stored is not None:
            ctx.table("systemfile").remove(stored)


@shown(_KIND)
def show_pair(ctx: Context, row: Row, out: Row) -> None:
    """Days left by the appliance's clock; expiry is watched unless it was switched off [D]."""
    out.update({name: value for name, value in facts_of(ctx, row).items() if not name.startswith("_")})
    until, since = float(row.get("_until", ctx.now())), float(row.get("_since", 0.0))
    out["daystoexpiration"] = max(int((until - ctx.now()) // _DAY), 0)
    out["status"] = "Expired" if until < ctx.now() else "Not yet valid" if since > ctx.now() else "Valid"
    out.setdefault("expirymonitor", "ENABLED")
    out.setdefault("notificationperiod", "30")
    out.pop("password", None)


def facts_of(ctx: Context, row: Row) -> Row:
    """What is known of a stored pair; one that came with the factory or a loaded state is read when it is first needed."""
    if row and "_digest" not in row:
        try:
            found, _chain = read_pair(ctx, row)
        except Refusal:
            found = {"_digest": ""}
        row.update(found)
        ctx.table(_KIND).changed(row)
    return {name: row[name] for name in _FACTS if name in row}


_FACTS = (
    *("subject", "issuer", "serial", "clientcertnotbefore", "clientcertnotafter", "publickey", "publickeysize", "signaturealg"),
    *("version", "certificatetype", "sandns", "certkeydigest", "_until", "_since", "_domains", "_digest", "_has_key"),
)


def read_pair(ctx: Context, values: Mapping[str, Any]) -> tuple[Row, list[x509.Certificate]]:
    """What the files say, as attributes of a GET, and further certificates in them. Raises what the appliance refuses."""
    data = files.content(ctx, str(values["cert"]))
    form = str(values.get("inform", "PEM")).upper()
    password = str(values["passplain"]).encode() if values.get("passplain") else None
    key: Any = None
    if form == "PFX":
        (certificate, *chain), key = _pfx(data, password)
    else:
        certificate, *chain = _certificates(data, form)
    if values.get("key") and form != "PFX":
        key = _key(files.content(ctx, str(values["key"])), form, password)
    if key is not None and _public(key.public_key()) != _public(certificate.public_key()):
        raise Refusal(1538)
    has_key = key is not None or any(values.get(name) for name in ("fipskey", "hsmkey"))
    return certificate_facts(certificate, has_key=has_key), chain


def _pfx(data: bytes, password: bytes | None) -> tuple[list[x509.Certificate], Any]:
    try:
        key, certificate, others = pkcs12.load_key_and_certificates(data, password)
    except ValueError:
        raise Refusal(1614) from None
    if certificate is None:
        raise Refusal(1536)
    return [certificate, *others], key


def _certificates(data: bytes, form: str) -> list[x509.Certificate]:
    try:
        return [x509.load_der_x509_certificate(data)] if form == "DER" else x509.load_pem_x509_certificates(data)
    except ValueError:
        raise Refusal(1536) from None


def _key(data: bytes, form: str, password: bytes | None) -> Any:
    load = serialization.load_der_private_key if form == "DER" else serialization.load_pem_private_key
    encrypted = b"ENCRYPTED" in data
    if encrypted and password is None:
        raise Refusal(1614)  # exchange G7 [L]
    try:
        return load(data, password if encrypted or form == "DER" else None)
    except (ValueError, TypeError):
        raise Refusal(1614 if encrypted else 1537) from None


def _public(key: Any) -> bytes:
    encoded: bytes = key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return encoded


def certificate_facts(certificate: x509.Certificate, *, has_key: bool) -> Row:
    """A certificate as attributes of a GET; those with "_" are for the behaviours."""
    public = certificate.public_key()
    start, end = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    authority, self_signed = _authority(certificate), certificate.issuer == certificate.subject
    kinds = ["SRVR_CERT", "CLNT_CERT"] if has_key and not authority else ["ROOT_CERT" if self_signed else "INTM_CERT"]
    names = _alternative_names(certificate)
    size = int(getattr(public, "key_size", 0))
    return {
        "subject": _text(certificate.subject),
        "issuer": _text(certificate.issuer),
        "serial": f"{certificate.serial_number:X}",
        "clientcertnotbefore": _date(start),
        "clientcertnotafter": _date(end),
        "publickey": "rsaEncryption" if "RSA" in type(public).__name__ else "id-ecPublicKey",
        "publickeysize": size,
        "signaturealg": getattr(certificate.signature_algorithm_oid, "_name", "sha256WithRSAEncryption"),
        "version": certificate.version.value + 1,
        "certificatetype": kinds,
        "sandns": ",".join(names),
        "certkeydigest": hashlib.sha256(certificate.public_bytes(serialization.Encoding.DER)).hexdigest(),
        "_until": end.timestamp(),
        "_since": start.timestamp(),
        "_has_key": has_key,
        "_domains": sorted({*names, *_common_names(certificate)}),
        "_digest": hashlib.sha256(certificate.public_bytes(serialization.Encoding.DER) + bytes([has_key])).hexdigest(),
    }


def _date(when: Any) -> str:
    return f"{when:%b} {when.day:2d} {when:%H:%M:%S %Y} GMT"


def _text(name: x509.Name) -> str:
    parts = [(_SHORT.get(getattr(part.oid, "_name", ""), part.oid.dotted_string), part.value) for part in name]
    return " " + ",".join(f"{short}={value!s}" for short, value in parts)


def _common_names(certificate: x509.Certificate) -> list[str]:
    return [str(part.value).lower() for part in certificate.subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)]


def _alternative_names(certificate: x509.Certificate) -> list[str]:
    try:
        found = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return []
    return [name.lower() for name in found.get_values_for_type(x509.DNSName)]


def _authority(certificate: x509.Certificate) -> bool:
    try:
        return bool(certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca)
    except x509.ExtensionNotFound:
        return False
