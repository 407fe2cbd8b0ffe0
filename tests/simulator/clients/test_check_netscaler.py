# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""check_netscaler 3, unmodified: each of its subcommands in each of its outcomes."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable

import pytest

from nitrox.simulator.testing import Simulator
from tests.simulator.nitro import Nitro

from .situations import (
    all_down,
    authorities,
    certificate,
    expired,
    gateway,
    half_down,
    lease,
    lonely_clock,
    member_disabled,
    no_authority_up,
    nothing,
    one_authority_down,
    peers,
    saved,
    service_disabled,
    unsaved,
    web,
)

pytest.importorskip("check_netscaler", reason="the clients extra is not installed")
OK, WARNING, CRITICAL, UNKNOWN = range(4)
Setup = Callable[[Simulator, Nitro], None]


def check(simulator: Simulator, *arguments: str, password: str = "nsroot") -> tuple[int, str]:
    """Run the plugin; its exit code and what it prints."""
    target = ["-H", simulator.host, "-P", str(simulator.port), "--no-ssl", "-u", "nsroot", "-p", password]
    command = [sys.executable, "-m", "check_netscaler", *target, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert "Traceback" not in done.stderr, done.stderr
    return done.returncode, done.stdout


CASES: dict[str, tuple[Setup, str, int, str]] = {
    "state: all up": (web, "-C state -o lbvserver", OK, r"OK - All 2 lbvserver are UP"),
    "state: one is down": (all_down, "-C state -o lbvserver", CRITICAL, r"CRITICAL - 1/2 lbvserver CRITICAL \(web\)"),
    "state: by name": (web, "-C state -o lbvserver -n web", OK, r"OK - lbvserver is UP"),
    "state: service out of service": (service_disabled, "-C state -o service", WARNING, r"WARNING - 1/1 service WARNING \(svc\)"),
    "state: group": (web, "-C state -o servicegroup", OK, r"OK - servicegroup is UP"),
    "state: not there": (nothing, "-C state -o lbvserver -n none", CRITICAL, r"CRITICAL - lbvserver not found: none"),
    "state: nothing configured": (nothing, "-C state -o csvserver", UNKNOWN, r"UNKNOWN - No csvserver objects found"),
    "state: no such type": (nothing, "-C state -o nonsense", UNKNOWN, r"UNKNOWN - Error checking nonsense: API error 400.*1232"),
    "state: all filtered out": (web, "-C state -o lbvserver -f .", UNKNOWN, r"No lbvserver objects after filtering"),
    "state: limited": (all_down, "-C state -o lbvserver -l spare", OK, r"OK - lbvserver is UP"),
    "state: health is full": (web, "-C state -o lbvserver -n web -w 90 -c 10", OK, r"web state: UP, Health: 100%"),
    "state: health is half": (half_down, "-C state -o lbvserver -n web -w 90 -c 10", WARNING, r"web state: UP, Health: 50%"),
    "state: health is critical": (half_down, "-C state -o lbvserver -n web -w 90 -c 60", CRITICAL, r"web state: UP, Health: 50%"),
    "state: backup idle": (web, "-C state -o lbvserver -n spare --check-backup critical", OK, r"OK - lbvserver is UP"),
    "state: backup active": (
        all_down,
        "-C state -o lbvserver -n web --check-backup critical",
        CRITICAL,
        r"Backup vServer active: spare",
    ),
    "sslcert: good": (certificate, "-C sslcert -n leaf", OK, r"OK - 1 certificate\(s\) OK \(warn=30d, crit=10d\)"),
    "sslcert: soon": (certificate, "-C sslcert -n leaf -w 100 -c 10", WARNING, r"WARNING: leaf expires in (89|90) days"),
    "sslcert: very soon": (certificate, "-C sslcert -n leaf -w 200 -c 100", CRITICAL, r"CRITICAL: leaf expires in (89|90) days"),
    "sslcert: expired": (expired, "-C sslcert -n leaf", CRITICAL, r"leaf expired"),
    "sslcert: not there": (nothing, "-C sslcert -n none", UNKNOWN, r"Resource not found: sslcertkey/none"),
    "above: below": (nothing, "-C above -o system -n cpuusagepcnt,memusagepcnt -w 75 -c 90", OK, r"All 2 metrics OK"),
    "above: warning": (nothing, "-C above -o system -n memusagepcnt -w 10 -c 90", WARNING, r"WARNING: memusagepcnt=2\d"),
    "above: critical": (nothing, "-C above -o system -n memusagepcnt -w 5 -c 10", CRITICAL, r"CRITICAL: memusagepcnt=2\d"),
    "above: no such field": (nothing, "-C above -o system -n nonsense -w 1 -c 2", UNKNOWN, r"UNKNOWN"),
    "below: above": (nothing, "-C below -o system -n disk0avail -w 100 -c 50", OK, r"disk0avail=1222.0 is OK"),
    "below: warning": (nothing, "-C below -o system -n disk0avail -w 2000 -c 50", WARNING, r"WARNING: disk0avail"),
    "below: critical": (nothing, "-C below -o system -n disk0avail -w 3000 -c 2000", CRITICAL, r"CRITICAL: disk0avail"),
    "below: no such type": (nothing, "-C below -o nonsense -n a -w 1 -c 2", UNKNOWN, r"API error 400"),
    "matches: neither": (nothing, "-C matches -o ns -n hacurmasterstate -w Secondary -c Claiming", OK, r'"Primary"'),
    "matches: warning": (
        nothing,
        "-C matches -o ns -n hacurmasterstate -w Primary -c Claiming",
        WARNING,
        r'matches keyword "Primary"',
    ),
    "matches: critical": (
        all_down,
        "-C matches -o lbvserver -n state -w OUT -c DOWN -L name",
        CRITICAL,
        r'state\[web\]: "DOWN" matches',
    ),
    "matches: no such field": (nothing, "-C matches -o ns -n nonsense -w a -c b", UNKNOWN, r"field 'nonsense' not found"),
    "matches_not: equal": (web, "-C matches_not -o lbvserver -n state -w UP -c UP", OK, r"keyword matches_not"),
    "matches_not: warning": (web, "-C matches_not -o lbvserver -n state -w DOWN -c UP", WARNING, r'matches_not keyword "DOWN"'),
    "matches_not: critical": (
        all_down,
        "-C matches_not -o lbvserver -n state -w UP -c UP",
        CRITICAL,
        r'"DOWN" matches_not keyword "UP"',
    ),
    "matches_not: nothing configured": (
        nothing,
        "-C matches_not -o csvserver -n state -w UP -c UP",
        UNKNOWN,
        r"not found in API response",
    ),
    "nsconfig: saved": (saved, "-C nsconfig", OK, r"OK - No unsaved configuration changes"),
    "nsconfig: unsaved": (unsaved, "-C nsconfig", WARNING, r"WARNING - Unsaved configuration changes detected"),
    "hastatus: stand-alone": (nothing, "-C hastatus", CRITICAL, r"not configured for high availability"),
    "hastatus: no such type": (nothing, "-C hastatus -o nonsense", UNKNOWN, r"API error 400"),
    "servicegroup: all up": (
        web,
        "-C servicegroup -n group",
        OK,
        r"group \(HTTP\) - state: UP - member quorum: 100.00% \(UP/DOWN\): 2/0",
    ),
    "servicegroup: wants more than all": (web, "-C servicegroup -n group -w 100 -c 50", WARNING, r"WARNING - group .* 100.00%"),
    "servicegroup: half": (member_disabled, "-C servicegroup -n group", CRITICAL, r"state: PARTIAL-UP - member quorum: 50.00%"),
    "servicegroup: none": (
        all_down,
        "-C servicegroup -n group",
        CRITICAL,
        r"state: DOWN - member quorum: 0.00% \(UP/DOWN\): 0/2",
    ),
    "servicegroup: not there": (nothing, "-C servicegroup -n none", UNKNOWN, r"Resource not found: servicegroup/none"),
    "hwinfo": (
        nothing,
        "-C hwinfo",
        OK,
        r"Platform: NetScaler Virtual Appliance 450070; .*CPU: 2400MHz; .*Build Version: NetScaler NS14",
    ),
    "interfaces by stat": (
        nothing,
        "-C perfdata -o Interface -n totrxbytes,tottxbytes -L id",
        OK,
        r"collected \d+ metrics from Interface",
    ),
    "interfaces by config": (
        nothing,
        "-C matches -e config -o Interface -n state -w X -c DISABLED",
        OK,
        r'Interface.state\[0\]: "ENABLED"',
    ),
    "perfdata: the box": (
        nothing,
        "-C perfdata -o ns -n txmbitsrate,tcpcurclientconnestablished",
        OK,
        r"TX \S+ MBits/s, ClientConn \d",
    ),
    "perfdata: virtual servers": (web, "-C perfdata -o lbvserver -n totalrequests -L name", OK, r"'web.totalrequests'=0.0"),
    "perfdata: no number": (web, "-C perfdata -o lbvserver -n state", UNKNOWN, r"no numeric values found"),
    "license: good": (nothing, "-C license -w 30 -c 10", OK, r"nslicense modelid=10000 mode=Local expires in 365 days"),
    "license: soon": (nothing, "-C license -w 400 -c 10", WARNING, r"expires in 365 days"),
    "license: very soon": (nothing, "-C license -w 500 -c 400", CRITICAL, r"expires in 365 days"),
    "license: no thresholds": (nothing, "-C license", UNKNOWN, r"requires warning and critical thresholds"),
    "license: lease": (lease, "-C license -o nslaslicense -w 15 -c 10", OK, r"status=ACTIVE entitlement expires in 20 days"),
    "license: lease ends soon": (
        lease,
        "-C license -o nslaslicense -w 30 -c 10",
        WARNING,
        r"status=ACTIVE entitlement expires in 20",
    ),
    "license: no lease": (nothing, "-C license -o nslaslicense -w 30 -c 10", CRITICAL, r"nslaslicense status="),
    "staserver: all up": (authorities, "-C staserver", OK, r"http://198.51.100.1 OK \(STA\w+\); http://198.51.100.2 OK"),
    "staserver: one down": (
        one_authority_down,
        "-C staserver",
        WARNING,
        r"http://198.51.100.1 unavailable; http://198.51.100.2 OK",
    ),
    "staserver: none up": (
        no_authority_up,
        "-C staserver",
        CRITICAL,
        r"198.51.100.1 unavailable; http://198.51.100.2 unavailable",
    ),
    "staserver: none bound": (nothing, "-C staserver", UNKNOWN, r"not found in API response"),
    "staserver: of a gateway": (gateway, "-C staserver -n gw", OK, r"http://198.51.100.1 OK"),
    "staserver: no such gateway": (nothing, "-C staserver -n none", UNKNOWN, r"Resource not found"),
    "ntp: in step": (
        peers,
        "-C ntp -w o=5,s=3,j=10,t=1 -c o=9,s=5,j=20,t=0",
        OK,
        r"Offset \S+ secs, jitter=\S+, stratum=1, truechimers=2",
    ),
    "ntp: too few peers": (peers, "-C ntp -w t=2 -c t=0", WARNING, r"truechimers=2 \(WARNING\)"),
    "ntp: far too few": (peers, "-C ntp -w t=4 -c t=3", CRITICAL, r"truechimers=2 \(CRITICAL\)"),
    "ntp: no peers": (lonely_clock, "-C ntp", CRITICAL, r"Server not synchronized"),
    "ntp: off": (nothing, "-C ntp", CRITICAL, r"ntp: Sync DISABLED"),
    "debug: stat": (web, "-C debug -o lbvserver -n web", OK, r'"vslbhealth": "100"'),
    "debug: config": (web, "-C debug -e config -o lbvserver -n web", OK, r'"lbmethod": "LEASTCONNECTION"'),
    "debug: no such type": (nothing, "-C debug -o nonsense", UNKNOWN, r"UNKNOWN - Error fetching debug data: API error 400"),
}


@pytest.mark.parametrize("case", CASES)
def test_outcome(simulator: Simulator, case: str) -> None:
    prepare, arguments, status, pattern = CASES[case]
    prepare(simulator, Nitro(simulator.url))
    code, printed = check(simulator, *arguments.split())
    assert re.search(pattern, printed, re.DOTALL), printed
    assert code == status, printed


def test_hastatus_of_a_pair(start_simulator: Callable[..., Simulator]) -> None:
    pair = start_simulator(ha=True)
    code, printed = check(pair, "-C", "hastatus")
    assert (code, "hacurmasterstate Primary; hacurstate UP" in printed) == (OK, True), printed
    pair.control("POST", "failover")
    assert "hacurmasterstate Secondary" in check(pair, "-C", "hastatus")[1]
    Nitro(pair.url).put("hanode", {"hanode": {"id": 0, "hastatus": "STAYSECONDARY"}})
    code, printed = check(pair, "-C", "hastatus")
    assert (code, "hacurmasterstate STAYSECONDARY" in printed) == (WARNING, True), printed


@pytest.mark.parametrize("endpoint", ["config", "stat"])
def test_interfaces_looks_for_a_key_that_no_appliance_sends(simulator: Simulator, endpoint: str) -> None:
    """A live box answers ``interface`` under the key ``Interface``; version 3 of the plugin looks for the other spelling."""
    code, printed = check(simulator, "-C", "interfaces", "-e", endpoint)
    assert (code, printed.strip()) == (UNKNOWN, "UNKNOWN - interfaces: 'interface' not found in API response")


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        pytest.param({"fault": "reject", "errorcode": 2138}, "Insufficient permissions", id="not allowed"),
        pytest.param({"fault": "html"}, "API error 503", id="booting"),
        pytest.param({"fault": "drop_before"}, "Connection failed", id="connection cut"),
        pytest.param({"fault": "expire"}, "API error 401", id="session expired"),
    ],
)
def test_what_fails_is_unknown(simulator: Simulator, fault: dict[str, object], message: str) -> None:
    simulator.faults({**fault, "kind": "nsconfig"})
    code, printed = check(simulator, "-C", "nsconfig")
    assert (code, message in printed) == (UNKNOWN, True), printed


def test_a_wrong_password_is_unknown(simulator: Simulator) -> None:
    code, printed = check(simulator, "-C", "nsconfig", password="wrong")
    assert (code, "Authentication failed" in printed) == (UNKNOWN, True), printed


def test_every_run_logs_out(simulator: Simulator) -> None:
    check(simulator, "-C", "nsconfig")
    assert (simulator.count("POST", "login"), simulator.count("POST", "logout")) == (1, 1)
    assert simulator.control("GET", "status")["sessions"] == 0


def test_it_speaks_tls(start_simulator: Callable[..., Simulator]) -> None:
    simulator = start_simulator(tls=True)
    command = [sys.executable, "-m", "check_netscaler", "-H", simulator.host, "-P", str(simulator.port), "-C", "nsconfig"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout.strip()) == (OK, "OK - No unsaved configuration changes")
