# Copyright (c) 2026, The nitrox authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options and attributes that all modules share."""

from __future__ import annotations


class ModuleDocFragment:
    """``DOCUMENTATION`` is the target, the others are named sections."""

    DOCUMENTATION = r"""
requirements:
  - "requests (Python library) where the task runs: on the controller, or on the host that it is delegated to"
notes:
  - Tasks run on the controller, whatever the connection of the host is, because the hosts of a play are appliances.
    A task with C(delegate_to) runs on that host, which needs neither this collection nor more than Python 3.10 and C(requests).
  - All tasks of a run that mean the same target share one login, which is ended with the run.
  - Each option below is taken from the task, else from C(module_defaults) (group V(nitrox.netscaler.all) has all modules),
    else from a variable of the host (C(netscaler_url) for O(url), and so on), else from the environment.
  - Reads, and writes that did not reach the appliance, are repeated. A write whose answer was lost is read back and not
    repeated blindly.
options:
  url:
    description:
      - Management address of the appliance, as an address or a URL. HTTPS is taken where no scheme is given.
      - With the addresses of both nodes of a high availability pair, the primary one is found and followed.
      - If not given, E(NETSCALER_URL) or E(NS_URL) of the environment is used.
    type: list
    elements: str
  username:
    description:
      - User to log in as.
      - If not given, E(NETSCALER_USERNAME), E(NS_USERNAME) or E(NS_LOGIN) of the environment is used.
    type: str
  password:
    description:
      - Password of that user.
      - If not given, E(NETSCALER_PASSWORD) or E(NS_PASSWORD) of the environment is used.
    type: str
  token:
    description:
      - Token of a session that somebody else holds, instead of O(username) and O(password). It is used and left open.
      - If not given, E(NETSCALER_TOKEN) or E(NS_TOKEN) of the environment is used.
    type: str
  partition:
    description:
      - Administrative partition to work in.
      - If not given, E(NETSCALER_PARTITION) or E(NS_PARTITION) of the environment is used.
    type: str
  validate_certs:
    description:
      - Whether the certificate of the appliance is checked.
      - If not given, E(NETSCALER_VALIDATE_CERTS) or E(NS_VALIDATE_CERTS) of the environment is used.
    type: bool
    default: true
  ca_path:
    description:
      - File or folder with the CA certificates to check it against, instead of those of the system.
      - If not given, E(NETSCALER_CA_PATH) or E(NS_CA_PATH) of the environment is used.
    type: path
  timeout:
    description:
      - Seconds to wait for the appliance to answer a request. The NITRO attribute of that name goes into C(attributes).
      - If not given, E(NETSCALER_TIMEOUT) or E(NS_TIMEOUT) of the environment is used.
    type: float
    default: 30.0
  retries:
    description:
      - How often a request is repeated that may be repeated.
      - If not given, E(NETSCALER_RETRIES) or E(NS_RETRIES) of the environment is used.
    type: int
    default: 5
  use_proxy:
    description:
      - Whether the proxies that E(http_proxy), E(https_proxy) and E(no_proxy) name are used.
      - If not given, E(NETSCALER_USE_PROXY) or E(NS_USE_PROXY) of the environment is used.
    type: bool
    default: false
  instance_ip:
    description:
      - Address of an appliance behind a NetScaler Console. O(url) is that of the Console then, which passes requests on.
      - At most one of O(instance_ip), O(instance_name) and O(instance_id) may be given.
      - If not given, E(NETSCALER_INSTANCE_IP) or E(NS_INSTANCE_IP) of the environment is used.
    type: str
  instance_name:
    description:
      - Name of an appliance behind a NetScaler Console, see O(instance_ip).
      - If not given, E(NETSCALER_INSTANCE_NAME) or E(NS_INSTANCE_NAME) of the environment is used.
    type: str
  instance_id:
    description:
      - ID of an appliance behind a NetScaler Console, see O(instance_ip).
      - If not given, E(NETSCALER_INSTANCE_ID) or E(NS_INSTANCE_ID) of the environment is used.
    type: str
  instance_username:
    description:
      - User that the Console logs in with to the appliance.
      - If not given, E(NETSCALER_INSTANCE_USERNAME) or E(NS_INSTANCE_USERNAME) of the environment is used.
    type: str
  instance_password:
    description:
      - Password of that user.
      - If not given, E(NETSCALER_INSTANCE_PASSWORD) or E(NS_INSTANCE_PASSWORD) of the environment is used.
    type: str
  console_cloud:
    description:
      - Whether the Console is the one in the cloud, which has another form of login.
      - If not given, E(NETSCALER_CONSOLE_CLOUD) or E(NS_CONSOLE_CLOUD) of the environment is used.
    type: bool
    default: false
  catalogue:
    description:
      - What this collection knows of the kinds that the task needs. It is filled in when a task is delegated to a host that
        does not have the collection; there is no reason to set it.
    type: dict
"""

    WRITING = r"""
options:
  immutable:
    description:
      - What to do when an attribute differs that NITRO cannot change, such as the protocol of a virtual server.
      - V(refuse) fails before anything is written and names the attribute.
      - V(recreate) deletes the object and creates it again, with what was bound to it. It is away for a moment.
    type: str
    choices: [refuse, recreate]
    default: refuse
  save:
    description:
      - Whether the running configuration is saved at the end, if the task changed something. An appliance that restarts
        forgets what was not saved.
      - For several tasks, a handler with M(nitrox.netscaler.save) saves once.
    type: bool
    default: false
"""

    OBJECT = r"""
options:
  attributes:
    description:
      - Attributes of the kind that have no option of their own, by their NITRO names. C(nitrox describe) prints them.
      - A value of V(null) unsets the attribute; what is in neither place is left alone.
      - Unknown names and values that are not allowed are refused before anything is sent, with the nearest name.
    type: dict
  bindings:
    description:
      - What is bound to the object, by the short name of what is bound, for instance C(lbmonitor).
      - Each list is the complete set. What is missing is bound, then what is not in it is unbound; V([]) empties the set.
      - A set that is not named is left alone.
      - A row is a mapping of NITRO's attributes without the object's own name, or just the name of what is bound.
    type: dict
"""

    ATTRIBUTES = r"""
attributes:
  check_mode:
    support: full
    description: Predicts what a run would do and changes nothing. It reads the appliance with the same login.
  diff_mode:
    support: full
    description: Shows what changes before and after, as YAML, with secrets masked.
  idempotent:
    support: full
    description: A second run reads and changes nothing.
"""

    INFO = r"""
attributes:
  check_mode:
    support: full
    description: It only reads, in check mode as otherwise.
  diff_mode:
    support: N/A
    description: It only reads.
  idempotent:
    support: full
    description: It only reads.
"""

    SAVE = r"""
attributes:
  check_mode:
    support: full
    description: Says whether there is something to save.
  diff_mode:
    support: none
    description: What would be saved is what other tasks wrote.
  idempotent:
    support: full
    description: A second run finds everything saved, unless it is forced.
"""

    ACTION_GROUP = r"""
attributes:
  action_group:
    description: Use C(group/nitrox.netscaler.all) in C(module_defaults) to tell all modules of the appliance once.
    support: full
    membership:
      - nitrox.netscaler.all
"""
