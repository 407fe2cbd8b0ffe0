#!/usr/bin/python
# Copyright (c) 2026, The nitrox authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Manage servers."""

from __future__ import annotations

DOCUMENTATION = r"""
---
module: server
short_description: Manage servers
version_added: 0.1.0
description:
  - A server gives the address or the host name of a back end a name of its own.
  - The appliance makes servers by itself for members that are bound by address; manage them with this module to name
    them or to resolve host names.
  - Only what is declared is managed. Everything else about the object stays as it is.
author: The nitrox authors (@nitrox)
extends_documentation_fragment:
  - nitrox.netscaler.netscaler
  - nitrox.netscaler.netscaler.object
  - nitrox.netscaler.netscaler.writing
  - nitrox.netscaler.netscaler.attributes
  - nitrox.netscaler.netscaler.action_group
options:
  name:
    description: Name of the server.
    type: str
    required: true
  comment:
    description: Any text, for the people who read the configuration on the appliance.
    type: str
  domain:
    description: Host name, which the appliance resolves. Cannot be changed later.
    type: str
  domainresolveretry:
    description:
      - Seconds between two attempts to resolve O(domain) while there is no answer.
      - The appliance's own default is V(5).
    type: int
  ipaddress:
    description: IPv4 or IPv6 address. Either this or O(domain).
    type: str
  querytype:
    description:
      - Kind of DNS record that O(domain) is resolved with. Cannot be changed later.
      - The appliance's own default is V(A).
    type: str
    choices: [A, AAAA, SRV]
  td:
    description:
      - Traffic domain that the object lives in. Cannot be changed later.
      - The appliance's own default is V(0).
    type: int
  translationip:
    description: Address that replaces the resolved one, together with O(translationmask).
    type: str
  translationmask:
    description: Which bits of the resolved address O(translationip) replaces.
    type: str
  state:
    description:
      - V(present) makes sure that it exists and is as declared, V(absent) that it does not exist.
      - V(enabled) and V(disabled) also switch it on and off; V(present) leaves that alone.
    type: str
    choices: [present, absent, enabled, disabled]
    default: present
  rename_from:
    description:
      - Former name of the object.
      - If an object of that name exists and none of the new name, it is renamed, with all of its bindings; nothing
        happens otherwise.
    type: str
seealso:
  - module: nitrox.netscaler.servicegroup
  - module: nitrox.netscaler.config
"""

EXAMPLES = r"""
---
- name: Give a back end a name
  nitrox.netscaler.server:
    name: shop-3
    ipaddress: 198.51.100.13
    comment: third one, in the new rack

- name: A back end that DNS knows
  nitrox.netscaler.server:
    name: shop-cloud
    domain: shop.example.net

- name: Take one out of every service group for maintenance
  nitrox.netscaler.server:
    name: shop-3
    state: disabled
"""

RETURN = r"""
---
server:
  description: The object as it is now, read back after a change. In check mode, as it would be. Secrets are masked.
  returned: success, unless it is absent
  type: dict
  sample: {name: shop-3, ipaddress: 198.51.100.13, state: ENABLED}
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
    run("server")


if __name__ == "__main__":
    main()
