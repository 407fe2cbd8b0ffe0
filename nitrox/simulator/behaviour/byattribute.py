# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Bindings that are nobody's: an object names its parent in an attribute, and the parent's view lists it (PROTOCOL 6.2)."""

from __future__ import annotations

from typing import Any

from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro import catalogue

from ..context import Context
from ..registry import view
from ..table import Row

MEMBERS = "gslbservicegroup_gslbservicegroupmember_binding"
# View → (the kind of what is listed, its attribute that names the parent).
NAMED_IN = {
    "gslbsite_gslbservice_binding": ("gslbservice", "sitename"),
    "gslbsite_service_binding": ("gslbservice", "sitename"),
    "gslbsite_gslbservicegroup_binding": ("gslbservicegroup", "sitename"),
    "gslbsite_servicegroup_binding": ("gslbservicegroup", "sitename"),
    "server_gslbservice_binding": ("gslbservice", "servername"),
    "server_gslbservicegroup_binding": (MEMBERS, "servername"),
    "transformprofile_transformaction_binding": ("transformaction", "profilename"),
    "transformprofile_action_binding": ("transformaction", "profilename"),
    "dnsview_dnspolicy_binding": ("dnspolicy", "viewname"),
    "dnsview_policy_binding": ("dnspolicy", "viewname"),
    "sslprofile_sslvserver_binding": ("sslvserver", "sslprofile"),
    "sslprofile_vserver_binding": ("sslvserver", "sslprofile"),
    "vrid_nsip_binding": ("nsip", "vrid"),
    "vrid_ip_binding": ("nsip", "vrid"),
}
# View of a GSLB domain → the binding of the virtual servers that have it, and what of these is listed.
OF_DOMAIN = {
    "gslbdomain_gslbvserver_binding": None,
    "gslbdomain_vserver_binding": None,
    "gslbdomain_gslbservice_binding": "gslbvserver_gslbservice_binding",
    "gslbdomain_service_binding": "gslbvserver_gslbservice_binding",
    "gslbdomain_gslbservicegroup_binding": "gslbvserver_gslbservicegroup_binding",
    "gslbdomain_servicegroup_binding": "gslbvserver_gslbservicegroup_binding",
}
_DOMAINS = "gslbvserver_domain_binding"


def _list_named(view_name: str, listed: str, attribute: str) -> None:
    @view(view_name)
    def rows(ctx: Context, name: Any) -> list[Row]:
        """What names the parent."""
        kind, table = catalogue.kind(view_name), ctx.table(listed)
        found = [row for row in table if row.get(attribute) is not None] if name is None else table.by(attribute, name)
        key = catalogue.kind(listed).url_key or ""
        return [_row(view_name, row, {str(kind.url_key): row[attribute], str(kind.bind_key): row.get(key)}) for row in found]


def _row(view_name: str, row: Row, ends: Row) -> Row:
    known = catalogue.kind(view_name).attributes
    shown = {name: value for name, value in row.items() if name in known}
    return {**shown, **{name: value for name, value in ends.items() if name in known}}


def _list_of_domain(view_name: str, bound: str | None) -> None:
    @view(view_name)
    def rows(ctx: Context, name: Any) -> list[Row]:
        """Virtual servers of the domain, or what is bound to them."""
        kind, table = catalogue.kind(view_name), ctx.table(_DOMAINS)
        found = []
        for domain in list(table) if name is None else table.by("domainname", name):
            ends = {str(kind.url_key): domain["domainname"], "vservername": domain["name"]}
            listed = [domain] if bound is None else ctx.table(bound).of_parent(domain["name"])
            found += [_row(view_name, row, ends) for row in listed]
        return found


for _view, (_kind, _attribute) in NAMED_IN.items():
    _list_named(_view, _kind, _attribute)
for _view, _bound in OF_DOMAIN.items():
    _list_of_domain(_view, _bound)


@view("gslbdomain")
def domains(ctx: Context, name: Any) -> list[Row]:
    """The domains that are bound."""
    table = ctx.table(_DOMAINS)
    names = dict.fromkeys(row["domainname"] for row in (table if name is None else table.by("domainname", name)))
    return [{"name": domain} for domain in names]
