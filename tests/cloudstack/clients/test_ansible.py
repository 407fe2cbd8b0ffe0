# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""The modules and the inventory plugin of ngine_io.cloudstack, unmodified, against the simulator: a playbook that makes an
object of every kind that they cover, and one that takes them away. Each run is a real ``ansible-playbook``."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from nitrox.cloudstack.testing import Simulator, running

pytest.importorskip("cs", reason="the clients' extra is not installed")
pytest.importorskip("ansible", reason="ansible is not installed")
if find_spec("ansible_collections") is None or find_spec("ansible_collections.ngine_io") is None:
    pytest.skip("the community collections (package ansible) are not installed", allow_module_level=True)

PLAYBOOKS = Path(__file__).parent / "playbooks"
GROWS = {"asyncjob", "event"}  # what every run leaves behind


@pytest.fixture(scope="module", name="site")
def _site() -> Iterator[Simulator]:
    with running() as simulator:
        yield simulator


def environment(cloud: Simulator, home: Path) -> dict[str, str]:
    """What a user would set."""
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith(("ANSIBLE_", "CLOUDSTACK_"))},
        "CLOUDSTACK_ENDPOINT": cloud.endpoint,
        "CLOUDSTACK_KEY": cloud.key,
        "CLOUDSTACK_SECRET": cloud.secret,
        "ANSIBLE_HOME": str(home),
        "ANSIBLE_NOCOLOR": "1",
        "ANSIBLE_DEPRECATION_WARNINGS": "0",
        "ANSIBLE_LOCALHOST_WARNING": "0",
    }


def play(cloud: Simulator, home: Path, name: str, *options: str) -> dict[str, int]:
    """Run a playbook; returns the numbers of its recap. Fails with what it printed when a task failed."""
    command = [str(Path(sys.executable).with_name("ansible-playbook")), str(PLAYBOOKS / name), *options]
    done = subprocess.run(command, capture_output=True, text=True, env=environment(cloud, home), cwd=home)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
    recap = re.search(r"^localhost +: (.*)$", done.stdout, re.MULTILINE)
    assert recap, done.stdout
    return {key: int(value) for key, value in re.findall(r"(\w+)=(\d+)", recap.group(1))}


def objects(cloud: Simulator) -> dict[str, list[str]]:
    """The ids of everything there is, by kind."""
    state = cloud.control("GET", "state")
    return {kind: sorted(row["id"] for row in rows) for kind, rows in state.items() if kind not in GROWS and rows}


@pytest.mark.timeout(900)
def test_a_site_is_made_found_and_taken_away(site: Simulator, tmp_path: Path) -> None:
    empty = objects(site)
    assert play(site, tmp_path, "site.yml")["changed"] >= 35
    full = objects(site)
    written = site.writes()

    for options in ((), ("--check",)):
        assert play(site, tmp_path, "site.yml", *options)["changed"] == 0
        assert site.writes() == written

    assert play(site, tmp_path, "teardown.yml", "--check", "-e", "stage=first")["changed"] >= 18
    assert (site.writes(), objects(site)) == (written, full)

    assert play(site, tmp_path, "teardown.yml", "-e", "stage=first")["changed"] >= 19
    assert objects(site) == empty
    written = site.writes()
    assert play(site, tmp_path, "teardown.yml", "-e", "stage=second")["changed"] == 0
    assert site.writes() == written


@pytest.mark.timeout(600)
def test_machines_change_state_and_size(cloud: Simulator, tmp_path: Path) -> None:
    assert play(cloud, tmp_path, "changes.yml")["failed"] == 0
    (machine,) = cloud.state("virtualmachine")
    assert machine["state"] == "Destroyed"


@pytest.mark.timeout(600)
def test_infrastructure_is_made_once(cloud: Simulator, tmp_path: Path) -> None:
    assert play(cloud, tmp_path, "infrastructure.yml")["changed"] == 22
    written = cloud.writes()
    assert play(cloud, tmp_path, "infrastructure.yml")["changed"] == 0
    assert cloud.writes() == written


def test_predictions_on_an_empty_cloud_write_nothing(cloud: Simulator, tmp_path: Path) -> None:
    assert play(cloud, tmp_path, "predictions.yml", "--check")["changed"] == 9
    assert cloud.writes() == {}


def inventory(cloud: Simulator, folder: Path) -> Any:
    """What ``ansible-inventory --list`` prints."""
    path = folder / "cloudstack-instances.yml"
    path.write_text(
        "plugin: ngine_io.cloudstack.instance\n"
        "hostname: hostname\n"
        "keyed_groups: [{prefix: zone, key: zone}]\n"
        f"api_url: {cloud.endpoint}\napi_key: {cloud.key}\napi_secret: {cloud.secret}\n",
        encoding="utf-8",
    )
    command = [str(Path(sys.executable).with_name("ansible-inventory")), "-i", str(path), "--list"]
    done = subprocess.run(command, capture_output=True, text=True, env=environment(cloud, folder), cwd=folder)
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout)


def test_the_inventory_has_every_machine(cloud: Simulator, tmp_path: Path) -> None:
    assert play(cloud, tmp_path, "machines.yml")["changed"] == 3
    found = inventory(cloud, tmp_path)
    assert set(found["_meta"]["hostvars"]) == {"web1", "web2"}
    assert set(found["zone_Sandbox_simulator_advanced"]["hosts"]) == {"web1", "web2"}
