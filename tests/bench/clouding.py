# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""How fast the CloudStack simulator answers signed calls, beside a bare aiohttp server that sends as many bytes."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import urllib.request
from collections.abc import Iterator
from urllib.parse import quote

from .load import BARE, requests_per_second, server
from .table import Figure

KEY, SECRET = "simulator-admin-api-key", "simulator-admin-secret-key"
MACHINES = 10


def _path(command: str, **parameters: str) -> str:
    given = {"command": command, "response": "json", "apiKey": KEY, **parameters}
    query = "&".join(f"{name}={quote(given[name], safe='')}" for name in sorted(given))
    signature = base64.b64encode(hmac.digest(SECRET.encode(), query.lower().encode(), hashlib.sha1)).decode()
    return f"/client/api?{query}&signature={quote(signature, safe='')}"


def _fetch(host: str, port: int, path: str) -> bytes:
    with urllib.request.urlopen(f"http://{host}:{port}{path}") as answer:
        return bytes(answer.read())


def _items(host: str, port: int, command: str, **parameters: str) -> list[dict[str, str]]:
    (members,) = json.loads(_fetch(host, port, _path(command, **parameters))).values()
    return next(value for value in members.values() if isinstance(value, list))


def _deploy(host: str, port: int) -> None:
    zone = next(zone["id"] for zone in _items(host, port, "listZones") if zone["networktype"] == "Basic")
    template = _items(host, port, "listTemplates", templatefilter="featured", zoneid=zone)[0]["id"]
    offering = _items(host, port, "listServiceOfferings")[0]["id"]
    for number in range(MACHINES):
        what = {"zoneid": zone, "templateid": template, "serviceofferingid": offering, "name": f"web{number}"}
        _fetch(host, port, _path("deployVirtualMachine", **what))
    assert len(_items(host, port, "listVirtualMachines")) == MACHINES


def figures() -> Iterator[Figure]:
    """Signed lists of the zones and of ten machines, a second."""
    with server("-m", "nitrox.cli", "simulate", "cloudstack", "--port", "0") as (host, port):
        _deploy(host, port)
        for what, command in (("zones", "listZones"), (f"{MACHINES} machines", "listVirtualMachines")):
            path = _path(command)
            line = f"GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode()
            requests_per_second(host, port, line, 400)
            rate = requests_per_second(host, port, line)
            with server("-c", BARE, str(len(_fetch(host, port, path)))) as bare:
                requests_per_second(*bare, line, 400)
                baseline = ("bare aiohttp", requests_per_second(*bare, line))
            yield Figure(f"CloudStack simulator: signed lists of {what}", rate, "/s", 500, at_least=True, baseline=baseline)
