# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""What Kubernetes clusters and versions are refused for, and how they scale."""

from __future__ import annotations

from typing import Any

import pytest

from .api import Api, Refused


@pytest.fixture(name="wanted")
def _wanted(api: Api) -> dict[str, Any]:
    version = api.list("listKubernetesSupportedVersions")[0]["id"]
    large = api.offering("listServiceOfferings", "Large Instance")
    about = {"name": "c1", "description": "one", "size": 2, "zoneid": api.zone()}
    return {**about, "kubernetesversionid": version, "serviceofferingid": large}


@pytest.fixture(name="cluster")
def _cluster(api: Api, wanted: dict[str, Any]) -> dict[str, Any]:
    return api.do("createKubernetesCluster", **wanted)


def workers(api: Api, key: str) -> list[str]:
    """The names of the workers."""
    return [one["name"] for one in api.one("listKubernetesClusters", id=key)["virtualmachines"] if "-node-" in one["name"]]


def refused(api: Api, command: str, **parameters: Any) -> int:
    with pytest.raises(Refused) as caught:
        api.call(command, **parameters)
    return int(caught.value.code)


@pytest.mark.parametrize(
    "more", [{"size": 0}, {"size": -1}, {"keypair": "nobody's"}, {"name": "not a name"}, {"zoneid": "Basic"}]
)
def test_what_a_new_cluster_is_refused_for(api: Api, wanted: dict[str, Any], more: dict[str, Any]) -> None:
    more = {"zoneid": api.zone("Basic")} if "zoneid" in more else more
    assert refused(api, "createKubernetesCluster", **{**wanted, **more}) == 431
    assert (api.list("listKubernetesClusters"), api.list("listVirtualMachines")) == ([], [])


def test_scaling_by_number_and_by_node(api: Api, cluster: dict[str, Any]) -> None:
    api.do("scaleKubernetesCluster", id=cluster["id"], size=3)
    names = workers(api, cluster["id"])
    gone = api.one("listVirtualMachines", name=names[1])["id"]
    assert api.do("scaleKubernetesCluster", id=cluster["id"], nodeids=gone)["size"] == 2
    assert workers(api, cluster["id"]) == [names[0], names[2]]


@pytest.mark.parametrize(
    "how",
    [
        pytest.param({}, id="nothing"),
        pytest.param({"size": 0}, id="no workers"),
        pytest.param({"autoscalingenabled": True, "minsize": 3, "maxsize": 2}, id="no range"),
        pytest.param({"nodeids": "control"}, id="a node of the control plane"),
    ],
)
def test_what_scaling_is_refused_for(api: Api, cluster: dict[str, Any], how: dict[str, Any]) -> None:
    control = next(one["id"] for one in cluster["virtualmachines"] if "-control-" in one["name"])
    how = {"nodeids": control} if "nodeids" in how else how
    assert refused(api, "scaleKubernetesCluster", id=cluster["id"], **how) == 431
    assert api.one("listKubernetesClusters", id=cluster["id"]) == cluster


def test_autoscaling_is_told(api: Api, cluster: dict[str, Any]) -> None:
    scaled = api.do("scaleKubernetesCluster", id=cluster["id"], autoscalingenabled=True, minsize=2, maxsize=5)
    assert (scaled["autoscalingenabled"], scaled["minsize"], scaled["maxsize"], scaled["size"]) == (True, 2, 5, 2)
    plain = api.do("scaleKubernetesCluster", id=cluster["id"], autoscalingenabled=False)
    assert (plain["autoscalingenabled"], "minsize" in plain) == (False, False)


def test_an_upgrade_is_one_of_a_running_cluster_to_a_later_version(api: Api, cluster: dict[str, Any]) -> None:
    first, second, third = (one["id"] for one in api.list("listKubernetesSupportedVersions"))
    upgrade = "upgradeKubernetesCluster"
    assert [refused(api, upgrade, id=cluster["id"], kubernetesversionid=one) for one in (first, third)] == [431, 431]
    api.do("stopKubernetesCluster", id=cluster["id"])
    assert refused(api, upgrade, id=cluster["id"], kubernetesversionid=second) == 431
    api.do("startKubernetesCluster", id=cluster["id"])
    assert api.do(upgrade, id=cluster["id"], kubernetesversionid=second)["kubernetesversionid"] == second


def test_versions_from_one_on(api: Api) -> None:
    known = api.list("listKubernetesSupportedVersions")
    later = [one["id"] for one in known[1:]]
    assert [one["id"] for one in api.list("listKubernetesSupportedVersions", minimumsemanticversion="1.33.0")] == later
    assert [one["id"] for one in api.list("listKubernetesSupportedVersions", minimumkubernetesversionid=later[0])] == later
    assert refused(api, "listKubernetesSupportedVersions", minimumsemanticversion="new") == 431
    assert refused(api, "updateKubernetesSupportedVersion", id=later[0], state="Tired") == 431
    assert api.one("listKubernetesSupportedVersions", id=later[0])["state"] == "Enabled"


def test_machines_are_only_told_of_clusters_of_others(api: Api, wanted: dict[str, Any], cluster: dict[str, Any]) -> None:
    machine = api.machine()["id"]
    assert refused(api, "addVirtualMachinesToKubernetesCluster", id=cluster["id"], virtualmachineids=machine) == 431
    foreign = api.do("createKubernetesCluster", **{**wanted, "name": "c2"}, clustertype="ExternalManaged")
    api.call("addVirtualMachinesToKubernetesCluster", id=foreign["id"], virtualmachineids=machine)
    assert [one["id"] for one in api.one("listKubernetesClusters", id=foreign["id"])["virtualmachines"]] == [machine]
