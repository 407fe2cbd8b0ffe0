# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Security groups and their rules."""

from __future__ import annotations

import uuid
from typing import Any

from nitrox.cloudstack.call import Call
from nitrox.cloudstack.cloud import Cloud
from nitrox.cloudstack.jobs import Accepted, Steps
from nitrox.cloudstack.refusal import denied, in_use, invalid
from nitrox.cloudstack.registry import chosen_by, command, view
from nitrox.cloudstack.store import Row
from nitrox.cloudstack.views import show

from . import rules

RULE = ("ruleid", "protocol", "startport", "endport", "icmptype", "icmpcode", "cidr", "securitygroupname", "account")


def default_group(call: Call, owner: dict[str, Any]) -> Row:
    """The group that machines get when none is wanted; made when it is not there."""
    row = call.store.first("securitygroup", name="default", **owner)
    return row or call.store.add("securitygroup", **owner, name="default", description="Default Security Group", _rules=[])


def find(call: Call, name: str, owner: dict[str, Any]) -> Row:
    """A group by its name. Refuses with 431."""
    row = call.store.first("securitygroup", name=name, **owner)
    if row is None:
        if name == "default":
            return default_group(call, owner)
        raise invalid(f"Unable to find security group {name} for account {owner['account']}")
    return row


@command("createSecurityGroup")
def create(call: Call) -> Any:
    """Its name is the owner's only one."""
    owner = call.owner()
    name = call.text("name")
    if name == "default" or call.store.where("securitygroup", name=name, **owner):
        raise invalid(f"Unable to create security group, a group with name {name} already exists.")
    row = call.store.add("securitygroup", **owner, name=name, description=call.text("description"), _rules=[])
    return row, {"securitygroup": show(call.cloud, row)}


@command("deleteSecurityGroup")
def delete(call: Call) -> Any:
    """By id or name. Fails while a machine or a rule uses it."""
    row = call.row("id") or find(call, call.text("name"), call.owner())
    if row["name"] == "default":
        raise denied("The default security group can't be deleted")
    if _machines(call.cloud, row):
        raise in_use(f"Cannot delete security group {row['name']} when it's in use by virtual machines")
    call.store.remove(row)
    return row, {"success": True}


def _machines(cloud: Cloud, group: Row) -> list[Row]:
    return [machine for machine in cloud.store.rows("virtualmachine") if group.id in machine.get("_securitygroups", ())]


@view("securitygroup")
def show_group(cloud: Cloud, row: Row, shown: dict[str, Any]) -> None:
    """Its rules and machines."""
    for name, direction in (("ingressrule", "Ingress"), ("egressrule", "Egress")):
        shown[name] = [
            {key: rule[key] for key in RULE if rule.get(key) is not None} | {"tags": []}
            for rule in row.get("_rules", ())
            if rule["direction"] == direction
        ]
    machines = _machines(cloud, row)
    shown |= {"virtualmachinecount": len(machines), "virtualmachineids": [machine.id for machine in machines]}


@chosen_by("securitygroup", "virtualmachineid")
def of_machine(call: Call, rows: list[Row]) -> list[Row]:
    """The groups of a machine."""
    machine = call.need("virtualmachineid")
    return [row for row in rows if row.id in machine.get("_securitygroups", ())]


@command("authorizeSecurityGroupIngress", "authorizeSecurityGroupEgress")
def authorise(call: Call) -> Steps:
    """One rule for each CIDR and each group."""
    group = call.row("securitygroupid") or find(call, call.text("securitygroupname"), call.owner())
    direction = "Ingress" if call.command.name.endswith("Ingress") else "Egress"
    new = [{"ruleid": str(uuid.uuid4()), "direction": direction, **_what(call), **peer} for peer in _peers(call)]
    have = [_identity(rule) for rule in group.get("_rules", ())]
    if any(_identity(rule) in have for rule in new):
        raise invalid(f"The rule already exists in security group {group['name']}")
    yield Accepted(group)
    yield None
    call.store.update(group, _rules=[*group.get("_rules", ()), *new])
    shown = show(call.cloud, group)
    key = f"{direction.lower()}rule"
    shown[key] = [rule for rule in shown[key] if rule["ruleid"] in {one["ruleid"] for one in new}]
    return {"securitygroup": shown}


def _identity(rule: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(rule.get(name) for name in ("direction", *RULE[1:]))


def _what(call: Call) -> dict[str, Any]:
    protocol = rules.protocol(call, "tcp", "udp", "icmp", "all", default="all", numbers=True)
    if protocol == "icmp":
        return {"protocol": protocol, "icmptype": call.number("icmptype", -1), "icmpcode": call.number("icmpcode", -1)}
    if protocol == "all" or (protocol.isdigit() and protocol not in {"6", "17"}):
        return {"protocol": protocol}
    start, end = rules.ports(call, "startport", "endport")
    return {"protocol": protocol, "startport": start, "endport": end}


def _peers(call: Call) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = [{"cidr": cidr} for cidr in rules.cidrs(call, default="").split(",") if cidr]
    for entry in call.maps("usersecuritygrouplist"):
        account = entry.get("account", call.caller.account["name"])
        group = entry.get("group", "")
        if not call.store.where("securitygroup", name=group, account=account):
            raise invalid(f"Unable to find security group {group} of account {account}")
        found.append({"securitygroupname": group, "account": account})
    if not found:
        raise invalid("cidrlist or usersecuritygrouplist is needed")
    return found


@command("revokeSecurityGroupIngress", "revokeSecurityGroupEgress")
def revoke(call: Call) -> Steps:
    """One rule, by its id."""
    key = call.text("id")
    group = next(
        (row for row in call.store.rows("securitygroup") if any(rule["ruleid"] == key for rule in row.get("_rules", ()))), None
    )
    if group is None:
        raise invalid(f"Unable to find security rule {key}")
    call.permit(group)
    yield Accepted(group)
    yield None
    call.store.update(group, _rules=[rule for rule in group["_rules"] if rule["ruleid"] != key])
    return {"success": True}
