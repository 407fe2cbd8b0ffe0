# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""``nitrox``: the command line. Commands are imported when they are used, errors are one line, exit codes tell the class."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Any, NoReturn

import click

from nitrox import __version__

from .exits import EPILOG, failure

COMMANDS = ("apply", "describe", "export", "fleet", "history", "plan", "redeploy", "rollback", "simulate")


class Lazy(click.Group):
    """A group whose commands are the ``command`` of the module of the same name."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        found: click.Command = import_module(f"{__name__}.{cmd_name}").command
        return found


@click.group(cls=Lazy, epilog=EPILOG, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, "-V", "--version", prog_name="nitrox", message="%(prog)s %(version)s")
def cli() -> None:
    """Infrastructure as code for NetScaler: documents say what is wanted, plans say what would change."""


def run(arguments: Sequence[str] | None = None) -> int:
    """Run one command line and return its exit code (see `nitrox.cli.exits`)."""
    try:
        answer: Any = cli.main(args=arguments, prog_name="nitrox", standalone_mode=False)
    except (Exception, KeyboardInterrupt) as error:  # the front of all: what is no failure of ours is raised again
        return failure(error)
    return answer if isinstance(answer, int) else 0


def main() -> NoReturn:
    """The console script."""
    sys.exit(run())
