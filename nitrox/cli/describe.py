# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""``nitrox describe``: what a kind of object is, and where a word occurs."""

from __future__ import annotations

import json

import click

from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro import catalogue, describe


@click.command("describe")
@click.argument("kind", required=False)
@click.option("--search", metavar="WORD", help="Find kinds, attributes and values with that word.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON: the catalogue's entry, or what was found.")
def command(kind: str | None, search: str | None, as_json: bool) -> None:
    """Describe a KIND of object (as NITRO calls it: lbvserver), or search all of them. Needs no appliance."""
    if (kind is None) == (search is None):
        raise click.UsageError("give a KIND or --search WORD")
    if search is not None:
        _search(search, as_json)
    elif as_json:
        click.echo(json.dumps(catalogue.facts(str(kind)), indent=2, sort_keys=True))
    else:
        click.echo(describe.describe(catalogue.kind(str(kind))), nl=False)


def _search(word: str, as_json: bool) -> None:
    hits = describe.search(word)
    if as_json:
        click.echo(json.dumps([{"kind": hit.kind, "attribute": hit.attribute, "text": hit.text} for hit in hits], indent=2))
        return
    if not hits:
        raise click.ClickException(f"nothing has {word!r} in its name or values")
    width = min(max(len(_called(hit)) for hit in hits), 60)
    for hit in hits:
        click.echo(f"{_called(hit).ljust(width)}  {hit.text}")


def _called(hit: describe.Hit) -> str:
    return f"{hit.kind}.{hit.attribute}" if hit.attribute else hit.kind
