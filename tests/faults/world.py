# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""An appliance with other people's objects on it, and one attempt to bring it to a document while things go wrong."""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro import catalogue, wire
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.converge import converge
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.document import parse
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.errors import NitroError
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.outcome import Outcome
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.plan import Plan
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.session import Session
from tests.core.converging import apps, opened

if TYPE_CHECKING:
    from tests.conftest import Simulator

    from .menu import Schedule

MEMBER = "servicegroup_servicegroupmember_binding"
KINDS = ("lbvserver", "servicegroup", "lbmonitor", "lbvserver_servicegroup_binding", MEMBER, "servicegroup_lbmonitor_binding")
VOLATILE = ("tickssince", "statechangetime", "thresholdvalue", "curstate", "effectivestate", "health", "svrstate", "active")
FOREIGN: dict[str, Any] = {
    "lbvserver": {"theirs": {"servicetype": "HTTP", "comment": "of another team", "bindings": {"servicegroup": ["theirs"]}}},
    "servicegroup": {"theirs": {"servicetype": "HTTP", "bindings": {"servicegroupmember": [{"ip": "192.0.2.77", "port": 80}]}}},
}


class Killed(BaseException):
    """What SIGKILL looks like from inside."""


def wanted(count: int, *, other: bool = False) -> dict[str, Any]:
    """The document: so many apps, with a monitor; ``other`` is what another controller wants."""
    data = apps(count)
    data["lbmonitor"] = {"ok": {"type": "HTTP", "respcode": ["200"]}}
    for group in data["servicegroup"].values():
        group["bindings"]["servicegroupmember"] = group["bindings"]["servicegroupmember"][:2]
        group["bindings"]["lbmonitor"] = ["ok"]
    for server in data["lbvserver"].values():
        server["comment"] = "other" if other else "ours"
    return data


def started() -> dict[str, Any]:
    """What is there before: app0 in another form, and app9, which is pruned."""
    data = apps(1) | {}
    data["lbvserver"]["app9"] = {"servicetype": "HTTP"}
    data["servicegroup"]["app0"]["bindings"]["servicegroupmember"] = [{"ip": "10.99.0.1", "port": 80}]
    return data


@dataclass
class Attempt:
    """What one run said, and what the appliance's own log says of it."""

    plan: Plan | None = None
    outcome: Outcome | None = None
    error: NitroError | None = None
    killed: bool = False
    log: list[dict[str, Any]] = field(default_factory=list)
    injected: Counter[str] = field(default_factory=Counter)  # by the simulator's names


class World:
    """One schedule's appliance (or pair)."""

    def __init__(self, simulator: Simulator, schedule: Schedule) -> None:
        self.simulator, self.schedule = simulator, schedule
        for url in simulator.urls:
            simulator.control("POST", "reset", url=url)
        self._converged(FOREIGN)
        self._converged(started(), owner=schedule.owner)
        self.control("POST", "save")
        self.foreign = self.rows("theirs")
        self.before = self.rows("app", "ok")

    def session(self) -> Session:
        return opened(self.simulator, url=list(self.simulator.urls))

    def control(self, method: str, what: str, body: Any = None) -> list[Any]:
        """On every appliance of the world."""
        return [self.simulator.control(method, what, body, url=url) for url in self.simulator.urls]

    def _converged(self, data: dict[str, Any], owner: str | None = None) -> None:
        with self.session() as session:
            outcome = converge(session, parse(data), owner=owner)[1]
        assert outcome is not None and outcome.ok

    def rows(self, *prefixes: str) -> dict[str, list[str]]:
        """What a GET shows of objects whose names begin so, in any order, without what changes by itself."""
        found: dict[str, list[str]] = {}
        with self.session() as session:
            for name in KINDS:
                kind = catalogue.kind(name)
                several = [row for row in session.read_all(kind) if str(row.get(kind.url_key or "", "")).startswith(prefixes)]
                found[name] = sorted(str({k: v for k, v in sorted(row.items()) if not k.startswith(VOLATILE)}) for row in several)
        return found

    def attempt(self) -> Attempt:
        """One run with all faults of the schedule."""
        marks = [log[-1]["number"] if log else 0 for log in self.control("GET", "log")]
        if any(fault.stale for fault in self.schedule.faults):
            self.control("POST", "options", {"hold_sync": True})
        self.control("POST", "faults", [one for fault in self.schedule.faults for one in fault.planned])
        found = Attempt()
        other = threading.Thread(target=self._second) if "K2" in self.schedule.names else None
        if other:
            other.start()
        self._run(found)
        if other:
            other.join()
        for told in self.control("GET", "faults"):
            found.injected.update(told["injected"])
        self.control("DELETE", "faults")
        self.control("POST", "options", {"hold_sync": False})
        logs = zip(self.control("GET", "log"), marks, strict=True)
        found.log = [entry for log, mark in logs for entry in log if entry["number"] > mark]
        return found

    def _run(self, found: Attempt) -> None:
        schedule = self.schedule
        kill = next((fault.at for fault in schedule.faults if fault.name == "K1"), None)
        session = self.session()
        _dies(session, kill)
        try:
            with session:
                found.plan, found.outcome = self._converge(session, wanted(schedule.apps))
        except NitroError as error:
            found.error = error
        except Killed:
            found.killed = True

    def _converge(self, session: Session, data: dict[str, Any], **more: Any) -> tuple[Plan, Outcome | None]:
        schedule = self.schedule
        owned = schedule.owner is not None
        how = {"owner": schedule.owner, "prune": owned, "adopt": owned and "F10" in schedule.names}
        return converge(session, parse(data), on_error=schedule.on_error, batch=schedule.batch, **how, **more)

    def _second(self) -> None:
        """Another controller, which nothing goes wrong for but what the appliance does to both."""
        try:
            with self.session() as session:
                self._converge(session, wanted(self.schedule.apps, other=self.schedule.second))
        except NitroError:
            return

    def healed(self) -> Attempt:
        """One run when all is well again."""
        with self.session() as session:
            lease = {"name": f"nitrox_lease_{self.schedule.owner}"}
            if session.read(catalogue.kind("policystringmap"), lease).__class__.__name__ == "Present":
                session.send(wire.delete(catalogue.kind("policystringmap"), lease))  # of a dead controller; it would expire
            plan, outcome = self._converge(session, wanted(self.schedule.apps))
        return Attempt(plan, outcome)


def _dies(session: Session, at: int | None) -> None:
    original, sent = session.send, [0]
    if at is None:
        return

    def send(request: Any) -> Any:
        if sent[0] > at:
            raise Killed
        sent[0] += 1
        answer = original(request)
        if sent[0] > at:
            raise Killed
        return answer

    session.send = send  # type: ignore[method-assign]
