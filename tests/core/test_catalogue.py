# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""The catalogue's files: valid, complete, sorted, and nothing in them names what does not exist."""

from __future__ import annotations

import dataclasses
import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro import catalogue
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.errors import UnknownKind
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.kind import Attribute, Kind

FILES = sorted(path for path in catalogue.FOLDER.glob("*.json") if path.name not in ("index.json", "schema.json"))
SCHEMA = json.loads((catalogue.FOLDER / "schema.json").read_text(encoding="utf-8"))
GLOBAL = re.compile(r"[a-z]+global(detection|pacing)?$")  # the appliance as a whole, no object
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)


def read(path: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return loaded


def test_schema_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_file_is_valid(path: Path) -> None:
    problems = [
        f"{'.'.join(map(str, error.absolute_path))}: {error.message[:200]}" for error in VALIDATOR.iter_errors(read(path))
    ]
    assert not problems
    assert read(path)["package"] == path.stem


@pytest.mark.parametrize(
    ("where", "value"),
    [
        pytest.param((), "secrt", id="unknown field of an attribute"),
        pytest.param(("type",), "text", id="unknown type"),
        pytest.param(("values",), [], id="empty value list"),
    ],
)
def test_schema_refuses(where: tuple[str, ...], value: object) -> None:
    facts: dict[str, Any] = {"type": "string"}
    facts[where[0] if where else str(value)] = value
    entry: dict[str, Any] = {"keys": [], "url_key": None, "operations": [], "releases": [], "attributes": {"a": facts}}
    assert not VALIDATOR.is_valid({"package": "x", "kinds": {"y": entry}})


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_one_attribute_a_line_and_sorted(path: Path) -> None:
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line.startswith('  "')]
    kinds = read(path)["kinds"]
    assert [re.match(r'  "([^"]+)": \{.*\},?$', line)[1] for line in lines] == [  # type: ignore[index]  # a mismatch fails
        name for entry in kinds.values() for name in entry["attributes"]
    ]
    for name, entry in kinds.items():
        assert list(entry["attributes"]) == sorted(entry["attributes"]), name


def test_index_is_complete_and_fresh() -> None:
    assert catalogue.index() == {name: path.stem for path in FILES for name in read(path)["kinds"]}
    assert list(catalogue.index()) == sorted(catalogue.index())


def test_all_kinds_are_there() -> None:
    kinds = list(catalogue.kinds())
    assert len(kinds) == 1853
    assert sum(kind.manageable for kind in kinds) >= 896


def test_everything_named_exists() -> None:
    known = catalogue.index()
    wrong: list[tuple[str, ...]] = []
    for kind in catalogue.kinds():
        whole = [kind.aggregate_of, None if kind.aggregate_of else kind.parent]
        named = [*kind.bindings, *(name for name in whole if name and not GLOBAL.match(name))]
        wrong += [(kind.name, name) for name in named if name not in known]
        wrong += [(kind.name, a.name, ref) for a in kind for ref in a.ref if ref not in known]
        wrong += [(kind.name, a.name, a.unit) for a in kind if a.unit and a.unit not in kind.attributes]
        wrong += [(kind.name, a.name, a.of_binding) for a in kind if a.of_binding and a.of_binding not in known]
        inner = [*kind.keys, *kind.delete_args, *(name for group in kind.one_of for name in group)]
        inner += [name for name in (kind.url_key, kind.bind_key, kind.switches, kind.state.get("read")) if name]
        wrong += [(kind.name, name) for name in inner if name not in kind.attributes]
    assert not wrong


def test_bindings_know_their_parent() -> None:
    for kind in catalogue.kinds():
        for binding in map(catalogue.kind, () if kind.aggregate_of else kind.bindings):
            assert binding.parent == kind.name
            assert binding.view or binding.url_key is not None


def test_short_names_of_writable_bindings_are_unambiguous() -> None:
    for kind in catalogue.kinds():
        shorts = [binding.binds for binding in map(catalogue.kind, kind.bindings) if not binding.view]
        assert len(shorts) == len(set(shorts)), kind.name


def test_values_obey_their_own_type() -> None:
    wrong = []
    for kind in catalogue.kinds():
        for attribute in kind:
            defaults = [] if attribute.default is None or attribute.legacy or attribute.readonly else [attribute.default]
            for value in [*attribute.values, *attribute.values_older] if attribute.type in ("string", "array") else []:
                if attribute.spelled[value.lower()].lower() != value.lower():
                    wrong.append((kind.name, attribute.name, value))
            for value in defaults:
                try:
                    attribute.coerce(value)
                except ValueError as error:
                    wrong.append((kind.name, attribute.name, f"{value!r}: {error}"[:120]))
    assert not wrong


@pytest.mark.parametrize(("definition", "model"), [("kind", Kind), ("attribute", Attribute)])
def test_every_field_is_modelled_and_explained(definition: str, model: type) -> None:
    of_the_package = {"package", "feature"}
    fields = {field.name for field in dataclasses.fields(model)} - {"name"} - of_the_package
    assert set(SCHEMA["$defs"][definition]["properties"]) == fields
    readme = (catalogue.FOLDER / "README.md").read_text(encoding="utf-8")
    assert not [name for name in fields if f"`{name}`" not in readme]


@pytest.mark.parametrize(
    ("kind", "attribute", "refs"),
    [
        ("csaction", "targetlbvserver", ("lbvserver",)),
        ("cspolicy", "action", ("csaction",)),
        ("responderpolicy", "action", ("responderaction",)),
        ("rewritepolicy", "action", ("rewriteaction",)),
        ("lbvserver", "backupvserver", ("lbvserver",)),
        ("lbvserver", "tcpprofilename", ("nstcpprofile",)),
        ("csvserver_cspolicy_binding", "policyname", ("cspolicy",)),
        ("csvserver_lbvserver_binding", "lbvserver", ("lbvserver",)),
        ("lbvserver_servicegroup_binding", "servicegroupname", ("servicegroup",)),
        ("servicegroup_lbmonitor_binding", "monitor_name", ("lbmonitor",)),
        ("servicegroup_servicegroupmember_binding", "servername", ("server",)),
        ("sslvserver_sslcertkey_binding", "certkeyname", ("sslcertkey",)),
        ("sslcertkey", "linkcertkeyname", ("sslcertkey",)),
        ("sslcertkey", "cert", ("systemfile",)),
        ("gslbvserver_gslbservice_binding", "servicename", ("gslbservice",)),
        ("authenticationldappolicy", "reqaction", ("authenticationldapaction",)),
    ],
)
def test_reference_of(kind: str, attribute: str, refs: tuple[str, ...]) -> None:
    assert catalogue.kind(kind).attributes[attribute].ref == refs


def test_unknown_kind_names_the_nearest() -> None:
    with pytest.raises(UnknownKind, match=r"lbvservr: no such object kind \(did you mean lbvserver"):
        catalogue.kind("lbvservr")


def test_shipped_entries_replace_the_files(monkeypatch: pytest.MonkeyPatch) -> None:
    entry = catalogue.facts("lbvserver") | {"keys": ["name", "td"]}
    monkeypatch.setattr(catalogue, "_shipped", {})
    catalogue.kind.cache_clear()
    catalogue.ship({"lbvserver": entry})
    try:
        assert catalogue.kind("lbvserver").keys == ("name", "td")
    finally:
        monkeypatch.undo()
        catalogue.kind.cache_clear()
    assert catalogue.kind("lbvserver").keys == ("name",)
