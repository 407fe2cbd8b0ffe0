# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Asynchronous jobs: what a command does after it has answered, in steps.

A handler of an asynchronous command is a generator. What it does before its first ``yield`` happens in the request (checks, the
new row); that ``yield`` gives an `Accepted`. Each further ``yield`` is a stretch of time: an awaitable of the machines' back end,
or ``None``; what it returns is the result of the job. Jobs on one object run one after the other. Nothing runs by itself:
`Jobs.settle` brings every job as far as it has come by now, and is called before anybody looks.
"""

from __future__ import annotations

import asyncio
import math
import traceback
from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .refusal import Refusal
from .store import Row

if TYPE_CHECKING:
    from .call import Call
    from .cloud import Cloud

PENDING, DONE, FAILED = 0, 1, 2


@dataclass
class Accepted:
    """The object that a job is about. ``undo`` takes back what the request made, when the job fails."""

    row: Row | None = None
    undo: Callable[[], Any] | None = None
    new: bool = False


Steps = Generator[Any, None, dict[str, Any]]


class Job:
    """One job: its row, its steps, and how it is told to go wrong."""

    def __init__(self, row: Row, steps: Steps, accepted: Accepted, call: Call) -> None:
        self.row, self.steps, self.accepted, self.call = row, steps, accepted, call
        self.lane = accepted.row.id if accepted.row is not None else row.id
        self.begun = False
        self.due = 0.0
        self.ended = math.inf
        self.task: asyncio.Future[None] | None = None
        self.failing: Refusal | None = None
        self.hanging = self.lost = False
        self.hidden: float = 0  # polls that still show it as pending


class Jobs:
    """All jobs of a cloud."""

    def __init__(self, cloud: Cloud) -> None:
        self._cloud = cloud
        self._open: list[Job] = []
        self._all: dict[str, Job] = {}

    def start(self, call: Call, steps: Steps, hits: dict[str, dict[str, Any]]) -> dict[str, Any]:
        """Do what happens in the request; returns the members of the answer. Raises what that refuses."""
        accepted: Accepted = next(steps)
        row = self._cloud.store.add("asyncjob", **self._members(call, accepted))
        job = Job(row, steps, accepted, call)
        self._plan(job, hits)
        self._open.append(job)
        self._all[row.id] = job
        self._cloud.counters.jobs += 1
        self._cloud.events.job(call, accepted.row, "Scheduled")
        about = {"id": accepted.row.id} if accepted.new and accepted.row is not None else {}
        return {**about, "jobid": row.id}

    def _members(self, call: Call, accepted: Accepted) -> dict[str, Any]:
        members = {
            "accountid": call.caller.account.id, "userid": call.caller.user.id, "cmd": call.command.name, "jobstatus": PENDING,
            "jobprocstatus": 0, "jobresultcode": 0, "created": self._cloud.now_text(),
            "account": call.caller.account["name"], "domainid": call.caller.account["domainid"],
        }  # fmt: skip
        if accepted.row is not None:
            members |= {"jobinstancetype": self._cloud.instance_type(accepted.row.kind), "jobinstanceid": accepted.row.id}
        return members

    @staticmethod
    def _plan(job: Job, hits: dict[str, dict[str, Any]]) -> None:
        if fault := hits.get("job_fails"):
            text = str(fault.get("message", "the job was told to fail"))
            cserror = int(fault["cserrorcode"]) if "cserrorcode" in fault else None
            job.failing = Refusal(
                int(fault.get("errorcode", 530)), text, cserror=cserror, shape=str(fault.get("shape", "object"))
            )
        if fault := hits.get("job_pending"):
            job.hidden = float(fault.get("polls", 0)) or math.inf
        job.hanging = "job_hangs" in hits
        job.lost = "job_lost" in hits

    def look(self, key: str) -> Row | None:
        """The row of a job as a poll sees it: hidden progress is not shown, a lost job is not there."""
        job = self._all.get(key)
        kept = float(self._cloud.setting("job.expire.minutes") or 1440) * 60
        if job is None or job.lost or self._cloud.clock() > job.ended + kept:
            return None
        if job.hidden > 0:
            job.hidden -= 1
            shown = {**job.row, "jobstatus": PENDING, "jobresultcode": 0}
            for name in ("jobresult", "jobresulttype", "completed"):
                shown.pop(name, None)
            return Row(job.row.kind, shown, job.row.number, job.row.born)
        return job.row

    def is_pending(self, row: Row) -> bool:
        """Does a poll show it as pending?"""
        job = self._all.get(row.id)
        return row["jobstatus"] == PENDING or (job is not None and job.hidden > 0)

    def unfinished(self) -> list[Job]:
        """Those that a poll shows as pending, oldest first."""
        return [job for job in self._all.values() if self.is_pending(job.row)]

    def steer(self, job: Job, hits: dict[str, dict[str, Any]]) -> None:
        """From now on it meets these faults and no others; one that is to fail does so at once."""
        job.hidden = 0
        job.due = 0.0 if "job_fails" in hits else job.due
        self._plan(job, hits)

    def settle(self) -> None:
        """Bring all jobs as far as they have come."""
        moved = bool(self._open)
        while moved:
            moved = False
            busy: set[str] = set()
            for job in list(self._open):
                if job.lane not in busy and not job.hanging and self._ready(job):
                    self._step(job)
                    moved = True
                busy.add(job.lane)

    def _ready(self, job: Job) -> bool:
        return not job.begun or (self._cloud.clock() >= job.due and (job.task is None or job.task.done()))

    def _step(self, job: Job) -> None:
        try:
            if job.failing is not None:
                raise job.failing
            if job.task is not None:
                job.task.result()
            work = next(job.steps)
        except StopIteration as end:
            self._finish(job, DONE, end.value, "object", 0)
        except Refusal as refusal:
            self._fail(job, refusal)
        except Exception as error:  # a back end or a handler broke: the job has failed, the cloud goes on
            traceback.print_exception(error)
            self._fail(job, Refusal(530, f"internal error: {error}"))
        else:
            job.begun = True
            job.due = self._cloud.clock() + float(self._cloud.options["job_seconds"])
            job.task = asyncio.ensure_future(work) if work is not None else None

    def _fail(self, job: Job, refusal: Refusal) -> None:
        job.steps.close()
        if job.accepted.undo is not None:
            job.accepted.undo()
        results: dict[str, Any] = {
            "object": {"errorcode": refusal.code, "errortext": refusal.text},
            "text": refusal.text,
            "none": None,
        }
        kind = refusal.shape if refusal.shape in results else "object"
        self._cloud.counters.jobs_failed += 1
        self._finish(job, FAILED, results[kind], "text" if kind == "text" else "object", refusal.code)

    def _finish(self, job: Job, status: int, result: Any, kind: str, code: int) -> None:
        self._open.remove(job)
        job.ended = self._cloud.clock()
        members = {"jobstatus": status, "jobresultcode": code, "completed": self._cloud.now_text()}
        if result is not None:
            members |= {"jobresult": result, "jobresulttype": kind}
        self._cloud.store.update(job.row, **members)
        self._cloud.events.job(job.call, job.accepted.row, "Completed", failed=status == FAILED)
