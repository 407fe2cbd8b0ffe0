# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""The playbooks as users run them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import yaml

from nitrox.cloudstack.testing import Simulator

from .cluster import client, mine, names, objects
from .desk import PLAYBOOKS, Desk


def plain(value: Any) -> Any:
    """A value of an inventory: what came from outside may be marked as no template."""
    return value["__ansible_unsafe"] if isinstance(value, dict) else value


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
    changed, text = desk.play("repair")
    assert changed == 2  # predicted, then done
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


def test_a_long_wait_shows_what_it_waits_for_while_it_waits(desk: Desk, cloud: Simulator) -> None:
    cloud.faults({"fault": "job_hangs", "command": "deployVirtualMachine"})
    with desk.start("ansible-playbook", *desk.playbook("site", cloudstack_cluster_job_timeout=60)) as process:
        assert process.stderr is not None
        waits = (line for line in process.stderr if "waiting for" in line)
        first, second = next(waits), next(waits)
        assert process.poll() is None
        (job,) = [job for job in cloud.control("GET", "jobs") if job["hangs"]]
        cloud.control("POST", "jobs", {"job": job["id"]})
        out, _err = process.communicate(timeout=120)
    assert (process.returncode, job["command"]) == (0, "deployVirtualMachine")
    assert "shop: machines: waiting for machine shop-web-1" in first
    assert ("(0 of at most 60 seconds)" in first, "(1 of at most 60 seconds)" in second) == (True, True)
    assert "waiting for" not in out  # there a callback may print a document


def test_the_machines_of_several_clusters_become_hosts(desk: Desk, cloud: Simulator) -> None:
    folder = desk.folder
    inventory = yaml.safe_load((PLAYBOOKS / "inventory.yml").read_text(encoding="utf-8"))
    clusters = inventory["cloudstack"]["hosts"]
    kind = {"name": "db", "count": 2, "offering": "Small Instance", "template": "Debian 12 (64-bit)"}
    own = {"cloudstack_cluster_name": "far-depot", "cloudstack_cluster_network": {"cidr": "10.30.0.0/24"}}
    nothing: dict[str, list[str]] = {f"cloudstack_cluster_{name}": [] for name in ("keys", "affinity", "addresses")}
    clusters["depot"] = {**clusters["shop"], **own, **nothing, "cloudstack_cluster_groups": [kind]}
    (folder / "inventory.yml").write_text(yaml.safe_dump(inventory), encoding="utf-8")
    show = {"ansible.builtin.copy": {"content": "{{ groups | to_json }}", "dest": str(folder / "groups"), "mode": "0644"}}
    play = {"hosts": "cloudstack", "gather_facts": False, "roles": ["nitrox.netscaler.cloudstack_cluster"], "post_tasks": [show]}
    (folder / "play.yml").write_text(yaml.safe_dump([play]), encoding="utf-8")
    key = json.dumps({"shop_public_key": str(folder / "key.pub")})
    desk.run("ansible-playbook", str(folder / "play.yml"), "-i", str(folder / "inventory.yml"), "-e", key)
    groups = json.loads((folder / "groups").read_text(encoding="utf-8"))
    assert groups["far_depot_machines"] == groups["far_depot_db"] == ["far-depot-db-1", "far-depot-db-2"]
    assert groups["shop_machines"] == groups["shop_web"] == ["shop-web-1", "shop-web-2", "shop-web-3"]
