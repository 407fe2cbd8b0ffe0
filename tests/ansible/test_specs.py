# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""What modules take is computed from the catalogue; lists of modules are fresh."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.nitrox.netscaler.plugins.module_utils.front_document import Task
from ansible_collections.nitrox.netscaler.plugins.module_utils.front_shipment import facts_for, named_kinds
from ansible_collections.nitrox.netscaler.plugins.module_utils.front_spec import MODULES, argument_spec, typed_attributes
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro import catalogue

COLLECTION = Path(__file__).parents[2] / "ansible_collections/nitrox/netscaler"
FILES = {path.stem: path for path in sorted((COLLECTION / "plugins/modules").glob("*.py"))}
TYPED = sorted(FILES.keys() - MODULES.keys())


def literal(path: Path, name: str) -> Any:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = [node for node in tree.body if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == name]
    return yaml.safe_load(ast.literal_eval(found[0].value))


def test_there_are_the_modules_of_the_foundation() -> None:
    assert {"config", "config_info", "resource", "save"} <= FILES.keys()
    assert {"lbvserver", "servicegroup", "server", "lbmonitor", "sslcertkey", "csvserver"} <= set(TYPED)


def test_the_action_group_has_every_module() -> None:
    runtime = yaml.safe_load((COLLECTION / "meta/runtime.yml").read_text(encoding="utf-8"))
    assert runtime["action_groups"]["all"] == list(FILES)


def test_every_module_runs_through_the_action_plugin() -> None:
    assert {path.stem for path in (COLLECTION / "plugins/action").glob("*.py")} == set(FILES)


@pytest.mark.parametrize("module", FILES)
def test_every_option_says_whether_it_is_secret(module: str) -> None:
    assert not [name for name, option in argument_spec(module).items() if not isinstance(option.get("no_log"), bool)]


@pytest.mark.parametrize("module", FILES)
def test_no_option_has_an_empty_key(module: str) -> None:
    assert not [name for name, option in argument_spec(module).items() if None in option.values()]


@pytest.mark.parametrize("module", TYPED)
def test_no_common_attribute_hides_behind_an_option_of_all_modules(module: str) -> None:
    kind = catalogue.kind(module)
    assert [attribute.name for attribute in typed_attributes(kind)] == [a.name for a in kind if a.common]
    assert set(kind.keys) <= {attribute.name for attribute in typed_attributes(kind)}


@pytest.mark.parametrize("module", TYPED)
def test_options_have_nitros_names_and_values(module: str) -> None:
    kind, spec = catalogue.kind(module), argument_spec(module)
    for attribute in typed_attributes(kind):
        assert spec[attribute.name].get("choices", []) == sorted(attribute.values)
        assert spec[attribute.name]["no_log"] is attribute.secret


@pytest.mark.parametrize("module", FILES)
def test_modules_are_documentation_and_ten_lines_of_code(module: str) -> None:
    tree = ast.parse(FILES[module].read_text(encoding="utf-8"))
    code = [node for node in tree.body if not isinstance(node, (ast.Assign, ast.Expr))]
    assert sum((node.end_lineno or 0) - node.lineno + 1 for node in code) <= 10


@pytest.mark.parametrize("module", FILES)
def test_documentation_and_spec_have_the_same_options(module: str) -> None:
    texts = [literal(FILES[module], "DOCUMENTATION")]
    fragments = ast.parse((COLLECTION / "plugins/doc_fragments/netscaler.py").read_text(encoding="utf-8"))
    sections = {
        ast.unparse(node.targets[0]): yaml.safe_load(ast.literal_eval(node.value))
        for one in fragments.body
        if isinstance(one, ast.ClassDef)
        for node in one.body
        if isinstance(node, ast.Assign)
    }
    for name in texts[0]["extends_documentation_fragment"]:
        section = name.removeprefix("nitrox.netscaler.netscaler").strip(".").upper() or "DOCUMENTATION"
        texts.append(sections[section])
    documented = {name for text in texts for name in text.get("options", {})}
    assert documented == argument_spec(module).keys()


@pytest.mark.parametrize("module", FILES)
def test_every_module_has_an_example_of_itself(module: str) -> None:
    assert f"nitrox.netscaler.{module}:" in FILES[module].read_text(encoding="utf-8").split("EXAMPLES")[1]


def test_a_shipment_has_what_the_task_names() -> None:
    document = {
        "lbvserver": {"web": {"servicetype": "HTTP", "bindings": {"servicegroup": ["web"]}}},
        "sslcertkey": {"shop": {"cert": "a.pem"}},
    }
    options = {"document": document, "state": "merged", "owner": "shop"}
    facts = facts_for(named_kinds("config", options, Task("config", options).document))
    assert {"lbvserver", "lbvserver_servicegroup_binding", "servicegroup", "sslcertkey", "systemfile"} <= facts.keys()
    assert {"policystringmap", "policystringmap_pattern_binding"} <= facts.keys()
    assert "gslbvserver" not in facts
