# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""A cluster as described, or none of it: look, check, plan, do, look again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from . import plan_addresses, plan_machines, plan_network
from .check import begin, check
from .client import Client
from .errors import Invalid
from .hosts import reached
from .plan_addresses import orphans
from .predict import predicted
from .seen import Seen
from .signature import fingerprint
from .step import Step
from .wanted import Wanted, parse
from .work import Phase, Progress, Work

BUILD = (
    Phase("VPC", ("vpc",), plan_network.vpc),
    Phase("ACL", ("acllist", "acl"), plan_network.acl),
    Phase("network", ("network",), plan_network.network),
    Phase("keys and affinity groups", ("key", "affinity"), plan_network.access),
    Phase("egress", ("egress",), plan_network.egress),
    Phase("what leads to machines that leave", ("forward", "address", "vpc_address"), plan_addresses.cut_off),
    Phase("machines that leave", ("machine",), plan_machines.remove),
    Phase("machines", ("machine",), plan_machines.make),
    Phase("public addresses", ("address", "vpc_address"), plan_addresses.addresses),
    Phase("rules", ("firewall", "forward", "address", "vpc_address"), plan_addresses.rules),
)
CLEARED = {
    "network": ("deleteNetwork", "network"),
    "acllist": ("deleteNetworkACLList", "acllist"),
    "vpc": ("deleteVPC", "vpc"),
}


@dataclass
class Report:
    """What a run found and did. ``steps`` are what was done, or in a prediction what would be, in all batches.

    ``leaving`` are the machines that go in this one, ``left`` those still to be replaced, ``returned`` those that only run now.
    """

    steps: list[Step] = field(default_factory=list)
    leaving: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    returned: list[str] = field(default_factory=list)
    orphans: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)
    machines: list[dict[str, Any]] = field(default_factory=list)
    addresses: dict[str, str] = field(default_factory=dict)
    calls: Counter[str] = field(default_factory=Counter)


def _silent(_text: str) -> None:
    """Nobody wants to hear of progress."""


def converge(
    client: Client, description: Mapping[str, Any], *, present: bool = True, predict: bool = False, patience: float = 600.0,
    batch: int | None = None, progress: Progress = _silent,
) -> Report:  # fmt: skip
    """Make the cluster as described, or with ``present=False`` remove all of it. ``predict`` sends nothing that changes anything.

    ``patience`` is how many seconds nothing may happen before a phase is given up. Of the machines that are to be replaced, only
    so many are that not more than ``batch`` are away at a time. Raises `Invalid` before anything is done and `Incomplete` after;
    running again goes on from what is there.
    """
    wanted = parse(description)
    seen = begin(client, wanted if present else _nothing(wanted))
    if present:
        check(seen)
    else:
        _check_removal(seen)
    phases = BUILD if present else _removal(wanted)
    chosen, left = plan_machines.turn(seen, batch)
    leaving = [name for name in plan_machines.leaving(seen) if name not in left]
    report, before = Report(leaving=leaving, orphans=[row["ipaddress"] for row in orphans(seen)]), _running(seen)
    if predict:
        report.steps = predicted(phases, seen)
    else:
        report.left, seen.wanted = left, replace(seen.wanted, replace=chosen)
        report.steps = _done(phases, Work(client, seen, patience=patience, progress=progress))
    report.returned = sorted(name for name, machine in _running(seen).items() if before.get(name) != machine)
    return _completed(report, seen)


def _done(phases: Sequence[Phase], work: Work) -> list[Step]:
    for phase in phases:
        work.finish(phase)
    return work.done


def _running(seen: Seen) -> dict[str, str]:
    """Our machines that run, by name, with their ids."""
    return {name: row["id"] for name, row in seen.machines().items() if row["state"] == "Running"}


def _nothing(wanted: Wanted) -> Wanted:
    """The same cluster, empty: what is left of it is not wanted."""
    empty: dict[str, Any] = {"machines": {}, "addresses": [], "static_nat": {}, "firewall": {}, "forwards": []}
    return Wanted(**{**vars(wanted), **empty})


def _removal(wanted: Wanted) -> tuple[Phase, ...]:
    """Everything in the order in which it lets go of the rest."""
    parts = [phase for phase in BUILD if phase.plan in {plan_addresses.cut_off, plan_machines.remove, plan_addresses.addresses}]
    kinds = ("network", "acllist", "vpc") if wanted.vpc else ("network",)
    parts += [Phase(f"removal of the {kind}", (kind,), lambda seen, kind=kind: _clear(seen, kind)) for kind in kinds]  # type: ignore[misc]
    return (*parts, Phase("keys and affinity groups", ("key", "affinity"), _access_gone))


def _clear(seen: Seen, kind: str) -> list[Step]:
    command, of = CLEARED[kind]
    return [Step("remove", kind, f"{row['name']} {row['id']}", command, {"id": row["id"]}) for row in seen.ours(of)]


def _access_gone(seen: Seen) -> list[Step]:
    """Key pairs that have our key, and affinity groups that have our text."""
    keys = [
        Step("remove", "key", name, "deleteSSHKeyPair", {"name": name, "projectid": seen.project})
        for name, key in seen.wanted.keys.items()
        if (row := seen.find("key", name)) is not None and row["fingerprint"] == fingerprint(key)
    ]
    return keys + [
        Step("remove", "affinity", name, "deleteAffinityGroup", {"id": row["id"]})
        for name in seen.wanted.affinity
        if (row := seen.find("affinity", name)) is not None and row.get("description") == seen.wanted.text
    ]


def _check_removal(seen: Seen) -> None:
    names = [row["name"] for row in seen.foreign()]
    if names:
        raise Invalid([f"network {seen.name('network')} has machines that this cluster did not make: {', '.join(sorted(names))}"])


def _completed(report: Report, seen: Seen) -> Report:
    """What there is at the end."""
    public = reached(seen.addresses, seen.rows["forward"])
    for name, row in sorted(seen.machines().items()):
        members = {"name": name, "group": plan_machines.group(row), "address": plan_machines.address(row), "state": row["state"]}
        report.machines.append({**members, "id": row["id"], **_public(public.get(row["id"]))})
    report.addresses = {name: row["ipaddress"] for name, row in seen.purposes().items()}
    report.foreign = [row["name"] for row in seen.foreign()]
    report.calls = Counter(seen.client.counts)
    return report


def _public(where: tuple[str, int] | None) -> dict[str, Any]:
    return {"public_address": where[0], "public_port": where[1]} if where else {}
