# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Rows of the cloud as what the machines' back end is given."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from .limits import size_of
from .machines import Allowed, Balance, Forward, Machine, Network, Nic, Work
from .store import Row

if TYPE_CHECKING:
    from .cloud import Cloud

PORTS = tuple[int, int] | None


def machine(cloud: Cloud, row: Row) -> Machine:
    """What a machine is started with."""
    size = size_of(cloud, row)
    template = cloud.store.find("template", row.get("templateid"))
    return Machine(
        id=row.id,
        name=row["name"],
        template=str(template["name"]) if template is not None else str(row.get("isoid", "")),
        cpus=size["cpunumber"],
        memory=size["memory"],
        nics=tuple(_nic(cloud, nic) for nic in cloud.store.where("nic", virtualmachineid=row.id)),
        user_data=base64.b64decode(row.get("_userdata", "")),
        keys=tuple(key["_publickey"] for key in keys(cloud, row)),
        password=str(row.get("_password", "")),
        disks=tuple(int(disk["size"]) for disk in cloud.store.where("volume", virtualmachineid=row.id) if disk["type"] != "ROOT"),
    )


def keys(cloud: Cloud, row: Row) -> list[Row]:
    """The key pairs of a machine."""
    names = [name for name in str(row.get("keypairs", "")).split(",") if name]
    mine = {"account": row["account"], "domainid": row["domainid"]}
    found = [cloud.store.first("sshkeypair", name=name, **mine) for name in names]
    return [key for key in found if key is not None]


def _nic(cloud: Cloud, row: Row) -> Nic:
    network = cloud.store.get("network", row["networkid"])
    return Nic(
        id=row.id,
        network=network.id,
        address=row.get("ipaddress", ""),
        mac=row["macaddress"],
        netmask=network.get("netmask", ""),
        gateway=network.get("gateway", ""),
        default=bool(row["isdefault"]),
        secondary=tuple(one["ipaddress"] for one in cloud.store.where("secondaryip", nicid=row.id)),
    )


def tell(cloud: Cloud, key: str | None) -> Work:
    """Tell the back end what a network shall be like now, if it is there and implemented."""
    row = cloud.store.find("network", key)
    if row is None or row.get("state") not in {"Implemented", "Setup"}:
        return None
    return cloud.machines.network(network(cloud, row))


def network(cloud: Cloud, row: Row) -> Network:
    """A network with its rules."""
    addresses = cloud.store.where("publicipaddress", associatednetworkid=row.id)
    vpc = row.get("vpcid") or ""
    of_router = cloud.store.where("publicipaddress", vpcid=vpc) if vpc else addresses
    nat = next((one["ipaddress"] for one in of_router if one.get("issourcenat")), "")
    offering: Mapping[str, Any] = cloud.store.find("networkoffering", row["networkofferingid"]) or {}
    return Network(
        id=row.id,
        name=row["name"],
        cidr=row.get("cidr", ""),
        gateway=row.get("gateway", ""),
        vpc=vpc,
        source_nat=nat,
        forwards=tuple(forward for one in addresses for forward in _forwards(cloud, one)),
        rules=(*_firewall(cloud, row), *_acl(cloud, row)),
        balances=tuple(balance for one in addresses for balance in _balances(cloud, one)),
        egress_open=bool(offering.get("egressdefaultpolicy")),
    )


def _forwards(cloud: Cloud, address: Row) -> list[Forward]:
    public = address["ipaddress"]
    found = [
        Forward(
            public,
            rule["protocol"],
            (int(rule["publicport"]), int(rule["publicendport"])),
            rule["vmguestip"],
            int(rule["privateport"]),
        )
        for rule in cloud.store.where("portforwardingrule", ipaddressid=address.id)
    ]
    return [*found, Forward(public, "all", None, address["vmipaddress"])] if address.get("isstaticnat") else found


def _ports(rule: Row) -> PORTS:
    return (int(rule["startport"]), int(rule["endport"])) if rule.get("startport") is not None else None


def _cidrs(text: str) -> tuple[str, ...]:
    return tuple(one for one in text.split(",") if one)


def _firewall(cloud: Cloud, network_row: Row) -> list[Allowed]:
    found = []
    for rule in cloud.store.where("firewallrule", networkid=network_row.id):
        direction = "egress" if rule["traffictype"] == "Egress" else "ingress"
        to = _cidrs(rule.get("destcidrlist", ""))
        found.append(Allowed(direction, rule["protocol"], _ports(rule), _cidrs(rule["cidrlist"]), to, rule.get("ipaddress", "")))
    return found


def _acl(cloud: Cloud, network_row: Row) -> list[Allowed]:
    rules = cloud.store.where("networkacl", aclid=network_row["aclid"]) if network_row.get("aclid") else []
    return [
        Allowed(
            rule["traffictype"].lower(), rule["protocol"], _ports(rule), _cidrs(rule["cidrlist"]), allow=rule["action"] == "Allow"
        )
        for rule in sorted(rules, key=lambda one: int(one["number"]))
    ]


def _balances(cloud: Cloud, address: Row) -> list[Balance]:
    found = []
    for rule in cloud.store.where("loadbalancerrule", publicipid=address.id):
        members = tuple((str(member), int(rule["privateport"])) for member in rule.get("_members", {}).values())
        found.append(Balance(address["ipaddress"], int(rule["publicport"]), rule["algorithm"], members))
    return found
