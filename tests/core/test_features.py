# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""A plan says which feature it needs and is off (1067); a document that declares the feature switches it on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.converge import converge
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.document import parse

from .converging import done, opened, run

if TYPE_CHECKING:
    from tests.conftest import Simulator

ACTION = {"responderaction": {"gone": {"type": "respondwith", "target": '"HTTP/1.1 410 Gone\\r\\n\\r\\n"'}}}
LB = {"lbvserver": {"web": {"servicetype": "HTTP"}}}


def notes(simulator: Simulator, data: dict[str, Any]) -> tuple[str, ...]:
    with opened(simulator) as session:
        return converge(session, parse(data), check=True)[0].notes


def test_a_plan_says_that_its_feature_is_off_and_what_to_declare(simulator: Simulator) -> None:
    assert notes(simulator, ACTION | LB) == (
        "feature RESPONDER is disabled: 1 step will be taken and do nothing (1067); declare nsfeature: {feature: [RESPONDER]}",
    )


def test_the_real_run_says_so_too_and_the_appliance_agrees(simulator: Simulator) -> None:
    plan, outcome = run(simulator, ACTION)
    assert plan.notes == notes(simulator, {"responderaction": {"other": ACTION["responderaction"]["gone"]}})
    assert any("1067" in warning for warning in outcome.warnings)


def test_a_declared_feature_is_switched_on_first(simulator: Simulator) -> None:
    data = ACTION | {"nsfeature": {"feature": ["RESPONDER"]}}
    assert notes(simulator, data) == ()
    assert done(simulator, data) == ["enable nsfeature", "create responderaction gone"]
    assert done(simulator, data) == []


def test_nothing_is_noted_where_nothing_is_made(simulator: Simulator) -> None:
    done(simulator, LB)
    before = simulator.count("GET", "nsfeature")
    assert notes(simulator, LB) == ()
    assert simulator.count("GET", "nsfeature") == before


@pytest.mark.parametrize("fault", [{"fault": "reject", "errorcode": 2138}, {"fault": "html"}])
def test_features_that_cannot_be_read_are_in_nobodys_way(simulator: Simulator, fault: dict[str, Any]) -> None:
    simulator.faults({**fault, "method": "GET", "kind": "nsfeature", "times": 20})
    assert done(simulator, LB) == ["create lbvserver web"]
