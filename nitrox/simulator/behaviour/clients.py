# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Live connections and what happens to the objects and boxes that carry them; the rules are in `traffic`."""

from __future__ import annotations

from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro import catalogue

from ..appliance import Appliance
from ..connections import Batch, Connections
from ..context import Context
from ..registry import after, booted, failed_over
from ..table import Row


@after("rename", "lbvserver", "csvserver", "servicegroup", "service", "server")
def follow_name(ctx: Context, row: Row, changes: Row) -> None:
    """A rename cuts nothing [I]."""
    new = row[str(catalogue.kind(ctx.kind).url_key)]
    ctx.appliance.connections.renamed(ctx.session.partition, ctx.kind, str(changes["old"]), str(new))


@booted
def cut_all(appliance: Appliance) -> None:
    """A reboot cuts every connection."""
    for batch in appliance.connections:
        appliance.connections.drop(batch, why="the appliance rebooted", request={}, at=appliance.clock())


@failed_over
def hand_over(appliance: Appliance) -> None:
    """The peer goes on with the connections of virtual servers that have ``connfailover`` (its text [D]); others are cut."""
    for node in filter(None, (appliance, appliance.peer)):
        if not node.primary and node.peer is not None:
            _hand_over(node, node.peer.connections)


def _hand_over(old: Appliance, heir: Connections) -> None:
    heir.used = heir.used or old.connections.used
    for batch in old.connections:
        if _survives(old, batch):
            heir.take_over(old.connections, batch)
        else:
            old.connections.drop(batch, why="the pair failed over", request={}, at=old.clock())


def _survives(appliance: Appliance, batch: Batch) -> bool:
    store = appliance.partition(batch.partition)
    found = [store.find(kind, name) for kind, name in batch.path if kind == "lbvserver"]
    return all(row is not None and str(row.get("connfailover", "DISABLED")).upper() != "DISABLED" for row in found)
