# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""``nitrox simulate`` as others start it: one line with the URL, a clean end on SIGTERM, clear failures."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests

from .conftest import Invoke

pytest.importorskip("aiohttp", reason="the simulator's extra is not installed")
LOGIN = {"X-NITRO-USER": "nsroot", "X-NITRO-PASS": "nsroot"}


@contextmanager
def simulate(*options: str) -> Iterator[tuple[subprocess.Popen[str], list[str]]]:
    """The process and the URLs of its one line."""
    command = [sys.executable, "-m", "nitrox.cli", "simulate", "--port", "0", *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield process, process.stdout.readline().split()
        finally:
            process.terminate()


def test_it_prints_its_url_answers_and_stops_cleanly_on_sigterm() -> None:
    with simulate("netscaler") as (process, urls):
        answer = requests.get(f"{urls[0]}/nitro/v1/config/nsversion", headers=LOGIN, timeout=10)
        process.send_signal(signal.SIGTERM)
        rest, _ = process.communicate(timeout=10)
    assert answer.json()["errorcode"] == 0
    assert (process.returncode, rest) == (0, "")


def test_a_pair_speaks_https_on_two_urls() -> None:
    with simulate("--ha", "--tls") as (_, urls):
        assert [url.split(":")[0] for url in urls] == ["https", "https"]
        with pytest.raises(requests.exceptions.SSLError):
            requests.get(urls[0], timeout=10)


def test_it_starts_with_the_state_of_a_file(tmp_path: Path) -> None:
    (tmp_path / "state.json").write_text(json.dumps({"server": [{"name": "db", "ipaddress": "198.51.100.9"}]}))
    with simulate("--state", str(tmp_path / "state.json")) as (_, urls):
        found = requests.get(f"{urls[0]}/nitro/v1/config/server/db", headers=LOGIN, timeout=10).json()
    assert found["server"][0]["ipaddress"] == "198.51.100.9"


def test_a_state_that_is_no_json_is_refused(nitrox: Invoke, tmp_path: Path) -> None:
    (tmp_path / "state.json").write_text("{")
    result = nitrox("simulate", "--port", "0", "--state", str(tmp_path / "state.json"))
    assert "state.json: " in result.err
    assert result.code == 1


def test_a_port_that_is_taken_is_said_in_one_line(nitrox: Invoke) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        result = nitrox("simulate", "--port", str(port))
    assert f"cannot listen on 127.0.0.1 port {port}" in result.err
    assert result.code == 1
