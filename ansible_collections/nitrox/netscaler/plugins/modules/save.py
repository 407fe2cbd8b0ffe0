#!/usr/bin/python
# Copyright (c) 2026, The nitrox authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Save the running configuration."""

from __future__ import annotations

DOCUMENTATION = r"""
module: save
short_description: Save the running configuration
description:
  - Saves the running configuration if it has changes that are not saved.
version_added: 0.1.0
author:
  - The nitrox authors (@nitrox)
extends_documentation_fragment:
  - nitrox.netscaler.target
options:
  force:
    description: Save also when the appliance says that there is nothing to save.
    type: bool
    default: false
seealso:
  - module: nitrox.netscaler.config
"""

EXAMPLES = r"""
- name: Save at the end of a play
  nitrox.netscaler.save:
"""

RETURN = r"""
requests:
  description: The NITRO requests of the task.
  returned: always
  type: list
  elements: dict
  sample: [{method: POST, path: "/nitro/v1/config/nsconfig?action=save", body: {nsconfig: {}}, status: 200}]
"""

from ..module_utils.front import run


def main() -> None:
    """Run as a module on a host."""
    run("save")


if __name__ == "__main__":
    main()
