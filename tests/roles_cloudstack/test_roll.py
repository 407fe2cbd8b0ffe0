# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""The role replaces machines a batch at a time: drain, replace, wait, the next ones."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from nitrox.cloudstack.testing import Simulator

from .cluster import client
from .desk import PLAYBOOKS, Desk

WEB = ["shop-web-1", "shop-web-2", "shop-web-3"]
NOTE = str(Path(__file__).parent / "note.yml")


def offerings(cloud: Simulator) -> list[str]:
    """The first words of the machines' offerings, in the order of their names."""
    api = client(cloud)
    rows = api.list("listVirtualMachines", "virtualmachine")
    api.close()
    return [row["serviceofferingname"].split()[0] for row in sorted(rows, key=lambda row: str(row["name"]))]


class Roll:
    """The example's machines become larger, two at a time."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        inventory = yaml.safe_load((PLAYBOOKS / "inventory.yml").read_text(encoding="utf-8"))
        (group,) = inventory["cloudstack"]["hosts"]["shop"]["cloudstack_cluster_groups"]
        self.variables = {
            "cloudstack_cluster_groups": [{**group, "offering": "Medium Instance"}], "cloudstack_cluster_replace": WEB,
            "cloudstack_cluster_batch": 2, "cloudstack_cluster_drain_tasks": NOTE, "cloudstack_cluster_ready_tasks": NOTE,
            "simulator": desk.cloud.url, "notes": str(desk.folder / "notes"),
        }  # fmt: skip

    def __call__(self, *arguments: str, fails: bool = False, **more: Any) -> tuple[int, str, list[str]]:
        """How many tasks changed something, the output, and what was noted in this run."""
        notes = self.desk.folder / "notes"
        notes.unlink(missing_ok=True)
        changed, text = self.desk.play("site", *arguments, fails=fails, **{**self.variables, **more})
        return changed, text, notes.read_text(encoding="utf-8").splitlines() if notes.exists() else []


@pytest.fixture(name="roll")
def _roll(desk: Desk) -> Roll:
    desk.play("site")
    return Roll(desk)


def test_a_roll(roll: Roll, cloud: Simulator) -> None:
    before = cloud.writes()
    changed, text, _notes = roll("--check", "-v")
    assert (changed > 0, cloud.writes()) == (True, before)
    assert [name for name in WEB if f'"name": "{name}", "verb": "create"' in text] == WEB
    notes = roll()[2]
    assert notes == [
        "drain shop-web-1,shop-web-2 after 0 and 3", "ready shop-web-1,shop-web-2 after 2 and 5",
        "drain shop-web-3 after 2 and 5", "ready shop-web-3 after 3 and 6",
    ]  # fmt: skip
    assert offerings(cloud) == ["Medium"] * 3
    writes = cloud.writes()
    assert (roll()[0], cloud.writes()) == (0, writes)


def test_a_step_that_fails_ends_the_roll_and_a_rerun_goes_on(roll: Roll, cloud: Simulator) -> None:
    assert "still busy" in roll(fails=True, stubborn="shop-web-2")[1]
    assert offerings(cloud) == ["Small"] * 3
    roll.variables["cloudstack_cluster_batch"] = 1
    cloud.faults({"fault": "job_fails", "command": "deployVirtualMachine", "message": "no room"})
    _changed, text, notes = roll(fails=True)
    assert (notes, "no room" in text) == (["drain shop-web-1 after 0 and 3"], True)
    assert offerings(cloud).count("Small") == 2
    notes = roll(fails=True, stubborn="shop-web-1")[2]
    assert ([note.split(" after")[0] for note in notes], offerings(cloud)) == (["ready shop-web-1"], ["Medium", "Small", "Small"])
    notes = roll()[2]
    assert [note.split(" after")[0] for note in notes] == [
        "ready shop-web-1", "drain shop-web-2", "ready shop-web-2", "drain shop-web-3", "ready shop-web-3",
    ]  # fmt: skip
    assert offerings(cloud) == ["Medium"] * 3


def test_a_machine_that_falls_again_and_again_ends_the_roll(roll: Roll, cloud: Simulator) -> None:
    """Each turn mends it first and may take no other: after as many turns as were needed there is an end."""
    _changed, text, notes = roll(fails=True, cloudstack_cluster_batch=1, falls="shop-web-1")
    assert "still to be replaced: shop-web-2, shop-web-3: run it again to go on from there" in text
    assert [note.split(" after")[0] for note in notes] == ["drain shop-web-1", "ready shop-web-1"]
    assert (cloud.count("startVirtualMachine"), cloud.count("destroyVirtualMachine")) == (2, 1)
    assert offerings(cloud) == ["Medium", "Small", "Small"]
