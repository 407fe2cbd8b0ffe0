# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""What is to be done for VPC, ACL, network, egress, keys and affinity groups. Pure: rows in, steps out."""

from __future__ import annotations

from ipaddress import IPv4Network
from typing import Any

from .seen import Row, Seen
from .step import Step
from .wanted import Rule


def vpc(seen: Seen) -> list[Step]:
    """One VPC of ours, if one is wanted."""
    wanted = seen.wanted.vpc
    if wanted is None:
        return []
    found = seen.ours("vpc")
    if found:
        return _surplus("vpc", "deleteVPC", found)
    parameters = {
        "name": wanted["name"], "displaytext": seen.wanted.text, "cidr": wanted["cidr"], "zoneid": seen.zone["id"],
        "vpcofferingid": seen.known["vpcoffering"].get(wanted["offering"]), "projectid": seen.project,
    }  # fmt: skip
    return [Step("create", "vpc", wanted["name"], "createVPC", parameters)]


def acl(seen: Seen) -> list[Step]:
    """One list in the VPC, with the rules in their order: the first has number 1."""
    if seen.wanted.vpc is None:
        return []
    lists = seen.ours("acllist")
    name = seen.wanted.name
    steps = _surplus("acllist", "deleteNetworkACLList", lists)
    if not lists:
        parameters = {"name": name, "description": seen.wanted.text, "vpcid": seen.identity("vpc")}
        steps = [Step("create", "acllist", name, "createNetworkACLList", parameters)]
        if not seen.predicting:
            return steps
    numbered = {int(row["number"]): row for row in seen.rows["acl"]}
    for number, rule in enumerate(seen.wanted.acl, 1):
        steps += _acl_rule(seen, number, rule, numbered.get(number))
    gone = [row for number, row in numbered.items() if number > len(seen.wanted.acl)]
    return steps + [Step("remove", "acl", str(row["number"]), "deleteNetworkACL", {"id": row["id"]}) for row in gone]


def _acl_rule(seen: Seen, number: int, rule: Rule, row: Row | None) -> list[Step]:
    if row is not None and rule_of(row, acl=True) == rule:
        return _unless(row, {"Active"}, "acl", str(number))
    parameters = {
        **_spelt(rule), "number": number, "traffictype": rule.traffic.capitalize(), "action": rule.action.capitalize(),
    }  # fmt: skip
    if row is None:
        return [
            Step("create", "acl", str(number), "createNetworkACL", {**parameters, "aclid": seen.identity("acllist")}, str(rule))
        ]
    before = rule_of(row, acl=True)
    if (before.protocol, before.start is None) != (rule.protocol, rule.start is None):  # what is left out would stay
        return [Step("remove", "acl", str(number), "deleteNetworkACL", {"id": row["id"]})]
    return [
        Step("update", "acl", str(number), "updateNetworkACLItem", {**parameters, "id": row["id"]}, f"{before} becomes {rule}")
    ]


def network(seen: Seen) -> list[Step]:
    """One network of ours."""
    found, wanted = seen.ours("network"), seen.wanted.network
    if found:
        return _surplus("network", "deleteNetwork", found) + _acl_of_tier(seen, found[0])
    parameters: dict[str, Any] = {
        "name": wanted["name"], "displaytext": seen.wanted.text, "zoneid": seen.zone["id"], "networkdomain": wanted["domain"],
        "networkofferingid": seen.known["networkoffering"].get(wanted["offering"]), "projectid": seen.project,
    }  # fmt: skip
    if wanted["cidr"]:
        cidr = IPv4Network(wanted["cidr"], strict=False)
        parameters |= {"gateway": str(cidr[1]), "netmask": str(cidr.netmask)}
    if seen.wanted.vpc:
        parameters |= {"vpcid": seen.identity("vpc"), "aclid": seen.identity("acllist")}
    return [Step("create", "network", wanted["name"], "createNetwork", parameters)]


def _acl_of_tier(seen: Seen, row: Row) -> list[Step]:
    acllist = seen.identity("acllist") if seen.wanted.vpc else ""
    if not acllist or row.get("aclid") == acllist:
        return []
    parameters = {"aclid": acllist, "networkid": row["id"]}
    return [Step("update", "network", row["name"], "replaceNetworkACLList", parameters, "its ACL list is another one")]


def access(seen: Seen) -> list[Step]:
    """Key pairs and affinity groups."""
    project = {"projectid": seen.project}
    return [
        Step("create", "key", name, "registerSSHKeyPair", {"name": name, "publickey": key, **project})
        for name, key in seen.wanted.keys.items()
        if seen.find("key", name) is None
    ] + [
        Step(
            "create",
            "affinity",
            name,
            "createAffinityGroup",
            {"name": name, "type": kind, "description": seen.wanted.text, **project},
        )
        for name, kind in seen.wanted.affinity.items()
        if seen.find("affinity", name) is None
    ]


def egress(seen: Seen) -> list[Step]:
    """What may go out of an isolated network: exactly that."""
    if seen.wanted.vpc:
        return []
    cidr = (seen.ours("network") or [seen.wanted.network])[0].get("cidr")
    rules = [rule if rule.cidrs or not cidr else _from(rule, str(cidr)) for rule in seen.wanted.egress]
    place = {"networkid": seen.identity("network")}
    return rule_steps("egress", "", rules, seen.rows["egress"], ("createEgressFirewallRule", "deleteEgressFirewallRule"), place)


def _from(rule: Rule, cidr: str) -> Rule:
    return Rule(rule.protocol, rule.start, rule.end, frozenset({cidr}), rule.to)


def rule_steps(
    kind: str, of: str, rules: list[Rule], rows: list[Row], commands: tuple[str, str], place: dict[str, str]
) -> list[Step]:
    """From rules that are there to the wanted ones. What has to go goes first, as new ones may overlap with it."""
    create, delete = commands
    there: dict[Rule, Row] = {rule_of(row): row for row in rows}
    waits = [step for rule, row in there.items() for step in _unless(row, {"Active"}, kind, f"{of} {rule}".strip())]
    gone = [
        Step("remove", kind, f"{of} {rule}".strip(), delete, {"id": row["id"]})
        for rule, row in there.items()
        if rule not in rules and row.get("state") != "Deleting"
    ]
    new = [Step("create", kind, f"{of} {rule}".strip(), create, {**_spelt(rule), **place}) for rule in rules if rule not in there]
    return waits + (gone or new)


def rule_of(row: Row, *, acl: bool = False) -> Rule:
    """A row of a firewall, egress or ACL list as a rule."""
    protocol = str(row["protocol"]).lower()
    start = None if protocol in {"icmp", "all"} or row.get("startport") is None else int(row["startport"])
    end = None if start is None else int(row.get("endport") or start)
    cidrs, to = (frozenset(one for one in str(row.get(name) or "").split(",") if one) for name in ("cidrlist", "destcidrlist"))
    more = {"traffic": str(row["traffictype"]).lower(), "action": str(row["action"]).lower()} if acl else {}
    return Rule(protocol, start, end, cidrs, to, **more)


def _spelt(rule: Rule) -> dict[str, Any]:
    icmp = {"icmptype": -1, "icmpcode": -1} if rule.protocol == "icmp" else {}
    return {
        "protocol": rule.protocol, "startport": rule.start, "endport": rule.end,
        "cidrlist": sorted(rule.cidrs), "destcidrlist": sorted(rule.to), **icmp,
    }  # fmt: skip


def _unless(row: Row, states: set[str], kind: str, name: str) -> list[Step]:
    state = row.get("state", "Active")
    return [] if state in states else [Step("wait", kind, name, why=f"it is {state}")]


def _surplus(kind: str, command: str, found: list[Row]) -> list[Step]:
    """All but the first: a call was done twice."""
    return [Step("remove", kind, row["name"], command, {"id": row["id"]}, "there are several") for row in found[1:]]
