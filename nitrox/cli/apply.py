# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""``nitrox apply``: bring the appliance to what a document says."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.converge import converge
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.document import parse
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.session import Session

from . import exits, files, show
from .journals import journal_option, place
from .progress import progress
from .target import target, target_options

if TYPE_CHECKING:
    from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.document import Document
    from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.journal import Place
    from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.outcome import Outcome
    from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.plan import Plan
    from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.session import Target

Command = TypeVar("Command", bound=Callable[..., Any])
ON_ERROR = click.Choice(["stop", "continue", "undo"])
OPTIONS = (
    click.option("--prune", is_flag=True, help="Also remove what the owner has and the document no longer names."),
    click.option("--adopt", is_flag=True, help="Take over objects that exist and are not the owner's."),
    click.option("--on-error", type=ON_ERROR, default="stop", show_default=True, help="What to do when a change is refused."),
    click.option("--drain", type=click.IntRange(min=0), help="Seconds for which what is removed may finish its connections."),
    journal_option,
    click.option("--save", is_flag=True, help="Save the configuration at the end, if something changed."),
    click.option("--check", is_flag=True, help="Change nothing, only say what would change."),
    click.option("--json", "as_json", is_flag=True, help="Print plan and outcome as JSON."),
    click.option("--exit-code", is_flag=True, help="With --check, exit with 2 when there are changes."),
)


def apply_options(command: Command) -> Command:
    """Decorate a command with the options of `applied`, and ``--journals``."""
    for option in reversed(OPTIONS):
        command = option(command)
    return command


@click.command("apply", epilog=exits.EPILOG)
@click.argument("document", nargs=-1, required=True)
@target_options
@click.option("--absent", is_flag=True, help="Remove everything in the document.")
@click.option("--owner", help="Remember on the appliance whose objects these are.")
@apply_options
def command(document: tuple[str, ...], absent: bool, owner: str | None, journals: Path | None, **options: Any) -> int:
    """Bring the appliance to DOCUMENT (YAML or JSON; several are read as one; - is standard input).

    The whole document is checked before anything is sent. A second run finds nothing to do. What is done is kept in a
    journal: see `nitrox rollback` and `nitrox history`.

    \b
      export NETSCALER_URL=https://192.0.2.10 NETSCALER_USERNAME=nsroot
      nitrox apply --password-file ~/.netscaler --save shop.yml
    """
    wanted = parse(files.read(document), present=not absent)
    names = ("prune", "adopt", "on_error", "drain", "save", "check", "as_json", "exit_code")
    how = {name: options.pop(name) for name in names}
    where = target(**options)
    return applied(where, wanted, place(journals, where, owner), owner=owner, **how)


def applied(target: Target, document: Document, journal: Place, *, as_json: bool, exit_code: bool, **how: Any) -> int:
    """Converge, show what was planned and done, and return the exit code."""
    with Session(target) as session, progress(quiet=as_json) as tick:
        plan, outcome = converge(session, document, progress=tick, journal=journal, **how)
    _report(plan, outcome, as_json)
    if outcome is not None:
        return exits.of_outcome(outcome)
    return exits.CHANGES if exit_code and plan else exits.DONE


def _report(plan: Plan, outcome: Outcome | None, as_json: bool) -> None:
    out = show.console()
    if as_json:
        show.as_json({"plan": show.plan_data(plan), "outcome": show.outcome_data(outcome) if outcome else None}, out)
    elif outcome is not None and outcome.items:
        show.outcome(outcome, out)
    else:
        show.plan(plan, out)
