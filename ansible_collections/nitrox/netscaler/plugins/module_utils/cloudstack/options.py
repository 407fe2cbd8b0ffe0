# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""What the module takes, and what it does with that. The action plugin and the module are the same two calls."""

from __future__ import annotations

import os
from collections.abc import Mapping
from importlib.util import find_spec
from typing import Any

from .client import Account, Client
from .converge import Report, converge
from .errors import CloudError, Incomplete, Invalid
from .work import Progress

SPEC: dict[str, dict[str, Any]] = {
    "cluster": {"type": "dict", "required": True, "no_log": False},
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present", "no_log": False},
    "batch": {"type": "int", "no_log": False},
    "api_url": {"type": "str", "no_log": False},
    "api_key": {"type": "str", "no_log": True},
    "api_secret": {"type": "str", "no_log": True},
    "validate_certs": {"type": "bool", "default": True, "no_log": False},
    "ca_path": {"type": "path", "no_log": False},
    "api_timeout": {"type": "int", "default": 60, "no_log": False},
    "retry_for": {"type": "int", "default": 120, "no_log": False},
    "job_timeout": {"type": "int", "default": 600, "no_log": False},
}
ENVIRONMENT = {"api_url": "CLOUDSTACK_ENDPOINT", "api_key": "CLOUDSTACK_KEY", "api_secret": "CLOUDSTACK_SECRET"}
FAILURES = ((Incomplete, "incomplete"), (Invalid, "invalid"))


def completed(options: Mapping[str, Any]) -> dict[str, Any]:
    """The options, with the account from the environment where they do not say."""
    found = {name: options.get(name) or os.environ.get(variable) for name, variable in ENVIRONMENT.items()}
    return {**options, **found}


def missing() -> list[str]:
    """Python libraries that are needed and not installed here."""
    return [] if find_spec("requests") else ["requests"]


def account(options: Mapping[str, Any]) -> Account:
    """Whom to ask as whom. Raises `Invalid` where the address is not given or only half of a key is."""
    url, key, secret = (options.get(name) for name in ENVIRONMENT)
    if not url:
        raise Invalid(["api_url is needed, or CLOUDSTACK_ENDPOINT in the environment"])
    if bool(key) != bool(secret):
        raise Invalid(["api_key and api_secret go together"])
    verify = (options.get("ca_path") or True) if options["validate_certs"] else False
    return Account(url, key or None, secret or None, verify, float(options["api_timeout"]))


def _batch(options: Mapping[str, Any]) -> int | None:
    """How many machines may be away. Raises `Invalid` where none may: nothing could ever be replaced."""
    batch = options.get("batch")
    if batch is not None and batch < 1:
        raise Invalid([f"batch is {batch}, and at least 1 is needed"])
    return None if batch is None else int(batch)


def execute(options: Mapping[str, Any], *, check: bool, progress: Progress) -> dict[str, Any]:
    """Do it; the result of the task, ``failed`` included."""
    given = completed(options)
    try:
        batch = _batch(given)
        client = Client(account(given), patience=float(given["retry_for"]), progress=progress)
    except CloudError as error:
        return failure(error)
    how = {"present": given["state"] == "present", "predict": check, "patience": float(given["job_timeout"])}
    try:
        report = converge(client, given["cluster"], batch=batch, progress=progress, **how)
    except CloudError as error:
        return {**failure(error), "calls": dict(client.counts)}
    finally:
        client.close()
    return result(report)


def result(report: Report) -> dict[str, Any]:
    """The result of a task that succeeded."""
    return {
        "changed": bool(report.steps), "steps": [step.shown() for step in report.steps], "leaving": report.leaving,
        "left": report.left, "returned": report.returned,
        "orphans": report.orphans, "foreign": report.foreign, "machines": report.machines, "addresses": report.addresses,
        "calls": dict(report.calls),
    }  # fmt: skip


def failure(error: CloudError) -> dict[str, Any]:
    """The result of a task that failed: one message, and each reason."""
    kind = next((name for of, name in FAILURES if isinstance(error, of)), "unreachable")
    problems = error.problems if isinstance(error, Invalid) else [str(error)]
    tail = {
        "invalid": ". Nothing was changed.",
        "incomplete": ". What else was to be done was done; run it again to go on from there.",
    }.get(kind, "")
    return {
        "failed": True,
        "changed": kind == "incomplete",
        "msg": "; ".join(problems) + tail,
        "problems": problems,
        "failure": kind,
    }
