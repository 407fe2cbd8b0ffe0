# Copyright (c) 2026, The nitrox authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the modules of this collection do. The action plugin calls `execute` in process, a module calls `run`."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from ansible.module_utils import basic
from ansible.module_utils.basic import AnsibleModule, missing_required_lib

from .front_document import Task, secrets
from .front_failure import Failure, failure
from .front_info import config_info, save
from .front_result import changes, current
from .front_spec import argument_spec, rules
from .nitro import catalogue
from .nitro.apply import apply
from .nitro.converge import converge
from .nitro.document import Document
from .nitro.errors import NitroError
from .nitro.journal import Place
from .nitro.observe import observe
from .nitro.plan import make_plan
from .nitro.session import Session, Target

Result = dict[str, Any]
Work = Callable[[Task, Session], Result]


def run(module: str) -> None:
    """The whole of a module: take the options, do it, report. Used where a task is shipped to another host."""
    if not (catalogue.FOLDER / "index.json").is_file():
        catalogue.ship(basic._load_params().get("catalogue") or {})
    ansible = AnsibleModule(argument_spec=argument_spec(module), supports_check_mode=True, **rules(module))
    task = Task(module, ansible.params, ansible.check_mode, ansible._diff)
    for library in missing(task):
        ansible.fail_json(msg=missing_required_lib(library))
    ansible.no_log_values.update(hidden(task))
    try:
        with Session(target(task.options)) as session:
            result = execute(task, session)
    except Failure as problem:
        ansible.fail_json(**problem.result)
    ansible.exit_json(**result)


def missing(task: Task) -> list[str]:
    """Python libraries that are needed and not installed here."""
    needed = ("requests", "jmespath") if task.options.get("query") else ("requests",)
    return [library for library in needed if find_spec(library) is None]


def target(options: Mapping[str, Any]) -> Target:
    """The appliance that the options mean. Raises `Failure` with everything that is missing."""
    try:
        return Target.from_options(options, os.environ)
    except ValueError as error:
        raise Failure(str(error)) from error


def hidden(task: Task) -> set[str]:
    """The secrets in a task's options that no option name tells of, to be masked in whatever is shown."""
    try:
        return secrets(task.options, task.document)
    except (NitroError, Failure):
        return secrets(task.options, None)


def execute(task: Task, session: Session) -> Result:
    """Do the task; its result. Raises `Failure`."""
    sent = sum(session.counts.values())
    try:
        result = _WORK.get(task.module, _object)(task, session)
    except NitroError as error:
        raise failure(error, requests=_requests(session, sent)) from error
    return {**result, "requests": _requests(session, sent)}


def _requests(session: Session, before: int) -> list[dict[str, Any]]:
    """What was sent since ``before`` requests, secrets masked."""
    count = sum(session.counts.values()) - before
    return session.requests[-count:] if count else []


def _object(task: Task, session: Session) -> Result:
    """One object of one kind."""
    document = _document(task)
    observed = observe(session, document)
    plan = make_plan(document, observed, immutable=task.options["immutable"])
    outcome = None if task.check or not plan else apply(session, plan, save=task.options["save"])
    result = changes(task, plan, outcome)
    desired = document.objects[0]
    return {**result, **current(session, desired, observed, plan, done=outcome is not None)}


def _config(task: Task, session: Session) -> Result:
    """A whole document."""
    options = task.options
    how = {name: options[name] for name in ("owner", "prune", "adopt", "drain", "on_error", "save", "immutable")}
    folder = options.get("journals")
    place = Place(Path(folder), session.target, options["owner"] or "") if folder else None
    replace = options["state"] == "replaced"
    plan, outcome = converge(session, _document(task), check=task.check, replace=replace, journal=place, **how)
    return changes(task, plan, outcome)


def _document(task: Task) -> Document:
    document = task.document
    if document is None:
        raise AssertionError(f"{task.module} has no document")
    return document


_WORK: dict[str, Work] = {"config": _config, "config_info": config_info, "save": save}
