# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Complete sets of binding rows as resources."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pulumi

from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro import catalogue
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.errors import UnknownKind
from pulumi_netscaler import naming

from .resource import Managed

Row = Mapping[str, pulumi.Input[Any]] | str
Rows = pulumi.Input[Sequence[pulumi.Input[Row]]]
MEMBERS = "servicegroup_servicegroupmember_binding"


class Bindings(Managed):
    """All that is bound to one object by one kind of binding: what is missing is bound, then what is too much is unbound.

    ``Bindings("web", parent_kind="lbvserver", parent="web", kind="servicegroup", rows=["web", "spare"])``. ``kind`` is the full
    name of the binding kind or the short name of what is bound. A row is a mapping of NITRO attributes, or just the name of
    what is bound. Without a parent it is a set that is bound to the appliance as a whole. Destroying it unbinds its rows.
    """

    kind: pulumi.Output[str]
    parent: pulumi.Output[str | None]
    rows: pulumi.Output[Sequence[Any]]

    def __init__(
        self,
        resource_name: str,
        *,
        kind: str,
        rows: Rows,
        parent: pulumi.Input[str] | None = None,
        parent_kind: str | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        inputs = {"kind": _binding_kind(parent_kind, kind), "parent": parent, "rows": rows}
        super().__init__(f"{naming.TOKEN}:Bindings", resource_name, inputs, opts, provided_by="nitrox.Bindings")


class Members(Managed):
    """All members of a service group: ``Members("web", servicegroup="web", members=[{"ip": "198.51.100.11", "port": 8080}])``.

    The same as `Bindings` of ``servicegroupmember``.
    """

    servicegroup: pulumi.Output[str]
    members: pulumi.Output[Sequence[Any]]

    def __init__(
        self,
        resource_name: str,
        *,
        servicegroup: pulumi.Input[str],
        members: Rows,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        inputs = {"kind": MEMBERS, "servicegroup": servicegroup, "members": members, "__words": ["servicegroup", "members"]}
        super().__init__(f"{naming.TOKEN}:Members", resource_name, inputs, opts, provided_by="nitrox.Bindings")


def _binding_kind(parent_kind: str | None, kind: str) -> str:
    """The binding kind's full name, where a short one is given. A wrong one is left for the check to report."""
    try:
        known = catalogue.kind(parent_kind).bindings if parent_kind else ()
    except UnknownKind as error:
        raise ValueError(str(error)) from None
    candidates = [catalogue.kind(name) for name in known]
    return next((one.name for one in candidates if kind in (one.binds, one.name) and not one.view), kind)
