# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""What holds for any call: pages make the whole, filters only take away, nothing that is sent breaks the server."""

from __future__ import annotations

import itertools
import json
import random
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from typing import Any

import pytest
import requests
from hypothesis import given, settings
from hypothesis import strategies as st

from nitrox.cloudstack.catalogue import Command, Parameter, commands
from nitrox.cloudstack.testing import Simulator, running

from .populated import Populated, populate

# the same examples at every run: what fails here shall fail for everybody
ALWAYS = settings(max_examples=40, deadline=None, derandomize=True)
MANY = settings(max_examples=120, deadline=None, derandomize=True)
ERRORS = {401, 429, 430, 431, 432, 530, 531, 532, 533, 534, 535, 536, 537}
LISTS = sorted((one for one in commands().values() if one.lists), key=lambda one: one.name)
PAGED = [one for one in LISTS if {"page", "pagesize"} <= set(one.parameters)]
# parameters that ask for others, or tell more of the same
OTHERS = {"allocatedonly", "applied", "archived", "issystem", "lbvmips", "projectid", "showunique", "state", "userdata"}
CALLS = sorted((one for one in commands().values() if one.name not in {"login", "logout"}), key=lambda one: one.name)


@pytest.fixture(scope="module", name="there")
def _there() -> Iterator[Populated]:
    with running() as cloud:
        yield populate(cloud)


def wide(there: Populated, command: Command) -> dict[str, Any]:
    return there.ids_needed(command.name) | ({"listall": True} if "listall" in command.parameters else {})


def listed(members: dict[str, Any]) -> list[str]:
    """The items of an answer, so that they can be compared."""
    found = next((value for value in members.values() if isinstance(value, list)), [])
    return [json.dumps(item, sort_keys=True) for item in found]


@ALWAYS
@given(command=st.sampled_from(PAGED), size=st.integers(1, 7))
def test_pages_make_the_whole(there: Populated, command: Command, size: int) -> None:
    base = wide(there, command)
    whole = there.api.call(command.name, **base)
    total, found, page = whole.get("count", 0), [], 0
    while page * size < total:
        page += 1
        part = there.api.call(command.name, **base, page=page, pagesize=size)
        assert (part["count"], len(listed(part))) == (total, min(size, total - (page - 1) * size))
        found += listed(part)
    assert found == listed(whole)
    assert listed(there.api.call(command.name, **base, page=page + 1, pagesize=size)) == []


@MANY
@given(data=st.data())
def test_a_filter_only_takes_away(there: Populated, data: st.DataObject) -> None:
    command = data.draw(st.sampled_from(LISTS))
    base = wide(there, command)
    whole = there.api.call(command.name, **base)
    plain = [name for name, one in command.parameters.items() if one.type in {"text", "flag", "id"} and name not in base]
    name = data.draw(st.sampled_from(sorted(set(plain) - OTHERS) or ["keyword"]))
    members = [item.get(name) for item in map(json.loads, listed(whole)) if item.get(name) is not None]
    status, _, answer = there.ask(command.name, **base, **{name: data.draw(st.sampled_from([*members, "web", "true", "false"]))})
    if status == 200:
        assert set(listed(answer)) <= set(listed(whole))
        assert answer.get("count", 0) <= whole.get("count", 0)


NASTY = ["", "x", "-1", "0", "1", "80", "65536", "9" * 18, "9" * 30, "1e5", "1.5", "٣", "true", "null", "[]", "{}", "%", "'\"<>&"]
NASTY += ["\x00", "a\x00b", "\x0b", "é☃𝄞", "a" * 5000, "10.1.1.0/24", "10.1.1.5", "::1", "256.1.1.1", "10.1.1.1/33", "1-2", "a,b"]
NASTY += ["tcp", "icmp", "all", "Running", "self", "KVM", "2026-01-01", "-1,-1", "vm1", "n1", "k1", "default", "admin"]


def value_of(chance: random.Random, there: Populated, one: Parameter) -> str:
    """Mostly an object of a kind that fits, else anything."""
    store = there.api.cloud.cloud.store
    fitting = [row.id for kind in one.kinds for row in itertools.islice(store.rows(kind), 6)]
    return chance.choice(fitting if fitting and chance.random() < 0.8 else NASTY)


def spelt(chance: random.Random, there: Populated, one: Parameter) -> dict[str, str]:
    """One parameter, as a map where one is wanted, mostly."""
    if one.type not in {"map", "maps"} or chance.random() < 0.1:
        return {one.name: value_of(chance, there, one)}
    found = {}
    for index in (0, chance.choice([1, 5, 10**12])):
        key = chance.choice(["key", "networkid", "ip", "vmid", "group", "cpunumber", "diskofferingid"])
        found |= {f"{one.name}[{index}].{key}": chance.choice(NASTY), f"{one.name}[{index}].value": chance.choice(NASTY)}
    return found


def random_call(chance: random.Random, there: Populated) -> dict[str, str]:
    """Most of what a command requires, some of the rest."""
    command = chance.choice(CALLS)
    found = {"command": command.name, "response": chance.choice(["json", "json", "xml"])}
    for one in command.parameters.values():
        if chance.random() < (0.95 if one.required else 0.25):
            found |= spelt(chance, there, one)
    return found


@pytest.mark.parametrize("seed", range(3))
def test_nothing_that_is_sent_breaks_the_server(seed: int) -> None:
    chance = random.Random(seed)
    with running() as cloud:
        worn = populate(cloud)
        for _call in range(200):
            sent = random_call(chance, worn)
            answer = requests.post(cloud.open_endpoint, data=sent, timeout=20)
            members = _well_formed(answer)
            assert "internal error" not in members.get("errortext", ""), sent
            if "jobid" in members:
                _ended(cloud, members["jobid"], sent)


def _ended(cloud: Simulator, job: str, sent: dict[str, str]) -> None:
    """The job has ended, says the same again, and no handler broke in it."""
    ask = {"command": "queryAsyncJobResult", "response": "json", "jobid": job}
    first, second = (requests.post(cloud.open_endpoint, data=ask, timeout=20).json() for _time in range(2))
    assert first == second
    members = first["queryasyncjobresultresponse"]
    assert members["jobstatus"] in {1, 2}, sent
    assert "internal error" not in str(members["jobresult"]), sent


def _well_formed(answer: requests.Response) -> dict[str, str]:
    """The plain members of the one envelope."""
    assert answer.status_code in {200} | ERRORS
    if "json" in answer.headers["Content-Type"]:
        ((envelope, members),) = answer.json().items()
        plain = {name: value for name, value in members.items() if isinstance(value, (str, int))}
    else:
        root = ET.fromstring(answer.content)
        envelope, plain = root.tag, {one.tag: one.text or "" for one in root}
    assert envelope.endswith("response")
    if answer.status_code != 200:
        assert int(plain["errorcode"]) == answer.status_code
        assert plain["errortext"]
    return plain


@MANY
@given(
    pairs=st.lists(
        st.tuples(
            st.sampled_from(
                ["command", "apiKey", "signature", "signatureVersion", "expires", "response", "sessionkey", "x[", "[0]"]
            ),
            st.sampled_from(["listZones", "json", "3", "", "é", "\x00", "2001-01-01T00:00:00+0000", "KEY", "%", "a" * 300]),
        ),
        max_size=8,
    ),
    method=st.sampled_from(["GET", "POST"]),
)
def test_whatever_is_missing_of_a_signature_is_401(there: Populated, pairs: list[tuple[str, str]], method: str) -> None:
    pairs = [(name, there.api.key if value == "KEY" else value) for name, value in pairs]
    kind = {"params": pairs} if method == "GET" else {"data": pairs}
    answer = requests.request(method, there.api.cloud.endpoint, timeout=20, **kind)  # type: ignore[arg-type]
    assert answer.status_code == 401
    assert _well_formed(answer)["errortext"]
