#!/usr/bin/python
# Copyright (c) 2026, The nitrox authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Manage one object of any NITRO kind."""

from __future__ import annotations

DOCUMENTATION = r"""
---
module: resource
short_description: Manage one object of any NITRO kind
description:
  - Creates, changes, enables, disables, renames and deletes one object of any kind that NITRO can manage, with the complete
    sets of what is bound to it.
  - Kinds and attributes have NITRO's own names. C(nitrox describe --search WORD) finds them and C(nitrox describe KIND)
    explains them.
  - For many objects M(nitrox.netscaler.config) is faster, and it knows the order in which they depend on each other.
version_added: 0.1.0
author: The nitrox authors (@nitrox)
extends_documentation_fragment:
  - nitrox.netscaler.netscaler
  - nitrox.netscaler.netscaler.object
  - nitrox.netscaler.netscaler.writing
  - nitrox.netscaler.netscaler.attributes
  - nitrox.netscaler.netscaler.action_group
options:
  kind:
    description:
      - The kind of object, for instance V(responderpolicy), V(nstcpprofile) or V(lbparameter).
      - Binding kinds are possible, too, and mean a single row then, for instance V(servicegroup_servicegroupmember_binding).
        Other rows are none of its business. A global binding can only be removed this way.
    type: str
    required: true
  name:
    description:
      - The name of the object, whatever NITRO calls that attribute. Leave it out for kinds that exist once.
    type: raw
  key:
    description:
      - The attributes that identify the object, where a name is not enough.
    type: dict
  state:
    description:
      - V(present) makes sure that it exists and is as declared, V(absent) that it does not exist.
      - V(enabled) and V(disabled) also switch it on and off, for kinds that know that; V(present) leaves that alone.
      - What cannot be deleted is unset by V(absent), as far as it is declared.
    type: str
    choices: [present, absent, enabled, disabled]
    default: present
  rename_from:
    description:
      - Former name of the object.
      - If an object of that name exists and none of the new name, it is renamed, with all of its bindings.
    type: str
seealso:
  - module: nitrox.netscaler.config
  - module: nitrox.netscaler.config_info
"""

EXAMPLES = r"""
---
- name: Answer health checks on the appliance itself
  nitrox.netscaler.resource:
    kind: responderaction
    name: say-fine
    attributes:
      type: respondwith
      target: '"HTTP/1.1 200 OK\r\n\r\n"'

- name: A parameter that exists once
  nitrox.netscaler.resource:
    kind: lbparameter
    attributes:
      preferdirectroute: "YES"

- name: One member of a service group, the others stay as they are
  nitrox.netscaler.resource:
    kind: servicegroup_servicegroupmember_binding
    key:
      servicegroupname: shop
      ip: 198.51.100.11
      port: 8080
    attributes:
      weight: 5

- name: A DNS record
  nitrox.netscaler.resource:
    kind: dnsaddrec
    key:
      hostname: shop.example.com
      ipaddress: 203.0.113.10
    state: present
"""

RETURN = r"""
---
KIND:
  description:
    - The object under the name of its kind, for instance C(lbparameter), read back after a change.
    - In check mode, as it would be.
  returned: success, unless it is absent
  type: dict
  sample: {preferdirectroute: "YES"}
plan:
  description: What was done, or in check mode would be done, one line a step, with the reason.
  returned: success, and failures after the plan was made
  type: list
  elements: str
  sample: ["~ update lbvserver shop: lbmethod: ROUNDROBIN → LEASTCONNECTION"]
before:
  description: What changes, as it was. Kind, name, attributes. Secrets are masked.
  returned: success, and failures after the plan was made
  type: dict
  sample: {lbvserver: {shop: {lbmethod: ROUNDROBIN}}}
after:
  description: What changes, as it is now. Kind, name, attributes. Secrets are masked.
  returned: success, and failures after the plan was made
  type: dict
  sample: {lbvserver: {shop: {lbmethod: LEASTCONNECTION}}}
requests:
  description: The NITRO requests that the task sent. Secrets are masked.
  returned: always
  type: list
  elements: dict
  sample: [{method: GET, path: /nitro/v1/config/lbvserver/shop, body: null, status: 200}]
saved:
  description: Whether the configuration was saved.
  returned: when saving was asked for and something changed
  type: bool
  sample: true
errorcode:
  description: NITRO's number for what went wrong.
  returned: when the appliance refused something
  type: int
  sample: 258
nitro_message:
  description: The appliance's own words for it.
  returned: when the appliance refused something
  type: str
  sample: No such resource
failure_class:
  description:
    - V(A) when nothing reached the appliance, V(B) when it refused, V(C) when some steps were done and others not, V(D) when an
      answer was lost and it could not be found out what became of the request.
  returned: failure that is not an error in the task itself
  type: str
  sample: A
problems:
  description: Everything that is wrong with what was declared. Nothing was sent then.
  returned: when something is wrong with it
  type: list
  elements: str
  sample: ["lbvserver.shop.lbmethod: 'LEASTCON': not an allowed value (did you mean LEASTCONNECTION?)"]
outcome:
  description: What became of each step.
  returned: when a step failed
  type: list
  elements: dict
  sample: [{verb: create, object: lbvserver shop, status: refused, errorcode: 273, message: Resource already exists}]
"""

from ..module_utils.front import run


def main() -> None:
    """Run as a module on a host."""
    run("resource")


if __name__ == "__main__":
    main()
