# Copyright (c) 2026, The nitrox authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a task asks for, as a document of the core."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from ansible.module_utils.common.yaml import HAS_YAML, yaml_load

from .front_failure import Failure
from .front_spec import MODULES, has_administrative_state, typed_attributes
from .nitro import catalogue
from .nitro.desired import Problem
from .nitro.document import Document, parse
from .nitro.errors import InvalidDocument, UnknownKind
from .nitro.kind import Kind

READ_ONLY = ("config_info", "save")
PRIVATE_KEY = "PRIVATE KEY-----"


@dataclass(frozen=True)
class Task:
    """One task: the module's name, its validated options, and how it is run."""

    module: str
    options: Mapping[str, Any] = field(repr=False)
    check: bool = False
    diff: bool = False

    @cached_property
    def document(self) -> Document | None:
        """What it asks for, None where it only reads. Raises `InvalidDocument`, `UnknownKind`, `Failure`."""
        return _wanted(self)


def _wanted(task: Task) -> Document | None:
    options = task.options
    if task.module in READ_ONLY:
        return None
    if task.module == "config":
        data = options["document"] if options.get("src") is None else load(Path(options["src"]))
        return parse(data, present=options["state"] != "absent")
    kind = catalogue.kind(options["kind"] if task.module == "resource" else task.module)
    return _single(kind, _values(task, kind), options)


def _values(task: Task, kind: Kind) -> dict[str, Any]:
    """The attributes that the options name. ``attributes`` may repeat an option if it says the same."""
    options = task.options
    if task.module in MODULES:
        given = {**(options.get("key") or {})}
        if options.get("name") is not None:
            if kind.main_key is None:
                raise InvalidDocument([Problem("name", f"{kind.name} has no name, it exists once", options["name"])])
            given[kind.main_key] = options["name"]
    else:
        given = {a.name: options[a.name] for a in typed_attributes(kind) if options.get(a.name) is not None}
    more = dict(options.get("attributes") or {})
    twice = [name for name, value in more.items() if name in given and given[name] != value]
    if twice:
        problems = [Problem(f"attributes.{name}", f"{name} is given as an option, too, and not the same") for name in twice]
        raise InvalidDocument(problems)
    return {**more, **given}


def _single(kind: Kind, values: dict[str, Any], options: Mapping[str, Any]) -> Document:
    present = options["state"] != "absent"
    if options["state"] in ("enabled", "disabled"):
        if not has_administrative_state(kind):
            raise InvalidDocument([Problem("state", f"{kind.name} cannot be enabled or disabled", options["state"])])
        values["state"] = options["state"].upper()
    if kind.is_global and present:
        message = f"{kind.name}: hand the complete set of rows to nitrox.netscaler.config, this would unbind all others"
        raise InvalidDocument([Problem("kind", message)])
    if options.get("bindings") is not None:
        values["bindings"] = options["bindings"]
    if options.get("rename_from") is not None:
        values["rename_from"] = options["rename_from"]
    return parse({kind.name: _named(kind, values)}, present=present)


def _named(kind: Kind, values: dict[str, Any]) -> Any:
    """The object by its name where it has one, so that problems are told with the name."""
    main = kind.main_key
    if main and not kind.is_binding and isinstance(values.get(main), (str, int)):
        return {str(values[main]): {name: value for name, value in values.items() if name != main}}
    return [values] if kind.keys else values


def load(path: Path) -> Any:
    """A document from a file: JSON, or YAML where PyYAML is installed. Raises `Failure`."""
    try:
        text = path.read_text(encoding="utf-8")
        return yaml_load(text) if HAS_YAML and path.suffix != ".json" else json.loads(text)
    except OSError as error:
        raise Failure(f"{path}: cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise Failure(f"{path}: neither JSON nor, without PyYAML, anything else that can be read: {error}") from error
    except Exception as error:  # PyYAML's own errors, whose classes need not be here
        raise Failure(f"{path}: not YAML: {' '.join(str(error).split())}") from error


def secrets(options: Mapping[str, Any], document: Document | None) -> set[str]:
    """Every secret text in what the user gave, also where it cannot be parsed."""
    found = set(_private_keys(options.get("document"))) | set(_private_keys(options.get("attributes")))
    found |= set(_secret_attributes(options))
    if document is not None:
        rows = [(one.kind, one.values) for one in document]
        rows += [(kind, row) for kind, unused, several in document.binding_sets() for row in several]
        found |= {str(values[name]) for kind, values in rows for name in kind.secrets if values.get(name) is not None}
    return {text for text in found if text}


def _secret_attributes(options: Mapping[str, Any]) -> Iterator[str]:
    """Values of secret attributes in ``attributes`` and in objects by name, whatever else is wrong with them."""
    given = options.get("document")
    objects = dict(given) if isinstance(given, Mapping) else {}
    if options.get("kind"):
        objects[options["kind"]] = [options.get("attributes") or {}]
    for name, entries in objects.items():
        try:
            kind = catalogue.kind(str(name))
        except UnknownKind:
            continue
        listed = entries.values() if isinstance(entries, Mapping) else entries if isinstance(entries, list) else ()
        for entry in filter(lambda one: isinstance(one, Mapping), listed):
            yield from (str(entry[secret]) for secret in kind.secrets if entry.get(secret) is not None)


def _private_keys(data: Any) -> Iterator[str]:
    if isinstance(data, str) and PRIVATE_KEY in data:
        yield data
    elif isinstance(data, Mapping):
        for value in data.values():
            yield from _private_keys(value)
    elif isinstance(data, (list, tuple)):
        for value in data:
            yield from _private_keys(value)
