# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""The process: one line with the URL, TLS, a state file, a pair, and a clean end."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
import urllib3

from .nitro import Nitro

pytest.importorskip("aiohttp", reason="the simulator's extra is not installed")
COMMAND = (sys.executable, "-X", "dev", "-c", "from nitrox.cli import main; main()", "simulate")
Start = Callable[..., tuple["subprocess.Popen[str]", list[str]]]


@pytest.fixture
def start() -> Iterator[Start]:
    """Start the command line; the process and the URLs of its first line."""
    running: list[subprocess.Popen[str]] = []

    def started(*arguments: str) -> tuple[subprocess.Popen[str], list[str]]:
        process = subprocess.Popen([*COMMAND, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        running.append(process)
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line, f"no line, but: {process.communicate()[1]}"
        return process, line.split()

    yield started
    for process in running:
        if process.poll() is None:
            process.kill()
        process.communicate()


def end(process: subprocess.Popen[str], number: signal.Signals = signal.SIGTERM) -> tuple[int, str, str]:
    process.send_signal(number)
    out, err = process.communicate(timeout=30)
    return process.returncode, out, err


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "SIGINT"])
def test_it_says_where_it_listens_and_stops_cleanly(start: Start, number: signal.Signals) -> None:
    process, urls = start("--port", "0")
    assert len(urls) == 1
    assert Nitro(urls[0]).get("nsversion").status == 200
    assert end(process, number) == (0, "", "")


def test_it_stops_cleanly_with_a_kept_connection_and_a_request_in_flight(start: Start) -> None:
    process, urls = start("--port", "0")
    kept = requests.Session()
    kept.trust_env = False
    assert kept.get(f"{urls[0]}/nitro/v1/config/nsversion", auth=("nsroot", "nsroot"), timeout=10).status_code == 200
    fault = {"fault": "delay", "seconds": 60, "kind": "lbvserver"}
    assert kept.post(f"{urls[0]}/_simulator/faults", json=fault, timeout=10).ok
    nitro, cut = Nitro(urls[0]), threading.Event()

    def wait_for_an_answer() -> None:
        try:
            nitro.get("lbvserver")
        except requests.ConnectionError:
            cut.set()

    waiting = threading.Thread(target=wait_for_an_answer)
    waiting.start()
    while not kept.get(f"{urls[0]}/_simulator/faults", timeout=10).json()["injected"]:
        pass
    assert end(process) == (0, "", "")
    waiting.join(10)
    assert cut.is_set()
    kept.close()


def test_it_stops_cleanly_while_the_listener_is_closed(start: Start) -> None:
    process, urls = start("--port", "0")
    nitro = Nitro(urls[0])
    fault = {"fault": "refuse", "seconds": 60}
    assert requests.post(f"{urls[0]}/_simulator/faults", json=fault, timeout=10).ok
    with pytest.raises(requests.ConnectionError):
        nitro.get("nsversion")
    assert end(process) == (0, "", "")


def test_tls_speaks_https(start: Start) -> None:
    process, urls = start("--port", "0", "--tls")
    assert urls[0].startswith("https://127.0.0.1:")
    with pytest.warns(urllib3.exceptions.InsecureRequestWarning):
        assert Nitro(urls[0]).get("nsversion").status == 200
    with pytest.raises(requests.exceptions.SSLError):
        requests.get(urls[0], timeout=10)
    assert end(process)[:2] == (0, "")  # the broken handshake is in the log of asyncio's debug mode


def test_it_starts_with_a_state(start: Start, tmp_path: Path) -> None:
    file = tmp_path / "state.json"
    file.write_text(json.dumps({"server": [{"name": "loaded", "ipaddress": "198.51.100.7"}]}))
    process, urls = start("--port", "0", "--state", str(file))
    assert Nitro(urls[0]).rows("server/loaded")[0]["ipaddress"] == "198.51.100.7"
    assert end(process)[0] == 0


def test_a_pair_has_two_addresses_primary_first(start: Start) -> None:
    process, urls = start("--port", "0", "--ha")
    states = [Nitro(url).rows("hanode/0")[0]["state"] for url in urls]
    assert states == ["Primary", "Secondary"]
    assert end(process) == (0, "", "")


def test_latency_is_told_by_the_control_endpoint(start: Start) -> None:
    process, urls = start("--port", "0", "--latency", "20")
    options: dict[str, Any] = requests.get(f"{urls[0]}/_simulator/options", timeout=10).json()
    assert options["latency"] == 0.02
    assert end(process)[0] == 0


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*COMMAND, *arguments], capture_output=True, text=True, timeout=60, check=False)


def test_a_taken_port_is_a_clear_failure() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        failed = run("--port", str(port))
    assert failed.returncode != 0
    assert f"127.0.0.1 port {port}" in failed.stderr
    assert "Traceback" not in failed.stderr


def test_a_state_that_is_no_json_is_a_clear_failure(tmp_path: Path) -> None:
    file = tmp_path / "state.json"
    file.write_text("{")
    failed = run("--port", "0", "--state", str(file))
    assert failed.returncode != 0
    assert "state.json" in failed.stderr
    assert "Traceback" not in failed.stderr
