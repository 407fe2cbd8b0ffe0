# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Hosts, primary storage and image stores that an administrator adds and takes away."""

from __future__ import annotations

import uuid
from typing import Any
from urllib.parse import urlsplit

from nitrox.cloudstack.call import Call
from nitrox.cloudstack.jobs import Accepted, Steps
from nitrox.cloudstack.refusal import in_use, invalid
from nitrox.cloudstack.registry import command
from nitrox.cloudstack.store import Row
from nitrox.cloudstack.views import show

from .plain import cleared, dressed

PROVIDERS = {
    "primary": ("DefaultPrimary", "SolidFire", "CloudByte"),
    "image": ("NFS", "SMB", "S3", "Swift", "CloudStack ImageStore"),
    "object": (),
}
_TYPES = {"nfs": "NetworkFilesystem"}  # others are called as their scheme


@command("addHost")
def add_host(call: Call) -> Any:
    """A host that is up at once. Its name is its address, as of a machine that nobody named; the answer is a list."""
    zone, pod, cluster = call.need("zoneid"), call.need("podid"), call.row("clusterid")
    if pod["zoneid"] != zone.id or (cluster is not None and cluster["podid"] != pod.id):
        raise invalid(f"Pod {pod['name']} and the cluster are not of zone {zone['name']}")
    number = call.store.next_number()
    address = f"172.24.{number // 250 % 250}.{number % 250 + 1}"
    row = call.store.add(
        "host", name=f"SimulatedAgent.{uuid.uuid4()}", ipaddress=address, zoneid=zone.id, podid=pod.id,
        clusterid=cluster.id if cluster is not None else None, type="Routing", state="Up", resourcestate="Enabled",
        hypervisor=call.text("hypervisor"), hosttags=",".join(call.names("hosttags")) or None, cpunumber=512, cpuspeed=4000,
        memorytotal=4 << 40, version="4.22.0.0", hahost=False, created=call.cloud.now_text(),
    )  # fmt: skip
    return row, {"count": 1, "host": [show(call.cloud, row)]}


@dressed("host")
def changed_host(call: Call, row: Row) -> None:
    """Tags are one text in answers; ``Enable`` and ``Disable`` are what is asked, Enabled and Disabled what it is then."""
    if isinstance(row.get("hosttags"), list):
        call.store.update(row, hosttags=",".join(row["hosttags"]))
    asked = row.get("allocationstate")
    if asked is not None:
        state = {"enable": "Enabled", "disable": "Disabled"}.get(str(asked).lower())
        if state is None:
            raise invalid(f"Invalid allocation state {asked}: Enable or Disable is wanted")
        call.store.update(row, allocationstate=None, resourcestate=state)


@cleared("host")
def host_out_of_service(call: Call, row: Row) -> None:
    """It must be in maintenance, unless forced."""
    if row.get("resourcestate") != "Maintenance" and not call.flag("forced"):
        raise invalid(f"Host {row['name']} is in state {row.get('resourcestate')}: only one in maintenance can be deleted")


@command("listStorageProviders")
def providers(call: Call) -> Any:
    """The names that ``provider`` may have, for primary storage, image stores or object storage."""
    kind = call.text("type").lower()
    if kind not in PROVIDERS:
        raise invalid(f"Invalid type {call.text('type')}: one of {', '.join(PROVIDERS)} is wanted")
    found = [{"name": name, "type": kind.upper()} for name in PROVIDERS[kind]]
    return {"count": len(found), "dataStoreProvider": found} if found else {}


@dressed("imagestore")
def image_store(call: Call, row: Row) -> None:
    """Its protocol is the scheme of its URL."""
    if row.get("provider") not in PROVIDERS["image"]:
        raise invalid(f"can't find image store provider: {row.get('provider')}")
    name = row.get("name") or row.get("url")
    taken = [one for one in call.store.rows("imagestore") if one is not row and one.get("name") == name]
    if taken:
        raise invalid(f"There is already an image store {name}")
    url = str(row.get("url", ""))
    scope = "ZONE" if row.get("zoneid") else "REGION"
    call.store.update(
        row, name=name, providername=row["provider"], provider=None, protocol=urlsplit(url).scheme or None, scope=scope,
        readonly=False, details=None,
    )  # fmt: skip


@dressed("storagepool")
def pool(call: Call, row: Row) -> None:
    """A pool that is up; ``enabled`` switches it."""
    if call.command.verb == "update":
        state = {True: "Up", False: "Disabled", None: row["state"]}[call.maybe_flag("enabled")]
        call.store.update(row, state=state, enabled=None)
    else:
        _new_pool(call, row)
    total = row.get("capacitybytes")
    call.store.update(row, capacitybytes=None, **({"disksizetotal": total} if total else {}))


def _new_pool(call: Call, row: Row) -> None:
    if call.store.where("storagepool", name=row["name"], zoneid=row["zoneid"]) != [row]:
        raise invalid(f"There is already a storage pool {row['name']} in the zone")
    url = urlsplit(row["url"])
    if not url.scheme or not url.hostname:
        raise invalid(f"url {row['url']}: SCHEME://HOST/PATH is wanted")
    scope = str(row.get("scope") or ("cluster" if row.get("clusterid") else "zone")).upper()
    if scope == "CLUSTER" and not row.get("clusterid"):
        raise invalid("clusterid is needed for a pool of a cluster")
    path = url.path if url.scheme == "nfs" else url.path.lstrip("/")
    call.store.update(
        row, url=None, details=None, scope=scope, type=_TYPES.get(url.scheme, url.scheme.upper()), path=path,
        ipaddress=url.hostname, state="Up", disksizetotal=1 << 40, disksizeused=0, disksizeallocated=0, overprovisionfactor="2.0",
        provider=row.get("provider", "DefaultPrimary"),
    )  # fmt: skip


@command("enableStorageMaintenance", "cancelStorageMaintenance")
def maintain(call: Call) -> Steps:
    """Out of service, and back."""
    row = call.need()
    out = call.command.name == "enableStorageMaintenance"
    yield Accepted(row)
    call.store.update(row, state="PrepareForMaintenance" if out else "CancelMaintenance")
    yield None
    call.store.update(row, state="Maintenance" if out else "Up")
    return {"storagepool": show(call.cloud, row)}


@cleared("storagepool")
def pool_out_of_service(call: Call, row: Row) -> None:
    """It must be in maintenance and hold nothing."""
    if row["state"] != "Maintenance":
        raise invalid(f"Storage pool {row['name']} is in state {row['state']}: only one in maintenance can be deleted")
    if call.store.where("volume", storageid=row.id):
        raise in_use(f"Storage pool {row['name']} can't be deleted: it has volumes")


@cleared("imagestore")
def store_empty(call: Call, row: Row) -> None:
    """The last one of its zone holds the templates."""
    if call.store.where("imagestore", zoneid=row.get("zoneid")) == [row] and call.store.count("template"):
        raise in_use(f"Image store {row['name']} can't be deleted: it has templates")
