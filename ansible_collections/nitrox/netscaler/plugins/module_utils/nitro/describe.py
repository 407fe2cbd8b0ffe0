# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""A kind as plain text for people, and a search over all attributes. Layout and colour are the front's."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from . import catalogue
from .kind import Attribute, Kind
from .validate import unmanageable

WIDTH = 110
FLAGS = {
    "immutable": "set at creation only",
    "write_only": "never read back",
    "secret": "secret",
    "legacy": "gone from current releases",
    "ordered": "order matters",
}


@dataclass(frozen=True)
class Hit:
    """One thing found: an attribute of a kind, or with ``attribute`` "" the kind itself. ``text``: what matched, in words."""

    kind: str
    attribute: str
    text: str


def describe(kind: Kind) -> str:
    """What ``kind`` is, its keys, operations, attributes (type, allowed values, default, limits, flags) and bindings."""
    own = [a for a in kind if not a.readonly and a.on]
    read = [a.name for a in kind if a.readonly]
    blocks = ["\n".join(_head(kind)), _table(own)]
    if read:
        blocks.append(_wrapped("Read only: ", read))
    if kind.bindings:
        blocks.append("\n".join(_bindings(kind)))
    return "\n\n".join(block for block in blocks if block) + "\n"


def search(word: str) -> list[Hit]:
    """Kinds and attributes whose name has ``word``, or whose allowed values have it, writable ones of manageable kinds first."""
    found = sorted(_hits(word.lower()), key=lambda pair: pair[0])
    return [hit for unused, hit in found]


def _hits(word: str) -> Iterator[tuple[tuple[bool, int, str, str], Hit]]:
    for kind in catalogue.kinds():
        late = bool(unmanageable(kind))
        if word in kind.name.lower():
            yield (late, 0 if kind.name == word else 1, kind.name, ""), Hit(kind.name, "", _sort_of(kind))
        if kind.view:
            continue
        for attribute in kind:
            values = [value for value in attribute.values if word in value.lower()]
            if word in attribute.name.lower() or values:
                text = ", ".join(values) if values and word not in attribute.name.lower() else _facts(attribute)
                rank = 2 if not attribute.readonly else 3
                yield (late, rank, kind.name, attribute.name), Hit(kind.name, attribute.name, text)


def _head(kind: Kind) -> list[str]:
    lines = [textwrap.fill(f"{kind.name}: {_sort_of(kind)}, NITRO package {kind.package}", WIDTH, subsequent_indent="  ")]
    if kind.keys:
        lines.append(_wrapped("Keys: ", kind.keys))
    for group in kind.one_of:
        lines.append(f"One of: {' | '.join(group)}")
    lines.append(_wrapped("Operations: ", sorted(kind.operations)))
    if kind.state:
        lines.append(f"Administrative state: state: ENABLED | DISABLED (read from {kind.state['read']})")
    if kind.releases:
        lines.append(_wrapped("Seen in: ", kind.releases))
    refusal = unmanageable(kind)
    if refusal:
        lines.append(textwrap.fill(f"In documents: not possible, {refusal}", WIDTH, subsequent_indent="  "))
    if kind.why:
        lines.append(textwrap.fill(f"Note: {kind.why}", WIDTH, subsequent_indent="  "))
    return lines


def _sort_of(kind: Kind) -> str:
    if kind.aggregate_of:
        return f"all bindings of {kind.aggregate_of} in one read"
    if kind.is_global:
        return f"global binding of {kind.binds}"
    if kind.is_binding:
        return f"binding of {kind.binds} to {kind.parent}" + (" (read-only view)" if kind.view else "")
    if kind.switches:
        return "switches of the appliance"
    if not kind.keys:
        return "one of a kind"
    return "exists with the object of its name" if kind.implicit else "object"


def _table(attributes: list[Attribute]) -> str:
    if not attributes:
        return ""
    width = max(len(a.name) for a in attributes)
    lines = ["Attributes:"]
    for attribute in attributes:
        start = f"  {attribute.name.ljust(width)}  "
        lines.append(textwrap.fill(_facts(attribute), WIDTH, initial_indent=start, subsequent_indent=" " * len(start)))
    return "\n".join(lines)


def _facts(attribute: Attribute) -> str:
    type_ = f"list of {attribute.items}" if attribute.type == "array" else attribute.type
    parts = [", ".join(attribute.values) if attribute.values else type_]
    if attribute.values and attribute.type == "array":
        parts = [f"list of {parts[0]}"]
    parts.append(_limits(attribute))
    if attribute.default is not None:
        parts.append(f"default {_shown(attribute.default)}")
    if "add" in attribute.required:
        parts.append("required")
    if attribute.unit:
        parts.append(f"unit in {attribute.unit}")
    if attribute.ref:
        parts.append(f"names {' or '.join(attribute.ref)}")
    if attribute.of_binding:
        parts.append(f"belongs to {attribute.of_binding}")
    parts.extend(text for flag, text in FLAGS.items() if getattr(attribute, flag))
    if attribute.readonly:
        parts.append("read-only")
    return "; ".join(part for part in parts if part)


def _limits(attribute: Attribute) -> str:
    low, high = attribute.min, attribute.max
    if low is not None or high is not None:
        return f"{'…' if low is None else low} to {'…' if high is None else high}"
    short, long = attribute.min_length, attribute.max_length
    if long is not None:
        return f"{short or 0} to {long} characters"
    return ""


def _shown(default: object) -> str:
    return ", ".join(map(str, default)) if isinstance(default, (list, tuple)) else str(default)


def _bindings(kind: Kind) -> list[str]:
    lines = ["Bindings:"]
    known = [catalogue.kind(name) for name in kind.bindings]
    width = max(len(binding.binds or binding.name) for binding in known)
    for binding in sorted(known, key=lambda b: (b.view, b.binds or b.name)):
        text = "read-only" if unmanageable(binding) else f"row: {', '.join(a.name for a in binding if _in_row(binding, a))}"
        start = f"  {(binding.binds or binding.name).ljust(width)}  "
        lines.append(textwrap.fill(text, WIDTH, initial_indent=start, subsequent_indent=" " * len(start)))
    return lines


def _in_row(binding: Kind, attribute: Attribute) -> bool:
    return not attribute.readonly and "add" in attribute.on and attribute.name != binding.url_key


def _wrapped(start: str, words: Iterable[str]) -> str:
    return textwrap.fill(", ".join(words), WIDTH, initial_indent=start, subsequent_indent="  ")
