#!/usr/bin/python
# Copyright (c) 2026, The nitrox authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Read the configuration."""

from __future__ import annotations

DOCUMENTATION = r"""
module: config_info
short_description: Read the configuration
description:
  - Reads objects of some kinds with their bindings as a document that M(nitrox.netscaler.config) understands. Changes nothing.
version_added: 0.1.0
author:
  - The nitrox authors (@nitrox)
extends_documentation_fragment:
  - nitrox.netscaler.target
options:
  kinds:
    description: Object kinds to read.
    type: list
    elements: str
  names:
    description: Only objects of these names.
    type: list
    elements: str
  bindings:
    description: Read their bindings too.
    type: bool
    default: true
  query:
    description: Name that a DNS probe asks for.
    type: str
seealso:
  - module: nitrox.netscaler.config
"""

EXAMPLES = r"""
- name: All virtual servers
  nitrox.netscaler.config_info:
    kinds: [lbvserver]
  register: found

- name: The names of those that are down
  nitrox.netscaler.config_info:
    kinds: [lbvserver]
    bindings: false
    query: values(lbvserver)[?curstate=='DOWN'].name
"""

RETURN = r"""
document:
  description: Kind, name and attributes, with the bindings of each object.
  returned: success
  type: dict
  sample: {lbvserver: {web: {servicetype: HTTP, curstate: UP}}}
result:
  description: What the query made of the document.
  returned: with O(query)
  type: raw
  sample: [web]
requests:
  description: The NITRO requests of the task, with secrets masked.
  returned: always
  type: list
  elements: dict
  sample: [{method: GET, path: /nitro/v1/config/lbvserver, body: null, status: 200}]
"""

from ..module_utils.front import run


def main() -> None:
    """Run as a module on a host."""
    run("config_info")


if __name__ == "__main__":
    main()
