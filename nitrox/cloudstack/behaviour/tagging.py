# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Tags: a key is there once on a resource."""

from __future__ import annotations

from nitrox.cloudstack.call import Call
from nitrox.cloudstack.catalogue import kinds
from nitrox.cloudstack.jobs import Accepted, Steps
from nitrox.cloudstack.refusal import invalid, no_entity
from nitrox.cloudstack.registry import chosen_by, command
from nitrox.cloudstack.store import Row

# what clients call the kinds, without regard to case and hyphens; beside the names in ``kinds.json``
ALIASES = {
    "vm": "virtualmachine",
    "instance": "virtualmachine",
    "ipaddress": "publicipaddress",
    "loadbalancerrule": "loadbalancerrule",
}


def _plain(text: str) -> str:
    return text.lower().replace("-", "").replace("_", "")


def kind_of(text: str) -> str:
    """The kind that a ``resourcetype`` means. Refuses with 431."""
    wanted = _plain(text)
    for kind in kinds().values():
        if kind.tags and wanted in {_plain(kind.tags), kind.name} and kind.name != "loadbalancer":
            return kind.name
    if wanted in ALIASES:
        return ALIASES[wanted]
    raise invalid(f"Invalid resource type {text}")


def _resources(call: Call) -> list[Row]:
    kind = kind_of(call.text("resourcetype"))
    keys = call.names("resourceids")
    if not keys:
        raise invalid("resourceids is needed")
    found = []
    for key in keys:
        if call.store.find(kind, key) is None and call.store.was(key) is None:
            raise no_entity("resourceids", key, call.command.name)
        found.append(call.lookup("resourceids", key, (kind,)))
    return found


@command("createTags")
def create(call: Call) -> Steps:
    """Fails when a resource has one of the keys already."""
    resources = _resources(call)
    tags = call.mapping("tags")
    if not tags:
        raise invalid("tags is needed")
    yield Accepted(resources[0])
    taken = [key for row in resources for key in tags if _find(call, row, key) is not None]
    if taken:
        raise invalid(f"tag {taken[0]} already on {call.text('resourcetype')} with id {resources[0].id}")
    yield None
    for row in resources:
        for key, value in tags.items():
            _add(call, row, key, value)
    return {"success": True}


def _find(call: Call, row: Row, key: str) -> Row | None:
    return next((tag for tag in call.store.where("tag", resourceid=row.id) if tag["key"].lower() == key.lower()), None)


def _add(call: Call, row: Row, key: str, value: str) -> None:
    owner = {name: row[name] for name in ("account", "domainid", "projectid") if name in row}
    if "account" not in owner:  # of a zone or a project: who tags it owns the tag
        owner = {name: call.caller.account[member] for name, member in (("account", "name"), ("domainid", "domainid"))}
    kind = kinds()[row.kind].tags
    call.store.add("tag", **owner, resourceid=row.id, resourcetype=kind, key=key, value=value, customer=call.maybe("customer"))


@command("deleteTags")
def delete(call: Call) -> Steps:
    """The given ones, with their values when those are given; without any, all."""
    resources = _resources(call)
    yield Accepted(resources[0])
    wanted = {key.lower(): value for key, value in call.mapping("tags").items()}
    found = [tag for row in resources for tag in call.store.where("tag", resourceid=row.id)]
    found = [tag for tag in found if not wanted or wanted.get(tag["key"].lower()) in {"", tag["value"]}]
    if wanted and not found:
        raise invalid("Unable to find any tags that conform to the request")
    yield None
    for tag in found:
        call.store.remove(tag)
    return {"success": True}


@chosen_by("tag", "resourcetype")
def by_type(call: Call, rows: list[Row]) -> list[Row]:
    """Any spelling of the type."""
    wanted = kinds()[kind_of(call.text("resourcetype"))].tags
    return [row for row in rows if row["resourcetype"] == wanted]
