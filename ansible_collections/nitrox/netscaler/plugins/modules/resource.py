#!/usr/bin/python
# Copyright (c) 2026, The nitrox authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Any object of any NITRO kind."""

from __future__ import annotations

DOCUMENTATION = r"""
module: resource
short_description: Any object of any NITRO kind
description:
  - Creates, changes, renames, enables, disables and removes one object of any of the 899 kinds that can be managed, with its bindings.
  - Names of kinds and attributes are those of NITRO. Everything is checked before anything is sent.
version_added: 0.1.0
author:
  - The nitrox authors (@nitrox)
extends_documentation_fragment:
  - nitrox.netscaler.target
options:
  kind:
    description: Object kind, as NITRO calls it. C(nitrox describe --search WORD) finds them.
    type: str
    required: true
  name:
    description: Name of the object. Not for kinds of which there is only one.
    type: raw
  key:
    description: File of the private key, relative to C(/nsconfig/ssl).
    type: dict
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
  - module: nitrox.netscaler.config
  - module: nitrox.netscaler.lbvserver
"""

EXAMPLES = r"""
- name: A responder action
  nitrox.netscaler.resource:
    kind: responderaction
    name: to-https
    attributes:
      type: redirect
      target: '"https://" + HTTP.REQ.HOSTNAME + HTTP.REQ.URL'

- name: A file for the appliance
  nitrox.netscaler.resource:
    kind: systemfile
    key: {filename: shop.pem, filelocation: /nsconfig/ssl}
    attributes:
      filecontent: "{{ lookup('ansible.builtin.file', 'shop.pem') | b64encode }}"

- name: A parameter of the whole appliance
  nitrox.netscaler.resource:
    kind: lbparameter
    attributes: {preferdirectroute: "YES"}
"""

RETURN = r"""
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
    run("resource")


if __name__ == "__main__":
    main()
