# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""The control endpoint and the command line: counters, log, state, clock, changes behind the client's back."""

from __future__ import annotations

import json
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import requests

from nitrox.cloudstack.faults import KINDS
from nitrox.cloudstack.testing import Simulator

from .api import Api


def test_counters_and_log_tell_what_was_asked(api: Api) -> None:
    api.list("listZones")
    api.send("listZones", method="GET")
    api.send("bogus")
    counters = api.cloud.counters()
    assert counters["requests"] == {"GET": {"listZones": 1}, "POST": {"bogus": 1, "listZones": 1}}
    assert (counters["requests_total"], counters["errors"]) == (3, 1)
    assert [(entry["command"], entry["status"]) for entry in api.cloud.log()] == [
        ("listZones", 200),
        ("listZones", 200),
        ("bogus", 432),
    ]
    assert [entry["number"] for entry in api.cloud.control("GET", "log?after=2")] == [3]


def test_no_secret_reaches_the_log(api: Api) -> None:
    account = {"username": "kim", "firstname": "K", "lastname": "K", "email": "k@example.com", "accounttype": 0}
    api.call("createAccount", **account, password="hush-hush")
    text = json.dumps(api.cloud.log())
    assert "hush-hush" not in text
    assert api.key not in text
    assert "********" in text


def test_a_reset_is_the_start(api: Api) -> None:
    before = api.cloud.control("GET", "state")
    api.machine()
    api.cloud.faults({"fault": "drop_after"})
    api.cloud.control("POST", "options", {"job_seconds": 9})
    api.cloud.reset()
    after = api.cloud.control("GET", "state")
    assert {kind: len(rows) for kind, rows in after.items()} == {kind: len(rows) for kind, rows in before.items()}
    assert (api.cloud.counters()["requests_total"], api.cloud.control("GET", "faults")["planned"]) == (0, [])
    assert api.cloud.control("GET", "options")["job_seconds"] == 0


def test_a_state_can_be_kept_and_put_back(api: Api) -> None:
    machine = api.machine()
    kept = api.cloud.control("GET", "state")
    api.do("destroyVirtualMachine", id=machine["id"], expunge=True)
    api.cloud.control("PUT", "state", kept)
    assert api.one("listVirtualMachines")["nic"][0]["ipaddress"] == machine["nic"][0]["ipaddress"]


def test_changes_behind_the_clients_back(api: Api) -> None:
    machine = api.machine()
    api.cloud.control("POST", "mutate", {"kind": "virtualmachine", "name": "web1", "set": {"state": "Error"}})
    assert api.one("listVirtualMachines", id=machine["id"])["state"] == "Error"
    api.cloud.control("POST", "mutate", {"kind": "virtualmachine", "id": machine["id"], "remove": True})
    assert api.list("listVirtualMachines", id=machine["id"]) == []


def hung(api: Api) -> tuple[str, str]:
    """Two affinity groups that hang, and the ids of their jobs."""
    api.cloud.faults({"fault": "job_hangs", "command": "createAffinityGroup", "times": 2})
    first, second = (api.call("createAffinityGroup", name=name, type="host affinity")["jobid"] for name in ("a", "b"))
    return str(first), str(second)


def test_open_jobs_are_shown(api: Api) -> None:
    first, second = hung(api)
    api.cloud.faults({"fault": "job_pending", "command": "createAffinityGroup"})
    third = api.call("createAffinityGroup", name="c", type="host affinity")["jobid"]
    shown = api.cloud.control("GET", "jobs")
    assert [(job["id"], job["hangs"], job["done"]) for job in shown] == [
        (first, True, False), (second, True, False), (third, False, True),
    ]  # fmt: skip
    assert {job["command"] for job in shown} == {"createAffinityGroup"}
    api.cloud.control("POST", "jobs", {"job": third})
    assert (api.poll(third)["jobstatus"], [job["id"] for job in api.cloud.control("GET", "jobs")]) == (1, [first, second])


def test_a_job_that_hangs_goes_on_alone_or_with_all(api: Api) -> None:
    first, second = hung(api)
    assert api.cloud.control("POST", "jobs", {"job": second}) == {"jobs": [second]}
    assert [api.poll(job)["jobstatus"] for job in (first, second)] == [0, 1]
    assert api.cloud.control("POST", "jobs", {"job": "all"}) == {"jobs": [first]}
    assert [api.poll(job)["jobstatus"] for job in (first, second)] == [1, 1]
    assert api.cloud.control("POST", "jobs", {"job": "all"}) == {"jobs": []}


@pytest.mark.parametrize(
    ("shape", "result"), [("object", {"errorcode": 533, "errortext": "full"}), ("text", "full"), ("none", None)]
)
def test_a_job_that_hangs_is_ended_with_a_failure(api: Api, shape: str, result: Any) -> None:
    first, second = hung(api)
    ends = {"fault": "job_fails", "errorcode": 533, "message": "full", "shape": shape}
    api.cloud.control("POST", "jobs", {"job": first, **ends})
    job = api.poll(first)
    assert (job["jobstatus"], job["jobresultcode"], job.get("jobresult")) == (2, 533, result)
    assert (api.poll(second)["jobstatus"], api.cloud.counters()["jobs_failed"]) == (0, 1)


def test_a_job_under_way_is_held_and_ended(api: Api) -> None:
    machine = api.machine()
    api.cloud.control("POST", "options", {"job_seconds": 30})
    stop = api.call("stopVirtualMachine", id=machine["id"])["jobid"]
    assert api.one("listVirtualMachines", id=machine["id"])["state"] == "Stopping"
    api.cloud.control("POST", "jobs", {"job": stop, "fault": "job_hangs"})
    api.cloud.control("POST", "clock", {"advance": 600})
    assert api.poll(stop)["jobstatus"] == 0
    api.cloud.control("POST", "jobs", {"job": stop, "fault": "job_fails"})
    assert api.poll(stop)["jobstatus"] == 2


def test_what_is_done_can_not_fail_any_more(api: Api) -> None:
    api.cloud.faults({"fault": "job_pending", "command": "createAffinityGroup"})
    job = api.call("createAffinityGroup", name="a", type="host affinity")["jobid"]
    send = f"{api.cloud.url}/_simulator/jobs"
    answer = requests.post(send, json={"job": job, "fault": "job_fails"}, timeout=20)
    assert (answer.status_code, answer.json()) == (400, {"error": f"job {job} has done its work and is only shown as pending"})
    assert requests.post(send, json={"job": "all", "fault": "job_fails"}, timeout=20).json() == {"jobs": []}
    api.cloud.control("POST", "jobs", {"job": "all", "fault": "job_pending", "polls": 1})
    assert [api.poll(job)["jobstatus"] for _poll in range(2)] == [0, 1]


def test_the_documentation_lists_what_is_answered_and_every_fault(cloud: Simulator) -> None:
    text = (Path(__file__).parents[2] / "docs/cloudstack-simulator.md").read_text(encoding="utf-8")
    listed = set(re.findall(r"`(\w+)`", text.split("## Answered commands")[1]))
    assert listed == {name for name, about in cloud.control("GET", "commands").items() if about["answered"]}
    assert all(f"| `{fault}` | {what} |" in text for fault, what in KINDS.items())


@pytest.mark.parametrize(
    ("method", "what", "body", "status"),
    [
        ("GET", "nothing", None, 404),
        ("DELETE", "state", None, 405),
        ("POST", "clock", {"back": 1}, 400),
        ("POST", "options", {"speed": 1}, 400),
        ("POST", "options", {"job_seconds": "long"}, 400),
        ("POST", "options", {"page_size": 0}, 400),
        ("PUT", "state", {"dragon": []}, 400),
        ("PUT", "state", [], 400),
        ("POST", "mutate", {"kind": "dragon"}, 404),
        ("POST", "mutate", {"kind": "network", "name": "nobody", "remove": True}, 404),
        ("GET", "log?after=x", None, 400),
        ("POST", "jobs", None, 400),
        ("POST", "jobs", {}, 404),
        ("POST", "jobs", {"job": "nobody's"}, 404),
        ("POST", "jobs", {"job": "all", "fault": "drop_after"}, 400),
        ("POST", "jobs", {"job": "all", "fault": "job_fails", "times": 2}, 400),
        ("POST", "jobs", {"job": "all", "shape": "text"}, 400),
        ("DELETE", "jobs", None, 405),
    ],
)
def test_what_is_wrong_is_told(cloud: Simulator, method: str, what: str, body: Any, status: int) -> None:
    answer = requests.request(method, f"{cloud.url}/_simulator/{what}", json=body, timeout=10)
    assert (answer.status_code, list(answer.json())) == (status, ["error"])


@contextmanager
def simulate(*options: str) -> Iterator[tuple[subprocess.Popen[str], list[str]]]:
    """The process and the URLs of its one line."""
    command = [sys.executable, "-m", "nitrox.cli", "simulate", "cloudstack", "--port", "0", *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield process, process.stdout.readline().split()
        finally:
            process.terminate()


def test_the_command_prints_its_urls_answers_and_stops_cleanly() -> None:
    with simulate("--integration-port", "0") as (process, urls):
        given = {"command": "listZones", "response": "json"}
        trusted, strict = (requests.get(f"{url}/client/api", params=given, timeout=10) for url in reversed(urls))
        process.send_signal(signal.SIGTERM)
        rest, _ = process.communicate(timeout=10)
    assert (trusted.json()["listzonesresponse"]["count"], strict.status_code) == (2, 401)
    assert (process.returncode, rest) == (0, "")


@pytest.mark.filterwarnings("ignore::urllib3.exceptions.InsecureRequestWarning")
def test_the_command_starts_with_a_state_and_speaks_https(tmp_path: Path) -> None:
    zone = {"name": "here", "networktype": "Advanced", "allocationstate": "Enabled"}
    (tmp_path / "state.json").write_text(json.dumps({"zone": [zone]}), encoding="utf-8")
    with simulate("--state", str(tmp_path / "state.json"), "--tls") as (_process, (url,)):
        state = requests.get(f"{url}/_simulator/state?kind=zone", timeout=10, verify=False)
    assert ([row["name"] for row in state.json()], url.split(":")[0]) == (["here"], "https")


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["cloudstack", "--ha"], "--ha is for netscaler"),
        (["netscaler", "--job-seconds", "1"], "--job-seconds is for cloudstack"),
    ],
)
def test_options_of_the_other_product_are_refused(options: list[str], says: str) -> None:
    command = [sys.executable, "-m", "nitrox.cli", "simulate", *options, "--port", "0"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=20)
    assert says in done.stderr
    assert done.returncode == 1


def test_a_port_that_is_taken_is_said_in_one_line() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        command = [sys.executable, "-m", "nitrox.cli", "simulate", "cloudstack", "--port", port]
        done = subprocess.run(command, capture_output=True, text=True, timeout=20)
    assert (done.returncode, f"cannot listen on 127.0.0.1 port {port}" in done.stderr) == (1, True)


def test_only_booted_machines_have_cables(api: Api) -> None:
    api.machine("web1")
    send = f"{api.cloud.url}/_simulator/link"
    assert requests.post(send, json={"machine": "web1", "up": False}, timeout=20).json() == {
        "error": "machine web1 was never booted: it has no cables"
    }
    assert requests.post(send, json={"machine": "other", "up": False}, timeout=20).status_code == 404
    for body in ({"machine": "web1"}, {"machine": "web1", "up": "no"}, []):
        assert requests.post(send, json=body, timeout=20).status_code == 400
