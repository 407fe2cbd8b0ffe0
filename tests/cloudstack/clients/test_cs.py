# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""The ``cs`` client, unmodified, against the simulator."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

import pytest
from requests.exceptions import ConnectionError as Cut

from nitrox.cloudstack.testing import Simulator

cs = pytest.importorskip("cs", reason="the clients' extra is not installed")


def client(cloud: Simulator, **options: Any) -> Any:
    """A client of the root admin that waits for jobs."""
    options = {"fetch_result": True, "poll_interval": 0.01, **options}
    return cs.CloudStack(options.pop("endpoint", cloud.endpoint), cloud.key, cloud.secret, **options)


@pytest.mark.parametrize("method", ["get", "post"])
def test_values_of_every_kind_are_signed_as_the_server_reads_them(cloud: Simulator, method: str) -> None:
    api = client(cloud, method=method)
    texts = {"plain": "web", "blank": "a b", "tilde": "a~b", "star": "a*b", "plus": "a+b", "umlaut": "größe", "line": "a\nb&c=d"}
    zone = api.listZones()["zone"][0]["id"]
    api.createTags(resourceids=zone, resourcetype="Zone", tags=[{"key": key, "value": text} for key, text in texts.items()])
    found = {tag["key"]: tag["value"] for tag in api.listTags(resourceid=zone, resourcetype="zone")["tag"]}
    assert found == texts


def test_lists_are_fetched_page_by_page(cloud: Simulator) -> None:
    for number in range(1201):
        cloud.cloud.store.add("affinitygroup", name=f"g{number}", type="host affinity", **owner(cloud))
    groups = client(cloud).listAffinityGroups(fetch_list=True)
    assert len({group["id"] for group in groups}) == 1201
    assert cloud.count("listAffinityGroups") == 3


def owner(cloud: Simulator) -> dict[str, str]:
    """The root admin's account."""
    account = cloud.state("account")[0]
    return {"account": account["name"], "domainid": account["domainid"]}


def test_a_failed_job_raises_what_it_said(cloud: Simulator) -> None:
    api = client(cloud)
    cloud.faults({"fault": "job_fails", "command": "createAffinityGroup", "errorcode": 533, "message": "no room"})
    with pytest.raises(cs.CloudStackException, match="no room"):
        api.createAffinityGroup(name="apart", type="host anti-affinity")
    assert api.listAffinityGroups() == {}


def test_reads_are_tried_again_after_a_cut_connection(cloud: Simulator) -> None:
    cloud.faults({"fault": "drop_before", "command": "list*", "times": 2})
    with pytest.raises(Cut):
        client(cloud).listZones()
    assert len(client(cloud, retry=2, retry_backoff=0.01).listZones()["zone"]) == 2


def test_xml_where_json_was_wanted_is_refused_by_the_client(cloud: Simulator) -> None:
    cloud.faults({"fault": "xml"})
    with pytest.raises(cs.CloudStackException, match="JSON"):
        client(cloud).listZones()


def test_the_integration_port_wants_no_key(cloud: Simulator) -> None:
    api = cs.CloudStack(cloud.open_endpoint, None, None)
    assert len(api.listZones()["zone"]) == 2


def test_the_command_line(cloud: Simulator) -> None:
    environment = {"CLOUDSTACK_ENDPOINT": cloud.endpoint, "CLOUDSTACK_KEY": cloud.key, "CLOUDSTACK_SECRET": cloud.secret}
    command = [sys.executable, "-m", "cs", "listZones", "networktype=Basic"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env={**os.environ, **environment})
    assert [zone["name"] for zone in json.loads(done.stdout)["zone"]] == ["Sandbox-simulator-basic"]
