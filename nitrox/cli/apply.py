# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""``nitrox apply``: bring the appliance to what a document says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.converge import converge
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.document import parse
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.session import Session

from . import exits, files, show
from .progress import progress
from .target import target, target_options

if TYPE_CHECKING:
    from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.outcome import Outcome
    from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.plan import Plan

ON_ERROR = click.Choice(["stop", "continue", "undo"])


@click.command("apply", epilog=exits.EPILOG)
@click.argument("document", nargs=-1, required=True)
@target_options
@click.option("--absent", is_flag=True, help="Remove everything in the document.")
@click.option("--owner", help="Remember on the appliance whose objects these are.")
@click.option("--prune", is_flag=True, help="Also remove what the owner has and the document no longer names.")
@click.option("--on-error", type=ON_ERROR, default="stop", show_default=True, help="What to do when a change is refused.")
@click.option("--save", is_flag=True, help="Save the configuration at the end, if something changed.")
@click.option("--check", is_flag=True, help="Change nothing, only say what would change.")
@click.option("--json", "as_json", is_flag=True, help="Print plan and outcome as JSON.")
@click.option("--exit-code", is_flag=True, help="With --check, exit with 2 when there are changes.")
def command(document: tuple[str, ...], absent: bool, as_json: bool, exit_code: bool, **options: Any) -> int:
    """Bring the appliance to DOCUMENT (YAML or JSON; several are read as one; - is standard input).

    The whole document is checked before anything is sent. A second run finds nothing to do.

    \b
      export NETSCALER_URL=https://192.0.2.10 NETSCALER_USERNAME=nsroot
      nitrox apply --password-file ~/.netscaler --save shop.yml
    """
    wanted = parse(files.read(document), present=not absent)
    how = {name: options.pop(name) for name in ("owner", "prune", "on_error", "save", "check")}
    with Session(target(**options)) as session, progress(quiet=as_json) as tick:
        plan, outcome = converge(session, wanted, progress=tick, **how)
    _report(plan, outcome, as_json)
    if outcome is not None and (error := outcome.failure()):
        unknown = any(item.status == "unknown" for item in outcome.items)
        label = "D" if unknown else error.failure_class or "B"
        exits.complain(f"class {label}: {str(error).splitlines()[0]}")
        return exits.BY_CLASS[label]
    return exits.CHANGES if how["check"] and exit_code and plan else exits.DONE


def _report(plan: Plan, outcome: Outcome | None, as_json: bool) -> None:
    out = show.console()
    if as_json:
        show.as_json({"plan": show.plan_data(plan), "outcome": show.outcome_data(outcome) if outcome else None}, out)
    elif outcome is not None and outcome.items:
        show.outcome(outcome, out)
    else:
        show.plan(plan, out)
