# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Providers of network services, their elements, and the machines that balance load inside a VPC."""

from __future__ import annotations

from typing import Any

from nitrox.cloudstack.boot import identity
from nitrox.cloudstack.call import Call
from nitrox.cloudstack.cloud import Cloud
from nitrox.cloudstack.jobs import Accepted, Steps
from nitrox.cloudstack.refusal import invalid, no_entity
from nitrox.cloudstack.registry import command, view
from nitrox.cloudstack.store import Row
from nitrox.cloudstack.views import show

PROVIDERS = {
    "VirtualRouter": ["Vpn", "Dhcp", "Dns", "Firewall", "Lb", "SourceNat", "StaticNat", "PortForwarding", "UserData"],
    "VpcVirtualRouter": ["Vpn", "Dhcp", "Dns", "Lb", "SourceNat", "StaticNat", "PortForwarding", "UserData", "NetworkACL"],
    "InternalLbVm": ["Lb"],
    "SecurityGroupProvider": ["SecurityGroup"],
}
# element → the providers that have one
_ROUTERS, _BALANCERS = ("VirtualRouter", "VpcVirtualRouter"), ("InternalLbVm",)


def add_providers(cloud: Cloud, network: Row) -> None:
    """What every physical network is made with: the cloud's own providers, none of them enabled."""
    for name, services in PROVIDERS.items():
        cloud.store.add(
            "networkserviceprovider", name=name, physicalnetworkid=network.id, state="Disabled", servicelist=services,
            canenableindividualservice=True, _element=False,
        )  # fmt: skip


@command("updateNetworkServiceProvider")
def update_provider(call: Call) -> Steps:
    """State and services."""
    row = call.need()
    state = call.text("state", row["state"]).capitalize()
    if state not in {"Enabled", "Disabled", "Shutdown"}:
        raise invalid(f"Invalid state {call.text('state')}: Enabled, Disabled or Shutdown is wanted")
    yield Accepted(row)
    yield None
    call.store.update(row, state=state, **({"servicelist": call.names("servicelist")} if call.has("servicelist") else {}))
    return {"networkserviceprovider": show(call.cloud, row)}


def _element(provider: Row) -> dict[str, Any]:
    on = provider.get("_element", provider["state"] == "Enabled")
    return {"id": identity("element", provider.id), "nspid": provider.id, "enabled": on}


def _elements(call: Call, names: tuple[str, ...]) -> list[tuple[Row, dict[str, Any]]]:
    found = [(row, _element(row)) for row in call.store.rows("networkserviceprovider") if row["name"] in names]
    return [
        (row, one)
        for row, one in found
        if call.text("id", one["id"]) == one["id"]
        and call.text("nspid", row.id) == row.id
        and call.maybe_flag("enabled") in {None, one["enabled"]}
    ]


def _listed(call: Call, names: tuple[str, ...], key: str) -> Any:
    found = [one for _row, one in _elements(call, names)]
    return {"count": len(found), key: found} if found else {}


@command("listVirtualRouterElements")
def routers(call: Call) -> Any:
    """One for each of the two router providers of a physical network."""
    return _listed(call, _ROUTERS, "virtualrouterelement")


@command("listInternalLoadBalancerElements")
def balancers(call: Call) -> Any:
    """One for each physical network."""
    return _listed(call, _BALANCERS, "internalloadbalancerelement")


@command("configureVirtualRouterElement", "configureInternalLoadBalancerElement")
def configure(call: Call) -> Steps:
    """Enabled or not."""
    inner = call.command.name == "configureInternalLoadBalancerElement"
    rows = list(call.store.rows("networkserviceprovider"))
    names = _BALANCERS if inner else _ROUTERS
    row = next((row for row in rows if row["name"] in names and _element(row)["id"] == call.text("id")), None)
    if row is None:
        raise no_entity("id", call.text("id"), call.command.name)
    yield Accepted(row)
    yield None
    call.store.update(row, _element=call.flag("enabled"))
    return {"internalloadbalancerelement" if inner else "virtualrouterelement": _element(row)}


def deploy_balancer(cloud: Cloud, balancer: Row) -> None:
    """The machine of an internal load balancer: made with its first member, one for each address."""
    network = cloud.store.get("network", balancer["networkid"])
    about = {"guestnetworkid": network.id, "guestipaddress": balancer["sourceipaddress"]}
    if cloud.store.where("internallbvm", **about):
        return
    owner = {name: network[name] for name in ("account", "domainid", "projectid") if name in network}
    number = cloud.store.next_number()
    cloud.store.add(
        "internallbvm", **owner, **about, name=f"b-{number}-VM", zoneid=network["zoneid"], vpcid=network.get("vpcid"),
        guestnetworkname=network["name"], guestnetmask=network.get("netmask"), networkdomain=network.get("networkdomain"),
        state="Running", role="INTERNAL_LB_VM", redundantstate="UNKNOWN", isredundantrouter=False, requiresupgrade=False,
        version="4.22.0", created=cloud.now_text(),
    )  # fmt: skip


def drop_balancer(cloud: Cloud, balancer: Row) -> None:
    """The machine goes with the last balancer of its address."""
    about = {"networkid": balancer["networkid"], "sourceipaddress": balancer["sourceipaddress"]}
    if cloud.store.where("loadbalancer", **about) in ([], [balancer]):
        for row in cloud.store.where(
            "internallbvm", guestnetworkid=balancer["networkid"], guestipaddress=balancer["sourceipaddress"]
        ):
            cloud.store.remove(row)


@view("internallbvm")
def show_balancer(_cloud: Cloud, row: Row, shown: dict[str, Any]) -> None:
    """Its one card, and that it is healthy."""
    nic = {name: row.get(f"guest{name}") for name in ("ipaddress", "netmask") if row.get(f"guest{name}")}
    shown["nic"] = [{"id": identity("nic", row.id), "networkid": row["guestnetworkid"], "isdefault": True, **nic}]
    shown["healthchecksfailed"] = False


@command("startInternalLoadBalancerVM", "stopInternalLoadBalancerVM")
def power(call: Call) -> Steps:
    """On and off."""
    row = call.need()
    start = call.command.name == "startInternalLoadBalancerVM"
    yield Accepted(row)
    call.store.update(row, state="Starting" if start else "Stopping")
    yield None
    call.store.update(row, state="Running" if start else "Stopped")
    return {"internalloadbalancervm": show(call.cloud, row)}


@command("listSystemVms")
def system_machines(_call: Call) -> Any:
    """There are none: nothing needs them here."""
    return {}
