# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""The options of a target: one list for the explicit provider, for the stack's configuration and for lookups. Pure."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from typing import Any

from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.target import TRUE, Target

NAMESPACE = "netscaler"
SECRETS = frozenset({"password", "token", "instance_password"})
OPTIONS = (
    "url", "username", "password", "token", "partition", "validate_certs", "ca_path", "timeout", "retries", "retry_budget",
    "page_size", "use_proxy", "instance_ip", "instance_name", "instance_id", "instance_username", "instance_password",
    "console_cloud",
)  # fmt: skip
ADOPT = "adopt"


def key(option: str) -> str:
    """Its name in a stack's configuration and among the arguments of a provider."""
    return f"{NAMESPACE}:{option}"


def collected(get: Callable[[str], Any]) -> dict[str, Any]:
    """All options that ``get("netscaler:url")`` and so on knows; a list may have come as JSON."""
    found = {option: get(key(option)) for option in (*OPTIONS, ADOPT)}
    return {option: _listed(value) for option, value in found.items() if value is not None}


def target(given: Mapping[str, Any], environment: Mapping[str, str] = os.environ) -> Target:
    """The target that these options and the environment name. Raises `ValueError` with all that is missing or wrong."""
    return Target.from_options({option: given.get(option) for option in OPTIONS}, environment)


def adopts(given: Mapping[str, Any]) -> bool:
    """Are objects that exist already taken over?"""
    return str(given.get(ADOPT, "")).lower() in TRUE


def as_text(value: Any) -> str:
    """An option as the engine keeps it: arguments of providers are text."""
    if isinstance(value, bool):
        return str(value).lower()
    return ",".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)


def _listed(value: Any) -> Any:
    if isinstance(value, str) and value.startswith("["):
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value
