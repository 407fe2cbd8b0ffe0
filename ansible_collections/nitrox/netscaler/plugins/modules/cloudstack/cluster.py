#!/usr/bin/python
# Copyright (c) 2026, The nitrox authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A cluster of machines on Apache CloudStack."""

from __future__ import annotations

DOCUMENTATION = r"""
---
module: cluster
short_description: A cluster of machines on Apache CloudStack
description:
  - Makes network, machines, public addresses and rules on Apache CloudStack be as one description says, or removes all of them.
  - Everything that can be found wrong is found before anything is made. Every wait is bounded. What is there decides, not what an
    answer said, so that a run after lost answers and failed jobs makes nothing twice and leaves nothing behind.
  - The role P(nitrox.netscaler.cloudstack_cluster#role) has every field of the description and drains machines before they go.
version_added: 0.1.0
author: The nitrox authors (@nitrox)
requirements:
  - requests (Python library) on the controller
notes:
  - The task runs on the controller and shows on standard error what it does and waits for, while it does.
  - Networks, VPCs and affinity groups are known as the cluster's by their texts, machines by their names, addresses by a tag.
    An address of the cluster's network that has no tag and is not used is an orphan of a lost answer. It is used or released.
attributes:
  check_mode:
    description: Can predict what would be done without changing anything.
    support: full
  diff_mode:
    description: Returns what was changed, or with check mode would be.
    support: none
  idempotent:
    description: When run twice with the same description, the second run changes nothing.
    support: full
options:
  cluster:
    description:
      - The description. Its fields are those of the role P(nitrox.netscaler.cloudstack_cluster#role) without their prefix.
    type: dict
    required: true
  state:
    description:
      - Whether there is to be the cluster, or nothing of it.
    type: str
    choices: [present, absent]
    default: present
  batch:
    description:
      - Of the machines in C(replace) that differ, only so many are replaced in this task that not more than this number of the
        cluster's machines are away at a time. Machines that do not run when the task begins count. The others are in RV(left).
      - If not given, all are replaced at once.
    type: int
  api_url:
    description:
      - Address of the API, with its path. If not given, E(CLOUDSTACK_ENDPOINT) of the environment is used.
    type: str
  api_key:
    description:
      - API key of the account. If not given, E(CLOUDSTACK_KEY) of the environment is used.
    type: str
  api_secret:
    description:
      - Secret key that belongs to O(api_key). If not given, E(CLOUDSTACK_SECRET) of the environment is used.
    type: str
  validate_certs:
    description:
      - Whether the certificate of the API is checked. No variable of the environment changes it.
    type: bool
    default: true
  ca_path:
    description:
      - File or folder with the CA certificates to check it against, instead of those of the system.
    type: path
  api_timeout:
    description:
      - Seconds to wait for one answer.
    type: int
    default: 60
  retry_for:
    description:
      - Seconds for which a read is repeated that gets no usable answer.
    type: int
    default: 120
  job_timeout:
    description:
      - Seconds that may pass without anything getting further, before the task gives up.
    type: int
    default: 600
"""

EXAMPLES = r"""
---
- name: Two machines that can be reached by ssh
  nitrox.netscaler.cloudstack.cluster:
    cluster:
      name: shop
      zone: Sandbox-simulator-advanced
      keys: [{name: shop, public_key: "{{ lookup('ansible.builtin.file', '~/.ssh/id_ed25519.pub') }}"}]
      addresses:
        - {name: ssh, firewall: [{ports: [2201-2202], cidrs: [192.0.2.0/24]}]}
      groups:
        - name: web
          count: 2
          offering: Small Instance
          template: Debian 12 (64-bit)
          key: shop
          forward: [{address: ssh, port: 2201, to_port: 22}]

- name: Nothing of it is left
  nitrox.netscaler.cloudstack.cluster:
    cluster: {name: shop, zone: Sandbox-simulator-advanced}
    state: absent
"""

RETURN = r"""
---
steps:
  description: What was done, or in check mode would be. With O(batch), check mode tells what all batches would do.
  returned: success
  type: list
  elements: dict
  sample: [{verb: create, kind: machine, name: shop-web-1}]
leaving:
  description: Machines that were to go when the task began, of those that are to be replaced only this batch's.
  returned: success
  type: list
  elements: str
  sample: [shop-web-3]
left:
  description: Machines that are still to be replaced, as it was not their turn. Empty in check mode.
  returned: success
  type: list
  elements: str
  sample: [shop-web-2]
returned:
  description: Machines that run now and did not when the task began, or that were made anew.
  returned: success
  type: list
  elements: str
  sample: [shop-web-1]
orphans:
  description: Addresses without owner that were found. They were used or released.
  returned: success
  type: list
  elements: str
  sample: [198.18.0.12]
foreign:
  description: Machines in the cluster's network that others made. They are left alone.
  returned: success
  type: list
  elements: str
  sample: []
machines:
  description: The machines, with C(public_address) and C(public_port) where ssh leads to one from outside.
  returned: success
  type: list
  elements: dict
  sample: [{name: shop-web-1, group: web, address: 10.1.1.20, state: Running, public_address: 198.18.0.11, public_port: 2201}]
addresses:
  description: The public addresses by name.
  returned: success
  type: dict
  sample: {ssh: 198.18.0.11}
calls:
  description: How often each command of the API was called.
  returned: when the API was called
  type: dict
  sample: {listZones: 1}
problems:
  description: Each reason for a failure.
  returned: failure
  type: list
  elements: str
  sample: ["there is no zone Zurich; there are Sandbox-simulator-advanced"]
failure:
  description: V(invalid) when nothing was changed, V(incomplete) when a part was, V(unreachable) when there were no answers.
  returned: failure
  type: str
  sample: invalid
"""

from ansible.module_utils.basic import AnsibleModule, missing_required_lib

from ansible_collections.nitrox.netscaler.plugins.module_utils.cloudstack import options as front


def main() -> None:
    """Run as a module on a host."""
    module = AnsibleModule(argument_spec=front.SPEC, supports_check_mode=True)
    for library in front.missing():
        module.fail_json(msg=missing_required_lib(library))
    result = front.execute(module.params, check=module.check_mode, progress=module.debug)
    if result.get("failed"):
        module.fail_json(**result)
    module.exit_json(**result)


if __name__ == "__main__":
    main()
