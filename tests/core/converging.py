# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""What tests of plans and of their execution share: documents, sessions, a look at the appliance."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro import catalogue
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.converge import converge
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.document import Document, parse
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.observation import Absent, Observation, Present
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.observe import Observed
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.outcome import Outcome
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.plan import Plan, make_plan
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.session import Session, Target

if TYPE_CHECKING:
    from tests.conftest import Simulator

Data = Mapping[str, Any]


def opened(simulator: Simulator, **options: Any) -> Session:
    """A session with the simulator that never waits."""
    target = Target.from_options({"url": simulator.url, "username": "nsroot", "password": "nsroot", **options}, {})
    return Session(target, sleep=lambda _: None)


def run(simulator: Simulator, data: Data, *, present: bool = True, **options: Any) -> tuple[Plan, Outcome]:
    """Converge; only the requests of this run are counted afterwards."""
    with opened(simulator) as session:
        plan, outcome = converge(session, parse(data, present=present), **options)
    assert outcome is not None
    return plan, outcome


def done(simulator: Simulator, data: Data, **options: Any) -> list[str]:
    """Converge, insist that all went well, and tell what was done: "create lbvserver web"."""
    plan, outcome = run(simulator, data, **options)
    assert outcome.ok, outcome.summary()
    return steps(plan)


def steps(plan: Plan) -> list[str]:
    return [f"{change.verb} {change.subject}" for change in plan.changes]


def planned(data: Data, there: Data | None = None, *, present: bool = True, **options: Any) -> Plan:
    """The plan from what an appliance would answer (kind → rows, bindings under their own kind) to a document."""
    document = parse(data, present=present)
    return make_plan(document, observed(document, there or {}), **options)


def observed(document: Document, there: Data) -> Observed:
    """As if it had been read."""
    objects: dict[Any, Observation] = {}
    rows: dict[tuple[str, str], list[Any]] = {}
    for wanted in document.objects:
        for key in [wanted.key] if wanted.old_key is None else [wanted.key, wanted.old_key]:
            objects[wanted.kind.name, key] = _look(wanted.kind.name, key, there.get(wanted.kind.name, ()))
    for name, found in there.items():
        kind = catalogue.kind(name)
        for row in found if kind.is_binding else ():
            rows.setdefault((name, str(row.get(kind.url_key or "", ""))), []).append(row)
    return Observed(objects, rows)


def with_missing(found: Observed, missing: Iterable[Any]) -> Observed:
    return replace(found, missing=tuple(missing))


def _look(name: str, key: tuple[str, ...], rows: Any) -> Observation:
    kind = catalogue.kind(name)
    return next((Present(row) for row in rows if kind.identity(row) == key), Absent())


def rows(simulator: Simulator, kind: str) -> list[dict[str, Any]]:
    """All objects of a kind as the simulator has them."""
    found: list[dict[str, Any]] = simulator.state().get(kind, [])
    return found


def names(simulator: Simulator, kind: str) -> set[str]:
    key = str(catalogue.kind(kind).main_key)
    return {str(row[key]) for row in rows(simulator, kind)}


def members(simulator: Simulator, group: str) -> set[tuple[str, int]]:
    """(address, port) of a service group's members."""
    found = rows(simulator, "servicegroup_servicegroupmember_binding")
    return {(row["ip"], int(row["port"])) for row in found if row["servicegroupname"] == group}


def apps(count: int) -> dict[str, Any]:
    """The workload of the numbers: an app is a virtual server, a service group, five members, one binding."""
    groups = {
        f"app{n}": {
            "servicetype": "HTTP",
            "bindings": {"servicegroupmember": [{"ip": f"10.{n // 200}.{n % 200}.{m}", "port": 8080} for m in range(1, 6)]},
        }
        for n in range(count)
    }
    servers = {
        f"app{n}": {
            "servicetype": "HTTP",
            "ipv46": f"172.{16 + n // 200}.{n % 200}.1",
            "port": 80,
            "bindings": {"servicegroup": [f"app{n}"]},
        }
        for n in range(count)
    }
    return {"lbvserver": servers, "servicegroup": groups}
