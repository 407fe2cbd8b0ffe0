#!/usr/bin/python
# Copyright (c) 2026, The nitrox authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Servers, by address or domain name."""

from __future__ import annotations

DOCUMENTATION = r"""
module: server
short_description: Servers, by address or domain name
description:
  - Creates, changes, enables, disables and removes a server that services and service groups refer to.
version_added: 0.1.0
author:
  - The nitrox authors (@nitrox)
extends_documentation_fragment:
  - nitrox.netscaler.target
options:
  comment:
    description: Any text.
    type: str
  domain:
    description: Domain name that is resolved for the address, instead of O(ipaddress).
    type: str
  domainresolveretry:
    description: Seconds between attempts to resolve O(domain).
    type: int
  ipaddress:
    description: Address. Instead of O(domain).
    type: str
  name:
    description: Name.
    type: str
    required: true
  querytype:
    description: Kind of DNS query.
    type: str
    choices: [A, AAAA, SRV]
  td:
    description: Traffic domain. Cannot be changed later.
    type: int
  translationip:
    description: Address that the resolved one is translated to.
    type: str
  translationmask:
    description: Mask of the translation.
    type: str
  state:
    description: Wanted state. V(enabled) and V(disabled) are present, and switched on or off.
    type: str
    default: present
    choices: [present, absent, enabled, disabled]
  rename_from:
    description: Name under which the object may still exist. It is renamed in place.
    type: str
  attributes:
    description: Any other attributes of the kind, with the names that NITRO has for them. Null unsets one.
    type: dict
  bindings:
    description:
      - Complete sets of bindings, by the short name of what is bound.
      - What is not in a set is unbound, an empty list unbinds all, sets that are not named are left alone.
    type: dict
  save:
    description: Save the configuration when something changed.
    type: bool
    default: false
seealso:
  - module: nitrox.netscaler.servicegroup
"""

EXAMPLES = r"""
- name: A server by address
  nitrox.netscaler.server:
    name: web01
    ipaddress: 198.51.100.11

- name: Out of service
  nitrox.netscaler.server:
    name: web01
    state: disabled
"""

RETURN = r"""
server:
  description: The object as it is now, read back.
  returned: when it was changed
  type: dict
  sample: {name: web01, ipaddress: 198.51.100.11, state: ENABLED}
plan:
  description: What changes, one line each, with reasons. Secrets are masked.
  returned: success
  type: list
  elements: str
  sample: ["create lbvserver web: does not exist"]
before:
  description: What changes, as it was. Kind, name and attributes.
  returned: success
  type: dict
  sample: {lbvserver: {web: {lbmethod: ROUNDROBIN}}}
after:
  description: What changes, as it is to be.
  returned: success
  type: dict
  sample: {lbvserver: {web: {lbmethod: LEASTCONNECTION}}}
saved:
  description: Whether the configuration was saved.
  returned: when not in check mode
  type: bool
  sample: false
requests:
  description: The NITRO requests of the task, with secrets masked.
  returned: always
  type: list
  elements: dict
  sample: [{method: GET, path: /nitro/v1/config/lbvserver/web, body: null, status: 200}]
errorcode:
  description: NITRO's code of a refusal.
  returned: when the appliance refused something
  type: int
  sample: 273
problems:
  description: Everything that is wrong with what was asked for. Nothing was sent then.
  returned: when it was refused before anything was sent
  type: list
  elements: str
  sample: ["lbvserver.web.lbmethod: 'LEASTCONECTION': not an allowed value (did you mean LEASTCONNECTION?)"]
outcome:
  description: What became of every step.
  returned: when some steps were done and others not
  type: list
  elements: dict
  sample: [{verb: create, object: lbvserver web, status: refused, errorcode: 273}]
"""

from ..module_utils.front import run


def main() -> None:
    """Run as a module on a host."""
    run("server")


if __name__ == "__main__":
    main()
