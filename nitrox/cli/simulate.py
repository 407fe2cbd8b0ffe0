# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""``nitrox simulate``: a NetScaler in memory."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

PORT = click.IntRange(0, 65535)
STATE = click.Path(dir_okay=False, exists=True, path_type=Path)


@click.command("simulate")
@click.argument("product", type=click.Choice(["netscaler"]), default="netscaler", expose_value=False)
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", type=PORT, default=8080, show_default=True, metavar="N", help="Port to listen on; 0 takes a free one.")
@click.option("--tls", is_flag=True, help="Speak HTTPS, with a certificate made at the start.")
@click.option("--state", type=STATE, help="Start with the configuration of this JSON file.")
@click.option("--latency", type=click.FloatRange(min=0), default=0, metavar="MS", help="Answer that many milliseconds later.")
@click.option("--ha", is_flag=True, help="A pair: the secondary listens on the next port.")
def command(**options: Any) -> None:
    """Run a NetScaler in memory until it is stopped (Ctrl-C or SIGTERM).

    Prints one line with its URL when it is ready. User nsroot, password nsroot. A page at that URL shows what is
    configured and what was requested; /_simulator controls it (docs/simulator.md).
    """
    try:
        from nitrox.simulator.server import serve
    except ModuleNotFoundError as error:
        raise click.ClickException(f"the simulator needs {error.name}: pip install 'netscaler-nitrox[simulator]'") from None
    try:
        serve(**options, announce=click.echo)
    except OSError as error:
        where = f"{options['host']} port {options['port']}"
        raise click.ClickException(f"cannot listen on {where}: {error.strerror or error}") from None
    except ValueError as error:
        raise click.ClickException(f"{options['state']}: {error}") from None
