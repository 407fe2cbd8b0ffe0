# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Lists of accounts, users and domains: who sees whom, and what is shown of them."""

from __future__ import annotations

from typing import Any

from nitrox.cloudstack.call import Call
from nitrox.cloudstack.cloud import Cloud
from nitrox.cloudstack.limits import told
from nitrox.cloudstack.listing import matching, page, visible
from nitrox.cloudstack.refusal import invalid
from nitrox.cloudstack.registry import command, view
from nitrox.cloudstack.store import Row
from nitrox.cloudstack.views import show


@view("account")
def show_account(cloud: Cloud, row: Row, shown: dict[str, Any]) -> None:
    """Its users, and what it has."""
    shown["user"] = [show(cloud, user) for user in cloud.store.where("user", accountid=row.id)]
    shown |= told(cloud, {"account": row["name"], "domainid": row["domainid"]})
    shown["groups"], shown["iscleanuprequired"] = [], False


@view("user")
def show_user(cloud: Cloud, row: Row, shown: dict[str, Any]) -> None:
    """No secret key: getUserKeys tells it."""
    shown.pop("secretkey", None)
    account = cloud.store.find("account", row["accountid"])
    if account is not None:
        shown["accounttype"] = account["accounttype"]
        role = cloud.store.find("role", account.get("roleid"))
        shown |= {"rolename": role["name"], "roletype": role["type"], "roleid": role.id} if role is not None else {}


@command("getUser")
def get_user(call: Call) -> Any:
    """The user of an API key."""
    row = call.store.first("user", apikey=call.text("userapikey")) if call.has("userapikey") else None
    if row is None:
        raise invalid("There is no user with that API key")
    return {"user": show(call.cloud, row)}


def _ruled(call: Call, row: Row, domain: str) -> bool:
    """Is it in a domain that the caller rules?"""
    if call.caller.is_admin:
        return True
    return call.caller.is_domain_admin and row.get(domain) in call.domains(call.caller.account["domainid"])


def _in_domain(call: Call, rows: list[Row]) -> list[Row]:
    if not call.has("domainid"):
        return rows
    wanted = call.domains(call.text("domainid")) if call.flag("isrecursive") else {call.text("domainid")}
    return [row for row in rows if row["domainid"] in wanted]


@command("listUsers")
def list_users(call: Call) -> Any:
    """All of the domains that the caller rules, else those of the account."""
    own = call.caller.account.id
    rows = [row for row in visible(call, "user") if row["accountid"] == own or _ruled(call, row, "domainid")]
    if call.has("account"):
        rows = [row for row in rows if row["account"] == call.text("account")]
    return page(call, matching(call, _in_domain(call, rows)), "user")


@command("listAccounts")
def list_accounts(call: Call) -> Any:
    """All of the domains that the caller rules, else the own one; that one only with ``listall=false``."""
    own = call.caller.account
    wide = call.flag("listall", default=True) or any(call.has(name) for name in ("domainid", "id", "name"))
    rows = [row for row in visible(call, "account") if row is own or (wide and _ruled(call, row, "domainid"))]
    return page(call, matching(call, _in_domain(call, rows)), "account")


@command("listDomains")
def list_domains(call: Call) -> Any:
    """Those that the caller rules, else the own one."""
    own = call.caller.account["domainid"]
    rows = [row for row in visible(call, "domain") if row.id == own or _ruled(call, row, "id")]
    return page(call, matching(call, rows), "domain")
