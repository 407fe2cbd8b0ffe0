# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Admin partitions (PROTOCOL 14)."""

from __future__ import annotations

import base64
from collections.abc import Iterator

import pytest

from nitrox.simulator.testing import Simulator, running

from .certificates import pem
from .nitro import Nitro


@pytest.fixture(scope="module", name="box")
def _box() -> Iterator[Simulator]:
    with running() as simulator:
        yield simulator


@pytest.fixture(name="nitro")
def _nitro(box: Simulator) -> Nitro:
    box.reset()
    return Nitro(box.url)


def switch(nitro: Nitro, name: str) -> int:
    return nitro.post("nspartition?action=Switch", {"nspartition": {"partitionname": name}}).errorcode


def test_the_default_partition_is_listed_and_stays(nitro: Nitro) -> None:
    nitro.add("nspartition", partitionname="p1", maxbandwidth="10240")
    rows = {row["partitionname"]: row for row in nitro.rows("nspartition")}
    assert rows["default"]["partitiontype"] == "Current Partition"
    assert (rows["p1"]["partitionid"], rows["p1"]["maxconn"]) == ("1", "1024")
    assert nitro.delete("nspartition/default").errorcode == 2758
    again = nitro.post("nspartition", {"nspartition": {"partitionname": "P1"}})
    assert (again.status, again.errorcode) == (599, 2753)


def test_what_is_for_the_default_partition_only_is_refused_elsewhere(nitro: Nitro) -> None:
    nitro.add("nspartition", partitionname="p1")
    switch(nitro, "p1")
    assert nitro.post("nspartition", {"nspartition": {"partitionname": "p2"}}).errorcode == 2772
    assert nitro.delete("nspartition/p1").errorcode == 2772
    assert [row["partitionname"] for row in nitro.rows("nspartition")] == ["default", "p1"]
    assert switch(nitro, "default") == 0
    assert nitro.delete("nspartition/p1").status == 200
    assert switch(nitro, "p1") == 2755


def test_credentials_with_each_request_lose_the_switch(nitro: Nitro) -> None:
    nitro.add("nspartition", partitionname="p1")
    nitro.add("lbvserver", name="outside", servicetype="HTTP")
    own = {"auth": False, "headers": {"X-NITRO-USER": "nsroot", "X-NITRO-PASS": "nsroot"}}
    assert nitro.post("nspartition?action=Switch", {"nspartition": {"partitionname": "p1"}}, **own).status == 200
    assert nitro.get("lbvserver/outside", **own).status == 200


def test_each_partition_saves_by_itself_unless_all_are_saved(box: Simulator, nitro: Nitro) -> None:
    nitro.add("nspartition", partitionname="p1")
    switch(nitro, "p1")
    nitro.add("lbvserver", name="inside", servicetype="HTTP")
    assert nitro.get("nsconfig").body["nsconfig"]["configchanged"] is True
    switch(nitro, "default")
    nitro.post("nsconfig?action=save", {"nsconfig": {}})
    assert nitro.get("nsconfig").body["nsconfig"]["configchanged"] is False
    switch(nitro, "p1")
    assert nitro.get("nsconfig").body["nsconfig"]["configchanged"] is True
    box.appliance.reboot()
    after = Nitro(box.url)
    switch(after, "p1")
    assert after.rows("lbvserver") == []
    after.add("lbvserver", name="inside", servicetype="HTTP")
    after.post("nsconfig?action=save", {"nsconfig": {"all": True}})
    box.appliance.reboot()
    again = Nitro(box.url)
    switch(again, "p1")
    assert [row["name"] for row in again.rows("lbvserver")] == ["inside"]


def test_files_and_certificates_belong_to_a_partition(nitro: Nitro) -> None:
    nitro.add("nspartition", partitionname="p1")
    switch(nitro, "p1")
    for name, what in (("x.pem", "leaf-cert"), ("x.key", "leaf-key")):
        content = base64.b64encode(pem(what)).decode()
        nitro.add("systemfile", filename=name, filelocation="/nsconfig/partitions/p1/ssl", filecontent=content)
    nitro.add("sslcertkey", certkey="c", cert="x.pem", key="x.key")
    switch(nitro, "default")
    assert nitro.get("sslcertkey/c").status == 404
    assert nitro.post("sslcertkey", {"sslcertkey": {"certkey": "c", "cert": "x.pem", "key": "x.key"}}).errorcode == 1647


def test_a_user_starts_in_its_partition_and_may_not_enter_others(box: Simulator, nitro: Nitro) -> None:
    for name in ("p1", "p2"):
        nitro.add("nspartition", partitionname=name)
    nitro.add("systemuser", username="dept", password="hidden-word")
    nitro.bind("systemuser_systemcmdpolicy_binding", username="dept", policyname="network", priority=1)
    nitro.bind("systemuser_nspartition_binding", username="dept", partitionname="p1")
    theirs = Nitro(box.url, login=False)
    body = {"login": {"username": "dept", "password": "hidden-word"}}
    theirs.token = theirs.post("login", body, auth=False).body["sessionid"]
    theirs.add("lbvserver", name="theirs", servicetype="HTTP")
    assert (switch(theirs, "p2"), switch(theirs, "default"), switch(theirs, "p1")) == (2138, 0, 0)
    assert nitro.rows("lbvserver") == []
    assert nitro.delete("nspartition/p1").errorcode == 2757
