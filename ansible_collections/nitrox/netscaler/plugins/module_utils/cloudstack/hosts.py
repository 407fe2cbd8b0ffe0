# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""The machines of clusters as hosts of an inventory, with where ssh reaches them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .client import Client
from .plan_machines import GONE, address
from .seen import Row, tags
from .wanted import GROUP_TAG, TAG

SSH = 22


@dataclass(frozen=True)
class Host:
    """A host with its groups and variables."""

    name: str
    groups: list[str]
    variables: dict[str, Any]


def hosts(client: Client, cluster: str | None = None) -> list[Host]:
    """The machines that have our tag, of one cluster or of all. Three lists, however many there are."""
    rows = client.list("listVirtualMachines", "virtualmachine")
    ours = [row for row in rows if TAG in tags(row) and cluster in {None, tags(row)[TAG]} and row["state"] not in GONE]
    public = reached(
        client.list("listPublicIpAddresses", "publicipaddress"), client.list("listPortForwardingRules", "portforwardingrule")
    )
    return [_host(row, public) for row in sorted(ours, key=lambda row: str(row["name"]))]


def reached(addresses: list[Row], forwards: list[Row]) -> dict[str, tuple[str, int]]:
    """The id of a machine → the public address and port that lead to its ssh. An address of its own goes before a forward."""
    found = {
        str(row["virtualmachineid"]): (str(row["ipaddress"]), int(row["publicport"]))
        for row in forwards
        if row.get("virtualmachineid") and int(row["privateport"]) == SSH
    }
    own = {str(row["virtualmachineid"]): (str(row["ipaddress"]), SSH) for row in addresses if row.get("isstaticnat")}
    return {**found, **own}


def _host(row: Row, public: dict[str, tuple[str, int]]) -> Host:
    labels = tags(row)
    where, port = public.get(row["id"], (address(row), SSH))
    cluster = labels[TAG]
    groups = [f"{cluster}_machines", f"{cluster}_{labels.get(GROUP_TAG, 'others')}"]
    variables = {
        "ansible_host": where, "ansible_port": port, "cloudstack_address": address(row), "cloudstack_id": row["id"],
        "cloudstack_state": row["state"], "cloudstack_tags": labels,
    }  # fmt: skip
    return Host(str(row["name"]), [group.replace("-", "_") for group in groups], variables)
