# Copyright (c) 2026, The nitrox authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the module of this name in Ansible's own process, so that long waits show what they wait for."""

from __future__ import annotations

from typing import Any

from ansible.errors import AnsibleActionFail
from ansible.module_utils.basic import missing_required_lib
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.module_utils.common.parameters import remove_values
from ansible.plugins.action import ActionBase
from ansible.utils.display import Display

from ansible_collections.nitrox.netscaler.plugins.module_utils.cloudstack import options as front

display = Display()
SECRETS = ("api_key", "api_secret")
MASK = "********"


class ActionModule(ActionBase):
    """See above."""

    TRANSFERS_FILES = False
    _requires_connection = False
    _supports_check_mode = True
    _supports_async = False

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """Do the task. Neither key nor user data is in what comes back."""
        super().run(tmp, task_vars)
        checked = ArgumentSpecValidator(front.SPEC).validate(self._task.args)
        if checked.error_messages:
            raise AnsibleActionFail(f"{self._task.action}: {'; '.join(checked.error_messages)}")
        given = front.completed(checked.validated_parameters)
        for library in front.missing():
            return {"failed": True, "msg": missing_required_lib(library)}
        result = front.execute(given, check=self._task.check_mode, progress=self._show)
        hidden = {given[name] for name in SECRETS if given[name]}
        shown = {name: MASK if name in SECRETS else value for name, value in given.items() if value and name != "cluster"}
        masked: dict[str, Any] = remove_values({**result, "invocation": {"module_args": shown}}, hidden)
        return masked

    def _show(self, text: str) -> None:
        """At once, and not where a callback may be printing a document. Several clusters may be at work side by side."""
        display.display(f"  {self._task.args['cluster'].get('name')}: {text}", stderr=True)
