#!/usr/bin/python
# Copyright (c) 2026, The nitrox authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A whole configuration as one document."""

from __future__ import annotations

DOCUMENTATION = r"""
module: config
short_description: A whole configuration as one document
description:
  - Brings the appliance to what a document says. One read and one write for each kind, whatever the number of objects.
  - The document is checked as a whole before anything is sent. It may use C(frontends), the short form for load balancer frontends.
version_added: 0.1.0
author:
  - The nitrox authors (@nitrox)
extends_documentation_fragment:
  - nitrox.netscaler.target
options:
  document:
    description: What is wanted, as data.
    type: dict
  src:
    description: File with the document, YAML or JSON, below C(files) or beside the playbook.
    type: path
  state:
    description:
      - V(merged) sets what the document names.
      - V(replaced) also unsets the other attributes of its objects whose defaults are known.
      - V(absent) removes its objects.
    type: str
    default: merged
    choices: [merged, replaced, absent]
  owner:
    description: Register the objects on the appliance as those of this owner. An object has one.
    type: str
  prune:
    description: Delete what is registered and no longer in the document. Needs O(owner).
    type: bool
    default: false
  on_error:
    description:
      - What to do when a change is refused.
      - V(stop) tries nothing further, V(continue) goes on with everything that does not depend on it, V(undo) takes
        back what was done.
    type: str
    default: stop
    choices: [stop, continue, undo]
  immutable:
    description: What to do about an attribute that cannot be changed in place. V(recreate) deletes and creates the object.
    type: str
    default: fail
    choices: [fail, recreate]
  save:
    description: Save the configuration when something changed.
    type: bool
    default: false
seealso:
  - module: nitrox.netscaler.config_info
  - module: nitrox.netscaler.resource
"""

EXAMPLES = r"""
- name: A frontend with two backends
  nitrox.netscaler.config:
    document:
      frontends:
        shop:
          address: 203.0.113.10
          protocol: HTTP
          backends:
            web:
              members: ["198.51.100.11:8080", "198.51.100.12:8080"]
    save: true

- name: What is in a file, and nothing else of ours
  nitrox.netscaler.config:
    src: shop.yml
    owner: shop
    prune: true
    on_error: undo
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
    run("config")


if __name__ == "__main__":
    main()
