#!/usr/bin/python
# Copyright (c) 2026, The nitrox authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Save the running configuration."""

from __future__ import annotations

DOCUMENTATION = r"""
---
module: save
short_description: Save the running configuration
description:
  - Saves the running configuration, so that it survives a restart, if it has changes that are not saved yet.
  - Meant as a handler that several tasks notify. The modules that write have an option of their own to save.
version_added: 0.1.0
author: The nitrox authors (@nitrox)
extends_documentation_fragment:
  - nitrox.netscaler.netscaler
  - nitrox.netscaler.netscaler.save
  - nitrox.netscaler.netscaler.action_group
options:
  force:
    description:
      - Save even if the appliance says that everything is saved.
    type: bool
    default: false
seealso:
  - module: nitrox.netscaler.config
"""

EXAMPLES = r"""
---
- name: Save what is not saved yet
  nitrox.netscaler.save:

- name: In the handlers of a play, once for all tasks that notify it
  nitrox.netscaler.save:
  listen: Save the configuration
"""

RETURN = r"""
---
saved:
  description: Whether the configuration was saved.
  returned: success
  type: bool
  sample: true
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
"""

from ..module_utils.front import run


def main() -> None:
    """Run as a module on a host."""
    run("save")


if __name__ == "__main__":
    main()
