# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""``nitrox export``: what is configured on an appliance, as a document or as a Pulumi program."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import yaml

from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.document import to_data
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.export import export
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.session import Session

from . import exits
from .target import target, target_options

if TYPE_CHECKING:
    from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.export import Export

FOLDER = click.Path(file_okay=False, path_type=Path)
FILE = click.Path(dir_okay=False, path_type=Path, writable=True)


@click.command("export", epilog=exits.EPILOG)
@click.argument("kinds", nargs=-1, metavar="[KIND]...")
@target_options
@click.option("--bindings/--no-bindings", default=True, show_default=True, help="With what is bound to the objects.")
@click.option("--builtin", is_flag=True, help="Also what the appliance has by itself.")
@click.option("--output", "-o", type=FILE, help="Write the document to this file, not to standard output.")
@click.option("--pulumi", type=FOLDER, metavar="FOLDER", help="Write a Pulumi program and what `pulumi import` needs instead.")
def command(
    kinds: tuple[str, ...], bindings: bool, builtin: bool, output: Path | None, pulumi: Path | None, **options: Any
) -> int:
    """Read what is configured: everything, or the objects of each KIND (as NITRO calls it: lbvserver).

    Prints a document of which `nitrox plan` says that there is nothing to do. Defaults and what the appliance has by itself
    are left out. Secrets cannot be read: comments show where one belongs. Only reads.

    \b
      nitrox export lbvserver servicegroup lbmonitor > shop.yml
      nitrox export --pulumi shop && cd shop && pulumi import --file import.json
    """
    if pulumi and output:
        raise click.UsageError("--output is for a document, --pulumi names its own folder")
    with Session(target(**options)) as session:
        found = export(session, kinds or None, bindings=bindings, factory=builtin)
        urls = session.target.urls
    if pulumi:
        from .pulumi_program import write

        write(found, pulumi, urls[0])
    else:
        _write("".join(lines(found)), output)
    for note in notes(found):
        click.echo(note, err=True)
    return exits.DONE


def lines(found: Export) -> Iterator[str]:
    """The document as YAML, with a comment where a secret belongs."""
    missing: dict[tuple[str, str], list[str]] = {}
    for kind, name, attribute in found.secrets:
        missing.setdefault((kind, name), []).append(attribute)
    if not found.document.objects and not found.document.globals:
        yield "{}\n"
    for kind, given in to_data(found.document).items():
        if not isinstance(given, dict) or not found.document.kinds[kind][0].kind.keys:
            yield _yaml({kind: given}, 0)
            yield from _comments(missing.get((kind, ""), ()), 2)
            continue
        yield f"{kind}:\n"
        for name, values in given.items():
            yield _yaml({name: values}, 2)
            yield from _comments(missing.get((kind, name), ()), 4)


def notes(found: Export) -> Iterator[str]:
    """What is not in the document, for people."""
    yield f"{len(found.document)} objects of {len(found.document.kinds)} kinds."
    for (kind, attribute), count in sorted(Counter((kind, attribute) for kind, _name, attribute in found.secrets).items()):
        yield f"secret: {kind} {attribute} cannot be read ({count} object{'s' * (count != 1)}): give it yourself."
    if found.factory:
        yield f"left out: {sum(found.factory.values())} objects that the appliance has by itself (--builtin shows them)."
    for kind, why in sorted(found.unreadable.items()):
        yield f"not read: {kind}: {why}"


def _comments(attributes: Any, indent: int) -> Iterator[str]:
    for attribute in attributes:
        yield f"{' ' * indent}# {attribute}: cannot be read; give it here\n"


def _yaml(data: Any, indent: int) -> str:
    text: str = yaml.safe_dump(data, sort_keys=False, allow_unicode=True, default_flow_style=False, width=120)
    return "".join(" " * indent + line for line in text.splitlines(keepends=True))


def _write(text: str, output: Path | None) -> None:
    if output is None:
        click.echo(text, nl=False)
        return
    try:
        output.write_text(text, encoding="utf-8")
    except OSError as error:
        raise click.ClickException(f"{output}: {error.strerror or error}") from None
