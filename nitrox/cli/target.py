# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""The options that say which appliance is meant. What is not given is taken from ``NETSCALER_*``."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.session import Target

Command = TypeVar("Command", bound=Callable[..., Any])

OPTIONS = (
    click.option("--url", multiple=True, help="Where NITRO is; several for a pair: the primary is found. [NETSCALER_URL]"),
    click.option("--username", help="[NETSCALER_USERNAME]"),
    click.option("--password-file", type=click.Path(dir_okay=False), help="Holds the password. [else NETSCALER_PASSWORD]"),
    click.option("--partition", help="Admin partition. [NETSCALER_PARTITION]"),
    click.option("--ca", type=click.Path(), help="Certificates to trust, a file or a folder. [NETSCALER_CA_PATH]"),
    click.option("--insecure", is_flag=True, help="Do not check the appliance's certificate."),
    click.option("--timeout", type=click.FloatRange(min=0, min_open=True), help="Seconds to wait for one answer."),
    click.option("--retries", type=click.IntRange(min=0), help="How often to repeat what is safe to repeat."),
)


def target_options(command: Command) -> Command:
    """Decorate a command with the options of a target; they arrive as keyword arguments for `target`."""
    for option in reversed(OPTIONS):
        command = option(command)
    return command


def target(
    *,
    url: tuple[str, ...],
    username: str | None,
    password_file: str | None,
    partition: str | None,
    ca: str | None,
    insecure: bool,
    timeout: float | None,
    retries: int | None,
) -> Target:
    """The target that options and environment name. Raises `click.UsageError` that says all that is missing."""
    given = {
        "url": list(url) if len(url) > 1 else next(iter(url), None),
        "username": username,
        "password": _secret(password_file) if password_file else None,
        "partition": partition,
        "ca_path": ca,
        "validate_certs": False if insecure else None,
        "timeout": timeout,
        "retries": retries,
    }
    try:
        return Target.from_options({name: value for name, value in given.items() if value is not None}, os.environ)
    except ValueError as error:
        raise click.UsageError(str(error)) from None


def _secret(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8").rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        raise click.UsageError(f"{path}: {getattr(error, 'strerror', None) or 'not text'}") from None
