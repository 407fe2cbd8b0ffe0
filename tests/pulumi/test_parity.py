# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""One document, three fronts: Ansible's ``config``, Pulumi's ``Config``, and single resources do the same to an appliance."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.document import Document, parse
from tests.core.converging import opened

from .documents import Data, changed, documents
from .engine.appliance import content

if TYPE_CHECKING:
    from nitrox.simulator.testing import Simulator

pytest.importorskip("pulumi", reason="the extra pulumi is not installed")
pytest.importorskip("ansible", reason="the extra ansible is not installed")

OPTIONS = {
    "src": None,
    "state": "merged",
    "owner": None,
    "prune": False,
    "on_error": "stop",
    "save": False,
    "immutable": "refuse",
}
CONFIG = "nitrox.Config"
PROPERTY = settings(
    max_examples=15, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)  # fmt: skip
Written = list[tuple[str, str, str]]  # method, kind and action, body


class Appliance:
    """The simulator, emptied for each front, and what a front wrote to it."""

    def __init__(self, simulator: Simulator) -> None:
        self.simulator = simulator

    def empty(self) -> None:
        """Factory state, and a provider process that has seen nothing yet."""
        from pulumi_netscaler.crud import appliance

        self.simulator.reset()
        appliance._appliances.clear()

    def written(self) -> Written:
        """Every write so far, in order; array bodies and single ones alike."""
        log = [entry for entry in self.simulator.log() if entry["method"] != "GET" and entry["kind"] not in ("login", "logout")]
        return [(entry["method"], f"{entry['kind']} {entry['action']}".rstrip(), repr(entry["body"])) for entry in log]


class Provided:
    """A resource's life without an engine: the calls that it makes, with numbers as it passes them on."""

    def __init__(self, name: str, simulator: Simulator) -> None:
        from pulumi.dynamic import ConfigureRequest
        from pulumi.dynamic.config import Config

        from pulumi_netscaler.provider import load

        self.provider = load(name)
        target = {"url": simulator.url, "username": "nsroot", "password": "nsroot"}
        self.provider.configure(ConfigureRequest(Config({f"netscaler:{key}": value for key, value in target.items()}, "test")))
        self.inputs: Data = {}
        self.outputs: Data = {}
        self.id = ""

    def up(self, inputs: Data) -> str:
        """One ``pulumi up``: what had to be done."""
        checked = self.provider.check(self.inputs, floats(inputs))
        assert not checked.failures, [(one.property, one.reason) for one in checked.failures]
        if not self.id:
            created = self.provider.create(checked.inputs)
            self.id, self.outputs, done = created.id, created.outs or {}, "create"
        else:
            found = self.provider.diff(self.id, self.outputs, checked.inputs)
            assert not found.replaces
            changes = (
                checked.inputs != self.inputs if found.changes is None else found.changes
            )  # "unknown": the engine looks itself
            done = "update" if changes else "same"
            if changes:
                self.outputs = self.provider.update(self.id, self.outputs, checked.inputs).outs or {}
        self.inputs, self.outputs = checked.inputs, floats(self.outputs)
        return done


class Singles:
    """Every object and every row of a document as a resource of its own."""

    def __init__(self, simulator: Simulator) -> None:
        self._simulator = simulator
        self._known: dict[tuple[str, Any], Provided] = {}

    def up(self, data: Data) -> set[str]:
        document = parse(data)
        return {self._resource(kind, identity).up(values) for kind, identity, values in parts(document)}

    def _resource(self, kind: str, identity: Any) -> Provided:
        return self._known.setdefault((kind, identity), Provided(kind, self._simulator))


def parts(document: Document) -> Iterator[tuple[str, Any, Data]]:
    """Kind, key and values of every object, bottom-up, then of every row."""
    for layer in document.layers():
        for wanted in layer:
            yield wanted.kind.name, wanted.key, dict(wanted.values)
    for kind, _parent, rows in document.binding_sets():
        for row in rows:
            yield kind.name, kind.identity(row), dict(row)


def floats(value: Any) -> Any:
    """As the engine hands it over: all numbers are floats."""
    if isinstance(value, dict):
        return {name: floats(each) for name, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [floats(each) for each in value]
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value


def by_ansible(simulator: Simulator, data: Data) -> bool:
    """A ``config`` task, as the action plugin runs it. Did it change something?"""
    from ansible_collections.nitrox.netscaler.plugins.module_utils.front import execute
    from ansible_collections.nitrox.netscaler.plugins.module_utils.front_document import Task

    with opened(simulator) as session:
        return bool(execute(Task("config", {**_defaults(), **OPTIONS, "document": data}), session)["changed"])


def _defaults() -> Data:
    """Every option of the module with its default."""
    from ansible_collections.nitrox.netscaler.plugins.module_utils.front_spec import argument_spec

    return {name: spec.get("default") for name, spec in argument_spec("config").items()}


@pytest.fixture
def appliance(simulator: Simulator) -> Appliance:
    return Appliance(simulator)


def objects(written: Written) -> set[str]:
    """Which kinds were written, and how."""
    return {f"{method} {kind}" for method, kind, _body in written}


@PROPERTY
@given(data=documents())
def test_a_document_is_the_same_plan_and_the_same_state_by_every_front(appliance: Appliance, data: Data) -> None:
    simulator = appliance.simulator
    appliance.empty()
    assert by_ansible(simulator, data)
    state, plan = content(simulator), appliance.written()
    assert not by_ansible(simulator, data)

    appliance.empty()
    whole = Provided(CONFIG, simulator)
    assert whole.up({"document": data, "__name": "all"}) == "create"
    assert content(simulator) == state
    assert appliance.written() == plan, "the same requests in the same order"
    assert whole.up({"document": data, "__name": "all"}) == "same"

    appliance.empty()
    singles = Singles(simulator)
    assert singles.up(data) == {"create"}
    assert content(simulator) == state
    assert objects(appliance.written()) == objects(plan)
    assert singles.up(data) == {"same"}


@PROPERTY
@given(data=some.data())
def test_a_change_is_the_same_by_every_front(appliance: Appliance, data: some.DataObject) -> None:
    simulator = appliance.simulator
    first = data.draw(documents())
    second = data.draw(changed(first))
    appliance.empty()
    by_ansible(simulator, first)
    before = len(appliance.written())
    changes = by_ansible(simulator, second)
    state, plan = content(simulator), appliance.written()[before:]

    appliance.empty()
    whole = Provided(CONFIG, simulator)
    whole.up({"document": first, "__name": "all"})
    before = len(appliance.written())
    assert whole.up({"document": second, "__name": "all"}) == ("update" if changes else "same")
    assert content(simulator) == state
    assert appliance.written()[before:] == plan

    appliance.empty()
    singles = Singles(simulator)
    singles.up(first)
    before = len(appliance.written())
    assert ("update" in singles.up(second)) == changes
    assert content(simulator) == state
    assert objects(appliance.written()[before:]) == objects(plan)
