# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""The control endpoint ``/_simulator/…`` and the page, outside ``/client/api``: no CloudStack client sees them.

=======================  ==================================================================================================
POST reset               back to the start: the loaded state and options, nothing counted, no faults
GET counters             integers; ``requests`` maps method → command → number
GET log?after=N          the request log, oldest first, entries numbered; ``after`` leaves out what was seen, ``limit`` keeps
                         the newest; secrets are masked
GET|POST|DELETE faults   what is planned and was injected; plan one (object) or several (list); forget all
GET|PUT state            all objects: kind → rows; ``?kind=K`` one kind
POST clock               ``{"advance": seconds}``
GET jobs                 the jobs that no poll shows as ended yet, oldest first: id, command, object, and what was done to them
POST jobs                ``{"job": id or "all"}``: it goes on as if nothing had been done to it; with ``fault`` (one of jobs, as
                         POST faults takes it, with its parameters) that is done to it from now on
GET|POST options         latency (seconds) and those of `nitrox.cloudstack.cloud.OPTIONS`
POST mutate              ``{"kind", "id" or "name", "set": {…} | "remove": true}`` or ``{"kind", "add": {…}}``: a change behind
                         the client's back
POST link                ``{"machine": name or id, "up": false}``: pull a booted machine's network cables, or put them in again
GET status               url, time, numbers of objects, open jobs, and the faults there are
GET commands             every command: group, async, and whether there is something behind it
=======================  ==================================================================================================

What is wrong is answered in JSON, ``{"error": …}``: 400, 404 (no such control or kind), 405 (another method).
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from aiohttp import web

from .catalogue import commands, kinds
from .cloud import OPTIONS
from .faults import KINDS, ON_JOBS, Faults
from .jobs import PENDING
from .page import page
from .registry import known
from .store import Row

if TYPE_CHECKING:
    from .cloud import Cloud

Query = Mapping[str, str]


async def control(cloud: Cloud, request: web.BaseRequest) -> web.StreamResponse:
    """Answer what is not the API: the control endpoint, the page, 404 for the rest."""
    path = request.path
    if path in {"/", "/client", "/client/"}:
        return web.Response(text=page(cloud), content_type="text/html", charset="utf-8")
    if not path.startswith("/_simulator"):
        return web.Response(status=404, text="Not Found")
    what = path.removeprefix("/_simulator").strip("/")
    handler = _HANDLERS.get((request.method, what))
    if handler is None:
        return _unknown(request.method, what)
    try:
        body = json.loads(await request.text() or "null")
        cloud.settle()
        return web.json_response(handler(cloud, body, request.query))
    except LookupError as error:
        return web.json_response({"error": str(error.args[0] if error.args else error)}, status=404)
    except (ValueError, TypeError) as error:
        return web.json_response({"error": str(error)}, status=400)


def _unknown(method: str, what: str) -> web.Response:
    allowed = sorted(known_method for known_method, path in _HANDLERS if path == what)
    if allowed:
        error = {"error": f"{method} {what}: only {' and '.join(allowed)}"}
        return web.json_response(error, status=405, headers={"Allow": ", ".join(allowed)})
    return web.json_response({"error": f"no such control: {what or '(none)'}"}, status=404)


def _mapping(body: Any) -> dict[str, Any]:
    if not isinstance(body, dict):
        raise ValueError(f"a mapping is wanted, not {type(body).__name__}")
    return body


def _number(name: str, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value) or value < 0:
        raise ValueError(f"{name}: a number from 0 is wanted, not {value!r}")
    return float(value)


def _whole(query: Query, name: str, default: int) -> int:
    value = query.get(name, str(default))
    if not value.isascii() or not value.isdigit():
        raise ValueError(f"{name}: a whole number is wanted, not {value!r}")
    return int(value)


def _reset(cloud: Cloud, _body: Any, _query: Query) -> Any:
    cloud.reset()
    return {}


def _counters(cloud: Cloud, _body: Any, _query: Query) -> Any:
    return cloud.counters.report()


def _log(cloud: Cloud, _body: Any, query: Query) -> Any:
    first = cloud.logged - len(cloud.log)
    found = list(cloud.log)[max(0, _whole(query, "after", 0) - first) :]
    limit = _whole(query, "limit", len(found))
    return found[-limit:] if limit else []


def _faults(cloud: Cloud, _body: Any, _query: Query) -> Any:
    return {"planned": cloud.faults.planned(), "injected": cloud.faults.injected}


def _plan(cloud: Cloud, body: Any, query: Query) -> Any:
    cloud.faults.add(body if isinstance(body, list) else [_mapping(body)])
    return _faults(cloud, None, query)


def _clear(cloud: Cloud, _body: Any, query: Query) -> Any:
    cloud.faults.clear()
    return _faults(cloud, None, query)


def _state(cloud: Cloud, _body: Any, query: Query) -> Any:
    if "kind" in query:
        return cloud.dump().get(_kind(query["kind"]), [])
    return cloud.dump()


def _put_state(cloud: Cloud, body: Any, _query: Query) -> Any:
    cloud.load(_mapping(body))
    return {}


def _advance(cloud: Cloud, body: Any, _query: Query) -> Any:
    if set(_mapping(body)) != {"advance"}:
        raise ValueError('{"advance": seconds} is wanted')
    cloud.clock.ahead += _number("advance", body["advance"])
    cloud.settle()
    return {"ahead": cloud.clock.ahead}


def _jobs(cloud: Cloud, _body: Any, _query: Query) -> Any:
    return [
        {
            "id": job.row.id, "command": job.call.command.name, "object": job.accepted.row.id if job.accepted.row else None,
            "done": job.row["jobstatus"] != PENDING, "hangs": job.hanging, "lost": job.lost,
        }
        for job in cloud.jobs.unfinished()
    ]  # fmt: skip


def _steer(cloud: Cloud, body: Any, _query: Query) -> Any:
    given = dict(_mapping(body))
    key, hits = given.pop("job", None), _fault_of_jobs(given)
    found = [job for job in cloud.jobs.unfinished() if key in {"all", job.row.id}]
    if not found and key != "all":
        raise LookupError(f"no such job is open: {key}")
    steered = [job for job in found if job.row["jobstatus"] == PENDING or not hits.keys() & {"job_fails", "job_hangs"}]
    if not steered and key != "all":
        raise ValueError(f"job {key} has done its work and is only shown as pending")
    for job in steered:
        cloud.jobs.steer(job, hits)
    cloud.settle()
    return {"jobs": [job.row.id for job in steered]}


def _fault_of_jobs(given: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """What a fault does to the job that meets it; nothing where none is given."""
    if not given:
        return {}
    own, faults = {"command", "method", "skip", "times"} & given.keys(), Faults()
    if own:
        raise ValueError(f"a job that there is has no {', '.join(sorted(own))}")
    faults.add([given])
    hits = faults.strike("POST", "job", is_async=True)
    if not hits.keys() <= ON_JOBS:
        raise ValueError(f"{given['fault']} is no fault of jobs: {', '.join(sorted(ON_JOBS))}")
    return hits


def _options(cloud: Cloud, _body: Any, _query: Query) -> Any:
    return {"latency": cloud.latency, **cloud.options}


def _set_options(cloud: Cloud, body: Any, query: Query) -> Any:
    unknown = set(_mapping(body)) - {"latency", *OPTIONS}
    if unknown:
        raise ValueError(f"no such option: {', '.join(sorted(unknown))}")
    values = {name: _number(name, value) for name, value in body.items()}
    if values.get("page_size", 1) < 1:
        raise ValueError("page_size: at least 1 is wanted")
    cloud.latency = values.pop("latency", cloud.latency)
    cloud.options.update(values)
    return _options(cloud, None, query)


def _kind(name: Any) -> str:
    if name not in kinds():
        raise LookupError(f"no such kind: {name}")
    return str(name)


def _mutate(cloud: Cloud, body: Any, _query: Query) -> Any:
    body = _mapping(body)
    kind = _kind(body.get("kind"))
    if "add" in body:
        return dict(cloud.store.add(kind, **_mapping(body["add"])))
    row = _row(cloud, kind, body)
    if body.get("remove"):
        cloud.store.remove(row)
    else:
        cloud.store.update(row, **_mapping(body.get("set")))
    return dict(row)


def _row(cloud: Cloud, kind: str, body: Mapping[str, Any]) -> Row:
    row = cloud.store.find(kind, body["id"]) if "id" in body else cloud.store.first(kind, name=body.get("name"))
    if row is None:
        raise LookupError(f"no such {kind}: {body.get('id', body.get('name'))}")
    return row


def _link(cloud: Cloud, body: Any, _query: Query) -> Any:
    if set(_mapping(body)) != {"machine", "up"} or not isinstance(body["up"], bool):
        raise ValueError('{"machine": name or id, "up": true or false} is wanted')
    named = body["machine"]
    row = cloud.store.find("virtualmachine", named) or cloud.store.first("virtualmachine", name=named)
    if row is None:
        raise LookupError(f"no such machine: {named}")
    try:
        cloud.machines.link(row.id, up=body["up"])
    except KeyError:
        raise LookupError(f"machine {named} was never booted: it has no cables") from None
    return {}


def _status(cloud: Cloud, _body: Any, _query: Query) -> Any:
    return {
        "url": cloud.url,
        "time": cloud.now_text(),
        "ahead": cloud.clock.ahead,
        "objects": {kind: cloud.store.count(kind) for kind in kinds() if cloud.store.count(kind)},
        "jobs": len(cloud.store.where("asyncjob", jobstatus=0)),
        "faults": KINDS,
    }


def _commands(_cloud: Cloud, _body: Any, _query: Query) -> Any:
    return {one.name: {"group": one.group, "async": one.is_async, "answered": known(one)} for one in commands().values()}


_HANDLERS: dict[tuple[str, str], Callable[[Cloud, Any, Query], Any]] = {
    ("POST", "reset"): _reset,
    ("GET", "counters"): _counters,
    ("GET", "log"): _log,
    ("GET", "faults"): _faults,
    ("POST", "faults"): _plan,
    ("DELETE", "faults"): _clear,
    ("GET", "state"): _state,
    ("PUT", "state"): _put_state,
    ("POST", "clock"): _advance,
    ("GET", "jobs"): _jobs,
    ("POST", "jobs"): _steer,
    ("GET", "options"): _options,
    ("POST", "options"): _set_options,
    ("POST", "mutate"): _mutate,
    ("POST", "link"): _link,
    ("GET", "status"): _status,
    ("GET", "commands"): _commands,
}
