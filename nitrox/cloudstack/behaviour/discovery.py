# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""listApis: the commands that are answered, what they take and what they answer with. Command lines build their help and their
completion from it, generators their documents."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

from nitrox.cloudstack.call import Call
from nitrox.cloudstack.catalogue import Command, Parameter, commands, kinds
from nitrox.cloudstack.cloud import Cloud
from nitrox.cloudstack.refusal import invalid
from nitrox.cloudstack.registry import command, known
from nitrox.cloudstack.views import show

Fields = list[dict[str, Any]]
TYPES = {
    "text": "string",
    "flag": "boolean",
    "number": "integer",
    "list": "list",
    "map": "map",
    "maps": "map",
    "id": "uuid",
    "ids": "list",
}
_SUCCESS = ("delete", "remove", "disassociate", "assign", "revoke", "archive", "expunge", "replace", "createTags", "logout")
_STATIC_NAT = ("enableStaticNat", "disableStaticNat")
_JOB = (("jobid", "string"), ("jobstatus", "integer"))  # members that every object can have
_ALSO = {"ipaddress": "publicipaddress", "keypair": "sshkeypair", "apis": "api"}


@command("listApis")
def list_apis(call: Call) -> Any:
    """All of them, or the one with that ``name``."""
    wanted = call.text("name").lower()
    if wanted and (wanted not in commands() or not known(commands()[wanted])):
        raise invalid(f"The API with name {call.text('name')} does not exist")
    found = [one for name, one in sorted(commands().items()) if known(one) and wanted in {"", name}]
    return {"count": len(found), "api": [_api(call.cloud, one) for one in found]}


def _api(cloud: Cloud, one: Command) -> dict[str, Any]:
    return {
        "name": one.name, "description": _description(one), "since": "4.0", "isasync": one.is_async, "related": _related(one),
        "params": [_parameter(parameter) for parameter in one.parameters.values()], "response": _response(cloud, one),
    }  # fmt: skip


def _words(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)


def _description(one: Command) -> str:
    verb, _, rest = _words(one.name).partition(" ")
    return (
        f"{verb.capitalize()}: {rest or one.name}. An asynchronous call."
        if one.is_async
        else f"{verb.capitalize()}: {rest or one.name}."
    )


def _related(one: Command) -> str:
    """Other commands that answer with the same object."""
    what = answered(one)
    return ",".join(sorted(other for other in _answering().get(what, ()) if other != one.name)) if what else ""


@cache
def _answering() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for one in commands().values():
        if known(one) and answered(one):
            found.setdefault(answered(one), []).append(one.name)
    return found


@cache
def _listing() -> dict[str, list[str]]:
    """Kind → the commands that list it."""
    found: dict[str, list[str]] = {}
    for one in commands().values():
        if one.lists:
            found.setdefault(_listed(one), []).append(one.name)
    return found


def _parameter(one: Parameter) -> dict[str, Any]:
    about = {
        "name": one.name, "description": f"the {one.name}" + (f" of the {' or '.join(one.kinds)}" if one.kinds else ""),
        "type": TYPES[one.type], "length": 255, "required": one.required, "since": "",
    }  # fmt: skip
    lists = [name for kind in one.kinds for name in _listing().get(kind, ())]
    return about | ({"related": ",".join(lists)} if lists else {})


def _listed(one: Command) -> str:
    return one.kind or one.lists.lower()


@cache
def _objects() -> dict[str, dict[str, Any]]:
    path = Path(__file__).parents[1] / "responses.json"
    found: dict[str, dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
    return found


def answered(one: Command) -> str:
    """The object that a command answers with: one of responses.json, or nothing for those that answer with success."""
    if one.lists:
        return one.lists.lower() if one.lists.lower() in _objects() else ""
    if one.name.startswith(_SUCCESS) or one.name in _STATIC_NAT:
        return ""
    noun = one.name.lower()
    names = [name for name in (*_objects(), *_ALSO) if noun.endswith(name)]
    best = max(names, key=len, default="")
    return _ALSO.get(best, best)


def _response(cloud: Cloud, one: Command) -> Fields:
    what = answered(one)
    if what:
        known_members = _fields(_objects()[what])
        return known_members + [_field(name, kind) for name, kind in _JOB if name not in _objects()[what]]
    kind = _listed(one)
    if kind in kinds() and not one.name.startswith(_SUCCESS):
        row = next(iter(cloud.store.rows(kind)), None)
        return [_seen(name, value) for name, value in ({"id": "", "name": ""} if row is None else show(cloud, row)).items()]
    return [_field("success", "boolean"), _field("displaytext", "string"), *(_field(name, kind) for name, kind in _JOB)]


def _seen(name: str, value: Any) -> dict[str, Any]:
    """A member of an object of which only examples tell."""
    kind = "boolean" if isinstance(value, bool) else "integer" if isinstance(value, int) else "string"
    return _field(name, "list" if isinstance(value, list) else "map" if isinstance(value, dict) else kind)


def _fields(members: dict[str, Any]) -> Fields:
    return [_field(name, kind) for name, kind in members.items()]


def _field(name: str, kind: Any) -> dict[str, Any]:
    about: dict[str, Any] = {"name": name, "description": f"the {name}"}
    if isinstance(kind, str):
        return about | {"type": "object" if kind == "any" else kind}
    inner = kind[0] if isinstance(kind, list) else kind
    return (
        about
        | ({"type": "list" if isinstance(kind, list) else "object"})
        | ({"response": _fields(inner)} if isinstance(inner, dict) else {})
    )
