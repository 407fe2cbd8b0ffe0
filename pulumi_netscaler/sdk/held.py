# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Outputs in the words of a frontend: a text stands for each while the frontend is expanded, then they come back."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import pulumi

STANDS_FOR = "pulumi-output-"
LOOKED_AT = frozenset({"cert", "key", "chain", "maintenance"})  # a text of its own, or the name of a file that has it
NEEDED = "an output cannot stand here, its value is needed while the program runs (pulumi.Config().require gives one)"


class Held:
    """The outputs of one expansion."""

    def __init__(self) -> None:
        self._outputs: dict[str, tuple[str, pulumi.Output[Any]]] = {}  # stand-in → (path, output)
        self._found: set[str] = set()

    def out_of(self, words: Any, path: str = "") -> Any:
        """``words`` with a text in place of every output."""
        if isinstance(words, Mapping):
            return {name: self.out_of(value, f"{path}.{name}".lstrip(".")) for name, value in words.items()}
        if isinstance(words, (list, tuple)):
            return [self.out_of(value, f"{path}[{number}]") for number, value in enumerate(words)]
        if not isinstance(words, pulumi.Output):
            return words
        if LOOKED_AT.intersection(re.split(r"[.\[\]]", path)):
            raise ValueError(f"{path}: {NEEDED}")
        stand_in = f"{STANDS_FOR}{len(self._outputs)}."
        self._outputs[stand_in] = (path, words)
        return stand_in

    def back_into(self, given: Mapping[str, Any]) -> Mapping[str, Any]:
        """``given`` with the outputs in their places. Raises ``ValueError`` where one got lost: what decides about names, or is
        put into a file, has to be known."""
        found: Mapping[str, Any] = self._back(given)
        lost = [path for stand_in, (path, unused) in self._outputs.items() if stand_in not in self._found]
        if lost:
            raise ValueError(f"{', '.join(lost)}: {NEEDED}")
        return found

    def _back(self, given: Any) -> Any:
        if isinstance(given, Mapping):
            return {name: self._back(value) for name, value in given.items()}
        if isinstance(given, (list, tuple)):
            return [self._back(value) for value in given]
        return self._filled(given) if isinstance(given, str) and STANDS_FOR in given else given

    def _filled(self, text: str) -> Any:
        held = {stand_in: output for stand_in, (unused, output) in self._outputs.items() if stand_in in text}
        self._found |= held.keys()
        if text in held:
            return held[text]
        return pulumi.Output.all(*held.values()).apply(lambda values: _replaced(text, dict(zip(held, values, strict=True))))


def _replaced(text: str, values: Mapping[str, Any]) -> str:
    for stand_in, value in values.items():
        text = text.replace(stand_in, str(value))
    return text
