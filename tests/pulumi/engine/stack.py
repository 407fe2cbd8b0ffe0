# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""A Pulumi stack for one test: an inline program, the real engine, its state in files of the test's own folder."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pulumi import automation as auto

Program = Callable[[], None]
TOP = Path(__file__).parents[3]
PASSPHRASE = "not-a-secret-of-anybody"


@dataclass
class Ran:
    """One operation: did it succeed, everything it printed, and what it did: (operation, logical name) of each resource."""

    ok: bool
    text: str = ""
    steps: list[tuple[str, str]] = field(default_factory=list)
    reasons: dict[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def counts(self) -> dict[str, int]:
        """Operation → how many resources, without the stack and the providers."""
        return dict(Counter(operation for operation, _name in self.steps))

    @property
    def changes(self) -> list[tuple[str, str]]:
        """What is not the same as before."""
        return sorted(step for step in self.steps if step[0] not in ("same", "read", "refresh"))


def environment(home: Path, state: Path, **more: str) -> dict[str, str]:
    """What the CLI needs to know: its own home, a state in files, and the Python of the provider processes."""
    state.mkdir(parents=True, exist_ok=True)
    return {
        "PULUMI_HOME": str(home),
        "PULUMI_BACKEND_URL": f"file://{state}?metadata=skip",  # a kill cannot tear it then
        "PULUMI_CONFIG_PASSPHRASE": PASSPHRASE,
        "PULUMI_SKIP_UPDATE_CHECK": "true",
        "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
        "PULUMI_PYTHON_CMD": sys.executable,
        "PYTHONPATH": os.pathsep.join(filter(None, (str(TOP), os.environ.get("PYTHONPATH")))),
        **more,
    }


class Stack:
    """``program`` may be replaced between two operations."""

    def __init__(
        self, folder: Path, program: Program, *, home: Path, project: str = "shop", name: str = "test", **variables: str
    ) -> None:
        self.folder, self.program, self.state_folder = folder, program, folder / "state"
        self.variables = environment(home, self.state_folder, **variables)
        work = folder / project
        work.mkdir(parents=True, exist_ok=True)
        options = auto.LocalWorkspaceOptions(
            work_dir=str(work), pulumi_home=str(home), env_vars=self.variables,
            project_settings=auto.ProjectSettings(name=project, runtime="python", main=str(work)),
        )  # fmt: skip
        self.stack = auto.create_or_select_stack(name, project_name=project, program=lambda: self.program(), opts=options)

    def config(self, values: Mapping[str, str], secret: tuple[str, ...] = ()) -> None:
        """Stack configuration."""
        self.stack.set_all_config({key: auto.ConfigValue(value, secret=key in secret) for key, value in values.items()})

    def preview(self, **options: Any) -> Ran:
        return self._run(self.stack.preview, options)

    def up(self, **options: Any) -> Ran:
        return self._run(self.stack.up, options)

    def refresh(self, **options: Any) -> Ran:
        return self._run(self.stack.refresh, options)

    def destroy(self, **options: Any) -> Ran:
        return self._run(self.stack.destroy, options)

    def resources(self) -> list[dict[str, Any]]:
        """Our resources as the state has them."""
        exported: dict[str, Any] = self.stack.export_stack().deployment  # type: ignore[assignment]
        return [one for one in exported.get("resources", ()) if one["type"].startswith("pulumi-python:dynamic")]

    def resource(self, name: str) -> dict[str, Any]:
        """The one of that logical name."""
        return next(one for one in self.resources() if one["urn"].endswith(f"::{name}"))

    def files(self) -> str:
        """Every file of the state, backups and history included, as one text."""
        found = (path for path in self.state_folder.rglob("*") if path.is_file())
        return "\n".join(path.read_text(encoding="utf-8", errors="replace") for path in found)

    def _run(self, operation: Callable[..., Any], options: dict[str, Any]) -> Ran:
        said: list[str] = []
        ran = Ran(ok=True)

        def on_event(event: Any) -> None:
            metadata = getattr(event.resource_pre_event, "metadata", None)
            if metadata is not None and not metadata.type.startswith("pulumi:"):
                name = metadata.urn.rsplit("::", 1)[1]
                ran.steps.append((str(metadata.op.value), name))
                ran.reasons[name] = tuple(metadata.diffs or ())

        try:
            operation(on_output=said.append, on_error=said.append, on_event=on_event, color="never", **options)
        except auto.CommandError as error:
            ran.ok = False
            said.append(str(error))
        ran.text = "\n".join(said)
        return ran
