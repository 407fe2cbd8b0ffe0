# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""What happened, as listEvents tells it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .catalogue import kinds
from .store import Row

if TYPE_CHECKING:
    from .call import Call
    from .cloud import Cloud

MOST = 20_000  # the oldest go


class Events:
    """The events of a cloud."""

    def __init__(self, cloud: Cloud) -> None:
        self._cloud = cloud
        self._started: dict[int, str] = {}

    def job(self, call: Call, about: Row | None, state: str, *, failed: bool = False) -> None:
        """A job was scheduled or has ended; a ``Started`` stands between the two."""
        if not call.command.event:
            return
        if state == "Completed":
            start = self._started.pop(id(call), None)
            self._record(call, about, state, failed=failed, start=start)
            return
        scheduled = self._record(call, about, "Scheduled")
        started = self._record(call, about, "Started", start=scheduled.id)
        self._started[id(call)] = started.get("parentid", scheduled.id)

    def done(self, call: Call, about: Row | None) -> None:
        """A command that answers at once has done something."""
        if call.command.event:
            self._record(call, about, "Completed")

    def _record(self, call: Call, about: Row | None, state: str, *, failed: bool = False, start: str | None = None) -> Row:
        store = self._cloud.store
        members: dict[str, Any] = {
            "type": call.command.event, "level": "ERROR" if failed else "INFO", "state": state, "parentid": start,
            "description": self._text(call, about, state, failed=failed), "created": self._cloud.now_text(),
            "username": call.caller.user["username"], "account": call.caller.account["name"],
            "domainid": call.caller.account["domainid"], "archived": False,
        }  # fmt: skip
        if about is not None:
            members |= {
                "resourceid": about.id,
                "resourcetype": self._cloud.instance_type(about.kind),
                "resourcename": about.get("name"),
            }
            if about.get("projectid"):
                members |= {"projectid": about["projectid"], "account": about["account"], "domainid": about["domainid"]}
        row = store.add("event", **members)
        if store.count("event") > MOST:
            store.remove(next(iter(store.rows("event"))))
        return row

    @staticmethod
    def _text(call: Call, about: Row | None, state: str, *, failed: bool) -> str:
        what = f" {kinds()[about.kind].noun} {about.get('name', about.id)}" if about is not None else ""
        outcome = "failed" if failed else state.lower()
        return f"{call.command.name}{what}: {outcome}"
