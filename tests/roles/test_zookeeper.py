# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""An ensemble of ZooKeepers on real nodes: it is made, grows, is restarted one by one, and a bad setting stops at the first."""

from __future__ import annotations

import sys
from itertools import pairwise

import pytest

from .conftest import ADDRESSES, Ground, Played, role

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(900)]
BEGUN = "systemctl show -P ExecMainStartTimestampMonotonic nitrox-zookeeper"
# All nodes have the clock of this machine, and systemd writes down the same one.
WATCH = """
import socket, sys, time
print("watching", flush=True)
while True:
    for name, address in zip(sys.argv[1::2], sys.argv[2::2]):
        try:
            with socket.create_connection((address, 2181), timeout=1) as link:
                link.settimeout(1)
                link.sendall(b"srvr")
                said = b"".join(iter(lambda: link.recv(4096), b""))
        except OSError:
            continue
        if b"Mode: " in said:
            print(name, int(time.monotonic() * 1e6), flush=True)
    time.sleep(0.1)
"""


# Nothing from a member that is down, which the tests count.
MODE = "bash -c 'exec 3<>/dev/tcp/127.0.0.1/2181 && printf srvr >&3 && grep ^Mode: <&3' 2>/dev/null || true"


def ensemble(ground: Ground, *options: str, members: int = 3, wait: int = 60, **settings: object) -> Played:
    names = {f"n{number}": number for number in range(1, members + 1)}
    wanted = {"zookeeper_ensemble": names, "zookeeper_settings": settings, "zookeeper_wait_seconds": wait}
    return ground.play(role("zookeeper", ",".join(names), **wanted), *options)


def modes(ground: Ground) -> list[str]:
    return sorted(said.removeprefix("Mode: ") for said in ground.each(MODE).values())


@pytest.fixture(scope="module")
def three(ground: Ground) -> Ground:
    """An ensemble of two that became one of three."""
    ensemble(ground, "--check", members=2).some()
    ensemble(ground, members=2).some()
    ensemble(ground).some()
    return ground


def test_an_ensemble_is_made_and_grows(three: Ground) -> None:
    assert modes(three) == ["follower", "follower", "leader"]
    ensemble(three).nothing()
    ensemble(three, "--check").nothing()


def test_each_member_serves_again_before_the_next_one_goes(three: Ground) -> None:
    before, leader = three.each(BEGUN), next(name for name, mode in three.each(MODE).items() if mode == "Mode: leader")
    pairs = [part for pair in ADDRESSES.items() for part in pair]
    three.net.start("watch", [sys.executable, "-c", WATCH, *pairs], ready="watching")
    ensemble(three, maxClientCnxns=7).some()
    after = {name: int(begun) for name, begun in three.each(BEGUN).items()}
    assert all(after[name] > int(before[name]) for name in before)
    order = sorted(after, key=lambda name: after[name])
    served = [line.split() for line in (three.net.folder / "watch.log").read_text(encoding="utf-8").splitlines()[1:]]
    for name, following in pairwise(order):
        assert any(who == name and after[name] < int(when) < after[following] for who, when in served)
    assert order[-1] == leader


def test_a_member_that_does_not_come_back_stops_the_roll(three: Ground) -> None:
    before = three.each(BEGUN)
    refused = ensemble(three, wait=5, tickTime="often")
    assert refused.code == 2
    assert "does not serve after 5 seconds, and no other member is restarted" in " ".join(refused.output.split())
    assert "Invalid config" in refused.output
    again = ensemble(three, wait=5, tickTime="seldom")
    assert again.code == 2
    assert "does not serve: bring it back" in " ".join(again.output.split())
    assert sorted(mode != "" for mode in three.each(MODE).values()) == [False, True, True]
    assert len(before.items() & three.each(BEGUN).items()) == 2
    assert sum("tickTime=seldom" in settings for settings in three.each("cat /etc/nitrox-zookeeper/zoo.cfg").values()) == 1
    ensemble(three, maxClientCnxns=8).some()
    assert modes(three) == ["follower", "follower", "leader"]
    assert not before.items() & three.each(BEGUN).items()
    ensemble(three, maxClientCnxns=8).nothing()
