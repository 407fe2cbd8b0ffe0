# Copyright (c) 2026, The nitrox authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What to ask the manager of a Docker Swarm about services."""

# ruff: noqa: E402 - ansible-test wants the documentation before imports
from __future__ import annotations

DOCUMENTATION = r"""
---
name: swarm_questions
short_description: What to ask the manager of a Docker Swarm about services
description:
  - Gives the requests to Docker's API whose answers P(nitrox.netscaler.swarm_members#filter) needs.
version_added: 0.1.0
author: The nitrox authors (@nitrox)
options:
  _input:
    description: Back ends by name, each with its C(service), which is the name if it is left out.
    type: dict
    required: true
seealso:
  - plugin: nitrox.netscaler.swarm_members
    plugin_type: filter
"""

EXAMPLES = r"""
---
- name: Ask Docker
  ansible.builtin.uri:
    url: "http://localhost/{{ item.path }}"
    unix_socket: /var/run/docker.sock
    return_content: true
  loop: "{{ {'web': {'port': 80}} | nitrox.netscaler.swarm_questions }}"
  register: answers
"""

RETURN = r"""
_value:
  description: The requests. Each has C(what) is asked, C(of) which service, and the C(path) of the request.
  type: list
  elements: dict
  sample: [{what: service, of: web, path: services/web}]
"""

from collections.abc import Mapping
from typing import Any, Callable

from ansible.errors import AnsibleFilterError

from ansible_collections.nitrox.netscaler.plugins.module_utils.swarm.backends import asked


def swarm_questions(services: Any) -> list[dict[str, str]]:
    """See the documentation of the filter."""
    if not isinstance(services, Mapping):
        raise AnsibleFilterError("swarm_questions: a mapping of back ends is wanted")
    return asked(services)


class FilterModule:
    """See above."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Name of the filter and what it does."""
        return {"swarm_questions": swarm_questions}
