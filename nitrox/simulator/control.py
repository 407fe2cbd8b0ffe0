# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""The control endpoint ``/_simulator/…`` and the web page, outside ``/nitro``: no NITRO client sees them.

=======================  ==================================================================================================
POST reset               back to the start: factory or loaded state, nothing counted, no faults
GET counters             integers; ``requests`` by "METHOD kind"
GET log?after=N          the request log, oldest first, entries numbered; ``after`` leaves out what was seen
GET|POST|DELETE faults   what is planned and was injected; plan one (object) or several (list); forget all
GET|PUT state            the running configuration: partition → kind → rows
POST clock               ``{"advance": seconds}``
GET|POST options         latency (seconds) and the build's habits: save_seconds, boot_seconds, done_body
POST mutate              ``{"kind", "key": {…}, "set": {…} | "remove": true | "add": {…}}``: change behind the client's back
GET fleet                the appliances of this process
GET topology             vserver → policies → groups → members with their states, for the page
=======================  ==================================================================================================
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aiohttp import web

from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.errors import UnknownKind

from .topology import topology

if TYPE_CHECKING:
    from .appliance import Appliance
    from .http import Front

PAGE = Path(__file__).parent / "page"
_TYPES = {".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}


async def control(front: Front, request: web.BaseRequest) -> web.StreamResponse:
    """Answer what is not NITRO: the control endpoint, the page, and Apache's 404 for the rest."""
    path = request.path
    if not path.startswith("/_simulator"):
        name = "index.html" if path == "/" else path.lstrip("/")
        return _file(name)
    try:
        body = json.loads(await request.text() or "null")
        found = _answer(front, request.method, path.removeprefix("/_simulator").strip("/"), request, body)
    except (ValueError, KeyError, TypeError, UnknownKind) as error:
        return web.json_response({"error": str(error)}, status=400)
    if found is None:
        return web.json_response({"error": f"no such control: {request.method} {path}"}, status=404)
    return web.json_response(found)


def _file(name: str) -> web.StreamResponse:
    path = PAGE / name
    if path.parent != PAGE or path.suffix not in _TYPES or not path.is_file():
        return web.Response(status=404, text="Not Found")
    return web.Response(body=path.read_bytes(), content_type=_TYPES[path.suffix], charset="utf-8")


def _answer(front: Front, method: str, what: str, request: web.BaseRequest, body: Any) -> Any:
    appliance = front.appliance
    if (method, what) == ("GET", "fleet"):
        return [_summary(one) for one in front.fleet.values()]
    if (method, what) == ("GET", "log"):
        after = int(request.query.get("after", 0))
        return [entry for entry in appliance.log if entry["number"] > after]
    handler = _HANDLERS.get((method, what))
    return None if handler is None else handler(appliance, body)


def _summary(appliance: Appliance) -> dict[str, Any]:
    role = "Primary" if appliance.primary else "Secondary"
    return {"name": appliance.name, "nsip": appliance.nsip, "role": role, "ha": appliance.peer is not None}


def _reset(appliance: Appliance, _body: Any) -> Any:
    for node in filter(None, (appliance, appliance.peer)):
        node.reset()
    if appliance.peer is not None and appliance.name > appliance.peer.name:
        appliance.primary, appliance.peer.primary = False, True
    elif appliance.peer is not None:
        appliance.peer.primary = False
    return {}


def _faults(appliance: Appliance, _body: Any) -> Any:
    return {"planned": appliance.faults.planned(), "injected": appliance.faults.injected}


def _plan(appliance: Appliance, body: Any) -> Any:
    appliance.faults.add(body if isinstance(body, list) else [body])
    return _faults(appliance, None)


def _clear(appliance: Appliance, _body: Any) -> Any:
    appliance.faults.clear()
    return _faults(appliance, None)


def _state(appliance: Appliance, _body: Any) -> Any:
    if not appliance.primary:
        appliance.replicate()
    return appliance.dump()


def _put_state(appliance: Appliance, body: Any) -> Any:
    if not isinstance(body, dict):
        raise ValueError("a mapping is wanted: partition → kind → rows, or kind → rows")
    appliance.load(body)
    return {}


def _advance(appliance: Appliance, body: Any) -> Any:
    appliance.clock.ahead += float(body["advance"])
    return {"ahead": appliance.clock.ahead}


def _set_options(appliance: Appliance, body: Any) -> Any:
    unknown = set(body) - {"latency", *appliance.options}
    if unknown:
        raise ValueError(f"no such option: {', '.join(sorted(unknown))}")
    appliance.latency = float(body.get("latency", appliance.latency))
    appliance.options.update({name: value for name, value in body.items() if name != "latency"})
    return _options(appliance, None)


def _options(appliance: Appliance, _body: Any) -> Any:
    return {"latency": appliance.latency, **appliance.options}


def _mutate(appliance: Appliance, body: Any) -> Any:
    table = appliance.partition(body.get("partition", "default")).table(body["kind"])
    if "add" in body:
        table.put(dict(body["add"]))
    else:
        row = table.get(body["key"])
        if row is None:
            raise ValueError(f"{body['kind']} {body['key']}: not there")
        table.remove(row)
        if not body.get("remove"):
            table.put({**row, **body.get("set", {})})
    appliance.touch()
    return {}


_HANDLERS: dict[tuple[str, str], Callable[[Appliance, Any], Any]] = {
    ("POST", "reset"): _reset,
    ("GET", "counters"): lambda appliance, _body: appliance.counters.report(),
    ("GET", "faults"): _faults,
    ("POST", "faults"): _plan,
    ("DELETE", "faults"): _clear,
    ("GET", "state"): _state,
    ("PUT", "state"): _put_state,
    ("POST", "clock"): _advance,
    ("GET", "options"): _options,
    ("POST", "options"): _set_options,
    ("POST", "mutate"): _mutate,
    ("GET", "topology"): lambda appliance, _body: topology(appliance),
}
