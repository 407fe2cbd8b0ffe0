#!/usr/bin/python
# Copyright (c) 2026, The nitrox authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Certificates with their keys."""

from __future__ import annotations

DOCUMENTATION = r"""
module: sslcertkey
short_description: Certificates with their keys
description:
  - Installs a pair of certificate and key from files of the appliance, swaps its files in place, links it to its issuer, and removes it.
  - Upload the files with M(nitrox.netscaler.resource) and the kind C(systemfile), or together with the pair in M(nitrox.netscaler.config).
version_added: 0.1.0
author:
  - The nitrox authors (@nitrox)
extends_documentation_fragment:
  - nitrox.netscaler.target
options:
  bundle:
    description:
      - O(cert) holds the chain too.
    type: str
    choices: ["NO", "YES"]
  cert:
    description: File of the certificate, relative to C(/nsconfig/ssl). Another file is swapped in without a gap.
    type: str
  certkey:
    description: Name of the pair.
    type: str
    required: true
  deletecertkeyfilesonremoval:
    description: Delete the files with the pair.
    type: str
    choices: [ALWAYS, IF_EXPIRED, "NO"]
  expirymonitor:
    description: Warn before it expires.
    type: str
    choices: [DISABLED, ENABLED]
  inform:
    description: Format of the files.
    type: str
    choices: [DER, PEM, PFX]
  key:
    description: File of the private key, relative to C(/nsconfig/ssl).
    type: str
  linkcertkeyname:
    description: Pair of the issuer, for the chain.
    type: str
  notificationperiod:
    description: Days before the end at which warnings begin.
    type: int
  passplain:
    description: Passphrase of the key. It cannot be read back.
    type: str
  state:
    description: Whether it is to exist.
    type: str
    default: present
    choices: [present, absent]
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
  - module: nitrox.netscaler.resource
  - module: nitrox.netscaler.config
"""

EXAMPLES = r"""
- name: The certificate of the shop
  nitrox.netscaler.sslcertkey:
    certkey: shop
    cert: shop.pem
    key: shop.key
    linkcertkeyname: example-ca
"""

RETURN = r"""
sslcertkey:
  description: The object as it is now, read back.
  returned: when it was changed
  type: dict
  sample: {certkey: shop, cert: shop.pem, status: Valid, daystoexpiration: 89}
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
    run("sslcertkey")


if __name__ == "__main__":
    main()
