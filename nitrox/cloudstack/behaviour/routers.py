# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Virtual routers: one for each network that is up and each VPC. They follow from those, so they are made when somebody looks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from nitrox.cloudstack.call import Call
from nitrox.cloudstack.cloud import Cloud
from nitrox.cloudstack.jobs import Accepted, Steps
from nitrox.cloudstack.listing import matching, page, visible
from nitrox.cloudstack.refusal import invalid
from nitrox.cloudstack.registry import chosen_by, command, view
from nitrox.cloudstack.store import Row
from nitrox.cloudstack.views import show

from .lifecycle import services

_OFFERING = "System Offering For Software Router"
_ENDS = {"startRouter": "Running", "stopRouter": "Stopped", "rebootRouter": "Running"}


def _places(cloud: Cloud) -> Iterator[Row]:
    """What has a router now."""
    for network in cloud.store.rows("network"):
        up = network["state"] == "Implemented" or bool(cloud.store.where("nic", networkid=network.id))
        if (
            up
            and not network.get("vpcid")
            and not network.get("_norouter")
            and {"Dhcp", "Dns", "SourceNat"} & services(cloud, network)
        ):
            yield network
    yield from (vpc for vpc in cloud.store.rows("vpc") if vpc.get("state") == "Enabled" and not vpc.get("_norouter"))


def refresh(cloud: Cloud) -> None:
    """Routers come and go with their places."""
    places = {place.id: place for place in _places(cloud)}
    have = {str(row["_place"]): row for row in cloud.store.rows("router")}
    for key in have.keys() - places.keys():
        cloud.store.remove(have[key])
    for key in [key for key in places if key not in have]:
        _add(cloud, places[key])


def _add(cloud: Cloud, place: Row) -> None:
    owner = {name: place[name] for name in ("account", "domainid", "projectid") if name in place}
    offering = cloud.store.first("serviceoffering", name=_OFFERING)
    host = cloud.store.first("host", zoneid=place["zoneid"])
    vpc = place.kind == "vpc"
    number = cloud.store.next_number()
    cloud.store.add(
        "router", **owner, _place=place.id, name=f"r-{number}-VM", zoneid=place["zoneid"],
        vpcid=place.id if vpc else None, guestnetworkid=None if vpc else place.id,
        serviceofferingid=offering.id if offering is not None else None, hostid=host.id if host is not None else None,
        podid=host.get("podid") if host is not None else None, hypervisor="KVM", networkdomain=place.get("networkdomain"),
        state="Running", role="VIRTUAL_ROUTER", redundantstate="UNKNOWN", isredundantrouter=False, requiresupgrade=False,
        version="4.22.0", linklocalip=f"169.254.{number // 250 % 250}.{number % 250 + 2}", created=cloud.now_text(),
        healthchecksfailed=False,
    )  # fmt: skip


@view("router")
def show_router(cloud: Cloud, row: Row, shown: dict[str, Any]) -> None:
    """Its addresses, and what it asks for names."""
    zone = cloud.store.find("zone", row["zoneid"])
    if zone is not None:
        shown |= {name: zone[name] for name in ("dns1", "dns2") if name in zone}
    key = "vpcid" if row.get("vpcid") else "associatednetworkid"
    for address in cloud.store.where("publicipaddress", **{key: row["_place"]}):
        if address.get("issourcenat"):
            shown["publicip"] = address["ipaddress"]
    network = cloud.store.find("network", row.get("guestnetworkid"))
    if network is not None:
        shown |= {
            "guestnetworkname": network["name"],
            "guestipaddress": network.get("gateway"),
            "guestnetmask": network.get("netmask"),
        }
    cards = [network] if network is not None else cloud.store.where("network", vpcid=row["_place"])
    shown["nic"] = [
        {"id": f"{row.id[:-4]}{number:04x}", "networkid": one.id, "networkname": one["name"], "ipaddress": one.get("gateway")}
        for number, one in enumerate(cards)
    ]


@chosen_by("router", "networkid")
def of_network(call: Call, rows: list[Row]) -> list[Row]:
    """That of a network, or of the VPC that it is a tier of."""
    network = call.need("networkid")
    return [row for row in rows if row["_place"] in {network.id, network.get("vpcid")}]


@chosen_by("router", "forvpc")
def of_vpcs(call: Call, rows: list[Row]) -> list[Row]:
    """Those of VPCs, or the others."""
    return [row for row in rows if bool(row.get("vpcid")) is call.flag("forvpc")]


@command("listRouters")
def list_routers(call: Call) -> Any:
    """As they are now."""
    refresh(call.cloud)
    return page(call, matching(call, visible(call, "router")), "router")


@command("startRouter", "stopRouter", "rebootRouter")
def power(call: Call) -> Steps:
    """On, off, and on again."""
    row = call.need()
    yield Accepted(row)
    call.store.update(row, state="Starting" if call.command.name == "startRouter" else "Stopping")
    yield None
    call.store.update(row, state=_ENDS[call.command.name])
    return {"router": show(call.cloud, row)}


@command("destroyRouter")
def destroy(call: Call) -> Steps:
    """Its network has none until it is restarted."""
    row = call.need()
    yield Accepted(row)
    yield None
    place = call.store.find("vpc", row["_place"]) or call.store.find("network", row["_place"])
    if place is not None:
        call.store.update(place, _norouter=True)
    gone = show(call.cloud, row)
    call.store.remove(row)
    return {"router": gone}


@command("changeServiceForRouter")
def resize(call: Call) -> Any:
    """Another offering, for a router that is stopped."""
    row, offering = call.need(), call.need("serviceofferingid")
    if row["state"] != "Stopped":
        raise invalid(f"Unable to upgrade router {row['name']} in state {row['state']}: stop it first")
    if not offering.get("issystem"):
        raise invalid(f"{offering['name']} is no offering for routers")
    call.store.update(row, serviceofferingid=offering.id)
    return row, {"router": show(call.cloud, row)}
