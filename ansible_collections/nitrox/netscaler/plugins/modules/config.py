#!/usr/bin/python
# Copyright (c) 2026, The nitrox authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bring the appliance to what a document says."""

from __future__ import annotations

DOCUMENTATION = r"""
---
module: config
short_description: Bring the appliance to what a document says
description:
  - Takes a whole configuration as one document, checks it offline, reads what is there, and writes the difference in the right
    order with as few requests as possible.
  - A document is a mapping of kinds to objects by name, with bindings below them; a list of bindings is the complete set.
    C(frontends) is a short form that expands to kinds.
  - What the document does not name is left alone. With O(owner) and O(prune) objects that were declared once, and no longer
    are, are deleted.
version_added: 0.1.0
author: The nitrox authors (@nitrox)
extends_documentation_fragment:
  - nitrox.netscaler.netscaler
  - nitrox.netscaler.netscaler.writing
  - nitrox.netscaler.netscaler.attributes
  - nitrox.netscaler.netscaler.action_group
options:
  document:
    description:
      - The document as data.
    type: dict
  src:
    description:
      - The document as a file, YAML or JSON. It is read on the controller, from C(files) beside the playbook or role, or
        beside the playbook. Nothing in it is templated; use O(document) for that.
    type: path
  state:
    description:
      - V(merged) makes sure that every object exists and that the declared attributes are as declared.
      - V(replaced) also unsets the other attributes of these objects that can be unset and differ from their defaults.
      - V(absent) deletes the objects of the document; what cannot be deleted is unset, as far as it is declared.
    type: str
    choices: [merged, replaced, absent]
    default: merged
  owner:
    description:
      - A name for whoever declares these objects. A registry on the appliance keeps which objects an owner declared.
      - It also makes changed secrets known, which cannot be read back; it keeps only salted digests of them.
    type: str
  prune:
    description:
      - Whether objects of O(owner) that are not in the document are deleted. Objects that somebody else made are never touched.
    type: bool
    default: false
  adopt:
    description:
      - Whether objects that exist already, and that O(owner) did not make, are taken over. Without it such a document is refused.
      - An object that another owner has registered is taken from it.
    type: bool
    default: false
  drain:
    description:
      - For how many seconds members, service groups and services that are removed may finish their connections.
      - They are disabled gracefully, all at the same time and after everything new is bound, and removed as soon as the last
        connection is closed.
    type: int
  journals:
    description:
      - A folder on the controller for journals, from which C(nitrox rollback) takes back what a task did, also one that was
        killed, and C(nitrox redeploy) applies it again. No secret is in them.
    type: path
  on_error:
    description:
      - What to do when a step fails.
      - V(stop) does nothing more, V(continue) does everything that does not depend on it, V(undo) takes back what was done.
      - The result says in each case what became of every step.
    type: str
    choices: [stop, continue, undo]
    default: stop
seealso:
  - module: nitrox.netscaler.config_info
  - module: nitrox.netscaler.resource
  - module: nitrox.netscaler.save
"""

EXAMPLES = r"""
---
- name: A frontend in short form
  nitrox.netscaler.config:
    document:
      frontends:
        shop:
          address: 203.0.113.10
          port: 80
          method: LEASTCONNECTION
          persistence: cookie
          health_check: {path: /health}
          backends:
            web:
              members: ["198.51.100.11:8080", "198.51.100.12:8080"]

- name: The same in NITRO's words
  nitrox.netscaler.config:
    document:
      lbmonitor:
        shop-health: {type: HTTP, httprequest: GET /health, respcode: ["200"]}
      servicegroup:
        shop:
          servicetype: HTTP
          bindings:
            servicegroupmember:
              - {ip: 198.51.100.11, port: 8080}
              - {ip: 198.51.100.12, port: 8080}
            lbmonitor: [shop-health]
      lbvserver:
        shop:
          servicetype: HTTP
          ipv46: 203.0.113.10
          port: 80
          lbmethod: LEASTCONNECTION
          bindings:
            servicegroup: [shop]

- name: Everything of the shop and nothing that it used to have, or nothing at all
  nitrox.netscaler.config:
    src: shop.yml
    owner: shop
    prune: true
    on_error: undo
    save: true

- name: What would change, without changing it
  nitrox.netscaler.config:
    src: shop.yml
  check_mode: true
  diff: true
  register: drift

- name: Remove it all
  nitrox.netscaler.config:
    src: shop.yml
    state: absent
    owner: shop
"""

RETURN = r"""
---
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
    run("config")


if __name__ == "__main__":
    main()
