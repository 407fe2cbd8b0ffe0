# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""What the role documents is what the module takes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from ansible_collections.nitrox.netscaler.plugins.module_utils.cloudstack.options import SPEC
from ansible_collections.nitrox.netscaler.plugins.module_utils.cloudstack.schema import sections

COLLECTION = Path(__file__).parents[2] / "ansible_collections/nitrox/netscaler"
ROLE = COLLECTION / "roles/cloudstack_cluster"
OPTIONS = yaml.safe_load((ROLE / "meta/argument_specs.yml").read_text(encoding="utf-8"))["argument_specs"]["main"]["options"]
PREFIX = "cloudstack_cluster_"


def differing(section: str, documented: dict[str, Any], where: str) -> list[str]:
    """Where names, nesting, choices or needs differ."""
    fields = sections()[section]
    found = [f"{where}: {sorted(fields.keys() ^ documented.keys())}"] if fields.keys() != documented.keys() else []
    for name in fields.keys() & documented.keys():
        rule, option = fields[name], documented[name]
        same = (bool(rule.get("list")), bool(rule.get("required")), rule.get("values")) == (
            option["type"] == "list", option.get("required", False), option.get("choices"),
        )  # fmt: skip
        found += [] if same else [f"{where}.{name}"]
        if rule["type"] in sections():
            found += differing(rule["type"], option["options"], f"{where}.{name}")
    return found


def test_the_role_has_every_field_of_the_description() -> None:
    fields = {name.removeprefix(PREFIX): option for name, option in OPTIONS.items()}
    assert not differing("cluster", {name: fields[name] for name in sections()["cluster"]}, "cluster")


def test_defaults_are_those_of_the_documentation() -> None:
    defaults = yaml.safe_load((ROLE / "defaults/main.yml").read_text(encoding="utf-8"))
    assert defaults == {name: option["default"] for name, option in OPTIONS.items() if "default" in option}


def test_the_module_documents_its_options() -> None:
    text = (COLLECTION / "plugins/modules/cloudstack/cluster.py").read_text(encoding="utf-8")
    documented = yaml.safe_load(text.split('DOCUMENTATION = r"""')[1].split('"""')[0])["options"]
    assert documented.keys() == SPEC.keys()
    for name, rule in SPEC.items():
        assert {key: documented[name].get(key) for key in ("type", "default", "choices")} == {
            key: rule.get(key) for key in ("type", "default", "choices")
        }


def test_readme_names_every_variable() -> None:
    text = (ROLE / "README.md").read_text(encoding="utf-8")
    assert not [name for name in OPTIONS if name not in text]
