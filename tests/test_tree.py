# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""The tree is complete: what the README, the packages and the checks rely on is there, and importable as promised."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from importlib.util import find_spec
from pathlib import Path

import pytest

TOP = Path(__file__).parents[1]
COLLECTION = TOP / "ansible_collections/nitrox/netscaler"
PROJECT = tomllib.loads((TOP / "pyproject.toml").read_text(encoding="utf-8"))
EXPECTED = [
    "README.md",
    "CHANGELOG.md",
    "Makefile",
    "REUSE.toml",
    "galaxy.yml",
    "ansible.cfg",
    ".ansible-lint",
    ".ci/run",
    "LICENSES/Apache-2.0.txt",
    "LICENSES/GPL-3.0-or-later.txt",
    "docs/simulator.md",
    "docs/documents.md",
    "docs/errors.md",
    "nitrox/py.typed",
    "playbooks/demo/run",
    "ansible_collections/nitrox/netscaler/galaxy.yml",
    "ansible_collections/nitrox/netscaler/meta/runtime.yml",
    "ansible_collections/nitrox/netscaler/README.md",
    "ansible_collections/nitrox/netscaler/requirements.txt",
]


@pytest.mark.parametrize("name", EXPECTED)
def test_it_is_there(name: str) -> None:
    assert (TOP / name).is_file()


def test_the_collections_galaxy_file_is_the_one_on_top() -> None:
    assert (COLLECTION / "galaxy.yml").resolve() == (TOP / "galaxy.yml").resolve()


@pytest.mark.parametrize("folder", ["ansible_collections", "ansible_collections/nitrox", "ansible_collections/nitrox/netscaler"])
def test_the_collections_folders_are_namespace_packages(folder: str) -> None:
    spec = find_spec(folder.replace("/", "."))
    assert spec is not None
    assert spec.origin is None
    assert not (TOP / folder / "__init__.py").exists()


@pytest.mark.parametrize("command", ["run", "prepare", "python"])
def test_scripts_are_executable_and_parse(command: str) -> None:
    path = TOP / ".ci" / command
    assert path.stat().st_mode & 0o111
    subprocess.run(["bash", "-n", str(path)], check=True)


def test_the_core_needs_only_what_the_base_package_installs() -> None:
    base = {requirement.split(">")[0].lower() for requirement in PROJECT["project"]["dependencies"]}
    assert base == {"click", "jmespath", "pyyaml", "requests", "rich"}


def test_no_dependency_is_given_by_address() -> None:
    groups = PROJECT["project"]["optional-dependencies"].values()
    assert not [one for group in (PROJECT["project"]["dependencies"], *groups) for one in group if "://" in one or "@" in one]


def test_the_core_imports_without_ansible_and_aiohttp() -> None:
    code = (
        "import sys; sys.modules.update(dict.fromkeys(['ansible', 'aiohttp', 'yaml', 'rich', 'click']))\n"
        "from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro import apply, document, plan, session\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=TOP)


def test_make_help_lists_every_target() -> None:
    shown = subprocess.run(["make", "-s"], cwd=TOP, capture_output=True, text=True, check=True).stdout
    listed = [line.split()[1] for line in shown.splitlines()]
    assert listed == [
        "help",
        "demo",
        "test",
        "lint",
        "sanity",
        "faults",
        "pulumi-cli",
        "demo-cluster",
        "e2e",
        "bench",
        "docs",
        "clean",
    ]
