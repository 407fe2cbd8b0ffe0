# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Secrets: hashed where they cannot be read back, never in an output, a message or a request log."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import grpc
import pytest

from .server import Server

if TYPE_CHECKING:
    from nitrox.simulator.testing import Simulator

PLANTED = "correct-horse-battery"
USER: dict[str, Any] = {"username": "ops", "password": PLANTED, "__name": "ops"}


def test_outputs_have_a_salted_hash_instead(server: Server) -> None:
    _id, outs = server.made("systemuser", USER)
    assert PLANTED not in json.dumps(outs)
    assert "password" not in outs
    assert outs["__secrets"]["password"].count(":") == 1


def test_the_same_secret_is_no_change_and_another_one_is(server: Server) -> None:
    id_, outs = server.made("systemuser", USER)
    assert not server.changes("systemuser", id_, outs, USER)
    assert server.changes("systemuser", id_, outs, {**USER, "password": "another"})


def test_equal_secrets_have_different_hashes(server: Server) -> None:
    first = server.made("systemuser", USER)[1]
    second = server.made("systemuser", {**USER, "username": "dev", "__name": "dev"})[1]
    assert first["__secrets"] != second["__secrets"]


def test_a_changed_secret_is_written(server: Server, simulator: Simulator) -> None:
    id_, outs = server.made("systemuser", USER)
    fresh = server.update("systemuser", id_, outs, {**USER, "password": "another-one"})
    assert fresh["__secrets"] != outs["__secrets"]
    assert simulator.count("PUT", "systemuser") == 1


def test_a_refresh_keeps_the_hash(server: Server) -> None:
    id_, outs = server.made("systemuser", USER)
    now = server.read("systemuser", id_, outs)[1]
    assert now == outs


def test_a_failure_does_not_tell_the_secret(server: Server, simulator: Simulator) -> None:
    simulator.faults({"fault": "reject", "errorcode": 1093, "method": "POST", "kind": "systemuser"})
    with pytest.raises(grpc.RpcError) as refused:
        server.made("systemuser", USER)
    assert "1093" in str(refused.value.details())
    assert PLANTED not in str(refused.value.details())


def test_a_wrong_secret_is_not_repeated_by_the_check(offline: Server) -> None:
    failures = offline.check("systemuser", {**USER, "password": ["x", PLANTED]})[1]
    assert failures
    assert PLANTED not in " ".join(failures)


def test_a_document_remembers_its_secrets_as_hashes(server: Server) -> None:
    config, document = "nitrox.Config", {"systemuser": {"ops": {"password": PLANTED}}}
    inputs, failures = server.check(config, {"document": document, "__name": "all"})
    assert not failures
    assert PLANTED not in json.dumps(inputs["objects"])
    id_, outs = server.create(config, inputs)
    assert not server.changes(config, id_, outs, {"document": document})
    other = {"systemuser": {"ops": {"password": "another"}}}
    assert server.changes(config, id_, outs, {"document": other})
