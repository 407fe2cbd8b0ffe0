# Copyright (c) 2026, The nitrox authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The one action plugin: every module of the collection runs through it, in Ansible's own process.

The files beside this one only give it each module's name. A redirect in ``meta/runtime.yml`` would do the same, but tools take
it for a renaming of the module; ``action_plugin`` there would load this file in each worker instead of once before.

That takes milliseconds instead of half a second, the catalogue is on disk, and a whole run shares one login. The hosts of a
play are appliances, so tasks run on the controller whatever their connection is. A task that is delegated to another host
is shipped there like any other module, together with the facts of the catalogue that it needs.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from ansible import constants as C
from ansible.errors import AnsibleActionFail
from ansible.module_utils.basic import missing_required_lib
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.module_utils.common.parameters import remove_values
from ansible.plugins.action import ActionBase
from ansible.utils.display import Display

from ansible_collections.nitrox.netscaler.plugins.module_utils import front
from ansible_collections.nitrox.netscaler.plugins.module_utils.front_document import Task, load
from ansible_collections.nitrox.netscaler.plugins.module_utils.front_failure import Failure, failure
from ansible_collections.nitrox.netscaler.plugins.module_utils.front_shipment import facts_for, named_kinds
from ansible_collections.nitrox.netscaler.plugins.module_utils.front_spec import (
    CARRIED,
    MODULES,
    TARGET,
    argument_spec,
    rules,
    shadowed,
)
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro import catalogue
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.desired import MASK
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.errors import NitroError
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.session import Session
from ansible_collections.nitrox.netscaler.plugins.plugin_utils.login import SharedLogin, log_out_at_exit

display = Display()
ABOUT_REQUESTS = {"timeout", "retries"}
HERE = {None, "", "localhost", "127.0.0.1", "::1"}
_open: dict[str, tuple[Session, SharedLogin]] = {}  # of this worker: the items of a loop share a kept-alive connection

log_out_at_exit(C.DEFAULT_LOCAL_TMP)  # Ansible loads this file before it starts workers


class ActionModule(ActionBase):
    """See above."""

    TRANSFERS_FILES = False
    _requires_connection = False
    _supports_check_mode = True
    _supports_async = False

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """Do the task. Nothing secret is in what comes back."""
        super().run(tmp, task_vars)
        module = self._task.action.rpartition(".")[2]
        variables = task_vars or {}
        given = {**self._from_inventory(variables), **self._task.args}
        checked = _validator(module).validate(given)
        hide = set(checked._no_log_values)
        if checked.error_messages:
            raise AnsibleActionFail(str(remove_values(f"{self._task.action}: {'; '.join(checked.error_messages)}", hide)))
        options = checked.validated_parameters
        if options.get("src") is not None:
            options["src"] = self._find_needle("files", options["src"])
        task = Task(module, options, self._task.check_mode, self._task.diff)
        hide |= front.hidden(task)
        self._warn_of_shadowed(module)
        result = self._elsewhere(task, variables) if self._is_elsewhere() else self._here(task)
        # The user's name is no secret. Where it is the password, too, masking it would give that away.
        hide.discard(options.get("username"))
        masked: dict[str, Any] = remove_values({**result, "invocation": {"module_args": _shown(options)}}, hide)
        return masked

    def _from_inventory(self, variables: dict[str, Any]) -> dict[str, Any]:
        """``netscaler_url`` and so on of the host, for target options that the task does not have."""
        names = {f"netscaler_{name}": name for name in TARGET if name not in self._task.args}
        found = {names[key]: self._templar.template(variables[key]) for key in names if key in variables}
        return {name: value for name, value in found.items() if value is not None}

    def _warn_of_shadowed(self, module: str) -> None:
        """``timeout`` of a virtual server, written as an option, would silently mean the time limit of a request."""
        if module in MODULES:
            return
        written = (self._task.get_ds() or {}).get(self._task.action)
        for name in shadowed(catalogue.kind(module)) if isinstance(written, dict) else ():
            if name in written and name in ABOUT_REQUESTS:
                display.warning(f"{self._task.action}: {name} is about requests; that of the {module} belongs into attributes")

    def _is_elsewhere(self) -> bool:
        return self._task.delegate_to not in HERE

    def _here(self, task: Task) -> dict[str, Any]:
        lacking = front.missing(task)
        if lacking:
            return {"failed": True, "msg": missing_required_lib(lacking[0])}
        try:
            session, login = _session(task)
            try:
                return front.execute(task, session)
            finally:
                login.release()
        except Failure as problem:
            return problem.result

    def _elsewhere(self, task: Task, variables: dict[str, Any]) -> dict[str, Any]:
        """Ship the module. The other host has neither the file ``src`` nor the catalogue."""
        try:
            document = task.document
        except NitroError as error:
            return failure(error).result
        except Failure as problem:
            return problem.result
        arguments = {name: value for name, value in task.options.items() if value is not None}
        if "src" in arguments:
            arguments["document"] = load(Path(arguments.pop("src")))
        arguments["catalogue"] = facts_for(named_kinds(task.module, task.options, document))
        result: dict[str, Any] = self._execute_module(module_name=self._task.action, module_args=arguments, task_vars=variables)
        return result


@cache
def _validator(module: str) -> ArgumentSpecValidator:
    """Made once for all items of a loop: it copies the whole specification."""
    return ArgumentSpecValidator(argument_spec(module), **rules(module))


def _shown(options: dict[str, Any]) -> dict[str, Any]:
    """The options of a task as they may be shown."""
    given = {name: value for name, value in options.items() if value is not None and name not in CARRIED}
    return {name: MASK if TARGET.get(name, {}).get("no_log") else value for name, value in given.items()}


def _session(task: Task) -> tuple[Session, SharedLogin]:
    """The session of this worker for the task's target, logged in with everybody else."""
    target = front.target(task.options)
    login = SharedLogin(C.DEFAULT_LOCAL_TMP, target)
    key = f"{login.path} {target!r}"
    if key not in _open:
        _open[key] = (Session(target, token_store=login), login)
    return _open[key]
