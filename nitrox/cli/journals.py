# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Where the journals of applies are, and which one is meant."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.journal import Place, Record, read
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.session import Target

Command = TypeVar("Command", bound=Callable[..., Any])
journal_option = click.option(
    "--journals", type=click.Path(file_okay=False, path_type=Path), help="Folder of the journals. [~/.local/state/nitrox]"
)
owner_option = click.option("--owner", default="", help="Whose applies; without it those that had no owner.")


def place(journals: Path | None, target: Target, owner: str | None) -> Place:
    """The place of an owner's journals: below ``journals``, else ``XDG_STATE_HOME``, else the home folder."""
    state = os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state"
    return Place(journals or Path(state) / "nitrox", target, owner or "")


def chosen(where: Place, journal: str | None) -> Record:
    """The journal of that number in `nitrox history` (1 is the latest) or of that path; without one the latest.

    Raises `click.ClickException` or `BadJournal`.
    """
    if journal is not None and not journal.isdigit():
        return where.checked(read(Path(journal)))
    found = where.journals()
    number = int(journal or 1)
    if not 0 < number <= len(found):
        raise click.ClickException(f"there is no journal {number} in {where.of_owner}")
    return where.checked(read(found[number - 1]))
