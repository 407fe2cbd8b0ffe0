# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Writes of many resources in few requests: who comes while a request is under way goes with the next one.

The engine calls from several threads, one resource a call. The first caller works for itself; what queues up meanwhile is
taken by the next one as a whole: one plan, in which objects of a kind share a request. Nobody ever waits for company.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.apply import apply
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.desired import Desired
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.document import Document
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.errors import NitroError
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.observe import Observed, observe
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.outcome import Item
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.plan import Plan, make_plan
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.run import Run
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.undo import inverses

from .failure import NetScalerError, told
from .job import Job

if TYPE_CHECKING:
    from .appliance import Appliance


class Commits:
    """The queue of one appliance."""

    def __init__(self, appliance: Appliance) -> None:
        self._appliance = appliance
        self._turn = threading.Condition()
        self._busy = False
        self._queue: list[Job] = []

    def do(self, job: Job) -> None:
        """Do it, alone or together with others, and return when it is done. Raises what became of it otherwise."""
        with self._turn:
            self._queue.append(job)
        while not job.done.is_set():
            with self._turn:
                self._turn.wait_for(lambda: job.done.is_set() or not self._busy)
                if job.done.is_set():
                    break
                batch = self._taken()
                self._busy = True
            self._work(batch)
        if job.error is not None:
            raise job.error

    def apart(self, *jobs: Job) -> None:
        """Do these at once, in one plan of their own: deletions, of which no request takes two anyway."""
        self._settle(jobs)
        errors = [job.error for job in jobs if job.error is not None]
        if errors:
            raise errors[0]

    def _taken(self) -> list[Job]:
        """All that has queued up, but for second jobs of one object."""
        batch: dict[Any, Job] = {}
        for job in self._queue:
            batch.setdefault(job.identity, job)
        self._queue = [job for job in self._queue if job not in batch.values()]
        return list(batch.values())

    def _work(self, batch: Sequence[Job]) -> None:
        try:
            self._settle(batch)
        finally:
            with self._turn:
                self._busy = False
                self._turn.notify_all()

    def _settle(self, batch: Sequence[Job]) -> None:
        """Do all of them; each job then has its items or its error."""
        try:
            self._together(batch)
        except NitroError as error:  # of a read or of the plan, so nothing was written
            if len(batch) == 1:
                batch[0].error = error
            else:
                for job in batch:
                    self._settle([job])
        except BaseException as error:
            for job in batch:  # whoever waits has to hear of it, whatever it is
                job.error = job.error or NetScalerError(f"{job.subject}: {error}")
            raise
        finally:
            for job in batch:
                job.done.set()

    def _together(self, batch: Sequence[Job]) -> None:
        appliance = self._appliance
        reader = appliance.reader(identity for job in batch for identity in job.identities)
        observed = observe(reader, document(batch))
        for job in batch:
            job.error = job.obstacle(observed)
        ready = [job for job in batch if job.error is None]
        if ready:
            self._write(ready, planned(ready, observed))

    def _write(self, batch: Sequence[Job], plan: Plan) -> None:
        session = self._appliance.session
        self._appliance.touch(identity for job in batch for identity in job.identities)
        self._appliance.touch((change.kind, change.key) for change in plan.changes)
        items = apply(session, plan, on_error="continue").items
        for job in batch:
            job.items = [item for item in items if job.owns(item.change)]
            if not all(item.ok for item in job.items):
                job.error = NetScalerError(told(job.items) + _taken_back(self._appliance, job.items))


def document(batch: Sequence[Job]) -> Document:
    """What a batch wants, as one document."""
    objects = tuple(job.wanted for job in batch if job.wanted is not None)
    rows = {job.binding.name: job.rows for job in batch if job.wanted is None and job.binding is not None}
    return Document(objects, rows, present=not objects or any(one.present for one in objects))


def planned(batch: Sequence[Job], observed: Observed) -> Plan:
    """The plan of a batch."""
    jobs = {job.identity: job for job in batch}

    def hidden_changed(wanted: Desired, name: str, value: Any) -> bool:
        return jobs[wanted.kind.name, wanted.key].hidden_changed(name, value)

    return make_plan(document(batch), observed, secret_changed=hidden_changed)


def _taken_back(appliance: Appliance, items: Sequence[Item]) -> str:
    """A resource that failed is not recorded, so what was done for it is undone. Returns what could not be, in words."""
    done = [item.change for item in items if item.ok]
    if not done:
        return ""
    steps, impossible = inverses(done)
    back = Run(appliance.session, steps, keep_going=True)
    back.all()
    left = [item for item in (*back.items, *impossible) if not item.ok]
    return "; what was done before was taken back" if not left else f"; not taken back: {told(left)}"
