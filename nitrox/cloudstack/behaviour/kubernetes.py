# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Kubernetes clusters and the versions that they can have. Their nodes are machines of the cloud; nothing runs in them."""

from __future__ import annotations

import re
import uuid
from typing import Any

from nitrox.cloudstack import limits
from nitrox.cloudstack.call import Call
from nitrox.cloudstack.catalogue import commands
from nitrox.cloudstack.cloud import Cloud
from nitrox.cloudstack.jobs import Accepted, Steps
from nitrox.cloudstack.refusal import in_use, invalid
from nitrox.cloudstack.registry import chosen_by, command, view
from nitrox.cloudstack.store import Row
from nitrox.cloudstack.views import show

from . import deploy
from .lifecycle import come_up, expunge
from .plain import cleared, dressed

LEAST = {"cpunumber": 2, "memory": 2048}


@dressed("kubernetessupportedversion")
def version(call: Call, row: Row) -> None:
    """A version that clusters can have."""
    _parts(str(row.get("semanticversion", "")))
    if int(row["mincpunumber"]) < LEAST["cpunumber"] or int(row["minmemory"]) < LEAST["memory"]:
        raise invalid("A Kubernetes version needs at least 2 CPUs and 2048 MB")
    if row.get("state", "Enabled") not in {"Enabled", "Disabled"}:
        raise invalid(f"Invalid state {row['state']}: Enabled or Disabled")
    fresh = {"name": row.get("name", row["semanticversion"]), "state": row.get("state", "Enabled"), "isostate": "Ready"}
    call.store.update(row, **fresh, supportsha=True, supportsautoscaling=True)


@cleared("kubernetessupportedversion")
def unused_version(call: Call, row: Row) -> None:
    """Refuses with 536 while a cluster has it."""
    if call.store.where("kubernetescluster", kubernetesversionid=row.id):
        raise in_use(f"Kubernetes version {row['name']} is used by a cluster")


@command("createKubernetesCluster")
def create(call: Call) -> Steps:
    """Created, Starting, Running; with its control and worker nodes."""
    offering, wanted = call.need("serviceofferingid"), call.need("kubernetesversionid")
    zone, owner = call.need("zoneid"), call.owner()
    if wanted.get("state") != "Enabled":
        raise invalid(f"Kubernetes version {wanted['name']} is not enabled")
    if any(int(offering.get(name) or 0) < least for name, least in LEAST.items()):
        raise invalid(f"Offering {offering['name']} is too small: a node needs 2 CPUs and 2048 MB")
    control = call.number("controlnodes", call.number("masternodes", 1)) or 1
    _check_new(call, zone, owner)
    network = call.row("networkid")
    if control > 1 and network is not None and network["type"] == "Shared" and not call.has("externalloadbalanceripaddress"):
        raise invalid("On a shared network, several control nodes need externalloadbalanceripaddress")
    row = call.store.add(
        "kubernetescluster", **owner, **dict(call.sent("name", "description", "size", "keypair", "networkid")), zoneid=zone.id,
        kubernetesversionid=wanted.id, serviceofferingid=offering.id, controlnodes=control, masternodes=control, state="Created",
        created=call.cloud.now_text(), clustertype=call.text("clustertype", "CloudManaged"), autoscalingenabled=False, _nodes=[],
        etcdnodes=call.number("etcdnodes", 0), _balancer=call.maybe("externalloadbalanceripaddress"),
    )  # fmt: skip
    yield Accepted(row, undo=lambda: call.store.update(row, state="Error"), new=True)
    call.store.update(row, state="Starting")
    if row["clustertype"] == "CloudManaged":
        _grow(call, row)
    yield None
    call.store.update(row, state="Running")
    return answer(call, row)


def _check_new(call: Call, zone: Row, owner: dict[str, Any]) -> None:
    """Refuses with 431 what is wrong with a new cluster besides its version and its offering."""
    name, size = call.text("name"), call.number("size") or 0
    if not deploy.HOSTNAME.match(f"{name}-control-00000000"):
        raise invalid(f"Invalid name {name}: the host names of its nodes begin with it")
    managed = call.text("clustertype", "CloudManaged") == "CloudManaged"
    if size < (1 if managed else 0):
        raise invalid(f"Invalid cluster size {size}")
    if managed and zone["networktype"] == "Basic":
        raise invalid(f"Zone {zone['name']} is a basic one: it has no Kubernetes clusters")
    deploy.keypairs(call, owner)


@chosen_by("kubernetessupportedversion", "minimumsemanticversion", "minimumkubernetesversionid")
def at_least(call: Call, rows: list[Row]) -> list[Row]:
    """That version or a later one."""
    named = call.row("minimumkubernetesversionid")
    least = _parts(named["semanticversion"] if named is not None else call.text("minimumsemanticversion"))
    return [row for row in rows if _parts(row["semanticversion"]) >= least]


def _parts(text: str) -> list[int]:
    if not re.fullmatch(r"\d+\.\d+\.\d+", text, re.ASCII):
        raise invalid(f"Invalid semantic version {text}")
    return [int(part) for part in text.split(".")]


def answer(call: Call, row: Row) -> dict[str, Any]:
    """The cluster as it is now."""
    return {"kubernetescluster": show(call.cloud, row)}


def nodes(cloud: Cloud, row: Row) -> list[Row]:
    """The machines of a cluster that are still there."""
    found = [cloud.store.find("virtualmachine", key) for key in row.get("_nodes", ())]
    return [machine for machine in found if machine is not None]


def _grow(call: Call, row: Row) -> None:
    """Nodes for what is missing."""
    parts = [("control", int(row["controlnodes"])), ("node", int(row.get("size", 0)))]
    have = [machine["name"] for machine in nodes(call.cloud, row)]
    for part, number in parts:
        there = sum(1 for name in have if f"-{part}-" in name)
        for _index in range(number - there):
            machine = _node(call, row, f"{row['name']}-{part}-{uuid.uuid4().hex[:8]}")
            call.store.update(row, _nodes=[*row["_nodes"], machine.id], networkid=_network(call, machine))


def _network(call: Call, machine: Row) -> str:
    return str(call.store.where("nic", virtualmachineid=machine.id)[0]["networkid"])


def _node(call: Call, row: Row, name: str) -> Row:
    template = next(one for one in call.store.rows("template") if one.get("isready") and one.get("_shared"))
    given = {
        "zoneid": row["zoneid"], "serviceofferingid": row["serviceofferingid"], "templateid": template.id, "name": name,
        "account": row["account"], "domainid": row["domainid"],
    }  # fmt: skip
    given |= {"networkids": row["networkid"]} if row.get("networkid") else {}
    if row.get("projectid"):
        given = {key: value for key, value in given.items() if key != "account"} | {"projectid": row["projectid"]}
    inner = Call(call.cloud, commands()["deployvirtualmachine"], given, call.caller, method="POST")
    machine = deploy.make_machine(inner)
    for nic in call.store.where("nic", virtualmachineid=machine.id):
        come_up(call.cloud, call.store.get("network", nic["networkid"]))
    return call.store.update(machine, state="Running")


def _shrink(call: Call, row: Row, gone: list[Row]) -> None:
    keys = {machine.id for machine in gone}
    call.store.update(row, _nodes=[key for key in row["_nodes"] if key not in keys])
    for machine in gone:
        expunge(call.cloud, machine)


@view("kubernetescluster")
def show_cluster(cloud: Cloud, row: Row, shown: dict[str, Any]) -> None:
    """Its machines, how to reach it, what it takes."""
    machines = nodes(cloud, row)
    shown["virtualmachines"] = [show(cloud, machine) for machine in machines]
    sizes = [limits.size_of(cloud, machine) for machine in machines]
    shown |= {name: sum(size[name] for size in sizes) for name in ("cpunumber", "memory")}
    address = row.get("_balancer")
    network = cloud.store.find("network", row.get("networkid"))
    if not address and network is not None:
        nat = [
            one["ipaddress"] for one in cloud.store.where("publicipaddress", associatednetworkid=network.id) if one["issourcenat"]
        ]
        address = nat[0] if nat else next((machine_address(cloud, machine) for machine in machines), "")
    if address:
        shown |= {"endpoint": f"https://{address}:6443/", "ipaddress": address}


def machine_address(cloud: Cloud, machine: Row) -> str:
    """The private address of a node."""
    return str(cloud.store.where("nic", virtualmachineid=machine.id)[0].get("ipaddress", ""))


@command("startKubernetesCluster", "stopKubernetesCluster")
def set_state(call: Call) -> Steps:
    """Running or Stopped, with its nodes."""
    row = call.need()
    start = call.command.name.startswith("start")
    yield Accepted(row)
    if row["state"] not in {"Running", "Stopped", "Alert"}:
        raise invalid(f"Kubernetes cluster {row['name']} is in state {row['state']}")
    call.store.update(row, state="Starting" if start else "Stopping")
    yield None
    for machine in nodes(call.cloud, row):
        call.store.update(machine, state="Running" if start else "Stopped")
    call.store.update(row, state="Running" if start else "Stopped")
    return answer(call, row) if start else {"success": True}


@command("scaleKubernetesCluster")
def scale(call: Call) -> Steps:
    """Another number of workers, or without the nodes that are named."""
    row = call.need()
    size, gone = call.number("size"), [call.lookup("nodeids", key, ("virtualmachine",)) for key in call.names("nodeids")]
    offering = call.row("serviceofferingid")
    scaling = _autoscaling(call)
    if size is not None and size < 1:
        raise invalid(f"Invalid size {size}")
    if size is None and offering is None and not gone and not scaling:
        raise invalid("size, nodeids, serviceofferingid or autoscalingenabled is needed")
    workers = [machine.id for machine in nodes(call.cloud, row) if "-node-" in machine["name"]]
    if any(machine.id not in workers for machine in gone):
        raise invalid(f"nodeids must be workers of Kubernetes cluster {row['name']}")
    yield Accepted(row)
    call.store.update(row, state="Scaling")
    yield None
    if size is not None and not gone:
        gone = [machine for machine in nodes(call.cloud, row) if machine.id in workers[size:]]
    _shrink(call, row, gone)
    call.store.update(row, size=size if size is not None else len(workers) - len(gone), **scaling)
    if offering is not None:
        call.store.update(row, serviceofferingid=offering.id)
    if row["clustertype"] == "CloudManaged":
        _grow(call, row)
    call.store.update(row, state="Running")
    return answer(call, row)


def _autoscaling(call: Call) -> dict[str, Any]:
    """The members that say how a cluster scales by itself. Refuses with 431 a range that is none."""
    if not call.has("autoscalingenabled"):
        return {}
    if not call.flag("autoscalingenabled"):
        return {"autoscalingenabled": False, "minsize": None, "maxsize": None}
    least, most = call.number("minsize") or 0, call.number("maxsize") or 0
    if not 1 <= least <= most:
        raise invalid(f"Invalid range of autoscaling: minsize {least}, maxsize {most}")
    return {"autoscalingenabled": True, "minsize": least, "maxsize": most}


@command("upgradeKubernetesCluster")
def upgrade(call: Call) -> Steps:
    """To the next minor version at most."""
    row, wanted = call.need(), call.need("kubernetesversionid")
    current = call.store.get("kubernetessupportedversion", row["kubernetesversionid"])
    before, after = (_parts(one["semanticversion"]) for one in (current, wanted))
    if row["state"] != "Running":
        raise invalid(f"Kubernetes cluster {row['name']} is in state {row['state']}, not Running")
    if after <= before or after[0] != before[0] or after[1] > before[1] + 1:
        raise invalid(
            f"Kubernetes can't go from {current['semanticversion']} to {wanted['semanticversion']}: one minor at a time"
        )
    yield Accepted(row)
    call.store.update(row, state="Upgrading")
    yield None
    call.store.update(row, state="Running", kubernetesversionid=wanted.id)
    return answer(call, row)


@command("deleteKubernetesCluster")
def delete(call: Call) -> Steps:
    """With its nodes, when the cloud made them."""
    row = call.need()
    yield Accepted(row)
    call.store.update(row, state="Destroying")
    yield None
    if row["clustertype"] == "CloudManaged":
        _shrink(call, row, nodes(call.cloud, row))
    call.store.remove(row)
    return {"success": True}


@command("getKubernetesClusterConfig")
def configuration(call: Call) -> Any:
    """A kubeconfig that leads to the endpoint; there is nobody there."""
    row = call.need()
    endpoint = show(call.cloud, row).get("endpoint", "")
    text = f"apiVersion: v1\nkind: Config\nclusters:\n- name: {row['name']}\n  cluster:\n    server: {endpoint}\n"
    return {"clusterconfig": {"id": row.id, "name": row["name"], "configdata": text}}


@command("addVirtualMachinesToKubernetesCluster", "removeVirtualMachinesFromKubernetesCluster")
def members(call: Call) -> Any:
    """Of an external cluster, the machines that it says it has."""
    row, machines = call.need(), [machine.id for machine in call.rows("virtualmachineids")]
    if row["clustertype"] != "ExternalManaged":
        raise invalid(f"Kubernetes cluster {row['name']} is not ExternalManaged: its machines are the cloud's")
    kept = [key for key in row["_nodes"] if key not in machines]
    call.store.update(row, _nodes=[*kept, *machines] if call.command.name.startswith("add") else kept)
    return row, {"success": True}


@command("addNodesToKubernetesCluster", "removeNodesFromKubernetesCluster")
def external_nodes(call: Call) -> Steps:
    """Machines that others made join or leave as nodes."""
    row = call.need()
    machines = [call.lookup("nodeids", key, ("virtualmachine",)).id for key in call.names("nodeids")]
    yield Accepted(row)
    yield None
    kept = [key for key in row["_nodes"] if key not in machines]
    call.store.update(row, _nodes=[*kept, *machines] if call.command.name.startswith("add") else kept)
    return answer(call, row)
