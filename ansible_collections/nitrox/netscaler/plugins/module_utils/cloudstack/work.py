# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Bring one phase to its end: plan from what is there, send, look again, until nothing is left to do.

What is there decides, not what an answer said. A lost answer costs another look; a job that fails with text, without a result or
not at all is seen as an object that does not come, and what the job says is asked only then. Every wait is bounded.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from .client import Client
from .errors import AnswerLost, Busy, Incomplete, Refused, Unreachable
from .seen import Seen
from .step import Step

PENDING, SUCCEEDED, FAILED = 0, 1, 2
MOST_SENDINGS = 5
HINTS = {
    "destroyVirtualMachine": " (with expunge: false it is only destroyed, and keeps its name and address for a while)",
}
Progress = Callable[[str], None]


@dataclass(frozen=True)
class Phase:
    """Steps of a few kinds of objects. ``kinds`` are listed again after something was sent."""

    name: str
    kinds: tuple[str, ...]
    plan: Callable[[Seen], Sequence[Step]]


@dataclass
class Sent:
    """What was last sent about an object, and what became of it: open (a job), done, or lost."""

    verb: str
    state: str
    job: str = ""
    text: str = ""


class Work:
    """The phases of one run. ``done`` has every step that was accepted, or whose answer was lost and that was found done."""

    def __init__(self, client: Client, seen: Seen, *, patience: float, progress: Progress) -> None:
        self.client, self.seen, self.patience, self.progress = client, seen, patience, progress
        self.done: list[Step] = []
        self._sent: dict[str, Sent] = {}
        self._times: Counter[str] = Counter()
        self._failed: dict[tuple[str, str], str] = {}
        self._unanswered: dict[tuple[str, str], Step] = {}

    def finish(self, phase: Phase) -> None:
        """Everything of a phase. Raises `Incomplete` with every failure, after the rest of the phase was done."""
        self._sent, self._times, self._failed, self._unanswered = {}, Counter(), {}, {}
        pause, since, before = 1.0, 0.0, None
        while steps := list(phase.plan(self.seen)):
            left = [(step.verb, step.about) for step in steps]
            if left != before:
                before, pause, since = left, 1.0, self.client.clock()
            waited = self.client.clock() - since
            if all(key in self._failed for key in left) or waited >= self.patience:
                raise Incomplete([self._problem(step) for step in steps])
            moved = [self._advance(step) for step in steps]
            if not any(moved):
                self._show(phase, steps, waited)
                self.client.sleep(pause)
                pause = min(pause * 1.5, 10.0)
            self.seen.look(phase.kinds)
        self.done += self._unanswered.values()

    def _show(self, phase: Phase, steps: list[Step], waited: float) -> None:
        shown = ", ".join(step.about for step in steps[:3]) + (f" and {len(steps) - 3} more" if len(steps) > 3 else "")
        self.progress(f"{phase.name}: waiting for {shown} ({waited:.0f} of at most {self.patience:.0f} seconds)")

    def _advance(self, step: Step) -> bool:
        """Do what can be done about a step now. Was something sent that is worth an immediate look?"""
        if not step.is_sent or (step.verb, step.about) in self._failed:
            return False
        last = self._sent.get(step.about)
        if last is not None and last.state == "open":
            self._ask(step.about, last)
        if last is not None and (last.state == "open" or (last.state == "done" and last.verb == step.verb)):
            return False  # still at work, or only not shown yet
        if (step.verb, step.about) in self._failed:
            return True
        if self._times[step.about] >= MOST_SENDINGS:
            self._failed[step.verb, step.about] = last.text if last is not None else ""
            return False
        return self._send(step, again=last is not None and last.state == "lost")

    def _send(self, step: Step, *, again: bool) -> bool:
        """Send it. A refusal of what may have been done already is no failure before there was time to see it."""
        self.progress(f"{step.verb} {step.about}" + (f" ({step.why})" if step.why else ""))
        self._times[step.about] += 1
        try:
            answer = self.client.write(step.command, **step.parameters)
        except (AnswerLost, Busy, Unreachable) as error:
            self._sent[step.about] = Sent(step.verb, "lost", text=f"{step.command}: {error}")
            if isinstance(error, AnswerLost):
                self._unanswered[step.verb, step.about] = step
            return False
        except Refused as error:
            if again:
                self._sent[step.about] = Sent(step.verb, "done", text=str(error))
            else:
                self._failed[step.verb, step.about] = str(error)
            return not again
        self._unanswered.pop((step.verb, step.about), None)
        self.done.append(step)
        self.seen.answered[step.about] = str(answer.get("id", ""))
        job = str(answer.get("jobid", ""))
        self._sent[step.about] = Sent(step.verb, "open" if job else "done", job)
        return True

    def _ask(self, about: str, last: Sent) -> None:
        """What a job says. One that is not known any more tells nothing: what is there has to."""
        try:
            answer = self.client.read("queryAsyncJobResult", jobid=last.job)
        except Refused:
            return
        status = int(answer.get("jobstatus", PENDING))
        if status == SUCCEEDED:
            last.state = "done"
        elif status == FAILED:
            last.state, last.text = "failed", _reason(answer)
            self._failed[last.verb, about] = last.text

    def _problem(self, step: Step) -> str:
        """Why a step is still there, in words."""
        last = self._sent.get(step.about)
        text = self._failed.get((step.verb, step.about)) or (last.text if last is not None else "")
        if text:
            hint = HINTS.get(step.command if step.verb == "remove" else "", "") if "expunge" in text else ""
            return f"{step.about}: {text}{hint}"
        job = f" (job {last.job})" if last is not None and last.job else ""
        what = f"{step.verb} did not end" if step.is_sent else f"{step.why} and stays so"
        return f"{step.about}: {what} after {self.patience:.0f} seconds{job}"


def _reason(job: dict[str, Any]) -> str:
    """Why a job failed: an object, a bare text, or nothing."""
    result, command = job.get("jobresult"), str(job.get("cmd", "job")).rpartition(".")[2]
    code = job.get("jobresultcode") or ""
    if isinstance(result, dict):
        code, result = result.get("errorcode", code), result.get("errortext")
    return f"{command}: CloudStack error {code}: {result or 'no reason given'}"
