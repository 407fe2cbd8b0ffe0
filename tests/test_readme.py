# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""What README and docs promise exists: files, commands, options, modules, documents."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.document import parse
from nitrox.cli import cli

TOP = Path(__file__).parents[1]
PAGES = [TOP / "README.md", *sorted((TOP / "docs").glob("*.md"))]
TEXT = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)
BLOCKS = [block for page in PAGES for block in re.findall(r"```yaml\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)]
DOCUMENTS = [block for block in BLOCKS if not block.startswith("- ")]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)#]+)\)", page.read_text(encoding="utf-8"))
    assert not [link for link in links if "://" not in link and not (page.parent / link).exists()]


def test_make_targets_exist() -> None:
    targets = set(re.findall(r"`?make ([a-z0-9]+)\b`", TEXT)) | {"demo", "test"}
    makefile = (TOP / "Makefile").read_text(encoding="utf-8")
    assert not [target for target in targets if f"\n{target}:" not in makefile]


def test_commands_and_their_options_exist() -> None:
    used = re.findall(r"^\s*nitrox (\w+)(.*)$", TEXT, re.MULTILINE)
    assert {name for name, _ in used} == set(cli.list_commands(None))  # type: ignore[arg-type] # it does not look at it
    for name, rest in used:
        command = cli.get_command(None, name)  # type: ignore[arg-type] # it does not look at it
        assert command is not None
        known = {option for parameter in command.params for option in parameter.opts}
        assert set(re.findall(r"--[a-z-]+", rest.split("#")[0])) <= known


def test_modules_exist() -> None:
    named = set(re.findall(r"nitrox\.netscaler\.(\w+)", TEXT))
    assert named
    assert not [name for name in named if not (TOP / f"ansible_collections/nitrox/netscaler/plugins/modules/{name}.py").is_file()]


@pytest.mark.parametrize("text", DOCUMENTS, ids=lambda text: text.split(":")[0].replace("\n", " "))
def test_documents_are_valid(text: str) -> None:
    assert len(parse(yaml.safe_load(text))) > 1


def test_there_are_documents() -> None:
    assert len(DOCUMENTS) >= 3


def test_the_first_screen_has_the_two_commands_and_what_they_show() -> None:
    first = "\n".join((TOP / "README.md").read_text(encoding="utf-8").splitlines()[:30])
    assert all(word in first for word in ("make demo", "make test", "changed=2", "changed=0"))


def test_the_demo_is_the_one_of_the_readme() -> None:
    script = (TOP / "playbooks/demo/run").read_text(encoding="utf-8")
    titles = re.findall(r"^\d\. (.+)$", (TOP / "README.md").read_text(encoding="utf-8").split("## A frontend")[0], re.MULTILINE)
    assert len(titles) >= 4
    assert not [title for title in titles if title not in script]
