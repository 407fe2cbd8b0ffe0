# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""A whole document as one resource."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pulumi

from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro import catalogue
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.errors import UnknownKind
from pulumi_netscaler import naming

from .resource import Managed

SECRET_WORDS = frozenset({"key", "password", "passphrase", "passplain"})  # of frontends


class Config(Managed):
    """A nitrox document (as for Ansible's ``config`` and ``nitrox apply``), applied as one plan with few requests.

    The preview lists every object under ``objects``. What a newer document drops is deleted, unbound or unset, unless ``prune``
    is False. What existed before is changed but never deleted. With an ``owner`` the objects are registered on the appliance
    itself. ``on_error``: undo (the default), stop or continue. ``immutable``: refuse or recreate. After a refresh ``drift`` says
    what differs. A document with secrets is a secret as a whole; ``objects`` shows it with the secrets masked.
    """

    document: pulumi.Output[Mapping[str, Any]]
    objects: pulumi.Output[Mapping[str, Any]]
    owner: pulumi.Output[str | None]
    drift: pulumi.Output[Sequence[str] | None]

    def __init__(
        self,
        resource_name: str,
        *,
        document: pulumi.Input[Mapping[str, Any]],
        owner: pulumi.Input[str] | None = None,
        prune: pulumi.Input[bool] | None = None,
        on_error: pulumi.Input[str] | None = None,
        immutable: pulumi.Input[str] | None = None,
        save: pulumi.Input[bool] | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        whole = pulumi.Output.secret(document) if _has_secrets(document) else document
        inputs = {
            "document": whole, "owner": owner, "prune": prune, "on_error": on_error, "immutable": immutable, "save": save,
            "objects": None, "drift": None,
        }  # fmt: skip
        options = pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(additional_secret_outputs=["__secrets"]))
        super().__init__(f"{naming.TOKEN}:Config", resource_name, inputs, options, provided_by="nitrox.Config")


def _has_secrets(document: Any) -> bool:
    """Does it give a value that the catalogue or a frontend calls a secret?"""
    if not isinstance(document, Mapping):
        return False
    return any(_gives_secret(str(name), given) for name, given in document.items())


def _gives_secret(name: str, given: Any) -> bool:
    try:
        secrets = SECRET_WORDS if name == "frontends" else catalogue.kind(name).secrets
    except UnknownKind:  # the check reports it
        return False
    return bool(secrets) and _mentions(given, {word.lower() for word in secrets})


def _mentions(given: Any, words: set[str]) -> bool:
    if isinstance(given, Mapping):
        return any(str(word).lower() in words or _mentions(value, words) for word, value in given.items())
    return isinstance(given, (list, tuple)) and any(_mentions(value, words) for value in given)
