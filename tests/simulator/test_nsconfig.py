# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Saving, clearing, rebooting; sessions; partitions; the pair (PROTOCOL 2, 11, 13, 14, 21)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from nitrox.simulator.testing import Simulator, running

from .nitro import Nitro

VSERVER = {"name": "v1", "servicetype": "HTTP"}


@pytest.fixture(scope="module", name="box")
def _box() -> Iterator[Simulator]:
    with running() as simulator:
        yield simulator


@pytest.fixture(name="nitro")
def _nitro(box: Simulator) -> Nitro:
    box.reset()
    box.control("POST", "options", {"save_seconds": 0, "boot_seconds": 0})
    return Nitro(box.url)


def test_what_is_not_saved_is_lost_at_a_reboot_and_so_are_sessions(box: Simulator, nitro: Nitro) -> None:
    nitro.add("lbvserver", name="saved", servicetype="HTTP")
    assert nitro.get("nsconfig").body["nsconfig"]["configchanged"] is True
    assert nitro.post("nsconfig?action=save", {"nsconfig": {}}).status == 200
    assert nitro.get("nsconfig").body["nsconfig"]["configchanged"] is False
    nitro.add("lbvserver", name="unsaved", servicetype="HTTP")
    assert nitro.post("reboot", {"reboot": {"warm": True}}).status == 200
    assert nitro.get("lbvserver").errorcode == 1027
    assert [row["name"] for row in Nitro(box.url).rows("lbvserver")] == ["saved"]
    assert box.counters()["saves"] == 1


def test_it_is_away_while_it_boots(box: Simulator, nitro: Nitro) -> None:
    box.control("POST", "options", {"boot_seconds": 60})
    nitro.post("reboot", {"reboot": {"warm": True}})
    answer = nitro.post("login", {"login": {"username": "nsroot", "password": "nsroot"}}, auth=False)
    assert (answer.status, answer.reason) == (503, "Service Unavailable")
    box.control("POST", "clock", {"advance": 61})
    assert nitro.post("login", {"login": {"username": "nsroot", "password": "nsroot"}}, auth=False).status == 201


def test_overlapping_saves(box: Simulator, nitro: Nitro) -> None:
    box.control("POST", "options", {"save_seconds": 5})
    assert nitro.post("nsconfig?action=save", {"nsconfig": {}}).status == 200
    busy = nitro.post("nsconfig?action=save", {"nsconfig": {"all": True}})
    assert (busy.status, busy.errorcode) == (599, 293)
    box.control("POST", "clock", {"advance": 6})
    assert nitro.post("nsconfig?action=save", {"nsconfig": {}}).status == 200


@pytest.mark.parametrize(("level", "features_stay"), [("basic", True), ("extended", False), ("full", False)])
def test_clear_keeps_what_its_level_keeps(nitro: Nitro, level: str, features_stay: bool) -> None:
    nitro.add("lbvserver", **VSERVER)
    nitro.post("nsfeature?action=enable", {"nsfeature": {"feature": ["GSLB"]}})
    assert nitro.post("nsconfig?action=clear", {"nsconfig": {"level": level}}).status == 200
    assert nitro.rows("lbvserver") == []
    assert nitro.get("nsfeature").body["nsfeature"]["gslb"] is features_stay


def test_diff_shows_what_is_not_saved_without_secrets(nitro: Nitro) -> None:
    nitro.add("systemuser", username="ops", password="hidden-word")
    body = {"nsconfig": {"config1": "/nsconfig/ns.conf", "config2": "running", "outtype": "cli"}}
    text = nitro.post("nsconfig?action=diff", body).body["nsconfig"]["response"]
    assert text == "> add system user ops -password ********"
    assert "hidden-word" not in text


def test_a_killed_session_is_told_so(box: Simulator, nitro: Nitro) -> None:
    other = Nitro(box.url)
    numbers = {row["sid"]: row["currentconn"] for row in nitro.rows("systemsession")}
    own = next(sid for sid, current in numbers.items() if current)
    assert nitro.post("systemsession?action=kill", {"systemsession": {"sid": own}}).errorcode == 449
    assert nitro.post("systemsession?action=kill", {"systemsession": {"sid": "999"}}).errorcode == 452
    assert nitro.post("systemsession?action=kill", {"systemsession": {"all": True}}).status == 200
    assert other.get("lbvserver").errorcode == 444


def test_sessions_are_limited(nitro: Nitro) -> None:
    assert nitro.put("systemparameter", {"systemparameter": {"restrictedtimeout": "ENABLED", "timeout": 600}}).status == 200
    codes = [
        nitro.post("login", {"login": {"username": "nsroot", "password": "nsroot"}}, auth=False).errorcode for _n in range(40)
    ]
    assert codes == [0] * 39 + [445]


def test_a_password_is_never_shown(nitro: Nitro) -> None:
    nitro.add("systemuser", username="ops", password="hidden-word")
    answer = nitro.get("systemuser/ops")
    assert "hidden-word" not in answer.text
    assert answer.body["systemuser"][0]["hashedpassword"]


def test_a_user_may_do_what_its_policies_allow(nitro: Nitro) -> None:
    nitro.add("systemuser", username="ops", password="hidden-word")
    as_ops = {"auth": False, "headers": {"X-NITRO-USER": "ops", "X-NITRO-PASS": "hidden-word"}}
    assert (nitro.get("nsversion", **as_ops).status, nitro.get("nsversion", **as_ops).errorcode) == (403, 371)
    nitro.bind("systemuser_systemcmdpolicy_binding", username="ops", policyname="read-only", priority=10)
    assert nitro.get("nsversion", **as_ops).status == 200
    refused = nitro.post("lbvserver", {"lbvserver": VSERVER}, **as_ops)
    assert (refused.status, refused.errorcode) == (403, 2138)
    nitro.bind("systemuser_systemcmdpolicy_binding", username="ops", policyname="superuser", priority=5)
    assert nitro.post("lbvserver", {"lbvserver": VSERVER}, **as_ops).status == 201


def test_partitions_do_not_see_each_other(box: Simulator, nitro: Nitro) -> None:
    nitro.add("lbvserver", **VSERVER)
    nitro.add("nspartition", partitionname="p1")
    assert nitro.post("nspartition?action=Switch", {"nspartition": {"partitionname": "nope"}}).errorcode == 2755
    assert nitro.post("nspartition?action=Switch", {"nspartition": {"partitionname": "p1"}}).status == 200
    assert nitro.rows("lbvserver") == []
    nitro.add("lbvserver", name="inside", servicetype="HTTP")
    assert [row["name"] for row in Nitro(box.url).rows("lbvserver")] == ["v1"]
    assert nitro.post("nsconfig?action=save", {"nsconfig": {}}).status == 200
    assert Nitro(box.url).delete("nspartition/p1").errorcode == 2757
    assert nitro.post("nspartition?action=Switch", {"nspartition": {"partitionname": "default"}}).status == 200
    nitro.post("reboot", {"reboot": {"warm": True}})
    state = box.control("GET", "state")
    assert [row["name"] for row in state["p1"]["lbvserver"]] == ["inside"]
    assert "lbvserver" not in state["default"]


@pytest.fixture(scope="module", name="pair")
def _pair() -> Iterator[Simulator]:
    with running(ha=True) as simulator:
        yield simulator


def _state(url: str) -> str:
    return str(Nitro(url).rows("hanode/0")[0]["state"])


def test_a_stand_alone_box_is_primary_and_cannot_fail_over(nitro: Nitro) -> None:
    assert nitro.rows("hanode/0")[0]["state"] == "Primary"
    assert nitro.post("hafailover?action=Force", {"hafailover": {"force": True}}).errorcode == 363


def test_a_pair_replicates_fails_over_and_loses_its_sessions(pair: Simulator) -> None:
    pair.reset()
    first, second = pair.urls
    assert (_state(first), _state(second)) == ("Primary", "Secondary")
    nitro = Nitro(first)
    nitro.add("lbvserver", **VSERVER)
    assert [row["name"] for row in Nitro(second).rows("lbvserver")] == ["v1"]
    assert nitro.post("hafailover?action=Force", {"hafailover": {"force": True}}).status == 200
    assert nitro.get("lbvserver").errorcode == 1027
    assert (_state(first), _state(second)) == ("Secondary", "Primary")


def test_a_write_on_a_secondary_is_a_warning_and_is_overwritten(pair: Simulator) -> None:
    pair.reset()
    first, second = (Nitro(url) for url in pair.urls)
    answer = second.post("lbvserver?warning=yes", {"lbvserver": {"name": "local", "servicetype": "HTTP"}})
    assert answer.status == 209
    assert answer.headers["X-NITRO-WARNING"].startswith("1028 - You are connected to a secondary node")
    first.add("lbvserver", **VSERVER)
    assert [row["name"] for row in second.rows("lbvserver")] == ["v1"]
