# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Every manageable kind either lives its life or says in the catalogue why it cannot be kept in a desired state."""

from __future__ import annotations

import pytest

from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro import catalogue
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.describe import describe
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.document import parse
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.errors import InvalidDocument
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.kind import Kind

from . import lives, lives_rows
from .test_lives_bindings import COMPLETE
from .test_lives_changes import KINDS as CHANGED
from .test_lives_fixed import FIXED, RENAMED
from .test_lives_settings import ALWAYS, SWITCHES

MANAGEABLE = {kind.name for kind in catalogue.kinds() if kind.manageable}
UNMANAGED = [kind for kind in catalogue.kinds() if kind.unmanaged]


def named(kinds: list[Kind]) -> set[str]:
    return {kind.name for kind in kinds}


def test_lives_and_reasons_together_are_all_manageable_kinds() -> None:
    objects, rows, reasons = named(list(lives.plain())), named(list(lives_rows.kinds())), named(UNMANAGED)
    assert objects | rows | reasons == MANAGEABLE
    assert len(objects) + len(rows) + len(reasons) == len(MANAGEABLE)
    assert objects == named(list(lives.kinds())) | named(ALWAYS) | named(SWITCHES)


def test_lives_reach_nearly_everything() -> None:
    writable = {
        (kind.name, a.name)
        for kind in lives.plain()
        for a in kind
        if "update" in a.on and a.name not in kind.keys and not a.of_binding
    }
    changed = {(kind.name, a.name) for kind in lives.plain() for a in (*lives.changeable(kind), *lives.hidden(kind))}
    assert len(writable - changed) < 15, sorted(writable - changed)
    assert len(changed) > 3800
    assert (len(CHANGED) > 340, len(FIXED) > 330, len(RENAMED) > 70, len(COMPLETE) > 390) == (True,) * 4


@pytest.mark.parametrize("kind", UNMANAGED, ids=lambda kind: kind.name)
def test_what_cannot_be_kept_says_why(kind: Kind) -> None:
    if kind.is_binding and not kind.is_global:
        parent = catalogue.kind(str(kind.parent))
        wanted = lives.document(parent, {**lives.minimal(parent), "bindings": {kind.name: []}})
    else:
        wanted = {kind.name: [{}] if kind.keys else {}}
    with pytest.raises(InvalidDocument) as refused:
        parse(wanted)
    assert any(kind.unmanaged in problem.message for problem in refused.value.problems)
    assert "In documents: not possible" in describe(kind)


@pytest.mark.parametrize("name", sorted(name for name, sample in lives.SAMPLES.items() if "!" in sample))
def test_what_is_left_out_has_a_reason(name: str) -> None:
    kind = catalogue.kind(name)
    for attribute, why in lives.left_out(kind).items():
        assert attribute in kind.attributes or attribute == "!twin"
        assert why
