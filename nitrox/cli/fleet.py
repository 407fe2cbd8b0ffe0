# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""``nitrox fleet``: one document for many appliances."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.document import parse
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.fleet import WORKERS, Result, conditions, converge_all

from . import exits, files, show
from .apply import ON_ERROR
from .target import target, target_options

WORST = ("?", "D", "C", "B", "A")


@click.command("fleet", epilog=exits.EPILOG)
@click.argument("targets", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("document", nargs=-1, required=True)
@target_options
@click.option("--owner", help="Remember on each appliance whose objects these are.")
@click.option("--prune", is_flag=True, help="Also remove what the owner has and the document no longer names.")
@click.option("--on-error", type=ON_ERROR, default="stop", show_default=True, help="What to do when a change is refused.")
@click.option("--save", is_flag=True, help="Save each configuration at the end, if something changed.")
@click.option("--check", is_flag=True, help="Change nothing, only say what would change.")
@click.option("--wait", type=click.FloatRange(min=0), default=0.0, help="Seconds to try those again that are not reached.")
@click.option("--workers", type=click.IntRange(min=1), default=WORKERS, show_default=True, help="How many at a time.")
@click.option("--json", "as_json", is_flag=True, help="Print what became of each appliance as JSON.")
def command(
    targets: Path, document: tuple[str, ...], url: tuple[str, ...], wait: float, workers: int, as_json: bool, **options: Any
) -> int:
    """Bring every appliance of the file TARGETS (one URL a line, both of a pair with a comma, # begins a comment) to DOCUMENT.

    What goes wrong is told once for each cause, with the number of appliances and a few of them; --json has each.

    \b
      nitrox fleet --wait 300 appliances.txt base.yml
    """
    if url:
        raise click.UsageError("the file of targets says where they are: --url is one too many")
    wanted = parse(files.read(document))
    how = {name: options.pop(name) for name in ("owner", "prune", "on_error", "save", "check")}
    several = [target(url=(line,), **options) for line in _lines(targets)]
    results = converge_all(several, wanted, wait=wait, workers=workers, **how)
    out = show.console()
    if as_json:
        show.as_json({url: _data(result) for url, result in results.items()}, out)
    else:
        changed = sum(bool(one.outcome and one.outcome.changed) or bool(one.plan and how["check"]) for one in results.values())
        good = sum(one.error is None for one in results.values())
        out.print(f"{good} of {len(results)} as the document says, {changed} {'to be ' * how['check']}changed.")
    for condition in conditions(results):
        exits.complain(str(condition))
    classes = {result.failure_class for result in results.values()}
    return next((exits.BY_CLASS.get(name, exits.INVALID) for name in WORST if name in classes), exits.DONE)


def _lines(path: Path) -> list[str]:
    found = [line.partition("#")[0].strip() for line in path.read_text(encoding="utf-8").splitlines()]
    lines = list(dict.fromkeys(line for line in found if line))
    if not lines:
        raise click.ClickException(f"{path}: names no appliance")
    return lines


def _data(result: Result) -> dict[str, Any]:
    return {
        "class": result.failure_class,
        "error": str(result.error) if result.error else "",
        "plan": show.plan_data(result.plan) if result.plan else None,
        "outcome": show.outcome_data(result.outcome) if result.outcome else None,
    }
