# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""``nitrox rollback``: take back an apply, also one that was cut off."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path
from typing import Any

import click

from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.apply import saved
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.lease import Lease
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.rollback import prepare, roll_back
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.session import Session

from . import exits, show
from .journals import chosen, journal_option, owner_option, place
from .progress import progress
from .target import target, target_options


@click.command("rollback", epilog=exits.EPILOG)
@click.argument("journal", required=False)
@target_options
@owner_option
@journal_option
@click.option("--save", is_flag=True, help="Save the configuration at the end, if something changed.")
@click.option("--check", is_flag=True, help="Change nothing, only say what would be taken back.")
def command(journal: str | None, owner: str, journals: Path | None, save: bool, check: bool, **options: Any) -> int:
    """Take back an apply: the latest of the owner, or JOURNAL (a number of `nitrox history`, or a file).

    What was changed by somebody else since then is left alone and named.

    \b
      nitrox rollback --owner shop --check
      nitrox rollback --owner shop
    """
    wanted = target(**options)
    record = chosen(place(journals, wanted, owner), journal)
    out = show.console()
    with Session(wanted) as session, Lease(session, owner) if owner and not check else nullcontext():
        prepared = prepare(session, record)
        if check:
            show.rollback(prepared, out)
            return exits.DONE
        with progress(quiet=False) as tick:
            outcome = roll_back(session, prepared, progress=tick)
        outcome = saved(session, outcome) if save else outcome
    show.outcome(outcome, out)
    return exits.of_outcome(outcome)
