# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Templates and ISOs: registered, Downloading, ready; one entry a zone in lists."""

from __future__ import annotations

from typing import Any

from nitrox.cloudstack import limits
from nitrox.cloudstack.call import Call
from nitrox.cloudstack.jobs import Accepted, Steps
from nitrox.cloudstack.listing import matching, portion, visible
from nitrox.cloudstack.refusal import denied, invalid
from nitrox.cloudstack.registry import chosen_by, command
from nitrox.cloudstack.store import Row
from nitrox.cloudstack.views import show

from .lifecycle import drop
from .volumes import link, mode

FILTERS = {"featured", "self", "selfexecutable", "sharedexecutable", "executable", "community", "shared", "all"}
FLAGS = ("ispublic", "isfeatured", "isextractable", "passwordenabled", "sshkeyenabled", "isdynamicallyscalable", "requireshvm")
FORMATS = ("qcow2", "raw", "vhd", "vhdx", "ova", "vmdk", "vdi", "tar", "baremetal")
HYPERVISORS = (
    "kvm",
    "xenserver",
    "vmware",
    "hyperv",
    "lxc",
    "baremetal",
    "ovm",
    "ovm3",
    "simulator",
    "external",
    "custom",
    "any",
)
DOWNLOADED = {"isready": True, "status": "Download Complete"}


@command("listTemplates", "listIsos")
def list_images(call: Call) -> Any:
    """What the filter selects, once for each zone that has it."""
    kind = call.command.lists
    rows = _selected(call, kind, call.text(f"{kind}filter").lower() or "selfexecutable")
    zone = call.row("zoneid")
    given = {
        name: value
        for name, value in call.given.items()
        if name not in {"zoneid", "ispublic"} or (kind == "iso" and name != "zoneid")
    }
    narrowed = Call(call.cloud, call.command, given, call.caller, hits=call.hits)
    entries = [
        (row, where) for row in matching(narrowed, rows) for where in _zones(call, row) if zone is None or where.id == zone.id
    ]
    if call.flag("showunique"):
        entries = list({row.id: (row, where) for row, where in reversed(entries)}.values())[::-1]
    return portion(call, entries, kind, lambda part: [_there(call, row, where) for row, where in part])


def _there(call: Call, row: Row, zone: Row) -> dict[str, Any]:
    return {**show(call.cloud, row), "zoneid": zone.id, "zonename": zone["name"]}


def _zones(call: Call, row: Row) -> list[Row]:
    if row.get("crossZones"):
        return list(call.store.rows("zone"))
    return [zone for zone in call.store.rows("zone") if zone.id in row.get("_zones", ())]


def _selected(call: Call, kind: str, wanted: str) -> list[Row]:
    if wanted not in FILTERS:
        raise invalid(f"Invalid {kind}filter {wanted}: one of {', '.join(sorted(FILTERS))}")
    if wanted == "all" and not call.caller.is_admin:
        raise denied(f"only an administrator may use {kind}filter=all")
    everything = [row for row in call.store.rows(kind) if call.may_use(row) or row.get("ispublic")]
    if call.has("id") or call.has("ids"):
        wide = {name: value for name, value in call.given.items() if name not in {"account", "domainid", "projectid"}}
        return visible(Call(call.cloud, call.command, wide, call.caller, hits=call.hits), kind)
    if call.has("projectid") and call.text("projectid") != "-1":
        own = [row for row in everything if row.get("projectid") == call.need("projectid").id]
    else:
        account = call.named_account() if call.has("account") else call.caller.account
        own = [row for row in everything if row.get("account") == account["name"] and not row.get("projectid")]
    selections = {
        "all": everything,
        "featured": [row for row in everything if row.get("isfeatured") and row.get("ispublic")],
        "community": [row for row in everything if row.get("ispublic") and not row.get("isfeatured")],
        "self": own,
        "selfexecutable": own,
        "shared": [row for row in everything if call.caller.account["name"] in row.get("_accounts", ())],
    }
    executable = {row.id: row for row in (*own, *(row for row in everything if row.get("ispublic") or row.get("_accounts")))}
    found = selections.get(wanted, sorted(executable.values(), key=lambda row: row.number))
    return [row for row in found if row.get("isready")] if "executable" in wanted and not call.has("isready") else found


def _register(call: Call, kind: str, owner: dict[str, Any], **members: Any) -> Row:
    limits.charge(call.cloud, owner, 4)
    flags = {name: call.flag(name, default=name in {"requireshvm", "isextractable"} and kind == "template") for name in FLAGS}
    now = call.cloud.now_text()
    row = call.store.add(
        kind, **owner, accountid=call.caller.account.id, name=call.text("name"), displaytext=call.text("displaytext"),
        created=now,
        ostypeid=call.maybe("ostypeid"), bits=call.number("bits", 64), arch=call.text("arch", "x86_64"),
        checksum=call.maybe("checksum"),
        templatetag=call.maybe("templatetag"), url=call.maybe("url"), directdownload=call.flag("directdownload"),
        details=call.mapping("details") or None, **{"size": 5 << 30, "physicalsize": 1 << 29, **flags, **members},
    )  # fmt: skip
    seconds = call.cloud.options["template_seconds"]
    if seconds:
        call.store.update(row, isready=False, status="1% Downloaded")
        call.cloud.later(seconds, lambda: call.store.update(row, **DOWNLOADED))
    else:
        call.store.update(row, **DOWNLOADED)
    return row


def _places(call: Call) -> dict[str, Any]:
    if call.text("zoneid") == "-1" or call.text("zoneids") == "-1" or not (call.has("zoneid") or call.has("zoneids")):
        return {"crossZones": True}
    zones = call.names("zoneids") or [call.text("zoneid")]
    return {"crossZones": False, "_zones": [call.lookup("zoneid", zone, ("zone",)).id for zone in zones]}


def _check_url(call: Call) -> None:
    if not call.text("url").lower().startswith(("http://", "https://", "ftp://", "nfs://")):
        raise invalid(f"Please specify a valid URL, not {call.text('url')}")


@command("registerTemplate")
def register_template(call: Call) -> Any:
    """A template from a URL."""
    _check_url(call)
    for name, known in (("format", FORMATS), ("hypervisor", HYPERVISORS)):
        if call.text(name).lower() not in known:
            raise invalid(f"Invalid {name} {call.text(name)}: one of {', '.join(known)}")
    members = {
        "format": call.text("format").upper(),
        "hypervisor": call.text("hypervisor"),
        "templatetype": "USER",
        **_places(call),
    }
    row = _register(call, "template", call.owner(), **members)
    return row, {"count": 1, "template": [_shown(call, row)]}


def _shown(call: Call, row: Row) -> dict[str, Any]:
    zones = _zones(call, row)
    return {**show(call.cloud, row), **({"zoneid": zones[0].id, "zonename": zones[0]["name"]} if zones else {})}


@command("registerIso")
def register_iso(call: Call) -> Any:
    """An ISO from a URL."""
    _check_url(call)
    row = _register(call, "iso", call.owner(), format="ISO", bootable=call.flag("bootable", default=True), **_places(call))
    return row, {"count": 1, "iso": [_shown(call, row)]}


@command("createTemplate")
def create_template(call: Call) -> Steps:
    """From a snapshot, or from a volume of a stopped machine."""
    source = call.row("snapshotid") or call.row("volumeid")
    if source is None:
        raise invalid("volumeid or snapshotid is needed")
    machine = call.store.find("virtualmachine", source.get("virtualmachineid"))
    if machine is not None and machine["state"] != "Stopped":
        raise invalid(f"Virtual machine {machine['name']} must be stopped")
    members = {"format": "QCOW2", "hypervisor": source.get("hypervisor", "KVM"), "templatetype": "USER", "crossZones": False}
    size = int(source.get("virtualsize", source.get("size", 0)))
    row = _register(call, "template", call.owner(), **members, size=size, _zones=[source["zoneid"]])
    call.store.update(row, isready=False, status="Creating")
    yield Accepted(row, undo=lambda: drop(call.cloud, row), new=True)
    yield None
    call.store.update(row, **DOWNLOADED)
    return {"template": _shown(call, row)}


@command("updateTemplate")
def update_template(call: Call) -> Any:
    """Texts, flags and details."""
    row = call.need()
    names = ("name", "displaytext", "format", "ostypeid", "templatetag", "arch", "sortkey", *FLAGS[3:])
    call.store.update(row, **dict(call.sent(*names)))
    if call.has("details") or call.flag("cleanupdetails"):
        call.store.update(row, details=call.mapping("details") or None)
    return row, {"template": _shown(call, row)}


@command("updateTemplatePermissions", "updateIsoPermissions")
def update_permissions(call: Call) -> Any:
    """Public, featured, extractable, and the accounts that it is shared with."""
    row = call.need()
    accounts = set(row.get("_accounts", ()))
    named, how = set(call.names("accounts")), call.text("op").lower()
    accounts = {"add": accounts | named, "remove": accounts - named, "reset": set()}.get(how, accounts)
    call.store.update(row, **dict(call.sent("ispublic", "isfeatured", "isextractable")), _accounts=sorted(accounts))
    return row, {"success": True}


@command("deleteTemplate", "deleteIso")
def delete(call: Call) -> Steps:
    """From one zone, or from all. Fails while a machine has the ISO."""
    row = call.need()
    users = [one for one in call.store.rows("virtualmachine") if one.get("isoid") == row.id and one["state"] != "Destroyed"]
    if users:
        raise invalid(f"{row['name']} can't be deleted: virtual machine {users[0]['name']} uses it")
    zone = call.row("zoneid")
    yield Accepted(row)
    yield None
    left = [one.id for one in _zones(call, row) if zone is not None and one.id != zone.id]
    if left and not row.get("crossZones"):
        call.store.update(row, _zones=left)
    else:
        drop(call.cloud, row)
    return {"success": True}


@command("copyTemplate")
def copy(call: Call) -> Steps:
    """To other zones."""
    row = call.need()
    wanted = [zone.id for zone in call.rows("destzoneids")] or [call.need("destzoneid").id]
    yield Accepted(row)
    yield None
    call.store.update(row, _zones=[*row.get("_zones", ()), *(zone for zone in wanted if zone not in row.get("_zones", ()))])
    return {"template": _shown(call, row)}


@command("extractTemplate", "extractIso")
def extract(call: Call) -> Steps:
    """A link to download it from."""
    row = call.need()
    if not row.get("isextractable") and not call.caller.is_admin:
        raise denied(f"{row['name']} is not extractable")
    mode(call)
    yield Accepted(row)
    yield None
    return {row.kind: link(call, row, "qcow2" if row.kind == "template" else "iso")}


@command("attachIso")
def attach_iso(call: Call) -> Steps:
    """Into the drive of a machine."""
    iso, machine = call.need(), call.need("virtualmachineid")
    yield Accepted(machine)
    yield None
    call.store.update(machine, isoid=iso.id)
    return {"virtualmachine": show(call.cloud, machine)}


@command("detachIso")
def detach_iso(call: Call) -> Steps:
    """Out of it."""
    machine = call.need("virtualmachineid")
    if not machine.get("isoid"):
        raise invalid(f"Virtual machine {machine['name']} has no ISO")
    yield Accepted(machine)
    yield None
    call.store.update(machine, isoid=None)
    return {"virtualmachine": show(call.cloud, machine)}


@chosen_by("template", "isready")
@chosen_by("iso", "isready")
def by_readiness(call: Call, rows: list[Row]) -> list[Row]:
    """``false`` does not ask for those that are not ready."""
    return [row for row in rows if row.get("isready") or not call.flag("isready")]
