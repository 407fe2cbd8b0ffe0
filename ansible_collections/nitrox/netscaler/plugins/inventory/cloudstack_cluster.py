# Copyright (c) 2026, The nitrox authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The machines of clusters on Apache CloudStack as hosts."""

# ruff: noqa: E402 - ansible-test wants the documentation before imports
from __future__ import annotations

DOCUMENTATION = r"""
---
name: cloudstack_cluster
short_description: The machines of clusters on Apache CloudStack
description:
  - Gives the machines that P(nitrox.netscaler.cloudstack.cluster#module) made as hosts, by their exact names.
  - Each is in the groups C(CLUSTER_machines) and C(CLUSTER_GROUP), as the role has them in its own run.
  - Tags are values of a host's variable, as they are. They are no templates and can't become other types.
version_added: 0.1.0
author: The nitrox authors (@nitrox)
requirements:
  - requests (Python library) on the controller
options:
  plugin:
    description: The name of this plugin.
    type: str
    required: true
    choices: [nitrox.netscaler.cloudstack_cluster]
  cluster:
    description: Only the machines of this cluster.
    type: str
  api_url:
    description: Address of the API, with its path.
    type: str
    env: [{name: CLOUDSTACK_ENDPOINT}]
  api_key:
    description: API key of the account.
    type: str
    env: [{name: CLOUDSTACK_KEY}]
  api_secret:
    description: Secret key that belongs to O(api_key).
    type: str
    env: [{name: CLOUDSTACK_SECRET}]
  validate_certs:
    description: Whether the certificate of the API is checked.
    type: bool
    default: true
  ca_path:
    description: File or folder with the CA certificates to check it against.
    type: path
  api_timeout:
    description: Seconds to wait for one answer.
    type: int
    default: 60
  user:
    description: C(ansible_user) of the hosts.
    type: str
"""

EXAMPLES = r"""
---
# A file whose name ends in cloudstack_cluster.yml
plugin: nitrox.netscaler.cloudstack_cluster
cluster: shop
user: debian
"""

from typing import Any

from ansible.errors import AnsibleParserError
from ansible.plugins.inventory import BaseInventoryPlugin

from ansible_collections.nitrox.netscaler.plugins.module_utils.cloudstack import options as front
from ansible_collections.nitrox.netscaler.plugins.module_utils.cloudstack.client import Client
from ansible_collections.nitrox.netscaler.plugins.module_utils.cloudstack.errors import CloudError
from ansible_collections.nitrox.netscaler.plugins.module_utils.cloudstack.hosts import hosts

TAKEN = ("api_url", "api_key", "api_secret", "validate_certs", "ca_path", "api_timeout")


class InventoryModule(BaseInventoryPlugin):  # type: ignore[misc]
    """See above."""

    NAME = "nitrox.netscaler.cloudstack_cluster"

    def verify_file(self, path: str) -> bool:
        """Is it a file for this plugin, by its name?"""
        return bool(super().verify_file(path)) and path.endswith(("cloudstack_cluster.yml", "cloudstack_cluster.yaml"))

    def parse(self, inventory: Any, loader: Any, path: str, cache: bool = True) -> None:
        """Add the hosts."""
        super().parse(inventory, loader, path, cache)
        self._read_config_data(path)
        try:
            client = Client(front.account({name: self.get_option(name) for name in TAKEN}))
            try:
                found = hosts(client, self.get_option("cluster"))
            finally:
                client.close()
        except CloudError as error:
            raise AnsibleParserError(f"{path}: {error}") from error
        for host in found:
            self._add(host.name, host.groups, {**host.variables, "ansible_user": self.get_option("user")})

    def _add(self, name: str, groups: list[str], variables: dict[str, Any]) -> None:
        self.inventory.add_host(name)
        for group in groups:
            self.inventory.add_child(self.inventory.add_group(group), name)
        for key, value in variables.items():
            if value is not None:
                self.inventory.set_variable(name, key, value)
