# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""What is to be done for public addresses and what leads from them to machines. Pure: rows in, steps out."""

from __future__ import annotations

from typing import Any

from .plan_machines import leaving
from .plan_network import rule_of, rule_steps
from .seen import Row, Seen, tags
from .step import Step
from .wanted import TAG, Forward

PASSING = {"Allocating", "Releasing"}


def orphans(seen: Seen) -> list[Row]:
    """Addresses of our network that nobody has marked or uses: an answer was lost on the way to us."""
    used = {row.get("ipaddressid") for kind in ("firewall", "forward") for row in seen.rows.get(kind, ())}
    return [
        row
        for row in seen.addresses
        if TAG not in tags(row) and not (row.get("issourcenat") or row.get("isstaticnat") or row.get("hasrules"))
        and row["id"] not in used and row.get("state") not in PASSING
    ]  # fmt: skip


def _unmarked(seen: Seen, name: str, taken: set[str]) -> Row | None:
    """The address of a purpose that lost its mark: it still does what is wanted of that purpose.

    One that leads nowhere is known only by letting in exactly what is wanted: a rule less, and it may be anybody's.
    """
    free = [row for row in seen.addresses if TAG not in tags(row) and not row.get("issourcenat") and row["id"] not in taken]
    led = next((row for row in free if _leads(seen, row, name)), None)
    return led or next((row for row in free if _lets_in(seen, row, name)), None)


def _lets_in(seen: Seen, address: Row, name: str) -> bool:
    wanted = set(seen.wanted.firewall[name])
    rules = {rule_of(row) for row in seen.rows.get("firewall", ()) if row.get("ipaddressid") == address["id"]}
    used = address.get("isstaticnat") or any(row.get("ipaddressid") == address["id"] for row in seen.rows["forward"])
    return bool(wanted) and rules == wanted and not used


def _leads(seen: Seen, address: Row, name: str) -> bool:
    if address.get("isstaticnat"):
        machine = seen.machines().get(seen.wanted.static_nat.get(name, ""), {}).get("id")
        return machine is not None and address.get("virtualmachineid") == machine
    ports = {(one.protocol, one.port, one.machine) for one in seen.wanted.forwards if one.address == name}
    names = {row["id"]: name for name, row in seen.machines().items()}
    found = {
        (row["protocol"].lower(), int(row["publicport"]), names.get(row.get("virtualmachineid"), ""))
        for row in seen.rows["forward"]
        if row.get("ipaddressid") == address["id"]
    }
    return bool(found & ports)


def addresses(seen: Seen) -> list[Step]:
    """One marked address for each purpose. Those that lost their mark and orphans are taken first; orphans left over go back."""
    steps = [
        Step("wait", "address", row["ipaddress"], why=f"it is {row['state']}")
        for row in seen.addresses
        if row.get("state") in PASSING
    ]
    kept, unused, taken = seen.purposes(), orphans(seen), set[str]()
    missing = [name for name in seen.wanted.addresses if name not in kept]
    own = {seen.answered.get(f"address {name}"): name for name in missing}
    for name in missing:
        found = next((row for row in unused if own.get(row["id"], name) == name), None)
        row = _unmarked(seen, name, taken) or found
        if row:
            taken.add(row["id"])
            unused = [other for other in unused if other is not row]
            parameters = {"resourcetype": "PublicIpAddress", "resourceids": [row["id"]], "tags": {TAG: seen.wanted.mark(name)}}
            steps.append(Step("tag", "address", name, "createTags", parameters, row["ipaddress"]))
        else:
            steps.append(Step("create", "address", name, "associateIpAddress", _place(seen)))
    marked = [row for row in seen.addresses if seen.purpose(row) and not row.get("issourcenat")]
    gone = [row for row in marked if seen.purpose(row) not in seen.wanted.addresses or kept[seen.purpose(row)]["id"] != row["id"]]
    return steps + [
        Step("remove", "address", row["ipaddress"], "disassociateIpAddress", {"id": row["id"]}, why)
        for found, why in ((gone, "it is not wanted"), (unused, "an orphan"))
        for row in found
        if row.get("state") not in PASSING
    ]


def _place(seen: Seen) -> dict[str, Any]:
    place = {"vpcid": seen.identity("vpc")} if seen.wanted.vpc else {"networkid": seen.identity("network")}
    return {**place, "projectid": seen.project}


def rules(seen: Seen) -> list[Step]:
    """Firewall rules, forwards and static NAT of our addresses: exactly those that are wanted."""
    steps: list[Step] = []
    for name, row in seen.purposes().items():
        if name not in seen.wanted.addresses:
            continue
        if not seen.wanted.vpc:
            found = [rule for rule in seen.rows["firewall"] if rule.get("ipaddressid") == row["id"]]
            commands = ("createFirewallRule", "deleteFirewallRule")
            steps += rule_steps("firewall", name, seen.wanted.firewall[name], found, commands, {"ipaddressid": row["id"]})
        steps += _forwards(seen, name, row) + _static_nat(seen, name, row)
    missing = [name for name in seen.wanted.addresses if name not in seen.purposes()]
    return steps + [step for name in missing for step in _rules_to_come(seen, name)]


def _rules_to_come(seen: Seen, name: str) -> list[Step]:
    """What a prediction says of an address that is not there yet."""
    steps = rule_steps("firewall", name, seen.wanted.firewall[name], [], ("createFirewallRule", ""), {})
    steps += [
        Step("create", "forward", _named(one), "createPortForwardingRule") for one in seen.wanted.forwards if one.address == name
    ]
    nat = seen.wanted.static_nat.get(name)
    return steps + ([Step("create", "static_nat", name, "enableStaticNat", why=f"to {nat}")] if nat else [])


def _forwards(seen: Seen, name: str, address: Row) -> list[Step]:
    rows = {
        (row["protocol"].lower(), int(row["publicport"])): row
        for row in seen.rows["forward"]
        if row.get("ipaddressid") == address["id"]
    }
    wanted = {(one.protocol, one.port): one for one in seen.wanted.forwards if one.address == name}
    steps = [
        Step("remove", "forward", f"{name} {key[0]} {key[1]}", "deletePortForwardingRule", {"id": row["id"]})
        for key, row in rows.items()
        if key not in wanted
    ]
    for key, forward in wanted.items():
        steps += _forward(seen, forward, address, rows.get(key))
    return steps


def _forward(seen: Seen, wanted: Forward, address: Row, row: Row | None) -> list[Step]:
    machine = seen.machines().get(wanted.machine, {}).get("id")
    target = {"virtualmachineid": machine, "privateport": wanted.to_port}
    if row is None:
        network = seen.identity("network") if seen.wanted.vpc else None
        parameters = {
            **target, "ipaddressid": address["id"], "protocol": wanted.protocol, "publicport": wanted.port,
            "openfirewall": None if seen.wanted.vpc else False, "networkid": network,
        }  # fmt: skip
        return [Step("create", "forward", _named(wanted), "createPortForwardingRule", parameters)]
    if (row.get("virtualmachineid"), int(row["privateport"])) != (machine, wanted.to_port):
        return [Step("update", "forward", _named(wanted), "updatePortForwardingRule", {"id": row["id"], **target})]
    if row.get("state", "Active") != "Active":
        return [Step("wait", "forward", _named(wanted), why=f"it is {row['state']}")]
    return []


def _named(forward: Forward) -> str:
    return f"{forward.address} {forward.protocol} {forward.port}"


def _static_nat(seen: Seen, name: str, address: Row) -> list[Step]:
    wanted = seen.wanted.static_nat.get(name)
    machine = seen.machines().get(wanted, {}).get("id") if wanted else None
    there = address.get("virtualmachineid") if address.get("isstaticnat") else None
    if there == machine and (there or not wanted):
        return []
    if there:
        return [Step("remove", "static_nat", name, "disableStaticNat", {"ipaddressid": address["id"]})]
    network = seen.identity("network") if seen.wanted.vpc else None
    parameters = {"ipaddressid": address["id"], "virtualmachineid": machine, "networkid": network}
    return [Step("create", "static_nat", name, "enableStaticNat", parameters, f"to {wanted}")]


def cut_off(seen: Seen) -> list[Step]:
    """Take away what leads to machines that leave, before they do."""
    going = {seen.machines()[name]["id"] for name in leaving(seen)}
    steps = [
        Step(
            "remove",
            "forward",
            f"{row['ipaddress']} {row['protocol']} {row['publicport']}",
            "deletePortForwardingRule",
            {"id": row["id"]},
        )
        for row in seen.rows["forward"]
        if row.get("virtualmachineid") in going
    ]
    return steps + [
        Step("remove", "static_nat", row["ipaddress"], "disableStaticNat", {"ipaddressid": row["id"]})
        for row in seen.addresses
        if row.get("isstaticnat") and row.get("virtualmachineid") in going
    ]
