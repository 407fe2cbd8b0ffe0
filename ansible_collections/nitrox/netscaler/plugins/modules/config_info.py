#!/usr/bin/python
# Copyright (c) 2026, The nitrox authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Read the configuration."""

from __future__ import annotations

DOCUMENTATION = r"""
---
module: config_info
short_description: Read the configuration
description:
  - Reads objects of some kinds, and what is bound to them if asked for, with one request for each kind.
  - Answers with the objects as the appliance shows them, with a document that M(nitrox.netscaler.config) would bring them
    back with, and with the result of a query.
version_added: 0.1.0
author: The nitrox authors (@nitrox)
extends_documentation_fragment:
  - nitrox.netscaler.netscaler
  - nitrox.netscaler.netscaler.info
  - nitrox.netscaler.netscaler.action_group
options:
  kinds:
    description:
      - The kinds of objects to read.
    type: list
    elements: str
    required: true
  names:
    description:
      - Read only objects with these names. Those that do not exist are left out.
    type: list
    elements: str
  bindings:
    description:
      - The bindings to read as well, by the short name of what is bound, for instance V(servicegroupmember).
    type: list
    elements: str
  query:
    description:
      - A JMESPath expression that is applied to RV(objects). Needs the Python library C(jmespath).
    type: str
seealso:
  - module: nitrox.netscaler.config
"""

EXAMPLES = r"""
---
- name: All virtual servers and the groups behind them
  nitrox.netscaler.config_info:
    kinds: [lbvserver, servicegroup]
    bindings: [servicegroup, servicegroupmember]
  register: found

- name: Keep them as a document
  ansible.builtin.copy:
    content: "{{ found.document | to_nice_yaml }}"
    dest: "{{ playbook_dir }}/found.yml"
    mode: "0644"
  delegate_to: localhost

- name: Which virtual servers are not up
  nitrox.netscaler.config_info:
    kinds: [lbvserver]
    query: "lbvserver[?curstate != 'UP'].name"
  register: down
"""

RETURN = r"""
---
objects:
  description:
    - Kind, then its objects with all attributes that the appliance shows. Binding kinds have their rows.
    - Secrets are masked.
  returned: success
  type: dict
  sample: {lbvserver: [{name: shop, servicetype: HTTP, ipv46: 203.0.113.10, port: 80, curstate: UP}]}
document:
  description: The same as a document, without defaults, without what cannot be set, and without secrets.
  returned: success
  type: dict
  sample: {lbvserver: {shop: {servicetype: HTTP, ipv46: 203.0.113.10, port: 80}}}
result:
  description: What the query found.
  returned: when a query was given
  type: raw
  sample: [shop]
requests:
  description: The NITRO requests that the task sent. Secrets are masked.
  returned: always
  type: list
  elements: dict
  sample: [{method: GET, path: /nitro/v1/config/lbvserver/shop, body: null, status: 200}]
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
"""

from ..module_utils.front import run


def main() -> None:
    """Run as a module on a host."""
    run("config_info")


if __name__ == "__main__":
    main()
