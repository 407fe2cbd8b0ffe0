# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""The saved configuration as a resource."""

from __future__ import annotations

from typing import Any

import pulumi

from pulumi_netscaler import naming

from .resource import Managed


class SavedConfig(Managed):
    """Saves the running configuration, after everything that it depends on, and again whenever ``triggers`` change.

    NITRO changes the running configuration; what is not saved is gone after a restart. Give as triggers what the saving is
    about (``[web.lbmethod, members.members]``): that orders it last as well. Destroying it does nothing.
    """

    triggers: pulumi.Output[Any]

    def __init__(
        self, resource_name: str, *, triggers: pulumi.Input[Any] = None, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        inputs = {"triggers": triggers}
        super().__init__(f"{naming.TOKEN}:SavedConfig", resource_name, inputs, opts, provided_by="nitrox.SavedConfig")
