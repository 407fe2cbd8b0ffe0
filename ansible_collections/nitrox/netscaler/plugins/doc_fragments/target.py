# Copyright (c) 2026, The nitrox authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the documentation of all modules shares."""

from __future__ import annotations


class ModuleDocFragment:
    """The target options, and what every module can do."""

    DOCUMENTATION = r"""
options:
  url:
    description:
      - Management address of the appliance, or its URL.
      - For a high availability pair both nodes, as a list or with commas; the primary one is found.
      - Falls back to the variable C(netscaler_url) of the host and to the environment, E(NETSCALER_URL) or E(NS_URL). The
        same holds for every option down to O(console_cloud), each with its own name.
    type: list
    elements: str
  username:
    description: User to log in as. One login serves the whole run.
    type: str
  password:
    description: Its password.
    type: str
  token:
    description: Session token of a login that somebody else made and will end, instead of O(username) and O(password).
    type: str
  partition:
    description: Admin partition to work in.
    type: str
  validate_certs:
    description: Check the certificate of the management address.
    type: bool
    default: true
  ca_path:
    description: File or folder of the certificate authorities to trust.
    type: path
  timeout:
    description: Seconds of silence after which an answer counts as lost.
    type: float
    default: 30.0
  retries:
    description: How often a request is repeated when the appliance was not reached or not ready. Writes in doubt are read back.
    type: int
    default: 5
  use_proxy:
    description: Use the proxy that the environment names.
    type: bool
    default: false
  instance_ip:
    description: Address of the instance to manage through the NetScaler Console at O(url).
    type: str
  instance_name:
    description: Its name, instead of O(instance_ip).
    type: str
  instance_id:
    description: Its number in the console, instead of O(instance_ip).
    type: str
  instance_username:
    description: User of the instance, where the console does not log in by itself.
    type: str
  instance_password:
    description: Its password.
    type: str
  console_cloud:
    description: The console is the one in the cloud.
    type: bool
    default: false
  catalogue:
    description: Facts about object kinds. Set by the collection itself when a task is delegated to another host.
    type: dict
attributes:
  check_mode:
    description: Says exactly what a run would change, and changes nothing.
    support: full
  diff_mode:
    description: Shows what changes, before and after.
    support: full
  idempotent:
    description: A second run changes nothing.
    support: full
  action_group:
    description: C(module_defaults) for C(group/nitrox.netscaler.all) sets options for all modules at once.
    support: full
    membership:
      - nitrox.netscaler.all
requirements:
  - requests on the controller, or on the host that a task is delegated to
notes:
  - Runs on the controller; the hosts of the inventory are the appliances, their connection is not used.
"""
