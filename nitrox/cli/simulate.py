# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""``nitrox simulate``: a NetScaler, or a CloudStack, in memory."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

PORT = click.IntRange(0, 65535)
STATE = click.Path(dir_okay=False, exists=True, path_type=Path)
SECONDS = click.FloatRange(min=0)
OWN = {"netscaler": {"ha"}, "cloudstack": {"job_seconds", "integration_port", "machines"}}  # options that only one of them has


@click.command("simulate")
@click.argument("product", type=click.Choice(["netscaler", "cloudstack"]), default="netscaler")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", type=PORT, default=8080, show_default=True, metavar="N", help="Port to listen on; 0 takes a free one.")
@click.option("--tls", is_flag=True, help="Speak HTTPS, with a certificate made at the start.")
@click.option("--state", type=STATE, help="Start with what this JSON file holds.")
@click.option("--latency", type=click.FloatRange(min=0), default=0, metavar="MS", help="Answer that many milliseconds later.")
@click.option("--ha", is_flag=True, help="netscaler: a pair; the secondary listens on the next port.")
@click.option("--job-seconds", type=SECONDS, default=0, metavar="S", help="cloudstack: how long each step of a job takes.")
@click.option("--integration-port", type=PORT, metavar="N", help="cloudstack: also answer there, without keys and signatures.")
@click.option(
    "--machines", type=click.Choice(["memory", "nspawn"]),
    help="cloudstack: memory (the default) boots nothing, nspawn boots a Debian for each machine (as root).",
)  # fmt: skip
def command(product: str, **options: Any) -> None:
    """Run a NetScaler, or a CloudStack, in memory until it is stopped (Ctrl-C or SIGTERM).

    Prints one line with its URL when it is ready. NetScaler: user nsroot, password nsroot. CloudStack: the page at / shows
    the API keys. A page at the URL shows what is there; /_simulator controls it (docs/simulator.md,
    docs/cloudstack-simulator.md).
    """
    for other in OWN.keys() - {product}:
        for name in OWN[other]:
            if options.pop(name):
                raise click.UsageError(f"--{name.replace('_', '-')} is for {other}")
    if product == "cloudstack":
        options["machines"] = options["machines"] or "memory"
    try:
        _server(product)(**options, announce=click.echo)
    except OSError as error:
        where = f"{options['host']} port {options['port']}"
        raise click.ClickException(f"cannot listen on {where}: {error.strerror or error}") from None
    except RuntimeError as error:
        raise click.ClickException(str(error)) from None
    except ValueError as error:
        raise click.ClickException(f"{options['state']}: {error}") from None


def _server(product: str) -> Callable[..., None]:
    try:
        if product == "cloudstack":
            from nitrox.cloudstack.server import serve as serve_cloud

            return serve_cloud
        from nitrox.simulator.server import serve
    except ModuleNotFoundError as error:
        raise click.ClickException(f"the simulator needs {error.name}: pip install 'netscaler-nitrox[simulator]'") from None
    return serve
