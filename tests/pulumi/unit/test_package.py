# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""What the package promises around its code: metadata, the README's program, and no plugin to look for."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

from pulumi_netscaler.options import OPTIONS

from .programs import run

FOLDER = Path(__file__).parents[3] / "pulumi_netscaler"
README = (FOLDER / "README.md").read_text(encoding="utf-8")
PROJECT = tomllib.loads((FOLDER.parent / "pyproject.toml").read_text(encoding="utf-8"))


def test_pulumi_is_told_that_there_is_no_plugin() -> None:
    assert json.loads((FOLDER / "pulumi-plugin.json").read_text(encoding="utf-8")) == {"resource": False}


def test_the_package_is_typed_and_shipped() -> None:
    assert (FOLDER / "py.typed").is_file()
    assert "pulumi_netscaler" in PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
    assert "/pulumi_netscaler" in PROJECT["tool"]["hatch"]["build"]["targets"]["sdist"]["include"]


def test_the_readmes_program_registers_what_its_preview_shows() -> None:
    program = re.findall(r"```python\n(.*?)```", README, re.DOTALL)[0]
    registered = run(lambda: exec(program, {}))
    shown = set(re.findall(r"^ \+  (\S+) (\S+) create$", README, re.MULTILINE)) - {("pulumi:pulumi:Stack", "shop-test")}
    assert set(registered.resources) == shown


def test_the_readme_names_every_option() -> None:
    assert not [option for option in OPTIONS if f"`{option}`" not in README]
