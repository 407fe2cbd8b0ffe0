# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""The packages as users get them: built, installed in clean places without this checkout on any path, and used."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from nitrox import __version__

if TYPE_CHECKING:
    from nitrox.simulator.testing import Simulator

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(900)]
TOP = Path(__file__).parents[2]
COLLECTION = TOP / "ansible_collections/nitrox/netscaler"
CORE = "ansible_collections/nitrox/netscaler/plugins/module_utils/nitro"
ANSIBLE = ["ansible-core>=2.19,<2.23", "requests", "jmespath"]


def run(*command: str | Path, where: Path, **environment: str) -> str:
    """A command in a folder that is not the checkout; its output. Fails with the output."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("ANSIBLE_", "PYTHON", "VIRTUAL_ENV"))}
    done = subprocess.run(
        [*map(str, command)], cwd=where, env={**clean, **environment}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def environment(folder: Path, *packages: str | Path) -> Path:
    """A new virtual environment with these packages; its folder of commands."""
    run(sys.executable, "-m", "venv", folder, where=folder.parent)
    run(folder / "bin/python", "-m", "pip", "install", "-q", *packages, where=folder.parent)
    return folder / "bin"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "-w", folder, TOP, where=folder)
    (found,) = folder.glob("*.whl")
    return found


@pytest.fixture(scope="module")
def tarball(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tarball")
    galaxy = Path(sys.executable).parent / "ansible-galaxy"
    run(galaxy, "collection", "build", "--output-path", folder, where=COLLECTION)
    (found,) = folder.glob("*.tar.gz")
    return found


def play(bin_: Path, playbook: str, where: Path, simulator: Simulator, **more: str) -> str:
    """Run one of the playbooks, copied away from the checkout, against the simulator."""
    if not (where / "frontends").exists():
        shutil.copytree(TOP / "playbooks/frontends", where / "frontends", ignore=shutil.ignore_patterns(".certificates"))
    target = {"NETSCALER_URL": simulator.url, "NETSCALER_USERNAME": "nsroot", "NETSCALER_PASSWORD": "nsroot"}
    path = f"{bin_}:{os.environ['PATH']}"
    arguments = ("-i", "frontends/inventory.yml", f"frontends/{playbook}")
    return run(bin_ / "ansible-playbook", *arguments, where=where, PATH=path, **target, **more)


def lives_a_whole_life(bin_: Path, where: Path, simulator: Simulator, more: Mapping[str, str]) -> None:
    assert "changed=2 " in play(bin_, "site.yml", where, simulator, **more)  # the certificates made here, and the appliance
    assert "changed=0 " in play(bin_, "site.yml", where, simulator, **more)
    assert "failed=0 " in play(bin_, "drift.yml", where, simulator, **more)
    play(bin_, "teardown.yml", where, simulator, **more)
    assert not simulator.state().get("csvserver")


def test_the_wheel_has_the_collection_with_its_data(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    assert {f"{CORE}/catalogue/index.json", f"{CORE}/catalogue/lb.json", f"{CORE}/session.py"} <= names
    assert {"ansible_collections/nitrox/netscaler/meta/runtime.yml", "ansible_collections/nitrox/netscaler/galaxy.yml"} <= names
    assert {"nitrox/py.typed", "nitrox/simulator/texts.json", "nitrox/simulator/page/index.html"} <= names
    assert not [name for name in names if "__pycache__" in name or name.startswith(("tests/", "ansible_collections/__init__"))]


def test_the_tarball_is_small_and_has_no_leftovers(tarball: Path) -> None:
    assert tarball.name == f"nitrox-netscaler-{__version__}.tar.gz"
    with tarfile.open(tarball) as content:
        names = content.getnames()
    assert "plugins/module_utils/nitro/catalogue/lb.json" in names
    assert not [name for name in names if "__pycache__" in name or "tests/output" in name]
    assert tarball.stat().st_size < 20_000_000


def test_an_installed_wheel_works_from_a_clean_folder(wheel: Path, tmp_path: Path, simulator: Simulator) -> None:
    bin_ = environment(tmp_path / "venv", f"{wheel}[ansible,simulator]")
    assert run(bin_ / "nitrox", "--version", where=tmp_path) == f"nitrox {__version__}\n"
    assert "Keys: name" in run(bin_ / "nitrox", "describe", "lbvserver", where=tmp_path)
    assert "document" in run(bin_ / "ansible-doc", "nitrox.netscaler.config", where=tmp_path)
    lives_a_whole_life(bin_, tmp_path, simulator, {})


def test_an_installed_tarball_works_from_a_clean_folder(tarball: Path, tmp_path: Path, simulator: Simulator) -> None:
    bin_ = environment(tmp_path / "venv", *ANSIBLE, "cryptography")
    collections = {"ANSIBLE_COLLECTIONS_PATH": str(tmp_path / "collections")}
    run(bin_ / "ansible-galaxy", "collection", "install", tarball, "-p", tmp_path / "collections", where=tmp_path, **collections)
    lives_a_whole_life(bin_, tmp_path, simulator, collections)


def test_the_command_line_says_what_the_simulator_lacks(wheel: Path, tmp_path: Path) -> None:
    bin_ = environment(tmp_path / "venv", wheel)
    done = subprocess.run([bin_ / "nitrox", "simulate"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert "the simulator needs aiohttp: pip install 'netscaler-nitrox[simulator]'" in done.stderr
    assert done.returncode == 1
