# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the appliance comes from, and how often a run logs in."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.session import Target
from ansible_collections.nitrox.netscaler.plugins.plugin_utils.login import SharedLogin

from .conftest import Played, ansible_playbook

if TYPE_CHECKING:
    from nitrox.simulator.testing import Simulator

SERVER = {"nitrox.netscaler.server": {"name": "one", "ipaddress": "198.51.100.1"}}
NOWHERE = "http://127.0.0.1:1"
Write = Callable[..., Played]


@pytest.fixture
def whole(tmp_path: Path) -> Write:
    """Run one play that is given as a whole, on an inventory of two hosts."""

    def run(play: dict[str, Any], *options: str, **environment: str) -> Played:
        inventory = {"all": {"hosts": {name: {"ansible_host": "192.0.2.99"} for name in ("first", "second")}}}
        (tmp_path / "inventory.yml").write_text(yaml.safe_dump(inventory), encoding="utf-8")
        content = [{"hosts": "first", "gather_facts": False, "tasks": [SERVER], **play}]
        (tmp_path / "play.yml").write_text(yaml.safe_dump(content), encoding="utf-8")
        return ansible_playbook(tmp_path, tmp_path / "play.yml", "-i", str(tmp_path / "inventory.yml"), *options, **environment)

    return run


def target(url: str, prefix: str = "") -> dict[str, Any]:
    return {f"{prefix}url": url, f"{prefix}username": "nsroot", f"{prefix}password": "nsroot"}


def defaults(url: str) -> dict[str, Any]:
    return {"group/nitrox.netscaler.all": {**target(url), "retries": 0}}


def test_from_the_environment(whole: Write, simulator: Simulator) -> None:
    environment = {f"NS_{name.upper()}": value for name, value in target(simulator.url).items()}
    assert whole({}, **environment).changed == [True]


def test_variables_of_the_host_come_before_the_environment(whole: Write, simulator: Simulator) -> None:
    played = whole({"vars": target(simulator.url, "netscaler_")}, NETSCALER_URL=NOWHERE)
    assert played.changed == [True]


def test_module_defaults_come_before_variables(whole: Write, simulator: Simulator) -> None:
    play = {"module_defaults": defaults(simulator.url), "vars": target(NOWHERE, "netscaler_")}
    assert whole(play).changed == [True]


def test_the_task_comes_first(whole: Write, simulator: Simulator) -> None:
    task = {"nitrox.netscaler.server": {**SERVER["nitrox.netscaler.server"], "url": simulator.url}}
    assert whole({"module_defaults": defaults(NOWHERE), "tasks": [task]}).changed == [True]


def test_variables_are_templated(whole: Write, simulator: Simulator) -> None:
    variables = {**target("http://{{ there }}", "netscaler_"), "there": simulator.url.removeprefix("http://")}
    assert whole({"vars": variables}).changed == [True]


def test_all_that_is_missing_is_told_at_once(whole: Write) -> None:
    played = whole({})
    assert played.code != 0
    assert all(name in played.last["msg"] for name in ("url", "username", "password"))


def test_hosts_and_their_workers_share_one_login_and_end_it(whole: Write, simulator: Simulator) -> None:
    items = {
        "nitrox.netscaler.server": {"name": "{{ inventory_hostname }}-{{ item }}", "ipaddress": "198.51.100.{{ nr }}{{ item }}"}
    }
    looped = {**items, "loop": [1, 2, 3], "vars": {"nr": "{{ 1 if inventory_hostname == 'first' else 2 }}"}}
    info = {"nitrox.netscaler.config_info": {"kinds": ["server"]}}
    played = whole({"hosts": "all", "module_defaults": defaults(simulator.url), "tasks": [looped, info, info]})
    assert played.code == 0, played.output
    counters = simulator.counters()
    assert counters["logins"] == 1
    assert counters["requests"]["POST"]["logout"] == 1


def test_a_session_that_expires_between_tasks_is_replaced(whole: Write, simulator: Simulator) -> None:
    simulator.faults({"fault": "expire", "method": "GET", "kind": "server", "skip": 2})
    played = whole({"module_defaults": defaults(simulator.url), "tasks": [SERVER, SERVER, SERVER]})
    assert played.code == 0, played.output
    assert played.changed == [True, False, False]
    assert simulator.counters()["logins"] == 2


def test_an_option_that_hides_an_attribute_is_warned_of(whole: Write, simulator: Simulator) -> None:
    task = {"nitrox.netscaler.lbvserver": {"name": "web", "servicetype": "HTTP", "timeout": 20}}
    played = whole({"module_defaults": defaults(simulator.url), "tasks": [task]})
    assert "timeout is about requests" in " ".join(played.output.split())
    without = whole({"module_defaults": {"group/nitrox.netscaler.all": {**target(simulator.url), "timeout": 20}}})
    assert "about requests" not in without.output


def test_the_token_is_for_its_owner_only(tmp_path: Path) -> None:
    there = Target(urls=("http://192.0.2.1",), username="u", password="planted-word-42")
    login = SharedLogin(str(tmp_path), there)
    assert login.get() is None
    login.put("token http://192.0.2.1")
    assert login.path.stat().st_mode & 0o777 == 0o600
    assert SharedLogin(str(tmp_path), there).get() == "token http://192.0.2.1"
    assert "planted-word-42" not in login.path.read_text(encoding="utf-8")


def test_another_password_is_another_login(tmp_path: Path) -> None:
    def login(password: str) -> SharedLogin:
        return SharedLogin(str(tmp_path), Target(urls=("http://192.0.2.1",), username="u", password=password))

    login("right").put("token http://192.0.2.1")
    other = login("wrong")
    assert other.get() is None
    other.release()
