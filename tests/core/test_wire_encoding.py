# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Names and arguments in URLs survive what the appliance does to them (PROTOCOL 8.1, 8.2)."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro import encode


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param("web", "web", id="plain names stay"),
        pytest.param("a b", "a%2520b", id="a space twice"),
        pytest.param("LA/1", "LA%252F1", id="a slash twice"),
        pytest.param("::1", "%253A%253A1", id="colons twice"),
        pytest.param("..", "%252E%252E", id="dots alone would be taken for folders"),
        pytest.param(1.0, "1", id="whole numbers have no fraction"),
        pytest.param(True, "true", id="booleans are small"),
        pytest.param("50%", "50%2525", id="a percent sign twice"),
    ],
)
def test_a_path_segment_is_encoded_twice(value: Any, expected: str) -> None:
    assert encode.segment(value) == expected


@given(st.text(min_size=1))
def test_any_name_survives_the_two_decodings_of_the_appliance(name: str) -> None:
    spelled = encode.segment(name)
    assert not set(spelled) & set("/?#&; ")
    assert "/" not in unquote(spelled)  # the web server would refuse it
    assert unquote(unquote(spelled)) == name


@given(st.dictionaries(st.sampled_from(["ip", "port", "name", "String"]), st.text(), max_size=4))
def test_any_arguments_survive_the_one_decoding_of_the_appliance(values: dict[str, str]) -> None:
    spelled = encode.pairs(values)
    read = dict(pair.split(":") for pair in spelled.split(",")) if spelled else {}
    assert {name: unquote(value) for name, value in read.items()} == values
