# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Who may do what: command policies of users and their groups (PROTOCOL 2.4, 19 #2)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro import catalogue
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.kind import Kind

from ..appliance import DEFAULT_PARTITION
from ..commandline import noun
from ..context import Context
from ..refusal import Refusal
from ..table import Row, Store

SUPERUSER = "nsroot"
_VERBS = {"update": "set", "delete": "rm", "get": "show"}
_BINDING_VERBS = {"add": "bind", "update": "bind", "delete": "unbind"}
_STAT_WORDS = ("protocol", "system", "ns")

# Changed from the default partition only: 2772 [D]; which kinds is [I].
_ONLY_DEFAULT = (
    "nspartition",
    "hanode",
    "hafailover",
    "hasync",
    "cluster",
    "nslicense",
    "nscapacity",
    "install",
    "systemparameter",
)


def check(ctx: Context, kind: Kind, verb: str, payload: Mapping[str, Any]) -> None:
    """Refuse what no policy allows (see `allow`), or what only the default partition may."""
    if ctx.session.partition != DEFAULT_PARTITION and verb != "show" and kind.name.startswith(_ONLY_DEFAULT) and verb != "switch":
        raise Refusal(2772)
    user = ctx.session.username
    if user == SUPERUSER or verb == "switch" or _own_password(kind, verb, payload, user):
        return
    allow(ctx, command_of(kind, verb, payload))


def allow(ctx: Context, text: str) -> None:
    """Refuse a command line: 371 without any policy [D], 2138 when none of them allows it; the status is 403 [I]."""
    if ctx.session.username == SUPERUSER:
        return
    bound = _policies(ctx.appliance.partition(), ctx.session.username)
    if not bound:
        raise Refusal(371)
    for policy in bound:
        if re.search(str(policy.get("cmdspec", "")), text, re.IGNORECASE):
            if str(policy.get("action")).upper() == "ALLOW":
                return
            break
    raise Refusal(2138)


def _own_password(kind: Kind, verb: str, payload: Mapping[str, Any], user: str) -> bool:
    """Everybody may change the own password, and nothing else of the own user [I]."""
    given = {str(name).lower(): value for name, value in payload.items()}
    own = str(given.pop("username", "")).lower() == user.lower()
    return kind.name == "systemuser" and verb == "update" and own and set(given) == {"password"}


def command_of(kind: Kind, verb: str, payload: Mapping[str, Any]) -> str:
    """The command line's spelling: ``add lb vserver web``; what is bound is bound to its parent: ``bind lb vserver web``."""
    named = payload.get(kind.url_key or "", "")
    owner = kind.aggregate_of or (kind.parent if kind.is_binding else None)
    if owner is None:
        return f"{_VERBS.get(verb, verb)} {noun(kind)} {named}".rstrip()
    parent = noun(catalogue.kind(owner)) if owner in catalogue.index() else owner
    return f"{_BINDING_VERBS.get(verb, verb)} {parent} {named}".rstrip()


def check_stat(ctx: Context, type_: str, name: str | None) -> None:
    """``stat lb vserver web``; what is no kind is spelled by its first word: ``stat protocol tcp`` [I]."""
    if type_ in catalogue.index():
        words = noun(catalogue.kind(type_))
    else:
        first = next((word for word in _STAT_WORDS if type_.startswith(word) and type_ != word), "")
        words = f"{first} {type_[len(first) :]}".strip()
    allow(ctx, f"stat {words} {name or ''}".rstrip())


def _policies(store: Store, user: str) -> list[Row]:
    """The command policies of a user, then those of its groups, each by priority."""
    bindings = [("systemuser_systemcmdpolicy_binding", user)]
    groups = [row["groupname"] for row in store.table("systemgroup_systemuser_binding").by("username", user)]
    bindings += [("systemgroup_systemcmdpolicy_binding", group) for group in groups]
    found = []
    for kind, parent in bindings:
        for row in sorted(store.table(kind).of_parent(parent), key=lambda one: int(one.get("priority", 0))):
            policy = store.find("systemcmdpolicy", row.get("policyname"))
            if policy is not None:
                found.append(policy)
    return found
