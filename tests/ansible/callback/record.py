# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Writes the result of every task, of a loop item by item, to the file that RECORD names: one JSON object a line."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from ansible.plugins.callback import CallbackBase

DOCUMENTATION = """
name: record
type: notification
short_description: Results for tests
description: Writes results to a file.
"""


class CallbackModule(CallbackBase):
    """See above."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "notification"
    CALLBACK_NAME = "record"

    def _write(self, found: Any, *, failed: bool = False, item: bool = False) -> None:
        if found._result.get("results") is not None and not item:
            return  # the items of the loop were written
        with Path(os.environ["RECORD"]).open("a", encoding="utf-8") as file:
            file.write(json.dumps({**found._result, "failed": failed}, default=str) + "\n")

    def v2_runner_on_ok(self, result: Any) -> None:
        self._write(result)

    def v2_runner_on_failed(self, result: Any, ignore_errors: bool = False) -> None:
        self._write(result, failed=True)

    def v2_runner_item_on_ok(self, result: Any) -> None:
        self._write(result, item=True)

    def v2_runner_item_on_failed(self, result: Any) -> None:
        self._write(result, failed=True, item=True)
