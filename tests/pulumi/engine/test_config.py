# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""A whole document as one resource, with the real engine; and that it ends as `nitrox apply` ends."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from tests.bench.workload import apps
from tests.core.converging import done

from .appliance import Writes, content, names

if TYPE_CHECKING:
    from nitrox.simulator.testing import Simulator

    from .stack import Stack

NewStack = Callable[..., "Stack"]
APPS = 20


def config(document: dict[str, Any], **options: Any) -> Callable[[], None]:
    def program() -> None:
        from pulumi_netscaler import Config

        Config("apps", document=document, **options)

    return program


def test_a_document_ends_as_it_does_without_pulumi(simulator: Simulator, new_stack: NewStack) -> None:
    done(simulator, apps(APPS))
    state = content(simulator)
    simulator.reset()
    stack, writes = new_stack(config(apps(APPS))), Writes(simulator)
    preview = stack.preview(diff=True)
    assert preview.ok, preview.text
    assert all(f"app{number}" in preview.text for number in range(APPS)), "every object is in the preview"
    first = stack.up()
    assert first.ok, first.text
    assert content(simulator) == state
    assert len(writes()) <= 8
    assert stack.up().counts == {"same": 1}
    assert stack.refresh().ok
    assert stack.up().counts == {"same": 1}
    assert writes() == []


@pytest.mark.e2e
def test_what_a_document_drops_goes_and_what_is_foreign_stays(simulator: Simulator, new_stack: NewStack) -> None:
    done(simulator, {"lbvserver": {"theirs": {"servicetype": "HTTP"}}})
    before = content(simulator)
    stack = new_stack(config(apps(3)))
    assert stack.up().ok
    smaller = copy.deepcopy(apps(3))
    for kind in smaller.values():
        del kind["app2"]
    stack.program = config(smaller)
    preview = stack.preview(diff=True)
    assert preview.changes == [("update", "apps")]
    assert "app2" in preview.text
    ran = stack.up()
    assert ran.ok, ran.text
    assert names(simulator) == ["app0", "app1", "theirs"]
    assert stack.destroy().ok
    assert content(simulator) == before


@pytest.mark.e2e
def test_drift_of_a_document_is_mended(simulator: Simulator, new_stack: NewStack) -> None:
    stack = new_stack(config(apps(3)))
    assert stack.up().ok
    state = content(simulator)
    simulator.control("POST", "mutate", {"kind": "lbvserver", "key": {"name": "app1"}, "remove": True})
    assert stack.refresh().ok
    assert any("app1" in line for line in stack.resource("apps")["outputs"]["drift"])
    ran = stack.up()
    assert ran.changes == [("update", "apps")], ran.text
    assert content(simulator) == state


@pytest.mark.e2e
def test_refused_half_way_a_document_is_taken_back(simulator: Simulator, new_stack: NewStack) -> None:
    before = content(simulator)
    simulator.faults({"fault": "reject", "kind": "lbvserver_servicegroup_binding", "errorcode": 1067, "times": 1})
    stack = new_stack(config(apps(3)))
    refused = stack.up()
    assert not refused.ok
    assert "1067" in refused.text
    assert content(simulator) == before
    assert stack.up().ok
    assert names(simulator) == ["app0", "app1", "app2"]


@pytest.mark.e2e
def test_a_wrong_document_is_found_by_the_preview_with_every_problem(simulator: Simulator, new_stack: NewStack) -> None:
    wrong = {"lbvserver": {"web": {"servicetype": "HTTP", "lbmetod": "TOKEN", "timeout": "soon"}}}
    ran = new_stack(config(wrong)).preview()
    assert not ran.ok
    assert "lbmethod" in ran.text and "timeout" in ran.text
