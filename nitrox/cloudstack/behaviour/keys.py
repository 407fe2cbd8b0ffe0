# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""SSH key pairs and registered user data."""

from __future__ import annotations

import base64
import binascii
import hashlib
from typing import Any

from nitrox.cloudstack.call import Call
from nitrox.cloudstack.refusal import in_use, invalid
from nitrox.cloudstack.registry import command
from nitrox.cloudstack.store import Row
from nitrox.cloudstack.views import show

from .deploy import checked_user_data
from .instances import GONE


def _blob(text: str) -> bytes:
    """The key itself of an OpenSSH public key, also when the whole of it is base64 once more. Refuses with 431."""
    for candidate in (text, _decoded(text)):
        parts = candidate.split()
        if len(parts) >= 2 and parts[0].startswith(("ssh-", "ecdsa-", "sk-")):
            try:
                return base64.b64decode(parts[1], validate=True)
            except binascii.Error:
                break
    raise invalid("Public key is invalid")


def _decoded(text: str) -> str:
    try:
        return base64.b64decode(text, validate=True).decode("ascii")
    except ValueError:
        return ""


def fingerprint(blob: bytes) -> str:
    """MD5, in pairs of hexadecimal digits."""
    digest = hashlib.md5(blob, usedforsecurity=False).hexdigest()
    return ":".join(digest[index : index + 2] for index in range(0, 32, 2))


def _free_name(call: Call, kind: str, owner: dict[str, Any], what: str) -> str:
    name = call.text("name")
    if call.store.where(kind, name=name, **owner):
        raise invalid(f"A {what} with name '{name}' already exists.")
    return name


@command("registerSSHKeyPair")
def register(call: Call) -> Any:
    """A public key under a name."""
    owner = call.owner()
    name = _free_name(call, "sshkeypair", owner, "key pair")
    key = call.text("publickey").strip()
    digest = fingerprint(_blob(key))
    if call.store.where("sshkeypair", fingerprint=digest, **owner):
        raise invalid(f"A key pair with fingerprint {digest} already exists.")
    row = call.store.add("sshkeypair", **owner, name=name, fingerprint=digest, _publickey=key)
    return row, {"keypair": show(call.cloud, row)}


@command("createSSHKeyPair")
def create(call: Call) -> Any:
    """A new key pair; only this answer has the private key."""
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import rsa

    owner = call.owner()
    name = _free_name(call, "sshkeypair", owner, "key pair")
    private = rsa.generate_private_key(65537, 2048)
    public = private.public_key().public_bytes(serialization.Encoding.OpenSSH, serialization.PublicFormat.OpenSSH).decode()
    text = private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    ).decode()
    row = call.store.add("sshkeypair", **owner, name=name, fingerprint=fingerprint(_blob(public)), _publickey=public)
    return row, {"keypair": {**show(call.cloud, row), "privatekey": text}}


@command("deleteSSHKeyPair")
def delete(call: Call) -> Any:
    """By name. Fails while a machine has it from its deployment; a pair that came by resetSSHKeyForVirtualMachine is no
    hindrance, which the collection's own tests of its module rely on."""
    owner = call.owner()
    row = call.store.first("sshkeypair", name=call.text("name"), **owner)
    if row is None:
        raise invalid(f"A key pair with name '{call.text('name')}' does not exist for account {owner['account']}.")
    for machine in call.store.where("virtualmachine", **owner):
        used = row["name"] in str(machine.get("keypairs", "")).split(",") and not machine.get("_keysreset")
        if used and machine["state"] not in GONE:
            raise in_use(f"Key pair {row['name']} is used by virtual machine {machine['name']}")
    call.store.remove(row)
    return row, {"success": True}


@command("registerUserData")
def register_user_data(call: Call) -> Any:
    """User data under a name."""
    owner = call.owner()
    name = _free_name(call, "userdata", owner, "userdata")
    data = checked_user_data(call, call.text("userdata"))
    row = call.store.add("userdata", **owner, name=name, userdata=data, params=call.maybe("params"))
    return row, {"userdata": show(call.cloud, row)}


@command("deleteUserData")
def delete_user_data(call: Call) -> Any:
    """Fails while a machine uses it."""
    row = call.need()
    users: list[Row] = [machine for machine in call.store.rows("virtualmachine") if machine.get("userdataid") == row.id]
    if users:
        raise in_use(f"User data {row['name']} is used by virtual machine {users[0]['name']}")
    call.store.remove(row)
    return row, {"success": True}
