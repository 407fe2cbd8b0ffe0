# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""``describe``, ``--help``, ``--version``: what needs no appliance."""

from __future__ import annotations

import json

import pytest

import nitrox as package

from .conftest import Invoke


def test_a_kind_is_described(nitrox: Invoke) -> None:
    result = nitrox("describe", "lbvserver")
    assert result.out.startswith("lbvserver: object, NITRO package lb\nKeys: name\n")
    assert "LEASTCONNECTION" in result.out
    assert result.code == 0


def test_an_unknown_kind_names_its_neighbours(nitrox: Invoke) -> None:
    result = nitrox("describe", "lbvservr")
    assert result.err == "nitrox: lbvservr: no such object kind (did you mean lbvserver or gslbvserver or vserver?)\n"
    assert result.code == 1


def test_a_search_finds_attributes(nitrox: Invoke) -> None:
    assert "lbvserver.cookiename" in nitrox("describe", "--search", "cookie").out


def test_a_search_without_result_fails(nitrox: Invoke) -> None:
    result = nitrox("describe", "--search", "xyzzy")
    assert "nothing has 'xyzzy'" in result.err
    assert result.code == 1


def test_json_is_the_entry_of_the_catalogue(nitrox: Invoke) -> None:
    assert json.loads(nitrox("describe", "--json", "lbvserver").out)["keys"] == ["name"]


@pytest.mark.parametrize(
    "words", [["describe"], ["describe", "a", "--search", "b"], ["nosuch"], ["plan"], ["simulate", "--port", "x"]]
)
def test_wrong_usage_is_no_traceback_and_not_the_code_of_changes(nitrox: Invoke, words: list[str]) -> None:
    result = nitrox(*words)
    assert "Error: " in result.err
    assert result.code == 1


def test_help_names_commands_and_exit_codes(nitrox: Invoke) -> None:
    shown = nitrox("--help").out
    assert all(word in shown for word in ("apply", "describe", "plan", "simulate", "class D"))


def test_the_version_is_the_packages(nitrox: Invoke) -> None:
    assert nitrox("--version").out == f"nitrox {package.__version__}\n"
