# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""The playbooks as users run them."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from nitrox.cloudstack.testing import Simulator

from .cluster import KEY, client, mine, objects

TOP = Path(__file__).parents[2]
PLAYBOOKS = TOP / "playbooks/cloudstack"
RECAP = re.compile(r"ok=(\d+)\s+changed=(\d+)\s+unreachable=(\d+)\s+failed=(\d+)")


class Desk:
    """Where somebody runs commands, with the account in the environment."""

    def __init__(self, cloud: Simulator, folder: Path) -> None:
        self.folder, self.cloud = folder, cloud
        (folder / "key.pub").write_text(KEY, encoding="utf-8")
        account = {"CLOUDSTACK_ENDPOINT": cloud.endpoint, "CLOUDSTACK_KEY": cloud.key, "CLOUDSTACK_SECRET": cloud.secret}
        places = {"ANSIBLE_CONFIG": str(TOP / "ansible.cfg"), "ANSIBLE_HOME": str(folder / "home")}
        self.environment = {**os.environ, **account, **places, "ANSIBLE_NOCOLOR": "1"}

    def run(self, command: str, *arguments: str, fails: bool = False) -> str:
        """The output of one of Ansible's commands."""
        full = [str(Path(sys.executable).parent / command), *arguments]
        done = subprocess.run(full, cwd=TOP, env=self.environment, capture_output=True, text=True, timeout=120, check=False)
        assert (done.returncode != 0) == fails, done.stdout + done.stderr
        return done.stdout + done.stderr

    def play(self, name: str, *arguments: str, fails: bool = False) -> tuple[int, str]:
        """How many tasks changed something, and the output."""
        variables = {"shop_public_key": str(self.folder / "key.pub"), "drained": str(self.folder / "drained")}
        inventory = ("-i", str(PLAYBOOKS / "inventory.yml"), "-e", json.dumps(variables))
        text = self.run("ansible-playbook", str(PLAYBOOKS / f"{name}.yml"), *inventory, *arguments, fails=fails)
        recap = RECAP.search(text)
        assert recap is not None, text
        assert self.cloud.secret not in text
        return int(recap[2]), text


@pytest.fixture(name="desk")
def _desk(cloud: Simulator, tmp_path: Path) -> Desk:
    return Desk(cloud, tmp_path)


def plain(value: Any) -> Any:
    """A value of an inventory: what came from outside may be marked as no template."""
    return value["__ansible_unsafe"] if isinstance(value, dict) else value


def names(cloud: Simulator) -> list[str]:
    """The machines that there are."""
    return sorted(row["name"] for row in mine(cloud, "virtualmachine"))


def test_from_nothing_to_nothing(desk: Desk, cloud: Simulator) -> None:
    changed, text = desk.play("site", "-vvv")
    assert changed == 1
    assert "create machine shop-web-1" in text
    assert "shop-web-2 10.20.0.3, ssh to 198.18.0.11 port 2202" in text
    before = cloud.writes()
    assert desk.play("site")[0] == 0
    assert cloud.writes() == before
    drain = ("-e", f"cloudstack_cluster_drain_tasks={Path(__file__).parent / 'drain.yml'}")
    fewer = ("-e", "group=web", "-e", "count=1")
    assert "still busy" in desk.play("scale", *fewer, *drain, "-e", '{"drain_fails": true}', fails=True)[1]
    assert names(cloud) == ["shop-web-1", "shop-web-2", "shop-web-3"]
    desk.play("scale", *fewer, *drain)
    assert (desk.folder / "drained").read_text(encoding="utf-8") == "shop-web-2,shop-web-3"
    assert names(cloud) == ["shop-web-1"]
    assert "this removes everything of shop" in desk.play("teardown", fails=True)[1]
    assert desk.play("teardown", "-e", "confirm=shop")[0] == 1
    assert objects(cloud) == {}


def test_repair_and_inventory(desk: Desk, cloud: Simulator) -> None:
    desk.play("site")
    machine = next(row for row in mine(cloud, "virtualmachine") if row["name"] == "shop-web-2")
    api = client(cloud)
    api.write("destroyVirtualMachine", id=machine["id"], expunge=True)
    api.close()
    text = desk.play("repair")[1]
    assert "create machine shop-web-2" in text
    assert names(cloud) == ["shop-web-1", "shop-web-2", "shop-web-3"]
    shown = json.loads(desk.run("ansible-inventory", "-i", str(PLAYBOOKS / "shop.cloudstack_cluster.yml"), "--list"))
    assert shown["shop_web"]["hosts"] == ["shop-web-1", "shop-web-2", "shop-web-3"]
    first = shown["_meta"]["hostvars"]["shop-web-1"]
    assert (plain(first["ansible_host"]), first["ansible_port"], first["ansible_user"]) == ("198.18.0.11", 2201, "debian")
    assert plain(first["cloudstack_tags"]["nitrox"]) == "shop"


def test_check_mode_tells_and_does_nothing(desk: Desk, cloud: Simulator) -> None:
    changed, _text = desk.play("site", "--check")
    assert changed == 1
    assert cloud.writes() == {}


def test_what_is_wrong_is_one_message(desk: Desk, cloud: Simulator) -> None:
    text = desk.play("site", "-e", "cloudstack_cluster_zone=Zurich", fails=True)[1]
    assert "there is no zone Zurich; there are Sandbox-simulator-advanced, Sandbox-simulator-basic. Nothing was changed." in text
    assert cloud.writes() == {}
