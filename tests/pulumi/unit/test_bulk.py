# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Many resources: few requests, more than four at a time, and nobody pays for the mistake of another."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import grpc
from pulumi.runtime.proto import provider_pb2

from .server import Server, known, unpacked

if TYPE_CHECKING:
    from nitrox.simulator.testing import Simulator

SERVERS = [{"name": f"s{n}", "ipaddress": f"198.51.100.{n}", "__name": f"s{n}"} for n in range(1, 41)]
FEW = 3  # objects of a kind that are read by name before all are read at once


def created(server: Server, kind: str, all_properties: list[dict[str, Any]]) -> list[Any]:
    """All at once, as the engine does; outputs, or the error."""
    server.create(kind, all_properties[0])  # the first one logs in
    requests = [provider_pb2.CreateRequest(properties=known(kind, properties)) for properties in all_properties[1:]]
    futures = [server.stub.Create.future(request) for request in requests]
    return [_result(future) for future in futures]


def _result(future: Any) -> Any:
    try:
        return unpacked(future.result().properties)
    except grpc.RpcError as error:
        return error


def test_creates_that_come_while_one_is_under_way_share_a_request(server: Server, simulator: Simulator) -> None:
    simulator.control("POST", "options", {"latency": 0.05})
    made = created(server, "server", SERVERS)
    assert not [one for one in made if isinstance(one, grpc.RpcError)]
    assert len(simulator.state()["server"]) == len(SERVERS)
    assert simulator.count("POST", "server") <= 6
    assert simulator.count("GET", "server") <= FEW + 1


def test_without_more_workers_four_share_a_request(start: Callable[..., Server], simulator: Simulator) -> None:
    simulator.control("POST", "options", {"latency": 0.05})
    created(start({"NETSCALER_WORKERS": "4"}), "server", SERVERS)
    assert len(simulator.state()["server"]) == len(SERVERS)
    assert len(SERVERS) / 4 <= simulator.count("POST", "server") <= len(SERVERS) * 0.75


def test_one_that_fails_does_not_take_others_along(server: Server, simulator: Simulator) -> None:
    simulator.control("POST", "options", {"latency": 0.05})
    duplicate = {"name": "other", "ipaddress": "198.51.100.5", "__name": "other"}
    made = created(server, "server", [*SERVERS[:10], duplicate])
    (failed,) = [one for one in made if isinstance(one, grpc.RpcError)]  # whichever of the two came second
    assert re.search("server (other|s5)", str(failed.details()))
    assert len(simulator.state()["server"]) == 10


def test_lost_answers_in_bulk_are_read_back(server: Server, simulator: Simulator) -> None:
    simulator.control("POST", "options", {"latency": 0.05})
    simulator.faults({"fault": "drop_after", "method": "POST", "kind": "server", "skip": 1})
    made = created(server, "server", SERVERS[:10])
    assert not [one for one in made if isinstance(one, grpc.RpcError)]
    assert len(simulator.state()["server"]) == 10
    assert simulator.count("POST", "server") <= 4


def test_a_refresh_reads_a_kind_once(server: Server, start: Callable[..., Server], simulator: Simulator) -> None:
    created(server, "server", SERVERS)
    before = simulator.count("GET", "server")
    later = start()
    for one in SERVERS:
        id_, outs, _inputs = later.read("server", one["name"], {"name": one["name"], "ipaddress": one["ipaddress"]})
        assert id_ == one["name"]
        assert outs["ipaddress"] == one["ipaddress"]
    assert simulator.count("GET", "server") - before <= FEW + 1


def test_a_process_logs_in_once_and_out_at_its_end(start: Callable[..., Server], simulator: Simulator) -> None:
    server = start()
    created(server, "server", SERVERS[:10])
    assert simulator.counters()["logins"] == 1
    server.stop()
    assert simulator.log()[-1]["path"].endswith("/logout")


def test_nothing_is_asked_before_something_is_done(server: Server, simulator: Simulator) -> None:
    for one in SERVERS[:5]:
        inputs, failures = server.check("server", one)
        assert not failures
        assert server.changes("server", one["name"], inputs, {**inputs, "comment": "new"})
    assert simulator.counters()["requests_total"] == 0
