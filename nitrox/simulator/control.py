# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""The control endpoint ``/_simulator/…`` and the web page, outside ``/nitro``: no NITRO client sees them.

=======================  ==================================================================================================
POST reset               back to the start: factory or loaded state, nothing counted, no faults
GET counters             integers; ``requests`` maps method → kind → number
GET log?after=N          the request log, oldest first, entries numbered; ``after`` leaves out what was seen, ``limit`` keeps
                         the newest
GET|POST|DELETE faults   what is planned and was injected; plan one (object) or several (list); forget all
GET|PUT state            the running configuration: partition → kind → rows
POST clock               ``{"advance": seconds}``
GET|POST options         latency (seconds) and habits: save_seconds, boot_seconds, done_body, hold_sync, secondary_errorcode
POST mutate              ``{"kind", "key": {…}, "set": {…} | "remove": true}`` or ``{"kind", "add": {…}}``: a change behind the
                         client's back; ``partition``
POST save, failover      as an administrator at the console
GET connections          for each virtual server and member: open, finished, dropped; and what dropped them, by which request
POST connections         ``{"vserver", "count", "seconds"}``: clients connect; without ``seconds`` until they are closed
DELETE connections       the clients finish: all, or ``vserver``, ``count``
GET status               name, role, unsaved changes, sessions, and the faults there are
GET fleet                the appliances of this process
GET topology             vserver → policies → groups → members with their states, for the page
GET objects?kind=K       the kinds with counts, or the objects of one kind as a GET shows them
=======================  ==================================================================================================

What is wrong is answered in JSON, ``{"error": …}``: 400, 404 (no such control, object or kind), 405 (another method).
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aiohttp import web

from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro import catalogue
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.errors import UnknownKind

from . import boot, control_connections, mutation, traffic
from .appliance import DEFAULT_PARTITION
from .faults import KINDS
from .observer import counts, shown_rows
from .refusal import Refusal
from .topology import LIMIT, topology

if TYPE_CHECKING:
    from .appliance import Appliance
    from .http import Front

PAGE = Path(__file__).parent / "page"
_TYPES = {".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
Query = Mapping[str, str]


async def control(front: Front, request: web.BaseRequest) -> web.StreamResponse:
    """Answer what is not NITRO: the control endpoint, the page, and Apache's 404 for the rest."""
    path = request.path
    if not path.startswith("/_simulator"):
        return _file("index.html" if path == "/" else path.lstrip("/"))
    what = path.removeprefix("/_simulator").strip("/")
    handler = _HANDLERS.get((request.method, what))
    if handler is None:
        return _unknown(request.method, what)
    try:
        body = json.loads(await request.text() or "null")
        return web.json_response(_settled(front, request, lambda: handler(front, body, request.query)))
    except (LookupError, UnknownKind) as error:
        return web.json_response({"error": str(error.args[0] if error.args else error)}, status=404)
    except (ValueError, TypeError, Refusal) as error:
        return web.json_response({"error": str(error)}, status=400)


def _settled(front: Front, request: web.BaseRequest, handle: Callable[[], Any]) -> Any:
    """Live connections follow what time and the handler change."""
    appliance = front.appliance
    traffic.settle(appliance)
    try:
        return handle()
    finally:
        if request.method != "GET":
            traffic.settle(appliance, {"request": f"{request.method} {request.path}"})


def _unknown(method: str, what: str) -> web.Response:
    allowed = sorted(known for known, path in _HANDLERS if path == what)
    if allowed:
        error = {"error": f"{method} {what}: only {' and '.join(allowed)}"}
        return web.json_response(error, status=405, headers={"Allow": ", ".join(allowed)})
    return web.json_response({"error": f"no such control: {what or '(none)'}"}, status=404)


def _file(name: str) -> web.StreamResponse:
    path = PAGE / name
    if path.parent != PAGE or path.suffix not in _TYPES or not path.is_file():
        return web.Response(status=404, text="Not Found")
    headers = {"Cache-Control": "no-cache"}
    return web.Response(body=path.read_bytes(), content_type=_TYPES[path.suffix], charset="utf-8", headers=headers)


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


def _fleet(front: Front, _body: Any, _query: Query) -> Any:
    return [_summary(one) for one in front.appliance.fleet.values()]


def _summary(appliance: Appliance) -> dict[str, Any]:
    role = "Primary" if appliance.primary else "Secondary"
    return {"name": appliance.name, "nsip": appliance.nsip, "url": appliance.url, "role": role, "ha": appliance.peer is not None}


def _status(front: Front, _body: Any, _query: Query) -> Any:
    appliance = front.appliance
    return _summary(appliance) | {
        "unsaved": appliance.dirty,
        "saves": appliance.counters.saves,
        "sessions": sum(1 for _session in appliance.sessions),
        "uptime": int(appliance.clock() - appliance.started),
        "ahead": appliance.clock.ahead,
        "version": appliance.version,
        "booting": appliance.clock() < appliance.booting_until,
        "partitions": sorted(appliance.partitions),
        "faults": KINDS,
    }


def _log(front: Front, _body: Any, query: Query) -> Any:
    after = _whole(query, "after", 0)
    log = front.appliance.log
    first = front.appliance.logged - len(log)
    found = [log[number] for number in range(max(0, after - first), len(log))]
    return found[-_whole(query, "limit", len(found)) :] if found and _whole(query, "limit", len(found)) else []


def _reset(front: Front, _body: Any, _query: Query) -> Any:
    appliance = front.appliance
    for node in filter(None, (appliance, appliance.peer)):
        node.reset()
    if appliance.peer is not None:
        appliance.primary = appliance.name < appliance.peer.name
        appliance.peer.primary = not appliance.primary
    return {}


def _counters(front: Front, _body: Any, _query: Query) -> Any:
    return front.appliance.counters.report()


def _faults(front: Front, _body: Any, _query: Query) -> Any:
    return {"planned": front.appliance.faults.planned(), "injected": front.appliance.faults.injected}


def _plan(front: Front, body: Any, query: Query) -> Any:
    front.appliance.faults.add(body if isinstance(body, list) else [body])
    return _faults(front, None, query)


def _clear(front: Front, _body: Any, query: Query) -> Any:
    front.appliance.faults.clear()
    return _faults(front, None, query)


def _state(front: Front, _body: Any, _query: Query) -> Any:
    """Also names what the factory put there and is gone, so that a PUT of this brings back the same."""
    found = front.appliance.dump()
    for name, tables in found.items():
        for kind in boot.kinds_at_boot(default=name == DEFAULT_PARTITION):
            tables.setdefault(kind, [])
    return found


def _put_state(front: Front, body: Any, _query: Query) -> Any:
    data = _mapping(body)
    whole = any(isinstance(tables, dict) for tables in data.values())
    for name, tables in data.items() if whole else [(DEFAULT_PARTITION, data)]:
        for kind, rows in _mapping(tables).items():
            catalogue.kind(kind)
            if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
                raise ValueError(f"{name} {kind}: a list of mappings is wanted")
    front.appliance.load(data)
    for name in front.appliance.partitions:
        front.appliance.touch(name)
    return {}


def _advance(front: Front, body: Any, _query: Query) -> Any:
    body = _mapping(body)
    if set(body) != {"advance"}:
        raise ValueError('{"advance": seconds} is wanted')
    front.appliance.clock.ahead += _number("advance", body["advance"])
    return {"ahead": front.appliance.clock.ahead}


def _set_options(front: Front, body: Any, query: Query) -> Any:
    appliance, body = front.appliance, _mapping(body)
    unknown = set(body) - {"latency", *appliance.options}
    if unknown:
        raise ValueError(f"no such option: {', '.join(sorted(unknown))}")
    for name, value in body.items():
        if name == "latency" or not isinstance(appliance.options[name], bool):
            _number(name, value)
        elif not isinstance(value, bool):
            raise ValueError(f"{name}: true or false is wanted, not {value!r}")
    if body.get("hold_sync") and not appliance.options["hold_sync"]:
        appliance.replicate(force=True)  # the peer knows what there is until now
    appliance.latency = float(body.get("latency", appliance.latency))
    appliance.options.update({name: value for name, value in body.items() if name != "latency"})
    return _options(front, None, query)


def _options(front: Front, _body: Any, _query: Query) -> Any:
    return {"latency": front.appliance.latency, **front.appliance.options}


def _mutate(front: Front, body: Any, _query: Query) -> Any:
    mutation.mutate(front.appliance, _mapping(body))
    return {}


def _save(front: Front, _body: Any, query: Query) -> Any:
    front.appliance.save()
    return _status(front, None, query)


def _fail_over(front: Front, _body: Any, query: Query) -> Any:
    if front.appliance.peer is None:
        raise ValueError("a stand-alone box has nobody to fail over to")
    front.appliance.fail_over()
    return _status(front, None, query)


def _connections(front: Front, _body: Any, query: Query) -> Any:
    return control_connections.report(front.appliance, query)


def _connect(front: Front, body: Any, _query: Query) -> Any:
    return control_connections.opened(front.appliance, _mapping(body))


def _disconnect(front: Front, _body: Any, query: Query) -> Any:
    return control_connections.closed(front.appliance, query)


def _topology(front: Front, _body: Any, query: Query) -> Any:
    return topology(front.appliance, query.get("partition", DEFAULT_PARTITION), _whole(query, "limit", LIMIT))


def _objects(front: Front, _body: Any, query: Query) -> Any:
    partition = query.get("partition", DEFAULT_PARTITION)
    if partition not in front.appliance.partitions:
        raise LookupError(f"no such partition: {partition}")
    return shown_rows(front.appliance, query["kind"], partition) if "kind" in query else counts(front.appliance, partition)


_HANDLERS: dict[tuple[str, str], Callable[[Front, Any, Query], Any]] = {
    ("POST", "reset"): _reset,
    ("GET", "counters"): _counters,
    ("GET", "log"): _log,
    ("GET", "faults"): _faults,
    ("POST", "faults"): _plan,
    ("DELETE", "faults"): _clear,
    ("GET", "state"): _state,
    ("PUT", "state"): _put_state,
    ("POST", "clock"): _advance,
    ("GET", "options"): _options,
    ("POST", "options"): _set_options,
    ("POST", "mutate"): _mutate,
    ("POST", "save"): _save,
    ("POST", "failover"): _fail_over,
    ("GET", "connections"): _connections,
    ("POST", "connections"): _connect,
    ("DELETE", "connections"): _disconnect,
    ("GET", "status"): _status,
    ("GET", "fleet"): _fleet,
    ("GET", "topology"): _topology,
    ("GET", "objects"): _objects,
}
