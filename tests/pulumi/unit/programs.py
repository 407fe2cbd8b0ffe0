# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Programs without an engine: Pulumi's own mocks, and what they were asked to register."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pulumi
from pulumi.runtime import rpc

Program = Callable[[], Any]


@dataclass
class Registered(pulumi.runtime.Mocks):
    """Every resource, as the engine would see it: (type, name) → inputs, secrets as rpc secrets."""

    resources: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)

    def new_resource(self, args: pulumi.runtime.MockResourceArgs) -> tuple[str | None, dict[Any, Any]]:
        """Its outputs are its inputs, as in a preview."""
        self.resources[args.typ, args.name] = dict(args.inputs)
        return args.resource_id or f"{args.name}-id", dict(args.inputs)

    def call(self, args: pulumi.runtime.MockCallArgs) -> dict[Any, Any]:
        """There are no invokes."""
        raise AssertionError(args.token)

    def of(self, class_: str, name: str) -> dict[str, Any]:
        """The plain inputs of one resource, by the name of its class."""
        found = next(
            inputs for (type_, named), inputs in self.resources.items() if type_.endswith(f":{class_}") and named == name
        )
        return {word: value for word, value in found.items() if not word.startswith("__")}

    def secret(self, class_: str, name: str) -> set[str]:
        """Which of its inputs are secrets."""
        return {word for word, value in self.of(class_, name).items() if rpc.is_rpc_secret(value)}


def run(program: Program, **options: Any) -> Registered:
    """Run a program; what it returns is waited for."""
    registered = Registered()
    loop = asyncio.new_event_loop()  # of our own: Pulumi takes whichever is the thread's
    asyncio.set_event_loop(loop)
    try:
        pulumi.runtime.set_mocks(registered, **options)
        pulumi.runtime.test(program)()
    finally:
        asyncio.set_event_loop(None)
        loop.close()
    return registered


@contextmanager
def configured(values: dict[str, str]) -> Iterator[None]:
    """Stack configuration, as ``pulumi config set`` makes it."""
    pulumi.runtime.set_all_config(values)
    try:
        yield
    finally:
        pulumi.runtime.set_all_config({})
