# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""The published exchanges, replayed: each passes, or says in its file why it is not replayed.

In an expected text "…" stands for anything. Expected mappings and rows may lack what the answer has besides.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import requests

from nitrox.simulator.testing import Simulator, running

from .certificates import pem

FOLDER = Path(__file__).parent / "exchanges"
CONFIG = "/nitro/v1/config/"


def exchanges() -> dict[str, dict[str, Any]]:
    return {name: exchange for path in sorted(FOLDER.glob("?.json")) for name, exchange in json.loads(path.read_text()).items()}


REPLAYED = {name: exchange for name, exchange in exchanges().items() if "not_replayed" not in exchange}


@pytest.fixture(scope="module", name="single")
def _single() -> Iterator[Simulator]:
    with running() as simulator:
        yield simulator


@pytest.fixture(scope="module", name="pair")
def _pair() -> Iterator[Simulator]:
    with running(ha=True) as simulator:
        yield simulator


class Replay:
    """Sends the requests of an exchange with a session of its own."""

    def __init__(self, simulator: Simulator) -> None:
        simulator.reset()
        simulator.control("POST", "options", {"save_seconds": 0, "boot_seconds": 0, "done_body": False})
        self.simulator = simulator
        answer = requests.post(
            simulator.url + CONFIG + "login", json={"login": {"username": "nsroot", "password": "nsroot"}}, timeout=10
        )
        self.token = answer.json()["sessionid"]

    def send(self, step: dict[str, Any]) -> requests.Response:
        path = step["path"] if step["path"].startswith("/") else CONFIG + step["path"]
        headers = {"Content-Type": "application/json", **step.get("headers", {})}
        if step.get("auth") != "none":
            headers["Cookie"] = f"NITRO_AUTH_TOKEN={self.token}"
        data = json.dumps(step["body"]) if "body" in step else None
        if "raw" in step:
            data = step["raw"].replace("{token}", self.token.replace("#", "%23"))
        request = requests.Request(step["method"], "http://unused", data=data, headers=headers).prepare()
        request.url = self.simulator.url + path  # as it is: the library would tidy the encoding
        with requests.Session() as session:
            return session.send(request, timeout=10)

    def prepare(self, steps: list[list[Any]]) -> None:
        for method, path, body in steps:
            if method == "CONTROL":
                self.simulator.control("POST", path, body)
                continue
            if method == "UPLOAD":
                content = base64.b64encode(pem(body)).decode()
                file = {"filename": path, "filelocation": "/nsconfig/ssl", "filecontent": content, "fileencoding": "BASE64"}
                method, path, body = "POST", "systemfile", {"systemfile": file}
            answer = self.send({"method": method, "path": path, "body": body})
            assert answer.status_code in (200, 201), f"setting up {method} {path}: {answer.status_code} {answer.text}"


@pytest.mark.parametrize("name", REPLAYED)
def test_published_exchange(name: str, request: pytest.FixtureRequest) -> None:
    exchange = REPLAYED[name]
    replay = Replay(request.getfixturevalue("pair" if exchange.get("pair") else "single"))
    replay.prepare(exchange.get("setup", []))
    for step in exchange["steps"]:
        answer = replay.send(step)
        called = f"{name}: {step['method']} {step['path']} → {answer.status_code} {answer.reason} {answer.text[:3000]}"
        assert answer.status_code in step["status"], called
        assert answer.reason == reason(answer.status_code), called
        if step.get("html"):
            assert answer.headers["Content-Type"].startswith("text/html"), called
            continue
        check_body(step, answer, called)
        raw = answer.raw.headers
        for header, wanted in step.get("headers_expected", {}).items():
            for text in wanted:
                assert any(matches(text, value) for value in raw.getlist(header)), f"{called}\n{header}: {raw.getlist(header)}"


def check_body(step: dict[str, Any], answer: requests.Response, called: str) -> None:
    if step.get("expect") == "":
        assert answer.text == "" or answer.json()["errorcode"] == 0, called
        return
    body = answer.json() if answer.text else {}
    for line in differences(step.get("expect", {}), body):
        pytest.fail(f"{line}\n{called}")
    for key in step.get("lacks", []):
        assert key not in body, called
    for key in step.get("exact", []):
        assert body[key] == step["expect"][key], called
    for key, row in step.get("contains", {}).items():
        assert any(not list(differences(row, found)) for found in body[key]), called


def reason(status: int) -> str:
    return {200: "OK", 201: "Created", 207: "Multi Status", 209: "X-NITRO-WARNING", 400: "Bad Request", 401: "Unauthorized",
            404: "Not Found", 409: "Conflict", 599: "Netscaler specific error"}[status]  # fmt: skip


def matches(wanted: str, found: str) -> bool:
    return re.fullmatch(".*".join(re.escape(part) for part in wanted.split("…")), found, re.DOTALL) is not None


def differences(wanted: Any, found: Any, path: str = "answer") -> Iterator[str]:
    """What of ``wanted`` is not in ``found``."""
    handler: Callable[..., Iterator[str]] | None = {dict: _mapping, list: _rows}.get(type(wanted))
    if handler is not None and isinstance(found, type(wanted)):
        yield from handler(wanted, found, path)
    elif isinstance(wanted, str) and "…" in wanted and isinstance(found, str):
        if not matches(wanted, found):
            yield f"{path}: {found!r} is not like {wanted!r}"
    elif type(wanted) is not type(found) or wanted != found:
        yield f"{path}: {found!r}, published is {wanted!r}"


def _mapping(wanted: dict[str, Any], found: dict[str, Any], path: str) -> Iterator[str]:
    for key, value in wanted.items():
        if key not in found:
            yield f"{path}.{key}: missing"
        else:
            yield from differences(value, found[key], f"{path}.{key}")


def _rows(wanted: list[Any], found: list[Any], path: str) -> Iterator[str]:
    if len(wanted) != len(found):
        yield f"{path}: {len(found)} rows, published are {len(wanted)}"
        return
    for number, (want, have) in enumerate(zip(wanted, found, strict=True)):
        yield from differences(want, have, f"{path}[{number}]")


@cache
def _known() -> frozenset[str]:
    return frozenset(exchanges())


def test_every_published_exchange_is_there() -> None:
    counts = {"A": 11, "B": 14, "C": 19, "D": 7, "E": 14, "F": 15, "G": 13, "H": 5, "I": 5, "J": 4, "K": 1}
    assert _known() == {f"{letter}{number}" for letter, count in counts.items() for number in range(1, count + 1)}


def test_what_is_not_replayed_has_its_reason() -> None:
    reasons = {name: exchange["not_replayed"] for name, exchange in exchanges().items() if "not_replayed" in exchange}
    assert set(reasons) <= {"A9", "A10", "H5", "J4", "K1"}
    assert all(len(text) > 30 for text in reasons.values())
