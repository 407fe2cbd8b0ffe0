# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Accounts, users, their keys, domains."""

from __future__ import annotations

import secrets
from typing import Any

from nitrox.cloudstack.call import Call
from nitrox.cloudstack.cloud import Cloud
from nitrox.cloudstack.jobs import Accepted, Steps
from nitrox.cloudstack.refusal import denied, in_use, invalid
from nitrox.cloudstack.registry import command
from nitrox.cloudstack.store import Row
from nitrox.cloudstack.views import show

from .lifecycle import drop, expunge
from .networks import remove as remove_network
from .plain import cleared, dressed
from .security import default_group

ROLES = {1: "Root Admin", 2: "Domain Admin", 0: "User"}


@command("createAccount")
def create(call: Call) -> Any:
    """An account with its first user."""
    domain = call.row("domainid") or call.store.get("domain", call.caller.account["domainid"])
    name = call.text("account") or call.text("username")
    if call.store.where("account", name=name, domainid=domain.id):
        raise invalid(f"The specified account: {name} already exists in domain {domain['name']}")
    if call.store.where("user", username=call.text("username"), domainid=domain.id):
        raise invalid(f"The user {call.text('username')} already exists in domain {domain['name']}")
    role = call.row("roleid")
    kind = call.number("accounttype", 0) if role is None else {"Admin": 1, "DomainAdmin": 2}.get(role["type"], 0)
    role = role or call.store.first("role", name=ROLES.get(kind or 0, "User"))
    row = call.store.add(
        "account", name=name, domainid=domain.id, accounttype=kind, state="enabled", roleid=role.id if role else None,
        created=call.cloud.now_text(), networkdomain=call.maybe("networkdomain"), isdefault=False,
        accountdetails=call.mapping("accountdetails") or None,
    )  # fmt: skip
    _user(call, row)
    default_group(call, {"account": name, "domainid": domain.id})
    return row, {"account": show(call.cloud, row)}


def _user(call: Call, account: Row) -> Row:
    return call.store.add(
        "user", **dict(call.sent("username", "firstname", "lastname", "email", "timezone")), _password=call.text("password"),
        account=account["name"], accountid=account.id, domainid=account["domainid"], state="enabled",
        created=call.cloud.now_text(),
        isdefault=False,
    )  # fmt: skip


def _account(call: Call) -> Row:
    row = call.row("id") or call.named_account()
    if row["name"] == "admin" and call.command.name != "updateAccount":
        raise denied("the system's first account stays as it is")
    return row


@command("updateAccount")
def update(call: Call) -> Any:
    """Name, network domain, details."""
    row = _account(call)
    changes = dict(call.sent("networkdomain", "accountdetails", "roleid"))
    if call.has("newname"):
        changes["name"] = call.text("newname")
        for user in call.store.where("user", accountid=row.id):
            call.store.update(user, account=changes["name"])
    call.store.update(row, **changes)
    return row, {"account": show(call.cloud, row)}


@command("enableAccount")
def enable(call: Call) -> Any:
    """Enabled again."""
    row = call.store.update(_account(call), state="enabled")
    return row, {"account": show(call.cloud, row)}


@command("lockAccount")
def lock(call: Call) -> Any:
    """Locked."""
    row = call.store.update(_account(call), state="locked")
    return row, {"account": show(call.cloud, row)}


@command("disableAccount")
def disable(call: Call) -> Steps:
    """Disabled, or locked with ``lock``."""
    row = _account(call)
    yield Accepted(row)
    yield None
    call.store.update(row, state="locked" if call.flag("lock") else "disabled")
    return {"account": show(call.cloud, row)}


@command("deleteAccount")
def delete(call: Call) -> Steps:
    """With all that it has."""
    row = _account(call)
    yield Accepted(row)
    yield None
    clean(call.cloud, {"account": row["name"], "domainid": row["domainid"]})
    for user in call.store.where("user", accountid=row.id):
        call.store.remove(user)
    call.store.remove(row)
    return {"success": True}


OWNED = (
    "snapshotpolicy",
    "snapshot",
    "volume",
    "vpc",
    "template",
    "iso",
    "sshkeypair",
    "userdata",
    "affinitygroup",
    "securitygroup",
)


def clean(cloud: Cloud, owner: dict[str, Any]) -> None:
    """All that an owner has goes."""
    for machine in cloud.store.where("virtualmachine", **owner):
        expunge(cloud, machine)
    for network in cloud.store.where("network", **owner):
        remove_network(cloud, network)
    for limit in cloud.store.where("resourcelimit", **owner):
        cloud.store.remove(limit)
    for kind in (*OWNED, "publicipaddress", "instancegroup"):
        for row in cloud.store.where(kind, **owner):
            drop(cloud, row)


@command("createUser")
def create_user(call: Call) -> Any:
    """Another user of an account."""
    account = call.named_account()
    if call.store.where("user", username=call.text("username"), domainid=account["domainid"]):
        raise invalid(f"The user {call.text('username')} already exists")
    row = _user(call, account)
    return row, {"user": show(call.cloud, row)}


def _own(call: Call) -> Row:
    row = call.need()
    if not (call.caller.is_admin or call.caller.is_domain_admin or row.id == call.caller.user.id):
        raise denied(f"{call.caller.user['username']} may not do that to user {row['username']}")
    return row


@command("updateUser")
def update_user(call: Call) -> Any:
    """Names, mail, password, keys."""
    row = _own(call)
    changes = dict(call.sent("username", "firstname", "lastname", "email", "timezone"))
    for name, member in (("password", "_password"), ("userapikey", "apikey"), ("usersecretkey", "secretkey")):
        if call.has(name):
            changes[member] = call.text(name)
    call.store.update(row, **changes)
    return row, {"user": show(call.cloud, row)}


@command("enableUser", "lockUser")
def set_user_state(call: Call) -> Any:
    """Enabled or locked."""
    row = call.store.update(call.need(), state="enabled" if call.command.name == "enableUser" else "locked")
    return row, {"user": show(call.cloud, row)}


@command("disableUser")
def disable_user(call: Call) -> Steps:
    """Disabled."""
    row = call.need()
    yield Accepted(row)
    yield None
    call.store.update(row, state="disabled")
    return {"user": show(call.cloud, row)}


@cleared("user")
def clear_user(_call: Call, row: Row) -> None:
    """The first user of the system stays."""
    if row.get("isdefault"):
        raise denied(f"User {row['username']} is a default user: it can't be deleted")


@command("registerUserKeys")
def register_keys(call: Call) -> Any:
    """New keys; the old ones are not known any more."""
    row = _own(call)
    call.store.update(row, apikey=secrets.token_urlsafe(64), secretkey=secrets.token_urlsafe(64))
    return row, {"userkeys": {"apikey": row["apikey"], "secretkey": row["secretkey"]}}


@command("getUserKeys")
def user_keys(call: Call) -> Any:
    """The keys, if there are some."""
    row = _own(call)
    return {"userkeys": {name: row[name] for name in ("apikey", "secretkey") if row.get(name)}}


@dressed("domain")
def dress_domain(call: Call, row: Row) -> None:
    """A domain has a path and a level."""
    parent = call.store.find("domain", row.get("parentdomainid")) or call.store.first("domain", name="ROOT")
    if parent is None or row is parent:
        return
    twins = [one for one in call.store.where("domain", parentdomainid=parent.id) if one["name"] == row["name"] and one is not row]
    if twins:
        raise invalid(f"Domain {row['name']} already exists below {parent['path']}")
    members = {"path": f"{parent['path']}/{row['name']}", "level": int(parent["level"]) + 1, "parentdomainname": parent["name"]}
    call.store.update(row, **members, parentdomainid=parent.id, haschild=bool(row.get("haschild")), state="Active")
    call.store.update(parent, haschild=True)


@command("deleteDomain")
def delete_domain(call: Call) -> Steps:
    """An empty one, or with ``cleanup`` all that is in it."""
    row = call.need()
    inside = call.domains(row.id)
    accounts = [one for one in call.store.rows("account") if one["domainid"] in inside]
    yield Accepted(row)
    if not row.get("parentdomainid") or (not call.flag("cleanup") and (accounts or len(inside) > 1)):
        raise in_use(f"Domain {row['name']} is the root, or not empty: cleanup is needed")
    yield None
    for account in accounts:
        clean(call.cloud, {"account": account["name"], "domainid": account["domainid"]})
        call.store.remove(account)
    for key in inside:
        call.store.remove(call.store.get("domain", key))
    return {"success": True}
