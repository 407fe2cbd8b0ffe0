# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""The real server of Pulumi's dynamic providers, in a process of its own, called as the engine calls it."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import grpc
import pytest
from pulumi.runtime import rpc
from pulumi.runtime._grpc_settings import _GRPC_CHANNEL_OPTIONS
from pulumi.runtime.proto import provider_pb2, provider_pb2_grpc

from pulumi_netscaler.provider import reference

TOP = Path(__file__).parents[3]


class Server:
    """``check, diff, create, update, delete, read``: each for a provider by name, with plain properties."""

    def __init__(self, process: subprocess.Popen[str], port: str) -> None:
        self.process = process
        self.channel = grpc.insecure_channel(f"127.0.0.1:{port}", options=_GRPC_CHANNEL_OPTIONS)
        self.stub = provider_pb2_grpc.ResourceProviderStub(self.channel)

    def stop(self) -> None:
        """As the engine does, and wait. An interrupt can get lost as Python's main thread begins to wait: say it again."""
        self.channel.close()
        for _time in range(10):
            if self.process.poll() is not None:
                return
            self.process.send_signal(signal.SIGINT)
            with suppress(subprocess.TimeoutExpired):
                self.process.communicate(timeout=2)
        self.process.kill()
        pytest.fail("the provider process did not end when it was interrupted")

    def configure(self, config: Mapping[str, Any]) -> None:
        """As the engine does, once."""
        self.stub.Configure(provider_pb2.ConfigureRequest(args=packed(config)))

    def check(
        self, provider: str, news: Mapping[str, Any], olds: Mapping[str, Any] | None = None
    ) -> tuple[dict[str, Any], list[str]]:
        """(inputs, failures as "property: reason")."""
        old = known(provider, olds) if olds else None
        answer = self.stub.Check(provider_pb2.CheckRequest(olds=old, news=known(provider, news)))
        return unpacked(answer.inputs), [f"{failure.property}: {failure.reason}" for failure in answer.failures]

    def diff(self, provider: str, id_: str, olds: Mapping[str, Any], news: Mapping[str, Any]) -> provider_pb2.DiffResponse:
        """The answer as it is."""
        return self.stub.Diff(provider_pb2.DiffRequest(id=id_, olds=known(provider, olds), news=known(provider, news)))

    def changes(self, provider: str, id_: str, olds: Mapping[str, Any], news: Mapping[str, Any]) -> bool:
        """Does the diff say that something is to be done? (Unknown: yes, and the engine lists the properties.)"""
        return bool(self.diff(provider, id_, olds, news).changes != provider_pb2.DiffResponse.DIFF_NONE)

    def create(self, provider: str, props: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
        """(id, outputs)."""
        answer = self.stub.Create(provider_pb2.CreateRequest(properties=known(provider, props)))
        return answer.id, unpacked(answer.properties)

    def made(self, provider: str, props: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
        """Checked, then created."""
        inputs, failures = self.check(provider, props)
        assert not failures
        return self.create(provider, inputs)

    def update(self, provider: str, id_: str, olds: Mapping[str, Any], news: Mapping[str, Any]) -> dict[str, Any]:
        """The new outputs."""
        request = provider_pb2.UpdateRequest(id=id_, olds=known(provider, olds), news=known(provider, news))
        return unpacked(self.stub.Update(request).properties)

    def delete(self, provider: str, id_: str, props: Mapping[str, Any]) -> None:
        """Nothing comes back."""
        self.stub.Delete(provider_pb2.DeleteRequest(id=id_, properties=known(provider, props)))

    def read(self, provider: str, id_: str, props: Mapping[str, Any]) -> tuple[str, dict[str, Any], dict[str, Any]]:
        """(id, outputs, inputs)."""
        answer = self.stub.Read(provider_pb2.ReadRequest(id=id_, properties=known(provider, props)))
        return answer.id, unpacked(answer.properties), unpacked(answer.inputs)


def said(error: grpc.RpcError) -> str:
    """What a failed call tells people: one line, which the server begins with our class, before 3.260 with words of its own."""
    text = str(error.details())
    assert text.count("\n") <= 1
    return text.rstrip("\n").removeprefix("NetScalerError: ").removeprefix("Exception calling application: ")


def known(provider: str, properties: Mapping[str, Any]) -> Any:
    """Properties with the reference of their provider, as they travel."""
    return packed({**properties, "__provider": reference(provider)})


def packed(properties: Mapping[str, Any]) -> Any:
    """As they travel; unknown values as `rpc.UNKNOWN`."""
    return asyncio.run(rpc.serialize_properties(dict(properties), {}))


def unpacked(properties: Any) -> dict[str, Any]:
    """Without the provider."""
    found = rpc.deserialize_properties(properties, keep_unknowns=True)
    return {name: value for name, value in found.items() if name != "__provider"}


@contextmanager
def serving(config: Mapping[str, Any], **environment: str) -> Iterator[Server]:
    """Start the server with this configuration; at the end it is stopped as the engine stops it."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # as in a shell's background job, and its children would inherit it
        signal.signal(signal.SIGINT, signal.default_int_handler)
    environment = {**os.environ, "PYTHONPATH": str(TOP), **environment}
    command = [sys.executable, "-u", "-m", "pulumi.dynamic", "127.0.0.1:1"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
    assert process.stdout is not None
    server = Server(process, process.stdout.readline().strip())
    try:
        server.configure(config)
        yield server
    finally:
        server.stop()
