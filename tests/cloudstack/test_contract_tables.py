# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""What holds for every command: required parameters, types of parameters and of members, filters, counts, keys of results."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from nitrox.cloudstack import catalogue
from nitrox.cloudstack.catalogue import Command, commands
from nitrox.cloudstack.registry import HANDLERS, PLAIN
from nitrox.cloudstack.testing import running

from .populated import Populated, populate

NOBODY = "11111111-2222-3333-4444-555555555555"
UUID = re.compile(r"[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}")
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+0000")
TIMES = {"created", "completed", "allocated", "attached", "lastupdated"}
OBJECTS: dict[str, Any] = json.loads((Path(catalogue.__file__).parent / "responses.json").read_text(encoding="utf-8"))
SAME = {"loadbalancerruleinstance": "virtualmachine", "affinityGroupType": "affinitygrouptype", "vmSnapshot": "vmsnapshot"}
# what chooses how much is told, or asks for more than is there
TELLS = {"details", "listall", "isrecursive", "page", "pagesize", "showicon", "showcapacities", "showremoved", "accumulate"}
LISTS = sorted((one for one in commands().values() if one.lists), key=lambda one: one.name)
NO_FILTER = {
    ("listNetworks", "networkfilter"),  # a word that is none means all
    ("listConfigurations", "imagestoreuuid"),
    ("listResourceLimits", "keyword"),
}


@pytest.fixture(scope="module", name="there")
def _there() -> Iterator[Populated]:
    with running() as cloud:
        yield populate(cloud)


def filling(command: Command, *, but: str = "") -> dict[str, str]:
    """Some value for everything required."""
    found = {}
    for one in command.parameters.values():
        if one.required and one.name != but:
            if one.type in {"map", "maps"}:
                found |= {f"{one.name}[0].key": "a", f"{one.name}[0].value": "b"}
            else:
                found[one.name] = {"number": "1", "flag": "true"}.get(one.type, NOBODY)
    return found


def answered(command: Command) -> bool:
    return command.name in HANDLERS or command.verb in PLAIN or bool(command.lists)


def test_every_required_parameter_is_missed_by_its_name(there: Populated) -> None:
    wrong = []
    for command in [one for one in commands().values() if answered(one)]:
        for one in [one for one in command.parameters.values() if one.required]:
            status, envelope, members = there.ask(command.name, **filling(command, but=one.name))
            missed = status == 431 and members["errortext"].endswith(f"due to missing parameter {one.name}")
            if not missed and command.name not in {"login", "logout"}:
                wrong.append((command.name, one.name, status, members))
            assert envelope == f"{command.name.lower()}response"
    assert wrong == []


def test_no_number_takes_a_word(there: Populated) -> None:
    wrong = []
    for command in [one for one in commands().values() if answered(one)]:
        for one in [one for one in command.parameters.values() if one.type == "number"]:
            status, _, members = there.ask(command.name, **filling(command, but=one.name) | {one.name: "many"})
            if status != 431 or one.name not in members["errortext"]:
                wrong.append((command.name, one.name, status, members))
    assert wrong == []


def test_an_id_that_nothing_has_is_refused_wherever_it_is_sent(there: Populated) -> None:
    wrong = []
    for command in [one for one in commands().values() if answered(one)]:
        for one in [one for one in command.parameters.values() if one.type == "id" and one.kinds]:
            given = there.ids_needed(command.name) or filling(command)
            status, _, members = there.ask(command.name, **given | {one.name: NOBODY})
            if status != 431:
                wrong.append((command.name, one.name, status, members))
    assert wrong == []


def items(members: dict[str, Any]) -> list[Any]:
    """The list of an answer."""
    return next((value for value in members.values() if isinstance(value, list)), [])


def everything(there: Populated, command: Command) -> dict[str, Any]:
    """What makes a list show all."""
    wide = {"listall": True} if "listall" in command.parameters else {}
    return there.ids_needed(command.name) | wide


@pytest.mark.parametrize("command", LISTS, ids=lambda one: one.name)
def test_a_list_has_its_key_and_its_count(there: Populated, command: Command) -> None:
    status, envelope, members = there.ask(command.name, **everything(there, command))
    assert (status, envelope) == (200, f"{command.name.lower()}response")
    assert members == {} or members == {"count": len(items(members)), command.lists: items(members)}


@pytest.mark.parametrize("command", LISTS, ids=lambda one: one.name)
def test_every_filter_filters(there: Populated, command: Command) -> None:
    base = everything(there, command)
    kept = []
    for one in command.parameters.values():
        if one.name in TELLS or one.name in base or (command.name, one.name) in NO_FILTER:
            continue
        if one.type in {"text", "id", "list", "ids", "number", "map"}:
            value = {"number": "987654"}.get(one.type, NOBODY)
            given = {f"{one.name}[0].key": NOBODY, f"{one.name}[0].value": NOBODY} if one.type == "map" else {one.name: value}
            status, _, members = there.ask(command.name, **base | given)
            if not (status == 431 or (status == 200 and members == {})):
                kept.append((one.name, status, members.get("count")))
    assert kept == []


SHOWN_ONLY = ["fordisplay", "displayvm", "displaynetwork", "displayvolume", "canusefordeploy"]


@pytest.mark.parametrize("name", SHOWN_ONLY)
def test_nothing_is_hidden(there: Populated, name: str) -> None:
    found = [one for one in LISTS if name in one.parameters]
    assert found
    for command in found:
        base = everything(there, command)
        assert there.ask(command.name, **base, **{name: False})[2] == {}, command.name
        assert there.ask(command.name, **base, **{name: True})[2] == there.ask(command.name, **base)[2], command.name


def misfits(path: str, value: Any, wanted: Any) -> Iterator[str]:
    """Where a value is not as its description says: of another type, no UUID, no time, or not described at all."""
    if isinstance(wanted, list) and isinstance(value, list):
        for one in value:
            yield from misfits(path, one, wanted[0])
    elif isinstance(wanted, dict) and isinstance(value, dict):
        for name, one in value.items() if wanted else ():
            yield from misfits(f"{path}.{name}", one, wanted[name]) if name in wanted else [f"{path}.{name} is not described"]
    elif wanted not in {"any", "object"} if isinstance(wanted, str) else True:
        yield from _misfit(path, value, wanted)


def _misfit(path: str, value: Any, wanted: Any) -> Iterator[str]:
    name = path.rpartition(".")[2]
    kinds = {"string": str, "integer": int, "boolean": bool, "number": (int, float), "map": dict}
    fits = isinstance(wanted, str) and isinstance(value, kinds[wanted])
    if not fits or (isinstance(value, bool) and wanted != "boolean"):
        yield f"{path}: {value!r} is no {wanted}"
    elif name in TIMES and not TIME.fullmatch(value):
        yield f"{path}: {value} is no time"
    elif wanted == "string" and name.endswith("id") and not UUID.fullmatch(value):
        yield f"{path}: {value} is no UUID"


DESCRIBED = [one for one in LISTS if SAME.get(one.lists, one.lists) in OBJECTS]
NOT_DESCRIBED = {  # joined by kind, and true
    "account.user.domainpath is not described",
    "networkoffering.serviceofferingname is not described",
    "physicalnetwork.created is not described",
    "securitygroup.created is not described",
    "sshkeypair.domainpath is not described",
}


@pytest.mark.parametrize("command", DESCRIBED, ids=lambda one: one.name)
def test_members_are_of_the_types_that_clients_decode(there: Populated, command: Command) -> None:
    found = items(there.ask(command.name, **everything(there, command))[2])
    wanted = [OBJECTS[SAME.get(command.lists, command.lists)]]
    assert set(misfits(SAME.get(command.lists, command.lists), found, wanted)) <= NOT_DESCRIBED


def test_ids_are_of_one_object_only(there: Populated) -> None:
    state = there.api.cloud.control("GET", "state")
    found = [row["id"] for rows in state.values() for row in rows]
    assert len(found) == len(set(found)) > 100


def test_only_the_number_is_told_when_only_that_is_asked_for(there: Populated) -> None:
    assert there.api.call("listVirtualMachines", listall=True, retrieveonlyresourcecount=True) == {"count": 4}


def test_machines_are_chosen_by_where_they_are(there: Populated) -> None:
    machine = there.api.one("listVirtualMachines", id=there.ids["virtualmachine"])
    host = there.api.one("listHosts", id=machine["hostid"])
    names = {one["name"] for one in there.api.list("listVirtualMachines", clusterid=host["clusterid"])}
    assert names == {one["name"] for one in there.api.list("listVirtualMachines", podid=host["podid"])}
    assert "vm1" in names
    assert "vm2" not in names
    assert [one["name"] for one in there.api.list("listVirtualMachines", forvirtualnetwork=False)] == ["vm2"]


def test_user_data_comes_when_it_is_asked_for(there: Populated) -> None:
    told = there.api.one("listVirtualMachines", id=there.ids["virtualmachine"], userdata=True)
    assert told["userdata"] == "I2Nsb3VkLWNvbmZpZw=="
    assert "userdata" not in there.api.one("listVirtualMachines", id=there.ids["virtualmachine"])


def test_offerings_that_a_machine_can_change_to(there: Populated) -> None:
    names = {one["name"] for one in there.api.list("listServiceOfferings", virtualmachineid=there.ids["virtualmachine"])}
    assert names == {"Medium Instance", "Large Instance"}


def test_hypervisors_of_a_zone(there: Populated) -> None:
    assert there.api.call("listHypervisors", zoneid=there.api.zone()) == {"count": 1, "hypervisor": [{"name": "KVM"}]}
