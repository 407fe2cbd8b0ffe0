# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""What a value means: coercion to NITRO's types and comparison by type. Pure; every rule is property-tested."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .kind import Attribute

Canonical = Any  # str | int | float | bool | list[...] | dict[str, ...]
WILDCARD_PORT = 65535  # "*" in the command line (PROTOCOL 8.3)
_BOOLEANS = {"true": True, "false": False, "yes": True, "no": False, "on": True, "off": False}
_CALLED = {"dict": "a mapping", "list": "a list", "bool": "a boolean", "NoneType": "null"}


def coerce(attribute: Attribute, value: Any) -> Canonical:
    """See `Attribute.coerce`."""
    if attribute.type == "array":
        return [_item(attribute, item) for item in listed(value)]
    return _scalar(attribute, attribute.type, value)


def same(attribute: Attribute, desired: Any, observed: Any) -> bool:
    """See `Attribute.same`."""
    if observed is None:
        observed = attribute.default
    if desired is None:
        return _is_nothing(observed) or (attribute.default is not None and same(attribute, attribute.default, observed))
    if observed is None:
        return _is_nothing(desired) or desired is False
    if desired == observed and type(desired) is type(observed):
        return True
    if attribute.type != "array":
        return bool(_comparable(attribute, attribute.type, desired) == _comparable(attribute, attribute.type, observed))
    left, right = ([_comparable(attribute, attribute.items, item) for item in listed(side)] for side in (desired, observed))
    if attribute.ordered:
        return left == right
    return all(item in right for item in left) and all(item in left for item in right)


def hidden(attribute: Attribute) -> bool:
    """The appliance never shows its value."""
    return attribute.write_only or (attribute.secret and not attribute.shown)


def nearest(word: str, words: Iterable[str]) -> str:
    """The word of ``words`` that looks most like ``word``, or ""."""
    import difflib  # only where somebody made a mistake

    spelled = {w.lower(): w for w in words}
    found = difflib.get_close_matches(word.lower(), spelled, n=1, cutoff=0.6)
    return spelled[found[0]] if found else ""


@lru_cache(maxsize=65536)
def canonical_text(text: str) -> str:
    """An IPv6 address or network in its canonical spelling, any other text as it is."""
    if ":" not in text:  # IPv4 has one spelling only
        return text
    address, slash, prefix = text.partition("/")
    try:
        return f"{ip_address(address)}{slash}{prefix}"
    except ValueError:
        return text


def listed(value: Any) -> Sequence[Any]:
    """``value`` as a list: one thing is a list of one; a set is put in order."""
    if isinstance(value, (list, tuple)):
        return value
    if isinstance(value, (set, frozenset)):
        return sorted(value, key=repr)
    return [value]


def as_boolean(value: Any) -> bool | None:
    """True or False for any usual spelling of it, else None."""
    return _BOOLEANS.get(str(value).lower())


def _is_nothing(value: Any) -> bool:
    return value is None or value in ("", [], {}, ())


def _item(attribute: Attribute, value: Any) -> Canonical:
    try:
        return _scalar(attribute, attribute.items, value)
    except ValueError as error:
        raise ValueError(f"{value!r} is {error}" if attribute.values and not attribute.secret else str(error)) from None


def _scalar(attribute: Attribute, type_: str, value: Any) -> Canonical:
    convert = _CONVERT.get(type_)
    return convert(attribute, value) if convert else value


def _text(attribute: Attribute, value: Any) -> str:
    if isinstance(value, bool):
        raise ValueError(
            f"{str(value).lower()} is a boolean, text is wanted (YAML reads on, off, yes and no without quotes as booleans)"
            + _allowed(attribute, "ON" if value else "OFF")
        )
    if not isinstance(value, (str, int, float)):
        raise ValueError(f"text is wanted, not {called(value)}{_allowed(attribute, '')}")
    text = _as_text(value)
    if attribute.values:
        return _one_of(attribute, text)
    text = canonical_text(text)
    _check_length(attribute, len(text))
    return text


def _as_text(value: Any) -> str:
    """Text for a scalar; 80.0 is 80, since some fronts know only floats."""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _check_length(attribute: Attribute, length: int) -> None:
    if attribute.max_length is not None and length > attribute.max_length:
        raise ValueError(f"{length} characters, at most {attribute.max_length} are allowed")
    if attribute.min_length is not None and length < attribute.min_length:
        raise ValueError(f"{length} characters, at least {attribute.min_length} are needed")


def _one_of(attribute: Attribute, text: str) -> str:
    found = attribute.spelled.get(text.lower())
    if found is None:
        raise ValueError(f"not an allowed value{_allowed(attribute, text)}")
    return found


def _allowed(attribute: Attribute, text: str) -> str:
    if not attribute.values:
        return ""
    close = nearest(text, attribute.values) if text else ""
    shown = ", ".join(attribute.values[:40]) + (", …" if len(attribute.values) > 40 else "")
    return f": allowed are {shown}" + (f" (did you mean {close}?)" if close else "")


def _number(attribute: Attribute, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        raise ValueError(f"a number is wanted, not {called(value)}")
    number = number_of(value)
    if number is None:
        raise ValueError("a number is wanted")
    return float(_in_range(attribute, number))


def _integer(attribute: Attribute, value: Any) -> int:
    if value.__class__ is int:  # the usual case, in a hurry
        return int(_in_range(attribute, value))
    if value == "*" and attribute.name.endswith("port"):
        return WILDCARD_PORT
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        raise ValueError(f"a whole number is wanted, not {called(value)}")
    number = number_of(value)
    if number is None or number != int(number):
        raise ValueError("a whole number is wanted")
    return int(_in_range(attribute, int(number)))


def number_of(value: Any) -> int | float | None:
    """The finite number that ``value`` (a number or its text) stands for, else None."""
    if value.__class__ is int:
        return value
    text = str(value).strip()
    if "_" in text:  # Python's own digit separator, nobody else's
        return None
    try:
        return int(text)
    except ValueError:
        pass
    try:
        number = float(text)
    except ValueError:
        return None
    return number if abs(number) < float("inf") else None  # NaN fails the comparison as well


def _in_range(attribute: Attribute, number: int | float) -> int | float:
    if number == attribute.default or (number == WILDCARD_PORT and attribute.name.endswith("port")):
        return number
    low, high = attribute.min, attribute.max
    if (low is not None and number < low) or (high is not None and number > high):
        raise ValueError(f"out of range: {low if low is not None else '…'} to {high if high is not None else '…'} is allowed")
    return number


def _boolean(attribute: Attribute, value: Any) -> bool:  # noqa: ARG001  # all converters are called alike
    found = as_boolean(value)
    if found is None:
        raise ValueError("true or false is wanted")
    return found


def _object(attribute: Attribute, value: Any) -> dict[str, Any]:  # noqa: ARG001  # all converters are called alike
    if not isinstance(value, dict):
        raise ValueError(f"a mapping is wanted, not {called(value)}")
    return value


def called(value: Any) -> str:
    """What kind of thing a value is, in words for people."""
    return _CALLED.get(type(value).__name__, "this")


_CONVERT: dict[str, Callable[[Attribute, Any], Canonical]] = {
    "string": _text,
    "integer": _integer,
    "number": _number,
    "boolean": _boolean,
    "object": _object,
}


def _comparable(attribute: Attribute, type_: str, value: Any) -> Any:
    """A form in which equal meanings are equal; never raises, since appliances answer what they like."""
    if type_ in ("integer", "number"):
        number = number_of(value)
        if number is not None:
            return number
        return WILDCARD_PORT if value == "*" else str(value)
    if type_ == "boolean":
        found = as_boolean(value)
        return str(value) if found is None else found
    if type_ == "object" and isinstance(value, dict):
        return {key: str(item) for key, item in value.items() if item is not None}
    if type_ != "string" and not isinstance(value, str):
        return value
    text = _as_text(value)
    if attribute.values:
        return attribute.spelled.get(text.lower(), text).upper()
    return canonical_text(text)
