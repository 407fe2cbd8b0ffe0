# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Exit codes: one for each class of failure, so that a script knows what to do next."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.errors import NitroError

if TYPE_CHECKING:
    from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.outcome import Outcome

DONE, INVALID, CHANGES, UNREACHABLE, REFUSED, PARTLY, UNKNOWN, INTERRUPTED = 0, 1, 2, 3, 4, 5, 6, 130
BY_CLASS = {"": INVALID, "A": UNREACHABLE, "B": REFUSED, "C": PARTLY, "D": UNKNOWN}

EPILOG = """\b
Exit codes:
  0  nothing to do, or all done
  1  invalid document or usage; nothing was sent
  2  changes are planned (only with --exit-code)
  3  class A: the appliance was not reached; nothing was sent
  4  class B: the appliance refused
  5  class C: some changes were done, others were not
  6  class D: the outcome is not known; run it again, it reads before it writes
"""


def failure(error: BaseException) -> int:
    """Say what went wrong on standard error and return the exit code. Raises ``error`` again if it is a defect of ours."""
    match error:
        case NitroError():
            label = f"class {error.failure_class}: " if error.failure_class else ""
            complain(f"{label}{error}")
            return BY_CLASS[error.failure_class]
        case click.ClickException():
            error.show()
            return INVALID
        case click.Abort() | KeyboardInterrupt():
            complain("interrupted")
            return INTERRUPTED
        case BrokenPipeError():  # the reader of our output has gone, as in `nitrox describe … | head`
            return DONE
    raise error


def of_outcome(outcome: Outcome) -> int:
    """Say on standard error what went wrong, if anything did; the exit code."""
    error = outcome.failure()
    if error is None:
        return DONE
    unknown = any(item.status == "unknown" for item in outcome.items)
    label = "D" if unknown else error.failure_class or "B"
    complain(f"class {label}: {str(error).splitlines()[0]}")
    return BY_CLASS[label]


def complain(text: str) -> None:
    """One message on standard error."""
    click.echo(f"nitrox: {text}", err=True)
