# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""``nitrox plan``: what would change."""

from __future__ import annotations

from typing import Any

import click

from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.converge import converge
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.document import parse
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.session import Session

from . import exits, files, show
from .target import target, target_options


@click.command("plan", epilog=exits.EPILOG)
@click.argument("document", nargs=-1, required=True)
@target_options
@click.option("--absent", is_flag=True, help="What it would take to remove everything in the document.")
@click.option("--owner", help="Whose objects these are (with --prune).")
@click.option("--prune", is_flag=True, help="Also remove what the owner has and the document no longer names.")
@click.option("--adopt", is_flag=True, help="Take over objects that exist and are not the owner's.")
@click.option("--exit-code", is_flag=True, help="Exit with 2 when there are changes.")
@click.option("--json", "as_json", is_flag=True, help="Print the plan as JSON.")
def command(
    document: tuple[str, ...],
    absent: bool,
    owner: str | None,
    prune: bool,
    adopt: bool,
    exit_code: bool,
    as_json: bool,
    **options: Any,
) -> int:
    """Say what it would take to bring the appliance to DOCUMENT (YAML or JSON; several are read as one; - is standard input).

    Only reads. The whole document is checked before anything is sent.

    \b
      export NETSCALER_URL=https://192.0.2.10 NETSCALER_USERNAME=nsroot
      nitrox plan --password-file ~/.netscaler shop.yml
    """
    wanted = parse(files.read(document), present=not absent)
    with Session(target(**options)) as session:
        plan, _ = converge(session, wanted, check=True, owner=owner, prune=prune, adopt=adopt)
    out = show.console()
    if as_json:
        show.as_json(show.plan_data(plan), out)
    else:
        show.plan(plan, out)
    return exits.CHANGES if exit_code and plan else exits.DONE
