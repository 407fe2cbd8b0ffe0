# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""``nitrox history``: the latest applies."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
from rich.table import Table

from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.journal import read

from . import exits, show
from .journals import chosen, journal_option, owner_option, place
from .target import target, target_options


@click.command("history", epilog=exits.EPILOG)
@click.argument("journal", required=False)
@target_options
@owner_option
@journal_option
def command(journal: str | None, owner: str, journals: Path | None, **options: Any) -> int:
    """List the latest applies of an owner, the newest first; or print the document of JOURNAL (a number or a file).

    Nothing is sent. Documents are kept without their secrets.

    \b
      nitrox history --owner shop
      nitrox history --owner shop 2 > shop-before.json
    """
    where = place(journals, target(**options), owner)
    out = show.console()
    if journal is not None:
        show.as_json(chosen(where, journal).document, out)
        return exits.DONE
    table = Table("#", "started", "steps", "done", "how it ended", "objects", box=None, pad_edge=False)
    for number, path in enumerate(where.journals(), start=1):
        record = where.checked(read(path))
        names = ", ".join(f"{len(objects)} {kind}" for kind, objects in record.document.items())
        steps, done = str(len(record.changes)), str(len(record.done))
        table.add_row(str(number), record.started, steps, done, record.end or "cut off", names)
    if table.row_count:
        out.print(table)
    else:
        out.print(f"No applies are known in {where.of_owner}.")
    return exits.DONE
