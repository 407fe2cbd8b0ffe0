# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""An export as a Pulumi project: the program, its manifest, and the file that tells ``pulumi import`` all about each resource."""

from __future__ import annotations

import json
import keyword
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro import catalogue

if TYPE_CHECKING:
    from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.export import Export
    from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.kind import Kind, Values

PROGRAM, MANIFEST, IMPORT = "__main__.py", "Pulumi.yaml", "import.json"
HEADER = '''"""What {url} had when it was exported.

    pulumi stack init dev
    pulumi config set netscaler:url {url}        # or NETSCALER_URL; likewise username, and password with --secret
    pulumi import --file {file} --yes --protect=false --generate-code=false
    pulumi preview                               # finds nothing to do
"""

'''
WIDTH = 120


@dataclass(eq=False)
class _Resource:
    """One object or binding row of the program."""

    kind: Kind
    values: Values
    logical: str
    variable: str
    secrets: list[str] = field(default_factory=list)
    needs: list[_Resource] = field(default_factory=list)


def write(found: Export, folder: Path, url: str) -> None:
    """Write the project. Raises `click.ClickException` where that cannot be, and never overwrites anything."""
    try:
        from pulumi_netscaler import naming, provider
    except ImportError as error:
        raise click.ClickException(f"this needs {error.name}: pip install 'netscaler-nitrox[pulumi]'") from None
    resources = _resources(found)
    entries = [_imported(one, naming, provider) for one in resources]
    name = re.sub(r"[^A-Za-z0-9_.-]+", "-", folder.resolve().name) or "netscaler"
    texts = {
        PROGRAM: HEADER.format(url=url, file=IMPORT) + "".join(_program(resources, naming)),
        MANIFEST: f"name: {name}\nruntime: python\ndescription: exported by nitrox\n",
        IMPORT: json.dumps({"resources": entries}, indent=1) + "\n",
    }
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for file, text in texts.items():
            with (folder / file).open("x", encoding="utf-8") as out:
                out.write(text)
    except FileExistsError as error:
        raise click.ClickException(f"{error.filename}: is there already, nothing is overwritten") from None
    except OSError as error:
        raise click.ClickException(f"{error.filename}: {error.strerror}") from None


def _resources(found: Export) -> list[_Resource]:
    """Objects bottom-up, then the rows of their bindings; names are unique within a type, variables within the program."""
    missing: dict[tuple[str, str], list[str]] = {}
    for kind_name, name, attribute in found.secrets:
        missing.setdefault((kind_name, name), []).append(attribute)
    names = _Names()
    made: dict[tuple[str, tuple[str, ...]], _Resource] = {}
    for wanted in (wanted for layer in found.document.layers() for wanted in layer):
        if wanted.kind.implicit and not set(wanted.values) - set(wanted.kind.keys):
            continue  # only there to carry bindings
        resource = names.resource(wanted.kind, wanted.values, missing.get((wanted.kind.name, wanted.name), []))
        bound = {str(value) for rows in wanted.bindings.values() for row in rows for value in row.values()}
        needs = [made[one] for one in found.document.references(wanted) if one in made]
        resource.needs = [one for one in needs if str(one.values.get(str(one.kind.main_key))) not in bound]
        made[wanted.kind.name, wanted.key] = resource
    sets = found.document.binding_sets()
    return [*made.values(), *(names.resource(kind, row, []) for kind, _parent, rows in sets for row in rows)]


class _Names:
    """Gives out names."""

    def __init__(self) -> None:
        self._taken: set[tuple[str, str]] = set()

    def resource(self, kind: Kind, values: Values, secrets: list[str]) -> _Resource:
        parts = [part for part in kind.identity(values) if part]
        main = "" if kind.is_binding else str(values.get(str(kind.main_key)) or "")
        logical = self._free(kind.name, main or "-".join(parts) or kind.name)
        variable = re.sub(r"\W+", "_", f"{kind.name}_{logical}" if logical != kind.name else kind.name, flags=re.ASCII)
        variable = f"{variable}_" if keyword.iskeyword(variable) else variable
        return _Resource(kind, values, logical, self._free("", variable), secrets)

    def _free(self, space: str, wanted: str) -> str:
        name, number = wanted, 1
        while (space, name) in self._taken:
            number += 1
            name = f"{wanted}_{number}"
        self._taken.add((space, name))
        return name


def _program(resources: list[_Resource], naming: Any) -> Iterator[str]:
    known: dict[tuple[str, str], _Resource] = {}
    calls: list[tuple[_Resource, list[str], list[_Resource]]] = []
    for one in resources:
        calls.append((one, *_arguments(one, known, naming)))
        if not one.kind.is_binding:
            known[one.kind.name, str(one.values.get(str(one.kind.main_key)))] = one
    named = {id(target) for _one, _arguments_of, targets in calls for target in targets}
    modules = sorted({naming.module_name(one.kind.package) for one in resources})
    yield "import pulumi\n\n" if any("pulumi." in text for _one, texts, _targets in calls for text in texts) else ""
    yield f"from pulumi_netscaler import {', '.join(modules)}\n\n" if modules else ""
    for one, arguments, _targets in calls:
        target = f"{one.variable} = " if id(one) in named else ""
        call = f"{naming.module_name(one.kind.package)}.{naming.class_name(one.kind.name)}"
        yield _statement(f"{target}{call}", arguments, [f"{secret}=…  cannot be read; give it here" for secret in one.secrets])


def _arguments(one: _Resource, known: Mapping[tuple[str, str], _Resource], naming: Any) -> tuple[list[str], list[_Resource]]:
    """The arguments of the call, and the resources that they name."""
    found, targets = [_literal(one.logical)], []
    for name, value in one.values.items():
        target = _named(one, name, known)
        if target is not None:
            targets.append(target)
            found.append(f"{naming.python_name(name)}={target.variable}.{naming.python_name(str(target.kind.main_key))}")
        elif name != one.kind.main_key or one.kind.is_binding or value != one.logical:
            found.append(f"{naming.python_name(name)}={_literal(value)}")
    more = [need for need in one.needs if need not in targets]
    if more:
        found.append(f"opts=pulumi.ResourceOptions(depends_on=[{', '.join(need.variable for need in more)}])")
    return found, [*targets, *more]


def _named(one: _Resource, name: str, known: Mapping[tuple[str, str], _Resource]) -> _Resource | None:
    """The resource that an attribute names. What is there by itself with another object is named by that one."""
    value = one.values[name]
    kinds = one.kind.attributes[name].ref if isinstance(value, str) else ()
    owners = [catalogue.kind(kind) for kind in kinds if catalogue.kind(kind).implicit]
    behind = [kind for owner in owners for kind in owner.attributes[str(owner.main_key)].ref]
    return next((known[kind, value] for kind in (*kinds, *behind) if (kind, value) in known), None)


def _literal(value: Any) -> str:
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(map(_literal, value))}]"
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{_literal(name)}: {_literal(each)}' for name, each in value.items())}}}"
    return repr(value)


def _statement(head: str, arguments: list[str], comments: list[str]) -> str:
    line = f"{head}({', '.join(arguments)})\n"
    if len(line) <= WIDTH and not comments:
        return line
    body = [f"    {argument},\n" for argument in arguments] + [f"    # {comment}\n" for comment in comments]
    return f"{head}(\n{''.join(body)})\n"


def _imported(one: _Resource, naming: Any, provider: Any) -> dict[str, Any]:
    reference = {"__provider": provider.reference(one.kind.name)}
    values = json.loads(json.dumps(dict(one.values)))
    return {
        "type": naming.token(one.kind),
        "name": one.logical,
        "id": naming.resource_id(one.kind, one.values),
        "inputs": {**values, "__name": one.logical, "__adopt": True, **reference},
        "outputs": {**values, "__adopted": True, **reference},
    }
