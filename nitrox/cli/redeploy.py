# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""``nitrox redeploy``: bring the appliance to what an earlier apply wanted."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.document import parse

from . import exits
from .apply import applied, apply_options
from .journals import chosen, owner_option, place
from .target import target, target_options


@click.command("redeploy", epilog=exits.EPILOG)
@click.argument("journal")
@target_options
@owner_option
@apply_options
def command(journal: str, owner: str, journals: Path | None, **options: Any) -> int:
    """Apply the document of an earlier apply again: JOURNAL is a number of `nitrox history`, or a file.

    Documents are kept without their secrets, so secrets on the appliance stay as they are.

    \b
      nitrox history --owner shop
      nitrox redeploy --owner shop --prune 2
    """
    how = {name: options.pop(name) for name in ("prune", "adopt", "on_error", "drain", "save", "check", "as_json", "exit_code")}
    wanted = target(**options)
    where = place(journals, wanted, owner)
    record = chosen(where, journal)
    return applied(wanted, parse(record.document, present=record.present), where, owner=owner or None, **how)
