# Copyright (c) 2026, The nitrox authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the modules take: argument specs computed from the catalogue, so that code and facts cannot disagree.

Every option says ``no_log``, true or false: ansible-test suspects any name with *key*, *pass*, *secret* or *token* in it.
"""

from __future__ import annotations

from typing import Any

from ansible.module_utils.basic import env_fallback

from .nitro import catalogue
from .nitro.kind import Attribute, Kind
from .nitro.target import ALIASES, PREFIXES

Option = dict[str, Any]
Spec = dict[str, Option]

TYPES = {"string": "str", "integer": "int", "number": "float", "boolean": "bool", "array": "list", "object": "dict", "any": "raw"}
SWITCHED = {"ENABLED", "DISABLED"}


def option(type_: str, *, secret: bool = False, **more: Any) -> Option:
    """One option. Keys without a value are left out: ansible-test crashes on ``choices: None``."""
    return {"type": type_, "no_log": secret, **{key: value for key, value in more.items() if value is not None}}


def _from_environment(name: str, type_: str, **more: Any) -> Option:
    variables = [*(prefix + name.upper() for prefix in PREFIXES), *ALIASES.get(name, ())]
    return option(type_, fallback=(env_fallback, variables), **more)


TARGET: Spec = {
    "url": _from_environment("url", "list", elements="str"),
    "username": _from_environment("username", "str"),
    "password": _from_environment("password", "str", secret=True),
    "token": _from_environment("token", "str", secret=True),
    "partition": _from_environment("partition", "str"),
    "validate_certs": _from_environment("validate_certs", "bool", default=True),
    "ca_path": _from_environment("ca_path", "path"),
    "timeout": _from_environment("timeout", "float", default=30.0),
    "retries": _from_environment("retries", "int", default=5),
    "use_proxy": _from_environment("use_proxy", "bool", default=False),
    "instance_ip": _from_environment("instance_ip", "str"),
    "instance_name": _from_environment("instance_name", "str"),
    "instance_id": _from_environment("instance_id", "str"),
    "instance_username": _from_environment("instance_username", "str"),
    "instance_password": _from_environment("instance_password", "str", secret=True),
    "console_cloud": _from_environment("console_cloud", "bool", default=False),
}
CARRIED: Spec = {"catalogue": option("dict")}
WRITING: Spec = {
    "immutable": option("str", default="refuse", choices=["refuse", "recreate"]),
    "save": option("bool", default=False),
}
BODY: Spec = {"attributes": option("dict"), "bindings": option("dict")}

MODULES: dict[str, Spec] = {
    "resource": {
        "kind": option("str", required=True),
        "name": option("raw"),
        "key": option("dict"),
        "state": option("str", default="present", choices=["present", "absent", "enabled", "disabled"]),
        "rename_from": option("str"),
        **BODY,
        **WRITING,
    },
    "config": {
        "document": option("dict"),
        "src": option("path"),
        "state": option("str", default="merged", choices=["merged", "replaced", "absent"]),
        "owner": option("str"),
        "prune": option("bool", default=False),
        "adopt": option("bool", default=False),
        "drain": option("int"),
        "journals": option("path"),
        "on_error": option("str", default="stop", choices=["stop", "continue", "undo"]),
        **WRITING,
    },
    "config_info": {
        "kinds": option("list", elements="str", required=True),
        "names": option("list", elements="str"),
        "bindings": option("list", elements="str"),
        "query": option("str"),
    },
    "save": {"force": option("bool", default=False)},
}
RULES: dict[str, dict[str, Any]] = {
    "config": {"mutually_exclusive": [["document", "src"]], "required_one_of": [["document", "src"]]},
}


def argument_spec(module: str) -> Spec:
    """The spec of a module: one of `MODULES`, or the one named after a kind."""
    own = MODULES[module] if module in MODULES else _typed(catalogue.kind(module))
    return {**own, **TARGET, **CARRIED}


def rules(module: str) -> dict[str, Any]:
    """Rules between options, in the words of `AnsibleModule`."""
    return RULES.get(module, {})


def typed_attributes(kind: Kind) -> list[Attribute]:
    """The attributes that are options of the kind's own module. A name that an option of all modules has already
    (``timeout``, ``password``) is not among them: it is set through ``attributes``."""
    taken = {*TARGET, *CARRIED, *BODY, *WRITING, "state", "rename_from"}
    return [attribute for attribute in kind if attribute.common and attribute.name not in taken]


def shadowed(kind: Kind) -> list[str]:
    """Attributes of the kind that only ``attributes`` can set, because options of all modules have their names."""
    return [name for name in TARGET if (attribute := kind.attributes.get(name)) is not None and attribute.writable]


def has_administrative_state(kind: Kind) -> bool:
    """Objects of the kind can be enabled and disabled."""
    attribute = kind.attributes.get("state")
    return bool(kind.state) or (attribute is not None and attribute.writable and set(attribute.values) >= SWITCHED)


def _typed(kind: Kind) -> Spec:
    states = ["present", "absent", *(["enabled", "disabled"] if has_administrative_state(kind) else [])]
    spec = {attribute.name: _attribute_option(kind, attribute) for attribute in typed_attributes(kind)}
    spec["state"] = option("str", default="present", choices=states)
    if "rename" in kind.operations:
        spec["rename_from"] = option("str")
    return {**spec, **BODY, **WRITING}


def _attribute_option(kind: Kind, attribute: Attribute) -> Option:
    many = attribute.type == "array"
    return option(
        TYPES[attribute.type],
        secret=attribute.secret,
        required=True if attribute.name in kind.keys and "add" in attribute.required else None,
        choices=sorted(attribute.values) or None,
        elements=TYPES[attribute.items] if many else None,
    )
