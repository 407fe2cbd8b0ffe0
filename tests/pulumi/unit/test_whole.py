# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""A whole document as one resource."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import grpc
import pytest
from pulumi.output import Unknown

from .server import Server

if TYPE_CHECKING:
    from nitrox.simulator.testing import Simulator

CONFIG = "nitrox.Config"
DOCUMENT: dict[str, Any] = {
    "servicegroup": {
        "web": {"servicetype": "HTTP", "bindings": {"servicegroupmember": [{"ip": "198.51.100.1", "port": 8080.0}]}}
    },
    "lbvserver": {"web": {"servicetype": "HTTP", "ipv46": "203.0.113.10", "port": 80.0, "bindings": {"servicegroup": ["web"]}}},
}


def given(document: Any, **more: Any) -> dict[str, Any]:
    return {"document": document, "__name": "all", **more}


def changed(**attributes: Any) -> dict[str, Any]:
    return {**DOCUMENT, "lbvserver": {"web": {**DOCUMENT["lbvserver"]["web"], **attributes}}}


def names(simulator: Simulator, kind: str) -> set[str]:
    return {str(row.get("name", row.get("servicegroupname"))) for row in simulator.state().get(kind, [])}


def test_the_preview_lists_every_object(offline: Server) -> None:
    shop = {"address": "203.0.113.1", "backends": {"shop": {"members": ["192.0.2.1:80"]}}}
    inputs, failures = offline.check(CONFIG, given({"frontends": {"shop": shop}}))
    assert not failures
    assert {"lbvserver shop", "servicegroup shop-shop", "nsfeature"} <= inputs["objects"].keys()


def test_every_mistake_has_its_path(offline: Server) -> None:
    failures = offline.check(CONFIG, given(changed(lbmetod="x", port="y"), on_error="pray"))[1]
    assert sorted(failure.split(": ")[0] for failure in failures) == [
        "document.lbvserver.web.lbmetod", "document.lbvserver.web.port", "on_error"
    ]  # fmt: skip


def test_unknown_values_excuse_their_object_only(offline: Server) -> None:
    unknown = {"lbvserver": {"x": {"servicetype": "HTTP", "ipv46": Unknown()}}, "server": {"y": {"ipadress": "192.0.2.1"}}}
    failures = offline.check(CONFIG, given(unknown))[1]
    assert failures
    assert all(failure.startswith("document.server.y") for failure in failures)
    assert offline.changes(CONFIG, "x", given(DOCUMENT), given(unknown))


@pytest.mark.parametrize(
    ("new", "changes"),
    [
        pytest.param(changed(port=80), False, id="floats"),
        pytest.param({**DOCUMENT, "lbvserver": [{"name": "web", **DOCUMENT["lbvserver"]["web"]}]}, False, id="a list"),
        pytest.param(changed(lbmethod="ROUNDROBIN"), True, id="an attribute"),
        pytest.param(changed(bindings={"servicegroup": []}), True, id="a set"),
        pytest.param({"servicegroup": DOCUMENT["servicegroup"]}, True, id="an object that is dropped"),
        pytest.param({**DOCUMENT, "server": {"s": {"ipaddress": "192.0.2.1"}}}, True, id="an object that is added"),
    ],
)
def test_the_diff_is_the_plan(offline: Server, new: dict[str, Any], changes: bool) -> None:
    assert offline.changes(CONFIG, "all", given(DOCUMENT), given(new)) is changes


def test_a_document_lives(server: Server, simulator: Simulator, start: Callable[..., Server]) -> None:
    id_, outs = server.made(CONFIG, given(DOCUMENT))
    assert names(simulator, "lbvserver") == {"web"}
    news = given({**changed(lbmethod="ROUNDROBIN"), "server": {"s": {"ipaddress": "192.0.2.1"}}})
    outs = start().update(CONFIG, id_, outs, news)
    assert "s" in names(simulator, "server")
    outs = start().update(CONFIG, id_, outs, given({"servicegroup": DOCUMENT["servicegroup"]}))
    assert names(simulator, "lbvserver") == set()
    assert "s" not in names(simulator, "server")
    start().delete(CONFIG, id_, outs)
    assert names(simulator, "servicegroup") == set()


def test_what_was_there_before_survives(server: Server, simulator: Simulator, start: Callable[..., Server]) -> None:
    server.made("lbvserver", {"name": "web", "servicetype": "HTTP", "comment": "theirs", "__name": "theirs"})
    id_, outs = start().made(CONFIG, given(changed(ipv46="0.0.0.0", port=0.0)))
    start().delete(CONFIG, id_, outs)
    assert names(simulator, "lbvserver") == {"web"}
    assert names(simulator, "servicegroup") == set()


def test_a_create_that_fails_is_taken_back(server: Server, simulator: Simulator) -> None:
    simulator.faults({"fault": "reject", "errorcode": 1093, "method": "POST", "kind": "lbvserver"})
    with pytest.raises(grpc.RpcError, match="1093"):
        server.made(CONFIG, given(DOCUMENT))
    assert names(simulator, "servicegroup") == set()


def test_a_refresh_says_what_differs(server: Server, simulator: Simulator, start: Callable[..., Server]) -> None:
    id_, outs = server.made(CONFIG, given(changed(lbmethod="ROUNDROBIN")))
    simulator.control("POST", "mutate", {"kind": "lbvserver", "key": {"name": "web"}, "set": {"lbmethod": "TOKEN"}})
    later = start()
    now = later.read(CONFIG, id_, outs)[1]
    assert now["drift"] == ["update lbvserver web: lbmethod: TOKEN → ROUNDROBIN"]
    assert later.changes(CONFIG, id_, now, given(changed(lbmethod="ROUNDROBIN")))
    fixed = later.update(CONFIG, id_, now, given(changed(lbmethod="ROUNDROBIN")))
    assert "drift" not in fixed
    assert "drift" not in start().read(CONFIG, id_, fixed)[1]


def test_an_owner_keeps_its_register(server: Server, simulator: Simulator, start: Callable[..., Server]) -> None:
    id_, outs = server.made(CONFIG, given(DOCUMENT, owner="shop"))
    assert names(simulator, "policystringmap") == {"nitrox_owner_shop"}
    outs = start().update(CONFIG, id_, outs, given({"servicegroup": DOCUMENT["servicegroup"]}, owner="shop"))
    assert names(simulator, "lbvserver") == set()
    start().delete(CONFIG, id_, outs)
    assert names(simulator, "servicegroup") == set()
