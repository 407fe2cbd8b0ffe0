# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Coercion and comparison, by properties over all types and by cases for people."""

from __future__ import annotations

from ipaddress import IPv6Address
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.kind import Attribute
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.value import nearest

TEXT = Attribute("comment")
NUMBER = Attribute("port", type="integer", min=1, max=65535)
FLAG = Attribute("snicert", type="boolean")
ENUM = Attribute("lbmethod", values=("LEASTCONNECTION", "ROUNDROBIN", "Mandatory"), default="LEASTCONNECTION")
LIST = Attribute("respcode", type="array")
NUMBERS = Attribute("httpport", type="array", items="integer")
ORDERED = Attribute("ordered", type="array", ordered=True)
SWITCH = Attribute("feature", type="array", values=("CS", "LB"), synonyms={"ContentSwitching": "CS"})

texts = st.text(max_size=20)
numbers = st.integers(1, 65535)
CASES: list[tuple[Attribute, st.SearchStrategy[Any]]] = [
    (
        TEXT,
        texts | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.ip_addresses(v=6).map(lambda a: a.exploded),
    ),
    (NUMBER, numbers | numbers.map(str) | numbers.map(float)),
    (FLAG, st.sampled_from([True, False, "true", "FALSE", "yes", "No", "on", "off"])),
    (ENUM, st.sampled_from(["leastconnection", "LEASTCONNECTION", "RoundRobin", "MANDATORY"])),
    (LIST, st.lists(texts, max_size=4) | texts),
    (NUMBERS, st.lists(numbers | numbers.map(str), max_size=4)),
    (ORDERED, st.lists(texts, max_size=4)),
    (SWITCH, st.lists(st.sampled_from(["cs", "LB", "contentswitching"]), max_size=3)),
]
any_case = st.sampled_from(CASES).flatmap(lambda case: st.tuples(st.just(case[0]), case[1], case[1], case[1]))


@given(any_case)
def test_coerce_is_idempotent(case: tuple[Attribute, Any, Any, Any]) -> None:
    attribute, value, *_others = case
    known = attribute.coerce(value)
    assert attribute.coerce(known) == known
    assert type(attribute.coerce(known)) is type(known)


@given(any_case)
def test_a_value_is_the_same_as_its_coerced_form(case: tuple[Attribute, Any, Any, Any]) -> None:
    attribute, value, *_others = case
    assert attribute.same(attribute.coerce(value), value)


@given(any_case)
def test_same_is_an_equivalence_for_coerced_values(case: tuple[Attribute, Any, Any, Any]) -> None:
    attribute, *given_values = case
    a, b, c = (attribute.coerce(value) for value in given_values)
    assert attribute.same(a, a)
    assert attribute.same(a, b) == attribute.same(b, a)
    if attribute.same(a, b) and attribute.same(b, c):
        assert attribute.same(a, c)


@given(st.integers(0, 2**128 - 1))
def test_every_spelling_of_an_ipv6_address_is_the_same(number: int) -> None:
    address = IPv6Address(number)
    assert TEXT.same(TEXT.coerce(str(address)), address.exploded.upper())
    assert TEXT.coerce(address.exploded) == TEXT.coerce(address.compressed)


@given(numbers)
def test_numbers_compare_by_value(number: int) -> None:
    for spelled in (number, str(number), float(number), f"{number}.0"):
        assert NUMBER.coerce(spelled) == number
        assert NUMBER.same(number, spelled)
    assert not NUMBER.same(number, number + 1)


@given(st.lists(texts, min_size=2, max_size=5, unique=True))
def test_lists_are_sets_unless_ordered(items: list[str]) -> None:
    assert LIST.same(items, items[::-1])
    assert not LIST.same(items, items[1:])
    assert not ORDERED.same(items, items[::-1])


@pytest.mark.parametrize(
    ("attribute", "desired", "observed", "expected"),
    [
        pytest.param(ENUM, "ROUNDROBIN", "roundrobin", True, id="enumerations ignore case"),
        pytest.param(TEXT, "Shop", "shop", False, id="other text is exact"),
        pytest.param(ENUM, "LEASTCONNECTION", None, True, id="absent in a GET stands for the default"),
        pytest.param(ENUM, "ROUNDROBIN", None, False, id="absent in a GET is not another value"),
        pytest.param(ENUM, None, "LEASTCONNECTION", True, id="unset and the default is shown"),
        pytest.param(ENUM, None, "ROUNDROBIN", False, id="unset and something else is shown"),
        pytest.param(TEXT, None, None, True, id="unset and nothing is shown"),
        pytest.param(TEXT, None, "x", False, id="unset and something is shown"),
        pytest.param(TEXT, "", None, True, id="empty text is nothing"),
        pytest.param(LIST, [], None, True, id="empty list is nothing"),
        pytest.param(FLAG, False, None, True, id="false is not shown by some releases"),
        pytest.param(FLAG, True, None, False, id="true is always shown"),
        pytest.param(FLAG, True, "true", True, id="booleans in words"),
        pytest.param(NUMBER, 65535, "*", True, id="the wildcard port"),
        pytest.param(NUMBER, 80, "n/a", False, id="an answer that is no number"),
        pytest.param(NUMBERS, [80, 443], ["443", "80"], True, id="numbers in a list that come as texts"),
        pytest.param(LIST, ["200"], "200", True, id="a list of one that comes as one"),
        pytest.param(SWITCH, ["CS"], ["ContentSwitching"], True, id="synonyms"),
        pytest.param(TEXT, "2001:db8::/32", "2001:0DB8::/32", True, id="an IPv6 network"),
        pytest.param(TEXT, "a:b", "A:B", False, id="a colon does not make an address"),
    ],
)
def test_same(attribute: Attribute, desired: Any, observed: Any, expected: bool) -> None:
    assert attribute.same(desired, observed) is expected


@pytest.mark.parametrize(
    ("attribute", "value", "expected"),
    [
        pytest.param(ENUM, "mandatory", "Mandatory", id="NITRO's own spelling"),
        pytest.param(TEXT, 80, "80", id="a number where text is meant"),
        pytest.param(TEXT, 80.0, "80", id="a whole float where text is meant"),
        pytest.param(NUMBER, "*", 65535, id="the wildcard port"),
        pytest.param(LIST, "200", ["200"], id="one thing is a list of one"),
        pytest.param(LIST, ("b", "a"), ["b", "a"], id="a tuple keeps its order"),
        pytest.param(LIST, {"b", "a"}, ["a", "b"], id="a set is put in order"),
        pytest.param(SWITCH, ["contentswitching", "lb"], ["CS", "LB"], id="synonyms become what is read back"),
        pytest.param(FLAG, "Yes", True, id="a boolean in words"),
    ],
)
def test_coerce(attribute: Attribute, value: Any, expected: Any) -> None:
    assert attribute.coerce(value) == expected


@pytest.mark.parametrize(
    ("attribute", "value", "message"),
    [
        pytest.param(ENUM, "LEASTCONECTION", r"allowed are LEASTCONNECTION.*did you mean LEASTCONNECTION\?", id="nearest value"),
        pytest.param(ENUM, True, r"true is a boolean, text is wanted .*YAML", id="a YAML boolean"),
        pytest.param(ENUM, ["a"], "text is wanted, not a list", id="a list where text is meant"),
        pytest.param(TEXT, {"a": 1}, "text is wanted, not a mapping", id="a mapping where text is meant"),
        pytest.param(NUMBER, "eighty", "a whole number is wanted", id="words where a number is meant"),
        pytest.param(NUMBER, 80.5, "a whole number is wanted", id="a fraction"),
        pytest.param(NUMBER, True, "a whole number is wanted, not a boolean", id="a boolean where a number is meant"),
        pytest.param(NUMBER, "1_000", "a whole number is wanted", id="Python's digit separator"),
        pytest.param(NUMBER, float("nan"), "a whole number is wanted", id="not a number"),
        pytest.param(NUMBER, 70000, "1 to 65535", id="out of range"),
        pytest.param(FLAG, "maybe", "true or false is wanted", id="neither true nor false"),
        pytest.param(SWITCH, ["LBB"], r"'LBB' is not an allowed value.*did you mean LB\?", id="one wrong item of a list"),
        pytest.param(LIST, ["a", None], "text is wanted, not null", id="null in a list"),
        pytest.param(Attribute("n", max_length=3), "abcd", "at most 3", id="too long"),
        pytest.param(Attribute("n", min_length=3), "ab", "at least 3", id="too short"),
        pytest.param(Attribute("n", type="object"), "x", "a mapping is wanted", id="text where a mapping is meant"),
        pytest.param(Attribute("n", type="number"), "x", "a number is wanted", id="words where a fraction is meant"),
    ],
)
def test_coerce_refuses(attribute: Attribute, value: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        attribute.coerce(value)


def test_secrets_are_not_in_messages() -> None:
    secret = Attribute("password", secret=True, type="array", values=("a",))
    with pytest.raises(ValueError, match="allowed") as caught:
        secret.coerce(["hunter2"])
    assert "hunter2" not in str(caught.value)


def test_default_and_wildcard_are_allowed_outside_the_range() -> None:
    assert Attribute("vlan", type="integer", min=1, default=0).coerce(0) == 0
    assert Attribute("srcport", type="integer", max=100).coerce(65535) == 65535


def test_nearest_keeps_the_spelling() -> None:
    assert nearest("leastconection", ["ROUNDROBIN", "LEASTCONNECTION"]) == "LEASTCONNECTION"
    assert nearest("xyz", ["ROUNDROBIN"]) == ""
