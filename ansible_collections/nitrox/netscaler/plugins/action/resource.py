# Copyright (c) 2026, The nitrox authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs every module of the collection in process, on the controller: the hosts of the inventory are appliances.

One login serves a whole run; the items of a loop share one connection. A task that is delegated to another host than
localhost is shipped there as a module, with the facts of the catalogue that it needs.
"""

from __future__ import annotations

from typing import Any

import yaml
from ansible import constants as C
from ansible.errors import AnsibleError
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.plugins.action import ActionBase

from ansible_collections.nitrox.netscaler.plugins.module_utils.front import READS, Task, perform, wanted
from ansible_collections.nitrox.netscaler.plugins.module_utils.front_failure import Failure, failure
from ansible_collections.nitrox.netscaler.plugins.module_utils.front_shipment import facts_for, named_kinds
from ansible_collections.nitrox.netscaler.plugins.module_utils.front_spec import TARGET, argument_spec, rules
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.errors import InvalidDocument, UnknownKind
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.session import Session, Target
from ansible_collections.nitrox.netscaler.plugins.plugin_utils.login import SharedLogin

# Of this worker process: the items of a loop run in one, and so keep their connection.
_sessions: dict[tuple[str, ...], Session] = {}


class ActionModule(ActionBase):
    """See the module."""

    TRANSFERS_FILES = False
    _supports_check_mode = True
    _supports_diff = True

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """The result of the task."""
        result = super().run(tmp, task_vars)
        module = self._task.action.rpartition(".")[2]
        try:
            arguments = self._arguments(module, task_vars or {})
            if self._shipped():
                return {**result, **self._ship(module, arguments, task_vars or {})}
            task = Task(module, _validated(module, arguments), bool(self._task.check_mode), bool(self._task.diff))
            return {**result, **perform(task, _session)}
        except Failure as error:
            return {**result, **error.result}

    def _arguments(self, module: str, task_vars: dict[str, Any]) -> dict[str, Any]:
        """The task's own, then inventory variables ``netscaler_OPTION``; a file of a document is read here."""
        arguments = dict(self._task.args)
        for name in TARGET:
            variable = f"netscaler_{name}"
            if name not in arguments and task_vars.get(variable) is not None:
                arguments[name] = self._templar.template(task_vars[variable])
        if module == "config" and arguments.get("src") and not arguments.get("document"):
            arguments["document"] = self._document(str(arguments.pop("src")))
        return arguments

    def _document(self, src: str) -> Any:
        try:
            path = self._find_needle("files", src)
            with open(path, encoding="utf-8") as file:
                return self._templar.template(yaml.safe_load(file))
        except (AnsibleError, OSError) as error:
            raise Failure(f"src: {error}") from error
        except yaml.YAMLError as error:
            raise Failure(f"src: {src} is no YAML: {' '.join(str(error).split())}") from error

    def _shipped(self) -> bool:
        return bool(self._task.delegate_to) and self._task.delegate_to not in C.LOCALHOST

    def _ship(self, module: str, arguments: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        task = Task(module, _validated(module, arguments))
        try:
            document = None if module in READS else wanted(task)
        except (InvalidDocument, UnknownKind) as error:
            raise failure(error) from error
        facts = facts_for(named_kinds(module, task.params, document))
        shipped: dict[str, Any] = self._execute_module(
            module_name=f"nitrox.netscaler.{module}", module_args={**arguments, "catalogue": facts}, task_vars=task_vars
        )
        shipped.pop("invocation", None)  # the facts would fill the screen
        return shipped


def _validated(module: str, arguments: dict[str, Any]) -> dict[str, Any]:
    found = ArgumentSpecValidator(argument_spec(module), **rules(module)).validate(arguments)
    if found.error_messages:
        raise Failure("; ".join(found.error_messages))
    return dict(found.validated_parameters)


def _session(target: Target) -> Session:
    key = (target.identity, target.password, target.token, repr(target))
    if key not in _sessions:
        store = None if target.token else SharedLogin(C.DEFAULT_LOCAL_TMP, target)
        _sessions[key] = Session(target, token_store=store)
    return _sessions[key]
