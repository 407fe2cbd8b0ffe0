# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Arrows point down only, files stay small, names say something, nothing of the makers' machines is left in the tree."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

TOP = Path(__file__).parents[1]
COLLECTION = TOP / "ansible_collections/nitrox/netscaler"
CORE = COLLECTION / "plugins/module_utils/nitro"
CORE_NAME = "ansible_collections.nitrox.netscaler.plugins.module_utils.nitro"
SIMULATOR_MAY_USE = {"catalogue", "kind", "value"}
PURE = {"value", "kind", "errors", "desired", "encode", "wire", "validate", "shapes", "references", "merging", "frontends"} | {
    "document", "change", "order", "plan",
}  # fmt: skip
IO = {"requests", "socket", "time", "random", "os"} | {
    f"{CORE_NAME}.{name}" for name in ("transport", "link", "session", "observe", "apply")
}
BELOW_DOCUMENTS = {
    "errors",
    "value",
    "kind",
    "catalogue",
    "encode",
    "wire",
    "answer",
    "target",
    "retry",
    "transport",
    "link",
    "observation",
    "session",
}
DOCUMENTS_AND_ABOVE = {"document", "frontends", "plan", "observe", "apply", "owner"}
FORBIDDEN = re.compile(r"(^|_)(utils?|helpers?|managers?|common|misc)(_|$)")
TRACES = re.compile(r"(?<![\w.])/(?:root|home)/")  # paths of somebody's machine
MOST_LINES, LONGEST_FUNCTION = 300, 30


def tracked(*patterns: str) -> list[Path]:
    """Files of the project, without what git ignores."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", *patterns],
        cwd=TOP, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    return [path for name in listed.split("\0") if name and (path := TOP / name).is_file() and not path.is_symlink()]


def imports(path: Path, *, running: bool = False) -> Iterator[str]:
    """Every module that a file imports, as an absolute dotted name; with ``running`` without what only type checkers read."""
    package = path.relative_to(TOP).with_suffix("").parts[:-1]
    for node in walk(ast.parse(path.read_text(encoding="utf-8")), running=running):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(package[: len(package) - node.level + 1]) if node.level else ""
            module = ".".join(part for part in (base, node.module or "") if part)
            yield module
            yield from (f"{module}.{alias.name}" for alias in node.names)


def walk(node: ast.AST, *, running: bool) -> Iterator[ast.AST]:
    yield node
    for child in ast.iter_child_nodes(node):
        if not (running and isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test)):
            yield from walk(child, running=running)


def names(paths: list[Path]) -> list[str]:
    return [str(path.relative_to(TOP)) for path in paths]


PYTHON = tracked("*.py")
CORE_FILES = [path for path in PYTHON if CORE in path.parents]
SIMULATOR_FILES = [path for path in PYTHON if {TOP / "nitrox/simulator", TOP / "nitrox/cloudstack"} & set(path.parents)]


def test_there_is_something_to_look_at() -> None:
    assert len(CORE_FILES) >= 8
    assert len(SIMULATOR_FILES) >= 10


@pytest.mark.parametrize("path", CORE_FILES, ids=names(CORE_FILES))
def test_core_imports_the_standard_library_requests_jmespath_and_itself(path: Path) -> None:
    allowed = sys.stdlib_module_names | {"requests", "jmespath"}
    foreign = {name for name in imports(path) if name.split(".")[0] not in allowed and not f"{name}.".startswith(f"{CORE_NAME}.")}
    assert not foreign


@pytest.mark.parametrize("path", CORE_FILES, ids=names(CORE_FILES))
def test_core_imports_itself_relatively(path: Path) -> None:
    absolute = [
        node.module
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and not node.level and (node.module or "").startswith("ansible_collections")
    ]
    assert not absolute


def subject(path: Path) -> str:
    """The part of the core that a file belongs to: ``catalogue`` for ``catalogue/__init__.py``."""
    return path.relative_to(CORE).with_suffix("").parts[0]


def core_part(name: str) -> str:
    return name.removeprefix(CORE_NAME).strip(".").split(".")[0] if name.startswith(f"{CORE_NAME}.") else ""


def graph() -> dict[str, set[str]]:
    """Part of the core → the parts that it imports when it runs."""
    parts = {subject(path) for path in CORE_FILES}
    edges: dict[str, set[str]] = {part: set() for part in parts}
    for path in CORE_FILES:
        edges[subject(path)] |= {core_part(name) for name in imports(path, running=True)} & parts - {subject(path)}
    return edges


def reachable(part: str, edges: dict[str, set[str]]) -> set[str]:
    found: set[str] = set()
    waiting = set(edges.get(part, ()))
    while waiting:
        found |= waiting
        waiting = {below for above in waiting for below in edges[above]} - found
    return found


def test_core_imports_have_no_cycle() -> None:
    edges = graph()
    assert not {part for part in edges if part in reachable(part, edges)}


def test_sessions_know_nothing_of_documents_and_plans() -> None:
    edges = graph()
    reached = {part: reachable(part, edges) & DOCUMENTS_AND_ABOVE for part in BELOW_DOCUMENTS & edges.keys()}
    assert reached
    assert not {part: above for part, above in reached.items() if above}


@pytest.mark.parametrize("path", CORE_FILES, ids=names(CORE_FILES))
def test_what_decides_does_no_io(path: Path) -> None:
    if subject(path) in PURE:
        assert not IO & set(imports(path, running=True))


@pytest.mark.parametrize("path", SIMULATOR_FILES, ids=names(SIMULATOR_FILES))
def test_simulator_shares_data_with_the_core_and_no_logic(path: Path) -> None:
    used = {name for name in imports(path) if name.startswith(f"{CORE_NAME}.")}
    assert {core_part(name) for name in used} <= SIMULATOR_MAY_USE | {"errors"}
    assert {name for name in used if core_part(name) == "errors"} <= {f"{CORE_NAME}.errors", f"{CORE_NAME}.errors.UnknownKind"}


@pytest.mark.parametrize("path", SIMULATOR_FILES, ids=names(SIMULATOR_FILES))
def test_simulator_knows_no_front(path: Path) -> None:
    foreign = [
        n for n in imports(path) if n.split(".")[0] in {"ansible", "pulumi", "click", "rich"} or n.startswith("nitrox.cli")
    ]
    assert not foreign


@pytest.mark.parametrize("path", PYTHON, ids=names(PYTHON))
def test_files_and_functions_are_short(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count("\n") < MOST_LINES
    functions = (node for node in ast.walk(ast.parse(text)) if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)))
    long = {node.name: length for node in functions if (length := body_length(node)) > LONGEST_FUNCTION}
    assert not long


def body_length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of the body, docstring not counted."""
    body = node.body[1:] if ast.get_docstring(node) is not None and len(node.body) > 1 else node.body
    return (node.end_lineno or 0) - body[0].lineno + 1


def test_names_say_something() -> None:
    paths = [path.relative_to(TOP).with_suffix("") for path in PYTHON]
    parts = {part for path in paths for part in path.parts} - {"module_utils", "plugin_utils"}
    assert not [part for part in parts if FORBIDDEN.search(part)]


def test_every_python_file_says_whose_it_is_and_under_which_licence() -> None:
    silent = [
        path
        for path in PYTHON
        if path.stat().st_size and "SPDX-License-" + "Identifier:" not in path.read_text(encoding="utf-8")[:600]
    ]
    assert not names(silent)


def test_nothing_of_the_makers_machines_is_left() -> None:
    texts = [path for path in tracked() if path != Path(__file__) and path.suffix not in {".png", ".gz", ".der", ".pfx"}]
    found = {
        str(path.relative_to(TOP)): hit.group() for path in texts if (hit := TRACES.search(path.read_text(encoding="utf-8")))
    }
    assert not found


def test_importing_the_command_line_is_cheap() -> None:
    heavy = {"aiohttp", "ansible", "pulumi", "requests", "yaml", "cryptography"}
    code = "import sys, nitrox.cli; print(*sorted({name.split('.')[0] for name in sys.modules}))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert not heavy & set(loaded)
    assert "click" in loaded
