# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""The examples, as they are in the package: preview, up, again without a change, destroy without a trace."""

from __future__ import annotations

import runpy
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from .appliance import Writes, content, names, rows

if TYPE_CHECKING:
    from nitrox.simulator.testing import Simulator

    from .stack import Stack

NewStack = Callable[..., "Stack"]
EXAMPLES = Path(__file__).parents[3] / "pulumi_netscaler" / "examples"
FOLDERS = sorted(path.parent for path in EXAMPLES.rglob("Pulumi.yaml"))
COLOURS = {"blue": '["198.51.100.1"]', "green": '["198.51.100.2"]'}


def manifest(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((folder / "Pulumi.yaml").read_text(encoding="utf-8"))
    return found


def example(name: str) -> Callable[[], None]:
    """The program of a folder, run as Pulumi runs it."""
    return lambda: (runpy.run_path(str(EXAMPLES / name / "__main__.py"), run_name="__main__"), None)[1]


@pytest.fixture
def stack_of(new_stack: NewStack) -> Callable[..., Stack]:
    def make(name: str, stack: str = "test", **config: str) -> Stack:
        project = manifest(EXAMPLES / name)["name"]
        made = new_stack(example(name), project=project, name=stack)
        if config:
            made.config({f"{project}:{word}": value for word, value in config.items()}, secret=("password",))
        return made

    return make


@pytest.fixture
def untouched(simulator: Simulator) -> Iterator[None]:
    """What was there before is there after, and nothing else."""
    before = content(simulator)
    yield
    assert content(simulator) == before


def whole_life(stack: Stack, simulator: Simulator) -> None:
    """Preview, up, again; the caller looks at the appliance, then destroys it."""
    writes = Writes(simulator)
    preview = stack.preview()
    assert preview.ok, preview.text
    assert writes() == []
    first = stack.up()
    assert first.ok, first.text
    assert set(first.counts) == {"create"}
    writes()
    again = stack.up()
    assert again.ok, again.text
    assert set(again.counts) <= {"same", "read"}
    assert writes() == []
    assert stack.refresh().ok
    assert set(stack.preview().counts) <= {"same", "read"}


@pytest.mark.parametrize("folder", FOLDERS, ids=[str(path.relative_to(EXAMPLES)) for path in FOLDERS])
def test_an_example_is_an_ordinary_project(folder: Path) -> None:
    assert manifest(folder)["runtime"] == "python"
    assert manifest(folder)["description"]
    assert (folder / "__main__.py").is_file()
    assert f"`{folder.relative_to(EXAMPLES).parts[0]}`" in (EXAMPLES / "README.md").read_text(encoding="utf-8")


@pytest.mark.e2e
def test_frontend(simulator: Simulator, stack_of: Callable[..., Stack], untouched: None) -> None:
    stack = stack_of("frontend")
    whole_life(stack, simulator)
    assert names(simulator) == ["shop-api", "shop-web"]
    assert names(simulator, "csvserver") == ["shop"]
    assert len(rows(simulator, "servicegroup_servicegroupmember_binding")) == 3
    assert stack.destroy().ok


@pytest.mark.e2e
def test_gslb(simulator: Simulator, stack_of: Callable[..., Stack], untouched: None) -> None:
    stack = stack_of("gslb")
    whole_life(stack, simulator)
    assert len(rows(simulator, "gslbvserver_gslbservice_binding")) == 2
    assert rows(simulator, "gslbvserver_domain_binding")[0]["domainname"] == "shop.example.com"
    assert stack.destroy().ok


@pytest.mark.e2e
def test_several_targets(
    simulator: Simulator, stack_of: Callable[..., Stack], start_simulator: Callable[..., Simulator], untouched: None
) -> None:
    other = start_simulator()
    urls = {"east": simulator.url, "west": other.url}
    listed = [f'{{"name": "{n}", "url": "{url}", "address": "203.0.113.{i}"}}' for i, (n, url) in enumerate(urls.items(), 1)]
    stack = stack_of("several-targets", appliances=f"[{', '.join(listed)}]", password="nsroot")
    whole_life(stack, simulator)
    assert names(simulator) == names(other) == ["web"]
    assert [row["ipv46"] for each in (simulator, other) for row in rows(each, "lbvserver")] == ["203.0.113.1", "203.0.113.2"]
    assert stack.destroy().ok
    assert names(other) == []


@pytest.mark.e2e
def test_blue_green_binds_the_new_colour_before_it_unbinds_the_old_one(
    simulator: Simulator, stack_of: Callable[..., Stack], untouched: None
) -> None:
    colours = [stack_of("blue-green/backend", stack=colour, servers=servers) for colour, servers in COLOURS.items()]
    for colour in colours:
        whole_life(colour, simulator)
    front = stack_of("blue-green/front", active="blue")
    whole_life(front, simulator)
    front.config({"netscaler-blue-green-front:active": "green"})
    writes = Writes(simulator)
    ran = front.up()
    assert ran.ok, ran.text
    assert writes() == ["PUT lbvserver_servicegroup_binding", "DELETE lbvserver_servicegroup_binding"]
    assert [row["servicegroupname"] for row in rows(simulator, "lbvserver_servicegroup_binding")] == ["shop-green"]
    for stack in (front, *colours):
        assert stack.destroy().ok


@pytest.mark.e2e
@pytest.mark.parametrize("folder", FOLDERS, ids=[str(path.relative_to(EXAMPLES)) for path in FOLDERS])
def test_types_of_an_example(folder: Path) -> None:
    from mypy import api

    out, errors, code = api.run(["--strict", str(folder / "__main__.py")])
    assert code == 0, out + errors
