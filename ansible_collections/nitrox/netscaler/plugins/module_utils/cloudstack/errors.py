# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Everything that is raised here.

CloudError
├── Invalid          the description can't be met; nothing was sent that changes something; ``problems`` has every reason
├── Unreachable      no usable answer to a read, although it was repeated
├── AnswerLost       a write was sent and its answer is not known: look before it is sent again
├── Refused          CloudStack said no (``code``, ``text``)
├── Busy             CloudStack can't take the call now (429, 503): nothing was done
└── Incomplete       some steps failed or did not end in time; ``problems`` has each, the others are done
"""

from __future__ import annotations

from collections.abc import Sequence


class CloudError(Exception):
    """See above."""


class Unreachable(CloudError):
    """See above."""


class AnswerLost(CloudError):
    """See above."""


class Busy(CloudError):
    """See above."""


class Refused(CloudError):
    """See above."""

    def __init__(self, command: str, code: int, text: str) -> None:
        self.command, self.code, self.text = command, code, text
        super().__init__(f"{command}: CloudStack error {code}: {text}")


class Invalid(CloudError):
    """See above."""

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = list(problems)
        super().__init__("; ".join(self.problems))


class Incomplete(Invalid):
    """See above."""
