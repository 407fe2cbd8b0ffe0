# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""There is one version number."""

from __future__ import annotations

import re
from importlib.metadata import version
from pathlib import Path

import yaml

import nitrox

TOP = Path(__file__).parents[1]
COLLECTION = TOP / "ansible_collections/nitrox/netscaler"


def test_package_and_collection_have_the_same_version() -> None:
    galaxy = yaml.safe_load((COLLECTION / "galaxy.yml").read_text(encoding="utf-8"))
    assert galaxy["version"] == nitrox.__version__


def test_the_installed_distribution_has_it_too() -> None:
    assert version("netscaler-nitrox") == nitrox.__version__


def test_it_is_a_semantic_version() -> None:
    assert re.fullmatch(r"\d+\.\d+\.\d+", nitrox.__version__)


def test_the_changelog_speaks_of_it() -> None:
    changes = yaml.safe_load((COLLECTION / "changelogs/changelog.yaml").read_text(encoding="utf-8"))
    assert nitrox.__version__ in changes["releases"]
