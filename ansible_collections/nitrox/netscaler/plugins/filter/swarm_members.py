# Copyright (c) 2026, The nitrox authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The members that services of a Docker Swarm give to back ends."""

# ruff: noqa: E402 - ansible-test wants the documentation before imports
from __future__ import annotations

DOCUMENTATION = r"""
---
name: swarm_members
short_description: The members that services of a Docker Swarm give to back ends
description:
  - Takes the answers of a manager's API and gives the complete set of members of each back end.
  - A member is a task that is wanted and runs, on a node that is ready; with V(ingress) every node that is ready and not drained.
  - An answer that is missing or incomplete is no empty set. The filter then says what is unknown, and gives no back ends.
version_added: 0.1.0
author: The nitrox authors (@nitrox)
options:
  _input:
    description:
      - The results of M(ansible.builtin.uri) for each request of P(nitrox.netscaler.swarm_questions#filter), with the
        request as C(item).
    type: list
    elements: dict
    required: true
  services:
    description:
      - Back ends by name. C(port) is the container's port, C(service) the name of the service, C(transport) V(tcp), V(udp) or
        V(sctp), C(members) V(auto), V(nodes), V(ingress) or V(tasks), C(network) the network of the tasks' addresses.
    type: dict
    required: true
  addresses:
    description: Addresses of nodes by host name or ID, where the swarm's own are not those to reach them at.
    type: dict
    default: {}
  allow_empty:
    description: Whether there may be no member although the swarm wants tasks.
    type: bool
    default: false
seealso:
  - plugin: nitrox.netscaler.swarm_questions
    plugin_type: filter
"""

EXAMPLES = r"""
---
- name: Show the members
  ansible.builtin.debug:
    msg: "{{ answers.results | nitrox.netscaler.swarm_members({'web': {'port': 80}}) }}"
"""

RETURN = r"""
_value:
  description:
    - C(backends) has the C(members) of each back end as C(address:port).
    - Or C(refused) says why there are none, or C(unknown) what the answers do not tell, so that another manager may be asked.
  type: dict
  sample: {backends: {web: {members: ["198.51.100.11:8081", "198.51.100.12:8081"]}}}
"""

from collections.abc import Mapping
from typing import Any, Callable

from ansible.errors import AnsibleFilterError

from ansible_collections.nitrox.netscaler.plugins.module_utils.swarm.backends import told


def swarm_members(results: Any, services: Any, addresses: Any = None, allow_empty: bool = False) -> dict[str, Any]:
    """See the documentation of the filter."""
    if not isinstance(services, Mapping) or not isinstance(addresses or {}, Mapping):
        raise AnsibleFilterError("swarm_members: services and addresses are mappings")
    rows = [one for one in results if isinstance(one, Mapping)] if isinstance(results, list) else []
    return told(services, rows, addresses or {}, allow_empty=bool(allow_empty))


class FilterModule:
    """See above."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Name of the filter and what it does."""
        return {"swarm_members": swarm_members}
