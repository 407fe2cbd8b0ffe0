#!/usr/bin/python
# Copyright (c) 2026, The nitrox authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Manage certificate-key pairs."""

from __future__ import annotations

DOCUMENTATION = r"""
---
module: sslcertkey
short_description: Manage certificate-key pairs
version_added: 0.1.0
description:
  - "A certificate-key pair is what C(sslvserver) objects and service groups are bound to: a certificate, its private
    key and, by a link, the certificate of its issuer."
  - The files have to be on the appliance already; see the example for how to put them there with
    M(nitrox.netscaler.config).
  - Only what is declared is managed. Everything else about the object stays as it is.
  - NITRO's own C(password) of this kind goes into O(attributes), because the option of that name is about the appliance
    and its requests.
author: The nitrox authors (@nitrox)
extends_documentation_fragment:
  - nitrox.netscaler.netscaler
  - nitrox.netscaler.netscaler.object
  - nitrox.netscaler.netscaler.writing
  - nitrox.netscaler.netscaler.attributes
  - nitrox.netscaler.netscaler.action_group
options:
  certkey:
    description: Name of the certificate-key pair.
    type: str
    required: true
  bundle:
    description:
      - Whether O(cert) holds a chain, whose intermediate certificates are then installed and linked as well.
      - The appliance's own default is V(NO).
    type: str
    choices: ["NO", "YES"]
  cert:
    description:
      - File with the certificate, relative to C(/nsconfig/ssl) on the appliance.
      - Needed to create the object.
    type: str
  deletecertkeyfilesonremoval:
    description: Whether the files are deleted with the pair.
    type: str
    choices: [ALWAYS, IF_EXPIRED, "NO"]
  expirymonitor:
    description: Whether the appliance warns before the certificate expires.
    type: str
    choices: [DISABLED, ENABLED]
  inform:
    description:
      - Format of the files.
      - The appliance's own default is V(PEM).
    type: str
    choices: [DER, PEM, PFX]
  key:
    description: File with the private key, relative to C(/nsconfig/ssl) on the appliance.
    type: str
  linkcertkeyname:
    description: Pair with the certificate of the issuer; the appliance sends it along to clients.
    type: str
  notificationperiod:
    description: How many days before it expires.
    type: int
  passplain:
    description:
      - Pass phrase of the private key.
      - The appliance never shows it, so a changed pass phrase alone is not noticed.
    type: str
  state:
    description: V(present) makes sure that it exists and is as declared, V(absent) that it does not exist.
    type: str
    choices: [present, absent]
    default: present
seealso:
  - module: nitrox.netscaler.config
  - module: nitrox.netscaler.csvserver
"""

EXAMPLES = r"""
---
- name: Put certificate and key on the appliance and make a pair of them
  nitrox.netscaler.config:
    document:
      systemfile:
        - filename: shop-2026.pem
          filelocation: /nsconfig/ssl
          filecontent: "{{ lookup('ansible.builtin.file', 'shop.pem') | b64encode }}"
        - filename: shop-2026.key
          filelocation: /nsconfig/ssl
          filecontent: "{{ lookup('ansible.builtin.file', 'shop.key') | b64encode }}"
      sslcertkey:
        shop: {cert: shop-2026.pem, key: shop-2026.key}

- name: Warn before it expires, and send the issuer's certificate along
  nitrox.netscaler.sslcertkey:
    certkey: shop
    expirymonitor: ENABLED
    notificationperiod: 30
    linkcertkeyname: issuing-ca

- name: Renew it in place, everything bound to it stays bound
  nitrox.netscaler.sslcertkey:
    certkey: shop
    cert: shop-2027.pem
    key: shop-2027.key
"""

RETURN = r"""
---
sslcertkey:
  description: The object as it is now, read back after a change. In check mode, as it would be. Secrets are masked.
  returned: success, unless it is absent
  type: dict
  sample: {certkey: shop, cert: shop-2026.pem, key: shop-2026.key, status: Valid, daystoexpiration: 358}
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
    run("sslcertkey")


if __name__ == "__main__":
    main()
